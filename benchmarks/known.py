"""Documents whose text is known, as page images for whoever reads them, and the same pages damaged.

A folder holds documents (``NAME.pdf``, ``.png``, ``.jpg``, ``.tif``) beside their text: ``NAME.txt`` (all of it; pages
parted by form feeds), ``NAME.p1.txt`` (of page 1 alone), or ``NAME.truth.tsv`` (of page 1, a line each:
``x0,y0,x1,y1<TAB>text``, further columns are remarks). A folder of samples holds ``scan.*`` and ``text.txt`` in a
folder each.
"""

import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from samples.compose import compose
from samples.damage import damaged
from samples.degrade import degrade, scanner, write_scan
from samples.fonts import FontError, Fonts
from samples.letter import Letter
from samples.render import rasterise
from vndoc.ocr.imaging.image import Image8
from vndoc.ocr.imaging.polarity import positive
from vndoc.settings import DEFAULTS
from vndoc.sources import load_file, open_file

SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
TRUTHS = (".p1.txt", ".truth.tsv", ".txt")
DPI = 300
"""Of the pictures that programs other than vndoc get, as their makers advise."""
FACES = ("Tinos", "Arimo", "Cousine", "FreeSerif", "Charis SIL", "DejaVu Serif")
"""Faces of the pages that are made, as far as they are installed."""
_SIZES = (14.0, 12.0, 10.5)  # points of their body, in turn
_MACHINES = ("office", "copier")  # of scanners.json, in turn


@dataclass(frozen=True, slots=True)
class Document:
    """A file, how many of its pages are read (None for all), and the lines that are printed on them."""

    name: str
    file: Path
    lines: tuple[str, ...]
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One page: as vndoc draws it, at ``dpi``, and as a PNG file for other programs."""

    image: Image8
    dpi: int
    picture: Path


def documents(folders: Sequence[Path], pages: int | None = None) -> Iterator[Document]:
    """All documents of the folders that have a text, of each no more than ``pages`` pages."""
    for folder in folders:
        for file in sorted(f for f in folder.glob("*") if f.suffix.lower() in SUFFIXES):
            for truth in (file.with_suffix(suffix) for suffix in TRUTHS):
                if truth.is_file():
                    yield _document(file, truth, pages)
                    break
        for text in sorted(folder.glob("*/text.txt")):
            for file in sorted(f for f in text.parent.glob("scan.*") if f.suffix.lower() in SUFFIXES):
                yield replace(_document(file, text, pages), name=f"{text.parent.name}/{file.name}")


def _document(file: Path, truth: Path, pages: int | None) -> Document:
    text = truth.read_text(encoding="utf-8")
    if truth.name.endswith(".txt") and not truth.name.endswith(".p1.txt"):
        parts = text.split("\f")
        if pages is not None and pages < len(parts):
            return Document(file.stem, file, _lines("\n".join(parts[:pages])), pages)
        return Document(file.stem, file, _lines("\n".join(parts)), pages if len(parts) == 1 else None)
    if truth.suffix == ".tsv":
        text = "\n".join(row.split("\t")[1] for row in text.splitlines() if "\t" in row)
    return Document(file.stem, file, _lines(text), 1)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def made(samples: Path, folder: Path) -> Iterator[Document]:
    """First pages of the samples' letters in other faces and sizes, scanned into ``folder``; two letters a face."""
    letters = [Letter.load(path) for path in sorted(samples.glob("*/dispatch.json"))]
    # The dispatch of the case study is set in every face, the others in turn.
    first = next((k for k, letter in enumerate(letters) if letter.doc == "cv815"), 0)
    for k, face in enumerate(FACES):
        for number in sorted({first, k % len(letters)} if letters else ()):
            try:
                yield _set(letters[number], face, k, folder)
            except FontError:
                continue


def _set(letter: Letter, face: str, turn: int, folder: Path) -> Document:
    """The first page of a letter, all of it printed; raises ``FontError`` for a face that is not installed."""
    size, machine = _SIZES[turn % len(_SIZES)], scanner(_MACHINES[turn % len(_MACHINES)])
    printed = letter.printed.model_copy(update={"body_size": size, "handwritten": []})
    fonts = Fonts(face)
    sheet = compose(letter.model_copy(update={"printed": printed}), fonts)[0]
    rng = np.random.default_rng([turn, sheet.number])
    image = degrade(rasterise(sheet, machine.dpi, rng, fonts), machine, rng)
    file = folder / f"{letter.doc} in {face} {size:g}.pdf"
    write_scan([image], file, machine)
    return Document(file.stem, file, _lines(sheet.text))


@contextmanager
def views(document: Document, damage: str | None = None) -> Iterator[list[View]]:
    """The pages of a document, as they are or with a kind of damage (:data:`samples.damage.KINDS`)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = _opened(document.file, folder, document.pages)
        if damage:
            seed = zlib.crc32(document.name.encode())
            pages = [_damaged(page, damage, seed + k, folder / f"{damage}{k}") for k, page in enumerate(pages)]
        yield pages


def _damaged(page: View, damage: str, seed: int, stem: Path) -> View:
    with Image.open(page.picture) as picture:
        file = damaged(picture, picture.info["dpi"][0], damage, seed).write(stem)
    return _opened(file, stem.parent)[0]


def _opened(file: Path, folder: Path, pages: int | None = None) -> list[View]:
    opened, _ = open_file(load_file(file))
    found = []
    with opened as source:
        for number in range(1, min(source.page_amount, pages or source.page_amount) + 1):
            dpi, fine = (source.layout(number, wanted).dpi for wanted in (DEFAULTS.dpi, DPI))
            picture = folder / f"{file.stem}-{number}.png"
            Image.fromarray(source.image(number, fine)).save(picture, dpi=(fine, fine), compress_level=1)
            found.append(View(positive(source.image(number, dpi)), dpi, picture))
    return found
