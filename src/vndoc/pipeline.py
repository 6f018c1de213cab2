"""From a file to its dispatch: a tuple of stages, one after the other, over one context.

Each stage is a function that fills its part of the :class:`Context` from what the stages before it have filled. The
packages that do the work (sources, ocr, repair, parse) do not know each other; here they meet.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from vndoc.bundles import Cutter, Part, part_notices, signed_notice, signs_of
from vndoc.damage import raise_if_grave
from vndoc.dispatch import Dispatch, Notice, Signature, Source
from vndoc.document import Document
from vndoc.errors import EmptyFileError, EngineError, MachineError, MemoryLimitError, VndocError
from vndoc.ocr.engines.engine import TextEngine
from vndoc.ocr.engines.guard import GuardedEngine
from vndoc.ocr.engines.registry import text_engine
from vndoc.ocr.handwriting import slot_reader
from vndoc.ocr.imaging.polarity import positive
from vndoc.ocr.imaging.upright import turned
from vndoc.ocr.reader import PageReader
from vndoc.ocr.text_layer import Script
from vndoc.page import Method, Page
from vndoc.parse import Content, Form, Identity, assemble, read_content, read_form, resolve, weighed
from vndoc.parse.confirmed import with_values
from vndoc.parse.form.anchors import is_overlay
from vndoc.reading import Reading
from vndoc.repair import repair_pages
from vndoc.repair.legacy import from_old_encoding
from vndoc.repair.letters import is_syllable, normalised
from vndoc.settings import DEFAULTS, Settings
from vndoc.signatures import read_signatures
from vndoc.slots import Candidates, Readings, SlotKey
from vndoc.sources import OpenFile, SourceFile, load_file, open_file
from vndoc.sources.backend import Image8
from vndoc.sources.pdf import PDF

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called after each page with the pages done and the pages there are."""


_MOST_REASONS = 3
_SCRIPT = Script(from_old_encoding, normalised, is_syllable, is_overlay)
"""What the reader of text layers has to know of Vietnamese and of signatures' marks."""


@dataclass(slots=True)
class Context:
    """What the stages share. A stage reads what is above its own part and fills that."""

    file: SourceFile
    opened: OpenFile
    media_type: str
    settings: Settings
    engine: GuardedEngine
    numbers: Sequence[int]
    """Numbers of the pages to read, from 1."""
    progress: Progress | None = None

    images: dict[int, Image8] = field(default_factory=dict)
    """Of the first page of a document, on which the form is: needed again for its slots. Images of pages behind it are
    kept no longer than until it is known that no document begins there."""
    read: Iterator[Page] = field(default_factory=lambda: iter(()))
    """Pages as they are read, taken by the repair while the next ones are being read."""
    pages: list[Page] = field(default_factory=list)
    form: Form | None = None
    readings: Readings = field(default_factory=dict)
    signatures: list[Signature] = field(default_factory=list)
    identity: Identity | None = None
    content: Content | None = None
    notices: list[Notice] = field(default_factory=list)
    """Those of the file and of how it was read; the form's and the content's are made with the dispatch."""
    dispatch: Dispatch | None = None
    part: Part | None = None
    """Which part of the file the pages are; None where nobody looked for other documents."""
    cutting: bool = False
    """Whether any page may be the first of a document."""


class Stage(NamedTuple):
    """A named step."""

    name: str
    run: Callable[[Context], None]


def _recognise(context: Context) -> None:
    """Pages of words, from text layers or by the engine."""
    first = context.numbers[0]

    def keep(number: int, image: Image8) -> None:
        if number == first or context.cutting:
            context.images[number] = image

    reader = PageReader(context.opened, context.engine, context.settings, _SCRIPT, keep)
    context.read = _counted(context, reader.pages(context.numbers))


def _watch(context: Context) -> None:
    """Where other documents seem to begin; the pages go on to the repair as they are."""
    if len(context.numbers) > 1 and context.settings.split != "never":
        context.read = _watched(context, context.read)


