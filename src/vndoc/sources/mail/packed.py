"""The RTF body of Outlook's mails, as it is packed there ([MS-OXRTFCP]): a sliding dictionary that begins with RTF."""

import struct

from vndoc.damage import DamageError

_PACKED, _PLAIN = b"LZFu", b"MELA"
_SIZE = 4096  # of the dictionary
_HEAD = 16
_FIRST = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the dictionary holds at first."""


def unpacked(data: bytes) -> bytes:
    """The RTF.

    Raises:
        ValueError: it is neither packed so nor stored as it is.
        struct.error, IndexError: it is cut off.
    """
    _, size, kind = struct.unpack_from("<II4s", data)
    if kind == _PLAIN:
        return data[_HEAD : _HEAD + size]
    if kind != _PACKED:
        raise DamageError("its body is packed in an unknown way")
    window = _Window()
    at = _HEAD
    while True:
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                window.put(data[at])
                at += 1
                continue
            offset, length = divmod(data[at] << 8 | data[at + 1], 16)
            at += 2
            if offset == window.end % _SIZE:  # the mark of the end
                return bytes(window.out)
            for place in range(offset, offset + length + 2):
                window.put(window.letters[place % _SIZE])


class _Window:
    """The dictionary, which holds the last letters that were put out."""

    def __init__(self) -> None:
        self.letters, self.end = bytearray(_FIRST.ljust(_SIZE, b"\0")), len(_FIRST)
        self.out = bytearray()

    def put(self, letter: int) -> None:
        self.out.append(letter)
        self.letters[self.end % _SIZE] = letter
        self.end += 1
