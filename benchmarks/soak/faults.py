"""What goes wrong on purpose while a batch runs.

Each fault has a beginning and most have an end some seconds later. Those of the disk need a file system of their own
that can be filled (a tmpfs, which takes the rights of root), that of the clock a C compiler.
"""

import contextlib
import os
import random
import signal
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psutil

FULL_ARCHIVE, FULL_TEMPORARY, VANISHED, CLOCK = "archive full", "TMPDIR full", "folder vanished", "clock jump"
KILL, KILL_WORKER, TERM, INTERRUPT = "SIGKILL", "SIGKILL of a worker", "SIGTERM", "SIGINT"
FAULTS = (KILL, KILL_WORKER, TERM, FULL_TEMPORARY, VANISHED, KILL_WORKER, INTERRUPT, CLOCK, FULL_ARCHIVE, KILL_WORKER)
"""In this order, again and again."""

STOPPED = "stopped with the soak"
"""No fault of the list: the soak itself was stopped, and has ended its batch."""

ENDING = frozenset({KILL, TERM, INTERRUPT})
_JUMPS = (3 * 86400, -7200, 400 * 86400, -40 * 86400, 0)


def mounted(folder: Path, megabytes: int) -> bool:
    """Make the folder a small file system of its own; whether that could be done."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.path.ismount(folder):
        return True
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def clock_library(folder: Path) -> Path | None:
    """The library by which a process sees another time, compiled into the folder; None where no compiler is there."""
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    try:
        made = subprocess.run(
            ["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=False, capture_output=True
        )
    except OSError:
        return None
    return library if made.returncode == 0 else None


def clock_environment(library: Path, offset: Path) -> dict[str, str]:
    """Environment of a process whose time of day is this machine's and the seconds in the file ``offset``."""
    set_clock(offset, 0)
    return {"LD_PRELOAD": str(library), "VNDOC_SOAK_CLOCK": str(offset)}


def set_clock(offset: Path, seconds: int) -> None:
    """Let the time of day jump, for the processes that have the file mapped."""
    with offset.open("r+b" if offset.exists() else "wb") as out:
        out.write(struct.pack("=q", seconds))


@dataclass(slots=True)
class Fault:
    """One fault: :meth:`begin` makes it, :meth:`end` mends it; both may be called at any time, and twice.

    ``parent`` is the process of the batch, ``vanishing`` the folder that goes and comes back.
    """

    kind: str
    parent: int
    temporary: Path
    archive: Path
    vanishing: Path
    offset: Path
    rng: random.Random
    under_way: bool = False
    _filler: Path | None = field(default=None)

    def begin(self) -> None:
        """Do the damage."""
        self.under_way = True
        if self.kind in ENDING:
            signals = {KILL: signal.SIGKILL, TERM: signal.SIGTERM, INTERRUPT: signal.SIGINT}
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.parent, signals[self.kind])
        elif self.kind == KILL_WORKER:
            _kill_one(self.parent, self.rng)
        elif self.kind == CLOCK:
            set_clock(self.offset, self.rng.choice(_JUMPS))
        elif self.kind == VANISHED:
            if self.vanishing.is_dir():
                self.vanishing.rename(self._hidden)
        else:
            self._filler = (self.temporary if self.kind == FULL_TEMPORARY else self.archive.parent) / "filler"
            _fill(self._filler)

    def end(self) -> None:
        """Mend it, where it can be mended."""
        self.under_way = False
        if self._filler:
            self._filler.unlink(missing_ok=True)
        if self.kind == VANISHED and self._hidden.is_dir():
            self._hidden.rename(self.vanishing)

    @property
    def _hidden(self) -> Path:
        """Beside the tree, where no batch looks."""
        return self.temporary.parent / f"away-{self.vanishing.parent.name}-{self.vanishing.name}"


def _kill_one(parent: int, rng: random.Random) -> None:
    with contextlib.suppress(psutil.Error):
        below = psutil.Process(parent).children(recursive=True)
        workers = [process for process in below if not any("resource_tracker" in word for word in process.cmdline())]
        if workers:
            rng.choice(workers).kill()


def _fill(path: Path) -> None:
    """Take all room that is left, and go on while there is any: others free some meanwhile."""
    with path.open("ab") as out:
        piece = b"\0" * 2**20
        while piece:
            try:
                os.write(out.fileno(), piece)
            except OSError:
                piece = piece[: len(piece) // 2]
