"""Shared by all tests: drawn text lines, made PDFs, stored results, the place of golden scans beside the checkout."""

import io
import os
from functools import partial
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import settings
from PIL import Image, ImageDraw

from samples.fonts import FontError, Fonts, Style
from vndoc.sandbox import worker

REWRITE = "--rewrite-goldens"
"""The one switch by which all stored results are written again."""

# Time is measured in benchmarks: a busy machine must fail no test. In CI the same cases run each time.
settings.register_profile("vndoc", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("vndoc")

# pytest writes the test's name into the environment, and in another environment a worker would be started anew.
worker._SET_BY_LIBRARIES |= {"PYTEST_CURRENT_TEST"}

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
GOLDEN = ROOT.parent / "shared" / "golden"


def pytest_addoption(parser):
    parser.addoption(REWRITE, action="store_true", help="write stored results again; each one written fails its test")


def pytest_configure(config):
    if config.getoption(REWRITE) and os.environ.get("CI"):
        raise pytest.UsageError(f"{REWRITE} in continuous integration would compare every result with itself")


def compare_with_stored(path, current, rewrite):
    """Fail unless the file at ``path`` holds the text ``current``; with ``rewrite`` write it first, and fail still."""
    kept = path.read_text(encoding="utf-8") if path.exists() else None
    if kept != current and rewrite:
        path.write_text(current, encoding="utf-8", newline="")
        pytest.fail(f"{path.name} is written again; read what changed, then run without {REWRITE}")
    assert kept == current, f"if the change is meant, run this test once with {REWRITE}"


@pytest.fixture
def stored(request):
    """``stored(path, text)`` compares a result with the file that it is kept in, and heeds the switch."""
    return partial(compare_with_stored, rewrite=request.config.getoption(REWRITE))


def draw_lines(lines, size=(1984, 1200), ink=(0, 0, 0), top=120, left=150, em=50, paper=(255, 255, 255)):
    """RGB page image at 240 dpi with one line of 15-point text under the other; ``lines`` may give its own x."""
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    face = Fonts().face(Style(15), em)
    y = top
    for line in lines:
        for x, text in line if isinstance(line, list) else [(left, line)]:
            pen.text((x, y), text, fill=ink, font=face)
        y += int(em * 1.6)
    return np.asarray(image)


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    """The typefaces of the samples; without them a test is skipped."""
    found = Fonts()
    try:
        found.file()
    except FontError as error:
        pytest.skip(str(error))
    return found


@pytest.fixture
def page_image():
    return draw_lines(["Ủy ban nhân dân huyện yêu cầu các đơn vị", "báo cáo kết quả trước ngày 05/11/2024."])


def pdf_of(*images, path=None):
    """Bytes of an image-only PDF at 240 dpi."""
    pages = [Image.fromarray(i) for i in images]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=240, save_all=True, append_images=pages[1:])
    if path:
        path.write_bytes(out.getvalue())
    return out.getvalue()


def with_signature(data, text, rect=(50, 310, 250, 350)):
    """The PDF with a signature field on page 1 whose appearance shows ``text`` (ASCII)."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        look = pdf.make_stream(
            f"BT /F 12 Tf 2 10 Td ({text}) Tj ET".encode(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=pikepdf.Array([0, 0, rect[2] - rect[0], rect[3] - rect[1]]),
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
        )
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T="Signature1",
            F=4,
            Rect=pikepdf.Array(list(rect)),
            AP=pikepdf.Dictionary(N=look),
        )
        field = pdf.make_indirect(field)
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()
