"""The file that text of a word processor becomes: its pages, or the scans that were pasted in where text should be."""

import io
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from PIL import Image

from vndoc.damage import QUIET, raise_if_grave
from vndoc.errors import EmptyFileError, InputError
from vndoc.page import Page
from vndoc.settings import Settings
from vndoc.sources.backend import Image8, Layout, OpenFile, Remark, TextLayer
from vndoc.sources.file import SourceFile
from vndoc.sources.image import BACKEND as IMAGES
from vndoc.sources.image import ImageFile
from vndoc.sources.text import TextFile

Picture = tuple[str, bytes | None]
"""Name and bytes of a picture in a text; None for one that lies elsewhere and is not fetched."""

_FEW_LETTERS = 200
"""A text of fewer is what stands around scans that were pasted in."""
_PAGE_PIXELS = 600
"""Of the shorter side, from which on a picture may be a page."""
_MOST_PAGES = 500


def flowing(
    file: SourceFile,
    pages: Sequence[Page],
    settings: Settings,
    pictures: Sequence[Picture] = (),
    unread_parts: int = 0,
    remarks: Sequence[Remark] = (),
) -> OpenFile:
    """The opened file of a text.

    Where there is hardly any text and pictures as large as pages, these are its pages. What is left unread is told.

    Args:
        file: where the text is from.
        pages: all of it, see :func:`~vndoc.sources.flow.pages_of`.
        settings: limits of images.
        pictures: in their order.
        unread_parts: files set into the text, which are not read.
        remarks: what else has to be said.

    Raises:
        EmptyFileError: neither text nor a page.
    """
    large = [name for name, data in pictures if data is not None and _is_large(data)]
    if large and sum(c.isalpha() for page in pages for c in page.text) < _FEW_LETTERS:
        return Pasted(file, [picture for picture in pictures if picture[0] in large][:_MOST_PAGES], settings)
    if not pages:
        raise EmptyFileError(f"{file.name}: holds no text")
    return TextFile(pages, [*remarks, *_remarks(pictures, len(large), unread_parts)])


def _remarks(pictures: Sequence[Picture], large: int, parts: int) -> list[Remark]:
    remarks = []
    if large:
        remarks.append(_unread(f"{large} picture{'s' * (large > 1)} as large as a page"))
    if outside := sum(data is None for _, data in pictures):
        remarks.append(_unread(f"{outside} picture{'s' * (outside > 1)} that lie elsewhere and were not fetched"))
    if parts:
        remarks.append(_unread(f"{parts} file{'s' * (parts > 1)} set into its text"))
    return remarks


def _unread(what: str) -> Remark:
    return Remark("parts-unread", f"The file holds {what}: print it to a PDF and give that to have them read.")


def _is_large(data: bytes) -> bool:
    """Whether it is a picture that is read here and may be a page."""
    if IMAGES.probe(data) is None:
        return False
    try:
        with QUIET, Image.open(io.BytesIO(data)) as image:
            return min(image.size) >= _PAGE_PIXELS
    except Exception as error:  # damaged in one of Pillow's many ways
        raise_if_grave(error)
        return False


class Pasted:
    """Scans that were pasted into a text file: a page each."""

    def __init__(self, file: SourceFile, pictures: Sequence[Picture], settings: Settings) -> None:
        self._pages: list[tuple[ImageFile, int]] = []
        for name, data in pictures:
            try:
                image = IMAGES.open(SourceFile(f"{file.name}/{name}", data or b""), settings)
            except InputError:
                continue
            self._pages += [(image, number) for number in range(1, image.page_amount + 1)]
        if not self._pages:
            raise EmptyFileError(f"{file.name}: holds no text, and its pictures cannot be decoded")
        self.page_amount = len(self._pages)

    def page(self, number: int) -> Page | None:
        """None: the pages are images. See :class:`~vndoc.sources.backend.OpenFile`, as for all methods."""
        return None

    def layout(self, number: int, dpi: int) -> Layout:
        """That of the picture."""
        image, frame = self._pages[number - 1]
        return image.layout(frame, dpi)

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """The picture."""
        image, frame = self._pages[number - 1]
        return image.image(frame, dpi, marks=marks)

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """None: pictures hold no text."""
        return None

    def remarks(self) -> Sequence[Remark]:
        """Nothing to remark on."""
        return ()

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to remove."""
