"""Exceptions of vndoc, each with the exit code that the command line gives for it.

::

    VndocError                  1   anything below; catch this one
    ├── InputError              3   the document itself
    │   ├── MissingFileError    4   no such file, or no right to read it
    │   ├── EmptyFileError      5   zero bytes, or a document of no pages
    │   ├── FormatError         6   not what its name says, damaged or cut off
    │   ├── EncryptedError      7   a PDF that asks for a password
    │   └── TooLargeError       8   a page beyond the pixel limit
    │       └── MemoryLimitError 8  more memory than a document may take
    └── SetupError             10   the machine: Tesseract, its ``vie`` data or poppler is missing
        ├── MachineError       10   the machine: its disk is full, or it has no memory or file handles left
        └── EngineError        11   an external program crashed or ran out of time
            └── TimeLimitError 11   more time than a document or one of its pages may take

Exit code 2 is the command line's own (wrong flags), 9 means that some of several files failed, 12 that a batch had
nothing to read or could read none of it, 130 that it was stopped.
Every message says what happened and what to do about it, in one line.
"""

import errno
from collections.abc import Iterator


class VndocError(Exception):
    """Base of all errors that vndoc raises on purpose; its text is one line for a person."""

    exit_code = 1


class InputError(VndocError):
    """The document cannot be read."""

    exit_code = 3


class MissingFileError(InputError):
    """No such file, a folder in place of a file, or no permission to read it."""

    exit_code = 4


class EmptyFileError(InputError):
    """A file of zero bytes, a PDF without pages, or a text without a letter."""

    exit_code = 5


class FormatError(InputError):
    """The bytes are of no supported kind, contradict the file's suffix, or are damaged."""

    exit_code = 6


class EncryptedError(InputError):
    """A PDF that opens only with a password."""

    exit_code = 7


class TooLargeError(InputError):
    """A page image beyond the pixel limit."""

    exit_code = 8


class MemoryLimitError(TooLargeError):
    """Reading it would take more memory than a document may have."""


class SetupError(VndocError):
    """Something that vndoc needs is not installed on this machine; ``vndoc doctor`` tells what."""

    exit_code = 10


class MachineError(SetupError):
    """The machine has no room, memory or file handles left; no document is to blame, and each can be read later."""


class EngineError(SetupError):
    """An external program (Tesseract, poppler) crashed or exceeded its time limit."""

    exit_code = 11


class TimeLimitError(EngineError):
    """Reading it took more time than a document, or one of its pages, may have."""


_FAULTS = {
    errno.ENOSPC: "no room is left on the disk",
    errno.EDQUOT: "no room is left on the disk for this user",
    errno.EROFS: "the disk can only be read",
    errno.EIO: "the disk fails",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOMEM: "no memory is left",
    errno.EAGAIN: "no further process can be started",
}

_ADVICE = {
    errno.EMFILE: "close programs or raise the limit",
    errno.ENFILE: "close programs or raise the limit",
    errno.ENOMEM: "close programs",
    errno.EAGAIN: "close programs or raise the limit",
    errno.EIO: "look after it",
    errno.EROFS: "give a place that can be written",
}

_NOT_LOADED = ("failed to map segment", "annot allocate memory", "cannot map zero-fill pages")
"""What the loader of glibc says of a library for which there is no memory."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and those that led to it, each once: one that is raised again may lead back to itself."""
    seen: BaseException | None = error
    known: set[int] = set()
    while seen is not None and id(seen) not in known:
        known.add(id(seen))
        yield seen
        seen = seen.__cause__ or seen.__context__


def machine_fault(error: BaseException, where: str = "temporary files") -> MachineError | None:
    """The machine's fault that an exception stands for, or one of those that led to it; None where it stands for none.

    Args:
        error: what was raised.
        where: what the room was for, as the message names it.
    """
    for seen in causes(error):
        if isinstance(seen, MachineError):
            return seen
        if isinstance(seen, OSError) and seen.errno in _FAULTS:
            advice = _ADVICE.get(seen.errno, "make room there")
            return MachineError(f"{where}: {_FAULTS[seen.errno]}; {advice}, then start again")
        if isinstance(seen, ImportError) and any(words in str(seen) for words in _NOT_LOADED):
            return MachineError("no memory is left to load what vndoc needs; close programs, then start again")
    return None


def unwritable(error: OSError, path: object, advice: str = "check the rights of the folder") -> VndocError:
    """Why something cannot be written: :class:`MachineError` where its disk is full, else :class:`MissingFileError`."""
    return machine_fault(error, str(path)) or MissingFileError(
        f"{path}: cannot be written ({error.strerror or type(error).__name__}); {advice}"
    )


_OUT_OF_MEMORY = ("Insufficient memory", "Cannot allocate memory", "bad_alloc", "bad allocation", "Out of memory")


def out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that no memory was left; OpenCV, onnxruntime and poppler have words of their own."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in _OUT_OF_MEMORY)
