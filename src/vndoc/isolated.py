"""Reading files from strangers: the functions of :mod:`~vndoc.pipeline`, and the parts of a file, in a sandbox.

What a user of the library calls. The process that reads is kept for the next call.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vndoc import sandbox
from vndoc.errors import VndocError
from vndoc.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from vndoc.dispatch import Dispatch
    from vndoc.document import Document
    from vndoc.errors import InputError
    from vndoc.explain import Explanation
    from vndoc.ocr.engines.engine import TextEngine
    from vndoc.pipeline import Progress
    from vndoc.sources import SourceFile

    Input = str | Path | bytes | SourceFile

_PARTS_SECONDS = 600.0
"""For listing and unpacking all that a container holds; of a document with others attached, as for opening a file."""


def parse(
    source: "Input",
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: "Progress | None" = None,
    engine: "TextEngine | None" = None,
) -> "Dispatch":
    """Turn one document into a typed dispatch: the ``dispatch`` of :func:`read`, whose arguments and errors it has.

    A file that holds several documents gives the first one's, the others behind it as annexes and a notice
    ``several-documents``; :func:`read_all` gives each by itself.
    """
    return read(source, pages=pages, settings=settings, progress=progress, engine=engine).dispatch


def read(
    source: "Input",
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: "Progress | None" = None,
    engine: "TextEngine | None" = None,
) -> "Document":
    """Read one document: its typed dispatch, and the pages for those who show or search them.

    Args:
        source: path of a PDF (scanned, born digital or mixed), an image, a text, a Word file or a mail, its bytes, or
            one of :func:`vndoc.parts`.
        pages: numbers of the pages to read, from 1; all by default.
        settings: engine, languages, limits and all other options; without ``sandbox`` it is read in this process.
        progress: called after each page.
        engine: a text engine that is already made, in place of the one that the settings name; it reads in this
            process.

    Raises:
        InputError: the document cannot be read (missing, empty, damaged, encrypted, too large).
        SetupError: the engine, its language data or poppler is missing.
        MachineError: the disk is full, or memory or file handles have run out.
        EngineError: not one page could be read, or not within its limits.
    """
    [document] = _documents("read", source, pages, settings, progress, engine)
    return document


def read_all(
    source: "Input",
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: "Progress | None" = None,
    engine: "TextEngine | None" = None,
) -> "list[Document]":
    """Read every document of a file: the list of :func:`read_each`, whose arguments and errors it has."""
    return list(read_each(source, pages=pages, settings=settings, progress=progress, engine=engine))


def read_each(
    source: "Input",
    *,
    pages: Iterable[int] | None = None,
    settings: Settings | None = None,
    progress: "Progress | None" = None,
    engine: "TextEngine | None" = None,
) -> "Iterator[Document]":
    """Read the documents of a file one after the other, cut where ``settings.split`` says.

    Each is read as if it were a file of its own, its pages recognised once; they keep the numbers that they have in the
    file. Nothing is held but the document under way. Arguments and errors of :func:`read`; the file stays open until
    the last document is taken.
    """
    yield from _documents("read_each", source, pages, settings, progress, engine)


def _documents(
    how: str,
    source: "Input",
    pages: Iterable[int] | None,
    settings: Settings | None,
    progress: "Progress | None",
    engine: "TextEngine | None",
) -> "Iterator[Document]":
    settings = settings or DEFAULTS
    if not settings.sandbox or engine is not None:
        yield from _here(how, source, pages, settings, progress, engine)
        return
    sandbox.start()
    from vndoc.sources.file import load_file  # noqa: PLC0415 -- loaded while the sandbox starts

    file = load_file(source)
    wanted = None if pages is None else frozenset(pages)
    found = sandbox.stream(
        _read_there,
        how,
        file,
        wanted,
        settings,
        memory_mb=settings.limits.memory_mb,
        about=file.name,
        told=(lambda said: progress(*said)) if progress else None,
    )
    for fields in found:
        from vndoc.document import Document  # noqa: PLC0415 -- loaded while the first page is read

        yield Document(file=file, settings=settings, **fields)


def _here(how: str, source: "Input", pages: Iterable[int] | None, *rest: Any) -> "Iterator[Document]":
    from vndoc import pipeline  # noqa: PLC0415 -- models and numpy would slow down 'vndoc --help'

    settings, progress, engine = rest
    made = getattr(pipeline, how)(source, pages=pages, settings=settings, progress=progress, engine=engine)
    if how == "read":
        yield made
    else:
        yield from made


def _read_there(
    how: str, file: "SourceFile", pages: frozenset[int] | None, settings: Settings
) -> Iterator[dict[str, Any]]:
    """The documents of a file within its budget; without what the one who asks has already."""
    budget = sandbox.Budget(settings.limits.page_seconds)

    def page_done(done: int, amount: int) -> None:
        budget.page_done(done, amount)
        sandbox.tell((done, amount))

    for document in _here(how, file, pages, settings, page_done, None):
        yield {name: getattr(document, name) for name in ("dispatch", "pages", "slots", "notices", "part")}
    budget.end()


def cut(documents: "Sequence[Document]") -> Iterator[bytes]:
    """Each of the documents of one file as a file of its own, its pages as they are; in their order.

    Raises:
        FormatError: they cannot be cut out.
    """
    if all(document.part is None or document.part.whole for document in documents):
        yield from (document.file.data for document in documents)
        return
    first = documents[0]
    limits = first.settings.limits
    wanted = [(document.part.pages if document.part else (), document.dispatch) for document in documents]
    seconds = limits.page_seconds * (1 + sum(len(document.pages) for document in documents))
    if not first.settings.sandbox:
        yield from _cut_there(first.file, wanted)
        return
    yield from sandbox.stream(
        _cut_there, first.file, wanted, seconds=seconds, memory_mb=limits.memory_mb, about=first.file.name
    )


def _cut_there(file: "SourceFile", wanted: "Sequence[tuple[Sequence[int], Dispatch]]") -> Iterator[bytes]:
    from vndoc.export.parts import FileParts  # noqa: PLC0415

    with FileParts(file.data, wanted[0][1].source.media_type, file.name) as parts:
        for numbers, dispatch in wanted:
            yield parts.part(numbers, dispatch)


def parts(
    source: "Input", *, attachments: bool = False, settings: Settings | None = None
) -> "Iterator[SourceFile | InputError]":
    """The documents in a file: itself, then those it holds, in order; in place of what cannot be read, why.

    Args:
        source: path or bytes of any file; one that holds none is the only part.
        attachments: whether files attached to PDFs are wanted.
        settings: their memory limit; without ``sandbox`` it is opened in this process.

    Raises:
        MissingFileError, EmptyFileError: the file itself cannot be read.
        MachineError: the disk is full, or memory or file handles have run out.
        MemoryLimitError, EngineError: what it holds could not be listed within its limits.

    >>> [part.name for part in parts(b"SO NOI VU")]
    ['<bytes>']
    """
    from vndoc.sources.file import load_file  # noqa: PLC0415

    file, settings = load_file(source), settings or DEFAULTS
    if not settings.sandbox:
        found = _parts_there(file, attachments=attachments, page_seconds=settings.limits.page_seconds)
    else:
        found = sandbox.stream(
            _parts_there,
            file,
            attachments=attachments,
            page_seconds=settings.limits.page_seconds,
            seconds=_PARTS_SECONDS,
            memory_mb=settings.limits.memory_mb,
            about=file.name,
        )
    held = False  # the file itself, until it is known whether more follows: mostly not, and the process is free again
    try:
        for part in found:
            if held:
                yield file
            held = part is None
            if part is not None:
                yield part
    except VndocError:
        if held:
            yield file
        raise
    if held:
        yield file


def _parts_there(
    file: "SourceFile", *, attachments: bool, page_seconds: float
) -> "Iterator[SourceFile | InputError | None]":
    """The parts of a file; None for itself."""
    from vndoc.containers import parts as parts_of  # noqa: PLC0415

    for part in parts_of(file, attachments=attachments):
        if part is file:  # a mail is no archive of a thousand files
            sandbox.Budget(page_seconds)
        yield None if part is file else part


def explain(source: "Input", settings: Settings | None = None) -> "Explanation":
    """Read a document and say how; arguments and errors of :func:`read`."""
    from vndoc.sources.file import load_file  # noqa: PLC0415

    settings = settings or DEFAULTS
    if not settings.sandbox:
        return _explained(source, settings)
    file = load_file(source)
    found: Explanation = sandbox.call(
        _explained_there, file, settings, memory_mb=settings.limits.memory_mb, about=file.name
    )
    return found


def _explained_there(file: "SourceFile", settings: Settings) -> "Explanation":
    budget = sandbox.Budget(settings.limits.page_seconds)
    found = _explained(file, settings, budget.page_done)
    budget.end()
    return found


def _explained(source: "Input", settings: Settings, progress: "Progress | None" = None) -> "Explanation":
    from vndoc.explain import explain as explained  # noqa: PLC0415

    return explained(source, settings, progress)
