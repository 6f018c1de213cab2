"""Image files, of one page or many, decoded by Pillow one frame at a time; HEIC with the extra ``vndoc[formats]``."""

import contextlib
import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from threading import RLock
from types import TracebackType
from typing import NamedTuple, Self

import cv2
import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError, features
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH

from vndoc.damage import QUIET, DamageError, edge
from vndoc.errors import FormatError, TooLargeError
from vndoc.page import Page
from vndoc.settings import Settings
from vndoc.sources.backend import POINTS, Image8, Layout, Remark, TextLayer, refuse_strip
from vndoc.sources.decoding import decoded_bytes, shrink, webp_bytes
from vndoc.sources.file import SourceFile
from vndoc.sources.frames import frames_held, tiff_pages

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
_READERS = {
    PNG: ("PNG",),
    JPEG: ("JPEG",),
    TIFF: ("TIFF",),
    WEBP: ("WEBP",),
    GIF: ("GIF",),
    JPEG_2000: ("JPEG2000",),
    HEIC: ("HEIF", "AVIF"),
    AVIF: ("AVIF",),
}
"""Of Pillow, by kind: no other is let near the file."""
MOST_DECODED = 720 * 1024**2
"""Bytes that decoding one page may take. A page of 13,000 pixels a side takes 650 MiB in colour."""
_LARGE = 64 * 1024**2
_ONE_LARGE = RLock()
"""Held while a page is decoded that takes more than that: two at a time would be too much."""
_TURNED_IN_PNG = re.compile(rb"eXIf|Raw profile type exif|XML:com\.adobe\.xmp")
_LYING = (5, 6, 7, 8)
_DAMAGED, _ADVICE = "the image is damaged or cut off", "copy or scan it again"
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
        self._heads: list[bytes] = []
        """Of a TIFF: what its first bytes would be if a page were its first."""
        self._frames: list[int] = []
        if BACKEND.probe(file.data) == TIFF:
            with edge(file.name, _DAMAGED, _ADVICE):
                self._heads = tiff_pages(file.data, file.name)
            with _open(file, self._heads[0]):
                self.page_amount = len(self._heads)
        else:
            with _open(file) as image, edge(file.name, _DAMAGED, _ADVICE):
                self._frames = frames_held(image, file.data, file.name)
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
            TooLargeError: it has more pixels than Pillow decodes, or takes more than :data:`MOST_DECODED`.
            MemoryLimitError: it takes more memory than a document may have.
        """
        with self._frame(number) as image, edge(self._file.name, _DAMAGED, _ADVICE):
            shape = self._shape(number)
            size = round(shape.inches[0] * dpi), round(shape.inches[1] * dpi)
            large = shape.width * shape.height > self._pixels
            if large:
                shrink(image, size[::-1] if shape.lying else size, self._file.data)
            with self._decoded(image, number):
                turn = image.getexif().get(ExifTags.Base.Orientation, 1)  # Pillow turns a TIFF by itself
                stored = size[::-1] if turn in _LYING else size
                upright = _turned(_reduced(image, stored if large else image.size), turn)
        return _scale(upright, size)

    @contextlib.contextmanager
    def _decoded(self, image: Image.Image, number: int) -> Iterator[None]:
        """While the frame is held in memory: one large one at a time."""
        cost = decoded_bytes(image)
        if cost > MOST_DECODED:
            raise TooLargeError(
                f"{self._file.name}: page {number} takes {cost // 1024**2} MiB to decode; scan at 300 dpi"
            )
        with _ONE_LARGE if cost > _LARGE else contextlib.nullcontext():
            image.load()
            yield

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """None: image files hold no text."""
        return None

    def remarks(self) -> Sequence[Remark]:
        """Nothing to remark on."""
        return ()

    def _shape(self, number: int) -> "_Shape":
        """Kept, since the orientation of a PNG may stand behind its pixels, which are then decoded for it."""
        if number not in self._shapes:
            with self._frame(number) as image, edge(self._file.name, _DAMAGED, _ADVICE):
                if image.format != "PNG":
                    self._shapes[number] = _Shape.of(image, image.getexif())
                elif _TURNED_IN_PNG.search(self._file.data) is None:
                    self._shapes[number] = _Shape.of(image, {})
                else:
                    with self._decoded(image, number):
                        self._shapes[number] = _Shape.of(image, image.getexif())
        return self._shapes[number]

    @contextlib.contextmanager
    def _frame(self, number: int) -> Iterator[Image.Image]:
        """The frame, not yet decoded."""
        with QUIET, _open(self._file, self._heads[number - 1] if self._heads else b"") as image:
            if self._frames and self._frames[number - 1]:
                with edge(self._file.name, _DAMAGED, _ADVICE):
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


def _open(file: SourceFile, head: bytes = b"") -> Image.Image:
    """Open an image lazily, its size checked against twice Pillow's limit before any pixel is decoded.

    Args:
        file: the image file.
        head: stands in the place of its first bytes.
    """
    kind = BACKEND.probe(file.data)
    if kind == HEIC:
        _add_heic(file.name)
    if kind == AVIF and not features.check("avif"):
        message = "is an AVIF photo, which Pillow reads from 11.3 on: install a newer one, or save it as JPEG"
        raise FormatError(f"{file.name}: {message}")
    if kind == WEBP and (cost := webp_bytes(file.data)) > MOST_DECODED:
        raise TooLargeError(f"{file.name}: page 1 takes {cost // 1024**2} MiB to decode; scan at 300 dpi")
    data = file.data if file.data.startswith(head) else head + file.data[len(head) :]
    with edge(file.name, _DAMAGED, _ADVICE), QUIET:
        try:
            return Image.open(io.BytesIO(data), formats=_READERS.get(kind or ""))
        except Image.DecompressionBombError:
            limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
            raise TooLargeError(
                f"{file.name}: a page of more than {limit} million pixels; scan at 300 dpi or scale the image down"
            ) from None
        except UnidentifiedImageError:
            raise DamageError("no image that Pillow knows") from None


def _add_heic(name: str) -> None:
    """Teach Pillow to read HEIC, which needs a library of its own."""
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 -- an extra
    except ImportError:
        message = "is a HEIC photo: install what reads it (pip install 'vndoc[formats]'), or save it as JPEG"
        raise FormatError(f"{name}: {message}") from None
    register_heif_opener(thumbnails=False)


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image8:
    """The image in eight bits, reduced towards ``size``; band by band, since a copy of it may take a gigabyte."""
    times = max(1, min(image.width // max(size[0], 1), image.height // max(size[1], 1)))
    top = _brightest(image)
    rows = times * max(1, _BAND // (image.width * times))
    small: Image8 | None = None
    for y in range(0, image.height, rows):
        band = _on_white(image.crop((0, y, image.width, min(y + rows, image.height))), top)
        pixels = np.asarray(band.reduce(times) if times > 1 else band, dtype=np.uint8)
        if small is None:
            small = np.empty((-(-image.height // times), *pixels.shape[1:]), dtype=np.uint8)
        small[y // times : y // times + len(pixels)] = pixels
    assert small is not None  # an image has a row
    return small


def _turned(pixels: Image8, orientation: int) -> Image8:
    """The image upright, by its Exif orientation (TIFF 6.0, tag 274)."""
    if orientation in _LYING:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


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
    def of(cls, image: Image.Image, exif: Mapping[int, object]) -> "_Shape":
        """By the file's own word. Of a TIFF by its tags, since some versions of Pillow turn its size beforehand."""
        tags = getattr(image, "tag_v2", {})
        size = tags.get(IMAGEWIDTH, image.width), tags.get(IMAGELENGTH, image.height)
        return cls(*size, *_resolution(image, *size), exif.get(ExifTags.Base.Orientation, 1) in _LYING)

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


logging.getLogger("PIL").addHandler(logging.NullHandler())  # or Python prints what Pillow logs
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
BACKEND = ImageBackend()
