"""What of a page's text is seen, from its content alone."""

import io
import zlib

import pikepdf
import pytest

from vndoc.sources.pdf.painting import PAGE, Look, Place, looks
from vndoc.sources.pdf.rewriting import lifted, removed, rewrite

SEEN, HIDDEN, PALE, SLANTED = Look.SEEN, Look.HIDDEN, Look.PALE, Look.SLANTED
TEXT = "BT /F 12 Tf 1 0 0 1 100 700 Tm (so) Tj ET"


def page_of(content, **more):
    """A page with a font, an image, a picture with a mask, a form, states and colour spaces."""
    pdf = pikepdf.new()
    name = pikepdf.Name

    def stream(data, **about):
        return pdf.make_stream(data, **about)

    image = {"Subtype": name.Image, "Width": 1, "Height": 1, "ColorSpace": name.DeviceGray, "BitsPerComponent": 8}
    mask = stream(b"\0", **image)
    resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F=pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica),
            T=pikepdf.Dictionary(Type=name.Font, Subtype=name.Type3),
        ),
        XObject=pikepdf.Dictionary(
            Scan=stream(b"\xff", **image),
            Soft=stream(b"\xff", SMask=mask, **image),
            Form=stream(
                more.pop("form", "").encode(), Subtype=name.Form, BBox=pikepdf.Array(more.pop("bbox", [0, 0, 600, 850]))
            ),
        ),
        ExtGState=pikepdf.Dictionary(
            Clear=pikepdf.Dictionary(ca=0),
            Half=pikepdf.Dictionary(ca=0.5),
            Multiply=pikepdf.Dictionary(BM=name.Multiply),
        ),
        ColorSpace=pikepdf.Dictionary(
            Icc=pikepdf.Array([name.ICCBased, stream(b"", N=3)]),
            Spot=pikepdf.Array([name.Separation, name.Gold, name.DeviceCMYK, stream(b"")]),
            Pattern=pikepdf.Array([name.Pattern]),
        ),
    )
    page = pdf.add_blank_page(page_size=(600, 850))
    page.obj.Resources = resources
    page.obj.Contents = stream(content.encode())
    return pdf, page


@pytest.mark.parametrize(
    ("content", "look"),
    [
        (TEXT, SEEN),
        (f"3 Tr {TEXT}", HIDDEN),
        (f"q 3 Tr Q {TEXT}", SEEN),
        (f"Q Q 3 Tr {TEXT}", HIDDEN),  # of nothing kept
        (f"7 Tr {TEXT}", SEEN),
        (f"/Clear gs {TEXT}", HIDDEN),
        (f"/Half gs {TEXT}", SEEN),
        ("BT /F 1 Tf 100 700 Td (so) Tj ET", HIDDEN),
        ("BT /F 1 Tf 12 0 0 12 100 700 Tm (so) Tj ET", SEEN),
        ("12 0 0 12 0 0 cm BT /F 1 Tf 9 60 Td (so) Tj ET", SEEN),
        ("BT /T 1 Tf 100 700 Td (so) Tj ET", SEEN),  # the size of Type 3 letters is the font's own business
        # white in all its spaces
        (f"1 g {TEXT}", PALE),
        (f"0.95 0.96 0.94 rg {TEXT}", PALE),
        (f"1 0 0 rg {TEXT}", SEEN),
        (f"0 0 0 0 k {TEXT}", PALE),
        (f"0 0 0 1 k {TEXT}", SEEN),
        (f"/Icc cs 1 1 1 sc {TEXT}", PALE),
        (f"/Icc cs {TEXT}", SEEN),
        (f"/Spot cs 0 scn {TEXT}", PALE),
        (f"/Spot cs 1 scn {TEXT}", SEEN),
        (f"/DeviceGray cs 1 sc {TEXT}", PALE),
        (f"/Pattern cs /P scn {TEXT}", SEEN),
        (f"2 Tr 1 g {TEXT}", SEEN),  # its outlines are black
        # painted over
        (f"{TEXT} q 600 0 0 850 0 0 cm /Scan Do Q", HIDDEN),
        (f"q 600 0 0 850 0 0 cm /Scan Do Q {TEXT}", SEEN),
        (f"{TEXT} q 600 0 0 100 0 650 cm /Scan Do Q", HIDDEN),  # a scan in strips
        (f"{TEXT} q 600 0 0 100 0 500 cm /Scan Do Q", SEEN),
        (f"{TEXT} q 0 850 -600 0 600 0 cm /Scan Do Q", HIDDEN),  # turned
        (f"{TEXT} q 600 0 0 850 0 0 cm /Soft Do Q", SEEN),
        (f"{TEXT} /Half gs q 600 0 0 850 0 0 cm /Scan Do Q", SEEN),
        (f"{TEXT} /Multiply gs q 600 0 0 850 0 0 cm /Scan Do Q", SEEN),
        (f"{TEXT} 1 g 90 690 100 30 re f", HIDDEN),  # whitened out
        (f"{TEXT} 90 690 100 30 re S", SEEN),
        (f"{TEXT} 90 701 100 1 re f", SEEN),  # struck through
        (f"{TEXT} 90 690 m 190 690 l 190 720 l f", SEEN),  # another shape is not followed
        (f"{TEXT} q 0 0 10 10 re W n 0 0 600 850 re f Q", SEEN),  # filled in a corner alone
        # clipped away, outside
        (f"0 0 10 10 re W n {TEXT}", HIDDEN),
        (f"0 0 600 850 re W* n {TEXT}", SEEN),
        (f"0 0 m 10 0 l 10 10 l W n {TEXT}", SEEN),
        (f"1 0 0 1 0 -900 cm {TEXT}", HIDDEN),
        (f"1 0 0 1 700 0 cm {TEXT}", HIDDEN),
        # directions
        ("BT /F 12 Tf 0.7 0.7 -0.7 0.7 100 500 Tm (so) Tj ET", SLANTED),
        ("BT /F 12 Tf 0 1 -1 0 100 500 Tm (so) Tj ET", SEEN),
        # positions of lines
        ("BT /F 12 Tf 100 700 Td 0 -900 Td (so) Tj ET", HIDDEN),
        ("BT /F 12 Tf 100 TL 100 50 Td (so) ' ET", HIDDEN),
        ("BT /F 12 Tf 100 700 Td 0 -100 TD T* T* T* T* T* T* T* (so) Tj ET", HIDDEN),
        ("BT /F 12 Tf 100 700 Td [(s) -20 (o)] TJ ET", SEEN),
    ],
)
def test_looks(content, look):
    _, page = page_of(content)
    assert list(looks(page).values()) == [look]


