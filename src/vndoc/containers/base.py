"""What a file that holds files must offer: their names and sizes, and the bytes of each."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from io import BufferedIOBase
from typing import NamedTuple, Protocol

MAX_MEMBERS = 20_000
"""Files in one container."""
MAX_MEMBER_BYTES = 512 * 1024**2
"""Of one file, unpacked."""
MAX_BYTES = 8 * 1024**3
"""Of all files in one container, unpacked."""
MAX_DEPTH = 3
"""Containers within one another."""
MAX_INNER_BYTES = 256 * 1024**2
"""Of a container within another, which is held in memory."""


class Member(NamedTuple):
    """A file in a container. A decoration belongs to the look of a mail: a logo, a smile."""

    name: str
    size: int
    decoration: bool = False


class Container(Protocol):
    """An opened container. Its errors name it by the path it was given."""

    def members(self) -> Sequence[Member]:
        """All files in it, folders left out.

        Raises:
            FormatError, EncryptedError: it is damaged, or asks for a password.
            TooLargeError: more files or bytes than are taken from one container.
        """
        ...

    def open(self, name: str) -> AbstractContextManager[BufferedIOBase]:
        """A file in it to be read; ``KeyError`` where there is none of that name.

        Raises:
            EncryptedError, TooLargeError, FormatError: it asks for a password, is too large, or damaged.
        """
        ...

    def digests(self) -> Mapping[str, str]:
        """SHA-256 of the files, where all at once cost less than one by one; else nothing. Errors of :meth:`open`."""
        ...
