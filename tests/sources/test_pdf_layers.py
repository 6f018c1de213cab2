"""Text layers of PDFs: what is listed as seen, hidden, pale; pages as a viewer shows them; pdftotext failing."""

import io
import shutil
import stat
import zlib

import numpy as np
import pikepdf
import pytest

from tests.conftest import pdf_of, with_signature
from vndoc import pipeline
from vndoc.errors import EngineError, FormatError
from vndoc.notices import NOTICE_CODES
from vndoc.settings import Limits, Settings
from vndoc.sources import load_file, open_file
from vndoc.sources.pdf import windows
from vndoc.sources.pdf.copies import prepare

SIDES = (600, 850)


def text_pdf(*contents, **page_about):
    """A page for each content, which knows the font /F."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    for content in contents:
        page = pdf.add_blank_page(page_size=SIDES)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.obj.Contents = pdf.make_stream(content.encode())
        for key, value in page_about.items():
            page.obj[f"/{key}"] = value
    return saved(pdf)


def saved(pdf):
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def shown(text, x=100, y=700, before=""):
    return f"q {before} BT /F 20 Tf {x} {y} Td ({text}) Tj ET Q "


def layer_of(data, number=1, dpi=72, **settings):
    with open_file(load_file(data), Settings(**settings))[0] as file:
        return file.text_layer(number, dpi)


def texts(lines):
    return [line.text for line in lines]


def test_kinds_of_text_are_distinguished():
    content = (
        shown("seen one") + shown("hidden one", 100, 600, "3 Tr") + shown("pale one", 100, 500, "1 g")
        + "BT /F 20 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DU THAO) Tj ET"
    )  # fmt: skip
    layer = layer_of(text_pdf(content))
    assert (texts(layer.lines), texts(layer.hidden), texts(layer.pale)) == (["seen one"], ["hidden one"], ["pale one"])
    assert "".join(texts(layer.slanted)).replace(" ", "")


def test_filler_within_a_line_moves_nothing():
    content = "BT /F 20 Tf 100 700 Td (before ) Tj 3 Tr (filler ) Tj 0 Tr (behind) Tj ET"
    plain = layer_of(text_pdf("BT /F 20 Tf 100 700 Td (before filler behind) Tj ET"))
    layer = layer_of(text_pdf(content))
    assert [w.text for w in layer.words] == ["before", "behind"]
    assert layer.words[1].box.x0 == pytest.approx(plain.words[2].box.x0, abs=1)


def test_a_page_is_what_a_viewer_shows_of_it():
    content = shown("left page") + shown("right page", 400)
    cropped = text_pdf(content, CropBox=pikepdf.Array([50, 400, 350, 800]))
    with open_file(load_file(cropped))[0] as file:
        layer = file.text_layer(1, 72)
        assert texts(layer.lines) == ["left page"]
        assert (layer.width, layer.height) == (300, 400)
        assert file.layout(1, 72)[:2] == (300, 400)
        assert file.image(1, 72).shape[:2] == (400, 300)
        assert layer.words[0].box.x0 == pytest.approx(50, abs=2)


@pytest.mark.parametrize("crop", [[0, 0, 0, 0], [700, 900, 800, 999], [600, 850, 0, 0], [-50, -50, 900, 900]])
def test_a_crop_box_that_shows_nothing_is_not_believed(crop):
    with open_file(load_file(text_pdf(shown("here"), CropBox=pikepdf.Array(crop))))[0] as file:
        assert file.layout(1, 72)[:2] == SIDES
        assert texts(file.text_layer(1, 72).lines) == ["here"]


def test_a_page_in_large_units():
    small = text_pdf("0.1 0 0 0.1 0 0 cm " + shown("here"), UserUnit=10, MediaBox=pikepdf.Array([0, 0, 60, 85]))
    with open_file(load_file(small))[0] as file:
        layer = file.text_layer(1, 72)
        assert (layer.width, layer.height) == SIDES
        assert layer.words[0].box.x0 == pytest.approx(100, abs=2)
        assert file.image(1, 72).shape[:2] == (850, 600)


def test_a_scan_on_a_page_of_a_stamps_size_is_a_sheet(page_image):
    pdf = pikepdf.open(io.BytesIO(pdf_of(page_image)))
    page = pdf.pages[0].obj
    width, height = (float(n) / 10 for n in list(page.MediaBox)[2:])
    page.MediaBox = pikepdf.Array([0, 0, width, height])
    page.Contents = pdf.make_stream(f"{width} 0 0 {height} 0 0 cm /image Do".encode())
    with open_file(load_file(saved(pdf)))[0] as file:
        assert min(file.layout(1, 72)[:2]) == pytest.approx(595, abs=1)
        assert min(file.image(1, 72).shape[:2]) == pytest.approx(595, abs=2)
    with open_file(load_file(text_pdf("", MediaBox=pikepdf.Array([0, 0, 60, 85]))))[0] as file:
        assert file.layout(1, 72)[:2] == (60, 85)


@pytest.mark.parametrize("unit", [0, -3, 1e9])
def test_an_absurd_unit_is_not_believed(unit):
    with open_file(load_file(text_pdf(shown("here"), UserUnit=unit)))[0] as file:
        assert file.layout(1, 72)[:2] == SIDES


def test_a_turned_page_has_the_size_of_the_page_as_shown():
    turned = text_pdf("q 0 1 -1 0 600 0 cm " + shown("across", 700, 300) + "Q", Rotate=90)
    with open_file(load_file(turned))[0] as file:
        layer = file.text_layer(1, 72)
        assert (layer.width, layer.height) == SIDES[::-1]
        assert file.image(1, 72).shape[:2] == SIDES
        assert layer.words[0].box.x1 <= layer.width
        assert layer.words[0].box.x0 == pytest.approx(700, abs=2)


@pytest.mark.parametrize("annotated", [False, True])
def test_the_page_can_be_drawn_without_its_text_where_that_is_needed(page_image, annotated):
    pdf = pikepdf.open(io.BytesIO(with_signature(pdf_of(page_image), "Ky boi") if annotated else pdf_of(page_image)))
    typed = pikepdf.open(io.BytesIO(text_pdf(shown("1849"), shown("on paper"))))
    page, pages = pdf.pages[0], typed.pages
    page.obj.Resources["/Font"] = pdf.copy_foreign(typed.make_indirect(pages[0].obj.Resources.Font))
    page.contents_add(pdf.make_stream(shown("1849", 20, 20).encode()))
    pdf.pages.append(pages[1])
    with open_file(load_file(saved(pdf)))[0] as file:
        image, bare = file.image(1, 60), file.text_layer(1, 72).textless(60)
        assert file.text_layer(2, 72).textless is None
    apart = np.abs(image.astype(int) - bare).max(axis=2) > 100
    assert apart.any()
    assert not apart[:-60].any()


def test_a_form_that_is_seen_on_one_page_stays(tmp_path):
    pdf = pikepdf.open(io.BytesIO(text_pdf("q 3 Tr /X Do Q", "/X Do")))
    form = pdf.make_stream(shown("common").encode(), Subtype=pikepdf.Name.Form, BBox=pikepdf.Array([0, 0, *SIDES]))
    form.Resources = pdf.pages[0].obj.Resources
    for page in pdf.pages:
        page.obj.Resources.XObject = pikepdf.Dictionary(X=form)
    assert texts(layer_of(saved(pdf), 2).lines) == ["common"]


def test_a_long_file_is_listed_in_windows_of_which_few_are_held(monkeypatch, page_image):
    monkeypatch.setattr(windows, "PAGES", 2)
    monkeypatch.setattr(windows, "_KEPT", 2)
    contents = [shown(f"seen{n}") + shown(f"gone{n}", 100, 500, "3 Tr" if n % 2 else "0 Tr") for n in range(1, 8)]
    pdf = pikepdf.open(io.BytesIO(text_pdf(*contents)))
    scan = pikepdf.open(io.BytesIO(pdf_of(page_image)))
    pdf.pages.append(scan.pages[0])  # a page of which only drawing tells what is seen
    page = pdf.pages[7]
    page.obj.Resources["/Font"] = pdf.pages[0].obj.Resources.Font
    page.contents_add(pdf.make_stream(shown("1849", 20, 20).encode()))
    with open_file(load_file(with_signature(saved(pdf), "Ky boi 507")))[0] as file:
        for number in (*range(1, 8), 2, 7):
            layer = file.text_layer(number, 72)
            both = [f"seen{number}", f"gone{number}"]
            assert sorted(texts(layer.lines)) == sorted(both[: 1 if number % 2 else 2])
            assert texts(layer.hidden) == (both[1:] if number % 2 else [])
            assert [w.text for w in layer.numbers] == (["507"] if number == 1 else [])
            assert len(file._file._layers._windows._kept) <= 2
        bare = file.text_layer(8, 72).textless(60)
        assert bare.shape == file.image(8, 60).shape
        assert np.abs(file.image(8, 60).astype(int) - bare).max() > 100
        assert file.remarks() == []


def test_numbers_of_signature_fields_and_hidden_text():
    data = with_signature(text_pdf(shown("123", 100, 600, "3 Tr") + shown("seen")), "507")
    layer = layer_of(data)
    assert [w.text for w in layer.numbers] == ["507"]
    assert layer.signed


def test_a_copy_is_made_only_where_something_changes(tmp_path):
    data = text_pdf(shown("a"))
    assert prepare(data, tmp_path / "a.pdf", marks=False) == (False, [1.0], frozenset())
    assert (tmp_path / "a.pdf").read_bytes() == data


# --- pdftotext that fails -------------------------------------------------------------------------------------


@pytest.fixture
def fake_pdftotext(tmp_path, monkeypatch):
    """Install a shell script in pdftotext's place; ``$real`` in it is the true one."""
    real, path = shutil.which("pdftotext"), tmp_path / "bin" / "pdftotext"
    path.parent.mkdir()

    def install(body):
        path.write_text(f"#!/bin/sh\nreal={real}\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(path.parent), prepend=":")

    return install


ALONE = 'case "$*" in *" -f 1 -l 1 "* | *" -f 2 -l 2 "*) exec $real "$@" ;; esac'
SECOND = 'case "$*" in *"-f 2 "*) {} ;; esac'
QUICK = Limits(render_seconds=1.0)
FAULTS = {"hangs": "exec sleep 30", "killed": "kill -9 $$", "nonsense": "echo '<page'; exit 1", "nothing": "exit 3"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_listing_of_all_that_fails_costs_nothing(fake_pdftotext, fault):
    fake_pdftotext(f"{ALONE}\n{FAULTS[fault]}")
    with open_file(load_file(text_pdf(shown("one"), shown("two"))), Settings(limits=QUICK))[0] as file:
        assert [texts(file.text_layer(n, 72).lines) for n in (1, 2)] == [["one"], ["two"]]
        assert file.remarks() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_cannot_be_listed_costs_itself_and_is_reported(fake_pdftotext, fault):
    fake_pdftotext(f"{SECOND.format(FAULTS[fault])}\n{ALONE}\nexit 3")
    with open_file(load_file(text_pdf(shown("one"), shown("two"))), Settings(limits=QUICK))[0] as file:
        assert texts(file.text_layer(1, 72).lines) == ["one"]
        assert file.text_layer(2, 72) is None
        assert file.text_layer(2, 72) is None
        (remark,) = file.remarks()
    assert (remark.code, remark.page) == ("text-layer-lost", 2)
    assert remark.code in NOTICE_CODES


def test_a_lost_layer_is_reported_in_the_dispatch(fake_pdftotext, page_image):
    fake_pdftotext("exit 3")
    dispatch = pipeline.parse(pdf_of(page_image), settings=Settings(jobs=1))
    assert "Ủy ban nhân dân huyện" in dispatch.text
    (notice,) = [n for n in dispatch.warnings if n.code == "text-layer-lost"]
    assert notice.pointer == "/pages/1"


def test_a_busy_machine_changes_nothing(fake_pdftotext):
    """A listing slower than a page's limit is given the time of several pages, and then page by page."""
    fake_pdftotext('sleep 1.5; exec $real "$@"')
    layer = layer_of(text_pdf(shown("one")), limits=QUICK)
    assert texts(layer.lines) == ["one"]


def test_images_match_the_layer_with_marks(page_image):
    data = with_signature(pdf_of(page_image), "Ky boi")
    with open_file(load_file(data))[0] as file:
        without, with_marks = file.image(1, 60), file.image(1, 60, marks=True)
    assert without.shape == with_marks.shape
    assert np.abs(without.astype(int) - with_marks).max() > 100


# --- pages that poppler cannot draw ---------------------------------------------------------------------------


def faulty(page_image, fault):
    """Two scanned pages, the second of them damaged."""
    pdf = pikepdf.open(io.BytesIO(pdf_of(page_image, page_image)))
    page = pdf.pages[1]
    image = next(iter(page.obj.Resources.XObject.values()))
    if fault == "contents":
        page.obj.Contents = pikepdf.Name.Foo
    elif fault == "cut off":
        pixels = zlib.compress(np.ascontiguousarray(page_image).tobytes())
        image.write(pixels[: len(pixels) // 2], filter=pikepdf.Name.FlateDecode)
    else:
        image.write(b"garbage" * 50, filter=pikepdf.Name(fault))
    return saved(pdf)


@pytest.mark.parametrize("fault", ["/DCTDecode", "/JPXDecode", "contents"])
def test_a_page_whose_picture_cannot_be_decoded_is_no_blank_page(page_image, fault):
    with open_file(load_file(faulty(page_image, fault)))[0] as file:
        assert file.image(1, 60).min() < 128
        with pytest.raises(EngineError, match="page 2 cannot be drawn"):
            file.image(2, 60)


def test_a_picture_that_is_cut_off_is_told(page_image):
    with open_file(load_file(faulty(page_image, "cut off")))[0] as file:
        for number in (1, 2, 2):
            file.image(number, 60)
        (remark,) = file.remarks()
    assert (remark.code, remark.page) == ("page-doubtful", 2)
    assert "end of file" in remark.message


def test_an_unreadable_file_is_told_without_the_address_of_an_object():
    with pytest.raises(FormatError) as caught:
        open_file(load_file(text_pdf(shown("one"))[:60]))
    assert "object at" not in str(caught.value)
