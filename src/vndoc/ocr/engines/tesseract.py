"""Tesseract as a text engine. The one module that knows pytesseract."""

import errno
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import cv2
import pytesseract

from vndoc.damage import raise_if_grave
from vndoc.errors import EngineError, SetupError, machine_fault
from vndoc.ocr.engines.calibration import IDENTITY, Calibration
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box, Line, Word
from vndoc.sandbox.scratch import temporary_folder
from vndoc.settings import DEFAULTS, Settings

SEGMENTATION = {
    ImageKind.PAGE: 3,
    ImageKind.BLOCK: 6,
    ImageKind.LINE: 7,
    ImageKind.WORD: 8,
    ImageKind.SPARSE: 11,
}
"""Tesseract's page segmentation modes."""

_WORD_LEVEL = "5"
_OPTIONS = "-c tessedit_do_invert=0 -c textord_all_prop=1 -c paragraph_text_based=0"
"""Not to read doubtful lines as their negatives (light print on dark is turned before), not to search for
type-writer pitch, and not to tell paragraphs: the words do not depend on either. 10, 3 and 2 % of Tesseract's time."""


_TABLE_BYTES = 4 * 1024**2
"""For the table of words, which Tesseract writes to a file, and of which it leaves out what there is no room for."""


class Tesseract:
    """Tesseract through pytesseract, one thread per child process.

    Args:
        languages: names of its language data, joined by ``+``.
        seconds: wall time after which a call is given up.
        calibration: from its confidences to shares of right words.
    """

    name = "tesseract"

    def __init__(
        self, languages: str = "vie", seconds: float | None = None, calibration: Calibration = IDENTITY
    ) -> None:
        self.languages = languages
        self.seconds = DEFAULTS.limits.engine_seconds if seconds is None else seconds
        self.calibration = calibration
        # Four OpenMP threads per child on a busy machine make a page eight times slower; pytesseract hands on environ.
        os.environ["OMP_THREAD_LIMIT"] = "1"

    @classmethod
    def from_settings(cls, settings: Settings) -> "Tesseract":
        """As :attr:`Settings.languages` and the limits say."""
        return cls(settings.languages, settings.limits.engine_seconds)

    @property
    def version(self) -> str:
        """Version of the program, empty where it is not installed or cannot be run."""
        try:
            return str(pytesseract.get_tesseract_version())
        except (subprocess.SubprocessError, UnicodeDecodeError, SystemExit, OSError):
            return ""

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """See :meth:`TextEngine.read`; the time limit is that of all images together."""
        with temporary_folder() as folder:
            source = _written(images, Path(folder))
            table = self._table(source, f"--psm {SEGMENTATION[kind]} --dpi {dpi} {_OPTIONS}")
        read = parse_tsv(table, self.calibration)
        return [read.get(number, []) for number in range(1, len(images) + 1)]

    def _table(self, source: Path, config: str) -> str:
        try:
            return str(pytesseract.image_to_data(str(source), lang=self.languages, config=config, timeout=self.seconds))
        except pytesseract.TesseractNotFoundError:
            raise SetupError("Tesseract is not installed; 'vndoc doctor' tells how to install it") from None
        except pytesseract.TesseractError as error:
            raise _translate(error, self.languages) from None
        except RuntimeError:
            raise EngineError(f"Tesseract did not finish the page within {self.seconds:g} seconds") from None
        except (UnicodeDecodeError, OSError) as error:
            raise_if_grave(error)
            raise EngineError(f"Tesseract's output cannot be read ({type(error).__name__})") from None


def _written(images: Sequence[Image8], folder: Path) -> Path:
    """The images as files for Tesseract, or the list of them where there are several.

    Raises:
        MachineError: there is no room for them, or for what Tesseract writes of them.
    """
    paths = [folder / f"{number}.bmp" for number in range(len(images))]
    try:
        for path, image in zip(paths, images, strict=True):
            # A PNG takes longer to make, and Tesseract reads a PGM byte by byte.
            path.write_bytes(bytes(cv2.imencode(".bmp", image)[1].data))
        source = paths[0]
        if len(paths) > 1:
            source = folder / "images.txt"
            source.write_text("\n".join(map(str, paths)), encoding="utf-8")
        if shutil.disk_usage(folder).free < _TABLE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise machine_fault(error) or EngineError(f"Tesseract's images cannot be written ({error.strerror})") from None
    return source


def _translate(error: pytesseract.TesseractError, languages: str) -> SetupError:
    message = " ".join(str(error.message).split())
    if "traineddata" in message or "load any languages" in message:
        return SetupError(
            f"Tesseract has no data for '{languages}'; install tesseract-ocr-{languages}, or see 'vndoc doctor'"
        )
    return EngineError(f"Tesseract failed with status {error.status}: {message[:200]}")


def parse_tsv(table: str, calibration: Calibration = IDENTITY) -> dict[int, list[Line]]:
    """Lines of each image, counted from 1, from Tesseract's TSV: level, page, block, par, line, word, left, top, width,
    height, conf, text.
    """
    images: dict[int, dict[tuple[str, ...], list[Word]]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        left, top, width, height = (int(c) for c in cells[6:10])
        confidence = calibration(max(0.0, float(cells[10])) / 100)
        word = Word(cells[11].strip(), Box(left, top, left + width, top + height), confidence)
        images.setdefault(int(cells[1]), {}).setdefault(tuple(cells[2:5]), []).append(word)
    return {number: [Line(tuple(words)) for words in lines.values()] for number, lines in images.items()}
