"""The text layers of a PDF's pages, by ``pdftotext -bbox-layout``.

One call lists a window of many pages, since most of its time goes into opening the file; a file of any length takes the
memory of a few windows. Where that takes longer than its pages may take together, each page is asked for by itself, and
only those that cannot be listed in time go without a layer.

pdftotext does not tell what is hidden. Where a file holds text that is not plainly seen, it is asked again about copies
that hold only the one kind of text or the other.
"""

import contextlib
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

import pikepdf

from vndoc.page import Box, Line, Origin, Word
from vndoc.sources.backend import POINTS, Remark, TextLayer
from vndoc.sources.pdf.copies import follow_pages, write_text_of, write_without_text
from vndoc.sources.pdf.painting import Followed, Look, Looks
from vndoc.sources.pdf.poppler import no_poppler
from vndoc.sources.pdf.windows import Windows

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LONGEST_NUMBER = 6
_WHOLE, _MARKED = "whole", "marked"  # listings beside those by look
_TOGETHER = 4  # page limits that listing a window at once may take
_DAMAGE = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, OSError)


@dataclass(slots=True)
class _Listing:
    """The layers of some pages in one copy of the file: all at once, or page by page where that takes too long.

    ``shift``: how many more pages stand before them in the file than in the copy.
    """

    path: Path
    numbers: range
    shift: int
    seconds: float
    remarks: list[Remark]
    all: list[TextLayer] | None = None
    alone: dict[int, TextLayer | None] = field(default_factory=dict)

    def of(self, number: int) -> TextLayer | None:
        """The layer of page ``number`` of the file; None, with a remark, where it cannot be listed."""
        first = self.numbers.start
        if self.all is None:
            try:
                last = self.numbers.stop - 1
                self.all = _list(self.path, _TOGETHER * self.seconds, first - self.shift, last - self.shift)
            except (subprocess.TimeoutExpired, _ListingError):
                self.all = []
        if number - first < len(self.all):
            return self.all[number - first]
        if number not in self.alone:
            self.alone[number] = self._by_itself(number)
        return self.alone[number]

    def _by_itself(self, number: int) -> TextLayer | None:
        at = number - self.shift
        try:
            return next(iter(_list(self.path, self.seconds, at, at)), None)
        except subprocess.TimeoutExpired:
            why = f"was not listed within {self.seconds:g} s"
        except _ListingError as error:
            why = f"cannot be listed ({error})"
        message = f"Page {number}: its text layer {why}; the page was read from its image."
        if (remark := Remark("text-layer-lost", message, number)) not in self.remarks:
            self.remarks.append(remark)
        return None


class _ListingError(Exception):
    """pdftotext crashed, or wrote what it does not write."""


@dataclass(slots=True)
class _Window:
    """Some pages that follow each other: their listings by look, and where text may or may not be seen."""

    numbers: range
    listings: Mapping[Look | str, _Listing]
    doubtful: frozenset[int]
    costly: frozenset[int]
    textless: Path | None = None


class Layers:
    """The layers of one file, listed when the first of a window is asked for.

    Args:
        path: the PDF without the marks of its signatures.
        amount: its pages.
        with_marks: gives the path of the PDF with them, where there are any.
        seconds: wall time for a page.
    """

    def __init__(self, path: Path, amount: int, with_marks: Callable[[], Path] | None, seconds: float) -> None:
        self._path, self._with_marks, self._seconds = path, with_marks, seconds
        self._lock = Lock()
        self._windows = Windows(amount, self._prepared)
        self.remarks: list[Remark] = []

    def of(self, number: int, dpi: float) -> TextLayer | None:
        """The layer of page ``number``, boxes in pixels at ``dpi``; None where it was given up, with a remark."""
        with self._lock:
            window = self._windows.of(number)
            if number in window.costly:
                self._remark_costly(number)
                return None
            found = {name: listing.of(number) for name, listing in window.listings.items()}
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

    def textless(self, number: int) -> tuple[Path, int] | None:
        """A copy in which page ``number`` has lost its text, where only drawing both can tell what of it is seen.

        The path of the copy, and the page's number in it.
        """
        with self._lock:
            window = self._windows.of(number)
            if number not in window.doubtful:
                return None
            if window.textless is None:
                target = self._copy("textless", window.numbers)
                try:
                    write_without_text(self._path, target, window.numbers, window.doubtful)
                except _DAMAGE:
                    target = self._path  # nothing of the text is proved to be seen
                window.textless = target
            at = number if window.textless == self._path else number - window.numbers.start + 1
            return window.textless, at

    def _remark_costly(self, number: int) -> None:
        message = f"Page {number}: draws more than a page has, so its text layer was not asked for."
        if (remark := Remark("text-layer-lost", message, number)) not in self.remarks:
            self.remarks.append(remark)

    def _copy(self, name: str, numbers: range) -> Path:
        return self._path.with_name(f"{name}-{numbers.start}.pdf")

    def _prepared(self, numbers: range) -> _Window:
        """Listings by look; where there are signatures, of everything without and with their marks too."""
        pages: Sequence[Followed] = ()
        with contextlib.suppress(*_DAMAGE):
            pages = follow_pages(self._path, numbers)
        doubtful = frozenset(n for n, page in zip(numbers, pages, strict=False) if page.doubtful)
        costly = frozenset(n for n, page in zip(numbers, pages, strict=False) if page.costly)
        # With a page among them that takes hours, pages are listed one by one.
        whole = _Listing(self._path, numbers, 0, self._seconds, self.remarks, [] if costly else None)
        listings = self._parted(whole, numbers, [page.looks for page in pages])
        if self._with_marks:
            listings |= {_WHOLE: whole, _MARKED: replace(whole, path=self._with_marks(), alone={})}
        return _Window(numbers, listings, doubtful, costly)

    def _parted(self, whole: _Listing, numbers: range, found: list[Looks]) -> dict[Look | str, _Listing]:
        kinds = {look for looks in found for look in looks.values()}
        if kinds <= {Look.SEEN}:
            return {Look.SEEN: whole}
        listings: dict[Look | str, _Listing] = {}
        for look in kinds | {Look.SEEN}:
            target = self._copy(look.value, numbers)
            try:
                write_text_of(self._path, target, numbers, found, look)
            except _DAMAGE:
                return {Look.SEEN: whole}
            listings[look] = replace(whole, path=target, shift=numbers.start - 1, alone={})
        return listings


def _list(path: Path, seconds: float, first: int, last: int) -> list[TextLayer]:
    """Layers of some pages; boxes in thousandths of points. Raises TimeoutExpired and _ListingError."""
    pages = ["-f", str(first), "-l", str(last)]
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
