"""Lines cut out of their image, as the network sees them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from vndoc.ocr.engines.lines.finder import FoundLine
from vndoc.ocr.engines.lines.measuring import Measure
from vndoc.ocr.engines.lines.strips import XHEIGHT, contrasted, placed
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box

_BESIDE = 0.7  # x-heights of paper that the network sees before and behind a line
_ABOVE, _BELOW = 3.0, 1.6  # x-heights around the base line that a strip needs
_WHOLE = 0.5  # of an image's height, the x-height of a line of which nothing else is known


@dataclass(slots=True, frozen=True)
class Strip:
    """A line as the network sees it, and where on its image it was cut.

    Attributes:
        image: ``(48, width)``, paper 0, ink 255.
        left: column of the image at its left edge, in pixels.
        line: the line that was cut.
        measure: base line and x-height that it was brought to.
        size: rows and columns of the image that it was cut from.
    """

    image: Image8
    left: int
    line: FoundLine
    measure: Measure
    size: tuple[int, ...]

    @property
    def zoom(self) -> float:
        """Pixels of the strip for one of the image."""
        return XHEIGHT / self.measure.xheight

    def base_at(self, column: float) -> float:
        """Row of the image in which the base line is, for a column of the strip."""
        return self.measure.base_at(self.left + column / self.zoom)


def strip(image: Image8, line: FoundLine) -> Strip:
    """The line cut out of its image."""
    return _cut(image, line, line.measure)


def otherwise(image: Image8, one: Strip) -> list[Strip]:
    """The line cut out for its other x-height, and along the slope that it has if it was stamped aslant."""
    measure = one.measure
    others = [measure.tilted] if measure.tilted else []
    if measure.other:
        others.append(Measure(measure.base, measure.slope, measure.other))
    return [_cut(image, one.line, other) for other in others]


def _cut(image: Image8, line: FoundLine, measure: Measure) -> Strip:
    beside = _BESIDE * measure.xheight
    left, right = max(0, floor(line.box.x0 - beside)), min(image.shape[1], ceil(line.box.x1 + beside))
    ends = measure.base_at(left), measure.base_at(right)
    top = max(0, floor(min(ends) - _ABOVE * measure.xheight))
    bottom = min(image.shape[0], ceil(max(ends) + _BELOW * measure.xheight))
    part = np.ascontiguousarray(image[top:bottom, left:right])
    image_of_line = contrasted(placed(part, ends[0] - top, measure.xheight, measure.slope))
    return Strip(image_of_line, left, line, measure, image.shape)


def only_line(image: Image8, found: Sequence[FoundLine]) -> FoundLine:
    """The one line that an image shows from side to side: at the level of the widest found, or in its middle."""
    height, width = image.shape
    if not found:
        return FoundLine(Box(0, 0, width, height), Measure(0.75 * height, 0.0, _WHOLE * height))
    main = max(found, key=lambda line: line.box.width)
    level = main.measure.base_at(main.box.x_center)
    same = [o.box for o in found if abs(o.measure.base_at(o.box.x_center) - level) < 0.5 * main.measure.xheight]
    box = Box.around(same)
    return replace(main, box=Box(0, box.y0, width, box.y1))
