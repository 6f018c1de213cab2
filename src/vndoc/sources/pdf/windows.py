"""Stretches of a long file's pages, each prepared when the first of its pages is asked for, a few kept at a time."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

PAGES = 50
_KEPT = 3  # windows; pages that are read at a time lie in two


class Windows(Generic[T]):
    """What is prepared for windows of :data:`PAGES` pages; who shares it among threads locks it.

    Args:
        amount: pages of the file.
        prepare: makes it for the pages of a window, by their numbers from 1.
        forget: is handed what is kept no longer.
    """

    def __init__(self, amount: int, prepare: Callable[[range], T], forget: Callable[[T], None] | None = None) -> None:
        self._amount, self._prepare, self._forget = amount, prepare, forget
        self._kept: dict[int, T] = {}

    def of(self, number: int) -> T:
        """That of the window of page ``number``; raises what preparing it raises."""
        first = (number - 1) // PAGES * PAGES + 1
        if first not in self._kept:
            self._kept[first] = self._prepare(range(first, min(first + PAGES, self._amount + 1)))
            while len(self._kept) > _KEPT:
                oldest = self._kept.pop(next(iter(self._kept)))
                if self._forget:
                    self._forget(oldest)
        return self._kept[first]
