"""A worker that misbehaves, by the name of the file it is given; what is left reads in no time."""

import os
import signal
import subprocess
import time
from pathlib import Path

from vndoc.archive import worker
from vndoc.archive.jobs import Job, Outcome, Progress
from vndoc.dispatch import Dispatch, PageText, Source
from vndoc.filenames import readable
from vndoc.sandbox.child import limit_clock


def canned(job: Job) -> Outcome:
    """A dispatch whose text is the file's own, read without the pipeline."""
    data = Path(job.path).read_bytes()
    text = data.decode(errors="replace")
    source = Source(name=readable(Path(job.path).name), sha256=job.sha256, media_type="text/plain", page_amount=1)
    dispatch = Dispatch(
        source=source, subject=text[:60], text=text, pages=[PageText(number=1, text=text, layer="none", method="text")]
    )
    return Outcome(job, dispatch.model_dump_json(), seconds=0.001)


def work(job: Job) -> Outcome:
    name = Path(job.path).stem
    if name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("hang"):
        limit_clock(job.seconds_per_page)
        while True:
            pass
    if name.startswith("eat"):
        return eat(job)
    if name.startswith("sleep"):
        child = subprocess.Popen(["sleep", "600"])
        Progress(0, 1, os.getpid()).write(job.progress)
        Path(job.path).with_suffix(".child").write_text(str(child.pid))
        child.wait()
    if name.startswith("slow"):
        time.sleep(0.5)
    return canned(job)


def eat(job: Job) -> Outcome:
    """The real worker, in which reading the pages takes all the memory there is."""

    def greedy(*_: object, **__: object) -> None:
        hoard = []
        while True:
            hoard.append(bytearray(50_000_000))

    worker.read_each = greedy
    try:
        return worker.work(job)
    finally:
        from vndoc.pipeline import read_each  # noqa: PLC0415

        worker.read_each = read_each


def first_time_kills(job: Job) -> Outcome:
    """Takes its whole dask worker away, once: the process whose child this is."""
    flag = Path(job.path).with_suffix(".killed")
    if Path(job.path).stem.startswith("murder") and not flag.exists():
        flag.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(5)
    time.sleep(0.05)
    return canned(job)
