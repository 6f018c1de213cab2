"""The image of one page, whatever the source: a rendered PDF page or a frame of an image file, not yet cleaned."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from vndoc.errors import FormatError, TooLargeError
from vndoc.ocr.imaging.cleaning import Image8, rotate
from vndoc.page import Page
from vndoc.sources import pdf
from vndoc.sources.source import PDF, Source, open_image

_A4_INCHES = 8.27


def page_image(source: Source, number: int, dpi: int, *, stamps: bool = False) -> Image8:
    """Page ``number`` (from 1) at ``dpi``, RGB or grey, as it lies in the source, with or without signature stamps.

    Raises:
        EngineError: poppler cannot draw the page.
        SetupError: poppler is missing.
        FormatError, TooLargeError: the frame of an image file cannot be decoded.
    """
    if source.media_type != PDF:
        return load_frame(source, number, dpi)
    with tempfile.TemporaryDirectory(prefix="vndoc-") as folder:
        path = Path(folder, "page.pdf")
        if stamps:
            path.write_bytes(source.data)
        else:
            pdf.strip_signatures(source.data, path)
        return pdf.render(path, number, dpi)


def turned(image: Image8, page: Page) -> Image8:
    """The image of ``page``, turned by quarters as it was for reading."""
    return np.ascontiguousarray(np.rot90(image, page.turns)) if page.turns else image


def levelled(image: Image8, page: Page) -> Image8:
    """The image of ``page`` as it was read: its boxes, scaled from ``page.dpi``, stand on this image."""
    return rotate(turned(image, page), page.angle)


def frame_dpi(source: Source, number: int, dpi: int) -> int:
    """The given dpi, or as many as keep frame ``number`` of an image file under ``pdf.MAX_PIXELS``; errors as below."""
    with _frame(source, number) as image:
        points = 72 / _resolution(image)
        return pdf.fitting_dpi(image.width * points, image.height * points, dpi)


def load_frame(source: Source, number: int, dpi: int) -> Image8:
    """Frame ``number`` (from 1) of an image file, upright by its own word, scaled to ``dpi``.

    Raises:
        FormatError: the frame is damaged.
        TooLargeError: it has more pixels than Pillow decodes.
    """
    with _frame(source, number) as image, _damage_told(source.name):
        resolution, side = _resolution(image), min(image.size)
        factor = dpi / resolution
        large = image.width * image.height > pdf.MAX_PIXELS
        if large and factor < 1:  # a JPEG is decoded at a half or less
            image.draft(image.mode, (round(image.width * factor), round(image.height * factor)))
        upright = _on_white(ImageOps.exif_transpose(image))
        if large and (times := int(min(upright.size) / (side * factor))) > 1:
            upright = upright.reduce(times)
        return _scale(np.asarray(upright, dtype=np.uint8), side * factor / min(upright.size))


@contextlib.contextmanager
def _frame(source: Source, number: int) -> Iterator[Image.Image]:
    """The frame, not yet decoded."""
    with open_image(source.name, source.data) as image:
        with _damage_told(source.name):
            image.seek(number - 1)
        if image.width * image.height > 2 * (Image.MAX_IMAGE_PIXELS or 0):
            raise TooLargeError(f"{source.name}: page {number} has too many pixels; scan at 300 dpi")
        yield image


@contextlib.contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise FormatError(f"{name}: the image is damaged or cut off ({error}); copy or scan it again") from None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode[0] in "IF":  # 16 bits and more: Pillow would clip them at 255
        deep = np.asarray(image, dtype=np.float64)
        return Image.fromarray((deep * (255.0 / max(float(deep.max()), 1.0))).astype(np.uint8))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def _resolution(image: Image.Image) -> float:
    """Dots per inch as the file says it, or as if the shorter side were that of A4."""
    said = image.info.get("dpi", (0, 0))
    dpi = float(said[0]) if isinstance(said, tuple) and said else 0.0
    if 90 <= dpi <= 1200 and min(image.size) / dpi > 4:
        return dpi
    return max(min(image.size) / _A4_INCHES, 40.0)


def _scale(pixels: Image8, factor: float) -> Image8:
    if 0.9 < factor < 1.1:
        return pixels
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=method), dtype=np.uint8)
