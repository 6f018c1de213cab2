"""Cut the filled-in blanks out of scans with known truth: what ``training.digits.refine`` learns real hands from.

``python -m training.digits.slots --scans FOLDER --out slots.pickle``; beside each scan ``NAME.pdf`` (or an image) is a
``NAME.json`` with its ``code_number`` and ``issued_date``, as a dispatch has them.
"""

import argparse
import json
import pickle
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import vndoc
from vndoc.ocr.handwriting.cut import Cut, cut_out
from vndoc.ocr.handwriting.cut import one_channel as red
from vndoc.ocr.handwriting.edges import BoxedSlot, beside, measure, type_size
from vndoc.ocr.handwriting.network import Readers, trained
from vndoc.ocr.handwriting.reading import read
from vndoc.ocr.imaging.polarity import positive
from vndoc.ocr.imaging.skew import rotate
from vndoc.ocr.imaging.upright import turned
from vndoc.page import Method
from vndoc.parse import read_form
from vndoc.slots import SlotForm, SlotKind
from vndoc.sources import load_file, open_file

_LEAST = 0.02  # probability that the truth has already; with less, the slot was cut in the wrong place


def labels(truth: Mapping[str, Any]) -> dict[SlotKind, tuple[str, ...]]:
    """What the blanks may hold: the number, and day and month with or without a 0 before them."""
    found: dict[SlotKind, tuple[str, ...]] = {}
    if (number := str(truth.get("code_number") or "")).isdigit():
        found[SlotKind.NUMBER] = (number,)
    if truth.get("issued_date"):
        issued = date.fromisoformat(truth["issued_date"])
        found[SlotKind.DAY] = (f"{issued.day:02}", str(issued.day))
        found[SlotKind.MONTH] = (f"{issued.month:02}", str(issued.month))
    return found


def slots_of(path: Path, truth: Mapping[str, Any], readers: Readers) -> Iterator[tuple[Cut, str]]:
    """The slots of a scan's first page, with what is written in each."""
    page = vndoc.read(path, pages=[1]).pages[0]
    if page.method is not Method.OCR:
        return
    opened, _ = open_file(load_file(path))
    with opened:
        image = red(turned(positive(opened.image(page.number, page.dpi)), page))
    gray = rotate(image, page.angle, slice(0, image.shape[0]))
    own = [s for s in read_form([page]).slots if s.form is SlotForm.DISPATCH and s.box and s.labelled]
    words = list(page.words)
    em = type_size([word for slot in own if slot.box for word in beside(slot.box, words)], page.dpi)
    known = labels(truth)
    for slot in own:
        if slot.box is None or slot.kind not in known:
            continue
        windows = measure(BoxedSlot(slot.kind, slot.box, behind=slot.behind), words, em)
        cuts = [cut for window, _ in windows if (cut := cut_out(gray, window))]
        clean = next((cut for cut in cuts if not cut.doubtful), None)
        if clean is None:
            continue
        seen = read([(clean, 1.0)], readers)
        text = max(known[slot.kind], key=lambda text: seen.get(text, 0.0))
        if seen.get(text, 0.0) >= _LEAST:
            yield clean, text


def main() -> None:
    """Write a list of ``(name of the scan, cut, text)``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    readers = trained()
    found = [
        (path.stem, cut, text)
        for path in sorted(options.scans.iterdir())
        if path.suffix not in (".json", ".txt") and (beside_it := path.with_suffix(".json")).is_file()
        for cut, text in slots_of(path, json.loads(beside_it.read_text(encoding="utf-8")), readers)
    ]
    options.out.write_bytes(pickle.dumps(found))
    print(f"{len(found)} slots of {len({name for name, _, _ in found})} scans")


if __name__ == "__main__":
    main()
