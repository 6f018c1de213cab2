"""Image files as PDF: their frames are pages, and their bytes stay as they are where PDF has a filter for them."""

import io
from collections.abc import Iterator

import img2pdf
from PIL import Image, ImageOps

from vndoc.page import Page
from vndoc.sources.frames import page_frames

_INKS = "CMYK"


def pdf_of_frames(data: bytes, first: Page) -> bytes:
    """A PDF of the frames of an image file that are pages, each as large as the ``first`` was read.

    Colours of printing inks become those of a screen: without a profile they have no look of their own.
    """

    def layout(width: int, height: int, said: tuple[float, float]) -> tuple[float, float, float, float]:
        shown = max(min(first.source_size) / max(first.dpi, 1), 0.1)  # inches of the shorter side, as it was read
        dpi = min(width, height) / shown
        dpi = said[0] if 0.9 < said[0] / dpi < 1.1 else dpi
        size = width * 72 / dpi, height * 72 / dpi
        return *size, *size

    try:
        with Image.open(io.BytesIO(data)) as image:
            if len(page_frames(image)) < getattr(image, "n_frames", 1):
                raise ValueError("some of its frames are no pages")
            if image.mode == _INKS:
                raise ValueError("its colours are inks")
        return bytes(img2pdf.convert(data, layout_fun=layout))
    except Exception:  # img2pdf refuses alpha channels, mirrored and 16-bit images in many ways of its own
        frames = [_encoded(frame) for frame in _frames(data)]
        return bytes(img2pdf.convert(frames, layout_fun=layout))


def _frames(data: bytes) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(data)) as image:
        for number in page_frames(image):
            image.seek(number)
            yield ImageOps.exif_transpose(image)


def _encoded(frame: Image.Image) -> bytes:
    """The frame in grey or RGB, without loss; of inks, which photographs have, as JPEG."""
    out = io.BytesIO()
    if frame.mode == _INKS:
        frame.convert("RGB").save(out, "JPEG", quality=95, subsampling=0)
        return out.getvalue()
    if frame.has_transparency_data:
        rgba = frame.convert("RGBA")
        frame = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    frame.convert("L" if frame.mode in ("1", "L") or frame.mode[0] in "IF" else "RGB").save(out, "PNG")
    return out.getvalue()
