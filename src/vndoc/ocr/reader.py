"""From an opened file to its pages, one at a time: the text layer where it is good, else the image by the engine."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, replace

from vndoc.errors import EngineError, FormatError, MemoryLimitError, TooLargeError
from vndoc.ocr.engines.engine import TextEngine
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.polarity import positive
from vndoc.ocr.legibility import print_outside
from vndoc.ocr.recognition import failed_page, read_image
from vndoc.ocr.tables import darkest, find_grids, scaled, with_tables
from vndoc.ocr.text_layer import PLAIN, Script, Verdict, judge, unseen, with_second_opinion, with_typed
from vndoc.page import Layer, Line, Method, Page
from vndoc.settings import DEFAULTS, Settings
from vndoc.sources import OpenFile, TextLayer
from vndoc.sources.backend import POINTS, NotTriedError

_PREVIEW_DPI = 60  # enough to see how much of the ink a text layer covers
_ROWS_DPI = 120  # enough to tell the letters of a row apart, and to find the rules of tables
_READ_ROWS = 2  # rows outside a good layer for which the page is read from its image; one may be a logo's
_OUTSIDE = "print outside the text layer, such as a picture of text, was not read; compare the page with its image"


@dataclass(slots=True, frozen=True)
class PageReader:
    """Reads the pages of one opened file.

    Attributes:
        file: the opened file.
        engine: reads the words of images.
        settings: resolution and limits.
        script: what is known of the language, for telling whether a layer is text.
        on_image: is handed each page's number and its image before it is prepared for the engine, on the thread
            that reads the page: for who needs an image again and would otherwise draw it twice.
    """

    file: OpenFile
    engine: TextEngine
    settings: Settings = DEFAULTS
    script: Script = PLAIN
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
            return self._in_unicode(text) if text.blocks else text
        try:
            layer = self.file.text_layer(number, self.settings.dpi)
            verdict = self._judged(number, layer)
            if layer and verdict.layer in (Layer.GOOD, Layer.LEGACY):
                small = _Drawn.of(self.file, number, _ROWS_DPI)
                rows = len(print_outside(small.image, verdict.lines, small.dpi / self.settings.dpi))
                if rows < _READ_ROWS:
                    return self._from_layer(number, layer, verdict, rows, small)
                verdict = replace(verdict, layer=Layer.PARTIAL, typed=(*verdict.lines, *verdict.typed))
            page = self._from_image(number, verdict.layer)
        except EngineError as error:
            return _given_up(number, error)
        except MemoryLimitError:  # with fewer pages at a time it may be read
            raise
        except (FormatError, TooLargeError) as error:
            if number == 1:
                raise
            return failed_page(number, error)
        if page.method is not Method.OCR:
            return page
        scale = page.dpi / self.settings.dpi
        page = with_second_opinion(page, verdict.opinion, 1 / scale)
        return with_typed(page, verdict, scale)

    def _in_unicode(self, page: Page) -> Page:
        """A page of text, its letters from before Unicode as what they stand for: old Word files have them."""
        letters = self.script.decode([word.text for word in page.words]) if self.script.decode else None
        if letters is None:
            return page
        words = iter(letters)
        blocks = tuple(
            replace(
                block,
                lines=tuple(
                    replace(line, words=tuple(replace(word, text=next(words)) for word in line.words))
                    for line in block.lines
                ),
            )
            for block in page.blocks
        )
        return replace(page, blocks=blocks, layer=Layer.LEGACY)

    def _judged(self, number: int, layer: TextLayer | None) -> Verdict:
        if layer is None:
            return Verdict(Layer.NONE)
        if layer.lines or layer.pale or layer.slanted:
            dpi = self.file.layout(number, _PREVIEW_DPI).dpi
            bare = layer.textless(dpi) if layer.textless else None
            verdict = judge(layer, self.file.image(number, dpi), dpi / self.settings.dpi, self.script, bare)
        else:
            verdict = unseen(layer, self.script)
        return replace(verdict, typed=(*verdict.typed, *(Line((w,)) for w in layer.numbers)))

    def _from_layer(self, number: int, layer: TextLayer, verdict: Verdict, rows: int, drawn: "_Drawn") -> Page:
        """The page of a good layer, which ``rows`` of letters are not in; its tables by the rules of the page drawn."""
        dpi = self.settings.dpi
        width, height = (round(points * dpi / POINTS) for points in (layer.width, layer.height))
        found = find_grids(darkest(drawn.image), number, drawn.dpi)
        grids = [scaled(grid, dpi / drawn.dpi) for grid in found]
        blocks = with_tables([*verdict.lines, *verdict.typed], grids)
        warnings = (_OUTSIDE,) if rows else ()
        return Page(number, blocks, width, height, dpi, verdict.layer, Method.TEXT_LAYER, warnings)

    def _from_image(self, number: int, layer: Layer) -> Page:
        dpi = self.file.layout(number, self.settings.dpi).dpi
        image = positive(self.file.image(number, dpi))
        if self.on_image:
            self.on_image(number, image)
        return read_image(image, number, dpi, self.engine, layer)


def _given_up(number: int, error: EngineError) -> Page:
    """The empty page, with a warning; without one where the file tells of all such pages at once."""
    page = failed_page(number, error)
    return replace(page, warnings=()) if isinstance(error, NotTriedError) else page


@dataclass(slots=True, frozen=True)
class _Drawn:
    """A page as an image at ``dpi``."""

    image: Image8
    dpi: int

    @classmethod
    def of(cls, file: OpenFile, number: int, dpi: int) -> "_Drawn":
        """A page of a file at ``dpi``, or at as many as it can be drawn at."""
        dpi = file.layout(number, dpi).dpi
        return cls(file.image(number, dpi), dpi)


def _in_order(read: Callable[[int], Page], numbers: Sequence[int], jobs: int) -> Iterator[Page]:
    """Run ``read`` for every number on ``jobs`` threads, a few pages ahead of whoever takes them.

    A page for which no memory was left beside others is read again when these are done.
    """
    if jobs == 1 or len(numbers) == 1:
        yield from map(read, numbers)
        return
    waiting: deque[tuple[int, Future[Page | None]]] = deque()

    def attempt(number: int) -> Page | None:
        try:
            return read(number)
        except MemoryLimitError:  # kept, it would keep what fills the memory
            return None

    def taken() -> Page:
        number, future = waiting.popleft()
        page = future.result()
        if page is None:
            wait([other for _, other in waiting])
            page = read(number)
        return page

    with ThreadPoolExecutor(jobs) as pool:
        try:
            for number in numbers:
                waiting.append((number, pool.submit(copy_context().run, attempt, number)))
                if len(waiting) > jobs:
                    yield taken()
            while waiting:
                yield taken()
        finally:
            for _, future in waiting:
                future.cancel()
