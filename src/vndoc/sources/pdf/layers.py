"""The text layers of a PDF's pages, by ``pdftotext -bbox-layout``.

One call lists a window of many pages, since most of its time goes into opening the file; a file of any length takes the
memory of a few windows. Where that takes longer than its pages may take together, each page is asked for by itself, and
only those that cannot be listed in time go without a layer.

pdftotext does not tell what is hidden. Where a file holds text that is not plainly seen, it is asked again about copies
that hold only the one kind of text or the other.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from vndoc.damage import raise_if_grave, spared
from vndoc.page import Box, Line, Origin, Word
from vndoc.sources.backend import POINTS, Remark, TextLayer
from vndoc.sources.pdf.copies import follow_pages, write_text_of, write_without_text
from vndoc.sources.pdf.painting import Followed, Look, Looks
from vndoc.sources.pdf.patience import ranges
from vndoc.sources.pdf.poppler import no_poppler
from vndoc.sources.pdf.windows import Windows

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LONGEST_NUMBER = 6
_WHOLE, _MARKED = "whole", "marked"  # listings beside those by look
_SECONDS = 12.0  # to list a page, or all of a window; dense pages take a tenth of a second
_TOGETHER = 4  # page limits that listing a window at once may take, if they are short
_MOST_LOST = 3  # pages of a file that cannot be listed in time; the others are not tried then


@dataclass(slots=True)
class _Lost:
    """Pages of a file whose layers were given up, and why."""

    seconds: float
    """For a page by itself."""
    together: float
    """For a window of pages."""
    whys: dict[int, str] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)

    def add(self, number: int, why: str, *, late: bool = False) -> None:
        self.whys.setdefault(number, why)
        if late:
            self.late.add(number)

    def is_lost(self, number: int) -> bool:
        """Whether the layer of a page was given up, or is now, as those of others took too long."""
        if len(self.late) >= _MOST_LOST:
            self.whys.setdefault(number, "was not asked for, as those of other pages took too long")
        return number in self.whys

    def remarks(self) -> list[Remark]:
        """One for a page, or for all pages where several were given up for one reason."""
        by_why: dict[str, list[int]] = {}
        for number, why in sorted(self.whys.items()):
            by_why.setdefault(why, []).append(number)
        made = []
        for why, numbers in by_why.items():
            alone = len(numbers) == 1
            which = f"Page {numbers[0]}: its text layer" if alone else f"Pages {ranges(numbers)}: their text layer"
            message = f"{which} {why}; read from the image."
            made.append(Remark("text-layer-lost", message, numbers[0] if alone else None))
        return made


@dataclass(slots=True)
class _Listing:
    """The layers of some pages in one copy of the file: all at once, or page by page where that takes too long.

    ``shift``: how many more pages stand before them in the file than in the copy.
    """

    path: Path
    numbers: range
    shift: int
    lost: _Lost
    all: list[TextLayer] | None = None
    alone: dict[int, TextLayer | None] = field(default_factory=dict)

    def of(self, number: int) -> TextLayer | None:
        """The layer of page ``number`` of the file; None where it is given up."""
        first, last = self.numbers.start, self.numbers.stop - 1
        if self.all is None:
            self.all = []
            try:
                self.all = _list(self.path, self.lost.together, first - self.shift, last - self.shift)
            except subprocess.TimeoutExpired:
                if first == last:
                    self.lost.add(number, f"was not listed within {self.lost.together:g} s", late=True)
            except _ListingError:
                pass
        if self.all and number - first < len(self.all):
            return self.all[number - first]
        if number not in self.alone:
            self.alone[number] = self._by_itself(number)
        return self.alone[number]

    def _by_itself(self, number: int) -> TextLayer | None:
        at = number - self.shift
        if self.lost.is_lost(number):
            return None
        try:
            return next(iter(_list(self.path, self.lost.seconds, at, at)), None)
        except subprocess.TimeoutExpired:
            self.lost.add(number, f"was not listed within {self.lost.seconds:g} s", late=True)
        except _ListingError as error:
            self.lost.add(number, f"cannot be listed ({error})")
        return None


class _ListingError(Exception):
    """pdftotext crashed, or wrote what it does not write."""


@dataclass(slots=True)
class _Window:
    """Some pages that follow each other: their listings by look, and where text may or may not be seen."""

    numbers: range
    listings: Mapping[Look | str, _Listing]
    doubtful: frozenset[int]
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
        self._path, self._with_marks = path, with_marks
        self._lock = Lock()
        self._windows = Windows(amount, self._prepared)
        self._lost = _Lost(min(seconds, _SECONDS), min(_TOGETHER * seconds, _SECONDS))
        self._costly: set[int] = set()

    @property
    def remarks(self) -> list[Remark]:
        """On layers that were given up."""
        with self._lock:
            return self._lost.remarks()

    def is_costly(self, number: int) -> bool:
        """Whether a page is known to need long, or its layer has."""
        with self._lock:
            return number in self._costly or number in self._lost.late

    def of(self, number: int, dpi: float) -> TextLayer | None:
        """The layer of page ``number``, boxes in pixels at ``dpi``; None where it was given up, with a remark."""
        with self._lock:
            if self._lost.is_lost(number):
                return None
            window = self._windows.of(number)
            if number in self._costly:
                self._lost.add(number, "was not asked for, since it draws more than a page has")
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
                except Exception as error:
                    raise_if_grave(error)
                    target = self._path  # nothing of the text is proved to be seen
                window.textless = target
            at = number if window.textless == self._path else number - window.numbers.start + 1
            return window.textless, at

    def _copy(self, name: str, numbers: range) -> Path:
        return self._path.with_name(f"{name}-{numbers.start}.pdf")

    def _prepared(self, numbers: range) -> _Window:
        """Listings by look; where there are signatures, of everything without and with their marks too."""
        pages: Sequence[Followed] = ()
        with spared():
            pages = follow_pages(self._path, numbers)
        doubtful = frozenset(n for n, page in zip(numbers, pages, strict=False) if page.doubtful)
        costly = frozenset(n for n, page in zip(numbers, pages, strict=False) if page.costly)
        self._costly |= costly
        # With a page among them that takes hours, pages are listed one by one.
        whole = _Listing(self._path, numbers, 0, self._lost, [] if costly else None)
        listings = self._parted(whole, numbers, [page.looks for page in pages])
        if self._with_marks:
            listings |= {_WHOLE: whole, _MARKED: replace(whole, path=self._with_marks(), alone={})}
        return _Window(numbers, listings, doubtful)

    def _parted(self, whole: _Listing, numbers: range, found: list[Looks]) -> dict[Look | str, _Listing]:
        kinds = {look for looks in found for look in looks.values()}
        if kinds <= {Look.SEEN}:
            return {Look.SEEN: whole}
        listings: dict[Look | str, _Listing] = {}
        for look in kinds | {Look.SEEN}:
            target = self._copy(look.value, numbers)
            try:
                write_text_of(self._path, target, numbers, found, look)
            except Exception as error:
                raise_if_grave(error)
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
