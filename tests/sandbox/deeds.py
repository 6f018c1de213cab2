"""What is done in a sandbox in the tests: importable by name there."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vndoc import sandbox
from vndoc.damage import raise_if_grave
from vndoc.errors import FormatError
from vndoc.sandbox.child import limit_clock

SECRET = "Thủ tướng Chính phủ"


def add(a, b):
    return a + b


def count(amount):
    for number in range(amount):
        sandbox.tell(f"about {number}")
        yield number


def refuse():
    raise FormatError("a.pdf: is damaged")


def fill_up():
    raise_if_grave(MemoryError())


def fail(kind):
    raise kind(SECRET)


def run_out(code):
    raise OSError(code, SECRET)


def hoard():
    kept = []
    while True:
        kept.append(bytearray(50_000_000))


def fail_in_a_circle(megabytes):
    data = b"a" * (megabytes << 20)
    try:
        data.decode().index("b")
    except ValueError as error:
        kept = error  # its traceback leads to this frame, which leads to it
        raise FormatError("a.pdf: is damaged; copy it again") from kept


def run_hoarders(megabytes):
    code = "import sys, time; a = bytearray(b'a') * (int(sys.argv[1]) << 20); time.sleep(1.5)"
    began = [subprocess.Popen([sys.executable, "-S", "-c", code, str(amount)]) for amount in megabytes]
    return [process.wait() for process in began]


def hang():
    limit_clock(0.2)
    while True:
        pass


def sleep(seconds):
    time.sleep(seconds)


def crash():
    ctypes.string_at(0)


def end(number):
    os.kill(os.getpid(), number)


def litter():
    """Files and a folder left in the folder for temporary files, which is its own."""
    Path(tempfile.mkdtemp(), "page.ppm").write_bytes(b"x")
    Path(tempfile.gettempdir(), "left").write_bytes(b"x")
    return tempfile.gettempdir()


def litter_and_die():
    folder = litter()
    sandbox.tell(folder)
    os.kill(os.getpid(), signal.SIGKILL)


def call_program():
    program = subprocess.Popen(["sleep", "600"])
    sandbox.tell(program.pid)
    program.wait()


def connect(family):
    with socket.socket(family):
        return "made"


def connect_by_a_program():
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr


def print_much():
    print("libtiff warns of tag 815")
    sys.stderr.write("qpdf too\n")
    os.write(1, b"and a program\n")


def log():
    logging.getLogger("vndoc.ocr").warning("the engine is passed over")


def write_large(megabytes):
    with tempfile.TemporaryFile() as file:
        file.truncate(megabytes * 1024**2)


def nested():
    return sandbox.call(os.getpid) == os.getpid() and list(sandbox.stream(count, 2)) == [0, 1] and sandbox.inside()


def environment(name):
    return os.environ.get(name)


def count_within(seconds, amount):
    limit_clock(seconds)
    yield from range(amount)


def read_standard_input():
    return subprocess.run(["cat"], capture_output=True, timeout=30, check=True).stdout


def lower_hard_limit(megabytes):
    import resource  # noqa: PLC0415 -- not on every system

    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1024**2, megabytes * 1024**2))
