"""A searchable PDF ("PDF hai lớp"): the pages as they look, with the repaired text invisibly behind the words.

The input is never touched. In the copy the pages' own content stays as it is, the text is added after it
(:mod:`~vndoc.export.text_layer`), and images are taken over without being encoded anew. Pages with a good text layer
get nothing; from the others, hidden text of another OCR goes. Then the copy is made PDF/A-2b
(:mod:`vndoc.export.pdfa`), for which pages may have to be drawn; where it cannot be, it does not claim to be.

A copy cannot carry a digital signature: its bytes are others. So the signatures' looks stay on the pages as stamps,
what they said goes into the metadata, and no reader is led to think that a broken signature is there.
"""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import NamedTuple, Self

import pikepdf

from vndoc.damage import QUIET, edge
from vndoc.dispatch import Dispatch, Notice
from vndoc.errors import FormatError
from vndoc.export.frames import pdf_of_frames
from vndoc.export.hidden_text import drop_hidden_text
from vndoc.export.metadata import add_decree_fields, describe, signatures_to_stamps, withdraw_claim
from vndoc.export.pdfa import archived
from vndoc.export.text_layer import HiddenText
from vndoc.page import Block, Method, Page
from vndoc.sources import OpenFile, SourceFile, open_file
from vndoc.sources.backend import POINTS

_PDF, _IMAGE = "application/pdf", "image/"
_DPI = 300


class Searchable(NamedTuple):
    """A searchable PDF, and what its maker should know."""

    data: bytes
    archival: bool
    """Whether it is PDF/A-2b, checked, and says so."""
    notices: tuple[Notice, ...] = ()
    """What was left out or drawn for that, or why it is not."""


def to_searchable_pdf(data: bytes, dispatch: Dispatch, pages: Sequence[Page]) -> bytes:
    """The bytes alone of what :func:`searchable` makes."""
    return searchable(data, dispatch, pages).data


def searchable(data: bytes, dispatch: Dispatch, pages: Sequence[Page]) -> Searchable:
    """The document with its text made searchable, for keeping.

    Args:
        data: bytes of the PDF or image file that was read.
        dispatch: what was read; gives title, fields and signatures to the metadata.
        pages: the repaired pages; pages of the file that are not among them keep the text that they have.

    Raises:
        FormatError: a plain text has no pages to lay text on.
    """
    if not dispatch.source.media_type.startswith((_PDF, _IMAGE)):
        raise FormatError(
            f"{dispatch.source.name}: a text, Word file or mail has no page images to make a searchable PDF of; "
            "print it to a PDF and read that, or take --format docx"
        )
    if dispatch.source.media_type != _PDF:
        with edge(dispatch.source.name, "the image is damaged or cut off", "copy or scan it again"), QUIET:
            data = pdf_of_frames(data, pages[0])
    with _with_text(data, dispatch, pages) as pdf, _Words(data, dispatch.source.name, pages) as words:
        kept, notices = archived(pdf, dispatch, words.of)
    if kept is not None:
        return Searchable(kept, True, tuple(notices))
    with _with_text(data, dispatch, pages) as pdf:
        withdraw_claim(pdf)
        add_decree_fields(pdf, dispatch)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return Searchable(out.getvalue(), False, tuple(notices))


def _with_text(data: bytes, dispatch: Dispatch, pages: Sequence[Page]) -> pikepdf.Pdf:
    """A copy with the words of the pages that were read from their images, and with its title."""
    with edge(dispatch.source.name, "the PDF is damaged", "copy or scan it again"):
        return _laid(pikepdf.open(io.BytesIO(data)), dispatch, pages)


def _laid(pdf: pikepdf.Pdf, dispatch: Dispatch, pages: Sequence[Page]) -> pikepdf.Pdf:
    signatures_to_stamps(pdf)
    read = [page for page in pages if page.method is Method.OCR and page.number <= len(pdf.pages)]
    layer = HiddenText(pdf, read)
    for page in read:
        drop_hidden_text(pdf, pdf.pages[page.number - 1])
        layer.put(pdf.pages[page.number - 1], page)
    describe(pdf, dispatch)
    return pdf


class _Words:
    """The words of the pages of a PDF: as they were read, of others those of its own text layer."""

    def __init__(self, data: bytes, name: str, pages: Sequence[Page]) -> None:
        self._file = SourceFile(name, data)
        self._known = {page.number: page for page in pages}
        self._opened = ExitStack()
        self._source: OpenFile | None = None

    def of(self, number: int) -> Page | None:
        """The page of that number; None where nothing is known of it."""
        if number in self._known:
            return self._known[number]
        if self._source is None:
            self._source = self._opened.enter_context(open_file(self._file)[0])
        layer = self._source.text_layer(number, _DPI)
        if layer is None:
            return None
        width, height = (round(side * _DPI / POINTS) for side in (layer.width, layer.height))
        lines = (*layer.lines, *layer.hidden, *layer.pale)
        return Page(number, (Block(lines),), width, height, _DPI, method=Method.TEXT_LAYER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._opened.close()
