"""The arrival stamp (dấu ĐẾN): its printed values, and the blanks that a registry fills by hand.

Its rows are 'ĐẾN', 'Số: …', 'Ngày … tháng … năm …' (or 'Ngày: …/…/…'), and who shall have the document. OCR swells the
boxes of labels that handwriting touches, so a label ends where its letters' widths say.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import groupby, pairwise
from math import atan2, degrees, radians, tan
from statistics import median
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from vndoc.page import BlockKind, Box, Word
from vndoc.parse.evidence import FieldValue, value_from
from vndoc.parse.fold import fold
from vndoc.parse.form.foot.occlusion import advance
from vndoc.parse.form.head.header import calendar_day
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine
from vndoc.slots import Slot, SlotForm, SlotKind

_POINTS = 12  # type size of most stamps
_FIT = (0.5, 1.5)  # of it: the sizes that stamps have
_MONTH = (0.34, 0.68)
"""Where 'tháng' begins and ends between 'Ngày' and 'năm', as shares of the way: stamps have blanks of one length."""
_ROWS, _PITCH = 1.35, (1.0, 2.2)  # type sizes from one row to the next: usually, and at least and most
_MOST_ROWS = 8
_A4 = 595  # points of a page's width
_DESCENT = 0.2  # of the height of a word's box: below the base line, where that was not measured
_BODY = 0.8  # of that height: the type size, likewise
_ABOVE, _BELOW = 1.0, 0.25  # type sizes above and below the base line that a slot's box reaches
_NAME = 6  # letters of a row in capitals that is a name
_HALVED = 2  # pixels between the halves of a leader, by rounding
_EARLY = 1.2  # type sizes by which a label may be longer than the one above
_LED = 0.35  # type sizes behind a label within which its leader begins
_SHORT = 2  # letters of a label that is too short to measure the type by
_SPECKS = " .,:;'\"-_|‘“”"  # what dots are read as
_DATE_LABELS = ("ngay", "thang", "nam")


@cache
def _pattern(name: str) -> regex.Pattern[str]:
    return regex.compile(load("arrival_stamp")[name]["pattern"])


@cache
def _printed_labels() -> dict[str, str]:
    """Labels of a stamp as they are printed, under their letters without marks."""
    return {fold(label): label for label in load("arrival_stamp")["printed_labels"]}


class _Label(NamedTuple):
    """Left and right end of a printed label in pixels."""

    x0: float
    x1: float


def is_heading(text: str) -> bool:
    """'ĐẾN', 'CÔNG VĂN ĐẾN', 'CV ĐẾN', also with the label of number or date beside it."""
    found = _pattern("heading").match(text)
    behind = fold(text[found.end() :]).strip(_SPECKS) if found else "?"
    return not behind or bool(_pattern("behind_heading").match(behind))


def arrival_slots(lines: Sequence[TextLine]) -> list[Slot]:
    """The blanks of an arrival stamp that is filled by hand: its number, day and month, or the date as one.

    Their boxes reach from a type size above the base line to a quarter below it. Of several stamps it is the one with
    most blanks, the first of these.
    """
    own = _stamp_lines(lines)
    stamps = [list(rows) for _, rows in groupby(own, key=lambda line: line.block)] if own else [list(lines)]
    found = [_slots_of(rows, bool(own)) for rows in stamps]
    return max(found, key=len, default=[])


def _slots_of(lines: Sequence[TextLine], known: bool) -> list[Slot]:
    """The blanks of one stamp, ``known`` to be one or not."""
    rows = sorted((line for line in lines if line.box), key=_height_on_page)
    at = _dated_row(rows)
    if at is None or not (known or find_stamp(rows)):
        return []
    form = _StampLayout(rows, at)
    number = form.number_slot()
    return [*form.date_slots(), *([number] if number else [])]


def _dated_row(rows: Sequence[TextLine]) -> int | None:
    """Which row has the date: by its labels, else the one below the number or the hour, else the second with a leader.

    On the rows below there is who shall have the document.
    """
    routed = next((i for i, row in enumerate(rows) if _pattern("routed").search(fold(row.text))), len(rows))
    rows = rows[:routed]
    dated = next((i for i, row in enumerate(rows) if _is_dated(row.text)), None)
    if dated is not None:
        return dated
    if rows and _is_numbered(rows[-1].text) and len(_leaders(rows[-1])) > 1:
        return len(rows) - 1
    above = next((i for i, row in enumerate(rows[:-1]) if _is_numbered(row.text) or _is_timed(row.text)), None)
    if above is not None:
        return above + 1
    blank = [i for i, row in enumerate(rows) if _leaders(row) and not _is_name(row.text)]
    return blank[1] if len(blank) > 1 else None


def _leaders(row: TextLine) -> list[Box]:
    """Places of the row's dotted leaders, where it was read by itself."""
    found: list[Box] = []
    for box in _leader_halves(row):
        if found and box.x0 - found[-1].x1 <= _HALVED:
            found[-1] = Box.around([found[-1], box])
        else:
            found.append(box)
    return found


