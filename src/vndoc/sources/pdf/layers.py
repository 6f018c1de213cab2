"""The text layers of a PDF's pages, by ``pdftotext -bbox-layout``.

One call lists all pages, since most of its time goes into opening the file. Where that takes longer than its pages may
take together, each page is asked for by itself, and only those that cannot be listed in time go without a layer.

pdftotext does not tell what is hidden. Where a file holds text that is not plainly seen, it is asked again about copies
that hold only the one kind of text or the other.
"""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

import pikepdf

from vndoc.page import Box, Line, Origin, Word
from vndoc.sources.backend import POINTS, Remark, TextLayer
from vndoc.sources.pdf.copies import follow_pages, write_text_of, write_without_text
from vndoc.sources.pdf.painting import Look
from vndoc.sources.pdf.poppler import no_poppler

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LONGEST_NUMBER = 6
_WHOLE, _MARKED = "whole", "marked"  # listings beside those by look
_TOGETHER = 4  # page limits that listing all pages at once may take


@dataclass(slots=True)
class _Listing:
    """The layers of one copy of the file: of all pages at once, or page by page where that takes too long."""

    path: Path
    seconds: float
    remarks: list[Remark]
    all: list[TextLayer] | None = None
    alone: dict[int, TextLayer | None] = field(default_factory=dict)

    def of(self, number: int) -> TextLayer | None:
        """The layer of page ``number``; None, with a remark, where it cannot be listed."""
        if self.all is None:
            try:
                self.all = _list(self.path, _TOGETHER * self.seconds)
            except (subprocess.TimeoutExpired, _ListingError):
                self.all = []
        if number <= len(self.all):
            return self.all[number - 1]
        if number not in self.alone:
            self.alone[number] = self._by_itself(number)
        return self.alone[number]

    def _by_itself(self, number: int) -> TextLayer | None:
        try:
            return next(iter(_list(self.path, self.seconds, number)), None)
        except subprocess.TimeoutExpired:
            why = f"was not listed within {self.seconds:g} s"
        except _ListingError as error:
            why = f"cannot be listed ({error})"
        message = f"Page {number}: its text layer {why}; the page was read from its image."
        self.remarks.append(Remark("text-layer-lost", message, number))
        return None


class _ListingError(Exception):
    """pdftotext crashed, or wrote what it does not write."""


class Layers:
    """The layers of one file, listed when the first is asked for.

    Args:
        path: the PDF without the marks of its signatures.
        with_marks: gives the path of the PDF with them, where there are any.
        seconds: wall time for a page.
    """

    def __init__(self, path: Path, with_marks: Callable[[], Path] | None, seconds: float) -> None:
        self._path, self._with_marks, self._seconds = path, with_marks, seconds
        self._lock = Lock()
        self._listings: dict[Look | str, _Listing] | None = None
        self._doubtful: frozenset[int] = frozenset()
        self._textless: Path | None = None
        self.remarks: list[Remark] = []

    def of(self, number: int, dpi: float) -> TextLayer | None:
        """The layer of page ``number``, boxes in pixels at ``dpi``; None where it was given up, with a remark."""
        with self._lock:
            if self._listings is None:
                self._listings = self._prepared()
            found = {name: listing.of(number) for name, listing in self._listings.items()}
        seen, whole, marked = (found.get(name) for name in (Look.SEEN, _WHOLE, _MARKED))
        if seen is None:
            return None
        numbers = tuple(w for w in _added(marked, whole) if w.text.isdecimal() and len(w.text) <= _LONGEST_NUMBER)
        layer = replace(
            seen,
            hidden=_lines(found.get(Look.HIDDEN)),
            pale=_lines(found.get(Look.PALE)),
            slanted=_lines(found.get(Look.SLANTED)),
            signed=self._with_marks is not None,
            numbers=numbers,
        )
        return _scaled(layer, dpi / POINTS)

    def textless(self, number: int) -> Path | None:
        """A copy in which page ``number`` has lost its text, where only drawing both can tell what of it is seen."""
        with self._lock:
            if number not in self._doubtful:
                return None
            if self._textless is None:
                target = self._path.with_name("textless.pdf")
                try:
                    write_without_text(self._path, target, self._doubtful)
                except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, OSError):
                    target = self._path  # nothing of the text is proved to be seen
                self._textless = target
            return self._textless

    def _prepared(self) -> dict[Look | str, _Listing]:
        """Listings by look; where there are signatures, of everything without and with their marks too."""
        whole = self._listing(self._path)
        listings = self._parted(whole)
        if self._with_marks:
            listings |= {_WHOLE: whole, _MARKED: self._listing(self._with_marks())}
        return listings

    def _parted(self, whole: _Listing) -> dict[Look | str, _Listing]:
        try:
            pages = follow_pages(self._path)
            self._doubtful = frozenset(n for n, page in enumerate(pages, 1) if page.doubtful)
            found = [page.looks for page in pages]
            kinds = {look for looks in found for look in looks.values()}
            if kinds <= {Look.SEEN}:
                return {Look.SEEN: whole}
            listings: dict[Look | str, _Listing] = {}
            for look in kinds | {Look.SEEN}:
                target = self._path.with_name(f"{look.value}.pdf")
                write_text_of(self._path, target, found, look)
                listings[look] = self._listing(target)
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, OSError):
            return {Look.SEEN: whole}
        return listings

    def _listing(self, path: Path) -> _Listing:
        return _Listing(path, self._seconds, self.remarks)


