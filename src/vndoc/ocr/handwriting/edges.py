"""Where a slot begins and ends, from the printed words beside it.

A word that handwriting touches is read with a box that holds the handwriting too: "ngày" reaches to the middle of the
day. What stays true is where such a word begins (or, to the right of a slot, ends), and how wide it must be: its
letters' advance widths times the type size, which follows from the untouched words of the line.
"""

import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from statistics import median
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from vndoc.page import Box, Word
from vndoc.slots import PrintBehind, SlotKind

_BEFORE = {"number": "so", "day": "ngay", "month": "thang", "year": "nam"}
_BEHIND = {"day": "thang", "month": "nam"}
_WIDE = {"so": 1.334, "ngay": 1.944, "thang": 2.278, "nam": 1.722}  # "Số:" upright, the others in italics
_BEARINGS = 0.06  # of the type size: advance width of a word less the width of its ink
_APART = 0.1  # of the type size: how far before a printed word the slot ends
_DOUBTS = ((0.0, 0.0, 0.6), (-0.18, 0.0, 0.1), (0.12, 0.0, 0.1), (0.0, 0.15, 0.1), (0.0, -0.15, 0.1))
"""How far the edges may be off, in type sizes, left and right, and what weight that has."""
_OVERLAPS = ((0.0, 0.5), (0.06, 0.3), (None, 0.2))
"""How far digits in a stamp may reach into the line above, in type sizes, and what weight that has."""
_LEAN = 0.42  # of the printed slash, columns per row
_YEAR = 3.5  # type sizes: room for four digits in a wide hand
_DESCENDING = "gjpqy(),;Q\N{COMBINING DOT BELOW}"
_SURE = 0.8
_SWOLLEN = 0.2  # type sizes by which a code is wider than its letters: digits or a speck are in its box
_SMALLEST, _LARGEST = 0.7, 1.4  # type size of the form, in units of 13.5 points
_FORM_POINTS = 13.5


class BoxedSlot(NamedTuple):
    """A slot that has a box; base line and type size in pixels where they are known, as in a stamp."""

    kind: SlotKind
    box: Box
    base_line: float | None = None
    em: float | None = None
    behind: PrintBehind | None = None
    labelled: bool = True


class Window(NamedTuple):
    """A slot measured out, in pixels: edges, base line, type size (the em), and how far a slash leans per pixel up."""

    x0: int
    x1: int
    base: int
    em: float
    lean: float
    dense: bool = False
    """The lines above and below are near, and the blank is far wider than what stands in it, as in stamps."""
    overlap: float | None = 0.0
    """How far, in type sizes, digits may reach into the line above a dense slot; None if all they reach is theirs."""


def fold(text: str) -> str:
    """Lower case without marks."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in bare if not unicodedata.combining(c))


@cache
def _widths() -> dict[str, int]:
    table: dict[str, int] = json.loads(
        files("vndoc.ocr.handwriting").joinpath("advances.json").read_text(encoding="utf-8")
    )["widths"]
    return table


def advance(text: str) -> float | None:
    """Width of ``text`` in units of the type size; None where the table lacks a letter."""
    total = 0
    for char in text:
        width = _widths().get(char) or _widths().get(unicodedata.normalize("NFD", char)[0])
        if width is None:
            return None
        total += width
    return total / 1000


def beside(box: Box, words: Sequence[Word]) -> list[Word]:
    """The words on the line of ``box``, from left to right."""
    chosen = [w for w in words if w.box and w.box.y0 < box.y_center < w.box.y1]
    return sorted(chosen, key=lambda w: w.box.x0 if w.box else 0)


def type_size(words: Sequence[Word], dpi: int) -> float:
    """Type size in pixels, the middle one of what the surely read words give; 13.5 points without any."""
    usual = _FORM_POINTS * dpi / 72
    sizes = []
    for word in words:
        width = advance(word.text)
        if word.box and width and len(word.text) > 2 and word.confidence >= _SURE:
            sizes.append(word.box.width / (width - _BEARINGS))
    fitting = [s for s in sizes if _SMALLEST * usual <= s <= _LARGEST * usual]
    return median(fitting) if fitting else usual


def measure(slot: BoxedSlot, words: Sequence[Word], em: float) -> list[tuple[Window, float]]:
    """Windows that the slot may have, with weights that sum to 1.

    The edges are where the words beside the slot must end, else those of its box. Where it matters for the strokes
    that are the slot's, the windows disagree, and so will what is read in them.
    """
    if slot.em is not None and slot.base_line is not None:
        window = Window(0, 0, round(slot.base_line), slot.em, 0.0, True)
        (middle, weight), *moved = _doubted([slot.box.x0], [slot.box.x1], window)
        return [*((middle._replace(overlap=up), share * weight) for up, share in _OVERLAPS), *moved]
    line = beside(slot.box, words)
    em = _own_size(slot, line, em)
    lefts, rights = _left_edges(slot, line, em), _right_edges(slot, line, em)
    bases = [_base(w, em) for w in line if w.confidence >= _SURE] or [slot.box.y1 - 0.2 * em]
    code = _code_behind(slot, line)
    base, lean = round(median(bases)), _LEAN if code and code.text[0] == "/" else 0.0
    return _doubted(lefts, rights, Window(0, 0, base, em, lean))


def _doubted(lefts: Sequence[float], rights: Sequence[float], window: Window) -> list[tuple[Window, float]]:
    """``window`` with these edges, and with edges a little off, weighed."""
    windows: list[tuple[Window, float]] = []
    for x0, x1 in product(lefts, rights):
        for moved_left, moved_right, weight in _DOUBTS:
            a, b = round(x0 + moved_left * window.em), round(x1 + moved_right * window.em)
            windows.append((window._replace(x0=a, x1=max(b, a + 1)), weight / len(lefts) / len(rights)))
    return windows


def _own_size(slot: BoxedSlot, line: Sequence[Word], em: float) -> float:
    """Type size of a number, which is often smaller than the date's: that of the code behind it, if that is a word."""
    code = _code_behind(slot, line)
    if code is None or code.x0 is None or "-" not in code.text:
        return em
    width = advance(code.text)
    own = (code.x1 - code.x0) / (width - _BEARINGS) if width else em
    return own if 0.8 * em < own < 1.04 * em else em  # a code that seems larger has swallowed a digit