def test_forms_are_followed():
    _, page = page_of("q 3 Tr /Form Do Q", form=TEXT)
    assert list(looks(page).values()) == [HIDDEN]
    _, page = page_of("q 3 Tr /Form Do Q q 1 0 0 1 50 -50 cm /Form Do Q", form=TEXT)
    assert list(looks(page).values()) == [SEEN]  # drawn twice, seen once
    _, page = page_of("/Form Do", form=TEXT, bbox=[0, 0, 90, 90])
    assert list(looks(page).values()) == [HIDDEN]
    _, page = page_of("/Form Do q 600 0 0 850 0 0 cm /Scan Do Q", form=TEXT)
    assert list(looks(page).values()) == [HIDDEN]


def test_an_inline_image_covers():
    image = "q 600 0 0 850 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q"
    _, page = page_of(f"{TEXT} {image}")
    assert list(looks(page).values()) == [HIDDEN]


@pytest.mark.parametrize(
    "damage", ["BT /F (wrong) Tf (a) Tj", "1 0 0 cm", "BT (a Tj", "Q )", "BT /F 12 Tf 9 9 Td /F rg (a) Tj ET"]
)
def test_what_comes_after_damage_is_not_judged(damage):
    _, page = page_of(f"{damage} 3 Tr {TEXT}")
    assert looks(page) == {}


def test_forms_in_a_circle_and_without_end():
    pdf, page = page_of("/Form Do", form="/Form Do")
    form = page.obj.Resources.XObject.Form
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Form=form))
    assert looks(page) == {}
    many = "/Form Do " * 60
    page.obj.Contents = pdf.make_stream(many.encode())
    form.write(many.encode())
    assert looks(page) == {}  # 60 to the 8th: given up


def test_a_content_that_unpacks_without_end_is_given_up():
    pdf, page = page_of(TEXT)
    page.obj.Contents = pdf.make_stream(b"")
    page.obj.Contents.write(zlib.compress(b"q Q " * 9_000_000), filter=pikepdf.Name.FlateDecode)
    assert looks(page) == {}
    page.obj.Contents.write(zlib.compress(TEXT.encode() + b" q Q" * 90_000), filter=pikepdf.Name.FlateDecode)
    assert list(looks(page).values()) == [SEEN]


def test_rewriting_takes_only_what_is_to_go():
    pdf, page = page_of("BT /F 12 Tf 14 TL 50 300 Td (a) Tj (b) ' 0 0 (c) \" (d) Tj ET /Form Do", form="BT (e) Tj ET")
    form = page.obj.Resources.XObject.Form
    gone = {Place(PAGE, 1), Place(PAGE, 2), Place(form.objgen, 0)}
    rewrite(pdf, page, gone.__contains__, removed)
    left = page.obj.Contents.read_bytes()
    assert [letter in left for letter in (b"(a)", b"(b)", b"(c)", b"(d)")] == [True, False, False, True]
    assert left.count(b"T*") == 2
    assert b"(e)" not in form.read_bytes()
    pdf, page = page_of("BT (a) Tj (b) Tj ET")
    rewrite(pdf, page, {Place(PAGE, 0)}.__contains__, lifted)
    assert page.obj.Contents.read_bytes().split() == b"BT 100000 Ts (a) Tj 0 Ts (b) Tj ET".split()


def test_content_that_loses_nothing_stays_as_it_was():
    pdf, page = page_of(TEXT)
    before = page.obj.Contents.objgen
    rewrite(pdf, page, lambda _: False, removed)
    assert page.obj.Contents.objgen == before
    pdf.save(io.BytesIO())
