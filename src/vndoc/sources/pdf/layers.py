"""The text layers of a PDF's pages, by ``pdftotext -bbox-layout``.

One call lists all pages, since most of its time goes into opening the file. Where that takes longer than its pages may
take together, each page is asked for by itself, and only those that cannot be listed in time go without a layer.
"""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from vndoc.page import Box, Line, Origin, Word
from vndoc.sources.backend import POINTS, Remark, TextLayer
from vndoc.sources.pdf.poppler import no_poppler

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LONGEST_NUMBER = 6
_TOGETHER = 4  # page limits that listing all pages at once may take


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
        self._all: list[TextLayer | None] | None = None
        self._marked: list[TextLayer | None] = []
        self.remarks: list[Remark] = []

    def of(self, number: int, dpi: int) -> TextLayer | None:
        """The layer of page ``number``, boxes in pixels at ``dpi``; None where it was given up, with a remark."""
        with self._lock:
            if self._all is None:
                self._all = _list_all(self._path, self._seconds)
                self._marked = _list_all(self._with_marks(), self._seconds) if self._with_marks else []
            layer = self._at(self._all, number)
            if layer is None:
                layer = self._alone(number)
            marked = self._at(self._marked, number)
        if layer is None:
            return None
        numbers = tuple(w for w in _added(marked, layer) if w.text.isdecimal() and len(w.text) <= _LONGEST_NUMBER)
        return _scaled(replace(layer, signed=self._with_marks is not None, numbers=numbers), dpi / POINTS)

    def _at(self, layers: list[TextLayer | None], number: int) -> TextLayer | None:
        return layers[number - 1] if number <= len(layers) else None

    def _alone(self, number: int) -> TextLayer | None:
        try:
            found = _list(self._path, self._seconds, number)
        except subprocess.TimeoutExpired:
            message = f"Page {number}: its text layer was not listed within {self._seconds:g} s and is left out."
            self.remarks.append(Remark("text-layer-lost", message, number))
            return None
        return found[0] if found else None


def _list_all(path: Path, seconds: float) -> list[TextLayer | None]:
    try:
        return list(_list(path, _TOGETHER * seconds))
    except subprocess.TimeoutExpired:
        return []


def _list(path: Path, seconds: float, number: int | None = None) -> list[TextLayer]:
    """Layers of all pages, or of one; boxes in points. Raises TimeoutExpired."""
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
        return []
    return [_layer(page) for page in root.iter(f"{_XHTML}page")]


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

    lines = tuple(Line(tuple(map(scaled, line.words))) for line in layer.lines)
    return replace(layer, lines=lines, numbers=tuple(map(scaled, layer.numbers)))


def _added(marked: TextLayer | None, layer: TextLayer) -> Sequence[Word]:
    """Words that are on the page only as part of a signature's appearance."""
    left = {(w.text, w.box) for w in layer.words}
    return [replace(w, origin=Origin.TYPED) for w in marked.words if (w.text, w.box) not in left] if marked else []
