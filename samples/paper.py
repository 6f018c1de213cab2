"""Pages of a laid-out letter as a reader without faults would give them: every word with its box."""

from collections.abc import Iterator, Sequence

from samples.fonts import Fonts
from samples.typeset import Line, Sheet, width_of
from vndoc.page import Block, Box, Method, Page, Word
from vndoc.page import Line as PageLine

DPI = 240
_ASCENT, _DESCENT = 0.68, 0.04
_SURE = 0.96


def read_pages(sheets: Sequence[Sheet], fonts: Fonts) -> list[Page]:
    """The sheets as pages at :data:`DPI`: their lines in order, the page number first; one block to a line."""
    scale = DPI / 72
    return [
        Page(
            sheet.number,
            tuple(Block((line,)) for line in _lines(sheet, fonts, scale)),
            round(sheet.width * scale),
            round(sheet.height * scale),
            DPI,
            method=Method.OCR,
            engine="tesseract",
        )
        for sheet in sheets
    ]


def _lines(sheet: Sheet, fonts: Fonts, scale: float) -> Iterator[PageLine]:
    for line in [*([sheet.folio] if sheet.folio else []), *sheet.lines]:
        words = tuple(_words(line, fonts, scale))
        if words:
            yield PageLine(words)


def _words(line: Line, fonts: Fonts, scale: float) -> Iterator[Word]:
    """Glued pieces joined to words."""
    runs: list[list[int]] = []
    for i, piece in enumerate(line.pieces):
        (runs[-1].append if piece.glued and runs else lambda first: runs.append([first]))(i)
    for run in runs:
        pieces = [line.pieces[i] for i in run]
        size = max(piece.style.size for piece in pieces)
        right = pieces[-1].x + width_of(pieces[-1], fonts)
        top, foot = line.y - _ASCENT * size, line.y + _DESCENT * size
        box = Box(*(round(scale * v) for v in (pieces[0].x, top, right, foot)))
        yield Word("".join(piece.text for piece in pieces), box, _SURE)
