"""PDF: opened with pikepdf, drawn and its text listed by poppler, a program of its own that hostile files may crash."""

import contextlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np
import pikepdf

from vndoc.damage import DamageError, edge
from vndoc.errors import EmptyFileError, EncryptedError, EngineError, FormatError, TooLargeError
from vndoc.page import Method, Page
from vndoc.sandbox.scratch import temporary_folder
from vndoc.settings import Settings
from vndoc.sources.backend import POINTS, Image8, Layout, Remark, TextLayer
from vndoc.sources.file import SourceFile
from vndoc.sources.pdf.copies import prepare
from vndoc.sources.pdf.layers import Layers
from vndoc.sources.pdf.patience import Patience, ranges
from vndoc.sources.pdf.poppler import Drawn, page_sizes, render
from vndoc.sources.pdf.stretches import Stretches
from vndoc.sources.pdf.trees import repeated_kids, same_pages
from vndoc.sources.pdf.unshown import file_remarks, placeholder

PDF = "application/pdf"
_A4 = (595.0, 842.0)  # points
_MOST_PAGES = 50_000
_MOST_REPEATED = 100  # pages that are named again; some programs share a blank one
_LEAST_SIDE = 18.0  # points: a line of print and its margins
_DAMAGED, _ADVICE = "the PDF is damaged or cut off", "copy or scan it again"
_KNOWN = (
    "unable to find trailer dictionary",
    "unable to find /Root dictionary",
    "unable to find any pages",
    "can't find PDF header",
    "unable to find page tree",
    "Loop detected in /Pages structure",
    "unsupported encryption",
)
"""What qpdf says that quotes nothing of a file."""
_HEADER_WITHIN = 1024  # readers accept junk before the header up to here (PDF 1.7, Appendix H, note 13)


