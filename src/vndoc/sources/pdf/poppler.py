"""Poppler's programs: pages drawn, and their sizes. A hostile file crashes such a program and not the library."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import regex
from pdf2image import convert_from_path
from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPopplerTimeoutError, PDFSyntaxError

from vndoc.damage import raise_if_grave, reason
from vndoc.errors import EngineError, SetupError, TimeLimitError
from vndoc.sources.backend import Image8

_SIZE = regex.compile(rb"^Page\s+(\d+) size:\s+([\d.]+(?:e[+-]?\d+)?) x ([\d.]+(?:e[+-]?\d+)?) pts", regex.M)
_LOST = regex.compile(
    r"jpx|jp2|jpeg2000|jpe?g|jbig2|ccitt|flate|lzw|dct|end of file|contents object|create page", regex.I
)
_A4 = (595.0, 842.0)
_LEAST_CONTRAST = 8  # grey levels
_TURN = regex.compile(rb"^Page\s+(\d+) rot:\s+(-?\d+)", regex.M)


def page_sizes(path: Path, amount: int, seconds: float = 60.0) -> list[tuple[float, float]]:
    """Width and height in points of every page, as it is drawn: cropped and turned. Empty where pdfinfo fails.

    A page whose size is no number, or is missing, counts as A4.
    """
    command = ["pdfinfo", "-f", "1", "-l", str(amount), str(path)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except FileNotFoundError:
        raise no_poppler() from None
    except subprocess.TimeoutExpired:
        return []
    turns = {int(n): int(turn) for n, turn in _TURN.findall(run.stdout)}
    found = ((int(n), float(width), float(height)) for n, width, height in _SIZE.findall(run.stdout))
    sizes = {n: (width, height) for n, width, height in found if width and height}
    listed = [sizes.get(n, _A4) for n in range(1, max(sizes, default=0) + 1)]
    return [(h, w) if turns.get(n, 0) % 180 else (w, h) for n, (w, h) in enumerate(listed, 1)]


class Drawn(NamedTuple):
    """A page as poppler drew it."""

    image: Image8
    """RGB or grey."""
    fault: str | None
    """What poppler could not decode of the page."""

    @property
    def blank(self) -> bool:
        """Whether nothing was drawn but one colour."""
        return int(self.image.max()) - int(self.image.min()) < _LEAST_CONTRAST


def render(path: Path, number: int, dpi: float, seconds: float, called: int | None = None) -> Drawn:
    """Page ``number`` (from 1) as an image, by pdf2image.

    Args:
        path: the file.
        number: of the page in it.
        dpi: resolution.
        seconds: wall time that it may take.
        called: its number for messages, where that is another.

    Raises:
        SetupError: poppler is missing.
        EngineError: poppler cannot draw this page, or not within ``seconds``.
    """
    # It takes parts of dots and of seconds.
    draw = partial(convert_from_path, path, dpi=dpi, first_page=number, last_page=number, timeout=seconds)  # type: ignore[arg-type]
    fault, called = None, called or number
    with _failing(called, seconds):
        try:
            images = draw(strict=True)
        except PDFSyntaxError as error:  # it hands over no image with what poppler wrote
            fault = _fault(str(error))
            images = draw()
    if not images:
        raise EngineError(f"page {called} cannot be drawn: poppler gave no image")
    return Drawn(np.asarray(images[0], dtype=np.uint8), fault)


def render_clear(path: Path, number: int, dpi: float, seconds: float) -> Image8:
    """Page ``number`` (from 1) as RGBA, clear where nothing is drawn. Errors of :func:`render`."""
    with _failing(number, seconds):
        images = convert_from_path(
            path,
            dpi=dpi,  # type: ignore[arg-type]
            first_page=number,
            last_page=number,
            timeout=seconds,  # type: ignore[arg-type]
            fmt="png",
            transparent=True,
            use_pdftocairo=True,
        )
    if not images:
        raise EngineError(f"page {number} cannot be drawn: poppler gave no image")
    return np.asarray(images[0].convert("RGBA"), dtype=np.uint8)


@contextmanager
def _failing(number: int, seconds: float) -> Iterator[None]:
    """What can go wrong while a page is drawn, as errors of :func:`render`."""
    try:
        yield
    except PDFInfoNotInstalledError:
        raise no_poppler() from None
    except PDFPopplerTimeoutError:
        raise TimeLimitError(f"page {number} was not drawn within {max(seconds, 1):.0f} seconds") from None
    except Exception as error:
        raise_if_grave(error)
        raise EngineError(f"page {number} cannot be drawn by poppler ({reason(error)})") from error


def _fault(written: str) -> str | None:
    """What poppler says that it lost of the page; None where it only mends, as fonts.

    Only the word by which that is known: its lines may quote the file.
    """
    lines = (line for line in written.splitlines() if line.startswith("Syntax Error"))
    lost = next((found[0].lower() for line in lines if (found := _LOST.search(line))), None)
    return f"poppler failed on '{lost}'" if lost else None


def no_poppler() -> SetupError:
    """The error of a machine without poppler."""
    return SetupError("poppler (pdftoppm, pdfinfo, pdftotext) is not installed; 'vndoc doctor' tells how to install it")
