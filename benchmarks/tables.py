"""Tables in pages whose tables are known: ``python -m benchmarks.tables``.

Tables of 3 to 8 columns and 3 to 25 rows are made up and printed (:mod:`samples.tables`), with lines around every cell,
with lines above and below the head and at the foot only, and with none. Each is read born digital and scanned at 150,
200 and 300 dpi, askew, noisy, grey or black on white as the scanners of the samples are. Letters without tables are
read, too. Told are, for the tables on the pages, precision and recall of finding them (half of the area in common) and
the likeness of those that are there as F1 (:mod:`benchmarks.grits`), 0 for one that is not found: of structure and of
content. The last two are those of whole tables, put together from several pages. ``--quick`` takes a fifth of the time.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np
from rich.console import Console
from rich.table import Table as Shown

import vndoc
from benchmarks.grits import Grits, Place, grits
from samples.compose import compose
from samples.degrade import scan, scanner, write_scan
from samples.letter import Letter
from samples.render import write_digital
from samples.table_pages import Part, Printed, Rules, make_look, print_table
from samples.tables import make_table
from samples.typeset import Sheet
from samples.vary import letters
from vndoc.dispatch import Table
from vndoc.page import Block, Box, Grid, Page

SAMPLES = Path(__file__).parents[1] / "samples"
DIGITAL = "digital"
SOURCES = (DIGITAL, "150", "200", "300")
MACHINES = ("office", "copier", "fax", "archive")
NO_TABLE = "no table"
KINDS = (*(str(rules) for rules in Rules), NO_TABLE)
_FOUND = 0.5  # intersection over union from which a table counts as found
_WIDTH = 120  # letters: room for all columns
_WEAK = 0.95  # likeness below which a table is told as a failure


@dataclass(frozen=True, slots=True)
class Task:
    """One document to be made and read."""

    kind: str
    source: str
    number: int
    seed: int

    @property
    def rng(self) -> np.random.Generator:
        """The same for every source: they show the same tables."""
        return np.random.default_rng([self.seed, KINDS.index(self.kind), self.number])


@dataclass(slots=True)
class Result:
    """What came of it: of each table on a page, of each whole table, and how many were found that are none."""

    task: Task
    parts: list[Grits] = field(default_factory=list)
    wholes: list[Grits] = field(default_factory=list)
    found: int = 0
    false: int = 0
    failures: list[str] = field(default_factory=list)


NOTHING = Grits(0.0, 0.0)


def run(task: Task, keep: Path | None = None) -> Result:
    """Make a document, read it and compare; ``keep``: a folder where it is written to."""
    printed = print_tables(task)
    sheets = printed.sheets if printed else next(_letters(task))
    with tempfile.TemporaryDirectory() as folder:
        name = f"{task.kind.replace(' ', '-')}-{task.number}-{task.source}.pdf"
        path = (keep or Path(folder)) / name
        write(sheets, path, task)
        document = vndoc.read(path, settings=vndoc.Settings(jobs=1))
    result = Result(task)
    for page in document.pages:
        compare(page, [part for part in printed.parts if part.page == page.number] if printed else [], result, name)
    if printed:
        result.wholes.append(_whole(printed, document.dispatch.tables))
    return result


def print_tables(task: Task) -> Printed | None:
    """The pages of a task, None for one without tables."""
    if task.kind == NO_TABLE:
        return None
    rng, rules = task.rng, Rules(task.kind)
    table = make_table(rng, merged=rules is Rules.RULED)
    return print_table(table, make_look(rng, rules, table), rng)


def _letters(task: Task) -> Iterator[list[Sheet]]:
    kept = [Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json"))]
    first = task.number % len(kept)
    return (compose(letter) for letter in letters(kept[first : first + 1], 1, task.seed + task.number))


def write(sheets: Sequence[Sheet], path: Path, task: Task) -> None:
    """The pages as a PDF with text or as a scan, by one of the machines in turn."""
    if task.source == DIGITAL:
        write_digital(sheets, path, task.seed)
    else:
        machine = replace(scanner(MACHINES[task.number % len(MACHINES)]), dpi=int(task.source))
        write_scan(scan(sheets, machine, task.seed + task.number), path, machine)


def compare(page: Page, parts: Sequence[Part], result: Result, name: str) -> None:
    """Add the tables of one page to the result; each that is found is the one that it has most in common with."""
    scale = page.dpi / 72
    read = [(block, block.grid, box) for block in page.blocks if block.grid and (box := block.grid.box or block.box)]
    free = list(range(len(read)))
    for part in parts:
        box = Box(*(round(v * scale) for v in part.box))
        at = max(free, key=lambda i: _common(box, read[i][2]), default=None)
        if at is None or _common(box, read[at][2]) < _FOUND:
            result.parts.append(NOTHING)
            result.failures.append(f"{name} page {page.number}: not found")
            continue
        free.remove(at)
        result.found += 1
        true, got = _places(part), places(read[at][0], read[at][1])
        score = grits(true, got)
        result.parts.append(score)
        if min(score.topology, score.content) < _WEAK:
            told = f"{name} page {page.number}: {score.topology:.3f} {score.content:.3f}"
            result.failures.append("\n".join([told, "  true", *_rows(true), "  read", *_rows(got)]))
    result.false += len(free)
    result.failures += [f"{name} page {page.number}: no table in {tuple(read[i][2])}" for i in free]


def _common(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    both = width * height if width > 0 and height > 0 else 0
    return both / max(1, one.width * one.height + other.width * other.height - both)


def _places(part: Part) -> list[Place]:
    return [Place(cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in part.cells]


def places(block: Block, grid: Grid) -> list[Place]:
    """The cells of a table that was found on a page, with the texts of their lines."""
    return [
        Place(
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            " ".join(line.text for line in block.lines[cell.first : cell.last]),
        )
        for cell in grid.cells
    ]


def _whole(printed: Printed, tables: Sequence[Table]) -> Grits:
    """The likeness of the whole table, its head once, and the one of the document that is most like it."""
    table = printed.table
    true = [Place(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]
    read = [
        [Place(at, c.column, c.row_span, c.column_span, c.text) for at, row in enumerate(one.rows) for c in row.cells]
        for one in tables
    ]
    return max((grits(true, one) for one in read), key=lambda score: score.content, default=NOTHING)


def _rows(cells: Sequence[Place]) -> Iterator[str]:
    for row in sorted({cell.row for cell in cells}):
        own = (cell for cell in cells if cell.row == row)
        yield "    " + " | ".join(
            cell.text + (f" <{cell.row_span}x{cell.column_span}>" if cell.row_span * cell.column_span > 1 else "")
            for cell in own
        )


def figures(results: Sequence[Result]) -> dict[str, float]:
    """Means over all tables of these documents."""
    parts = [score for result in results for score in result.parts]
    wholes = [score for result in results for score in result.wholes]
    found, false = (sum(getattr(result, name) for result in results) for name in ("found", "false"))

    def mean(scores: Sequence[Grits], name: str) -> float:
        return round(fmean(getattr(score, name) for score in scores), 4) if scores else 1.0

    return {
        "tables": len(parts),
        "false": false,
        "precision": round(found / max(1, found + false), 4) if parts else 1.0,
        "recall": round(found / len(parts), 4) if parts else 1.0,
        "structure": mean(parts, "topology"),
        "content": mean(parts, "content"),
        "whole_structure": mean(wholes, "topology"),
        "whole_content": mean(wholes, "content"),
    }


def _shown(rows: dict[tuple[str, str], dict[str, float]], documents: int, seed: int) -> Shown:
    made = Shown("lines", "source", title=f"{documents} documents of each kind, seed {seed}")
    names = next(iter(rows.values()))
    for name in names:
        made.add_column(name.replace("_", " "), justify="right")
    for (kind, source), row in rows.items():
        made.add_row(kind, source, *(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values()))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--documents", type=int, default=10, help="of each kind (10)")
    parser.add_argument("--quick", action="store_true", help="two documents of each kind")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other tables (1)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--sources", nargs="+", choices=SOURCES, default=SOURCES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="documents read at a time")
    parser.add_argument("--keep", type=Path, help="folder to write the documents to")
    parser.add_argument("--failures", action="store_true", help=f"tell the tables that are less than {_WEAK} alike")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    documents = 2 if options.quick else options.documents
    cells = list(product(options.kinds, options.sources))
    tasks = [Task(kind, source, number, options.seed) for kind, source in cells for number in range(documents)]
    with ProcessPoolExecutor(options.jobs) as pool:
        results = list(pool.map(run, tasks, [options.keep] * len(tasks)))
    rows = {cell: figures([one for one in results if (one.task.kind, one.task.source) == cell]) for cell in cells}
    if options.json:
        print(json.dumps({f"{kind}, {source}": row for (kind, source), row in rows.items()}, indent=1))
    else:
        Console(width=_WIDTH).print(_shown(rows, documents, options.seed))
    if options.failures:
        print("\n".join(failure for result in results for failure in result.failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
