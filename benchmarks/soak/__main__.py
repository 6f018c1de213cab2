"""A soak: thousands of documents through batches that are killed, starved of disk, and see the clock jump.

``python -m benchmarks.soak --folder F``: lays ``--documents`` made-up files into ``F/in`` in waves, a tenth of them
hostile and a tenth scans, reads them with ``vndoc batch`` into ``F/archive`` and does to these batches what
``benchmarks/soak/faults.py`` lists. At the end the ledger is compared with what is true, the logs are searched for
words of the documents, and ``F/soak.md``, ``F/soak.json`` and ``F/soak.svg`` tell what was found. Stopped or killed,
the same command goes on where it was. Linux only; as root also with full disks, where a C compiler is there with jumps
of the clock. Exit code 1: something was found that must not be.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.soak.checking import check
from benchmarks.soak.report import as_json, markdown, picture, publish
from benchmarks.soak.running import Soak
from benchmarks.soak.watching import kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--documents", type=int, default=20_000, help="files to lay out (20000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same files (1)")
    parser.add_argument("--folder", type=Path, required=True, help="where everything lies; empty at first")
    parser.add_argument("--minutes", type=float, help="lay out no further wave after so many")
    parser.add_argument("--jobs", type=int, default=1, help="workers of each batch (1)")
    parser.add_argument("--check", action="store_true", help="run nothing, check and report what is there")
    parser.add_argument("--publish", action="store_true", help="write the report into docs/soak.md as well")
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        parser.error("needs Linux: it looks at processes through /proc")
    os.nice(5)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the batch under way is ended too
    soak = Soak(options.folder, options.seed, options.documents, options.jobs)
    if not options.check:
        soak.run(options.minutes)
    verdict, samples = check(soak), list(kept(soak.folder / "samples.jsonl"))
    drawn = picture(samples)
    soak.folder.joinpath("soak.svg").write_text(drawn, encoding="utf-8")
    found = as_json(soak, verdict, samples)
    soak.folder.joinpath("soak.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    told = markdown(soak, verdict, samples)
    soak.folder.joinpath("soak.md").write_text(told, encoding="utf-8")
    if options.publish:
        publish(told, drawn, Path(__file__).parents[2] / "docs")
    print(told)
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
