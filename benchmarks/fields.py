"""How right the fields are: ``vndoc parse`` on documents whose truth is known, field by field.

``python -m benchmarks.fields [FOLDER …]``: the samples by default. A folder holds truth files (``*.json``, in the form
of ``samples/*/dispatch.json``) beside the documents they name in ``file``; where the true text lies beside them too
(``text.txt``, or ``NAME.p1.txt`` for page 1), words are counted as well, and bare ``tesseract -l vie`` reads the same
pages at 300 dpi for comparison. Text is compared without regard to case, tone placement and final punctuation.
"""

import argparse
import json
import os
import subprocess
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import vndoc
from vndoc.repair.syllable import fold_tone

SAMPLES = Path(__file__).parents[1] / "samples"
PLAIN_FIELDS = (
    "type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date", "subject",
    "urgency", "secrecy", "signer.position", "signer.full_name",
)  # fmt: skip
LIST_FIELDS = ("recipients", "to_places", "signer.authority")
RIGHT, OPEN, WRONG = "right", "left open", "wrong"


def truths(folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every truth file of the folders and of their folders, with its content."""
    for folder in folders:
        for path in sorted({*folder.glob("*.json"), *folder.glob("*/dispatch.json")}):
            content = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(content, dict) and (path.parent / content.get("file", "")).is_file():
                yield path, content


def fold(value: object) -> str:
    """The form in which two values are compared."""
    text = unicodedata.normalize("NFC", str(value or "")).translate(str.maketrans("–—“”’", '--""\''))
    return " ".join(fold_tone(word) for word in text.casefold().split()).strip(" .,;:-")


def pick(content: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for key in path.split("."):
        content = (content or {}).get(key)
    return content


def judge(got: dict[str, Any], want: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each scored field with its outcome; a field that the truth leaves empty counts only where something was given."""
    for field in PLAIN_FIELDS:
        value, truth = pick(got, field), pick(want, field)
        if truth or value:
            same = fold(value).lstrip("0") == fold(truth).lstrip("0")
            yield field, RIGHT if same else WRONG if value else OPEN
    for field in LIST_FIELDS:
        values, wanted = ([fold(item) for item in pick(side, field) or []] for side in (got, want))
        if values or wanted:
            yield field, RIGHT if values == wanted else WRONG
    if want.get("references") is not None:
        found = {r["notation"]: r for r in got["references"]}
        for cited in want["references"]:
            yield "references", RIGHT if cited["notation"] in found else OPEN
        for extra in set(found) - {r["notation"] for r in want["references"]}:
            yield "references", WRONG if extra else OPEN
    if want.get("deadlines") is not None:
        due = Counter(t["due_date"] for t in got["tasks"] if t["due_date"])
        true = Counter(d["due_date"] for d in want["deadlines"] if d.get("due_date"))
        for outcome, dates in ((RIGHT, due & true), (OPEN, true - due), (WRONG, due - true)):
            yield from (("deadlines", outcome) for _ in dates.elements())


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


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES])
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    words: dict[str, list[int]] = {"vndoc": [0, 0], "tesseract -l vie": [0, 0]}
    for path, want in truths(parser.parse_args().folders):
        document = path.parent / want["file"]
        got = vndoc.parse(document)
        for field, outcome in judge(got.model_dump(mode="json"), want):
            outcomes[field][outcome] += 1
        first = path.with_suffix(".p1.txt")
        text = first if first.is_file() else path.parent / "text.txt"
        if text.is_file() and document.suffix == ".pdf":
            one = text == first
            mine = got.pages[0].text if one else got.text
            for name, read in (("vndoc", mine), ("tesseract -l vie", tesseract(document, 1 if one else None))):
                hits, total = words_found(read, text.read_text(encoding="utf-8"))
                words[name][0] += hits
                words[name][1] += total
    console = Console()
    table = Table("field", RIGHT, OPEN, WRONG)
    for field, counts in outcomes.items():
        table.add_row(field, *(str(counts[outcome]) for outcome in (RIGHT, OPEN, WRONG)))
    console.print(table)
    table = Table("words found", "of", "share")
    for name, (hits, total) in words.items():
        table.add_row(name, f"{hits} / {total}", f"{hits / max(1, total):.4f}")
    console.print(table)


if __name__ == "__main__":
    main()
