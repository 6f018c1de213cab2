"""What a format must offer: to be recognised by its bytes, opened, and asked for each page's image and text.

To add a format, write a :class:`Backend` and name it in :data:`vndoc.sources.registry.BACKENDS`, or register it from
another package under the entry-point group ``vndoc.backends``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from vndoc.errors import TimeLimitError, TooLargeError
from vndoc.page import Line, Page, Word
from vndoc.settings import Settings
from vndoc.sources.file import SourceFile

Image8 = NDArray[np.uint8]
POINTS = 72.0
"""To the inch."""
_LEAST_DPI = 10  # at which nothing can be read any more
_LONGEST = 50.0
"""Times that the longer side of a page may be the shorter: rolls of paper are less."""


@dataclass(slots=True, frozen=True)
class TextLayer:
    """The words that a file holds as text on one page, inside what a viewer shows of it.

    Boxes are in pixels of the page as it is drawn, at the ``dpi`` the layer was asked for.
    """

    width: float
    """Of the page as a viewer shows it, in points."""
    height: float
    lines: tuple[Line, ...]
    """What is seen, by the file's own word."""
    hidden: tuple[Line, ...] = ()
    """What is not seen: somebody's OCR under a scan, filler, text painted over."""
    pale: tuple[Line, ...] = ()
    """White letters: seen on a dark ground alone."""
    slanted: tuple[Line, ...] = ()
    """What is seen across the page, in no order: watermarks."""
    signed: bool = False
    """Whether the visible marks of electronic signatures were taken off the page."""
    numbers: tuple[Word, ...] = ()
    """Bare numbers that a registry system has set over the page as signature fields."""
    textless: "Callable[[int], Image8] | None" = field(default=None, compare=False)
    """Draws the page without its text at a resolution; errors of :meth:`OpenFile.image`. Given where images or clips
    lie about the text, so that only the difference from the page as it is tells what of it is seen."""

    @property
    def words(self) -> list[Word]:
        """All words in the order of the layer."""
        return [word for line in self.lines for word in line.words]


class Layout(NamedTuple):
    """How a page is drawn: its size in points, and the resolution that keeps it under the limit of pixels."""

    width: float
    height: float
    dpi: int

    @classmethod
    def within(cls, width: float, height: float, dpi: int, pixels: int, name: str = "the file") -> "Layout":
        """A page of ``width`` × ``height`` points at ``dpi``, or at as many as keep it within so many pixels.

        Raises:
            TooLargeError: it is a strip that no printer makes, or larger than any sheet.
        """
        refuse_strip(width, height, name)
        square_inches = max(width, 1.0) * max(height, 1.0) / POINTS**2
        if not square_inches <= pixels / _LEAST_DPI**2:
            raise TooLargeError(f"{name}: a page of {width:.4g} x {height:.4g} is no sheet; scan or print it again")
        return cls(width, height, max(1, min(dpi, int((pixels / square_inches) ** 0.5))))


def refuse_strip(width: float, height: float, name: str) -> None:
    """Refuse what has the sides of no sheet, and would cost as much as a hundred of them to be looked at.

    Raises:
        TooLargeError: the longer side is more than fifty times the shorter.
    """
    short, long = sorted((width, height))
    if long > _LONGEST * max(short, 1.0):
        raise TooLargeError(
            f"{name}: a page of {width:.4g} x {height:.4g} is a strip, no sheet; scan or print it again"
        )


class NotTriedError(TimeLimitError):
    """A page that was not tried, as pages before it took too long; a remark of the file tells it of all of them."""


class Remark(NamedTuple):
    """Something about a file or page that whoever reads the result must know: a code of ``NOTICE_CODES``."""

    code: str
    message: str
    page: int | None = None


class OpenFile(Protocol):
    """An opened document. Pages count from 1; all methods may be called from several threads."""

    @property
    def page_amount(self) -> int:
        """How many pages it has, at least 1."""
        ...

    def page(self, number: int) -> Page | None:
        """The page itself where the format is text and has no image, or where nothing is on it; else None."""
        ...

    def layout(self, number: int, dpi: int) -> Layout:
        """Size of the page and the resolution at which it can be drawn, ``dpi`` or less. Errors of :meth:`image`."""
        ...

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """The page, RGB or grey, ``uint8``, upright by the file's own word, at ``dpi``.

        Args:
            number: of the page.
            dpi: resolution, at most that of :meth:`layout`.
            marks: with the visible marks of electronic signatures, which hide print.

        Raises:
            EngineError: the program that draws it failed.
            TimeLimitError: it took too long; :class:`NotTriedError` where others did, so that it was not tried.
            SetupError: that program is missing.
            FormatError, TooLargeError: the page's image cannot be decoded.
        """
        ...

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """The words that the file holds as text, boxes in pixels at ``dpi``; None where it can hold none."""
        ...

    def remarks(self) -> Sequence[Remark]:
        """What has to be said about the file, once its pages are read: layers given up, pages that are no pages."""
        ...

    def __enter__(self) -> Self:
        """Use as a context."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Remove what was put on the disk."""
        ...


class Backend(Protocol):
    """A format, or several that are read alike."""

    @property
    def names(self) -> Mapping[str, str]:
        """Its media types, and what each is called in a message: ``{"application/pdf": "a PDF"}``."""
        ...

    @property
    def suffixes(self) -> Mapping[str, str]:
        """Suffixes in lower case with their dot, and the media type that each promises."""
        ...

    def probe(self, data: bytes) -> str | None:
        """The media type if the bytes are of this format, else None."""
        ...

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """Open the document.

        Raises:
            EmptyFileError: it has no pages, or no text.
            FormatError: it is damaged.
            EncryptedError: it asks for a password.
            TooLargeError: it has more pixels than can be decoded.
        """
        ...
