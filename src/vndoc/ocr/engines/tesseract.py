"""Tesseract, and what any other OCR engine would have to offer. The one module that knows pytesseract."""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import cv2
import numpy as np
import pytesseract

from vndoc.errors import EngineError, SetupError
from vndoc.ocr.imaging.cleaning import Image8
from vndoc.page import Box, Line, Word

PAGE_TIMEOUT = 120.0  # seconds; a page of dense text takes 2 to 5
_WORD_LEVEL = "5"
_SETTINGS = "-c tessedit_do_invert=0 -c textord_all_prop=1"
"""Not to read doubtful lines as their negatives (light print on dark is turned before) and not to search for
type-writer pitch, on which the words do not depend: 10 % and 3 % of Tesseract's time."""


class Engine(Protocol):
    """Reads the words of one page image."""

    def read(self, gray: Image8, lang: str, dpi: int, psm: int = 3) -> list[Line]:
        """Lines of words with boxes in pixels of ``gray`` and confidences 0–1, in the engine's own order.

        ``psm`` is Tesseract's page segmentation mode. Raises :class:`EngineError` where this page cannot be read, and
        :class:`SetupError` where no page could be.
        """
        ...


@runtime_checkable
class BatchEngine(Engine, Protocol):
    """An engine that can read several images at one start: a strip costs less time than loading the language data."""

    def read_all(self, images: Sequence[Image8], lang: str, dpi: int, psm: int) -> list[list[Line]]:
        """What :meth:`Engine.read` gives for each image, with its errors."""
        ...


def read_all(engine: Engine, images: Sequence[Image8], lang: str, dpi: int, psm: int) -> list[list[Line]]:
    """The lines of each image, read at one start where the engine can; errors of :meth:`Engine.read`."""
    if isinstance(engine, BatchEngine) and len(images) > 1:
        return engine.read_all(images, lang, dpi, psm)
    return [engine.read(image, lang, dpi, psm) for image in images]


class Crop(NamedTuple):
    """A part of a page by itself: its image, and where it stands."""

    image: Image8
    at: Box

    @classmethod
    def of(cls, gray: Image8, part: Box) -> "Crop":
        """The part, cut to the page."""
        height, width = gray.shape
        at = Box(max(0, part.x0), max(0, part.y0), min(width, part.x1), min(height, part.y1))
        return cls(np.ascontiguousarray(gray[at.y0 : at.y1, at.x0 : at.x1]), at)

    def through(self, prepare: Callable[[Image8], Image8]) -> "Crop":
        """The part prepared for reading, by what keeps its size."""
        return Crop(prepare(self.image), self.at)


def read_crops(engine: Engine, crops: Sequence[Crop], lang: str, dpi: int, psm: int) -> list[list[Line]]:
    """The lines of each part of a page, read at one start, with boxes in pixels of the whole page."""
    read = read_all(engine, [crop.image for crop in crops], lang, dpi, psm)
    return [[_moved(line, crop.at) for line in lines] for lines, crop in zip(read, crops, strict=True)]


def _moved(line: Line, crop: Box) -> Line:
    return Line(tuple(replace(w, box=w.box.moved(crop)) if w.box else w for w in line.words))


class Tesseract:
    """Tesseract through pytesseract, one thread per child process."""

    def __init__(self, timeout: float = PAGE_TIMEOUT) -> None:
        self.timeout = timeout
        # Four OpenMP threads per child on a busy machine make a page eight times slower; pytesseract hands on environ.
        os.environ["OMP_THREAD_LIMIT"] = "1"

    def read(self, gray: Image8, lang: str, dpi: int, psm: int = 3) -> list[Line]:
        """See :meth:`Engine.read`."""
        return self.read_all([gray], lang, dpi, psm)[0]

    def read_all(self, images: Sequence[Image8], lang: str, dpi: int, psm: int) -> list[list[Line]]:
        """See :meth:`BatchEngine.read_all`; the time limit is that of all images together."""
        with tempfile.TemporaryDirectory(prefix="vndoc-") as folder:
            paths = [Path(folder, f"{number}.bmp") for number in range(len(images))]
            for path, image in zip(paths, images, strict=True):
                cv2.imwrite(str(path), image)  # a PNG takes longer to write, and Tesseract reads a PGM byte by byte
            source = paths[0]
            if len(paths) > 1:
                source = Path(folder, "images.txt")
                source.write_text("\n".join(map(str, paths)), encoding="utf-8")
            table = self._table(source, lang, f"--psm {psm} --dpi {dpi} {_SETTINGS}")
        read = parse_tsv(table)
        return [read.get(number, []) for number in range(1, len(images) + 1)]

    def _table(self, source: Path, lang: str, config: str) -> str:
        try:
            return str(pytesseract.image_to_data(str(source), lang=lang, config=config, timeout=self.timeout))
        except pytesseract.TesseractNotFoundError:
            raise SetupError("Tesseract is not installed; 'vndoc doctor' tells how to install it") from None
        except pytesseract.TesseractError as error:
            raise _translate(error, lang) from None
        except RuntimeError:
            raise EngineError(f"Tesseract did not finish the page within {self.timeout:g} seconds") from None
        except (UnicodeDecodeError, OSError) as error:
            raise EngineError(f"Tesseract's output cannot be read ({error})") from None


def _translate(error: pytesseract.TesseractError, lang: str) -> SetupError:
    message = " ".join(str(error.message).split())
    if "traineddata" in message or "load any languages" in message:
        return SetupError(f"Tesseract has no data for '{lang}'; install tesseract-ocr-{lang}, or see 'vndoc doctor'")
    return EngineError(f"Tesseract failed with status {error.status}: {message[:200]}")


def parse_tsv(table: str) -> dict[int, list[Line]]:
    """Lines of each image, counted from 1, from Tesseract's TSV: level, page, block, par, line, word, left, top, width,
    height, conf, text.
    """
    images: dict[int, dict[tuple[str, ...], list[Word]]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        left, top, width, height = (int(c) for c in cells[6:10])
        word = Word(cells[11].strip(), Box(left, top, left + width, top + height), max(0.0, float(cells[10])) / 100)
        images.setdefault(int(cells[1]), {}).setdefault(tuple(cells[2:5]), []).append(word)
    return {number: [Line(tuple(words)) for words in lines.values()] for number, lines in images.items()}
