"""Duties: who must do what, with whom, by when, how often, and to whom he reports.

A unit whose title names an office lays its paragraphs on that office; elsewhere the sentence names the actor
("giao Sở Y tế chủ trì", "Yêu cầu Thủ trưởng các cơ quan … báo cáo"). What a deadline is,
:mod:`vndoc.parse.tasks.deadlines` tells.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import regex

from vndoc.dispatch import Notice, Section, Table, Task
from vndoc.parse.fold import fold
from vndoc.parse.form.zones import Zones
from vndoc.parse.tasks.actors import (
    addressed,
    coordinators,
    does_something,
    leading_actor,
    opening_actor,
    ordered,
)
from vndoc.parse.tasks.deadlines import Deadline, DoubtfulDeadline, read_deadlines
from vndoc.parse.tasks.passages import Passage, find_passages, passages_in
from vndoc.parse.tasks.plans import with_plan
from vndoc.parse.tasks.recurrence import find_recurrence
from vndoc.parse.tasks.reports import report_to, report_via
from vndoc.parse.tasks.rows import tasks_of

_MONTH = regex.compile(r"(?:thang\s*(?P<m>\d{1,2})\s*)?nam\s*(?P<y>(?:19|20)\d\d)|/(?P<m>\d{1,2})/(?P<y>20\d\d)")
_PASSES_ON = regex.compile(
    r"\s*(?:\([^)]*\)\s*)?"
    r"(?:(?:xin|trân trọng|kính)\s+(?:thông báo|gửi|chuyển)|thông báo\s+(?:[^.;]{0,80}\s)?để\s|gửi kèm)"
)
_BESIDE = regex.compile(r"\s*(?:,|;|va\b)")
_FINAL = regex.compile(r"\.?/\.$")
_CLAUSE = regex.compile(r"[.;]\s+")
_SENTENCE = regex.compile(r"(?<![Tt]p)(?<=[\p{Ll}\d)”\"%/])\.\s+(?=[\p{Lu}“])")


def find_tasks(
    text: str,
    zones: Zones,
    sections: list[Section],
    organ: str | None,
    reference: date | None = None,
    issued: date | None = None,
    tables: Sequence[Table] = (),
) -> tuple[list[Task], list[Notice]]:
    """Duties of body and tables, in order, and notices on deadlines not understood; offsets count in ``text``.

    ``text`` is the whole ``Dispatch.text``, ``organ`` the issuer: what it says of itself outside the numbered units is
    no duty of others. Days before ``reference`` are history and no deadlines, and it gives the year to days without
    one; by default it is the first of the month of the dispatch, read from its own date line. ``issued`` is the day
    itself, if it is sure. Linear in the length of the body.
    """
    reference = reference or reference_day(zones)
    tasks: list[Task] = []
    doubts: list[tuple[int, str, DoubtfulDeadline]] = []
    host: Passage | None = None
    own: list[Task] = []
    plan: list[Passage] = []
    for passage in find_passages(zones, sections):
        doubts += _doubts(passage, reference, issued)
        if passage.role in ("leads", "helps", "time"):
            plan.append(passage)
            continue
        tasks += with_plan(host, own, plan, reference)
        host, plan = passage, []
        own = [] if passage.role else [t for part in _segments(passage) for t in _read(part, reference, issued, organ)]
    tasks += with_plan(host, own, plan, reference)
    annex = zones.annex[0].start if zones.annex else len(text)
    for table in tables:
        more, unclear = tasks_of(table, reference, issued)
        tasks += more
        doubts += unclear
        if not more and table.parts[0].start < annex:
            for passage in passages_in(table, text):
                doubts += _doubts(passage, reference, issued)
                tasks += [task for part in _segments(passage) for task in _read(part, reference, issued, organ)]
    tasks.sort(key=lambda task: task.start)
    return tasks, [_notice(tasks, at, words, one) for at, words, one in doubts]


def _doubts(passage: Passage, reference: date | None, issued: date | None) -> list[tuple[int, str, DoubtfulDeadline]]:
    """Deadlines of a passage that are not understood, each with its place in the document and its words."""
    if passage.role in ("title", "leads", "helps"):
        return []
    label = f"{passage.label}: " if passage.role == "time" else ""
    text = label + passage.text
    return [
        (passage.spots[max(0, one.start - len(label))], text[one.start : one.end], one)
        for one in read_deadlines(text, reference, issued)[1]
    ]


def _notice(tasks: Sequence[Task], at: int, words: str, one: DoubtfulDeadline) -> Notice:
    place = next((i for i, task in enumerate(tasks) if task.start <= at < task.end), None)
    pointer = None if place is None else f"/tasks/{place}"
    if one.doubt == "impossible":
        message = f"'{words}' cannot be meant: compare it with the calendar and the day of issue."
        return Notice(code="deadline-impossible", pointer=pointer, message=message)
    message = f"'{words}' sets a deadline whose day is not understood."
    return Notice(code="deadline-unread", pointer=pointer, message=message)


def earliest(tasks: Sequence[Task]) -> date | None:
    """The first day on which one of the tasks is due."""
    return min((task.due_date for task in tasks if task.due_date), default=None)


def reference_day(zones: Zones) -> date | None:
    """First day of the month in which the dispatch was issued (its day is the part most often misread)."""
    for line in zones.place_date:
        if found := _MONTH.search(fold(line.text)):
            month = int(found["m"] or 1)
            return date(int(found["y"]), month if 1 <= month <= 12 else 1, 1)
    return None


def _segments(passage: Passage) -> Iterator[Passage]:
    """The passage cut before every sentence that opens with an actor of its own."""
    cuts = [0]
    for stop in _SENTENCE.finditer(passage.text):
        following = passage.text[stop.end() : stop.end() + 1000]
        if opening_actor(following, acting=True, behind=True):
            cuts.append(stop.end())
    for start, end in pairwise([*cuts, len(passage.text)]):
        if (part := passage.part(start, end)).text:
            yield part


def _read(passage: Passage, reference: date | None, issued: date | None, organ: str | None) -> Iterator[Task]:
    """The tasks of a passage with one actor: one, or as many as it sets different deadlines."""
    text = passage.text
    dues = list(read_deadlines(text, reference, issued)[0])
    recurs = find_recurrence(text) is not None
    actor = _charged(passage, organ, bool(dues))
    if actor is None:
        dues = [due for due in dues if actor or due.day or (due.term and due.term.event in ("issued", "arrived"))]
    if not dues and (text.endswith(":") or not does_something(text)):
        return
    if not dues and actor is None and not (recurs and report_to(text)):
        return
    if len({(due.day, due.term) for due in dues}) < 2:
        yield _task(passage, actor, dues[0] if dues else None)
        return
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    for due in dues:
        at = bisect_right(cuts, due.start)
        clause = passage.part(cuts[at - 1], cuts[at])
        own = _actor(clause.text)
        yield _task(clause, own if own and not _is_issuer(own, organ) else actor, due)


def _charged(passage: Passage, organ: str | None, due: bool) -> str | None:
    """Who must act by a passage, in which something is ``due`` or not; None where it names nobody.

    The issuer that speaks of itself outside the numbered units lays no duty on itself: 'Sở Y tế trân trọng thông báo'.
    """
    text = passage.text
    actor = _actor(text)
    opener = actor or opening_actor(text)
    if opener is None or not (_is_issuer(opener, organ) or _informs(text, opener)):
        asked = _ordered(text)
        if asked and ((opener != asked and opener and _is_issuer(asked, opener)) or _is_own(passage, asked, organ)):
            asked = None  # 'Liên đoàn nhận được Tờ trình đề nghị Liên đoàn cho ý kiến'
        known = actor or passage.owner or asked or leading_actor(text)
        return known or (addressed(text) if due else None)
    other = _ordered(text) or addressed(text)
    if other and not (_is_issuer(other, organ) or (other != opener and _is_issuer(other, opener))):
        return other
    return passage.owner or (actor if passage.section else None)


def _is_own(passage: Passage, actor: str, organ: str | None) -> bool:
    """Whether the issuer names itself outside the numbered units: 'UBND tỉnh giao Sở Y tế …' in a letter of Sở Y tế."""
    return passage.section is None and _is_issuer(actor, organ)


def _ordered(text: str) -> str | None:
    found = ordered(text)
    return found[0] if found else None


def _informs(text: str, actor: str) -> bool:
    """Whether one merely passes something on: 'Văn phòng UBND tỉnh xin thông báo để các đơn vị biết'."""
    return _PASSES_ON.match(text, text.find(actor) + len(actor)) is not None


def _actor(text: str) -> str | None:
    return opening_actor(text, acting=True, behind=True)


def _is_issuer(actor: str, organ: str | None) -> bool:
    """Whether the one who acts is the issuer: 'UBND tỉnh' in a dispatch of Ủy ban nhân dân tỉnh …."""
    one, two = (
        fold(name).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
        for name in (actor, organ or "")
    )
    return bool(two) and (two.startswith(one) or (one.startswith(two) and not _BESIDE.match(one, len(two))))


def _task(passage: Passage, actor: str | None, due: Deadline | None) -> Task:
    text = passage.text
    recurrence = find_recurrence(text)
    return Task(
        section=passage.section,
        assignee=actor,
        coordinators=coordinators(text),
        text=_FINAL.sub(".", text),
        due_date=due.day if due else None,
        due_time=due.clock if due else None,
        term=due.term if due else None,
        recurrence=recurrence.printed if recurrence else None,
        recurrence_rules=list(recurrence.rules) if recurrence else [],
        report_to=report_to(text),
        via=report_via(text),
        start=passage.start,
        end=passage.end,
    )
