"""A long file in copies of some pages each, to be drawn from: poppler lists all objects of a file for every page."""

from pathlib import Path
from threading import Lock

import pikepdf

from vndoc.sources.pdf.copies import write_pages

_LONG = 150  # pages from which on copies are worth their making
_PAGES = 50
_KEPT = 3  # copies; pages that are read at a time lie in two
_LOOKS = ("/OCProperties", "/AcroForm")
"""What says how pages look and stands with none of them."""
_DAMAGE = (pikepdf.PdfError, RuntimeError, ValueError, TypeError)


class Stretches:
    """Where each page of a file is drawn from.

    Args:
        path: the file; copies are written beside it.
        amount: its pages.
    """

    def __init__(self, path: Path, amount: int) -> None:
        self._path, self._amount = path, amount
        self._lock = Lock()
        self._copies: dict[int, Path] = {}
        self._whole = amount < _LONG or not _is_plain(path)

    def of(self, number: int) -> tuple[Path, int]:
        """The file that page ``number``, from 1, is drawn from, and its number in that."""
        place, at = divmod(number - 1, _PAGES)
        with self._lock:
            if not self._whole and place not in self._copies:
                self._add(place)
            copy = self._copies.get(place)
        return (self._path, number) if copy is None else (copy, at + 1)

    def _add(self, place: int) -> None:
        first = place * _PAGES + 1
        target = self._path.with_name(f"stretch-{first}.pdf")
        try:
            write_pages(self._path, target, range(first, min(first + _PAGES, self._amount + 1)))
        except _DAMAGE:
            self._whole = True
            return
        self._copies[place] = target
        while len(self._copies) > _KEPT:
            oldest = next(iter(self._copies))
            self._copies.pop(oldest).unlink(missing_ok=True)


def _is_plain(path: Path) -> bool:
    try:
        with pikepdf.open(path) as pdf:
            return not any(name in pdf.Root for name in _LOOKS)
    except _DAMAGE:
        return False
