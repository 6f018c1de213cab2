"""Annexes and documents sent along, each on pages of its own that are numbered anew."""

import regex
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section as WordSection
from docx.shared import Length

from vndoc.dispatch import Annex, Dispatch, Table
from vndoc.export.docx.doubts import Doubts
from vndoc.export.docx.tables import write_table
from vndoc.export.docx.writing import Writer
from vndoc.export.order import annex_of

_OF = regex.compile(r"\(?(?:Kèm theo|Ban hành kèm theo|Đính kèm)", regex.I)
_LINES = 8
"""The head of an annex stands within so many paragraphs."""
_SHORT = 90
"""Letters up to which capitals are a line in the middle of the page."""


def write_annexes(writer: Writer, dispatch: Dispatch, doubts: Doubts) -> None:
    """All annexes, each from a new page on."""
    for annex in dispatch.annexes:
        section = writer.word.add_section(WD_SECTION.NEW_PAGE)
        _number_anew(section)
        _turn(section, landscape=_is_wide(dispatch, annex))
        width = Length(section.page_width - section.left_margin - section.right_margin)
        _write(writer, dispatch, annex, doubts, width)


def _write(writer: Writer, dispatch: Dispatch, annex: Annex, doubts: Doubts, width: Length) -> None:
    for number, part in enumerate(annex_of(dispatch, annex)):
        if isinstance(part, Table):
            write_table(writer, part, doubts, width)
        else:
            writer.paragraph(writer.word, _style(part.text, annex, number), *doubts.pieces(part))


def _style(text: str, annex: Annex, number: int) -> str:
    if annex.label and text.strip(" .:-") == annex.label:
        return "Đầu phụ lục"
    if number < _LINES and _OF.match(text):
        return "Kèm theo"
    return "Giữa trang" if text.isupper() and len(text) <= _SHORT else "Body Text"


def _is_wide(dispatch: Dispatch, annex: Annex) -> bool:
    """Whether the first page of an annex lies across."""
    return any(page.width > page.height for page in dispatch.pages if page.number == annex.page)


def _turn(section: WordSection, *, landscape: bool) -> None:
    across = section.orientation == WD_ORIENT.LANDSCAPE
    if landscape != across:
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width


def _number_anew(section: WordSection) -> None:
    """The pages of an annex are numbered by themselves (Appendix I, III.1 đ)."""
    for margins in section._sectPr.findall(qn("w:pgMar")):
        if section._sectPr.find(qn("w:pgNumType")) is None:
            numbers = OxmlElement("w:pgNumType")
            numbers.set(qn("w:start"), "1")
            margins.addnext(numbers)
