"""Fuzz targets for some minutes, or run some files through one again: ``python -m tests.fuzz TARGET|all --minutes 5``.

Each target works in a process of its own, with a limit of memory and of time for each input. Where atheris is
installed (``pip install -e '.[fuzz]'``; it has wheels for Linux and a few versions of Python) libFuzzer looks for
inputs that reach new code; elsewhere inputs are damaged by chance. What breaks a promise lies in ``--keep``
afterwards, and the command that shows it again is printed.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.hunting import NAMES, again, hunt_by_chance, hunt_with_atheris


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; the exit code is 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=[*NAMES, "all"])
    parser.add_argument("files", nargs="*", type=Path, help="inputs to run once, in place of a hunt")
    parser.add_argument("--minutes", type=float, default=5, help="for all targets together (5)")
    parser.add_argument("--seed", type=int, default=1, help="another seed tries other inputs (1)")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where findings go (build/fuzz)")
    parser.add_argument("--by-chance", action="store_true", help="without atheris, though it is there")
    flags = parser.parse_args(arguments)
    if flags.files:
        if flags.target == "all":
            parser.error("files are for one target")
        again(flags.target, flags.files)
        return 0
    if flags.target == "all":
        return _each(flags)
    seconds = flags.minutes * 60
    if importlib.util.find_spec("atheris") and not flags.by_chance:
        with tempfile.TemporaryDirectory() as corpus:
            hunt_with_atheris(flags.target, seconds, flags.seed, flags.keep, Path(corpus))
    print(f"{flags.target}: without atheris, inputs are damaged by chance", file=sys.stderr)
    return hunt_by_chance(flags.target, seconds, flags.seed, flags.keep)


def _each(flags: argparse.Namespace) -> int:
    """All targets, one after the other; whether any found something."""
    minutes = str(flags.minutes / len(NAMES))
    found = []
    for name in NAMES:
        options = ["--minutes", minutes, "--seed", str(flags.seed), "--keep", str(flags.keep)]
        chance = ["--by-chance"] if flags.by_chance else []
        ended = subprocess.run([sys.executable, "-m", "tests.fuzz", name, *options, *chance], check=False)
        if ended.returncode:
            found.append(name)
    print("nothing found" if not found else f"found by: {', '.join(found)}; see {flags.keep}", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
