"""Image files: PNG, JPEG and TIFF, of one page or many, decoded by Pillow one frame at a time."""

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from vndoc.errors import FormatError, TooLargeError
from vndoc.page import Page
from vndoc.settings import Settings
from vndoc.sources.backend import POINTS, Image8, Layout, Remark, TextLayer
from vndoc.sources.file import SourceFile

PNG, JPEG, TIFF = "image/png", "image/jpeg", "image/tiff"
_MAGIC = ((b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\0", TIFF), (b"MM\0*", TIFF))
_A4_INCHES, _WIDEST_INCHES = 8.27, 17.0  # a wider page than A2 is a photograph of a smaller one
_LEAST_DPI = 90  # a coarse fax has 98; 72 is what programs write that do not know
_MOST_STRETCHED = 2.6  # of a pixel: faxes have 2.08
_FAX_WIDTHS, _FAX_STRETCH = (1728, 2048, 2432), 204 / 98
_LYING = (5, 6, 7, 8)  # values of the orientation by which width and height change places


class ImageFile:
    """An image file; its frames are its pages."""

    def __init__(self, file: SourceFile, settings: Settings) -> None:
        self._file, self._pixels = file, settings.limits.page_pixels
        with _open(file) as image:
            self.page_amount = int(getattr(image, "n_frames", 1))

    def page(self, number: int) -> Page | None:
        """None: the pages are images. See :class:`~vndoc.sources.backend.OpenFile`, as for all methods."""
        return None

    def layout(self, number: int, dpi: int) -> Layout:
        """Size by the resolution that the file claims, or as if its shorter side were that of A4."""
        with self._frame(number) as image:
            across, down = _resolution(image)
            width, height = image.width * POINTS / across, image.height * POINTS / down
        return Layout.within(width, height, dpi, self._pixels)

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """The frame, upright by its own word, scaled to ``dpi``.

        Raises:
            FormatError: the frame is damaged.
            TooLargeError: it has more pixels than Pillow decodes.
        """
        with self._frame(number) as image, _damage_named(self._file.name):
            across, down = _resolution(image)
            size = round(image.width * dpi / across), round(image.height * dpi / down)
            large = image.width * image.height > self._pixels
            if large and size < image.size:  # a JPEG is decoded at a half or less
                image.draft(image.mode, size)
            if image.getexif().get(ExifTags.Base.Orientation, 1) in _LYING:
                size = size[::-1]
            upright = _on_white(ImageOps.exif_transpose(image))
            if large and (times := min(upright.width // size[0], upright.height // size[1])) > 1:
                upright = upright.reduce(times)
            return _scale(np.asarray(upright, dtype=np.uint8), size)

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """None: image files hold no text."""
        return None

    def remarks(self) -> Sequence[Remark]:
        """Nothing to remark on."""
        return ()

    @contextlib.contextmanager
    def _frame(self, number: int) -> Iterator[Image.Image]:
        """The frame, not yet decoded."""
        with _open(self._file) as image:
            with _damage_named(self._file.name):
                image.seek(number - 1)
            if image.width * image.height > 2 * (Image.MAX_IMAGE_PIXELS or 0):
                raise TooLargeError(f"{self._file.name}: page {number} has too many pixels; scan at 300 dpi")
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

    names = {PNG: "a PNG image", JPEG: "a JPEG image", TIFF: "a TIFF image"}  # noqa: RUF012
    suffixes = {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By the first bytes."""
        return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)

    def open(self, file: SourceFile, settings: Settings) -> ImageFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        return ImageFile(file, settings)


def _open(file: SourceFile) -> Image.Image:
    """Open an image lazily, its size checked against twice Pillow's limit before any pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # such pages are scaled down
            return Image.open(io.BytesIO(file.data))
    except Image.DecompressionBombError:
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
        raise TooLargeError(
            f"{file.name}: a page of more than {limit} million pixels; scan at 300 dpi or scale the image down"
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        reason = "no image that Pillow knows" if isinstance(error, UnidentifiedImageError) else error
        raise FormatError(f"{file.name}: the image is damaged or cut off ({reason}); copy or scan it again") from None


@contextlib.contextmanager
def _damage_named(name: str) -> Iterator[None]:
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


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down as the file says it, or as if the shorter side were that of A4.

    Faxes have fewer dots down than across (204 by 98 or 196; ITU-T T.4). Claims that no scanner makes are not believed.
    """
    said = image.info.get("dpi", (0, 0))
    across, down = (float(n) for n in said) if isinstance(said, tuple) and len(said) == 2 else (0.0, 0.0)
    inches = [side / dpi if dpi else 0.0 for side, dpi in zip(image.size, (across, down), strict=True)]
    if all(_LEAST_DPI <= dpi <= 1200 for dpi in (across, down)) and 4 < min(inches) < _WIDEST_INCHES:
        return across, down
    stretch = _stretch(image, across, down)
    dpi = max(min(image.width, image.height * stretch) / _A4_INCHES, 40.0)
    return dpi, dpi / stretch


def _stretch(image: Image.Image, across: float, down: float) -> float:
    """How many times as high as wide a pixel is: by what is said of it without a unit, or by the width of a fax."""
    shapes = [(across, down), image.info.get("resolution"), image.info.get("jfif_density"), image.info.get("aspect")]
    for shape in shapes:
        if isinstance(shape, tuple) and len(shape) == 2 and all(isinstance(n, (int, float)) and n > 0 for n in shape):
            ratio = float(shape[0]) / float(shape[1])
            if 1 / _MOST_STRETCHED < ratio < _MOST_STRETCHED:
                return ratio
    fax = image.mode == "1" and image.width in _FAX_WIDTHS and image.height < 0.8 * image.width
    return _FAX_STRETCH if fax else 1.0


def _scale(pixels: Image8, size: tuple[int, int]) -> Image8:
    """The image at about that width and height; small differences are left, since scaling costs sharpness."""
    across, down = size[0] / pixels.shape[1], size[1] / pixels.shape[0]
    if min(across, down) > 0.9 and max(across, down) < 1.1 and abs(across / down - 1) < 0.02:
        return pixels
    method = cv2.INTER_AREA if min(across, down) < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)


BACKEND = ImageBackend()
