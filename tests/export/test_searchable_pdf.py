"""The searchable PDF: it looks the same, has the same images, and the repaired text where the words are."""

import io
import subprocess
import unicodedata
from collections import Counter

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.conftest import draw_lines, pdf_of, with_signature
from vndoc.dispatch import Dispatch, Signature, Source
from vndoc.errors import FormatError
from vndoc.export.metadata import signatures_to_stamps, title_of
from vndoc.export.searchable import to_searchable_pdf
from vndoc.export.xmp import NAMESPACE
from vndoc.ocr.imaging.skew import rotate
from vndoc.page import Block, Box, Line, Method, Page, Word, page_from_text

LINES = [
    "Ủy ban nhân dân huyện yêu cầu",
    "báo cáo kết quả trước ngày 05/11/2024",
    "đặc biệt: Nguyễn Hữu Thượng – “Đường”",
]
_EM, _TOP, _LEFT = 50, 120, 150


def read_by_eye(width=1984, height=1200, number=1, **about):
    """The page of ``draw_lines(LINES)``, with a box of 24 pixels a letter: no OCR that could be wrong."""
    lines = []
    for row, text in enumerate(LINES):
        y, x, words = _TOP + round(row * _EM * 1.6), _LEFT, []
        for word in text.split():
            words.append(Word(word, Box(x, y, x + 24 * len(word), y + 52)))
            x += 24 * len(word) + 14
        lines.append(Line(tuple(words)))
    return Page(number, (Block(tuple(lines)),), width, height, 240, method=Method.OCR, **about)


def dispatch_of(media_type="application/pdf", **about):
    source = Source(name="scan", sha256="0" * 64, media_type=media_type, page_amount=1)
    return Dispatch(source=source, type_name="Công văn", code_number="12", code_notation="UBND", **about)


def poppler(data, path, *options):
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout


def drawn(data, path, dpi):
    """Page 1 as poppler shows it, grey."""
    path.write_bytes(data)
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", path, path.with_suffix("")]
    subprocess.run(command, capture_output=True, check=True)
    return np.asarray(Image.open(path.with_suffix(".pgm")), dtype=float)


def recall(text, page):
    found, wanted = Counter(text.split()), Counter(w.text for w in page.words)
    return sum((found & wanted).values()) / sum(wanted.values())


def boxes_of(xml):
    """Centre of each word by ``pdftotext -bbox``, in points from the top left of the page as shown."""
    from xml.etree import ElementTree  # noqa: PLC0415

    root = ElementTree.fromstring(xml)
    keys = ("xMin", "yMin", "xMax", "yMax")
    places = {}
    for word in root.iter("{http://www.w3.org/1999/xhtml}word"):
        x0, y0, x1, y1 = (float(word.get(k)) for k in keys)
        places[word.text] = ((x0 + x1) / 2, (y0 + y1) / 2)
    return places


def test_text_comes_back_and_the_page_looks_the_same(tmp_path):
    image = draw_lines(LINES)
    data = pdf_of(image, image)
    page = read_by_eye()
    out = to_searchable_pdf(data, dispatch_of(), [page])
    text = poppler(out, tmp_path / "a.pdf", "-enc", "UTF-8", "-l", "1").decode()
    assert recall(text, page) == 1
    assert unicodedata.is_normalized("NFC", text)
    assert poppler(out, tmp_path / "a.pdf", "-f", "2").strip() == b""
    assert (drawn(data, tmp_path / "b.pdf", 50) == drawn(out, tmp_path / "b.pdf", 50)).all()
    with pikepdf.open(io.BytesIO(data)) as before, pikepdf.open(io.BytesIO(out)) as after:
        (old,), (new,) = (list(pdf.pages[0].get_images().values()) for pdf in (before, after))
        assert old.read_raw_bytes() == new.read_raw_bytes()
        assert after.pages[0].Contents[1].read_bytes() == before.pages[0].Contents.read_bytes()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_are_in_their_places(tmp_path, turn):
    """On pages that the PDF itself turns, with a media box that does not begin at zero."""
    with pikepdf.open(io.BytesIO(pdf_of(draw_lines(LINES)))) as pdf:
        pdf.pages[0].rotate(turn, relative=False)
        x0, y0, x1, y1 = (float(n) for n in pdf.pages[0].mediabox)
        pdf.pages[0].MediaBox = pikepdf.Array([x0 + 30, y0 + 7, x1 + 30, y1 + 7])
        buffer = io.BytesIO()
        pdf.save(buffer)
    page = read_by_eye(*((1984, 1200) if turn % 180 == 0 else (1200, 1984)))
    out = to_searchable_pdf(buffer.getvalue(), dispatch_of(), [page])
    places = boxes_of(poppler(out, tmp_path / "a.pdf", "-bbox"))
    for word in page.words:
        x, y = places[word.text]
        assert (x, y) == (pytest.approx(word.box.x_center * 0.3, abs=4), pytest.approx(word.box.y_center * 0.3, abs=4))


