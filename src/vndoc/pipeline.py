"""The one place where the rooms meet: file → pages → repaired pages → dispatch."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from vndoc.dispatch import Dispatch, Notice, Source
from vndoc.errors import EmptyFileError, EngineError, VndocError
from vndoc.ocr.handwriting import SlotBox, read_slots
from vndoc.ocr.images import page_image
from vndoc.ocr.reader import ReadOptions, read_pages
from vndoc.ocr.source import Source as OpenSource
from vndoc.ocr.source import open_source
from vndoc.ocr.tesseract import Engine
from vndoc.page import Method, Page
from vndoc.parse import Readings, Slot, parse_form, settle
from vndoc.parse.evidence import SURE
from vndoc.parse.slots import SlotName
from vndoc.repair import repair_page

Progress = Callable[[int, int], None]
"""Called after each page with the pages done and the pages there are."""


def parse(
    source: str | Path | bytes,
    *,
    pages: Iterable[int] | None = None,
    lang: str = "vie",
    jobs: int | None = None,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Dispatch:
    """Turn one document into a typed dispatch.

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
    read: list[Page] = []
    for page in read_pages(opened, ReadOptions(wanted, lang, jobs), engine):
        # What a program wrote into the file needs no repair; names in it would only be put at risk.
        read.append(page if page.method is Method.TEXT_LAYER else repair_page(page))
        if progress:
            progress(len(read), total)
    if all(page.method is Method.FAILED for page in read):
        raise EngineError(f"{opened.name}: no page could be read; {'; '.join(w for p in read for w in p.warnings)}")
    about = Source(name=opened.name, sha256=opened.sha256, media_type=opened.media_type, page_amount=amount)
    parsed = parse_form(read, about)
    dispatch = settle(parsed, _handwriting(opened, read, parsed.slots))
    dispatch.warnings[:0] = [notice for page in read for notice in _page_notices(page)]
    return dispatch


def _handwriting(source: OpenSource, pages: Sequence[Page], slots: Sequence[Slot]) -> Readings:
    """What the reader of handwriting makes of the slots that print left open: the one glance back at the image."""
    readings: dict[SlotName, Sequence[tuple[str, float]]] = {}
    for page in pages:
        own = [s for s in slots if s.page == page.number and s.box]
        if page.method is not Method.TESSERACT or all(s.confidence >= SURE for s in own):
            continue
        try:
            image = page_image(source, page.number, page.dpi)
        except VndocError:
            continue  # the page was read once: its fields stay, the slots stay open
        if page.turns:
            image = np.ascontiguousarray(np.rot90(image, page.turns))
        boxes = [SlotBox(s.name, s.box) for s in own if s.box]
        found = read_slots(image, boxes, list(page.words), page.dpi, page.angle)
        readings |= {s.name: found[s.name] for s in own if s.name in found}
    return readings


def _page_notices(page: Page) -> list[Notice]:
    code = "page-failed" if page.method is Method.FAILED else "page-doubtful"
    return [
        Notice(code=code, pointer=f"/pages/{page.number}", message=f"Page {page.number}: {w}") for w in page.warnings
    ]
