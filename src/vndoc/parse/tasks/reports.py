"""To whom a duty is reported, and through whom: 'báo cáo kết quả về UBND huyện (qua Phòng Nội vụ)'."""

from functools import cache

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organs_in

_REPORT = regex.compile(r"\b(?:bao\s+cao|gui|trinh)\b")
_VIA = regex.compile(r"\b(?:thong\s+)?qua\s+(?=\p{L})")
_BESIDE = regex.compile(r"\s*(?:,|và)\s*")


@cache
def _objects() -> "regex.Pattern[str]":
    """What is reported: words that may stand there, or any before a preposition ('gửi câu hỏi về …')."""
    words = "|".join(sorted(load("duties")["report_objects"], key=len, reverse=True))
    before_preposition = r"(?:\p{Ll}+,?\s+){0,6}?(?:về|lên|đến|tới|cho)\s+(?=\p{Lu})"
    named = rf"(?:(?:{words}|\d{{1,2}} tháng|\([^)]{{0,60}}\))[,\s]+){{0,8}}+"
    return regex.compile(rf"\s*(?:{before_preposition}|{named})")


def report_to(text: str) -> str | None:
    """Whom the report goes to: the offices right behind "báo cáo", "gửi", "trình" and what is reported."""
    for verb in _REPORT.finditer(fold(text)):
        what = _objects().match(text, verb.end())
        at = what.end() if what else verb.end()
        found = list(organs_in(text, at, min(len(text), at + 200)))
        if not found or found[0].start != at:
            continue
        first = last = found[0]
        for other in found[1:]:
            if not _BESIDE.fullmatch(text[last.end : other.start]):
                break
            last = other
        return first.name if first is last else text[first.start : last.end]
    return None


def report_via(text: str) -> str | None:
    """The unit through which the report goes: '(qua Phòng Nội vụ)', 'thông qua Văn phòng UBND huyện'."""
    folded = fold(text)
    for word in _VIA.finditer(folded):
        organ = next(organs_in(text, word.end(), min(len(text), word.end() + 160)), None)
        if organ and organ.start == word.end():
            return organ.name
    return None
