"""The key under which documents and references to them meet: the notation in one spelling."""

import re
import unicodedata

from vndoc.parse.notation import parse_notation

_JOINTS = re.compile(r"\s*([-/.&,])\s*")
_DASHES = str.maketrans("–—−‑", "----")


def code_key(notation: str) -> str:
    """'05 - kl/tw' and '5-KL/TW' are one: capitals, no blanks, no zeros in front, a stroke less on the Đ.

    The stroke is what OCR loses first and typists leave out; no two types or offices differ by it alone.
    """
    plain = unicodedata.normalize("NFC", notation).translate(_DASHES).strip()
    parsed = parse_notation(plain.upper().replace("TTG", "TTg"))
    text = str(parsed) if parsed else _JOINTS.sub(r"\1", plain)
    text = re.sub(r"\s+", "", text).upper().replace("Đ", "D").replace("Ð", "D")
    return re.sub(r"^0+(?=\d)", "", text)


def printed_code(number: str | None, notation: str | None) -> str | None:
    """Number and notation as they are printed: '815/UBND', of the Party '254-KH/TU'; None where the number is open."""
    if not number:
        return None
    if not notation:
        return number
    return f"{number}-{notation}" if "/" in notation and not notation[:1].isdigit() else f"{number}/{notation}"
