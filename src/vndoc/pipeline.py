"""The one place where the rooms meet: file → pages → repaired pages → dispatch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vndoc.dispatch import Dispatch, Notice, Source
from vndoc.errors import EmptyFileError, EngineError, VndocError
from vndoc.export.html import DPI as LOOK_DPI
from vndoc.export.html import to_html
from vndoc.export.searchable import to_searchable_pdf
from vndoc.ocr.engines.tesseract import Engine
from vndoc.ocr.handwriting import SlotBox, read_slots
from vndoc.ocr.imaging.cleaning import Image8
from vndoc.ocr.reader import ReadOptions, read_pages
from vndoc.page import Method, Page
from vndoc.parse import Readings, Slot, parse_form, settle
from vndoc.parse.evidence import SURE
from vndoc.parse.form.slots import SLOT_NAMES, SlotName
from vndoc.repair import repair_page
from vndoc.repair.legacy import from_old_encoding
from vndoc.signatures import read_signatures
from vndoc.sources.images import levelled, page_image, turned
from vndoc.sources.source import PDF, TEXT, open_source
from vndoc.sources.source import Source as OpenSource

Progress = Callable[[int, int], None]
"""Called after each page with the pages done and the pages there are."""


@dataclass(slots=True, frozen=True)
class Document:
    """One document as it was read: its dispatch, and what the dispatch was taken from."""

    dispatch: Dispatch
    pages: tuple[Page, ...]
    """The repaired pages that were asked for, in their order."""
    source: OpenSource

    def images(self, dpi: int) -> Iterator[Image8 | None]:
        """The images of :attr:`pages`, turned upright and level as they were read, at about ``dpi``, one at a time.

        RGB or grey, ``uint8``, with the stamps of signatures; None for a page without an image (plain text, or one that
        cannot be drawn).
        """
        for page in self.pages:
            try:
                text = self.source.media_type == TEXT
                yield None if text else levelled(page_image(self.source, page.number, dpi, stamps=True), page)
            except VndocError:
                yield None

    def to_pdf(self) -> bytes:
        """A searchable PDF: the pages as they look, the repaired text invisibly behind the words.

        Raises:
            FormatError: the document is a plain text.
        """
        return to_searchable_pdf(self.source.data, self.dispatch, self.pages)

    def to_html(self) -> str:
        """A page to look at, in one file: the scan with its fields framed, their values and confidence beside it."""
        return to_html(self.dispatch, self.pages, self.images(LOOK_DPI))


def parse(
    source: str | Path | bytes,
    *,
    pages: Iterable[int] | None = None,
    lang: str = "vie",
    jobs: int | None = None,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Dispatch:
    """Turn one document into a typed dispatch: the ``dispatch`` of :func:`read`, whose arguments and errors it has."""
    return read(source, pages=pages, lang=lang, jobs=jobs, progress=progress, engine=engine).dispatch


def read(
    source: str | Path | bytes,
    *,
    pages: Iterable[int] | None = None,
    lang: str = "vie",
    jobs: int | None = None,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Document:
    """Read one document: its typed dispatch, and the pages for those who show or search them.

    Args:
        source: path of a PDF (scanned, born digital or mixed), PNG, JPEG, TIFF or UTF-8 text file, or its bytes.
        pages: numbers of the pages to read, from 1; all by default.
        lang: Tesseract's language data, such as ``"vie"`` or ``"vie+eng"``.
        jobs: pages read at the same time; as many as there are processors by default.
        progress: called after each page.
        engine: another OCR engine than Tesseract.

    Raises:
        InputError: the document cannot be read (missing, empty, damaged, encrypted, too large).
        SetupError: Tesseract, its language data or poppler is missing.
        EngineError: not one page could be read.
    """
    opened = open_source(source)
    wanted = frozenset(pages) if pages is not None else None
    amount = opened.page_amount
    total = amount if wanted is None else len(wanted & frozenset(range(1, amount + 1)))
    if total == 0:
        raise EmptyFileError(f"{opened.name}: none of the pages asked for is there; it has {amount}")
    done: list[Page] = []
    first = _FirstImage(min(wanted or {1}))
    for page in read_pages(opened, ReadOptions(wanted, lang, jobs, first.keep, from_old_encoding), engine):
        # What a program wrote into the file needs no repair; names in it would only be put at risk.
        done.append(page if page.method is Method.TEXT_LAYER else repair_page(page))
        if progress:
            progress(len(done), total)
    if all(page.method is Method.FAILED for page in done):
        raise EngineError(f"{opened.name}: no page could be read; {'; '.join(w for p in done for w in p.warnings)}")
    about = Source(name=opened.name, sha256=opened.sha256, media_type=opened.media_type, page_amount=amount)
    parsed = parse_form(done, about)
    dispatch = settle(parsed, _handwriting(opened, done, parsed.slots, first))
    dispatch.warnings[:0] = [notice for page in done for notice in _page_notices(page)]
    if opened.media_type == PDF:
        dispatch.signatures, notices = read_signatures(opened.data)
        dispatch.warnings.extend(notices)
    return Document(dispatch, tuple(done), opened)


class _FirstImage:
    """Keeps the image of the first page read, on which the form stands; of the others it keeps nothing."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.image: Image8 | None = None

    def keep(self, number: int, image: Image8) -> None:
        if number == self.number:
            self.image = image

    def of(self, source: OpenSource, page: Page) -> Image8:
        """The kept image where it is that of ``page``, else the page drawn anew; errors of :func:`page_image`."""
        kept = self.image if page.number == self.number else None
        return page_image(source, page.number, page.dpi) if kept is None else kept


def _handwriting(source: OpenSource, pages: Sequence[Page], slots: Sequence[Slot], first: _FirstImage) -> Readings:
    """What the reader of handwriting makes of the slots that print left open: the one glance back at the image."""
    readings: dict[SlotName, Sequence[tuple[str, float]]] = {}
    for page in pages:
        own = [s for s in slots if s.page == page.number and s.box]
        if page.method is not Method.TESSERACT or all(s.confidence >= SURE for s in own):
            continue
        try:
            image = turned(first.of(source, page), page)
        except VndocError:
            continue  # the page was read once: its fields stay, the slots stay open
        boxes = [SlotBox(s.name, s.box) for s in own if s.box]
        found = read_slots(image, boxes, list(page.words), page.dpi, page.angle)
        readings |= {name: found[name] for name in SLOT_NAMES if name in found}
    return readings


def _page_notices(page: Page) -> list[Notice]:
    code = "page-failed" if page.method is Method.FAILED else "page-doubtful"
    return [
        Notice(code=code, pointer=f"/pages/{page.number}", message=f"Page {page.number}: {w}") for w in page.warnings
    ]
