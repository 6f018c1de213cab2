"""The body of a dispatch: numbered units as headings or paragraphs of lists, dashes, paragraphs, tables."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest

import regex
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Length
from docx.text.paragraph import Paragraph as WordParagraph

from vndoc.dispatch import Table
from vndoc.export.docx.doubts import Doubts
from vndoc.export.docx.numbering import Labels
from vndoc.export.docx.tables import write_table
from vndoc.export.docx.template import TEXT_WIDTH
from vndoc.export.docx.writing import Piece, Writer, clean
from vndoc.export.order import Heading, Paragraph, Part

_DASH = regex.compile(r"([-–+•*]) (?=\S)")
_BASIS = regex.compile(r"(?:Căn cứ|Xét|Theo đề nghị|Trên cơ sở)(?!\p{L})")
_CENTRED = 90
"""Letters that a line of capitals in the middle of the page has at most: 'QUYẾT ĐỊNH:'."""
_DEEPEST = 9
_LONGEST_TITLE = 45
"""Letters of a title that a colon ends; what is longer is a sentence."""


class BodyWriter:
    """Writes parts of a body, one after the other.

    Args:
        writer: of the file.
        doubts: of the dispatch.
        titled: the dispatch has a title, so that the acts it is based on are in italics.
    """

    def __init__(self, writer: Writer, doubts: Doubts, *, titled: bool) -> None:
        self._writer, self._doubts, self._titled = writer, doubts, titled
        self._labels = Labels(writer.word)

    def write(self, parts: Iterable[Part]) -> None:
        """Write all parts."""
        begun, listed = False, list(parts)
        for part, behind in zip_longest(listed, listed[1:]):
            if isinstance(part, Heading):
                self._heading(_titled(part) if isinstance(behind, Table) else part)
            elif isinstance(part, Table):
                write_table(self._writer, part, self._doubts, TEXT_WIDTH)
            elif part is not None:
                self._paragraph(part, basis=self._titled and not begun)
            begun |= isinstance(part, Heading)

    def _heading(self, heading: Heading) -> None:
        """A unit: a heading where its title stands by itself, else a paragraph with its label and title before it."""
        alone = bool(heading.title) and heading.run_in is None and not _leads_in(heading)
        worded = heading.section.style in ("phan", "chuong", "muc", "tieu_muc") and " " in heading.label
        style = f"Heading {min(heading.depth + 1, _DEEPEST)}" if alone else "Body Text"
        paragraph = self._writer.paragraph(self._writer.word, style)
        centred = alone and worded
        label = self._labels.unit(paragraph, heading.section, clean(heading.label), heading.depth, below=centred)
        bold = True if heading.run_in and heading.title else None
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.first_line_indent = Length(0)
            self._writer.add(paragraph, f"{label}\n")
        elif label:
            self._writer.add(paragraph, Piece(f"{label} ", bold=bold))
        if bold or heading.section.style == "dieu":
            _bold_label(paragraph)
        for piece in self._doubts.pieces(Paragraph(heading.title, heading.start, heading.end)):
            self._writer.add(paragraph, Piece(piece.text, piece.comment, bold))
        self._writer.add(paragraph, Piece(f"{heading.mark} " if bold else heading.mark, bold=bold))
        if heading.run_in:
            self._pieces(paragraph, heading.run_in)

    def _paragraph(self, part: Paragraph, *, basis: bool) -> None:
        if dash := _DASH.match(part.text):
            paragraph = self._writer.paragraph(self._writer.word, "Body Text")
            self._labels.dash(paragraph, dash[1])
            self._pieces(paragraph, part, skip=dash.end())
            return
        if len(part.text) < _CENTRED and part.text.isupper():
            style = "Giữa trang"
        elif basis and _BASIS.match(part.text):
            style = "Căn cứ"
        else:
            style = "Body Text"
        self._pieces(self._writer.paragraph(self._writer.word, style), part)

    def _pieces(self, paragraph: WordParagraph, part: Paragraph, skip: int = 0) -> None:
        for piece in self._doubts.pieces(part, skip):
            self._writer.add(paragraph, piece)


def _titled(heading: Heading) -> Heading:
    """A unit above a table, whose few words are its title where they are no sentence: '6. Tiến độ thực hiện'."""
    words = heading.run_in
    if heading.title or words is None or len(words.text) > _LONGEST_TITLE or words.text.endswith((".", ";", ":")):
        return heading
    return replace(heading, title=words.text, run_in=None, start=words.start, end=words.end)


def _leads_in(heading: Heading) -> bool:
    """Whether a title is rather a sentence that what stands below it completes: 'Tổ công tác có nhiệm vụ:'."""
    return heading.mark == ":" and (heading.section.style == "dieu" or len(heading.title) > _LONGEST_TITLE)


def _bold_label(paragraph: WordParagraph) -> None:
    """Make the number of a paragraph bold: it looks like the paragraph's end."""
    properties = OxmlElement("w:rPr")
    properties.append(OxmlElement("w:b"))
    paragraph._p.get_or_add_pPr().append(properties)  # nothing but sections and changes may stand behind it
