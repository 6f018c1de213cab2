"""Which characters a text may hold: no letter of a document steers a terminal, breaks a file or turns the reading.

Files carry more than print: escape sequences that colour a terminal or rename its window, lone surrogates that no UTF-8
file takes, characters that turn the direction of writing so that a person reads another text than a program (Boucher
and Anderson, "Trojan Source", 2021), and invisible ones that spell whole sentences. None of them is ever printed, so
none is kept: words lose them as they are made (:class:`vndoc.page.Word`), and what reaches a dispatch in another way
has a mark in their place (:mod:`vndoc.dispatch`).
"""

import re

LOST = "\ufffd"
"""Stands where a character was that cannot be written."""

_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks, embeddings, overrides and isolates of the direction of writing: no Vietnamese document needs one."""
_UNSEEN = "\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"
"""Deprecated format characters, annotations between lines, and tags: letters that nobody sees."""
_PARTING = "\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029"
"""What parts words, lines, paragraphs or records; inside a word it can only be a blank that does not break."""
_STEERING = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
"""The rest of C0 and C1, among them those that begin an escape sequence."""
_NO_CHARACTER = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
"""Halves of characters, and code points that are none: neither UTF-8 nor XML takes all of them."""

_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI: colours, the cursor
    r"|[\]P^_X][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)"  # OSC, DCS …: titles, links
    r"|[ -/]*[0-~])"
)
"""An escape sequence whole (ECMA-48, 5.4 and 5.6, in 7 bits); the letters in it were never to be read."""
_STEERED = re.compile(f"[{_STEERING}\x1c-\x1f]")
_GONE = re.compile(f"[{_STEERING}{_DIRECTIONS}{_UNSEEN}]")
_BLANK = re.compile(f"[{_PARTING}]")
_BROKEN = re.compile(f"[{_NO_CHARACTER}]")
_STEERS = re.compile(f"\r(?!\n)|[{_STEERING}{_DIRECTIONS}{_UNSEEN}{_NO_CHARACTER}\x0b\x1c-\x1f\x85\u2028\u2029]")
_UNLAWFUL = re.compile(f"[{_STEERING}{_DIRECTIONS}{_UNSEEN}{_NO_CHARACTER}\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")


def printed(word: str) -> str:
    r"""A word as it may be printed: without what steers or is not seen, on one line, all of its characters whole.

    >>> printed("Số\u202e\x07"), printed("a\ud83d"), printed("một\u2028hai"), printed("đã")
    ('Số', 'a\ufffd', 'một\xa0hai', 'đã')
    """
    if word.isprintable():  # all but one in a million
        return word
    return _BROKEN.sub(LOST, _BLANK.sub("\u00a0", _GONE.sub("", word).strip()))


def lawful(text: str) -> str:
    r"""A text of the same length whose characters may stand in any file; line feeds and tabs stay.

    >>> lawful("một\n\thai\x1b[1m"), lawful("\udcf4ng")
    ('một\n\thai\ufffd[1m', '\ufffdng')
    """
    return text if text.isprintable() else _UNLAWFUL.sub(LOST, text)


def displayed(text: str) -> str:
    r"""A text as it may go to a terminal: line ends of both kinds and form feeds stay, what steers it has a mark.

    >>> displayed("một\r\nhai\rba\f\x1b[2J")
    'một\r\nhai\ufffdba\x0c\ufffd[2J'
    """
    return text if text.isprintable() else _STEERS.sub(LOST, text)


def without_steering(text: str) -> str:
    r"""The text without escape sequences and other control characters but those that part lines and pages.

    >>> without_steering("\x1b[31mHỏa tốc\x1b[0m \x1b]0;title\x07815\x08\n\f")
    'Hỏa tốc 815\n\x0c'
    """
    return _STEERED.sub("", _SEQUENCE.sub("", text) if "\x1b" in text else text)
