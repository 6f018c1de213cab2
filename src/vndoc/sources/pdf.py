"""PDF pages through poppler and pikepdf: a copy without signature stamps, the text layer with boxes, the rendering.

The visible appearance of a digital signature (Decree 30, Appendix I, II.8: name, organisation, time of signing) is laid
over the page and would be read as part of it. Signature fields are therefore taken out of a temporary copy; what they
say is kept apart, except for bare numbers: some registry systems set the document's number and day as signature fields.
"""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pikepdf
from pdf2image import convert_from_path
from pdf2image.exceptions import PDFInfoNotInstalledError, PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError

from vndoc.errors import EngineError, SetupError
from vndoc.ocr.imaging.cleaning import Image8
from vndoc.page import Box, Line, Word

RENDER_TIMEOUT = 60  # seconds a page
MAX_PIXELS = 40_000_000  # a page is rendered at fewer dpi rather than larger than this; A4 at 240 dpi has 5.6 million
_XHTML = "{http://www.w3.org/1999/xhtml}"
_POINTS = 72.0


@dataclass(slots=True, frozen=True)
class TextLayer:
    """Text layer of one page: size in points, lines as poppler groups them, boxes in pixels at ``dpi``."""

    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def words(self) -> list[Word]:
        """All words in the order of the layer."""
        return [word for line in self.lines for word in line.words]


def strip_signatures(data: bytes, target: Path) -> bool:
    """Write the PDF to ``target`` without its signature fields' appearances; tell whether there were any."""
    found = False
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            annotations = page.get("/Annots")
            if not isinstance(annotations, pikepdf.Array):
                continue
            kept = [a for a in annotations if not _is_signature(a)]
            if len(kept) < len(annotations):
                found = True
                page["/Annots"] = pikepdf.Array(kept)
        if found or pdf.is_encrypted:
            pdf.save(target)
        else:
            target.write_bytes(data)
    return found


def _is_signature(annotation: pikepdf.Object) -> bool:
    if not isinstance(annotation, pikepdf.Dictionary):
        return False
    parent = annotation.get("/Parent", annotation)
    kinds = {annotation.get("/FT"), parent.get("/FT") if isinstance(parent, pikepdf.Dictionary) else None}
    return annotation.get("/Subtype") == "/Widget" and "/Sig" in {str(k) for k in kinds if k is not None}


def read_layers(path: Path, dpi: int) -> list[TextLayer]:
    """Text layers of all pages of a PDF, by ``pdftotext -bbox-layout``; boxes in pixels at ``dpi``."""
    command = ["pdftotext", "-bbox-layout", "-enc", "UTF-8", str(path), "-"]
    try:
        run = subprocess.run(command, capture_output=True, timeout=RENDER_TIMEOUT, check=False)
    except FileNotFoundError:
        raise _no_poppler() from None
    except subprocess.TimeoutExpired:
        return []
    # Control characters, which XML forbids, come from fonts without a Unicode map.
    text = run.stdout.decode("utf-8", errors="replace")
    text = "".join(c if c >= " " or c in "\n\t" else " " for c in text)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return []
    return [_layer(page, dpi / _POINTS) for page in root.iter(f"{_XHTML}page")]


def _layer(page: ElementTree.Element, scale: float) -> TextLayer:
    lines = []
    for line in page.iter(f"{_XHTML}line"):
        words = tuple(
            Word(text, Box(*(round(float(word.get(k, 0)) * scale) for k in ("xMin", "yMin", "xMax", "yMax"))))
            for word in line.iter(f"{_XHTML}word")
            if (text := (word.text or "").strip())
        )
        if words:
            lines.append(Line(words))
    return TextLayer(float(page.get("width", 0)), float(page.get("height", 0)), tuple(lines))


def overlay_words(full: TextLayer, stripped: TextLayer) -> list[Word]:
    """Words that stand on the page only as part of a signature's appearance."""
    left = {(w.text, w.box) for w in stripped.words}
    return [w for w in full.words if (w.text, w.box) not in left]


def fitting_dpi(width: float, height: float, dpi: int) -> int:
    """The given dpi, or as many as keep a page of ``width`` × ``height`` points under ``MAX_PIXELS``."""
    square_inches = max(width, 1.0) * max(height, 1.0) / _POINTS**2
    return max(1, min(dpi, int((MAX_PIXELS / square_inches) ** 0.5)))


def render(path: Path, number: int, dpi: int) -> Image8:
    """Page ``number`` (from 1) as an RGB or grey image, by pdf2image.

    Raises:
        SetupError: poppler is missing.
        EngineError: poppler cannot draw this page, or not within ``RENDER_TIMEOUT``.
    """
    try:
        images = convert_from_path(path, dpi=dpi, first_page=number, last_page=number, timeout=RENDER_TIMEOUT)
    except PDFInfoNotInstalledError:
        raise _no_poppler() from None
    except PDFPopplerTimeoutError:
        raise EngineError(f"page {number} was not drawn within {RENDER_TIMEOUT} seconds") from None
    except (PDFPageCountError, PDFSyntaxError, OSError, ValueError) as error:
        raise EngineError(f"page {number} cannot be drawn: {' '.join(str(error).split())[:200]}") from None
    if not images:
        raise EngineError(f"page {number} cannot be drawn: poppler gave no image")
    return np.asarray(images[0], dtype=np.uint8)


def _no_poppler() -> SetupError:
    return SetupError("poppler (pdftoppm, pdfinfo, pdftotext) is not installed; 'vndoc doctor' tells how to install it")