@pytest.mark.parametrize(("angle", "turns"), [(2.0, 0), (-3.0, 0), (0.0, 1), (0.0, 2), (1.5, 3)])
def test_words_of_a_skewed_page_lie_on_their_ink(tmp_path, angle, turns):
    """The text is found back by drawing it in black where it lies, and comparing with the ink of the scan."""
    level = np.full((1200, 1984), 255, np.uint8)
    page = read_by_eye(angle=angle, turns=turns)
    for word in page.words:
        cv2.rectangle(level, word.box[:2], word.box[2:], 0, -1)
    scan = np.ascontiguousarray(np.rot90(rotate(level, -angle), -turns))
    out = to_searchable_pdf(pdf_of(scan), dispatch_of(), [page])
    with pikepdf.open(io.BytesIO(out)) as pdf:
        content = pdf.pages[0].Contents[-1].read_bytes()
    for row in content.splitlines():
        if row.endswith(b"Tj"):
            numbers = row.split(b" Tz ")[1].split(b" Tm")[0].split()
            cosine, sine, _, _, x, y = map(float, numbers)
            # A point a little along and above the baseline is ink.
            u, v = x + 5 * cosine - 3 * sine, y + 5 * sine + 3 * cosine
            assert scan[scan.shape[0] - round(v / 0.3), round(u / 0.3)] < 128, row
    if turns == 0:
        assert recall(poppler(out, tmp_path / "a.pdf").decode(), page) == 1


def _encoded(image, format_, **options):
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("format_", "mode", "media_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),  # inks have no look of their own: PDF/A asks for a profile
        ("PNG", "L", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("TIFF", "1", "image/tiff"),
    ],
)
def test_images_are_taken_over(tmp_path, format_, mode, media_type):
    drawn = Image.fromarray(draw_lines(LINES))
    image = drawn.convert("L").convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else None
    image = image or drawn.convert(mode)
    data = _encoded(image, format_, dpi=(240, 240))
    page = read_by_eye()
    out = to_searchable_pdf(data, dispatch_of(media_type), [page])
    assert recall(poppler(out, tmp_path / "a.pdf").decode(), page) == 1
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert [float(n) for n in pdf.pages[0].mediabox][2:] == [pytest.approx(595.2, 0.01), pytest.approx(360, 0.01)]
        (embedded,) = pdf.pages[0].get_images().values()
        if mode == "RGB":
            assert embedded.read_raw_bytes() == data
        if mode == "L":
            assert (np.asarray(pikepdf.PdfImage(embedded).as_pil_image()) == np.asarray(image)).all()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8, 4, 5])
def test_photographs_that_say_how_they_are_turned(tmp_path, orientation):
    undo = {3: 180, 6: 90, 8: 270}
    image = Image.fromarray(draw_lines(LINES))
    if orientation in undo:
        image = image.rotate(undo[orientation], expand=True)
    elif orientation == 4:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    elif orientation == 5:
        image = image.transpose(Image.Transpose.TRANSPOSE)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = _encoded(image, "JPEG", exif=exif)
    page = read_by_eye()
    out = to_searchable_pdf(data, dispatch_of("image/jpeg"), [page])
    places = boxes_of(poppler(out, tmp_path / "a.pdf", "-bbox"))
    word = next(page.words)
    assert places[word.text] == (
        pytest.approx(word.box.x_center * 0.3, abs=4),
        pytest.approx(word.box.y_center * 0.3, abs=4),
    )
    upright = drawn(out, tmp_path / "a.pdf", 240)
    assert np.abs(upright - np.asarray(Image.fromarray(draw_lines(LINES)).convert("L"), float)).mean() < 5


