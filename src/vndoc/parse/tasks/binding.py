"""Whether a day or a period binds somebody: the words of the clause around it, folded."""

from functools import cache

import regex

from vndoc.parse.knowledge import load

BACK = 110
"""Folded characters before a date in which the words stand that make it a deadline."""

_CLAUSE = 600  # and those in which the verb stands
_POINT = regex.compile(r"[.;]")
_STOP = regex.compile(r"[.;]\s")
_MUST = regex.compile(r"\b(?:phai|hoan thanh|xong)\b")
_DURATION = regex.compile(r"\bhet\b")
BINDING = regex.compile(r"\b(?:cham nhat|muon nhat|tre nhat|han|thoi han|thoi gian|tien do)\b")
"""Words that bind by themselves, without a verb of doing."""

ORDER = regex.compile(
    r"\b(?:de nghi|yeu cau|phan cong|phai|co trach nhiem|chi dao|(?<!duoc |da |ban )giao(?! thong| duc| luu| dich))\b"
)
"""Words that lay a duty on somebody."""

_STAYS = regex.compile(r"\W*(?:tiep tuc|van)\b")  # 'các văn bản ban hành trước ngày … tiếp tục có hiệu lực'
_SENT_TO = regex.compile(r"\b(?:gui|nop|bao cao)\s+(?:ve|cho|len|den)\b")
_TOLD = regex.compile(r"\b(?:da|dang)\s|\d[/⁄]\p{L}[^,;]*$")


def clause_before(folded: str, at: int) -> str:
    """What stands before ``at`` in its clause."""
    lead = folded[max(0, at - _CLAUSE) : at]
    return str(_STOP.split(lead)[-1])


def clause_behind(folded: str, at: int) -> str:
    """What stands behind ``at`` in its sentence, as far as it may bear on a date before it."""
    return str(_STOP.split(folded[at : at + BACK])[0])


@cache
def group(name: str) -> "regex.Pattern[str]":
    """The words of a list of ``deadlines.json``."""
    return _words(load("deadlines")[name])


@cache
def must_finish() -> "regex.Pattern[str]":
    """A verb that finishes, right behind a date: 'đến ngày 30/6 phải hoàn thành'."""
    return regex.compile(rf"[\s,:]*(?:(?:phai|can|se|co ban)\s+)*{group('finish').pattern}")


@cache
def _strong(firm: bool = False) -> "regex.Pattern[str]":
    """Verbs of doing; ``firm``: without those of mere durations ('thời gian thực hiện đến hết ...')."""
    data = load("deadlines")
    return _words([v for v in data["strong_verbs"] if not (firm and v in data["weak_verbs"])])


def _words(words: list[str]) -> "regex.Pattern[str]":
    return regex.compile(rf"\b(?:{'|'.join(words)})\b")


@cache
def _not_due() -> "regex.Pattern[str]":
    return regex.compile(rf"\b(?:{'|'.join(load('deadlines')['not_due'])})\b(?:\s+\S+){{0,4}}\s*$")


def bounds_other(before: str) -> bool:
    """Whether a date behind ``before``, its clause, bounds something else: 'được phê duyệt trước ngày …'."""
    return _not_due().search(before) is not None and not _MUST.search(before)


def binds(folded: str, at: int, due: str, end: int) -> bool:
    """Whether a day behind deadline words, from ``at`` to ``end``, binds somebody: a verb of doing is near."""
    clause = clause_before(folded, at)
    if bounds_other(clause):
        return False
    after = _POINT.split(folded[end : end + BACK])[0]
    if _STAYS.match(after):
        return False
    verbs = _strong(firm=_DURATION.search(due) is not None)
    return bool(BINDING.search(due) or any(verbs.search(part) for part in (clause, due, after)))


def asks(folded: str, at: int, words: str = "") -> bool:
    """Whether the clause before ``at`` asks somebody for something, or deadline ``words`` themselves do."""
    clause = clause_before(folded, at)
    return any(found is not None for found in (ORDER.search(clause), _SENT_TO.search(clause), BINDING.search(words)))


def told(folded: str, at: int) -> bool:
    """Whether the clause before ``at`` tells what was done, or what a cited document asked for."""
    return _TOLD.search(clause_before(folded, at)) is not None
