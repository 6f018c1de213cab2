"""A long file in copies of some pages each, to be drawn from: poppler lists all objects of a file for every page."""

from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pikepdf

from vndoc.damage import raise_if_grave
from vndoc.sources.pdf.copies import write_pages
from vndoc.sources.pdf.windows import Windows

_LONG = 150  # pages from which on copies are worth their making
_LOOKS = ("/OCProperties", "/AcroForm")
"""What says how pages look and stands with none of them."""


class Stretches:
    """Where each page of a file is drawn from.

    Args:
        path: the file; copies are written beside it.
        amount: its pages.
    """

    def __init__(self, path: Path, amount: int) -> None:
        self._path = path
        self._lock = Lock()
        self._copies = Windows(amount, self._copy, lambda copy: copy.path.unlink(missing_ok=True))
        self._whole = amount < _LONG or not _is_plain(path)

    def of(self, number: int) -> tuple[Path, int]:
        """The file that page ``number``, from 1, is drawn from, and its number in that."""
        with self._lock:
            if not self._whole:
                try:
                    copy = self._copies.of(number)
                except Exception as error:
                    raise_if_grave(error)
                    self._whole = True
                else:
                    return copy.path, number - copy.numbers.start + 1
        return self._path, number

    def _copy(self, numbers: range) -> "_Copy":
        target = self._path.with_name(f"stretch-{numbers.start}.pdf")
        write_pages(self._path, target, numbers)
        return _Copy(target, numbers)


class _Copy(NamedTuple):
    path: Path
    numbers: range


def _is_plain(path: Path) -> bool:
    try:
        with pikepdf.open(path) as pdf:
            return not any(name in pdf.Root for name in _LOOKS)
    except Exception as error:
        raise_if_grave(error)
        return False
