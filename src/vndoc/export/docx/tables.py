"""The tables of a dispatch: cells over several rows and columns, the head repeated on every page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.table import CT_Row
from docx.shared import Length
from docx.table import Table as WordTable
from docx.table import _Cell

from vndoc.dispatch import Table, TableCell
from vndoc.export.docx.doubts import Doubts
from vndoc.export.docx.writing import Piece, Writer
from vndoc.export.order import Paragraph

_LINE, _MARGINS = 75, 4
"""Letters of a line over the whole page, and those that the margins of a cell, and capitals, take the room of."""
_NARROWEST, _WIDEST = 5, 50
"""Letters that a column is taken to hold at least and at most."""
_SHORT = 12
"""Letters up to which what stands in a cell is set in its middle: numbers, dates."""


@dataclass(slots=True)
class _Placed:
    """A cell and the places that it goes over."""

    cell: TableCell
    row: int
    column: int
    height: int
    width: int


def write_table(writer: Writer, table: Table, doubts: Doubts, width: Length) -> None:
    """Put a table of some width at the end of the file, and an empty line below it.

    What does not fit (cells one over the other, or beyond the last column) is put where there is room, or left out.
    """
    if not table.rows:
        return
    made: WordTable = writer.word.add_table(len(table.rows), table.columns)
    made.style = writer.word.styles["Table Grid" if table.ruled else "Normal Table"]
    made.autofit = False
    widths = [Length(int(width * share)) for share in _shares(table)]
    for column, own in zip(made.columns, widths, strict=True):
        column.width = own
    for number, (line, placed) in enumerate(zip(made._tbl.tr_lst, _rows(table), strict=True)):
        head = number < table.header_rows
        _keep_together(line, head=head)
        for column, (found, tc) in enumerate(zip(placed, list(line.tc_lst), strict=True)):
            if found is None:
                tc.width = widths[column]
            elif column > found.column:
                line.remove(tc)
            else:
                tc.width = Length(sum(widths[column : column + found.width]))
                if found.width > 1:
                    tc.grid_span = found.width
                if found.height > 1:
                    tc.vMerge = "restart" if number == found.row else "continue"
                if number == found.row:
                    _Cell(tc, made).vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                    _fill(writer, _Cell(tc, made), found.cell, doubts, head=head)
    writer.paragraph(writer.word, "Normal")


def _rows(table: Table) -> list[list[_Placed | None]]:
    """For each place of each row the cell that goes over it."""
    places: list[list[_Placed | None]] = [[None] * table.columns for _ in table.rows]
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            own = places[number]
            if cell.column >= table.columns or own[cell.column] is not None:
                continue
            width = next(
                (
                    k
                    for k in range(1, min(cell.column_span, table.columns - cell.column))
                    if own[cell.column + k] is not None
                ),
                min(cell.column_span, table.columns - cell.column),
            )
            height = min(cell.row_span, len(places) - number)
            placed = _Placed(cell, number, cell.column, height, width)
            for line in places[number : number + height]:
                line[cell.column : cell.column + width] = [placed] * width
    return places


def _keep_together(row: CT_Row, *, head: bool) -> None:
    """The end of a page does not cut a row; the head stands again at the top of the next page."""
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _shares(table: Table) -> list[float]:
    """How wide each column is, of 1: as it was on the page, or by what stands in it."""
    boxes: list[list[int]] = [[] for _ in range(table.columns)]
    letters, longest_words = [_NARROWEST] * table.columns, [1] * table.columns
    for row in table.rows:
        for cell in row.cells:
            if cell.column_span > 1 or cell.column >= table.columns:
                continue
            if cell.box:
                boxes[cell.column].append(cell.box[2] - cell.box[0])
            longest = max(map(len, cell.text.split()), default=0)
            longest_words[cell.column] = max(longest_words[cell.column], min(longest, _WIDEST))
            letters[cell.column] = max(letters[cell.column], longest, min(len(cell.text), _WIDEST))
    sizes: Sequence[float] = letters
    if all(boxes):
        sizes = [max(1, sorted(own)[len(own) // 2]) for own in boxes]
    # No word is broken where all of the longest ones have room beside each other.
    shares = [
        max(size / sum(sizes), (word + _MARGINS) / _LINE) for size, word in zip(sizes, longest_words, strict=True)
    ]
    return [share / sum(shares) for share in shares]


def _fill(writer: Writer, place: _Cell, cell: TableCell, doubts: Doubts, *, head: bool) -> None:
    for text, pieces in _lines(cell, doubts):
        paragraph = writer.paragraph(place, "Trong bảng", *pieces)
        if head or len(text) <= _SHORT:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if head:
            for run in paragraph.runs:
                run.bold = True


def _lines(cell: TableCell, doubts: Doubts) -> Iterator[tuple[str, list[Piece]]]:
    """Lines of a cell, with their doubtful words."""
    pieces = doubts.pieces(Paragraph(cell.text, cell.start, cell.end))
    cut = [Piece(text, piece.comment) for piece in pieces for text in _cut(piece.text)]
    for is_end, own in groupby(cut, key=lambda piece: piece.text == "\n"):
        if not is_end:
            line = list(own)
            yield "".join(piece.text for piece in line), line


def _cut(text: str) -> Iterator[str]:
    """The lines of a text, and between them their ends."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield "\n"
        yield line