def test_good_and_failed_pages_are_left_alone(tmp_path):
    data = pdf_of(draw_lines(LINES))
    for method in (Method.TEXT_LAYER, Method.FAILED, Method.BLANK):
        page = Page(1, read_by_eye().blocks, 1984, 1200, 240, method=method)
        out = to_searchable_pdf(data, dispatch_of(), [page])
        assert poppler(out, tmp_path / "a.pdf").strip() == b""


def test_signatures_become_stamps(tmp_path):
    signed = with_signature(pdf_of(draw_lines(LINES)), "SIGNED")
    when = "2024-05-14T08:00:00+07:00"
    signature = Signature(name="Lê Thị Ánh", signed_at=when, sub_filter="x", covers_whole_file=True, intact=True)
    about = dispatch_of(signatures=[signature], subject="triển khai kế hoạch")
    out = to_searchable_pdf(signed, about, [read_by_eye()])
    # The font of its look is not in the file: the stamp is a picture of it.
    assert np.abs(drawn(signed, tmp_path / "b.pdf", 50) - drawn(out, tmp_path / "b.pdf", 50)).mean() < 0.5
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert pdf.pages[0].Annots[0].Subtype == "/Stamp"
        said = str(pdf.docinfo["/Signatures"])
        assert said == f"Lê Thị Ánh, {when}, nguyên vẹn"
        with pdf.open_metadata() as meta:
            assert meta[f"{{{NAMESPACE}}}Signatures"] == said
            assert meta["dc:title"] == "Công văn 12/UBND: triển khai kế hoạch"


def test_other_form_fields_stay():
    with pikepdf.open(io.BytesIO(with_signature(pdf_of(draw_lines(LINES)), "SIGNED"))) as pdf:
        kids = [pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="a"), pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="b")]
        group = pdf.make_indirect(pikepdf.Dictionary(T="group", Kids=pikepdf.Array(kids)))
        only = pdf.make_indirect(pikepdf.Dictionary(T="only", Kids=pikepdf.Array(kids[1:])))
        pdf.Root.AcroForm.Fields.extend([group, only])
        pdf.Root.Perms = pikepdf.Dictionary()
        buffer = io.BytesIO()
        pdf.save(buffer)
    with pikepdf.open(buffer) as pdf:
        signatures_to_stamps(pdf)
        (left,) = pdf.Root.AcroForm.Fields
        assert [str(k.T) for k in left.Kids] == ["a"]
        assert "/Perms" not in pdf.Root
        assert "/SigFlags" not in pdf.Root.AcroForm


def test_the_font_does_not_leak_into_what_pages_share():
    with pikepdf.open(io.BytesIO(pdf_of(draw_lines(LINES), draw_lines(LINES)))) as pdf:
        shared = pdf.make_indirect(pikepdf.Dictionary(pdf.pages[0].Resources))
        shared.Font = pikepdf.Dictionary({"/VndocText": pikepdf.Dictionary(Type=pikepdf.Name.Font)})
        pdf.pages[0].obj.Resources = pdf.pages[1].obj.Resources = shared
        buffer = io.BytesIO()
        pdf.save(buffer)
    out = to_searchable_pdf(buffer.getvalue(), dispatch_of(), [read_by_eye()])
    with pikepdf.open(io.BytesIO(out)) as pdf:
        assert list(pdf.pages[0].Resources.Font.keys()) == ["/VndocTextX"]
        assert not list(pdf.pages[1].Resources.get("/Font", {}))  # none of its own is used
        assert list(pdf.pages[0].get_images())


def test_a_text_is_no_pdf():
    with pytest.raises(FormatError, match="no page images"):
        to_searchable_pdf(b"text", dispatch_of("text/plain"), [page_from_text("text")])


def test_titles():
    bare = dispatch_of().model_copy(update={"type_name": None, "code_number": None, "code_notation": None})
    assert title_of(bare) == "scan"
    assert title_of(dispatch_of(subject="x")) == "Công văn 12/UBND: x"
    party = dispatch_of().model_copy(update={"code_number": "254", "code_notation": "KH/TU"})
    assert title_of(party) == "Công văn 254-KH/TU"
    assert title_of(dispatch_of().model_copy(update={"code_number": None})) == "Công văn UBND"
