"""Duties: who must do what, by when, how often, and to whom he reports.

A unit whose title names an office lays its paragraphs on that office; elsewhere the sentence names the actor
("giao Sở Y tế chủ trì", "Yêu cầu Thủ trưởng các cơ quan … báo cáo"). A day is a deadline only behind words that make it
one: days on which something takes effect, happens or was issued are none.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import regex

from vndoc.dispatch import Section, Task
from vndoc.parse.actors import leading_actor, opening_actor, ordered
from vndoc.parse.dates import DateMatch, find_days, find_periods
from vndoc.parse.fold import fold, tidy
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organs_in
from vndoc.parse.outline import lay_out
from vndoc.parse.paragraphs import Piece
from vndoc.parse.phrases import settle_phrases
from vndoc.parse.zones import Zones

_BACK = 110  # folded characters before a date in which the words stand that make it a deadline
_MONTH = regex.compile(r"(?:thang\s*(?P<m>\d{1,2})\s*)?nam\s*(?P<y>(?:19|20)\d\d)|/(?P<m>\d{1,2})/(?P<y>20\d\d)")
_CLAUSE = regex.compile(r"[.;]\s+")
_REPORT = regex.compile(r"\b(?:bao\s+cao|gui|trinh)\b")
_VIA = regex.compile(r"\b(?:thong\s+)?qua\s+(?=\p{L})")
_BESIDE = regex.compile(r"\s*(?:,|và)\s*")
_FINISH = regex.compile(r"\b(?:hoan thanh|xong)\b[^.;]{0,60}$")
_BINDING = regex.compile(r"\b(?:cham nhat|muon nhat|han|thoi han|thoi gian)\b")
_DURATION = regex.compile(r"\bhet\b")
_PERIOD_LEAD = regex.compile(r"\b(?P<word>truoc|trong|het|cham nhat trong|ngay trong)\s+$")


@dataclass(slots=True, frozen=True)
class _Passage:
    """A paragraph of the body as running text with the offsets it stands for, and whose duty it is if it names none."""

    text: str
    start: int
    end: int
    section: str | None
    owner: str | None


def find_tasks(text: str, zones: Zones, sections: list[Section], organ: str | None) -> list[Task]:
    """Duties in the body, in order; offsets count in ``text``, the whole ``Dispatch.text``.

    ``organ`` is the issuer: what it says of itself outside the numbered units is no duty of others. Days before the
    month of the dispatch, read from its own date line, are history and no deadlines. Linear in the length of the body.
    """
    zones = replace(zones, body=settle_phrases(zones.body))
    reference = reference_day(zones)
    tasks: list[Task] = []
    for passage in sorted(_passages(zones, sections), key=lambda p: p.start):
        tasks += _read(passage, reference, organ)
    return tasks


def reference_day(zones: Zones) -> date | None:
    """First day of the month in which the dispatch was issued (its day is the part most often misread)."""
    for line in zones.place_date:
        if found := _MONTH.search(fold(line.text)):
            month = int(found["m"] or 1)
            return date(int(found["y"]), month if 1 <= month <= 12 else 1, 1)
    return None


def _passages(zones: Zones, sections: list[Section]) -> Iterator[_Passage]:
    units, loose = lay_out(zones, sections)
    for group in loose:
        yield _passage(group, None, None)
    owners: dict[int, str | None] = {}
    for unit in units:
        above = next((owners[id(s)] for s in reversed(unit.ancestors) if owners.get(id(s))), None)
        owner = (opening_actor(unit.section.title) if unit.section.title else None) or above
        if unit.paragraphs and unit.section.title is None:
            owner = opening_actor(tidy(_joined(unit.paragraphs[0])), acting=True) or owner
        owners[id(unit.section)] = owner
        for group in unit.paragraphs:
            yield _passage(group, unit.path, owner)


def _joined(group: Sequence[Piece]) -> str:
    return "\n".join(piece.text for piece in group)


def _passage(group: Sequence[Piece], section: str | None, owner: str | None) -> _Passage:
    start, end = group[0].start, group[-1].end
    lead = len(group[0].text) - len(group[0].text.lstrip())
    return _Passage(tidy(_joined(group)), start + lead, end, section, owner)


def _read(passage: _Passage, reference: date | None, organ: str | None) -> Iterator[Task]:
    """The tasks of one paragraph: one, or as many as it sets different deadlines."""
    text = passage.text
    dues = list(_deadlines(text, reference))
    actor = opening_actor(text, acting=True) or passage.owner
    if actor is None:
        found = ordered(text)
        actor = found[0] if found else leading_actor(text)
    if text.endswith(":") and not dues:
        return
    if not dues and actor is None and not (_recurrence(text) and _report_to(text)):
        return
    if not dues and passage.section is None and actor and _is_issuer(actor, organ):
        return  # 'Sở Y tế trân trọng thông báo' binds nobody
    if len({due.value for due in dues}) < 2:
        yield _task(passage, text, actor, dues[0].value if dues else None)
        return
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    for due in dues:
        at = bisect_right(cuts, due.start)
        clause = text[cuts[at - 1] : cuts[at]].strip()
        yield _task(passage, clause, opening_actor(clause, acting=True) or actor, due.value)


def _is_issuer(actor: str, organ: str | None) -> bool:
    """Whether the one who acts is the issuer: 'UBND tỉnh' in a dispatch of Ủy ban nhân dân tỉnh …."""
    one, two = (
        fold(name).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
        for name in (actor, organ or "")
    )
    return bool(two) and (two.startswith(one) or one.startswith(two))


def _task(passage: _Passage, text: str, actor: str | None, due: date | None) -> Task:
    words = text.lstrip("-–+•* ").rstrip()
    return Task(
        section=passage.section,
        assignee=actor,
        text=regex.sub(r"\.?/\.$", ".", words),
        due_date=due,
        recurrence=_recurrence(words),
        report_to=_report_to(words),
        via=_via(words),
        start=passage.start,
        end=passage.end,
    )


@cache
def _due() -> "regex.Pattern[str]":
    data = load("duties")
    ways = "|".join(record["pattern"] for record in data["due"])
    return regex.compile(rf"(?<![\p{{L}}])(?:{ways}){data['clock']}(?:ngay\s*)?$")


@cache
def _strong(firm: bool = False) -> "regex.Pattern[str]":
    """Verbs of doing; ``firm``: without those of mere durations ('thời gian thực hiện đến hết …')."""
    data = load("duties")
    verbs = [v for v in data["strong_verbs"] if not (firm and v in data["weak_verbs"])]
    return regex.compile(rf"\b(?:{'|'.join(verbs)})\b")


@cache
def _not_due() -> "regex.Pattern[str]":
    return regex.compile(rf"\b(?:{'|'.join(load('duties')['not_due'])})\b(?:\s+\S+){{0,4}}\s*$")


def _deadlines(text: str, reference: date | None) -> Iterator[DateMatch]:
    """Days by which something must be done. ``text`` is one paragraph on one line."""
    folded = fold(text)
    recurring = _recurrence(text) is not None
    for found in find_days(text, reference):
        lead = folded[max(0, found.start - _BACK) : found.start]
        due = _due().search(lead)
        yearly = found.completed and recurring  # 'hằng năm, trước ngày 25/12' is no one day
        if due and not yearly and _binds(folded, lead[: due.start()], due.group(), found, reference):
            yield found
    for found in find_periods(text):
        lead = folded[max(0, found.start - _BACK) : found.start]
        due = _PERIOD_LEAD.search(lead)
        if due and _FINISH.search(lead[: due.start()]) and _binds(folded, lead[: due.start()], "", found, reference):
            yield _before_period(found) if due["word"] == "truoc" else found


def _binds(folded: str, lead: str, due: str, found: DateMatch, reference: date | None) -> bool:
    """Whether a day behind deadline words binds somebody: a verb of doing is near, and it is not past."""
    if reference and found.value < reference:
        return False
    clause = regex.split(r"[.;]\s", lead)[-1]
    if _not_due().search(clause) and not regex.search(r"\b(?:phai|hoan thanh|xong)\b", clause):
        return False
    after = regex.split(r"[.;]", folded[found.end : found.end + _BACK])[0]
    verbs = _strong(firm=_DURATION.search(due) is not None)
    return bool(_BINDING.search(due) or any(verbs.search(part) for part in (clause, due, after)))


def _before_period(found: DateMatch) -> DateMatch:
    """'trước tháng 6/2025' ends with May."""
    months = {"month": 1, "quarter": 3, "year": 12}[found.precision]
    first = found.value.replace(day=1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return DateMatch(found.start, found.end, first - timedelta(days=1), found.precision)


@cache
def _recurring() -> "regex.Pattern[str]":
    return regex.compile("|".join(rf"(?<!\p{{L}})(?:{r['pattern']})" for r in load("duties")["recurring"]))


def _recurrence(text: str) -> str | None:
    folded = fold(text)
    for found in _recurring().finditer(folded):
        if not _not_recurring().search(folded, max(0, found.start() - 30), found.start()):
            return text[found.start("what") : found.end("what")].strip()
    return None


@cache
def _not_recurring() -> "regex.Pattern[str]":
    """What is merely paid or counted every month: 'trợ cấp hằng tháng'."""
    return regex.compile(rf"\b(?:{'|'.join(load('duties')['not_recurring'])})\s+$")


@cache
def _objects() -> "regex.Pattern[str]":
    """What is reported: words that may stand there, or any before a preposition ('gửi câu hỏi về …')."""
    words = "|".join(sorted(load("duties")["report_objects"], key=len, reverse=True))
    return regex.compile(
        rf"\s*(?:(?:\p{{Ll}}+,?\s+){{0,6}}?(?:về|lên|đến|tới|cho)\s+(?=\p{{Lu}})|(?:(?:{words})[,\s]+){{0,8}}+)"
    )


def _report_to(text: str) -> str | None:
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


def _via(text: str) -> str | None:
    """The unit through which the report goes: '(qua Phòng Nội vụ)', 'thông qua Văn phòng UBND huyện'."""
    folded = fold(text)
    for word in _VIA.finditer(folded):
        organ = next(organs_in(text, word.end(), min(len(text), word.end() + 160)), None)
        if organ and organ.start == word.end():
            return organ.name
    return None
