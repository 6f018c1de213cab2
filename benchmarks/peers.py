"""Other programs that read Vietnamese print without fetching a model: Tesseract's own, tesserocr, AsterOCR.

The last two are measured where they are installed (``pip install tesserocr``; ``pip install asterocr``, 43 MB of
weights in its package). EasyOCR, docTR, PaddleOCR and VietOCR are not there: they fetch their models at the first use.
"""

import re
import subprocess
from collections.abc import Callable
from functools import partial
from importlib import import_module

from PIL import Image

from benchmarks.known import View
from vndoc.ocr.engines.lines.finder import find_lines
from vndoc.ocr.imaging.ink import Separation, black_print
from vndoc.ocr.imaging.preparation import prepare
from vndoc.repair import repair

Lines = list[str]
Read = Callable[[View, int], tuple[Lines, Callable[[], Lines]]]
"""Reads a page with its number: its lines, and what makes the repaired ones of them."""

_AROUND = 4  # pixels around a line's ink


def _repairable(text: str) -> tuple[Lines, Callable[[], Lines]]:
    return text.splitlines(), partial(_repaired, text)


def _repaired(text: str) -> Lines:
    return repair(text).text.splitlines()


def with_tesseract(view: View, number: int) -> tuple[Lines, Callable[[], Lines]]:
    """As a user runs it: a process on a picture."""
    command = ["tesseract", str(view.picture), "-", "-l", "vie"]
    return _repairable(subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="replace"))


def with_tesserocr() -> Read:
    """Tesseract's library without a process, started once, with the data of the program that is installed."""
    module = import_module("tesserocr")
    listed = subprocess.run(["tesseract", "--list-langs"], check=True, capture_output=True, text=True).stdout
    place = re.search(r'"(.+)"', listed)
    program = module.PyTessBaseAPI(path=place[1] if place else "", lang="vie", psm=module.PSM.AUTO)

    def read(view: View, number: int) -> tuple[Lines, Callable[[], Lines]]:
        program.SetImageFile(str(view.picture))
        return _repairable(program.GetUTF8Text())

    return read


def with_asterocr() -> Read:
    """A reader of single lines: it gets those that vndoc finds on the page that vndoc has levelled and cleaned."""
    program = import_module("asterocr").AsterOCR(enable_telemetry=False)

    def read(view: View, number: int) -> tuple[Lines, Callable[[], Lines]]:
        page, _ = prepare(black_print(Separation.of(view.image)))
        boxes = [line.box for line in find_lines(page)]
        rows = (slice(max(0, box.y0 - _AROUND), box.y1 + _AROUND) for box in boxes)
        columns = (slice(max(0, box.x0 - _AROUND), box.x1 + _AROUND) for box in boxes)
        parts = [Image.fromarray(page[row, column]) for row, column in zip(rows, columns, strict=True)]
        return _repairable("\n".join(" ".join(program.predict(part).split()) for part in parts))

    return read


PEERS: dict[str, tuple[str, Callable[[], Read]]] = {
    "tesserocr": ("tesserocr", with_tesserocr),
    "asterocr": ("asterocr", with_asterocr),
}
"""Name, the package that it needs, and what starts it."""
