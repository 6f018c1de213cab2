"""One document as it was read, with what it was read from: for those who show, search or pass it on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from vndoc import sandbox
from vndoc.bundles import Part
from vndoc.dispatch import Dispatch, Notice
from vndoc.errors import MachineError, VndocError
from vndoc.export.html import DPI as HTML_DPI
from vndoc.export.html import to_html
from vndoc.export.parts import FileParts
from vndoc.export.searchable import Searchable, searchable
from vndoc.ocr.imaging.upright import levelled
from vndoc.page import Page
from vndoc.reading import Reading
from vndoc.settings import DEFAULTS, Settings
from vndoc.slots import Readings
from vndoc.sources import SourceFile, open_file
from vndoc.sources.backend import Image8

_T = TypeVar("_T")


@dataclass(slots=True, frozen=True)
class Document:
    """One document as it was read: its dispatch, and what the dispatch was taken from."""

    dispatch: Dispatch
    pages: tuple[Page, ...]
    """The repaired pages that were asked for, in their order."""
    file: SourceFile
    settings: Settings = DEFAULTS
    slots: Readings = field(default_factory=dict)
    """What was read in the blanks of the form."""
    notices: tuple[Notice, ...] = ()
    """Those of :attr:`Reading.notices <vndoc.reading.Reading.notices>`."""
    part: Part | None = None
    """Where it begins and ends in its file, and how sure that is; None where nobody looked for other documents."""

    @property
    def reading(self) -> Reading:
        """What the dispatch was parsed from, to be kept."""
        source, signatures = self.dispatch.source, tuple(self.dispatch.signatures)
        return Reading(source, self.pages, self.slots, signatures, self.notices)

    def images(self, dpi: int) -> Iterator[Image8 | None]:
        """The images of :attr:`pages`, turned upright and level as they were read, at about ``dpi``, one at a time.

        RGB or grey, ``uint8``, with the marks of signatures; None for a page without an image (plain text, or one that
        cannot be drawn).
        """
        limits = self.settings.limits
        if not self.settings.sandbox:
            yield from _images(self, dpi)
            return
        about = self.file.name
        yield from sandbox.stream(_images, self, dpi, seconds=_seconds(self), memory_mb=limits.memory_mb, about=about)

    def data(self) -> bytes:
        """The file, or the document's own pages of one that was cut; FormatError where they cannot be cut out."""
        if self.part is None or self.part.whole:
            return self.file.data
        return _made(_data, self)

    def to_pdf(self) -> bytes:
        """A searchable PDF for keeping: the bytes of :meth:`searchable`.

        Raises:
            FormatError: the document is a plain text.
        """
        return self.searchable().data

    def searchable(self) -> Searchable:
        """A searchable PDF, PDF/A-2b where it can be: the pages as they look, the text invisibly behind the words.

        With it, whether it is PDF/A, and what was left out or drawn for that. Errors of :meth:`to_pdf`.
        """
        return _made(_searchable, self)

    def to_html(self) -> str:
        """A page to look at, in one file: the scan with its fields framed, their values and confidence beside it."""
        return _made(_html, self)

    def to_docx(self) -> bytes:
        """A Word file (DOCX) to edit, laid out in the decree's form; what is doubtful has comments."""
        from vndoc.export.docx import to_docx  # noqa: PLC0415 -- python-docx would slow down every start

        return to_docx(self.dispatch, self.pages)


def _made(make: Callable[[Document], _T], document: Document) -> _T:
    """What is made of a document and its file, which is opened in a sandbox."""
    if not document.settings.sandbox:
        return make(document)
    limits = document.settings.limits
    made: _T = sandbox.call(
        make, document, seconds=_seconds(document), memory_mb=limits.memory_mb, about=document.file.name
    )
    return made


def _seconds(document: Document) -> float:
    """That all pages of a document may take."""
    return document.settings.limits.page_seconds * (1 + len(document.pages))


def _images(document: Document, dpi: int) -> Iterator[Image8 | None]:
    with open_file(document.file, document.settings)[0] as opened:
        for page in document.pages:
            try:
                yield levelled(opened.image(page.number, opened.layout(page.number, dpi).dpi, marks=True), page)
            except MachineError:
                raise
            except VndocError:
                yield None


def _data(document: Document) -> bytes:
    if document.part is None or document.part.whole:
        return document.file.data
    with FileParts(document.file.data, document.dispatch.source.media_type, document.file.name) as file:
        return file.part([page.number for page in document.pages], document.dispatch)


def _searchable(document: Document) -> Searchable:
    pages = document.pages
    if document.part is not None and not document.part.whole:
        pages = tuple(replace(page, number=number) for number, page in enumerate(pages, 1))
    return searchable(_data(document), document.dispatch, pages)


def _html(document: Document) -> str:
    return to_html(document.dispatch, document.pages, _images(document, HTML_DPI))
