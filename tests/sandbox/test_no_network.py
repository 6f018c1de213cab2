"""No command asks for a connection: neither vndoc nor a library or program that it uses."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import SAMPLES

SCAN = str(SAMPLES / "cv815" / "scan.pdf")
COMMANDS = (
    ("parse", SCAN, "--pages", "1", "--format", "pdf", "--output", "{folder}/one.pdf"),
    ("parse", SCAN, "--pages", "1", "--no-sandbox", "--engine", "lines", "--output", "{folder}/two.json"),
    ("batch", str(SAMPLES / "cv815" / "text.txt"), "--archive", "{folder}/a.sqlite", "--jobs", "1"),
    ("register", "{folder}/a.sqlite", "--output", "{folder}/register.csv"),
    ("search", "{folder}/a.sqlite", "thong tin"),
)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_command_asks_for_a_connection(tmp_path):
    trace = tmp_path / "trace"
    for command in COMMANDS:
        words = [word.format(folder=tmp_path) for word in command]
        run = subprocess.run(
            [
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-e",
                "trace=socket,connect",
                "-o",
                trace,
                sys.executable,
                "-m",
                "vndoc",
                *words,
            ],
            capture_output=True,
            text=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            check=False,
        )
        if "Operation not permitted" in run.stderr:
            pytest.skip("this machine lets nobody trace")
        assert run.returncode == 0, run.stderr
        assert "AF_INET" not in trace.read_text()