def _list(path: Path, seconds: float, number: int | None = None) -> list[TextLayer]:
    """Layers of all pages, or of one; boxes in thousandths of points. Raises TimeoutExpired and _ListingError."""
    pages = [] if number is None else ["-f", str(number), "-l", str(number)]
    command = ["pdftotext", "-bbox-layout", *pages, "-enc", "UTF-8", str(path), "-"]
    try:
        run = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except FileNotFoundError:
        raise no_poppler() from None
    # Control characters, which XML forbids, come from fonts without a Unicode map.
    text = run.stdout.decode("utf-8", errors="replace")
    text = "".join(c if c >= " " or c in "\n\t" else " " for c in text)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise _ListingError(f"pdftotext ended with status {run.returncode}") from None
    return [_layer(page) for page in root.iter(f"{_XHTML}page")]


def _lines(layer: TextLayer | None) -> tuple[Line, ...]:
    return layer.lines if layer else ()


def _layer(page: ElementTree.Element) -> TextLayer:
    lines = []
    for line in page.iter(f"{_XHTML}line"):
        words = tuple(
            Word(text, _points(word), origin=Origin.TEXT_LAYER)
            for word in line.iter(f"{_XHTML}word")
            if (text := (word.text or "").strip())
        )
        if words:
            lines.append(Line(words))
    return TextLayer(float(page.get("width", 0)), float(page.get("height", 0)), tuple(lines))


def _points(word: ElementTree.Element) -> Box:
    """The box in thousandths of a point, as boxes are whole numbers."""
    return Box(*(round(1000 * float(word.get(k, 0))) for k in ("xMin", "yMin", "xMax", "yMax")))


def _scaled(layer: TextLayer, scale: float) -> TextLayer:
    def scaled(word: Word) -> Word:
        return replace(word, box=word.box and Box(*(round(n * scale / 1000) for n in word.box)))

    def all_of(lines: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(Line(tuple(map(scaled, line.words))) for line in lines)

    return replace(
        layer,
        lines=all_of(layer.lines),
        hidden=all_of(layer.hidden),
        pale=all_of(layer.pale),
        slanted=all_of(layer.slanted),
        numbers=tuple(map(scaled, layer.numbers)),
    )


def _added(marked: TextLayer | None, whole: TextLayer | None) -> Sequence[Word]:
    """Words that are on the page only as part of a signature's appearance."""
    if marked is None or whole is None:
        return ()
    left = {(w.text, w.box) for w in whole.words}
    return [replace(w, origin=Origin.TYPED) for w in marked.words if (w.text, w.box) not in left]
