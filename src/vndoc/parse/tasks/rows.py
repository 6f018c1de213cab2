"""The rows of a table that lays tasks on people: 'Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời hạn'.

What a column holds, its heading tells (``columns`` in ``data/duties.json``). A cell over several rows counts for each
of them; a row with one text alone is the heading of a group, and may name whose tasks stand below it. What is done
already, and the programme of a day, lay nothing on anybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Literal

import regex

from vndoc.dispatch import Table, TableCell, Task
from vndoc.parse.fold import fold, old_tones
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.actors import coordinators, leading_actor, listed, names_only, opening_actor
from vndoc.parse.tasks.deadlines import DoubtfulDeadline, read_deadlines
from vndoc.parse.tasks.recurrence import find_recurrence
from vndoc.parse.tasks.reports import report_to, report_via

Column = Literal["work", "leads", "helps", "time"]
Doubt = tuple[int, str, DoubtfulDeadline]
"""Where in the document a deadline stands that is not understood, its words, and why."""

_LABEL = "Thời hạn hoàn thành: "
_BINDS = regex.compile(r"\b(?:han|thoi han|tien do|hoan thanh|xong)\b")
_FROM = regex.compile(
    r"(?:tu\s+)?(?:ngay\s+)?\d{1,2}(?:[/.]\d{1,2}(?:[/.]\d{4})?)?\s*(?:[-–]|den|toi)\s*(?:het\s+)?(?:ngay\s+)?(?=\d{1,2}[/.]\d)"
    r"|(?:nam\s+)?20\d\d\s*[-–]\s*(?=20\d\d\W*$)"
)
"""The first of two days or years: a task has time until the second."""
_BARE = ((regex.compile(r"\d{1,2}/20\d\d"), "tháng "), (regex.compile(r"20\d\d"), "năm "))
_BULLET = "-–+•* "
_DONE = regex.compile(
    r"\W*da\s+(?:hoan thanh|thuc hien|trien khai|ban hanh|to chuc|xong|trinh|bao cao|xu ly|giai quyet|tham muu|nop"
    r"|phe duyet|nghiem thu|ket thuc)\b.*|\W*(?:hoan thanh|(?:hoan thanh )?100\s?%|xong)\W*"
)
"""What a row says of work that is behind: 'Đã hoàn thành ngày 30/4/2023'."""
_CLOCKS = regex.compile(r"(?:\W*(?:tu|den|luc)?\s*\d{1,2}\s*(?:h|g|gio|:)\s*(?:\d{1,2})?\s*(?:phut|p\b)?)+\W*")
"""The hours of a programme."""
_DITTO = regex.compile(r"\W*(?:nt|nhu tren)\W*|-?[\"”“〃]-?")


def tasks_of(table: Table, reference: date | None, issued: date | None) -> tuple[list[Task], list[Doubt]]:
    """The tasks that a table lays on somebody, a row each, and the deadlines in it that are not understood.

    Empty for a table whose head names no column of tasks, or none of who does them or by when. ``reference`` and
    ``issued`` are those of :func:`~vndoc.parse.tasks.deadlines.read_deadlines`.
    """
    columns = _columns(table)
    binding = "time" in columns and _BINDS.search(fold(_heading(table, columns["time"])))
    if "work" not in columns or not ("leads" in columns or binding):
        return [], []
    rows = _without_dittos(list(_rows(table)))
    times = [fold(when) for row in rows if (when := row.text(columns.get("time"))) and row.alone(table.columns) is None]
    if times and all(map(_CLOCKS.fullmatch, times)):
        return [], []
    tasks: list[Task] = []
    doubts: list[Doubt] = []
    owner = None
    for row in rows:
        group = row.alone(table.columns)
        if group:
            owner = opening_actor(old_tones(group.text))
            continue
        work, when = row.text(columns.get("work")), row.text(columns.get("time"))
        leads, helps = _names(row.text(columns.get("leads")))
        helps += [name for name in _names(row.text(columns.get("helps")))[0] if name not in helps]
        if not work or not (leads or when) or _is_done(row, columns):
            continue
        dues, unread = read_deadlines(f"{_LABEL}{_until(when)}", reference, issued) if when else ((), ())
        cell = row.cells[columns["time"]] if unread else None
        doubts += [(cell.start, _on_one_line(when), one) for one in unread if cell]
        tasks.append(_task(table, row, work, ", ".join(leads) or owner, helps, when))
        if dues:
            due = dues[-1]
            known = {"due_date": due.day, "due_time": due.clock, "term": due.term}
            tasks[-1] = tasks[-1].model_copy(update=known)
    return tasks, doubts


@dataclass(slots=True, frozen=True)
class _Row:
    """The cell that counts for each column, and those that begin in the row."""

    cells: dict[int, TableCell]
    own: Sequence[TableCell]

    def text(self, column: int | None) -> str:
        cell = None if column is None else self.cells.get(column)
        return cell.text if cell else ""

    def alone(self, columns: int) -> TableCell | None:
        """The cell of a row that is a heading: over most of the columns, no other filled but for a number."""
        filled = [cell for cell in self.own if cell.text]
        wide = [cell for cell in filled if cell.column_span > 1 and cell.column_span >= columns - 1]
        return wide[0] if wide and len(filled) <= 2 else None


def _rows(table: Table) -> Iterator[_Row]:
    """The rows below the head."""
    reaching: dict[int, tuple[int, TableCell]] = {}
    for number, row in enumerate(table.rows):
        reaching = {column: held for column, held in reaching.items() if held[0] > number}
        for cell in row.cells:
            for column in range(cell.column, cell.column + cell.column_span):
                reaching[column] = (number + cell.row_span, cell)
        if number >= table.header_rows:
            yield _Row({column: cell for column, (_, cell) in reaching.items()}, row.cells)


def _without_dittos(rows: Sequence[_Row]) -> Sequence[_Row]:
    """The rows; where a cell says 'nt' (như trên) or '"', the one above it counts."""
    for above, row in pairwise(rows):
        row.cells.update(
            {
                k: above.cells[k]
                for k, cell in row.cells.items()
                if k in above.cells and _DITTO.fullmatch(fold(cell.text))
            }
        )
    return rows


def _is_done(row: _Row, columns: Mapping[Column, int]) -> bool:
    """Whether another column than those of who does what says that the work is done."""
    named = {columns.get(kind) for kind in ("work", "leads", "helps")}
    return any(_DONE.fullmatch(fold(_on_one_line(cell.text))) for k, cell in row.cells.items() if k not in named)


def _columns(table: Table) -> dict[Column, int]:
    """Which column holds what, the first of each kind; empty for a table without a head."""
    found: dict[Column, int] = {}
    for column in range(table.columns if table.header_rows else 0):
        kind = _kind(_heading(table, column, lowest=True)) or _kind(_heading(table, column))
        if kind:
            found.setdefault(kind, column)
    return found


def _heading(table: Table, column: int, *, lowest: bool = False) -> str:
    """The words of the head above a column, or those of the cell right above it."""
    over = [
        cell.text
        for row in table.rows[: table.header_rows]
        for cell in row.cells
        if cell.column <= column < cell.column + cell.column_span and not cell.text.strip(" ()").isdecimal()
    ]
    return " ".join(over[-1:] if lowest else over)


def _kind(heading: str) -> Column | None:
    folded = " ".join(fold(heading).split())
    return next((kind for kind, pattern in _kinds() if pattern.fullmatch(folded)), None)


@cache
def _kinds() -> "list[tuple[Column, regex.Pattern[str]]]":
    return [(record["column"], regex.compile(record["pattern"])) for record in load("duties")["columns"]]


def _names(text: str) -> tuple[list[str], list[str]]:
    """Who leads by the words of a cell, and who helps: it may be a list, or say 'Sở Y tế chủ trì, phối hợp với …'."""
    if not text:
        return [], []
    if not names_only(_on_one_line(text)) and (helps := coordinators(old_tones(text))):
        leads = leading_actor(text) or opening_actor(text)
        return ([leads] if leads else []), helps
    return [name for line in text.split("\n") for name in listed(line.lstrip(_BULLET))], []


def _until(when: str) -> str:
    """What a cell says of the end, in full words: '29/6 - 09/7/2026' is '09/7/2026', '6/2026' is 'tháng 6/2026'."""
    text = _on_one_line(when)
    first = _FROM.match(fold(text))
    text = text[first.end() :] if first else text
    return next((f"{word}{text}" for pattern, word in _BARE if pattern.fullmatch(text.rstrip(" .;"))), text)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _task(table: Table, row: _Row, work: str, assignee: str | None, helps: list[str], when: str) -> Task:
    text, period = _on_one_line(old_tones(work)), find_recurrence(_on_one_line(when))
    period = period or find_recurrence(text)
    filled = [cell for cell in row.own if cell.text]
    return Task(
        section=table.section,
        assignee=assignee,
        coordinators=helps or coordinators(text),
        text=text,
        recurrence=period.printed if period else None,
        recurrence_rules=list(period.rules) if period else [],
        report_to=report_to(text),
        via=report_via(text),
        start=min(cell.start for cell in filled),
        end=max(cell.end for cell in filled),
    )
