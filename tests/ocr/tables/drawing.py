"""Tables drawn for tests: rules, and texts in cells."""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from samples.fonts import Fonts, Style
from vndoc.page import Box


def squares(cell):
    """Rows and columns that a cell covers."""
    row, column, rows, columns = cell
    return list(product(range(row, row + rows), range(column, column + columns)))


@dataclass(frozen=True)
class Plan:
    """A table to be drawn, in millimetres; ``cells`` are (row, column, rows, columns) from top to bottom."""

    heights: tuple[float, ...]
    widths: tuple[float, ...]
    cells: tuple[tuple[int, int, int, int], ...]

    @classmethod
    def plain(cls, rows, columns, height=9.0, width=30.0, merged=()):
        """All rows of one height, all columns of one width; ``merged`` cells take the place of what they cover."""
        covered = {square for cell in merged for square in squares(cell)}
        single = [(r, c, 1, 1) for r, c in product(range(rows), range(columns)) if (r, c) not in covered]
        return cls((height,) * rows, (width,) * columns, tuple(sorted([*merged, *single])))

    def boxes(self, dpi, at=(20.0, 40.0)):
        """Boxes of the cells in pixels; ``at`` is the upper left corner in millimetres."""
        sides = ((at[1], self.heights), (at[0], self.widths))
        ys, xs = (np.cumsum([start, *sizes]) * dpi / 25.4 for start, sizes in sides)
        return [Box(*(round(float(n)) for n in (xs[c], ys[r], xs[c + w], ys[r + h]))) for r, c, h, w in self.cells]


def blank(dpi=240, paper=255):
    """An empty sheet of A4."""
    return np.full((round(297 * dpi / 25.4), round(210 * dpi / 25.4)), paper, np.uint8)


def draw(plan, dpi=240, thickness=2, ink=0, page=None, sides=True, at=(20.0, 40.0)):
    """The page with the table's rules; without ``sides`` the outer left and right borders are left out."""
    page = blank(dpi) if page is None else page
    left, right = min(b.x0 for b in plan.boxes(dpi, at)), max(b.x1 for b in plan.boxes(dpi, at))
    for box in plan.boxes(dpi, at):
        for y in (box.y0, box.y1):
            page[y : y + thickness, box.x0 : box.x1 + thickness] = ink
        for x in (box.x0, box.x1):
            if sides or x not in (left, right):
                page[box.y0 : box.y1 + thickness, x : x + thickness] = ink
    return page


def write(page, boxes, texts, dpi=240, points=12):
    """The page with a text in each box, 2 mm from its left edge; lines are parted by line feeds."""
    image = Image.fromarray(page)
    pen = ImageDraw.Draw(image)
    face = Fonts().face(Style(points), round(points * dpi / 72))
    for box, text in zip(boxes, texts, strict=True):
        pen.multiline_text((box.x0 + 2 * dpi / 25.4, box.y0 + 1.2 * dpi / 25.4), text, fill=0, font=face)
    return np.asarray(image).copy()


def turned(page, degrees):
    """The page turned about its centre, white where nothing is."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))


def spans(grid):
    """The cells of a grid as a plan has them."""
    return tuple((c.row, c.column, c.row_span, c.column_span) for c in grid.cells)


@st.composite
def plans(draw_from):
    """Tables of any shape with merged cells, in which every line of rows and columns parts some cells."""
    rows, columns = draw_from(st.integers(2, 7)), draw_from(st.integers(2, 5))
    heights = draw_from(st.lists(st.floats(6, 16), min_size=rows, max_size=rows))
    widths = draw_from(st.lists(st.floats(14, 33), min_size=columns, max_size=columns))
    owner = {square: (*square, 1, 1) for square in product(range(rows), range(columns))}
    for _ in range(draw_from(st.integers(0, 4))):
        row, column = draw_from(st.integers(0, rows - 1)), draw_from(st.integers(0, columns - 1))
        cell = (row, column, draw_from(st.integers(1, rows - row)), draw_from(st.integers(1, columns - column)))
        if all(owner[square][2:] == (1, 1) for square in squares(cell)):
            owner |= dict.fromkeys(squares(cell), cell)
    return Plan(tuple(heights), tuple(widths), tuple(sorted(set(owner.values()))))