def _watched(context: Context, pages: Iterator[Page]) -> Iterator[Page]:
    cutter = Cutter("never")
    for page in pages:
        cutter.add(signs_of(page))
        yield page
    context.part = cutter.end()
    context.notices += part_notices(context.part)


def _repair(context: Context) -> None:
    """The Vietnamese letters that recognition lost, by what the whole document says."""
    profile = context.settings.repair
    read = context.read
    context.pages = list(read) if profile == "off" else repair_pages(read, profile, context.settings.models)
    if all(page.method is Method.FAILED for page in context.pages):
        raise EngineError(f"{context.file.name}: no page could be read; {_few_reasons(context.pages)}")


def _few_reasons(pages: Sequence[Page]) -> str:
    """Why pages could not be read, the first few of them."""
    reasons = list(dict.fromkeys(warning for page in pages for warning in page.warnings))
    more = len(reasons) - _MOST_REASONS
    return "; ".join(reasons[:_MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")


def _counted(context: Context, pages: Iterator[Page]) -> Iterator[Page]:
    """The pages as they are read, each reported when the next one is asked for."""
    for done, page in enumerate(pages, 1):
        yield page
        if context.progress:
            context.progress(done, len(context.numbers))


def _read_form(context: Context) -> None:
    """The form as printed: zones, fields, slots."""
    context.form = read_form(context.pages)


def _read_slots(context: Context) -> None:
    """What a reader of handwriting makes of the slots that print left open."""
    assert context.form is not None
    readings: dict[SlotKey, Candidates] = {}
    reader = slot_reader(context.settings)
    for page in context.pages:
        own = [slot for slot in context.form.slots if slot.page == page.number and slot.box]
        if page.method is not Method.OCR or not own:
            continue
        try:
            image = turned(_image_of(context, page), page)
            readings |= reader.read(image, own, list(page.words), page.dpi, page.angle)
        except Exception as error:  # a reader from outside may raise anything: its slots stay open
            if not isinstance(error, VndocError) or isinstance(error, MachineError | MemoryLimitError):
                raise_if_grave(error, context.file.name)
            why = str(error) if isinstance(error, VndocError) else type(error).__name__
            message = f"Page {page.number}: the blanks of the form could not be read by '{reader.name}' ({why})"
            context.notices.append(Notice(code="page-doubtful", pointer=f"/pages/{page.number}", message=message))
    context.readings = readings


def _image_of(context: Context, page: Page) -> Image8:
    """The kept image where it is that of ``page``, else the page drawn anew."""
    kept = context.images.get(page.number)
    return positive(context.opened.image(page.number, page.dpi)) if kept is None else kept


def _read_signatures(context: Context) -> None:
    """The electronic signatures of the file; they say nothing of one of several documents in it."""
    if context.media_type == PDF and (context.part is None or context.part.whole):
        context.signatures, notices = read_signatures(context.file.data)
        context.notices += notices


def _resolve(context: Context) -> None:
    """Identity, from all evidence: settled before anything that depends on it is read."""
    assert context.form is not None
    context.identity = resolve(context.form, context.readings, context.signatures)


def _weigh(context: Context) -> None:
    """How far each value can be trusted: what is contradicted or too doubtful is withheld."""
    assert context.form is not None
    assert context.identity is not None
    context.identity = weighed(context.identity, context.form, context.signatures)


def _read_content(context: Context) -> None:
    """Outline, citations, tasks."""
    assert context.form is not None
    assert context.identity is not None
    context.content = read_content(context.form, context.identity)


def _assemble(context: Context) -> None:
    """The typed dispatch, its evidence and notices."""
    assert context.form is not None
    assert context.identity is not None
    assert context.content is not None
    context.notices[:0] = list(_file_notices(context))
    source = Source(
        name=context.file.name,
        sha256=context.file.sha256,
        media_type=context.media_type,
        page_amount=context.opened.page_amount if context.part is None or context.part.whole else len(context.pages),
    )
    reading = Reading(source, tuple(context.pages), context.readings, tuple(context.signatures), tuple(context.notices))
    context.dispatch = _dispatch(reading, context.form, context.identity, context.content)


def _file_notices(context: Context) -> Iterator[Notice]:
    own = {page.number for page in context.pages}
    for remark in context.opened.remarks():
        if remark.page and remark.page not in own:
            continue
        pointer = f"/pages/{remark.page}" if remark.page else None
        yield Notice(code=remark.code, pointer=pointer, message=remark.message)
    if context.engine.remark and any(page.method is Method.OCR for page in context.pages):
        yield Notice(code="engine-alone", message=context.engine.remark)


def _dispatch(reading: Reading, form: Form, identity: Identity, content: Content) -> Dispatch:
    dispatch = assemble(reading.pages, form, identity, content, reading.source)
    dispatch.warnings[:0] = [notice for page in reading.pages for notice in _page_notices(page)]
    dispatch.warnings += reading.notices
    dispatch.signatures = list(reading.signatures)
    return dispatch


def parse_again(reading: Reading, values: Mapping[str, str | None] | None = None) -> Dispatch:
    """The dispatch of what was read before; ``values`` by JSON pointer are certain, and what follows from them follows.

    Without values it is the same as when it was read, as long as vndoc is.
    """
    form = read_form(reading.pages)
    identity = weighed(resolve(form, reading.slots, reading.signatures), form, reading.signatures)
    identity = with_values(identity, values or {})
    return _dispatch(reading, form, identity, read_content(form, identity))


STAGES: tuple[Stage, ...] = (
    Stage("recognition", _recognise),
    Stage("boundaries", _watch),
    Stage("repair", _repair),
    Stage("form", _read_form),
    Stage("slots", _read_slots),
    Stage("signatures", _read_signatures),
    Stage("identity", _resolve),
    Stage("trust", _weigh),
    Stage("content", _read_content),
    Stage("dispatch", _assemble),
)
"""What is done with a document, in this order."""
_BEHIND_RECOGNITION = [stage.name for stage in STAGES].index("repair")


def parse(
    source: str | Path | bytes | SourceFile,
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    engine: TextEngine | None = None,
) -> Dispatch:
    """Turn one document into a typed dispatch: the ``dispatch`` of :func:`read`, whose arguments and errors it has.

    A file that holds several documents gives the first one's, the others behind it as annexes and a notice
    ``several-documents``; :func:`read_all` gives each by itself.
    """
    return read(source, pages=pages, settings=settings, progress=progress, engine=engine).dispatch


def read(
    source: str | Path | bytes | SourceFile,
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    engine: TextEngine | None = None,
) -> Document:
    """Read one document: its typed dispatch, and the pages for those who show or search them.

    Args:
        source: path of a PDF (scanned, born digital or mixed), an image, a text, a Word file or a mail, its bytes, or
            one of :func:`vndoc.parts`.
        pages: numbers of the pages to read, from 1; all by default.
        settings: engine, languages, limits and all other options.
        progress: called after each page.
        engine: a text engine that is already made, in place of the one that the settings name.

    Raises:
        InputError: the document cannot be read (missing, empty, damaged, encrypted, too large).
        SetupError: the engine, its language data or poppler is missing.
        EngineError: not one page could be read.
    """
    context = read_context(source, pages=pages, settings=settings, progress=progress, engine=engine)
    return _document(context)


def _document(context: Context) -> Document:
    assert context.dispatch is not None
    return Document(
        context.dispatch,
        tuple(context.pages),
        context.file,
        context.settings,
        context.readings,
        tuple(context.notices),
        context.part,
    )


def read_all(
    source: str | Path | bytes | SourceFile,
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    engine: TextEngine | None = None,
) -> list[Document]:
    """Read every document of a file: the list of :func:`read_each`, whose arguments and errors it has."""
    return list(read_each(source, pages=pages, settings=settings, progress=progress, engine=engine))


def read_each(
    source: str | Path | bytes | SourceFile,
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    engine: TextEngine | None = None,
    member: bool = False,
) -> Iterator[Document]:
    """Read the documents of a file one after the other, cut where ``settings.split`` says.

    Each is read as if it were a file of its own, its pages recognised once; they keep the numbers that they have in the
    file. Nothing is held but the document under way. Arguments and errors of :func:`read`; the file stays open until
    the last document is taken.
    """
    with started(source, pages=pages, settings=settings, progress=progress, engine=engine) as context:
        context.cutting = context.settings.split != "never"
        _recognise(context)
        cutter, signed = Cutter(context.settings.split), _signed_once(context)
        own: list[Page] = []
        for page in context.read:
            if ended := cutter.add(signs_of(page)):
                yield _document(_finished(context, ended, own, signed))
                own = []
            own.append(page)
            if page.number != cutter.first_number:
                context.images.pop(page.number, None)
        last = cutter.end()
        yield _document(_finished(context, replace(last, whole=False) if member else last, own, signed))


def _finished(context: Context, part: Part, pages: Sequence[Page], signed: Callable[[], list[Notice]]) -> Context:
    """A document that was cut out of the file, after the stages behind recognition."""
    first = part.pages[0] if part.pages else context.numbers[0]
    image = context.images.pop(first, None)
    kept = [page for page in pages if part.whole or page.number not in part.blank_pages]
    own = replace(
        context,
        numbers=[page.number for page in kept],
        read=iter(kept),
        images={} if image is None else {first: image},
        pages=[],
        notices=[*part_notices(part), *([] if part.whole else signed())],
        part=part,
    )
    for stage in STAGES[_BEHIND_RECOGNITION:]:
        logger.debug("%s: %s", context.file.name, stage.name)
        stage.run(own)
    return own


def _signed_once(context: Context) -> Callable[[], list[Notice]]:
    """What has to be said of the signatures of a file that is cut, looked for when the first part asks."""

    @cache
    def notices() -> list[Notice]:
        found, unread = read_signatures(context.file.data) if context.media_type == PDF else ([], [])
        return [*([signed_notice(found)] if found else []), *unread]

    return notices


def read_context(
    source: str | Path | bytes | SourceFile,
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    engine: TextEngine | None = None,
) -> Context:
    """The context after all :data:`STAGES`; arguments and errors of :func:`read`. Its file is closed."""
    with started(source, pages=pages, settings=settings, progress=progress, engine=engine) as context:
        for stage in STAGES:
            logger.debug("%s: %s", context.file.name, stage.name)
            stage.run(context)
    return context


@contextmanager
def started(
    source: str | Path | bytes | SourceFile,
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    engine: TextEngine | None = None,
) -> Iterator[Context]:
    """The context before the first stage, its file open; arguments and errors of :func:`read`."""
    settings = settings or DEFAULTS
    file = load_file(source)
    opened, media_type = open_file(file, settings)
    with opened:
        yield Context(
            file=file,
            opened=opened,
            media_type=media_type,
            settings=settings,
            engine=GuardedEngine(engine or text_engine(settings)),
            numbers=_wanted(file.name, opened.page_amount, pages),
            progress=progress,
        )


def _wanted(name: str, amount: int, pages: Iterable[int] | None) -> list[int]:
    wanted = None if pages is None else frozenset(pages)
    numbers = [number for number in range(1, amount + 1) if wanted is None or number in wanted]
    if not numbers:
        raise EmptyFileError(f"{name}: none of the pages asked for is there; it has {amount}")
    return numbers


def _page_notices(page: Page) -> list[Notice]:
    code = "page-failed" if page.method is Method.FAILED else "page-doubtful"
    return [
        Notice(code=code, pointer=f"/pages/{page.number}", message=f"Page {page.number}: {w}") for w in page.warnings
    ]
