"""How right the fields are: ``vndoc parse`` on documents whose truth is known, field by field.

``python -m benchmarks.fields [FOLDER …]``: the samples by default. A folder holds truth files (``*.json``, in the form
of ``samples/*/dispatch.json``) beside the documents they name in ``file``; where the true text lies beside them too
(``text.txt``, or ``NAME.p1.txt`` for page 1), words are counted as well, and bare ``tesseract -l vie`` reads the same
pages at 300 dpi for comparison. Text is compared without regard to case, tone placement and final punctuation; what a
truth lists under ``doubtful`` is not counted. Each entry of a list counts by itself.

``--leave-out office`` tells offices apart, by ``offices.json`` (file name to office) in the folder or beside it, else
by the issuer: every office is judged by itself and counts once, with the mean and the worst tenth of them. ``--read``
takes dispatches that were written before (``NAME.json``, as ``vndoc parse`` writes them) and reads no documents.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import vndoc
from benchmarks.offices import (
    OPEN,
    OUTCOMES,
    RIGHT,
    WRONG,
    Judged,
    Outcome,
    as_json,
    by_office,
    office_of,
    offices_of,
    tables,
)
from benchmarks.scoring import folded

SAMPLES = Path(__file__).parents[1] / "samples"
PLAIN_FIELDS = (
    "type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date", "subject",
    "urgency", "secrecy", "signer.position", "signer.full_name",
)  # fmt: skip
LIST_FIELDS = ("recipients", "to_places", "signer.authority")


def truths(folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every truth file of the folders and of their folders, with its content."""
    for folder in folders:
        for path in sorted({*folder.glob("*.json"), *folder.glob("*/dispatch.json")}):
            content = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(content, dict) and (path.parent / content.get("file", "")).is_file():
                yield path, content


def fold(value: object) -> str:
    """The form in which two values are compared."""
    return folded(str(value or "")).casefold().strip(" .,;:-")


