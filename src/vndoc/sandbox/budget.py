"""The time that a file may take: so much for opening it and for each page, and no more for the whole of it."""

import time
from dataclasses import dataclass, field

from vndoc.sandbox.child import limit_clock, waited

FILE_SHARE = 1 / 3
"""Of the seconds of a page: what each page adds to those of the file, so that a file of many bad pages ends earlier."""


def _now() -> float:
    """A clock that stands still while the parent is waited for."""
    return time.monotonic() - waited()


@dataclass(slots=True)
class Budget:
    """Wall time of one file in a sandbox, without what its parent takes for the documents it gets; elsewhere, nothing.

    Args:
        page_seconds: for opening it, and for any of its pages.
    """

    page_seconds: float
    _started: float = field(default_factory=_now)

    def __post_init__(self) -> None:
        """Begin; how many pages there are is not known yet."""
        limit_clock(2 * self.page_seconds)

    def whole(self, pages: int) -> float:
        """Seconds that a file of so many pages may take."""
        return self.page_seconds * max(2.0, 1 + pages * FILE_SHARE)

    def page_done(self, _done: int, pages: int) -> None:
        """One more of its ``pages`` is read: the next one has its time, as far as the file's goes."""
        left = self.whole(pages) - (_now() - self._started)
        limit_clock(max(1.0, min(left, 2 * self.page_seconds)))

    def end(self) -> None:
        """No limit any more."""
        limit_clock(0)
