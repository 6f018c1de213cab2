"""Tables as offices make them, with the truth of every cell: what stands in them, before they are printed.

Lists of people and of land, tasks with who does them by when, figures by unit, programmes by day. Heads over several
columns, a row of column numbers, sections within the table, totals, cells that go over several rows, empty cells.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

_HERE = Path(__file__).parent
_DATA: dict[str, Any] = json.loads((_HERE / "tables.json").read_text(encoding="utf-8"))
_NAMES: dict[str, Any] = json.loads((_HERE / "names.json").read_text(encoding="utf-8"))
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
_RIGHT = ("figure", "money", "decimal", "percent")
_CENTRED = ("number", "date", "born", "unit", "count", "hour", "day", "phone", "land")
_NEVER_EMPTY = ("number", "task", "item", "person", "day", "hour", "field")
_EMPTY = {"note": 0.75, "born": 0.5}
_SELDOM = 0.04
PARAGRAPHS: list[str] = _DATA["paragraphs"]


class Column(NamedTuple):
    """A column: its heading, what stands in it, and the heading that it shares with its neighbours."""

    head: str
    kind: str
    group: str | None = None

    @property
    def align(self) -> str:
        """Where its text stands: ``left``, ``centre`` or ``right``."""
        return "right" if self.kind in _RIGHT else "centre" if self.kind in _CENTRED else "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; rows and columns from 0, the text as it runs on."""

    row: int
    column: int
    text: str = ""
    row_span: int = 1
    column_span: int = 1
    bold: bool = False
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells by row and column, empty ones too, the first ``header_rows`` rows its head."""

    title: str
    unit: str | None
    rows: int
    columns: tuple[Column, ...]
    header_rows: int
    cells: tuple[Cell, ...]


def make_table(rng: np.random.Generator, merged: bool, schema: int | None = None) -> Table:
    """One made-up table of 3 to 8 columns and 3 to 25 rows under its head.

    ``merged``: cells of its body may go over several rows or columns. Without rules nobody could see that, so tables
    without them have merged cells in the head alone.
    """
    schemas = _DATA["schemas"]
    plan = schemas[int(rng.integers(len(schemas))) if schema is None else schema]
    columns, grouped = _columns(plan, rng, merged)
    head = _head(columns, rng)
    amount = int(np.exp(rng.uniform(np.log(3), np.log(26))))
    body = _body(columns, amount, rng, merged, grouped)
    if plan.get("total") and columns[0].kind in ("number", "field") and rng.random() < 0.6:
        body.append(_total(columns, rng, merged))
    if merged and not grouped and columns[0].kind == "number" and rng.random() < 0.2:
        _merge_down(body, columns, rng)
    header_rows = max(cell.row + cell.row_span for cell in head)
    cells = [*head, *(replace(cell, row=header_rows + row) for row, own in enumerate(body) for cell in own)]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Table(plan["title"], plan.get("unit"), header_rows + len(body), tuple(columns), header_rows, tuple(cells))


def _columns(plan: dict[str, Any], rng: np.random.Generator, merged: bool) -> tuple[list[Column], bool]:
    """Some of the columns of a plan; whether the first stands for several rows."""
    columns = [Column(*column) for column in plan["columns"]]
    most = int(rng.integers(3, 9))
    while len(columns) > most:
        columns.pop(int(rng.integers(2, len(columns))))
    grouped = "first" in plan and merged
    if grouped:
        columns.insert(0, Column(*plan["first"]))
    elif columns[0].kind != "number" and rng.random() < 0.7:
        columns.insert(0, Column("STT" if rng.random() < 0.5 else "TT", "number"))
    return columns[:8], grouped


def _head(columns: Sequence[Column], rng: np.random.Generator) -> list[Cell]:
    groups = [(group, list(run)) for group, run in groupby(enumerate(columns), lambda pair: pair[1].group)]
    deep = any(group and len(run) > 1 for group, run in groups)
    cells = []
    for group, run in groups:
        together = bool(group) and len(run) > 1
        if together:
            cells.append(Cell(0, run[0][0], str(group), column_span=len(run)))
        for at, column in run:
            head = f"{group} ({column.head})" if group and not together and column.kind == "born" else column.head
            cells.append(Cell(int(together), at, head, row_span=1 if together or not deep else 2))
    rows = 2 if deep else 1
    if rng.random() < 0.2:
        plain = rng.random() < 0.5
        cells += [Cell(rows, at, str(at + 1) if plain else f"({at + 1})") for at in range(len(columns))]
    return [replace(cell, bold=True, align="centre") for cell in cells]


def _body(
    columns: Sequence[Column], amount: int, rng: np.random.Generator, merged: bool, grouped: bool
) -> list[list[Cell]]:
    """Rows of cells, all with row 0."""
    rows: list[list[Cell]] = []
    numbered = columns[0].kind == "number"
    named = len(columns) > 1 and columns[1].align == "left"
    sections = iter(_ROMAN if numbered and named and amount > 4 and rng.random() < 0.3 else ())
    until = 0  # rows to the next section, or that the first cell still stands for
    for number in range(1, amount + 1):
        if until == 0:
            until = int(rng.integers(1, 5)) if grouped else int(rng.integers(3, 8))
            until = min(until, amount - number + 1)
            if label := next(sections, None):
                rows.append(_section(label, columns, rng, merged))
            fresh = True
        row = [
            Cell(0, at, value(column.kind, number, rng), align=column.align)
            for at, column in enumerate(columns)
            if at or not grouped
        ]
        if grouped and fresh:
            row.insert(0, Cell(0, 0, value(columns[0].kind, number, rng), until, align=columns[0].align))
        rows.append(row)
        until, fresh = until - 1, False
    return rows


def _section(label: str, columns: Sequence[Column], rng: np.random.Generator, merged: bool) -> list[Cell]:
    """A row that heads the rows below it."""
    wide = merged and rng.random() < 0.6
    text = str(rng.choice(_DATA["values"]["section"]))
    cells = [Cell(0, 0, label, align="centre"), Cell(0, 1, text, column_span=len(columns) - 1 if wide else 1)]
    if not wide:
        cells += [Cell(0, at) for at in range(2, len(columns))]
    return [replace(cell, bold=True) for cell in cells]


def _total(columns: Sequence[Column], rng: np.random.Generator, merged: bool) -> list[Cell]:
    """The last row: the sums of the columns of figures."""
    wide = 2 if merged and columns[1].kind not in _RIGHT else 1
    label = str(rng.choice(_DATA["total"]))
    cells = [Cell(0, 0, label if wide == 2 else "", column_span=wide, align="centre")]
    for at, column in list(enumerate(columns))[wide:]:
        summed = column.kind in ("figure", "money", "decimal", "count") and at > 1
        text = value(column.kind, 99, rng, full=True) if summed else label if at == 1 else ""
        cells.append(Cell(0, at, text, align=column.align))
    return [replace(cell, bold=True) for cell in cells]


def _merge_down(body: list[list[Cell]], columns: Sequence[Column], rng: np.random.Generator) -> None:
    """Let the first two cells of some rows stand for the rows below them, too."""
    at = 0
    while at + 1 < len(body):
        pair = body[at : at + 2]
        full = all(len(row) == len(columns) and not row[0].bold for row in pair)
        if full and rng.random() < 0.3:
            body[at] = [replace(cell, row_span=2) if cell.column < 2 else cell for cell in pair[0]]
            body[at + 1] = pair[1][2:]
            at += 1
        at += 1


def value(kind: str, number: int, rng: np.random.Generator, full: bool = False) -> str:
    """What stands in a cell of such a column in the row of that number; sometimes nothing if not ``full``."""
    if not full and kind not in _NEVER_EMPTY and rng.random() < _EMPTY.get(kind, _SELDOM):
        return ""
    made = _MADE.get(kind)
    return made(number, rng) if made else str(rng.choice(_DATA["values"][kind]))


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _day(rng: np.random.Generator, first: date, days: int) -> str:
    return f"{first + timedelta(days=int(rng.integers(days))):%d/%m/%Y}"


def _organs(_number: int, rng: np.random.Generator) -> str:
    names = rng.choice(_DATA["values"]["organ"], int(rng.integers(1, 4)), replace=False)
    return ", ".join(map(str, names))


def _code(_number: int, rng: np.random.Generator) -> str:
    day = _day(rng, date(2008, 1, 1), 5000)
    return f"{int(rng.integers(1, 3000)):02d}/{day[-4:]}/{rng.choice(_DATA['values']['notation'])} ngày {day}"


_MADE: dict[str, Callable[[int, np.random.Generator], str]] = {
    "number": lambda number, _: str(number),
    "person": lambda _, rng: " ".join(str(rng.choice(_NAMES[part])) for part in ("surnames", "middle", "given")),
    "date": lambda _, rng: _day(rng, date(2025, 1, 1), 400),
    "born": lambda _, rng: _day(rng, date(1968, 1, 1), 12000),
    "day": lambda _, rng: f"Ngày {rng.integers(1, 29):02d}/{rng.integers(1, 13):02d}",
    "hour": lambda _, rng: f"{rng.integers(7, 17)}h{rng.choice(['00', '15', '30', '45'])}",
    "phone": lambda _, rng: f"0{rng.integers(3, 10)}{rng.integers(10_000_000, 99_999_999)}",
    "count": lambda _, rng: str(rng.integers(1, 400)),
    "figure": lambda _, rng: _grouped(int(10 ** rng.uniform(1, 6))),
    "money": lambda _, rng: _grouped(int(10 ** rng.uniform(2, 6)) * 1000),
    "decimal": lambda _, rng: f"{rng.uniform(10, 900):.1f}".replace(".", ","),
    "percent": lambda _, rng: f"{rng.uniform(20, 130):.1f}".replace(".", ","),
    "organs": _organs,
    "code": _code,
}
