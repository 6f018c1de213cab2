"""What a sandbox costs: processor seconds of reading the same pages in it, and in the process that asks.

``python -m benchmarks.sandbox [FILE …] [--rounds N]``: the sample scans by default. Both take turns, in the order
A B B A, one page at a time, after each has read once, since processes are kept for the next file. The least of the
rounds counts: noise only ever adds. Also how long a process takes until it answers for the first time.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from vndoc import sandbox
from vndoc.isolated import read
from vndoc.sandbox import Worker
from vndoc.settings import Settings

SAMPLES = Path(__file__).parents[1] / "samples"


def used() -> float:
    """Processor seconds of this process and of the programs it has called."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def cost(paths: Sequence[Path], *, inside: bool) -> tuple[float, int]:
    """Processor seconds of reading the files, here and in the sandbox, and the pages read."""
    settings = Settings(jobs=1, sandbox=inside)
    before = used() + sandbox.call(used)
    pages = sum(len(read(path, settings=settings).pages) for path in paths)
    return used() + sandbox.call(used) - before, pages


def start() -> float:
    """Seconds until a new process has answered."""
    began = time.perf_counter()
    worker = Worker()
    worker.call(os.getpid)
    seconds = time.perf_counter() - began
    worker.close()
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(SAMPLES.glob("*/scan.pdf")))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    for inside in (False, True):
        cost(arguments.files[:1], inside=inside)
    taken: dict[bool, list[float]] = {False: [], True: []}
    pages = 0
    for _ in range(arguments.rounds):
        for inside in (False, True, True, False):
            seconds, pages = cost(arguments.files, inside=inside)
            taken[inside].append(seconds)
    here, there = min(taken[False]), min(taken[True])
    found = {
        "pages": pages,
        "cpu_seconds_a_page": round(here / pages, 3),
        "cpu_seconds_a_page_in_a_sandbox": round(there / pages, 3),
        "ratio": round(there / here, 3),
        "seconds_to_start": round(min(start() for _ in range(3)), 2),
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    import_module("benchmarks.sandbox").main()  # functions of a main module are not known in the sandbox
