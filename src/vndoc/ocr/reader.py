"""From a source to its pages, one at a time: the text layer where it is good, else image, cleaning and engine."""

import contextlib
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from vndoc.errors import EngineError, FormatError, TooLargeError
from vndoc.ocr import text_layer as textlayer
from vndoc.ocr.engines.tesseract import Engine, Tesseract
from vndoc.ocr.filtering import drop_overlay
from vndoc.ocr.imaging import cleaning as clean
from vndoc.ocr.layout import arrange
from vndoc.ocr.recognition import failed_page, read_image
from vndoc.page import Layer, Line, Method, Page, Word, page_from_text
from vndoc.sources import pdf
from vndoc.sources.images import frame_dpi, load_frame
from vndoc.sources.source import PDF, TEXT, Source, text_pages

READ_DPI = 240
"""Pages are read at this resolution: 13-point type has the 33-pixel capitals that Tesseract reads best, and 300 dpi
costs a fifth more time and reads no word more (docs/errors.md)."""

_PREVIEW_DPI = 60  # enough to see how much of the ink a text layer covers


@dataclass(slots=True, frozen=True)
class ReadOptions:
    """How to read: pages as counted from 1 (``None``: all), Tesseract's language, pages read at the same time.

    ``on_image`` is handed each page's number and its image as the engine's cleaning got it, on the thread that reads
    the page: for who needs an image again and would otherwise draw it twice. ``decode`` turns a text layer of TCVN3 or
    VNI fonts into Unicode; without it such pages are read from their image.
    """

    pages: frozenset[int] | None = None
    lang: str = "vie"
    jobs: int | None = None
    on_image: Callable[[int, clean.Image8], None] | None = None
    decode: textlayer.Decode | None = None


def read_pages(source: Source, options: ReadOptions | None = None, engine: Engine | None = None) -> Iterator[Page]:
    """Pages in their order; a page that cannot be read comes empty, with ``Method.FAILED`` and a warning.

    At most ``jobs`` + 1 page images are held in memory, whatever the length of the document.

    Raises:
        SetupError: poppler or Tesseract or its language data is missing.
        FormatError: the very first image of a source cannot be decoded.
    """
    options = options or ReadOptions()
    numbers = [n for n in range(1, source.page_amount + 1) if options.pages is None or n in options.pages]
    if source.media_type == TEXT:
        yield from (page_from_text(text, n) for n, text in enumerate(text_pages(source.data), 1) if n in numbers)
        return
    engine = engine or Tesseract()
    with contextlib.ExitStack() as stack:
        if source.media_type == PDF:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vndoc-"))
            read = _PdfReader(source, Path(folder), engine, options).read
        else:
            read = _ImageReader(source, engine, options).read
        yield from _in_order(read, numbers, options.jobs or os.cpu_count() or 1)


def _in_order(read: Callable[[int], Page], numbers: Sequence[int], jobs: int) -> Iterator[Page]:
    """Run ``read`` for every number on ``jobs`` threads, a few pages ahead of whoever takes them."""
    if jobs == 1 or len(numbers) == 1:
        yield from map(read, numbers)
        return
    waiting: deque[Future[Page]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for number in numbers:
                waiting.append(pool.submit(read, number))
                if len(waiting) > jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


class _PdfReader:
    """Reads the pages of one PDF from a temporary copy without signature stamps."""

    def __init__(self, source: Source, folder: Path, engine: Engine, options: ReadOptions) -> None:
        self.path = folder / "pages.pdf"
        self.engine, self.options = engine, options
        self.signed = pdf.strip_signatures(source.data, self.path)
        self.layers = pdf.read_layers(self.path, READ_DPI)
        self.overlays: list[list[Word]] = [[] for _ in self.layers]
        if self.signed:
            original = folder / "original.pdf"
            original.write_bytes(source.data)
            full = pdf.read_layers(original, READ_DPI)
            if len(full) == len(self.layers):
                pairs = zip(full, self.layers, strict=True)
                self.overlays = [pdf.overlay_words(whole, stripped) for whole, stripped in pairs]

    def read(self, number: int) -> Page:
        """One page, by its text layer or by the engine."""
        try:
            layer, lines = self._layer(number)
            if layer in (Layer.GOOD, Layer.LEGACY):
                return self._from_layer(number, lines, layer)
            words = [w for line in lines for w in line.words]
            page = self._from_image(number, layer, words)
        except EngineError as error:
            return failed_page(number, error)
        if layer is Layer.GARBLED:
            page = textlayer.with_second_opinion(page, words, READ_DPI / max(page.dpi, 1))
        return _with_numbers(page, self._numbers(number))

    def _layer(self, number: int) -> tuple[Layer, list[Line]]:
        if number > len(self.layers):
            return Layer.NONE, []
        layer = self.layers[number - 1]
        if not layer.lines:
            return textlayer.judge([], 0.0, bool(self.overlays[number - 1])), []
        dpi = pdf.fitting_dpi(layer.width, layer.height, _PREVIEW_DPI)
        preview = pdf.render(self.path, number, dpi)
        coverage = textlayer.ink_coverage(preview, layer.words, dpi / READ_DPI)
        verdict = textlayer.judge(layer.words, coverage, self.signed)
        if verdict in (Layer.GOOD, Layer.GARBLED) and self.options.decode:
            lines = textlayer.decoded(layer.lines, self.options.decode)
            if lines is not None:
                return Layer.LEGACY, lines
        return verdict, list(layer.lines)

    def _from_layer(self, number: int, lines: list[Line], verdict: Layer) -> Page:
        size = self.layers[number - 1]
        width, height = (round(points * READ_DPI / 72) for points in (size.width, size.height))
        lines += [Line((w,)) for w in self._numbers(number)]
        return Page(number, arrange(lines), width, height, READ_DPI, verdict, Method.TEXT_LAYER)

    def _from_image(self, number: int, layer: Layer, overlay: Sequence[Word]) -> Page:
        size = self.layers[number - 1] if number <= len(self.layers) else None
        dpi = pdf.fitting_dpi(size.width, size.height, READ_DPI) if size else READ_DPI
        image = pdf.render(self.path, number, dpi)
        if self.options.on_image:
            self.options.on_image(number, image)
        return read_image(
            image, number, dpi, self.engine, self.options.lang, layer, overlay if layer is Layer.STAMP_ONLY else ()
        )

    def _numbers(self, number: int) -> list[Word]:
        """Bare numbers that a registry system has set over the page as signature fields."""
        overlay = self.overlays[number - 1] if number <= len(self.overlays) else []
        return [w for w in overlay if w.text.isdecimal() and len(w.text) <= 6]


def _with_numbers(page: Page, numbers: Sequence[Word]) -> Page:
    if not numbers or page.method is not Method.TESSERACT:
        return page
    lines = [*drop_overlay(page.lines, numbers), *(Line((w,)) for w in numbers)]
    return replace(page, blocks=arrange(lines))


class _ImageReader:
    """Reads the frames of one image file."""

    def __init__(self, source: Source, engine: Engine, options: ReadOptions) -> None:
        self.source, self.engine, self.options = source, engine, options

    def read(self, number: int) -> Page:
        """One frame; only the first one's failure is an error of the file."""
        try:
            dpi = frame_dpi(self.source, number, READ_DPI)
            image = load_frame(self.source, number, dpi)
        except (FormatError, TooLargeError) as error:
            if number == 1:
                raise
            return failed_page(number, error)
        if self.options.on_image:
            self.options.on_image(number, image)
        return read_image(image, number, dpi, self.engine, self.options.lang)