def pick(content: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for key in path.split("."):
        content = (content or {}).get(key)
    return content


def judge(got: dict[str, Any], want: dict[str, Any]) -> Iterator[tuple[str, Outcome]]:
    """Each scored value with its outcome; a field that the truth leaves empty counts only where something was given."""
    doubtful = want.get("doubtful") or []
    yield from ((field, outcome) for field, outcome in _judged(got, want) if field not in doubtful)


def _judged(got: dict[str, Any], want: dict[str, Any]) -> Iterator[tuple[str, Outcome]]:
    for field in PLAIN_FIELDS:
        value, truth = pick(got, field), pick(want, field)
        if truth or value:
            same = fold(value).lstrip("0") == fold(truth).lstrip("0")
            yield field, RIGHT if same else WRONG if value else OPEN
    for field in LIST_FIELDS:
        values, wanted = (Counter(fold(item) for item in pick(side, field) or []) for side in (got, want))
        yield from _compared(field, values, wanted)
    if want.get("references") is not None:
        found = {r["notation"]: r for r in got["references"]}
        for cited in want["references"]:
            yield "references", RIGHT if cited["notation"] in found else OPEN
        for extra in set(found) - {r["notation"] for r in want["references"]}:
            yield "references", WRONG if extra else OPEN
    if want.get("deadlines") is not None:
        due = Counter(t["due_date"] for t in got["tasks"] if t["due_date"])
        true = Counter(d["due_date"] for d in want["deadlines"] if d.get("due_date"))
        yield from _compared("deadlines", due, true)


def _compared(field: str, values: Counter[str], wanted: Counter[str]) -> Iterator[tuple[str, Outcome]]:
    """The entries of a list, each by itself."""
    outcomes: tuple[tuple[Outcome, Counter[str]], ...]
    outcomes = ((RIGHT, values & wanted), (OPEN, wanted - values), (WRONG, values - wanted))
    for outcome, entries in outcomes:
        yield from ((field, outcome) for _ in entries.elements())


def words_found(text: str, truth: str) -> tuple[int, int]:
    """Words of the truth that the text has too, whatever their order, and words of the truth."""
    have, want = (Counter(fold(t).split()) for t in (text, truth))
    return (have & want).total(), want.total()


def tesseract(document: Path, pages: int | None) -> str:
    """What bare ``tesseract -l vie`` makes of a PDF at 300 dpi."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    last = ["-l", str(pages)] if pages else []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "300", "-png", *last, document, f"{folder}/p"], check=True)
        read = [
            subprocess.run(
                ["tesseract", image, "-", "-l", "vie"], env=environment, capture_output=True, check=True
            ).stdout
            for image in sorted(Path(folder).glob("*.png"))
        ]
    return b"\n".join(read).decode()


def read_before(folder: Path, truth: Path) -> dict[str, Any]:
    """The dispatch of a truth file as it was written before; raises ``FileNotFoundError`` where it was not."""
    name = truth.parent.name if truth.name == "dispatch.json" else truth.stem
    content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = content[0] if isinstance(content, list) else content
    return found


def judged_documents(folders: Sequence[Path], read: Path | None) -> Iterator[tuple[str, Judged]]:
    """Every document of the folders with its office and its judged fields."""
    for folder in folders:
        known = offices_of(folder)
        for path, want in truths([folder]):
            got = read_before(read, path) if read else vndoc.parse(path.parent / want["file"]).model_dump(mode="json")
            counts: dict[str, Counter[str]] = defaultdict(Counter)
            for field, outcome in judge(got, want):
                counts[field][outcome] += 1
            yield office_of(path.stem, want, known), dict(counts)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES])
    parser.add_argument("--leave-out", choices=["office"], help="judge every office by itself")
    parser.add_argument("--read", type=Path, metavar="FOLDER", help="dispatches that were written before")
    parser.add_argument("--json", action="store_true", help="print JSON in place of tables")
    chosen = parser.parse_args()
    if chosen.leave_out:
        offices = by_office(judged_documents(chosen.folders, chosen.read))
        _print(as_json(offices) if chosen.json else tables(offices))
        return
    outcomes, words = _over_all(chosen.folders, chosen.read)
    if chosen.json:
        fields = {field: {outcome: counts[outcome] for outcome in OUTCOMES} for field, counts in outcomes.items()}
        _print({"fields": fields, "words": {name: {"found": a, "of": b} for name, (a, b) in words.items()}})
        return
    table = Table("field", *OUTCOMES)
    for field, counts in outcomes.items():
        table.add_row(field, *(str(counts[outcome]) for outcome in OUTCOMES))
    found = Table("words found", "of", "share")
    for name, (hits, total) in words.items():
        found.add_row(name, f"{hits} / {total}", f"{hits / max(1, total):.4f}")
    _print([table, found])


def _print(result: dict[str, Any] | Sequence[Table]) -> None:
    if isinstance(result, dict):
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return
    console = Console()
    for table in result:
        console.print(table)


def _over_all(
    folders: Sequence[Path], read: Path | None
) -> tuple[dict[str, Counter[Outcome]], dict[str, tuple[int, int]]]:
    """The outcomes of each field over all documents, and the words found by vndoc and by Tesseract, of how many."""
    outcomes: dict[str, Counter[Outcome]] = defaultdict(Counter)
    words: dict[str, tuple[int, int]] = {"vndoc": (0, 0), "tesseract -l vie": (0, 0)}
    for path, want in truths(folders):
        document = path.parent / want["file"]
        got = read_before(read, path) if read else vndoc.parse(document).model_dump(mode="json")
        for field, outcome in judge(got, want):
            outcomes[field][outcome] += 1
        first = path.with_suffix(".p1.txt")
        text = first if first.is_file() else path.parent / "text.txt"
        if not text.is_file() or document.suffix != ".pdf" or read:
            continue
        one = text == first
        mine = got["pages"][0]["text"] if one else got["text"]
        for name, seen in (("vndoc", mine), ("tesseract -l vie", tesseract(document, 1 if one else None))):
            hits, total = words_found(seen, text.read_text(encoding="utf-8"))
            words[name] = (words[name][0] + hits, words[name][1] + total)
    return outcomes, words


if __name__ == "__main__":
    main()
