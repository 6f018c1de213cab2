"""Writes paragraphs into a Word file: their styles, what is bold in them, and comments on it."""

from dataclasses import dataclass
from typing import cast

import regex
from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Length
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_AUTHOR, _INITIALS = "vndoc", "vn"
_NOT_IN_XML = regex.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMMENT_STYLE = "CommentText"

Place = WordFile | _Cell
"""Where paragraphs and tables are put at the end of."""


@dataclass(slots=True, frozen=True)
class Piece:
    """A piece of a paragraph; ``comment`` says why it is doubtful, None says that it is not."""

    text: str
    comment: str | None = None
    bold: bool | None = None


def clean(text: str) -> str:
    """Text that XML can hold: control characters, halves of letters and the like are left out.

    >>> clean("Sở\\x00 Nội\\x0b vụ\\ud800")
    'Sở Nội vụ'
    """
    return str(_NOT_IN_XML.sub("", text))


class Writer:
    """Puts paragraphs and tables at the end of places of a Word file.

    Args:
        word: the file.
    """

    def __init__(self, word: WordFile) -> None:
        # What python-docx looks up anew for every paragraph and comment is kept: that takes the square of their number.
        self.word = word
        self._body = word._body
        self._end = word.element.body.get_or_add_sectPr()
        self._styles = {style.name: style.style_id for style in word.styles}
        self._comments = 0

    def paragraph(self, place: Place, style: str, *pieces: Piece | str) -> Paragraph:
        """A new paragraph; the empty one that every cell begins with is the first of it."""
        paragraph = self._first(place) or self._added(place)
        paragraph._p.style = self._styles[style]
        for piece in pieces:
            self.add(paragraph, piece)
        return paragraph

    @staticmethod
    def _first(place: Place) -> Paragraph | None:
        if not isinstance(place, _Cell):
            return None
        inside = place.paragraphs
        return inside[0] if len(inside) == 1 and inside[0]._p.pPr is None and not inside[0].runs else None

    def _added(self, place: Place) -> Paragraph:
        if isinstance(place, _Cell):
            paragraph: Paragraph = place.add_paragraph()
            return paragraph
        element = OxmlElement("w:p")
        self._end.addprevious(element)
        return Paragraph(cast(CT_P, element), self._body)

    def add(self, paragraph: Paragraph, piece: Piece | str) -> Run | None:
        """Put a piece at the end of a paragraph, with its comment; None where it holds nothing."""
        piece = Piece(piece) if isinstance(piece, str) else piece
        text = clean(piece.text)
        if not text:
            return None
        run = paragraph.add_run(text)
        run.bold = piece.bold
        if piece.comment:
            self.comment(run, piece.comment)
        return run

    def comment(self, run: Run, text: str) -> None:
        """Put a comment on a run. It is without a date: the same dispatch gives the same bytes."""
        comment = OxmlElement("w:comment")
        for name, value in (("id", str(self._comments)), ("author", _AUTHOR), ("initials", _INITIALS)):
            comment.set(qn(f"w:{name}"), value)
        for line in clean(text).split("\n"):
            paragraph = cast(CT_P, OxmlElement("w:p"))
            paragraph.style = _COMMENT_STYLE
            paragraph.add_r().text = line
            comment.append(paragraph)
        self.word.comments._comments_elm.append(comment)
        run.mark_comment_range(run, self._comments)
        self._comments += 1

    def columns(self, *widths: Length) -> "Columns":
        """Columns side by side, as a table without rules."""
        table: Table = self.word.add_table(0, len(widths))
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        return Columns(table, widths)


@dataclass(slots=True, frozen=True)
class Columns:
    """A table without rules that sets text side by side, row by row."""

    table: Table
    widths: tuple[Length, ...]

    def row(self) -> tuple[_Cell, ...]:
        """The cells of a new row."""
        cells = tuple(self.table.add_row().cells)  # type: ignore[no-untyped-call]
        for cell, width in zip(cells, self.widths, strict=True):
            cell.width = width
        return cells
