"""How long the pages of one file may take: a page's drawings together, and no more than a few such pages."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

from vndoc.errors import TimeLimitError
from vndoc.sources.backend import NotTriedError, Remark

COSTLY_SECONDS = 8.0
"""For a page that draws more than a page has: seldom more comes of it later."""
_MOST_GIVEN_UP, _SHARE = 3, 0.1
"""Pages that may take too long, and which part of those that were drawn they may be beyond that."""
_LEAST_SECONDS = 1.0
_MOST_RANGES = 5


class Patience:
    """Keeps count of one file; all methods may be called from several threads.

    Args:
        seconds: wall time that all drawings of one page may take together.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._spent: dict[int, float] = {}
        self._given_up: dict[int, str] = {}
        self._drawn: set[int] = set()
        self._untried: set[int] = set()

    @contextmanager
    def drawing(self, number: int, *, costly: bool = False) -> Iterator[float]:
        """While page ``number`` is being drawn; gives the seconds that may take.

        Raises:
            NotTriedError: too many pages of the file took too long.
            TimeLimitError: this page did, or all its drawings have.
        """
        left = self._left(number, costly=costly)
        began = monotonic()
        try:
            yield left
        except TimeLimitError as error:
            with self._lock:
                self._given_up[number] = str(error)
            raise
        else:
            with self._lock:
                self._drawn.add(number)
        finally:
            with self._lock:
                self._spent[number] = self._spent.get(number, 0.0) + monotonic() - began

    def _left(self, number: int, *, costly: bool) -> float:
        with self._lock:
            if number in self._given_up:
                raise TimeLimitError(self._given_up[number])
            if len(self._given_up) >= max(_MOST_GIVEN_UP, _SHARE * len(self._drawn)):
                self._untried.add(number)
                raise NotTriedError(f"page {number} was not tried: pages before it took too long")
            limit = min(self._seconds, COSTLY_SECONDS) if costly else self._seconds
            return max(limit - self._spent.get(number, 0.0), min(limit, _LEAST_SECONDS))

    def remarks(self) -> list[Remark]:
        """One on all the pages that were not tried."""
        with self._lock:
            untried, tried = sorted(self._untried), len(self._given_up)
        if not untried:
            return []
        message = f"Pages not read: {ranges(untried)}, since {tried} pages took too long; print the file to a new PDF."
        return [Remark("page-failed", message)]


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in ascending order as ranges.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    shown = [f"{first}–{last}" if first < last else str(first) for first, last in found[:_MOST_RANGES]]
    more = sum(last - first + 1 for first, last in found[_MOST_RANGES:])
    return ", ".join(shown) + (f" and {more} more" if more else "")
