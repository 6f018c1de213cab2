"""From an opened file to its pages, one at a time: the text layer where it is good, else the image by the engine."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace

from vndoc.errors import EngineError, FormatError, TooLargeError
from vndoc.ocr import text_layer
from vndoc.ocr.engines.engine import TextEngine
from vndoc.ocr.filtering import drop_overlay
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.layout import arrange
from vndoc.ocr.recognition import failed_page, read_image
from vndoc.page import BlockKind, Layer, Line, Method, Page, Word
from vndoc.settings import DEFAULTS, Settings
from vndoc.sources import OpenFile, TextLayer

_PREVIEW_DPI = 60  # enough to see how much of the ink a text layer covers


@dataclass(slots=True, frozen=True)
class PageReader:
    """Reads the pages of one opened file.

    Attributes:
        file: the opened file.
        engine: reads the words of images.
        settings: resolution and limits.
        decode: turns words in an encoding from before Unicode into Unicode; without it such pages are read from their
            image.
        on_image: is handed each page's number and its image before it is prepared for the engine, on the thread
            that reads the page: for who needs an image again and would otherwise draw it twice.
    """

    file: OpenFile
    engine: TextEngine
    settings: Settings = DEFAULTS
    decode: text_layer.Decode | None = None
    on_image: Callable[[int, Image8], None] | None = None

    def pages(self, numbers: Sequence[int]) -> Iterator[Page]:
        """The pages in this order; one that cannot be read comes empty, with ``Method.FAILED`` and a warning.

        At most ``settings.jobs`` + 1 page images are held in memory, whatever the length of the document.

        Raises:
            SetupError: poppler, the engine or its language data is missing.
            FormatError: the very first image of a source cannot be decoded.
        """
        return _in_order(self.page, numbers, self.settings.jobs or os.cpu_count() or 1)

    def page(self, number: int) -> Page:
        """One page, by its text layer or by the engine; errors of :meth:`pages`."""
        text = self.file.page(number)
        if text is not None:
            return text
        try:
            layer = self.file.text_layer(number, self.settings.dpi)
            verdict, lines = self._judged(number, layer)
            if layer and verdict in (Layer.GOOD, Layer.LEGACY):
                return self._from_layer(number, layer, lines, verdict)
            words = [w for line in lines for w in line.words]
            page = self._from_image(number, verdict, words)
        except EngineError as error:
            return failed_page(number, error)
        except (FormatError, TooLargeError) as error:
            if number == 1:
                raise
            return failed_page(number, error)
        if verdict is Layer.GARBLED:
            page = text_layer.with_second_opinion(page, words, self.settings.dpi / max(page.dpi, 1))
        return _with_numbers(page, layer.numbers if layer else ())

    def _judged(self, number: int, layer: TextLayer | None) -> tuple[Layer, list[Line]]:
        if layer is None:
            return Layer.NONE, []
        if not layer.lines:
            return text_layer.judge([], 0.0, layer.signed), []
        dpi = self.file.layout(number, _PREVIEW_DPI).dpi
        preview = self.file.image(number, dpi)
        coverage = text_layer.ink_coverage(preview, layer.words, dpi / self.settings.dpi)
        verdict = text_layer.judge(layer.words, coverage, layer.signed)
        if verdict in (Layer.GOOD, Layer.GARBLED) and self.decode:
            lines = text_layer.decoded(layer.lines, self.decode)
            if lines is not None:
                return Layer.LEGACY, lines
        return verdict, list(layer.lines)

    def _from_layer(self, number: int, layer: TextLayer, lines: list[Line], verdict: Layer) -> Page:
        dpi = self.settings.dpi
        width, height = (round(points * dpi / 72) for points in (layer.width, layer.height))
        lines += [Line((w,)) for w in layer.numbers]
        return Page(number, arrange(lines), width, height, dpi, verdict, Method.TEXT_LAYER)

    def _from_image(self, number: int, verdict: Layer, overlay: Sequence[Word]) -> Page:
        dpi = self.file.layout(number, self.settings.dpi).dpi
        image = self.file.image(number, dpi)
        if self.on_image:
            self.on_image(number, image)
        stamps = overlay if verdict is Layer.STAMP_ONLY else ()
        return read_image(image, number, dpi, self.engine, verdict, stamps)


def _in_order(read: Callable[[int], Page], numbers: Sequence[int], jobs: int) -> Iterator[Page]:
    """Run ``read`` for every number on ``jobs`` threads, a few pages ahead of whoever takes them."""
    if jobs == 1 or len(numbers) == 1:
        yield from map(read, numbers)
        return
    waiting: deque[Future[Page]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for number in numbers:
                waiting.append(pool.submit(copy_context().run, read, number))
                if len(waiting) > jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _with_numbers(page: Page, numbers: Sequence[Word]) -> Page:
    if not numbers or page.method is not Method.OCR:
        return page
    stamps = [block for block in page.blocks if block.kind is not BlockKind.TEXT]
    text = [line for block in page.blocks if block.kind is BlockKind.TEXT for line in block.lines]
    lines = [*drop_overlay(text, numbers), *(Line((w,)) for w in numbers)]
    return replace(page, blocks=(*stamps, *arrange(lines)))
