"""The edge to other people's libraries: whatever they raise on the bytes of a document, as an error of vndoc.

A damaged or hostile file makes parsers raise nearly anything, and what they say may quote the file. So each backend
does its work within one :func:`edge`, and messages name the kind of an exception, never its text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self
from warnings import catch_warnings, simplefilter

from vndoc.errors import FormatError, MemoryLimitError, VndocError, machine_fault, out_of_memory

UNNAMED = "the file"
"""What a message calls a file whose name is not known where it arises."""
_MEMORY = "it takes more memory than a document may have; scan it again at 300 dpi, or split it"


class DamageError(ValueError):
    """Damage that a reader of vndoc found itself: its text is vndoc's own, without a word of the document."""


def reason(error: BaseException) -> str:
    """Why something failed, in words that quote no document: our own, or the kind of the exception.

    >>> reason(KeyError("Nguyễn Văn A")), reason(DamageError("it nests more than 50 parts"))
    ('KeyError', 'it nests more than 50 parts')
    """
    return str(error) if isinstance(error, DamageError) else type(error).__name__


def raise_if_grave(error: BaseException, name: str = UNNAMED) -> None:
    """Raise what no reader may pass over, as it costs more than a part of a page.

    Raises:
        MachineError: the machine has no room, memory or file handles left.
        MemoryLimitError: the document takes more memory than it may have.
        VndocError: it is one already.
    """
    if isinstance(error, VndocError):
        raise error
    if (fault := machine_fault(error)) is not None:
        raise fault from error
    if out_of_memory(error):
        raise MemoryLimitError(f"{name}: {_MEMORY}") from error


@contextmanager
def edge(name: str, what: str, advice: str = "copy it again") -> Iterator[None]:
    """Work on bytes of strangers: what it raises is an error of vndoc.

    Args:
        name: of the file, for the message.
        what: is wrong with it when a library fails: "the image is damaged or cut off".
        advice: what to do then.

    Raises:
        MachineError, MemoryLimitError: as :func:`raise_if_grave`.
        FormatError: for any other exception; those of vndoc pass.
    """
    try:
        yield
    except Exception as error:
        raise_if_grave(error, name)
        raise FormatError(f"{name}: {what} ({reason(error)}); {advice}") from error


@contextmanager
def spared(name: str = UNNAMED) -> Iterator[None]:
    """Work that can be done without: what it raises is passed over, unless it is grave."""
    try:
        yield
    except Exception as error:
        raise_if_grave(error, name)


class _Quiet:
    """Warnings of libraries are for their programmers. Shared by all threads: the last that leaves restores them.

    :func:`warnings.catch_warnings` by itself would leave them off when threads leave in another order than they came.
    """

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._saved: catch_warnings[None] | None = None

    def __enter__(self) -> Self:
        with self._lock:
            if not self._inside:
                self._saved = catch_warnings()
                self._saved.__enter__()
                simplefilter("ignore")
            self._inside += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._saved is not None:
                self._saved.__exit__(None, None, None)


QUIET = _Quiet()
"""A context in which no library's warning reaches the terminal; :func:`edge` does not enter it by itself."""
