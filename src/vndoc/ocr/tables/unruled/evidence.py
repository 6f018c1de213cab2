"""Whether a run of levels is a table: what is doubtful is none, and stays text."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from vndoc.ocr.tables.unruled.contents import ENOUGH, FIGURE, SHARE, Contents
from vndoc.ocr.tables.unruled.levels import FIRST

_NEARLY = 0.8  # of all texts of a column, where it alone speaks for a table
_READ = 0.5  # mean confidence of the words of a table; those of what was no print is lower
_SEVERAL = 0.3  # share of the levels of the body that may run over several columns
_LINE = 0.6  # text heights within which texts stand in line


def is_table(table: Contents, body: int, rows: Sequence[set[int]]) -> bool:
    """Whether it speaks for itself as a table and its rows and columns are even.

    Args:
        table: what stands in the columns.
        body: number of the first level below the head.
        rows: the columns that are filled in each row, those of the head first.
    """
    return _speaks_for_itself(table, body, rows) and _is_even(table, body, rows) and _is_aligned(table, body)


def _speaks_for_itself(table: Contents, body: int, rows: Sequence[set[int]]) -> bool:
    """Whether there is enough of a table, well read, with numbers of rows or columns of figures in it.

    ``rows`` are the columns that are filled in each row.
    """
    words = [word for level in table.levels for piece in level.pieces for word in piece.words]
    if len(table.columns) < 2 or fmean(word.confidence for word in words) < _READ:
        return False
    if any(FIRST.fullmatch(text[0].piece.text) for text in table.texts[:body] if 0 in text):
        return sum(len(row) > 1 for row in rows) >= ENOUGH
    full = sum(len(row) >= ENOUGH for row in rows)
    if full < ENOUGH:
        return False
    first = [text[0].piece.text for text in table.texts if 0 in text]
    numbers = [int(text) for text in first if text.isdecimal()]  # of a list they have a stop behind them
    if sum(b == a + 1 for a, b in pairwise(numbers)) >= ENOUGH:
        return True
    enough = max(ENOUGH, SHARE * (len(rows) - bool(body)))
    columns = (
        [text[at].piece.text.replace(" ", "") for text in table.texts[body:] if at in text] for at in table.figures
    )
    head = len(rows[0]) if body else 0
    return any(len(own) >= enough and _are_figures(own) for own in columns) and (
        head > len(table.columns) / 2 or full > ENOUGH + 1
    )


def _are_figures(texts: Sequence[str]) -> bool:
    """Whether nearly all of a column are figures, dates or times, of more than a single digit: that may be a stroke."""
    figures = [text for text in texts if FIGURE.fullmatch(text)]
    digits = sum(letter.isdigit() for text in figures for letter in text)
    return len(figures) >= _NEARLY * len(texts) and digits >= 2 * len(figures)


def _is_even(table: Contents, body: int, rows: Sequence[set[int]]) -> bool:
    """Whether most rows of the body are filled, from the left on, and few of its levels run over several columns."""
    least = max(2, min(ENOUGH, len(table.columns) / 2))
    below = table.texts[body:]
    crossing = sum(any(placed.last > placed.first for placed in text.values()) for text in below)
    filled = sum(bool(row & {0, 1}) and len(row) >= least for row in rows)
    return filled >= SHARE * len(rows) and crossing <= _SEVERAL * len(below)


def _is_aligned(table: Contents, body: int) -> bool:
    """Whether the texts of all columns but one stand in line: rivers in justified text have none that do."""
    ragged = 0
    for at in range(len(table.columns)):
        own = [text[at].piece.box for text in table.texts[body:] if at in text and text[at].last == at]
        edges = ([b.x0 for b in own], [b.x1 for b in own], [b.x_center for b in own])
        ragged += len(own) >= ENOUGH and max(_in_line(xs, table.height) for xs in edges) < SHARE * len(own)
    return ragged <= 1


def _in_line(xs: Sequence[float], height: float) -> int:
    """The most of these that are within a part of the text's height of each other."""
    return max(sum(x <= other <= x + _LINE * height for other in xs) for x in xs)
