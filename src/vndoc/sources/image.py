"""Image files, of one page or many, decoded by Pillow one frame at a time; HEIC with the extra ``vndoc[formats]``."""

import contextlib
import io
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import NamedTuple, Self

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError, features
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH

from vndoc.errors import FormatError, TooLargeError
from vndoc.page import Page
from vndoc.settings import Settings
from vndoc.sources.backend import POINTS, Image8, Layout, Remark, TextLayer, refuse_strip
from vndoc.sources.file import SourceFile

PNG, JPEG, TIFF = "image/png", "image/jpeg", "image/tiff"
WEBP, GIF, JPEG_2000, HEIC, AVIF = "image/webp", "image/gif", "image/jp2", "image/heic", "image/avif"
_SIGNS = (
    (rb"\x89PNG\r\n\x1a\n", PNG),
    (rb"\xff\xd8\xff", JPEG),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", TIFF),
    (rb"RIFF.{4}WEBP", WEBP),
    (rb"GIF8[79]a", GIF),
    (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", JPEG_2000),
    (rb".{4}ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1)", HEIC),
    (rb".{4}ftypavi[fs]", AVIF),
)
_MAGIC = tuple((re.compile(sign, re.S), kind) for sign, kind in _SIGNS)
_SUBFILE_TYPE, _PREVIEW = 254, 1  # TIFF 6.0, section 8
_MOVING = ("GIF", "WEBP", "PNG", "AVIF")
"""Formats of which the further frames are those of a moving picture, and no pages."""
_DAMAGED = (OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, OverflowError, struct.error)
"""What Pillow raises for damaged files; UnidentifiedImageError is an OSError."""
_A4_INCHES, _WIDEST_INCHES = 8.27, 17.0  # a wider page than A2 is a photograph of a smaller one
_LEAST_DPI = 90  # a coarse fax has 98; 72 is what programs write that do not know
_BAND = 4_000_000  # pixels of a large image that are converted at a time
_MOST_STRETCHED = 2.6  # of a pixel: faxes have 2.08
_FAX_WIDTHS, _FAX_STRETCH = (1728, 2048, 2432), 204 / 98


class ImageFile:
    """An image file; its frames are its pages."""

    def __init__(self, file: SourceFile, settings: Settings) -> None:
        self._file, self._pixels = file, settings.limits.page_pixels
        self._shapes: dict[int, _Shape] = {}
        with _open(file) as image, _damage_named(file.name):
            self._frames = page_frames(image)
        self.page_amount = len(self._frames)

    def page(self, number: int) -> Page | None:
        """None: the pages are images. See :class:`~vndoc.sources.backend.OpenFile`, as for all methods."""
        return None

    def layout(self, number: int, dpi: int) -> Layout:
        """Size by the resolution that the file claims, or as if its shorter side were that of A4."""
        width, height = (POINTS * side for side in self._shape(number).inches)
        return Layout.within(width, height, dpi, self._pixels, self._file.name)

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """The frame, upright by its own word, scaled to ``dpi``.

        Raises:
            FormatError: the frame is damaged.
            TooLargeError: it has more pixels than Pillow decodes.
        """
        with self._frame(number) as image, _damage_named(self._file.name):
            shape = self._shape(number)
            size = round(shape.inches[0] * dpi), round(shape.inches[1] * dpi)
            if shape.width * shape.height > self._pixels:
                stored = size[::-1] if shape.lying else size
                image.draft(image.mode, stored)  # a JPEG is decoded at a half or less
                upright = ImageOps.exif_transpose(_reduced(image, stored))
            else:
                upright = _on_white(ImageOps.exif_transpose(image))
            return _scale(np.asarray(upright, dtype=np.uint8), size)

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """None: image files hold no text."""
        return None

    def remarks(self) -> Sequence[Remark]:
        """Nothing to remark on."""
        return ()

    def _shape(self, number: int) -> "_Shape":
        """Kept, since the orientation of a PNG may stand behind its pixels, which are then decoded for it."""
        if number not in self._shapes:
            with self._frame(number) as image, _damage_named(self._file.name):
                self._shapes[number] = _Shape.of(image)
        return self._shapes[number]

    @contextlib.contextmanager
    def _frame(self, number: int) -> Iterator[Image.Image]:
        """The frame, not yet decoded."""
        with _open(self._file) as image:
            with _damage_named(self._file.name):
                image.seek(self._frames[number - 1])
            if image.width * image.height > 2 * (Image.MAX_IMAGE_PIXELS or 0):
                raise TooLargeError(f"{self._file.name}: page {number} has too many pixels; scan at 300 dpi")
            refuse_strip(image.width, image.height, self._file.name)
            yield image

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to remove."""


class ImageBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {  # noqa: RUF012 -- the protocol's read-only mapping
        PNG: "a PNG image",
        JPEG: "a JPEG image",
        TIFF: "a TIFF image",
        WEBP: "a WebP image",
        GIF: "a GIF image",
        JPEG_2000: "a JPEG 2000 image",
        HEIC: "a HEIC photo",
        AVIF: "an AVIF photo",
    }
    suffixes = {  # noqa: RUF012
        ".png": PNG,
        ".jpg": JPEG,
        ".jpeg": JPEG,
        ".jfif": JPEG,
        ".tif": TIFF,
        ".tiff": TIFF,
        ".webp": WEBP,
        ".gif": GIF,
        ".jp2": JPEG_2000,
        ".j2k": JPEG_2000,
        ".jpx": JPEG_2000,
        ".heic": HEIC,
        ".heif": HEIC,
        ".avif": AVIF,
    }

    def probe(self, data: bytes) -> str | None:
        """By the first bytes."""
        return next((kind for magic, kind in _MAGIC if magic.match(data)), None)

    def open(self, file: SourceFile, settings: Settings) -> ImageFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        return ImageFile(file, settings)


def page_frames(image: Image.Image) -> list[int]:
    """Indexes of the frames that are pages: of a TIFF all but its previews, of a moving picture the first."""
    amount = 1 if image.format in _MOVING else int(getattr(image, "n_frames", 1))
    if image.format != "TIFF" or amount == 1:
        return list(range(amount))
    pages = []
    for number in range(amount):
        image.seek(number)
        if not int(getattr(image, "tag_v2", {}).get(_SUBFILE_TYPE, 0)) & _PREVIEW:
            pages.append(number)
    return pages or [0]


def _open(file: SourceFile) -> Image.Image:
    """Open an image lazily, its size checked against twice Pillow's limit before any pixel is decoded."""
    kind = BACKEND.probe(file.data)
    if kind == HEIC:
        _add_heic(file.name)
    if kind == AVIF and not features.check("avif"):
        message = "is an AVIF photo, which Pillow reads from 11.3 on: install a newer one, or save it as JPEG"
        raise FormatError(f"{file.name}: {message}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # such pages are scaled down
            return Image.open(io.BytesIO(file.data))
    except Image.DecompressionBombError:
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
        raise TooLargeError(
            f"{file.name}: a page of more than {limit} million pixels; scan at 300 dpi or scale the image down"
        ) from None
    except _DAMAGED as error:
        reason = "no image that Pillow knows" if isinstance(error, UnidentifiedImageError) else error
        raise FormatError(f"{file.name}: the image is damaged or cut off ({reason}); copy or scan it again") from None


def _add_heic(name: str) -> None:
    """Teach Pillow to read HEIC, which needs a library of its own."""
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 -- an extra
    except ImportError:
        message = "is a HEIC photo: install what reads it (pip install 'vndoc[formats]'), or save it as JPEG"
        raise FormatError(f"{name}: {message}") from None
    register_heif_opener(thumbnails=False)


@contextlib.contextmanager
def _damage_named(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise FormatError(f"{name}: the image is damaged or cut off ({error}); copy or scan it again") from None


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image in eight bits, reduced towards ``size``; band by band, since a copy of it may take a gigabyte."""
    times = max(1, min(image.width // size[0], image.height // size[1]))
    top = _brightest(image)
    rows = times * max(1, _BAND // (image.width * times))
    bands = []
    for y in range(0, image.height, rows):
        band = image.crop((0, y, image.width, min(y + rows, image.height)))
        bands.append(np.asarray(_on_white(band, top).reduce(times)))
    small = Image.fromarray(np.concatenate(bands))
    small.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return small


def _brightest(image: Image.Image) -> float:
    """The largest value of an image of more than eight bits; 0 for others."""
    if image.mode[0] not in "IF":
        return 0.0
    image.load()
    try:
        return float(image.getextrema()[1])  # type: ignore[arg-type]  # of one channel
    except ValueError:  # modes that Pillow cannot look through
        return float(np.asarray(image).max())


def _on_white(image: Image.Image, top: float | None = None) -> Image.Image:
    """In eight bits, without transparency; ``top`` is the value that becomes white, by default the largest."""
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode[0] in "IF":  # 16 bits and more: Pillow would clip them at 255
        deep = np.asarray(image, dtype=np.float64)
        return Image.fromarray((deep * (255.0 / max(_brightest(image) if top is None else top, 1.0))).astype(np.uint8))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


class _Shape(NamedTuple):
    """Pixels and resolution of a frame as it is stored, and whether it is shown lying on its side."""

    width: int
    height: int
    across: float
    down: float
    lying: bool

    @classmethod
    def of(cls, image: Image.Image) -> "_Shape":
        """By the file's own word. Of a TIFF by its tags, since some versions of Pillow turn its size beforehand."""
        tags = getattr(image, "tag_v2", {})
        size = tags.get(IMAGEWIDTH, image.width), tags.get(IMAGELENGTH, image.height)
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        return cls(*size, *_resolution(image, *size), orientation in (5, 6, 7, 8))

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height as it is shown."""
        sides = self.width / self.across, self.height / self.down
        return sides[::-1] if self.lying else sides


def _resolution(image: Image.Image, width: int, height: int) -> tuple[float, float]:
    """Dots per inch across and down as the file says it, or as if the shorter side were that of A4.

    Faxes have fewer dots down than across (204 by 98 or 196; ITU-T T.4). Claims that no scanner makes are not believed.
    """
    across, down = _pair(image.info.get("dpi"))
    inches = [side / dpi if dpi else 0.0 for side, dpi in zip((width, height), (across, down), strict=True)]
    if all(_LEAST_DPI <= dpi <= 1200 for dpi in (across, down)) and 4 < min(inches) < _WIDEST_INCHES:
        return across, down
    fax = image.mode == "1" and width in _FAX_WIDTHS and height < 0.8 * width
    stretch = _stretch(image, across, down) or (_FAX_STRETCH if fax else 1.0)
    dpi = max(min(width, height * stretch) / _A4_INCHES, 40.0)
    return dpi, dpi / stretch


def _pair(said: object) -> tuple[float, float]:
    """Two numbers, or noughts where a file says something else."""
    try:
        one, other = (float(n) for n in said)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return one, other


def _stretch(image: Image.Image, across: float, down: float) -> float | None:
    """How many times as high as wide a pixel is, by what is said of it with or without a unit."""
    said = [(across, down), *(_pair(image.info.get(name)) for name in ("resolution", "jfif_density", "aspect"))]
    for one, other in said:
        ratio = one / other if one > 0 and other > 0 else 1.0
        if 1 / _MOST_STRETCHED < ratio < _MOST_STRETCHED and abs(ratio - 1) > 0.02:
            return ratio
    return None


def _scale(pixels: Image8, size: tuple[int, int]) -> Image8:
    """The image at about that width and height; small differences are left, since scaling costs sharpness."""
    across, down = size[0] / pixels.shape[1], size[1] / pixels.shape[0]
    if min(across, down) > 0.9 and max(across, down) < 1.1 and abs(across / down - 1) < 0.02:
        return pixels
    method = cv2.INTER_AREA if min(across, down) < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)


BACKEND = ImageBackend()