def _leader_halves(row: TextLine) -> list[Box]:
    """The same as they were read: each in two halves, which lie on the row's slant."""
    return [w.box for w in row.words if w.box and row.base_line is not None and not w.text.strip(".")]


def _slant(rows: Sequence[TextLine]) -> float:
    """Degrees by which the rows of a stamp fall to the right, by their leaders' halves, each counted by its width."""
    fall = run = 0.0
    for row in rows:
        for left, right in pairwise(_leader_halves(row)):
            if right.x0 - left.x1 <= _HALVED:
                fall += right.y_center - left.y_center
                run += right.x_center - left.x_center
    return degrees(atan2(fall, run)) if run else 0.0


def _is_name(text: str) -> bool:
    """Whether a row is the name of the office, or the heading: in capitals."""
    letters = "".join(filter(str.isalpha, text))
    return len(letters) > _NAME and letters.isupper()


def _stamp_lines(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines that were read as those of an arrival stamp."""
    return [line for line in lines if line.kind is BlockKind.ARRIVAL_STAMP]


def _height_on_page(line: TextLine) -> float:
    return line.base_line if line.base_line is not None else line.box.y_center if line.box else 0.0


def find_stamp(lines: Sequence[TextLine]) -> TextLine | None:
    """A line of an arrival stamp that was read with the page, or None.

    It is its heading, or else the date of a block that has other labels of a stamp too.
    """
    for line in lines:
        if is_heading(line.text) and line.box:
            return line
    first = [line for line in lines[:_MOST_ROWS] if line.block == lines[0].block and line.box]
    dated = next((line for line in first if _is_dated(line.text)), None)
    others = [line for line in first if line is not dated and _pattern("other_label").match(fold(line.text))]
    return dated if others else None


class _StampLayout:
    """The rows of one stamp from top to bottom, which of them is the date, and their type size."""

    def __init__(self, rows: Sequence[TextLine], at: int) -> None:
        self.rows, self.at = rows, at
        self.dated = rows[at]
        self.right = max(box.x1 for row in rows if (box := row.box))
        self.em = self._type_size()
        self.slant = _slant(rows)

    def _type_size(self) -> float:
        """Type size in pixels by which the letters are as wide as they are: the middle one of what the labels give."""
        words = [word for row in self.rows for word in row.words if word.box and not word.text.isupper()]
        labels = {folded: printed for folded, printed in _printed_labels().items() if len(folded) > _SHORT}
        known = [(word, labels[text]) for word in words if (text := fold(word.text.strip(_SPECKS))) in labels]
        usual = _POINTS * (self.dated.page_width or _A4) / _A4
        sizes = [word.box.width / _width(text, 1.0) for word, text in known if word.box]
        fitting = [size for size in sizes if _FIT[0] * usual < size < _FIT[1] * usual]
        return median(fitting) if fitting else usual

    def date_slots(self) -> list[Slot]:
        """Day and month, each between two labels; where one of these is unread, where stamps have it."""
        day, month, year = (self._find(self.dated.words, label) for label in _DATE_LABELS)
        first = self._first(self.dated)
        left = day.x1 if day else first.x1 if first and month and first.x1 < month.x0 else None
        if left is None and not (month or year):
            left = self._by_leaders()
        if left is not None and not (month or year):
            return [self._slot(SlotKind.DATE, left, self.right, self._base(self.dated), self.dated.text)]
        if left is None:
            return []
        if month is None and year:
            begins, ends = (left + share * (year.x0 - left) for share in _MONTH)
            month = _Label(begins, ends)
        if month is None or month.x0 <= left:
            return []
        right = year.x0 if year else month.x1 + (month.x0 - left)
        base = self._base(self.dated)
        return [
            self._slot(SlotKind.DAY, left, month.x0, base, self.dated.text),
            self._slot(SlotKind.MONTH, month.x1, max(right, month.x1 + 1), base, self.dated.text),
        ]

    def _by_leaders(self) -> float | None:
        """Where the date begins by the leaders of its row and of the one above, which writing may cover in part."""
        own, above = _leaders(self.dated), _leaders(self.rows[self.at - 1]) if self.at else []
        if _is_numbered(self.dated.text):  # the number comes first
            return own[1].x0 if len(own) > 1 else None
        begins = [own[0].x0] if own else []
        if above and _left_of(self.rows[self.at - 1]) < above[0].x0:
            begins.append(round(above[0].x0 + _EARLY * self.em))
        return min(begins, default=None)

    def number_slot(self) -> Slot | None:
        """From the number's label to the end of the stamp, or to the date behind it; None where the hour is instead."""
        for row in reversed(self.rows[: self.at + 1]):
            label = self._find(row.words, "so") if _is_numbered(row.text) else None
            if label is not None:
                label = self._find([w for w in row.words if w.box and w.box.x0 >= label.x1 - 2][:1], "den") or label
                behind = self._find(row.words, "ngay")
                right = behind.x0 if behind and behind.x0 > label.x1 else self.right
                if row is self.dated and behind is None and (leaders := _leaders(row)):
                    right = leaders[0].x1
                raw = "".join(w.text for w in row.words if w.box and label.x1 - 2 <= w.box.x0 < right)
                return self._slot(SlotKind.NUMBER, label.x1, right, self._base(row), raw.strip("."))
        if any(_is_timed(row.text) for row in self.rows[: self.at + 1]):
            return None
        above = self._above()
        leaders = _leaders(above) if above else []
        label = self._first(above) if above and len(above.words) > 1 else None
        # 'Số:' and even 'CV Số:' are hardly longer than 'Ngày' in the line below.
        begins = min(word.box.x0 for word in self.dated.words if word.box)
        left = leaders[0].x0 if leaders else label.x1 if label else begins + _width("Ngày.", self.em)
        base = self._base(above) if above else self._base(self.dated) - self._pitch()
        return self._slot(SlotKind.NUMBER, left, self.right, base)

    def _above(self) -> TextLine | None:
        """The row right above the date, unless that is the heading."""
        row = self.rows[self.at - 1] if self.at else None
        pitch = self._base(self.dated) - self._base(row) if row else 0.0
        em = self.dated.em or self.em
        near = _PITCH[0] * em < pitch < _PITCH[1] * em
        return row if row and near and not is_heading(row.text) else None

    def _first(self, row: TextLine) -> _Label | None:
        """What is first on a row and is wide enough for a label."""
        wide = (word.box for word in row.words if word.box and word.box.width > 0.8 * self.em)
        return next((_Label(box.x0, box.x1) for box in wide), None)

    def _pitch(self) -> float:
        """Pixels from one row to the next, by the one below the date."""
        below = self.rows[self.at + 1 : self.at + 2]
        pitch = self._base(below[0]) - self._base(self.dated) if below else 0.0
        em = self.dated.em or self.em
        return pitch if _PITCH[0] * em < pitch < _PITCH[1] * em else _ROWS * em

    def _base(self, row: TextLine) -> float:
        """Base line of a row in pixels, as it was measured, or by its words' boxes."""
        if row.base_line is not None:
            return row.base_line
        return median(word.box.y1 - _DESCENT * word.box.height for word in row.words if word.box)

    def _find(self, words: Sequence[Word], label: str) -> _Label | None:
        """A label, misread by a letter at most, anywhere in a word."""
        found = [(wrong, word, i) for word in words if word.box for wrong, i in _places(fold(word.text), label)]
        if not found:
            return None
        _, word, i = min(found, key=lambda place: place[0])
        ends = self._ends(word, i, label)
        leaders = _leaders(next(row for row in self.rows if any(other is word for other in row.words)))
        if any(ends.x0 < box.x1 < ends.x1 and box.x0 < ends.x0 + _LED * self.em for box in leaders):
            assert word.box is not None  # its box is swollen by what is written on the leader before it
            ends = _Label(word.box.x1 - _width(_printed_labels()[label], self.em), word.box.x1)
        middle, reach = (ends.x0 + ends.x1) / 2, ends.x1 + _LED * self.em
        begins = [box.x0 for box in leaders if middle < box.x0 < reach]
        return ends._replace(x1=min(begins)) if begins else ends

    def _ends(self, word: Word, i: int, label: str) -> _Label:
        """Where a label that begins with the word's letter ``i`` begins and ends: where the word does, if it can."""
        assert word.box is not None
        box, size = word.box, len(word.text)
        wide = _width(_printed_labels()[label], self.em)
        first, last = i <= 1 and not word.text[:i].strip(_SPECKS), not word.text[i + len(label) :].strip(_SPECKS)
        if first and (last or box.width < wide):
            return _Label(box.x0, box.x1 if box.width < 1.15 * wide else box.x0 + wide)
        if first:
            return _Label(box.x0, box.x0 + wide)
        if last:
            return _Label(max(box.x0, box.x1 - wide), box.x1)
        middle = box.x0 + (i + len(label) / 2) / size * box.width
        return _Label(middle - wide / 2, middle + wide / 2)

    def _slot(self, kind: SlotKind, x0: float, x1: float, base: float, raw: str = "") -> Slot:
        size = self.dated.em or _BODY * median(word.box.height for word in self.dated.words if word.box)
        if self.dated.box and self.dated.base_line is not None:
            base += tan(radians(self.slant)) * ((x0 + x1) / 2 - self.dated.box.x_center)
        y0, y1 = max(0, round(base - _ABOVE * size)), max(1, round(base + _BELOW * size))
        box = Box(max(0, round(x0)), y0, max(round(x1), round(x0) + 1), y1)
        box = self.dated.on_page(box)
        return Slot(kind, SlotForm.ARRIVAL_STAMP, self.dated.page, box, raw, base_line=base, em=size, angle=self.slant)


def _left_of(row: TextLine) -> int:
    """Where the first word of a row that is no leader begins."""
    return min((w.box.x0 for w in row.words if w.box and w.text.strip(".")), default=0)


def _width(text: str, em: float) -> float:
    return em * advance(text) / 1000


def _places(folded: str, label: str) -> list[tuple[int, int]]:
    """Where in a word the label may stand, and how many letters are off there."""
    most = label in _DATE_LABELS  # the short ones must be right
    found = []
    for i in range(len(folded)):
        wrong = min(Levenshtein.distance(folded[i : i + size], label) for size in (len(label) - 1, len(label)))
        if wrong <= most and (label != "so" or not folded[:i].strip("cv.")):
            found.append((wrong, i))
    return found


def _is_dated(text: str) -> bool:
    folded = fold(text)
    labels = sum(bool(_places(folded, label)) for label in _DATE_LABELS)
    return labels > 1 or bool(_pattern("date_label").search(folded))


def _is_numbered(text: str) -> bool:
    return bool(_pattern("number_label").search(text))


def has_stamp(lines: Sequence[TextLine]) -> bool:
    """Whether an arrival stamp is among the stamps of a document, read or not."""
    return bool(_stamp_lines(lines)) or any(is_heading(line.text) for line in lines)


def is_typed_stamp(lines: Sequence[TextLine]) -> bool:
    """Whether a note typed over the page is an arrival stamp: 'ĐẾN Giờ: 14h Ngày: 29/5/2013'."""
    arrived = any(_pattern("arrived").search(line.text) or is_heading(line.text) for line in lines)
    return arrived and any(_is_dated(line.text) or _is_numbered(line.text) for line in lines)


def is_own_number(text: str) -> bool:
    """Whether a line holds the number and notation of a dispatch, which no stamp has."""
    return bool(_pattern("own_number").search(text))


def _is_timed(text: str) -> bool:
    return bool(_pattern("hour_label").search(text))


def read_arrival(lines: Sequence[TextLine], issued: date | None) -> tuple[FieldValue[str], FieldValue[date]]:
    """Number and date of the arrival stamp; withheld where they may be handwritten, or come before the issue."""
    number: FieldValue[str] = FieldValue(None, 0.0)
    day: FieldValue[date] = FieldValue(None, 0.0)
    stamped = bool(_stamp_lines(lines)) or any(_pattern("arrived").search(line.text) for line in lines)
    for line in lines:
        sure = 0.95 * _printed(line)
        if day.value is None and (found := _pattern("date").search(line.text)):
            year = found["y"] if len(found["y"]) > 2 else f"20{found['y']}"
            value = calendar_day(found["d"], found["m"], year)
            if value and (stamped or found.start() < 3) and not (issued and value < issued):
                day = value_from(value, [line], sure, "slot")
        elif number.value is None and stamped and (found := _pattern("number").search(line.text)):
            number = value_from(found["number"], [line], sure, "slot")
    return number, day


def _printed(line: TextLine) -> float:
    """How sure the line was read, if what is behind its label is no taller than the label; else little."""
    boxes = [w.box for w in line.words if w.box]
    sure = min((w.confidence for w in line.words), default=0.0)
    tall = bool(boxes) and max(b.height for b in boxes[1:] or boxes) > 1.15 * boxes[0].height
    return min(sure, 0.4) if tall or (boxes and len(boxes) < 2) else sure