class PdfFile:
    """An opened PDF. Pages are drawn from a temporary copy, cut to what a viewer shows of them.

    The copy is without the visible marks of electronic signatures. These (Decree 30, Appendix I, II.8: name,
    organisation, time of signing) are laid over the page and would be read as part of it.
    """

    def __init__(self, file: SourceFile, page_amount: int, remarks: Sequence[Remark], settings: Settings) -> None:
        self.page_amount = page_amount
        self._file, self._limits, self._dpi = file, settings.limits, settings.dpi
        self._folder = temporary_folder()
        self._path = Path(self._folder.name, "pages.pdf")
        self._original: Path | None = None
        self._lock = Lock()
        self._remarks = list(remarks)
        with contextlib.ExitStack() as on_error:
            on_error.callback(self._folder.cleanup)
            with edge(file.name, _DAMAGED, _ADVICE):
                self.signed, self._units, self._empty = prepare(file.data, self._path, marks=False)
            self._sizes = page_sizes(self._path, page_amount)
            on_error.pop_all()
        self._tiny = frozenset(number for number in range(1, page_amount + 1) if self._is_tiny(number))
        self._patience = Patience(self._limits.render_seconds)
        marked = self._with_marks if self.signed else None
        self._stretches = Stretches(self._path, page_amount)
        self._layers = Layers(self._path, page_amount, marked, self._limits.render_seconds)

    def page(self, number: int) -> Page | None:
        """A blank one where nothing is painted, or nothing that can be read; other pages have images."""
        if not self._is_blank(number):
            return None
        dpi = self.layout(number, self._dpi).dpi
        height, width = self._white(number, dpi)
        return Page(number, (), width, height, dpi, method=Method.BLANK)

    def _is_blank(self, number: int) -> bool:
        return number in self._empty or number in self._tiny

    def _white(self, number: int, dpi: int) -> tuple[int, int]:
        """Height and width in pixels of a page that is not drawn."""
        width, height = self._side(number)
        return max(1, round(height * dpi / POINTS)), max(1, round(width * dpi / POINTS))

    def _side(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        width, height = self._sizes[number - 1] if number <= len(self._sizes) else _A4
        return width * self._units[number - 1], height * self._units[number - 1]

    def _is_tiny(self, number: int) -> bool:
        return min(self._side(number)) < _LEAST_SIDE

    def layout(self, number: int, dpi: int) -> Layout:
        """See :meth:`~vndoc.sources.backend.OpenFile.layout`."""
        return Layout.within(*self._side(number), dpi, self._limits.page_pixels, self._file.name)

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """See :meth:`~vndoc.sources.backend.OpenFile.image`."""
        if self._is_blank(number):
            return np.full(self._white(number, dpi), 255, dtype=np.uint8)
        path, at = (self._with_marks(), number) if marks and self.signed else self._stretches.of(number)
        drawn = self._draw(path, at, number, dpi)
        if drawn.fault and drawn.blank:
            raise EngineError(f"page {number} cannot be drawn: {drawn.fault}; copy or scan it again")
        if drawn.fault:
            message = f"Page {number}: part of it cannot be drawn ({drawn.fault}); copy or scan it again."
            self._remember(Remark("page-doubtful", message, number))
        return drawn.image

    def _draw(self, path: Path, at: int, number: int, dpi: int) -> Drawn:
        """Page ``number``, which is page ``at`` of a copy, within what time is left to it."""
        with self._patience.drawing(number, costly=self._layers.is_costly(number)) as seconds:
            return render(path, at, dpi * self._units[number - 1], seconds, number)

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """See :meth:`~vndoc.sources.backend.OpenFile.text_layer`."""
        if self._is_blank(number):
            return None
        unit = self._units[number - 1]
        layer = self._layers.of(number, dpi * unit)
        if layer is None:
            return None
        if remark := placeholder(layer, number):
            self._remember(remark)
        # pdftotext gives the size of a page that is turned by /Rotate as it was before, its words as they are shown.
        width, height = self._sizes[number - 1] if number <= len(self._sizes) else (layer.width, layer.height)
        copy = self._layers.textless(number)
        textless = (lambda dpi: self._draw(*copy, number, dpi).image) if copy else None
        return replace(layer, width=width * unit, height=height * unit, textless=textless)

    def _remember(self, remark: Remark) -> None:
        """Keep a remark; one of its code is enough for a page."""
        with self._lock:
            if all(remark[::2] != (known.code, known.page) for known in self._remarks):
                self._remarks.append(remark)

    def remarks(self) -> Sequence[Remark]:
        """See :meth:`~vndoc.sources.backend.OpenFile.remarks`."""
        return [*self._remarks, *self._tiny_remarks(), *self._layers.remarks, *self._patience.remarks()]

    def _tiny_remarks(self) -> Iterator[Remark]:
        if painted := sorted(self._tiny - self._empty):
            message = f"Pages smaller than a line of print, taken for blank: {ranges(painted)}."
            yield Remark("page-doubtful", message)

    def _with_marks(self) -> Path:
        """The copy with the marks of signatures."""
        if not self.signed:
            return self._path
        with self._lock:
            if self._original is None:
                self._original = Path(self._folder.name, "marked.pdf")
                with edge(self._file.name, _DAMAGED, _ADVICE):
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
    if repeated_kids(file.data) > _MOST_REPEATED:
        raise _repeated(name)
    with edge(name, _DAMAGED, _ADVICE):
        try:
            with pikepdf.open(io.BytesIO(file.data)) as pdf:
                pages = len(pdf.pages)
                warnings = list(map(str, pdf.get_warnings()))
                if sum("more than once in the pages tree" in warning for warning in warnings) > _MOST_REPEATED:
                    raise _repeated(name)
                if pages > _MOST_PAGES:
                    raise TooLargeError(f"{name}: the PDF has more than {_MOST_PAGES} pages; split it")
                if same_pages(pdf) > _MOST_REPEATED:
                    raise _repeated(name)
                remarks = file_remarks(pdf) if pages else []
        except pikepdf.PasswordError:
            message = "the PDF asks for a password; save a copy without one and give that"
            raise EncryptedError(f"{name}: {message}") from None
        except pikepdf.PdfError as error:
            raise _named(error) from error
    if warnings and b"%%EOF" not in file.data[-2048:]:
        raise FormatError(f"{name}: the PDF is cut off, its end is missing; copy or scan it again")
    if pages == 0:
        raise EmptyFileError(f"{name}: the PDF has no pages")
    return pages, remarks


def _repeated(name: str) -> FormatError:
    return FormatError(f"{name}: the PDF names one page again and again; its page tree is damaged, print it again")


def _named(error: Exception) -> Exception:
    """The error with qpdf's reason, where that is one that quotes nothing."""
    known = next((phrase for phrase in _KNOWN if phrase in str(error)), None)
    return DamageError(known) if known else error


BACKEND = PdfBackend()
