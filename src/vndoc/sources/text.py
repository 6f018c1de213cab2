"""Plain text: UTF-8, or UTF-16 with its mark; pages parted by form feeds, as pdftotext and Tesseract write them.

What mail, browsers and converters have left in a text and was never printed is taken off before its lines are parted.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from vndoc.characters import without_steering
from vndoc.damage import edge
from vndoc.errors import EmptyFileError, EngineError, FormatError, TooLargeError
from vndoc.page import Page, page_from_text
from vndoc.settings import Settings
from vndoc.sources.backend import Image8, Layout, Remark, TextLayer
from vndoc.sources.file import SourceFile
from vndoc.sources.markup import without_markup
from vndoc.sources.mojibake import LostLettersError, unmangled

TEXT = "text/plain"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MOST_BYTES = 32 * 1024**2
"""Ten thousand pages; a text of a tenth of it takes more time than a file may have."""


def decode_text(data: bytes) -> str:
    """UTF-8 with or without a byte order mark, or UTF-16 with one; UnicodeDecodeError for anything else."""
    return data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")


def text_pages(text: str) -> list[str]:
    """The pages of a text; what follows the last form feed is a page only if it is more than blanks."""
    pages = text.split("\f")
    return pages if pages[-1].strip() else pages[:-1] or [""]


class TextFile:
    """A text, whatever format it came in; its pages have no image."""

    def __init__(self, pages: Sequence[Page], remarks: Sequence[Remark] = ()) -> None:
        self._pages, self._remarks = pages, remarks

    @property
    def page_amount(self) -> int:
        """See :class:`~vndoc.sources.backend.OpenFile`, as for all methods."""
        return len(self._pages)

    def page(self, number: int) -> Page:
        """The page of that number."""
        return self._pages[number - 1]

    def layout(self, number: int, dpi: int) -> Layout:
        """There is none."""
        raise EngineError(f"page {number} is text and has no image")

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """There is none."""
        raise EngineError(f"page {number} is text and has no image")

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """None beside the text itself."""
        return None

    def remarks(self) -> Sequence[Remark]:
        """What was not read of the file."""
        return self._remarks

    def __enter__(self) -> Self:
        """Use as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing to remove."""


class TextBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {TEXT: "plain text"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".txt": TEXT}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """Whether it decodes, and holds no zero byte outside UTF-16."""
        if b"\0" in data and not data.startswith(_UTF16):
            return None
        try:
            decode_text(data)
        except UnicodeDecodeError:
            return None
        return TEXT

    def open(self, file: SourceFile, settings: Settings) -> TextFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, "the text is damaged", "save it again as UTF-8"):
            if len(file.data) > _MOST_BYTES:
                raise TooLargeError(
                    f"{file.name}: a text of more than {_MOST_BYTES // 1024**2} MiB is not read; split it"
                )
            text = decode_text(file.data)
            try:
                text = without_steering(unmangled(text))
            except LostLettersError as error:
                raise FormatError(f"{file.name}: {error}; save it again as UTF-8") from error
            if not text.strip():
                raise EmptyFileError(f"{file.name}: holds no text, only blanks")
            pages = text_pages(without_markup(text))
            return TextFile([page_from_text(page, number) for number, page in enumerate(pages, 1)])


BACKEND = TextBackend()
