"""UTF-8 that a program once took for a one-byte encoding and saved so: 'Sá»\u0091' for 'Số' ("mojibake").

The way back needs no language: what was UTF-8 decodes as UTF-8, and nothing else does by chance.
"""

import re
from collections.abc import Iterator

_CODECS = ("cp1252", "cp1258", "mac_roman", "cp437")
_RUN = re.compile(r"[^\x00-\x7f]+")
_LOST_BLANK = re.compile(r"(Ã|áº) (?=[A-Za-z\s.,;:])")
"""The second half of 'à' or 'Ạ', a blank that does not break, made a plain one."""
_LOST_STROKE = re.compile(r"Ä(?![\x80-\xbf‘’“”•–—˜™š›œžŸ€‚ƒ„…†‡ˆ‰Š‹ŒŽ])")
"""'Đ', the second half of which is no letter of Windows-1252 and was left out."""
_LEAST, _SHARE, _PARTS = 4, 0.9, 0.5
_ROUNDS = 3  # a text may be taken wrongly more than once


class LostLettersError(ValueError):
    """The text is such a one, and bytes of some letters are gone."""


def unmangled(text: str) -> str:
    """The text as it was before; one that is no mojibake comes back as it is.

    Raises:
        LostLettersError: some of its letters cannot be brought back.

    >>> unmangled("Cá»™ng hÃ²a XÃ£ há»™i Chá»§ nghÄ©a")
    'Cộng hòa Xã hội Chủ nghĩa'
    """
    for _ in range(_ROUNDS):
        better = next(_readings(text), None)
        if better is None:
            break
        text = better
    return text


def _readings(text: str) -> Iterator[str]:
    """What each codec makes of the text, where it decodes nearly all runs of letters beyond ASCII."""
    if len(_RUN.findall(text[:100_000])) < _LEAST:
        return
    lost = False
    for codec in _CODECS:
        whole = _LOST_STROKE.sub("Ä\x90", _LOST_BLANK.sub("\\1\xa0", text)) if codec == "cp1252" else text
        runs = [run for run in _RUN.findall(whole) if any(c.isalpha() for c in run)]
        undone = [run for run in runs if _decoded(run, codec) is None]
        share = 1 - len(undone) / max(1, len(runs))
        if share >= _PARTS and any("á»" in run for run in undone):
            lost = True  # the first two bytes of a letter
        elif len(runs) >= _LEAST and share >= _SHARE:
            yield _RUN.sub(lambda run: _decoded(run.group(), codec) or run.group(), whole)  # noqa: B023 -- used at once
            return
    if lost:
        raise LostLettersError("it was saved in a wrong encoding, and letters got lost")


def _decoded(run: str, codec: str) -> str | None:
    """The letters of which ``run`` is the UTF-8 bytes in a codec; None where it is none."""
    try:
        text = b"".join(_byte(c, codec) for c in run).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return text if len(text) < len(run) else None


def _byte(letter: str, codec: str) -> bytes:
    """The byte that the codec shows as this letter; those that it does not know are shown as they are."""
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        return letter.encode("latin-1")
