"""What an English OCR costs the parser: citations and deadlines of damaged and repaired dispatches beside clean ones.

``python -m benchmarks.garbled`` scores the pages kept in ``tests/parse/data/garbled.json``. ``--make`` makes them anew:
every sample and a variation of it, printed, scanned at 200 dpi and read with ``tesseract -l eng`` as an office without
Vietnamese data would read it. Each is kept as its clean pages, the pages as read, and its true citations and deadlines.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytesseract
from rich.console import Console
from rich.table import Table

from samples.compose import compose
from samples.degrade import scan, scanner
from samples.letter import Letter
from samples.vary import vary
from vndoc.page import page_from_text
from vndoc.parse import parse_pages
from vndoc.repair import repair

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests" / "parse" / "data" / "garbled.json"
SCANNERS = ("office", "copier", "archive")
SEEDS = (None, 11)


@dataclass(frozen=True)
class Score:
    """Found, given and true items of one kind over all documents."""

    hits: int = 0
    given: int = 0
    true: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was given."""
        return 2 * self.hits / (self.given + self.true) if self.given + self.true else 1.0

    def with_one(self, given: Sequence[str], true: Sequence[str]) -> "Score":
        """The score with one document more; items count as often as they stand there."""
        hits = sum(min(given.count(item), true.count(item)) for item in set(true))
        return Score(self.hits + hits, self.given + len(given), self.true + len(true))


def make() -> list[dict[str, Any]]:
    """Every sample and its variation: clean text, text as read in English, truth."""
    found: list[dict[str, Any]] = []
    for path in sorted((ROOT / "samples").glob("*/dispatch.json")):
        for k, seed in enumerate(SEEDS):
            letter = Letter.load(path)
            letter = letter if seed is None else vary(letter, seed)
            sheets = compose(letter)
            machine = scanner(SCANNERS[(len(found) + k) % len(SCANNERS)])
            images = scan(sheets, machine, seed or 0)
            found.append(
                {
                    "doc": letter.doc,
                    "clean": [sheet.text for sheet in sheets],
                    "read": [_read(image, machine.dpi) for image in images],
                    "references": sorted(reference.notation for reference in letter.references),
                    "due_dates": sorted(d.due_date.isoformat() for d in letter.deadlines if d.due_date),
                }
            )
    return found


def _read(image: Any, dpi: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        image.save(path, dpi=(dpi, dpi))
        text: str = pytesseract.image_to_string(str(path), lang="eng", config="--psm 3")
    return "\n".join(line.rstrip() for line in text.replace("\f", "").strip().split("\n"))


def read_from(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Notations and due dates that the parser finds in the pages."""
    dispatch = parse_pages([page_from_text(page, number) for number, page in enumerate(pages, 1)])
    due = [task.due_date.isoformat() for task in dispatch.tasks if task.due_date]
    return [reference.notation for reference in dispatch.references], due


def repaired(pages: Sequence[str]) -> list[str]:
    """The pages repaired as one text, as a reader of plain text has them."""
    return repair("\f".join(pages)).text.split("\f")


def scores(documents: Sequence[dict[str, Any]]) -> dict[str, dict[str, Score]]:
    """Scores of citations and deadlines for the clean and for the repaired text."""
    total = {kind: {"references": Score(), "due_dates": Score()} for kind in ("clean", "repaired")}
    for document in documents:
        for kind, pages in (("clean", document["clean"]), ("repaired", repaired(document["read"]))):
            for name, items in zip(("references", "due_dates"), read_from(pages), strict=True):
                total[kind][name] = total[kind][name].with_one(items, document[name])
    return total


def differences(documents: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What is lost or too much after the repair, a line for each document and kind."""
    for document in documents:
        for name, items in zip(("references", "due_dates"), read_from(repaired(document["read"])), strict=True):
            lost, added = set(document[name]) - set(items), set(items) - set(document[name])
            if lost or added:
                yield f"{document['doc']} {name}: lost {sorted(lost)}, too much {sorted(added)}"


def main() -> None:
    """Print the table; with ``--make`` write the pages first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make", action="store_true", help="print, scan and read the samples anew")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell what was lost where")
    options = parser.parse_args()
    if options.make:
        KEPT.write_text(json.dumps(make(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    documents = json.loads(KEPT.read_text(encoding="utf-8"))
    table = Table("", "citations F1", "deadlines F1")
    for kind, score in scores(documents).items():
        table.add_row(kind, f"{score['references'].f1:.3f}", f"{score['due_dates'].f1:.3f}")
    Console().print(table)
    if options.verbose:
        for line in differences(documents):
            print(line)


if __name__ == "__main__":
    main()
