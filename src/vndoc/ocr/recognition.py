"""One page image to a page of words: made level and clean, read, and what the engine passed over read once more.

Only the first reading can fail the page. All that is read after it (the page turned over, stamps, coloured ink, missed
lines, print under a seal) is an extra: where it fails, the page keeps what it has and a warning says what is missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import cv2
import numpy as np

from vndoc.errors import EngineError
from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.filtering import drop_noise
from vndoc.ocr.imaging import cleaning as clean
from vndoc.ocr.imaging.ink import Separation, black_print, coloured_ink
from vndoc.ocr.layout import arrange, quarter_turns, text_height
from vndoc.ocr.legibility import unread_print
from vndoc.ocr.regions.arrival_stamp import Stamp, beside, read_stamps
from vndoc.ocr.regions.coloured_text import merge, read_coloured
from vndoc.ocr.regions.reread import look_again, look_under_seal
from vndoc.ocr.regions.urgency_stamp import Frame, find_frames, is_slanted, outside, read_frames, without
from vndoc.page import Block, Layer, Line, Method, Page

_T = TypeVar("_T")
_HEADLONG = 0.7  # mean confidence of a page read upside down is 0.4 to 0.63, of the worst upright page so far 0.85


def failed_page(number: int, error: Exception, layer: Layer = Layer.NONE) -> Page:
    """The empty page that stands for one that could not be read, with the reason as its warning."""
    return Page(number, (), layer=layer, method=Method.FAILED, warnings=(str(error),))


def read_image(
    image: clean.Image8,
    number: int,
    dpi: int,
    engine: TextEngine,
    layer: Layer = Layer.NONE,
) -> Page:
    """Clean one page image (``uint8``, RGB or grey, at ``dpi``) and read it; boxes are those of the levelled image.

    Raises :class:`SetupError` alone: an engine that fails gives an empty page.
    """
    look = _Look(_Budgeted(engine, image.shape[0] * image.shape[1]), dpi)
    try:
        read = look.upright(image)
    except EngineError as error:
        return failed_page(number, error, layer)
    if read is None:
        height, width = image.shape[:2]
        return Page(number, (), width, height, dpi, layer, Method.BLANK)
    ink = coloured_ink(read.inks)
    ink = ink if ink is None else clean.rotate(ink, read.angle)
    no_stamps: list[Stamp] = []
    incoming = look.extra("the incoming stamp", lambda: look.incoming(read), no_stamps) if number == 1 else []
    lines = beside(drop_noise(read.lines), incoming)
    none: list[tuple[Frame, Line]] = []
    taken = [Frame.of(stamp.box) for stamp in incoming]
    gray, ink = without(read.gray, taken), ink if ink is None else without(ink, taken)
    stamps = look.extra("framed stamps", lambda: look.stamps(gray, ink), none)
    frames = [frame for frame, _ in stamps]
    lines = outside(lines, frames)
    if ink is not None and lines:
        rest = without(ink, frames)
        lines = look.extra("coloured ink", lambda: look.coloured(rest, lines), lines)
    lines = look.extra("lines missed at first", lambda: look_again(gray, lines, look.engine, dpi), lines)
    lines = look.extra("print under a seal", lambda: look_under_seal(gray, lines, look.engine, dpi), lines)
    # A stamp is a block of its own, before the page: it stands askew between the columns and belongs to neither.
    blocks = (*(Block(s.lines) for s in incoming), *(Block((line,)) for _, line in stamps), *arrange(lines))
    unread = unread_print(gray, lines, dpi)
    if unread:
        look.warnings.append(unread)
    height, width = read.gray.shape
    page = Page(number, blocks, width, height, dpi, layer, Method.OCR, tuple(look.warnings))
    return replace(page, angle=read.angle, turns=read.turns, engine=engine.name)


_MOST_PIXELS = 12
"""Times its own size that a page's parts are read: turned over twice, in a mirror, and all looks at its parts once."""