def _left_edges(slot: BoxedSlot, line: Sequence[Word], em: float) -> list[float]:
    """Where the slot may begin: after the label, counted from where that begins, or else where it seems to end."""
    word = _label_before(slot, line)
    if word is None or word.box is None:
        return [slot.box.x0]
    label = _BEFORE[slot.kind]
    edge = word.box.x0 + em * (_WIDE[label] - _BEARINGS)
    if fold(word.text).rstrip(":;.,") != label:
        return [edge]
    if word.box.x1 < edge + 0.15 * em:  # a box swollen by a digit would be wider
        return [max(word.box.x1, edge - 0.3 * em)]
    # A box wider than expected is swollen by the slot's own ink, or, with the day before it, at the other end.
    return [edge, word.box.x1] if slot.kind == "month" and word.box.x1 - edge > 0.2 * em else [edge]


def _right_edges(slot: BoxedSlot, line: Sequence[Word], em: float) -> list[float]:
    """Where the slot may end: before the printed word behind it, counted from where that ends, or where it begins.

    A box that is wider than its print is swollen by digits at its left, or by a speck at its right.
    """
    if slot.kind == "number":
        behind = _code_behind(slot, line)
        # OCR loses the hyphen more often than a code has none.
        wide = advance(behind.text if "-" in behind.text else behind.text + "-") if behind else None
    else:
        behind, wide = _label_behind(slot, line), _WIDE.get(_BEHIND.get(slot.kind, ""))
    if behind is None:
        # Nothing is printed behind the year, and OCR may have seen only its first digits.
        return [max(slot.box.x1, slot.box.x0 + _YEAR * em) if slot.kind == "year" else slot.box.x1]
    if slot.kind == "number" and (code := _own_code(behind.text)) and (narrow := advance(code)):
        return [slot.box.x1, behind.x1 - em * (narrow - _BEARINGS + _APART)]
    if wide is None:
        return [slot.box.x1 if behind.x0 is None else behind.x0]
    edge = behind.x1 - em * (wide - _BEARINGS + _APART)
    if behind.x0 is None:
        return [edge]
    begun = behind.x0 - _APART / 2 * em
    if slot.kind == "number" and edge - begun > _SWOLLEN * em:
        return [edge, begun]
    return [max(edge, min(begun, edge + 0.2 * em))]


def _base(word: Word, em: float) -> float:
    """Base line under a word: the lower edge of its box, less the descenders."""
    assert word.box is not None
    return word.box.y1 - 0.2 * em * any(c in _DESCENDING for c in unicodedata.normalize("NFD", word.text))


def _label_before(slot: BoxedSlot, line: Sequence[Word]) -> Word | None:
    label = _BEFORE.get(slot.kind)
    if label is None:
        return None
    # What is read in the slot may look like the label: 'S6' for 56.
    left = [w for w in line if w.box and w.box.x0 < slot.box.x0 and _like(fold(w.text)[: len(label)], label)]
    # A slot of which nothing was read is all that is between the label and the code, read as one word with these.
    whole = [
        w for w in line if w.box and w.box.x0 == slot.box.x0 and fold(w.text).startswith((f"{label}:", f"{label}/"))
    ]
    return left[-1] if left else whole[0] if whole else None


def _label_behind(slot: BoxedSlot, line: Sequence[Word]) -> PrintBehind | None:
    """The printed word of the form behind a day or month."""
    label = _BEHIND.get(slot.kind)
    for word in line:
        if label and word.box and word.box.x1 > slot.box.x_center and _like(fold(word.text)[-len(label) :], label):
            return PrintBehind(word.text, word.box.x0 if fold(word.text) == label else None, word.box.x1)
    return None


def _code_behind(slot: BoxedSlot, line: Sequence[Word]) -> PrintBehind | None:
    """The code printed behind a number, with the sign it begins with: "/QĐ-UBND", or "-KH/TU" as the Party writes."""
    if slot.kind != "number" or slot.behind is not None:
        return slot.behind
    for word in line:
        if word.box and word.box.x1 > slot.box.x_center and "/" in word.text and word.text[-1:].isalpha():
            code = word.text[min(k for k, char in enumerate(word.text) if char in "/-") :]
            return PrintBehind(code, word.box.x0 if code == word.text else None, word.box.x1)
    return None


def _own_code(text: str) -> str | None:
    """Of a code whose first part mixes digits and letters ("/Ả5/SYT-NVY"), as misread numbers do, what is behind it."""
    first, slash, rest = text[1:].partition("/")
    mixed = any(map(str.isdecimal, first)) and not first.strip().isdecimal()
    return slash + rest if mixed and "-" in rest else None


def _like(text: str, label: str) -> bool:
    return text[:1] == label[:1] and Levenshtein.distance(text, label) <= 1
