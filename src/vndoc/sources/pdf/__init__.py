"""PDF: opened with pikepdf, drawn and its text listed by poppler, a program of its own that hostile files may crash."""

import contextlib
import io
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import pikepdf
import regex

from vndoc.errors import EmptyFileError, EncryptedError, EngineError, FormatError
from vndoc.page import Page
from vndoc.settings import Settings
from vndoc.sources.backend import Image8, Layout, Remark, TextLayer
from vndoc.sources.file import SourceFile
from vndoc.sources.pdf.copies import prepare
from vndoc.sources.pdf.layers import Layers
from vndoc.sources.pdf.poppler import page_sizes, render
from vndoc.sources.pdf.stretches import Stretches
from vndoc.sources.pdf.unshown import file_remarks, placeholder

PDF = "application/pdf"
_A4 = (595.0, 842.0)  # points
_ADDRESS = regex.compile(r"(?:\bstream )?<[^<>]* object at 0x[0-9a-f]+>[^:]*(?:: |$)")
_MOST_REPEATED = 100  # pages that are named again; some programs share a blank one
_HEADER_WITHIN = 1024  # readers accept junk before the header up to here (PDF 1.7, Appendix H, note 13)


class PdfFile:
    """An opened PDF. Pages are drawn from a temporary copy, cut to what a viewer shows of them.

    The copy is without the visible marks of electronic signatures. These (Decree 30, Appendix I, II.8: name,
    organisation, time of signing) are laid over the page and would be read as part of it.
    """

    def __init__(self, file: SourceFile, page_amount: int, remarks: Sequence[Remark], settings: Settings) -> None:
        self.page_amount = page_amount
        self._file, self._limits = file, settings.limits
        self._folder = tempfile.TemporaryDirectory(prefix="vndoc-", ignore_cleanup_errors=True)
        self._path = Path(self._folder.name, "pages.pdf")
        self._original: Path | None = None
        self._lock = Lock()
        self._remarks = list(remarks)
        with contextlib.ExitStack() as on_error:
            on_error.callback(self._folder.cleanup)
            self.signed, self._units = prepare(file.data, self._path, marks=False)
            self._sizes = page_sizes(self._path, page_amount)
            on_error.pop_all()
        marked = self._with_marks if self.signed else None
        self._stretches = Stretches(self._path, page_amount)
        self._layers = Layers(self._path, page_amount, marked, self._limits.render_seconds)

    def page(self, number: int) -> Page | None:
        """None: a PDF's pages have images."""
        return None

    def layout(self, number: int, dpi: int) -> Layout:
        """See :meth:`~vndoc.sources.backend.OpenFile.layout`."""
        width, height = self._sizes[number - 1] if number <= len(self._sizes) else _A4
        unit = self._units[number - 1]
        return Layout.within(width * unit, height * unit, dpi, self._limits.page_pixels, self._file.name)

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """See :meth:`~vndoc.sources.backend.OpenFile.image`."""
        path, at = (self._with_marks(), number) if marks and self.signed else self._stretches.of(number)
        drawn = render(path, at, dpi * self._units[number - 1], self._limits.render_seconds, number)
        if drawn.fault and drawn.blank:
            raise EngineError(f"page {number} cannot be drawn: {drawn.fault}; copy or scan it again")
        if drawn.fault:
            message = f"Page {number}: part of it cannot be drawn ({drawn.fault}); copy or scan it again."
            self._remember(Remark("page-doubtful", message, number))
        return drawn.image

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """See :meth:`~vndoc.sources.backend.OpenFile.text_layer`."""
        unit = self._units[number - 1]
        layer = self._layers.of(number, dpi * unit)
        if layer is None:
            return None
        if remark := placeholder(layer, number):
            self._remember(remark)
        # pdftotext gives the size of a page that is turned by /Rotate as it was before, its words as they are shown.
        width, height = self._sizes[number - 1] if number <= len(self._sizes) else (layer.width, layer.height)
        copy, seconds = self._layers.textless(number), self._limits.render_seconds
        textless = (lambda dpi: render(*copy, dpi * unit, seconds, number).image) if copy else None
        return replace(layer, width=width * unit, height=height * unit, textless=textless)

    def _remember(self, remark: Remark) -> None:
        """Keep a remark; one of its code is enough for a page."""
        with self._lock:
            if all(remark[::2] != (known.code, known.page) for known in self._remarks):
                self._remarks.append(remark)

    def remarks(self) -> Sequence[Remark]:
        """See :meth:`~vndoc.sources.backend.OpenFile.remarks`."""
        return [*self._remarks, *self._layers.remarks]

    def _with_marks(self) -> Path:
        """The copy with the marks of signatures."""
        if not self.signed:
            return self._path
        with self._lock:
            if self._original is None:
                self._original = Path(self._folder.name, "marked.pdf")
                prepare(self._file.data, self._original, marks=True)
        return self._original

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Remove the temporary copies."""
        self._folder.cleanup()


class PdfBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {PDF: "a PDF"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".pdf": PDF}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """Whether a PDF's header is near the beginning."""
        return PDF if b"%PDF-" in data[:_HEADER_WITHIN] else None

    def open(self, file: SourceFile, settings: Settings) -> PdfFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        return PdfFile(file, *_inspect(file), settings)


def _inspect(file: SourceFile) -> tuple[int, list[Remark]]:
    """How many pages it has, and what has to be said about it; errors of :meth:`PdfBackend.open`."""
    name = file.name
    try:
        with pikepdf.open(io.BytesIO(file.data)) as pdf:
            pages = len(pdf.pages)
            remarks = file_remarks(pdf) if pages else []
            warnings = list(map(str, pdf.get_warnings()))
    except pikepdf.PasswordError:
        raise EncryptedError(f"{name}: the PDF asks for a password; save a copy without one and give that") from None
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise FormatError(f"{name}: the PDF is damaged or cut off ({_reason(error)}); copy or scan it again") from None
    if sum("more than once in the pages tree" in warning for warning in warnings) > _MOST_REPEATED:
        raise FormatError(f"{name}: the PDF names one page {pages} times; its page tree is damaged, print it again")
    if warnings and b"%%EOF" not in file.data[-2048:]:
        raise FormatError(f"{name}: the PDF is cut off, its end is missing; copy or scan it again")
    if pages == 0:
        raise EmptyFileError(f"{name}: the PDF has no pages")
    return pages, remarks


def _reason(error: Exception) -> str:
    """What pikepdf says, without the address of what it read ("stream <_io.BytesIO object at 0x…>: …")."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return _ADDRESS.sub("", said) or type(error).__name__


BACKEND = PdfBackend()
