"""File names as text that can be written anywhere, whatever bytes they are made of, and names that any system takes."""

import os
import re
import unicodedata
from itertools import count
from pathlib import Path, PurePath, PureWindowsPath


def readable(text: str) -> str:
    r"""The text with each byte that is no UTF-8 spelt out: a name ``b'c\xf4ng.pdf'`` becomes the words ``c\xf4ng.pdf``.

    Python holds such bytes as lone surrogates (PEP 383), with which the file can be opened but which no UTF-8 file, no
    JSON and no calendar takes. Two names that differ still differ afterwards. Text without them comes back as it is.

    >>> readable("c\udcf4ng văn.pdf")
    'c\\xf4ng văn.pdf'
    """
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return "".join(_spelt(letter) if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def slashed(path: str, flavour: type[PurePath] = PurePath) -> str:
    r"""The path as archives keep it: with the slash, which every system takes, between folders.

    Elsewhere than on Windows a backslash is a letter like any other, and stays.

    Args:
        path: as the system gave it.
        flavour: whose rules hold for it; by default those of the system that this runs on.

    >>> slashed(r"C:\\in\\a.pdf", PureWindowsPath), slashed(r"/in/a\\b.pdf", PurePosixPath)
    ('C:/in/a.pdf', '/in/a\\\\b.pdf')
    """
    return flavour(path).as_posix() if issubclass(flavour, PureWindowsPath) or os.sep == "\\" else path


def _spelt(surrogate: str) -> str:
    code = ord(surrogate)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


LONGEST = 120
"""Characters of a file name, with its suffix."""

_LONGEST_SUFFIX = 40
_LONGEST_BYTES = 255  # of a name in UTF-8, which file systems take
_FOREIGN = re.compile(r'[<>:"/\\|?*]+')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$| *\.)", re.IGNORECASE
)
_ENDS = " .-"


def safe_name(stem: str, suffix: str = "", instead: str = "văn bản") -> str:
    """A file name that Windows, macOS and Linux take, of words and a suffix that is kept whole.

    What they do not take becomes a dash; the name is in NFC, at most :data:`LONGEST` characters and 255 bytes long, cut
    between words, and no device of DOS.

    Args:
        stem: the words.
        suffix: with its dot.
        instead: where nothing is left of the words.

    >>> safe_name("2024-03-21 UBND huyện 815/UBND: v/v.. ", ".pdf"), safe_name("aux", ".pdf"), safe_name(" .. ", ".pdf")
    ('2024-03-21 UBND huyện 815-UBND- v-v.pdf', 'aux_.pdf', 'văn bản.pdf')
    """
    suffix = _clean(suffix)[:_LONGEST_SUFFIX].rstrip(" .")
    words = " ".join(_clean(stem).split()).strip(_ENDS)
    words = _cut(words, suffix) or instead
    if found := _RESERVED.match(words + suffix):
        words = _cut(f"{words[: found.end()]}_{words[found.end() :]}", suffix)
    return words + suffix


def _clean(text: str) -> str:
    """Without letters that some system does not take, in NFC."""
    blanks = "".join(" " if letter.isspace() else letter for letter in readable(text))
    # Control characters, and those that turn the direction of writing: a name that looks like another.
    seen = "".join(letter for letter in blanks if not unicodedata.category(letter).startswith("C"))
    return _FOREIGN.sub("-", unicodedata.normalize("NFC", seen))


def _cut(words: str, suffix: str) -> str:
    """As much as there is room for beside the suffix: whole words, or part of the first where it is long."""
    room = min(LONGEST - len(suffix), len(words))
    while room > 0 and len((words[:room] + suffix).encode()) > _LONGEST_BYTES:
        room -= 1
    if room == len(words):
        return words
    while room > 0 and unicodedata.combining(words[room]):
        room -= 1
    last = words.rfind(" ", 0, room + 1)
    return words[: last if last > room // 2 else room].rstrip(_ENDS)


class FreeNames:
    """Names for the files that are written into one folder: no file of another content is ever written over.

    Two names that differ in capitals alone, or in how their letters are composed, are one. The same files written in
    the same order get the same names, also where they are there from the last time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: set[str] = set()
        self._there = {_key(path.name): path for path in folder.iterdir()} if folder.is_dir() else {}

    def of(self, stem: str, suffix: str, data: bytes) -> Path:
        """Where a file of these bytes goes: ``stem``, or with " (2)", " (3)" … behind it."""
        for number in count(1):
            name = safe_name(stem, suffix if number == 1 else f" ({number}){suffix}")
            key = _key(name)
            there = self._there.get(key)
            if key in self._given or (there and not _holds(there, data)):
                continue
            self._given.add(key)
            return there or self._folder / name
        raise AssertionError("numbers end nowhere")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
