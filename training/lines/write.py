"""Make the parts that training will want next: ``python -m training.lines.write --passages FILE --folder FOLDER``.

Training starts as many of these as it is told to. Each looks at the file ``round`` in the folder, makes those parts
that this round and the next few take (of ``--of`` makers, number ``--number``), sleeps when there is nothing to make,
and ends when the process that started it ends.
"""

import argparse
import os
import time
from pathlib import Path

from training.lines.parts import AGES, Maker, part_path

_PAUSE = 0.2  # seconds


def wanted(folder: Path, ahead: int, number: int, of: int) -> int | None:
    """Number of the next part that this maker has to make; None if all are there."""
    try:
        now = int((folder / "round").read_text())
    except (OSError, ValueError):  # not begun yet, or being written
        now = 0
    turns = range(max(0, now - max(AGES)), now + ahead + 1)
    return next((n for n in turns if n % of == number and not part_path(folder, n).exists()), None)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ahead", type=int, default=4, help="parts beyond the round")
    parser.add_argument("--number", type=int, default=0)
    parser.add_argument("--of", type=int, default=1)
    options = parser.parse_args()
    parent = os.getppid()
    maker = Maker(options.passages, options.seed)
    while os.getppid() == parent:
        part = wanted(options.folder, options.ahead, options.number, options.of)
        if part is None:
            time.sleep(_PAUSE)
        else:
            maker.write(options.folder, part)


if __name__ == "__main__":
    main()
