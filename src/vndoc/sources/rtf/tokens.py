"""RTF as what it is made of: groups, control words, letters (Rich Text Format 1.9.1)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)|\\"
)


class Token(NamedTuple):
    """One of: ``word`` with its ``number``; bytes of letters in the code page that holds; '{' or '}' as ``brace``."""

    word: str = ""
    number: int | None = None
    letters: bytes = b""
    brace: str = ""


def tokens(data: bytes) -> Iterator[Token]:
    """All tokens; raw bytes behind ``\\\\bin`` are passed over."""
    at = 0
    while found := _TOKEN.match(data, at):
        at = found.end()
        word, number, code, sign, brace, letters = found.groups()
        if word == b"bin":
            at += max(0, int(number or 0))
        elif word:
            yield Token(word.decode("ascii"), int(number) if number else None)
        elif code:
            yield Token(letters=bytes.fromhex(code.decode("ascii")))
        elif sign:
            yield _sign(sign)
        elif brace:
            yield Token(brace=brace.decode("ascii"))
        elif letters:
            yield Token(letters=letters)


def _sign(sign: bytes) -> Token:
    if sign in b"\\{}":
        return Token(letters=sign)
    if sign in b"\r\n":
        return Token("par")
    return Token({b"~": "nobreak", b"_": "hyphen", b"*": "ignorable"}.get(sign, "none"))
