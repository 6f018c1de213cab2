"""Files that claim or ask for more than a page has: refused, or read within bounds."""

import io
import resource
import struct
import zlib

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from tests.sources.test_pdf_layers import saved as saved_pdf
from tests.sources.test_pdf_layers import shown, text_pdf, texts
from vndoc.errors import FormatError, TooLargeError
from vndoc.settings import Limits, Settings
from vndoc.sources import SourceFile, load_file, open_file
from vndoc.sources import image as images
from vndoc.sources.pdf import painting

SMALL = Settings(limits=Limits(page_pixels=60_000))


def saved(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def ramp(mode, size=(300, 420)):
    """Dark at the top, light at the bottom; half of it without opacity where there is any."""
    across = np.linspace(0, 1, size[1])[:, None] * np.ones(size[0])
    if mode == "I;16":
        return Image.fromarray((across * 40_000).astype(np.uint16))
    grey = Image.fromarray((across * 255).astype(np.uint8))
    if mode == "RGBA":
        opacity = Image.new("L", size, 255)
        opacity.paste(0, (0, 0, size[0] // 2, size[1]))
        return Image.merge("RGBA", (grey, grey, grey, opacity))
    return grey.convert(mode)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16", "P"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_image_is_reduced_in_bands(monkeypatch, mode, orientation):
    monkeypatch.setattr(images, "_BAND", 5_000)
    image = ramp(mode)
    image.getexif()[ExifTags.Base.Orientation] = orientation
    data = saved(image, exif=image.getexif())
    whole, reduced = (open_file(SourceFile("a", data), about)[0] for about in (Settings(), SMALL))
    dpi = reduced.layout(1, 240).dpi
    small = reduced.image(1, dpi)
    large = Image.fromarray(whole.image(1, whole.layout(1, 240).dpi)).resize(small.shape[1::-1])
    assert small.shape[0] * small.shape[1] <= 1.1 * 60_000
    assert np.abs(small.astype(int) - np.asarray(large)).mean() < 6


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 9), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_bands_are_what_the_whole_is(width, height, times, band):
    image = Image.effect_noise((width, height), 60)
    size = max(1, width // times), max(1, height // times)
    old, images._BAND = images._BAND, band
    try:
        found = images._reduced(image, size)
    finally:
        images._BAND = old
    factor = max(1, min(width // size[0], height // size[1]))
    assert np.array_equal(np.asarray(found), np.asarray(ImageOps.grayscale(image).reduce(factor)))


def png(width, height, depth, colour, row):
    """A PNG whose rows are all alike."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    raw = b"".join(packer.compress(b"\0" + row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


@pytest.mark.slow
@pytest.mark.parametrize(("depth", "colour", "bytes_a_pixel"), [(16, 0, 2), (8, 6, 4)])
def test_a_bomb_of_pixels_takes_little_more_than_itself(depth, colour, bytes_a_pixel):
    side = 9000
    file = open_file(SourceFile("a", png(side, side, depth, colour, b"\xff" * side * bytes_a_pixel)))[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert file.image(1, file.layout(1, 240).dpi).min() == 255
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 2.2 * side * side * bytes_a_pixel


def test_strips_are_no_pages():
    with pytest.raises(TooLargeError, match=r"a\.png: a page of 1 x 4e\+06 is a strip"):
        open_file(SourceFile("a.png", png(1, 4_000_000, 8, 0, b"\xff")))[0].layout(1, 240)
    for box in ([0, 0, -999999999, 101], [0, 2147483648, 72, 101]):
        pdf = pikepdf.open(io.BytesIO(text_pdf(shown("a"))))
        pdf.pages[0].MediaBox = pikepdf.Array(box)
        with open_file(load_file(saved_pdf(pdf)))[0] as file, pytest.raises(TooLargeError, match="is a strip"):
            file.layout(1, 240)


def test_a_page_that_is_named_again_and_again():
    pdf = pikepdf.open(io.BytesIO(text_pdf(shown("a"))))
    kids = pdf.Root.Pages.Kids
    for amount, readable in ((50, True), (300, False)):
        pdf.Root.Pages.Kids, pdf.Root.Pages.Count = pikepdf.Array([kids[0]] * amount), amount
        data = saved_pdf(pdf)
        if readable:
            with open_file(load_file(data))[0] as file:
                assert file.page_amount == amount
        else:
            with pytest.raises(FormatError, match="names one page again and again"):
                open_file(load_file(data))


@pytest.mark.parametrize("differs", [None, "Resources", "Annots", "Contents"])
def test_many_pages_that_draw_the_same_are_one_page(differs):
    """Copies of one page's dictionary; scans whose pages share how they are drawn differ in their images."""
    pdf = pikepdf.open(io.BytesIO(text_pdf(shown("a"))))
    page = pdf.pages[0].obj
    for number in range(150):
        copy = pikepdf.Dictionary({key: page[key] for key in page if key != "/Parent"})
        if differs == "Resources":
            copy.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_stream(b"%d" % number)))
        elif differs == "Annots":
            copy.Annots = pikepdf.Array([pikepdf.Dictionary(T=str(number))])
        elif differs:
            copy.Contents = pdf.make_stream(b"q Q")
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(copy)))
    if differs:
        with open_file(load_file(saved_pdf(pdf)))[0] as file:
            assert file.page_amount == 151
    else:
        with pytest.raises(FormatError, match="names one page again and again"):
            open_file(load_file(saved_pdf(pdf)))


def test_a_page_that_draws_without_end_costs_the_others_nothing(monkeypatch):
    monkeypatch.setattr(painting, "_MOST_FORMS", 50)
    pdf = pikepdf.open(io.BytesIO(text_pdf(shown("one"), "/X0 Do", shown("three") + shown("gone", 100, 500, "3 Tr"))))
    fonts, inner = pdf.pages[0].obj.Resources, None
    for level in reversed(range(6)):  # 4 ** 6 forms
        form = pdf.make_stream(
            f"/X{level + 1} Do ".encode() * 4 if inner is not None else b"q Q",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=pikepdf.Array([0, 0, 600, 850]),
        )
        form.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary({} if inner is None else {f"/X{level + 1}": inner})
        )
        inner = form
    pdf.pages[1].obj.Resources = pikepdf.Dictionary(Font=fonts.Font, XObject=pikepdf.Dictionary(X0=inner))
    with open_file(load_file(saved_pdf(pdf)))[0] as file:
        assert texts(file.text_layer(1, 72).lines) == ["one"]
        assert file.text_layer(2, 72) is None
        assert texts(file.text_layer(3, 72).lines) == ["three"]
        assert texts(file.text_layer(3, 72).hidden) == ["gone"]
        (remark,) = file.remarks()
    assert (remark.code, remark.page) == ("text-layer-lost", 2)
