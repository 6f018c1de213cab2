"""Rows of letters in the cells of a table that the engine passed over, or read across a rule: read by themselves.

Engines look for lines of many letters. A number alone in its cell is easily lost, and a page whose columns they cannot
part is read as if it had none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import only_words, text_height
from vndoc.ocr.regions.merging import right_letters
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.thresholds import PRINT
from vndoc.ocr.tables.filling import Filled, cell_lines
from vndoc.page import Box, Line, Word

_INK = 150  # grey level under which a pixel is ink
_RULED = 0.3  # share of a row or column of pixels that is ink where it belongs to a rule
_TRIM = 1.5  # millimetres from a cell's edge within which rules are
_TALL, _WIDE = (0.4, 1.9), (0.1, 8.0)  # of a letter, or of some that ran together, in heights of the words
_SOLID = 0.12  # least share of a letter's box that is ink: of diagonals across a cell it is less
_ABOVE, _BELOW = 0.5, 0.3  # text heights above and below letters that their marks may reach
_MOST = 400  # rows of one page: more are no table of text


@dataclass(slots=True, frozen=True)
class CellRow:
    """A row of letters in a cell, to be read by itself, and the words that were read there."""

    region: Region
    words: tuple[Word, ...]


def propose_cell_rows(gray: Image8, tables: Sequence[Filled], dpi: int) -> list[CellRow]:
    """The rows in cells of ruled tables that no word covers, or whose words were cut at a rule."""
    size = text_height([line for table in tables for line in table.block.lines])
    if size <= 1:
        size = dpi / 8
    rows: list[CellRow] = []
    for table in tables:
        assert table.block.grid is not None
        inside = cell_lines(table.block)
        for number, cell in enumerate(table.block.grid.cells):
            words = [word for line in inside[number] for word in line.words]
            inner = cell.box and inner_box(gray, cell.box, dpi / 25.4)
            if inner:
                rows += _rows(gray, inner, words, size, again=number in table.doubtful)
    return rows[:_MOST]


def with_cell_rows(lines: Sequence[Line], rows: Sequence[CellRow], readings: Readings) -> list[Line]:
    """The lines with what was read of these rows, where it is likelier right than what was read before."""
    gone: list[Word] = []
    more: list[Line] = []
    for row in rows:
        likely = only_words(readings.get(row.region, ()), lambda word: word.confidence >= PRINT)
        new = [word for line in likely for word in line.words]
        if right_letters(new) > right_letters(row.words):
            gone += row.words
            more += likely
    taken = {id(word) for word in gone}
    return [*only_words(lines, lambda word: id(word) not in taken), *more]


def inner_box(gray: Image8, box: Box, mm: float) -> Box | None:
    """What is within the rules around a cell; None where nothing is."""
    reach = round(_TRIM * mm)
    y0, y1, x0, x1 = max(0, box.y0), box.y1, max(0, box.x0), box.x1
    ink = gray[y0:y1, x0:x1] < _INK
    if min(ink.shape) < 3 * reach:
        return None
    inner = ink[reach:-reach, reach:-reach]
    across, along = ink[:, reach:-reach].mean(axis=1) > _RULED, ink[reach:-reach].mean(axis=0) > _RULED
    if not inner.size:
        return None
    top, foot = _edge(across[:reach]), _edge(across[::-1][:reach])
    left, right = _edge(along[:reach]), _edge(along[::-1][:reach])
    return Box(x0 + left, y0 + top, x0 + ink.shape[1] - right, y0 + ink.shape[0] - foot)


def _edge(ruled: "np.typing.NDArray[np.bool_]") -> int:
    """How many rows or columns from an edge a rule takes."""
    found = np.flatnonzero(ruled)
    return int(found[-1]) + 2 if len(found) else 0


def _rows(gray: Image8, cell: Box, words: Sequence[Word], size: float, *, again: bool) -> list[CellRow]:
    """Rows of a cell in which a letter is that none of the words covers; all of them where they are read ``again``."""
    letters = _letters(np.asarray(gray[cell.y0 : cell.y1, cell.x0 : cell.x1]), cell, size)
    boxes = [word.box for word in words if word.box]
    rows = []
    for row in _levels(letters):
        if not again and all(_is_covered(letter, boxes, size) for letter in row):
            continue
        top, foot = min(letter.y0 for letter in row), max(letter.y1 for letter in row)
        own = tuple(word for word in words if word.box and top < word.box.y_center < foot)
        covered = [word.box for word in own if word.box]
        around = Box.around([*row, *covered])
        part = Box(
            cell.x0,
            max(cell.y0, min(around.y0, round(top - _ABOVE * size))),
            cell.x1,
            min(cell.y1, max(around.y1, round(foot + _BELOW * size))),
        )
        rows.append(CellRow(Region.at(RegionKind.TABLE_CELL, ImageKind.LINE, gray, part), own))
    return rows


def _letters(part: Image8, cell: Box, size: float) -> list[Box]:
    """Boxes on the page of what has the size of letters in a cell."""
    stats = connected(part < _INK).stats[1:]
    return [
        Box(x, y, x + width, y + height).moved(cell)
        for x, y, width, height, area in stats.tolist()
        if _TALL[0] * size < height < _TALL[1] * size
        and _WIDE[0] * size < width < _WIDE[1] * size
        and area > _SOLID * width * height
    ]


def _levels(letters: Sequence[Box]) -> list[list[Box]]:
    """Letters that stand level, from top to bottom."""
    rows: list[list[Box]] = []
    for letter in sorted(letters, key=lambda box: box.y_center):
        if rows and letter.y_center < max(box.y1 for box in rows[-1]) and letter.y0 < rows[-1][-1].y_center:
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return rows


def _is_covered(letter: Box, words: Sequence[Box], size: float) -> bool:
    near = 0.2 * size
    x, y = letter.x_center, letter.y_center
    return any(w.x0 - near <= x <= w.x1 + near and w.y0 - near <= y <= w.y1 + near for w in words)
