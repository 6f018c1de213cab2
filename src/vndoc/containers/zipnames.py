"""Names of members of ZIP files: what the bytes say, where no flag says in which encoding they are.

Bit 11 of a member's flags promises UTF-8; a name without it should be in code page 437 (APPNOTE.TXT, Appendix D). Many
programs write UTF-8 all the same, and Windows set to Vietnamese writes its own code page, 1258.
"""

import re
import unicodedata
import zlib
from zipfile import ZipInfo

from vndoc.repair.syllable import fold_tone, is_syllable

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075  # the extra field in which Info-ZIP and 7-Zip repeat the name in UTF-8 (APPNOTE.TXT 4.6.9)
_WORD = re.compile(r"[^\W\d_]+")


def member_name(info: ZipInfo) -> str:
    """The member's name: as flagged or repeated in UTF-8, else as UTF-8, Vietnamese or code page 437, if it can be."""
    read = info.orig_filename.partition("\0")[0]
    if info.flag_bits & _UTF8_FLAG or read.isascii():
        return info.filename
    raw = read.encode("cp437")  # zipfile decoded it so, and every byte has its letter there
    return _repeated(info.extra, raw) or _utf8(raw) or _vietnamese(raw) or info.filename


def _repeated(extra: bytes, raw: bytes) -> str | None:
    """The name in the extra field, if that was made for this name: its check sum tells."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[:5] == b"\x01" + zlib.crc32(raw).to_bytes(4, "little"):
            return _utf8(field[5:])
    return None


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _vietnamese(raw: bytes) -> str | None:
    """The name in code page 1258 if all its words that are not plain ASCII are Vietnamese by their spelling."""
    try:
        name = unicodedata.normalize("NFC", raw.decode("cp1258"))
    except UnicodeDecodeError:
        return None
    words = [word for word in _WORD.findall(name) if not word.isascii()]
    others = (letter for letter in _WORD.sub("", name) if not letter.isascii())
    spelt = all(is_syllable(fold_tone(word.lower())) for word in words)
    return name if words and spelt and all(unicodedata.category(letter)[0] == "P" for letter in others) else None
