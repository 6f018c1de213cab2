"""New files as they arrive, each once it is wholly written: when two looks, some seconds apart, find it the same."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import watchfiles

from vndoc.archive.intake import IntakeItem, Stamp, look
from vndoc.archive.left_out import LeftOut
from vndoc.archive.locations import is_url
from vndoc.archive.pagefolder import ImageFolders
from vndoc.errors import MissingFileError

SETTLE = 2.0
"""Seconds between two looks at a file that is new or changed."""

RESCAN = 60.0
"""Seconds after which the folders are looked at in any case: shares of other machines tell nothing of changes."""


def watch(
    roots: Sequence[str | Path], folders: ImageFolders = ImageFolders.AUTO
) -> Iterator[IntakeItem | LeftOut | None]:
    """Without end: what lies in the folders and what comes into them; None while nothing is new.

    Raises:
        MissingFileError: one of the roots is not there at the first look; later, it is waited for.
    """
    looked: dict[str, Stamp] = {}
    given: dict[str, Stamp] = {}
    at, least, first = 0.0, 0.0, True
    with _Changes([root for root in roots if not is_url(str(root))]) as changes:
        while True:
            now = time.monotonic()
            if now < (least if changes.seen else at):
                yield None
                continue
            changes.clear()
            try:
                there = list(look(roots, folders))
            except MissingFileError:
                if first:
                    raise
                there = []
            first = False
            took = time.monotonic() - now
            news = [found for found in there if given.get(found.path) != found.stamp]
            settled = [found for found in news if looked.get(found.path) == found.stamp]
            looked = {found.path: found.stamp for found in news}
            seen = {found.path for found in there}  # what went away is given again when it is back
            given = {path: stamp for path, stamp in given.items() if path in seen}
            given |= {found.path: found.stamp for found in settled}
            yield from settled
            least = time.monotonic() + max(SETTLE, 10 * took)
            at = least if len(settled) < len(news) else time.monotonic() + max(RESCAN, 10 * took)


class _Changes:
    """A thread that notes that something happened below the folders."""

    def __init__(self, roots: Sequence[str | Path]) -> None:
        self._stop = threading.Event()
        self._seen = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(roots,), daemon=True)

    @property
    def seen(self) -> bool:
        return self._seen.is_set()

    def clear(self) -> None:
        self._seen.clear()

    def _listen(self, roots: Sequence[str | Path]) -> None:
        # Where the system cannot tell (too many folders for inotify, a share that went away), the rescan remains.
        try:
            for _ in watchfiles.watch(*roots, stop_event=self._stop, raise_interrupt=False):
                self._seen.set()
        except (OSError, RuntimeError):
            return

    def __enter__(self) -> Self:
        """Use as a context."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End."""
        self._stop.set()
        self._thread.join(5)
