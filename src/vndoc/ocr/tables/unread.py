"""Rows of letters in the cells of a table that the engine passed over, or read across a rule: read by themselves.

Engines look for lines of many letters. A number alone in its cell is easily lost, and a page whose columns they cannot
part is read as if it had none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.connected import connected
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import only_words, text_height
from vndoc.ocr.regions.merging import right_letters
from vndoc.ocr.regions.region import Readings, Region, RegionKind
from vndoc.ocr.regions.thresholds import PRINT
from vndoc.ocr.tables.filling import Filled, cell_lines, with_lines
from vndoc.page import Block, Box, Word

_INK = 150  # grey level under which a pixel is ink
_RULED = 0.3  # share of a row or column of pixels that is ink where it belongs to a rule
_SOFT = 0.35  # millimetres of a rule's blurred edge
_TRIM = 1.5  # millimetres from a cell's edge within which rules are
_TALL, _WIDE = (0.4, 1.9), (0.1, 8.0)  # of a letter, or of some that ran together, in heights of the words
_SOLID = 0.12  # least share of a letter's box that is ink: of diagonals across a cell it is less
_ABOVE, _BELOW = 0.5, 0.3  # text heights above and below letters that their marks may reach
_SIDE = 1.5  # text heights beside them: of stops and dashes, which are too small for letters
_USUAL = 8  # parts of an inch that words are high where none was read
_MOST = 400  # rows of one page: more are no table of text


@dataclass(slots=True, frozen=True)
class CellRow:
    """A row of letters in a cell, to be read by itself: number of the table and of its cell, and where it is."""

    table: int
    cell: int
    region: Region


def propose_cell_rows(gray: Image8, tables: Sequence[Filled], dpi: int) -> list[CellRow]:
    """The rows in cells of ruled tables that no word covers, or whose words were cut at a rule."""
    known = [line for table in tables for line in table.block.lines if any(len(word.text) > 1 for word in line.words)]
    size = text_height(known) if known else dpi / _USUAL
    rows: list[CellRow] = []
    for number, table in enumerate(tables):
        assert table.block.grid is not None
        inside = cell_lines(table.block)
        for at, cell in enumerate(table.block.grid.cells):
            words = [word.box for line in inside[at] for word in line.words if word.box]
            inner = cell.box and inner_box(gray, cell.box, dpi / 25.4)
            if inner:
                parts = _rows(gray, inner, words, size, again=at in table.doubtful)
                regions = (Region.at(RegionKind.TABLE_CELL, ImageKind.LINE, gray, part) for part in parts)
                rows += [CellRow(number, at, region) for region in regions]
    return rows[:_MOST]


def with_cell_rows(tables: Sequence[Filled], rows: Sequence[CellRow], readings: Readings) -> list[Block]:
    """The tables with what was read of these rows, where it is likelier right than what was read before."""
    inside = [cell_lines(table.block) for table in tables]
    for row in rows:
        lines, box = inside[row.table][row.cell], row.region.frame.box
        new = only_words(readings.get(row.region, ()), lambda word: word.confidence >= PRINT and _has_letters(word))
        gone = {id(word) for line in lines for word in line.words if word.box and box.y0 < word.box.y_center < box.y1}
        old = [word for line in lines for word in line.words if id(word) in gone]
        if right_letters([word for line in new for word in line.words]) > right_letters(old):
            inside[row.table][row.cell] = [*only_words(lines, partial(_is_none_of, gone)), *new]
    grids = [table.block.grid for table in tables]
    return [with_lines(grid, own) for grid, own in zip(grids, inside, strict=True) if grid]


def _is_none_of(numbers: set[int], word: Word) -> bool:
    return id(word) not in numbers


def _has_letters(word: Word) -> bool:
    return any(map(str.isalnum, word.text))


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
    soft = max(2, round(_SOFT * mm))
    top, foot = _edge(across[:reach], soft), _edge(across[::-1][:reach], soft)
    left, right = _edge(along[:reach], soft), _edge(along[::-1][:reach], soft)
    return Box(x0 + left, y0 + top, x0 + ink.shape[1] - right, y0 + ink.shape[0] - foot)


def _edge(ruled: "np.typing.NDArray[np.bool_]", soft: int) -> int:
    """How many rows or columns from an edge a rule takes, with its soft edge; and at least that."""
    found = np.flatnonzero(ruled)
    return int(found[-1]) + 1 + soft if len(found) else soft


def _rows(gray: Image8, cell: Box, words: Sequence[Box], size: float, *, again: bool) -> list[Box]:
    """Rows of a cell in which a letter is that none of the words covers; all of them where they are read ``again``."""
    rows = []
    for row in _levels(_letters(np.asarray(gray[cell.y0 : cell.y1, cell.x0 : cell.x1]), cell, size)):
        if again or not all(_is_covered(letter, words, size) for letter in row):
            top, foot = min(letter.y0 for letter in row), max(letter.y1 for letter in row)
            top, foot = max(cell.y0, round(top - _ABOVE * size)), min(cell.y1, round(foot + _BELOW * size))
            covered = [box for box in words if top < box.y_center < foot]
            around = Box.around([*row, *covered])
            left, right = max(cell.x0, round(around.x0 - _SIDE * size)), min(cell.x1, round(around.x1 + _SIDE * size))
            rows.append(Box(left, top, right, foot))
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