class _Budgeted:
    """The engine for one page: once it was handed so many pixels, no other call is begun.

    Counted in pixels and not in seconds, so that a busy machine reads what an idle one reads.
    """

    def __init__(self, engine: TextEngine, page_pixels: int) -> None:
        self.engine, self.name = engine, engine.name
        self.left = _MOST_PIXELS * page_pixels

    @property
    def version(self) -> str:
        """That of the engine."""
        return self.engine.version

    def read(self, images: Sequence[clean.Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """See :meth:`TextEngine.read`."""
        if self.left < 0:
            raise EngineError(f"the page's parts are more than {_MOST_PIXELS} times its size")
        self.left -= sum(image.size for image in images)
        return self.engine.read(images, kind, dpi)


@dataclass(slots=True, frozen=True)
class _Reading:
    inks: Separation
    gray: clean.Image8
    turns: int
    angle: float
    lines: list[Line]

    @property
    def confidence(self) -> float:
        sure = [w.confidence for line in self.lines for w in line.words if len(w.text) > 1]
        return sum(sure) / len(sure) if sure else 0.0


class _Look:
    """All looks at one page, and the warnings of those that failed."""

    def __init__(self, engine: TextEngine, dpi: int) -> None:
        self.engine, self.dpi = engine, dpi
        self.warnings: list[str] = []

    def extra(self, what: str, look: Callable[[], _T], otherwise: _T) -> _T:
        """What ``look`` finds, or ``otherwise`` with a warning where the engine or OpenCV fails in it."""
        try:
            return look()
        except (EngineError, cv2.error) as error:
            self.warnings.append(f"{what} could not be read: {error}")
            return otherwise

    def upright(self, image: clean.Image8) -> _Reading | None:
        """The reading of the page, turned where its lines stand on end or on their heads; None if it is blank."""
        first = self._turned(image, 0)
        if first is None:
            return None
        side = quarter_turns(first.lines)
        if not first.lines or (side == 0 and first.confidence >= _HEADLONG):
            return first
        # Lines that run up are read upside down: where that gives nonsense, the other side is up.
        best = None if side else first
        for turns in (side, 4 - side) if side else (2,):
            again = self.extra("the page turned over", partial(self._turned, image, turns), None)
            if again and (best is None or again.confidence > best.confidence):
                best = again
            if best and best.confidence >= _HEADLONG:
                break
        best = best or first
        if best.confidence < _HEADLONG and self.extra("the page in a mirror", partial(self._is_mirrored, best), False):
            return None
        return best

    def _is_mirrored(self, read: _Reading) -> bool:
        """Whether the page is an empty back through which its front is seen: that reads well in a mirror."""
        mirrored = replace(read, lines=self._page(np.ascontiguousarray(read.gray[:, ::-1])))
        return mirrored.confidence >= _HEADLONG

    def _turned(self, image: clean.Image8, turns: int) -> _Reading | None:
        turned = np.ascontiguousarray(np.rot90(image, turns)) if turns else image
        inks = Separation.of(turned)
        gray, angle = clean.prepare(black_print(inks))
        if clean.is_blank(gray):
            return None
        return _Reading(inks, gray, turns, angle, self._page(gray))

    def _page(self, gray: clean.Image8) -> list[Line]:
        return self.engine.read([gray], ImageKind.PAGE, self.dpi)[0]

    def incoming(self, read: _Reading) -> list[Stamp]:
        """The incoming stamps, in ink of any colour."""
        return read_stamps(clean.rotate(read.inks.inked, read.angle), self.engine, self.dpi)

    def stamps(self, gray: clean.Image8, ink: clean.Image8 | None) -> list[tuple[Frame, Line]]:
        """Framed stamps in coloured ink, and slanted ones in black."""
        slanted = [frame for frame in find_frames(gray, self.dpi) if is_slanted(frame)]
        found = read_frames(gray, slanted, self.engine, self.dpi)
        if ink is not None:
            found += read_frames(ink, find_frames(ink, self.dpi), self.engine, self.dpi)
        return found

    def coloured(self, ink: clean.Image8, lines: list[Line]) -> list[Line]:
        """The lines and those in coloured ink."""
        return merge(lines, read_coloured(ink, text_height(lines), self.engine, self.dpi))
