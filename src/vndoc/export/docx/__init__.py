"""A dispatch as a Word file that can be edited, laid out after the decree's form (Decree 30/2020/NĐ-CP, Appendix I)."""

from collections.abc import Sequence
from statistics import median

from vndoc.dispatch import Dispatch, Signer
from vndoc.export.docx.annexes import write_annexes
from vndoc.export.docx.body import BodyWriter
from vndoc.export.docx.doubts import Doubts
from vndoc.export.docx.foot import write_copy, write_foot
from vndoc.export.docx.head import write_head
from vndoc.export.docx.properties import describe
from vndoc.export.docx.template import BodySize, new_file, saved
from vndoc.export.docx.writing import Writer
from vndoc.export.order import body_of
from vndoc.page import Page

_SMALL = 13.5
"""Type size in points under which a body is set in 13 points, else in 14."""


def to_docx(dispatch: Dispatch, pages: Sequence[Page] = ()) -> bytes:
    """The dispatch as a Word file (DOCX); the same dispatch gives the same bytes.

    Letterhead, title, recipients, numbered units, tables, signature, places to send, annexes: all of it can be edited,
    units and dashes are counted by Word. What is doubtful has a comment with its candidates; what is not known is left
    as dots. Notes typed over the page and the incoming stamp are comments too: they are not the document's own.

    Args:
        dispatch: what was read.
        pages: the repaired pages; doubtful words of the text are told only with them.
    """
    writer, doubts = Writer(new_file(_size(pages))), Doubts(dispatch, pages)
    copy = dispatch.certified_copy
    electronic = copy is not None and not copy.code_number and not copy.code_notation and copy.signer == Signer()
    if copy and electronic:
        write_copy(writer, copy, doubts)
    write_head(writer, dispatch, doubts)
    titled = dispatch.type_name not in (None, "Công văn")
    BodyWriter(writer, doubts, titled=titled).write(body_of(dispatch))
    write_foot(writer, dispatch, doubts)
    if copy and not electronic:
        write_copy(writer, copy, doubts)
    write_annexes(writer, dispatch, doubts)
    describe(writer.word, dispatch)
    return saved(writer.word)


def _size(pages: Sequence[Page]) -> BodySize:
    """The size of the body's type: as it was measured on the pages."""
    sizes = [72 * line.em / page.dpi for page in pages for line in page.lines if line.em and page.dpi]
    return 13 if sizes and median(sizes) < _SMALL else 14
