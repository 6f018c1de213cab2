"""Exceptions of vndoc, each with the exit code that the command line gives for it.

::

    VndocError                  1   anything below; catch this one
    ├── InputError              3   the document itself
    │   ├── MissingFileError    4   no such file, or no right to read it
    │   ├── EmptyFileError      5   zero bytes, or a document of no pages
    │   ├── FormatError         6   not what its name says, damaged or cut off
    │   ├── EncryptedError      7   a PDF that asks for a password
    │   └── TooLargeError       8   a page beyond the pixel limit
    └── SetupError             10   the machine: Tesseract, its ``vie`` data or poppler is missing
        └── EngineError        11   an external program crashed or ran out of time

Exit code 2 is the command line's own (wrong flags), 9 means that some of several files failed, 12 that a batch had
nothing to read or could read none of it, 130 that it was stopped.
Every message says what happened and what to do about it, in one line.
"""


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


class SetupError(VndocError):
    """Something that vndoc needs is not installed on this machine; ``vndoc doctor`` tells what."""

    exit_code = 10


class EngineError(SetupError):
    """An external program (Tesseract, poppler) crashed or exceeded its time limit."""

    exit_code = 11
