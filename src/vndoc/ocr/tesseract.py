"""Tesseract, and what any other OCR engine would have to offer. The one module that knows pytesseract."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import pytesseract

from vndoc.errors import EngineError, SetupError
from vndoc.ocr.clean import Image8
from vndoc.page import Box, Line, Word

PAGE_TIMEOUT = 120.0  # seconds; a page of dense text takes 2 to 5
_WORD_LEVEL = "5"


class Engine(Protocol):
    """Reads the words of one page image."""

    def read(self, gray: Image8, lang: str, dpi: int, psm: int = 3) -> list[Line]:
        """Lines of words with boxes in pixels of ``gray`` and confidences 0–1, in the engine's own order.

        ``psm`` is Tesseract's page segmentation mode. Raises :class:`EngineError` where this page cannot be read, and
        :class:`SetupError` where no page could be.
        """
        ...


def read_part(engine: Engine, gray: Image8, part: Box, lang: str, dpi: int, psm: int) -> list[Line]:
    """What :meth:`Engine.read` makes of one part of a page, cut to the page, with boxes in pixels of the whole page."""
    height, width = gray.shape
    crop = Box(max(0, part.x0), max(0, part.y0), min(width, part.x1), min(height, part.y1))
    lines = engine.read(np.ascontiguousarray(gray[crop.y0 : crop.y1, crop.x0 : crop.x1]), lang, dpi, psm)
    return [Line(tuple(replace(w, box=w.box.moved(crop)) if w.box else w for w in line.words)) for line in lines]


class Tesseract:
    """Tesseract through pytesseract, one thread per child process."""

    def __init__(self, timeout: float = PAGE_TIMEOUT) -> None:
        self.timeout = timeout
        # Four OpenMP threads per child on a busy machine make a page eight times slower; pytesseract hands on environ.
        os.environ["OMP_THREAD_LIMIT"] = "1"

    def read(self, gray: Image8, lang: str, dpi: int, psm: int = 3) -> list[Line]:
        """See :meth:`Engine.read`."""
        with tempfile.TemporaryDirectory(prefix="vndoc-") as folder:
            path = Path(folder, "page.pgm")  # uncompressed: a PNG of the page costs as much time as deskewing it
            cv2.imwrite(str(path), gray)
            try:
                table = pytesseract.image_to_data(
                    str(path), lang=lang, config=f"--psm {psm} --dpi {dpi}", timeout=self.timeout
                )
            except pytesseract.TesseractNotFoundError:
                raise SetupError("Tesseract is not installed; 'vndoc doctor' tells how to install it") from None
            except pytesseract.TesseractError as error:
                raise _translate(error, lang) from None
            except RuntimeError:
                raise EngineError(f"Tesseract did not finish the page within {self.timeout:g} seconds") from None
            except (UnicodeDecodeError, OSError) as error:
                raise EngineError(f"Tesseract's output cannot be read ({error})") from None
        return parse_tsv(table)


def _translate(error: pytesseract.TesseractError, lang: str) -> SetupError:
    message = " ".join(str(error.message).split())
    if "traineddata" in message or "load any languages" in message:
        return SetupError(f"Tesseract has no data for '{lang}'; install tesseract-ocr-{lang}, or see 'vndoc doctor'")
    return EngineError(f"Tesseract failed with status {error.status}: {message[:200]}")


def parse_tsv(table: str) -> list[Line]:
    """Lines from Tesseract's TSV (level, page, block, par, line, word, left, top, width, height, conf, text)."""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        left, top, width, height = (int(c) for c in cells[6:10])
        word = Word(cells[11].strip(), Box(left, top, left + width, top + height), max(0.0, float(cells[10])) / 100)
        lines.setdefault(tuple(cells[1:5]), []).append(word)
    return [Line(tuple(words)) for words in lines.values()]
