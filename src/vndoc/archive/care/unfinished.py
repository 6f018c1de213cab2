"""A new file or folder that gets its name when it is whole: whoever is stopped before leaves nothing under it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from vndoc.errors import unwritable


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """Where to write what is to stand at ``target``, where nothing is yet: an archive, a file or a folder.

    What one that was killed has left there is cleared first.

    Raises:
        MissingFileError: it cannot be written.
        MachineError: no room is left.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        _remove(part)
        yield part
        part.rename(target)
    except OSError as error:
        raise unwritable(error, target) from None
    finally:
        with suppress(OSError):
            _remove(part)


def _remove(part: Path) -> None:
    if part.is_dir():
        rmtree(part)
        return
    for end in ("", "-wal", "-shm"):
        part.with_name(f"{part.name}{end}").unlink(missing_ok=True)
