"""The blanks of the form that a clerk fills by hand: number, day, month, year. Where they are, and what is in them.

On most scans the number and the day are handwriting, which OCR turns into confident nonsense. A slot is therefore
believed only where the reading is digits, was read surely, and has the size and the base line of the print around it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import regex

from vndoc.page import Box, Origin, Word
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine
from vndoc.slots import PrintBehind, Slot, SlotForm, SlotKind

MOST_DIGITS = 6
"""Of a number."""


def slot_at(kind: SlotKind, line: TextLine, start: int, end: int, reference: Box | None) -> Slot:
    """The dispatch's slot between two offsets of a line; ``reference`` is the box of a printed number on that line."""
    raw = line.text[start:end].strip()
    inside = [word for s, e, word in _spans(line) if s < end and e > start]
    printed = _is_digits(raw.strip(" .,:;"), kind)
    confidence = _confidence(line, start, end, reference) if printed else 0.0
    origin = next(
        (word.origin for word in inside if word.origin.recognised), inside[0].origin if inside else Origin.OCR
    )
    return Slot(kind, SlotForm.DISPATCH, line.page, _slot_box(line, start, end), raw, confidence, origin)


def print_behind(line: TextLine, start: int, end: int) -> PrintBehind | None:
    """The print between two offsets of a line, which follows a blank; None without boxes."""
    spans = [(s, e, word.box) for s, e, word in _spans(line) if s < end and e > start]
    boxes = [box for _, _, box in spans if box]
    if not boxes or len(boxes) < len(spans):
        return None
    alone = spans[0][0] >= start
    return PrintBehind(line.text[start:end].strip(), boxes[0].x0 if alone else None, max(box.x1 for box in boxes))


def digits_in(slot: Slot) -> str | None:
    """What was read in the slot, if it is digits and nothing else; a number may carry a letter ('12a')."""
    cleaned = slot.raw.strip(" .,:;")
    return cleaned if _is_digits(cleaned, slot.kind) else None


def _is_digits(text: str, kind: SlotKind) -> bool:
    return bool(regex.fullmatch(r"[0-9]{1,6}[a-zđ]?" if kind is SlotKind.NUMBER else r"[0-9]{1,4}", text))


def _spans(line: TextLine) -> list[tuple[int, int, Word]]:
    spans, at = [], line.text.find(line.words[0].text) if line.words else 0
    at = max(at, 0)
    for word in line.words:
        spans.append((at, at + len(word.text), word))
        at += len(word.text) + 1
    return spans


def _x_at(line: TextLine, offset: int, side: Literal["left", "right"]) -> int | None:
    """Pixel column of the left (or right) edge of the character at ``offset``, letters taken as equally wide."""
    for start, end, word in _spans(line):
        if start <= offset < end and word.box:
            share = (offset - start + (side == "right")) / (end - start)
            return round(word.box.x0 + share * word.box.width)
    return None


def _slot_box(line: TextLine, start: int, end: int) -> Box | None:
    whole = line.box
    if whole is None:
        return None
    before = max((k for k in range(start) if not line.text[k].isspace()), default=None)
    behind = next((k for k in range(end, len(line.text)) if not line.text[k].isspace()), None)
    x0 = _x_at(line, before, "right") if before is not None else whole.x0
    x1 = _x_at(line, behind, "left") if behind is not None else whole.x1
    if x0 is None or x1 is None:
        return None
    if x1 <= x0:  # a neighbour's box is swollen over the slot: what was read between them tells where it is
        inside = [w.box for s, e, w in _spans(line) if w.box and s < end and e > start]
        # Nothing was read between the printed words: the hand has filled the blank, and their boxes meet in it.
        x0, x1 = (min(b.x0 for b in inside), max(b.x1 for b in inside)) if inside else (x1, max(x0, x1 + 1))
    near = [w.box for s, e, w in _spans(line) if w.box and e > start - 6 and s < end + 6] or [whole]
    around = Box.around(near)
    margin = round(0.15 * around.height)
    return line.on_page(Box(x0, max(0, around.y0 - margin), x1, around.y1 + margin))


def _confidence(line: TextLine, start: int, end: int, reference: Box | None) -> float:
    """How likely the slot holds print, read right."""
    raw = line.text[start:end].strip(" .,:;")
    inside = [(s, e, w) for s, e, w in _spans(line) if s < end and e > start]
    if any(w.box is None for _, _, w in inside):
        return 0.7 * min(w.confidence for _, _, w in inside)
    confidence = min((w.confidence for _, _, w in inside), default=0.0)
    if inside and not any(w.origin.recognised for _, _, w in inside):
        # A scanner's own text layer claims to be sure of handwriting too; the size of the words betrays it.
        boxes = [w.box for _, _, w in inside if w.box]
        return 0.98 if reference is None or all(_is_typed(box, reference) for box in boxes) else 0.4
    if reference is None or len(inside) != 1:
        return min(confidence, 0.4)
    s, e, word = inside[0]
    alone = line.text[s:e].strip(" .,:;") == raw
    return confidence if word.box and _is_print(word.box, reference, alone) else min(confidence, 0.3)


def _is_print(box: Box, reference: Box, alone: bool) -> bool:
    """Whether a word has the height and base line of printed digits; with letters glued to it, it may be taller."""
    tall = box.height / max(1, reference.height)
    drop = abs(box.y1 - reference.y1) / max(1, reference.height)
    return 0.8 <= tall <= (1.18 if alone else 1.42) and drop <= (0.3 if alone else 0.45)


def _is_typed(box: Box, reference: Box) -> bool:
    """Whether a word of a text layer has about the height and base line of another: fonts differ, hands differ more."""
    tall = box.height / max(1, reference.height)
    return 0.6 <= tall <= 1.3 and abs(box.y1 - reference.y1) <= 0.35 * reference.height


def as_month(slot: Slot) -> Slot:
    """A month slot with a misread printed month mended: of what 'T0' may be, 70 is no month and 10 is."""
    if digits_in(slot):
        return slot
    months = {int(text) for text, _ in digit_candidates(slot.raw, 60) if len(text) == 2 and 1 <= int(text) <= 12}
    return replace(slot, raw=f"{months.pop():02}", confidence=0.7) if len(months) == 1 and len(slot.raw) == 2 else slot


def digit_candidates(raw: str, limit: int = 6) -> list[tuple[str, float]]:
    """Digit strings that ``raw`` may stand for, with weights that sum to 1 at most: '2/' -> '21', '27'.

    Empty where a character looks like no digit.
    """
    looks = load("digits")["looks_like"]
    found: list[tuple[str, float]] = [("", 1.0)]
    for char in regex.sub(r"\s", "", raw):
        options = {char: 1.0} if char.isascii() and char.isdigit() else looks.get(char)
        if not options:
            return []
        found = [(text + digit, p * share) for text, p in found for digit, share in options.items()]
    return sorted(found, key=lambda c: -c[1])[:limit] if raw.strip() else []


def day_candidates(raw: str, days: Sequence[int]) -> list[tuple[int, float]]:
    """Days among ``days`` that ``raw`` may stand for, with weights that sum to 1, best first."""
    weights: dict[int, float] = {}
    for text, p in digit_candidates(raw, 60):
        if len(text) <= 2 and int(text) in days:
            weights[int(text)] = weights.get(int(text), 0.0) + p
    total = sum(weights.values())
    return sorted(((day, p / total) for day, p in weights.items()), key=lambda c: -c[1]) if total else []
