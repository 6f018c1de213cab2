"""Photos and scans in further formats: recognised by content, read like any image."""

import io
import sys

import pikepdf
import pillow_heif
import pytest
from PIL import Image, TiffImagePlugin, features

from vndoc.errors import FormatError
from vndoc.export.frames import pdf_of_frames
from vndoc.page import Page
from vndoc.sources import SourceFile, open_file, suffixes
from vndoc.sources.image import AVIF, GIF, HEIC, JPEG_2000, TIFF, WEBP

SIZE = (600, 849)


def picture(shade=255):
    image = Image.new("L", SIZE, shade)
    image.paste(0, (100, 100, 300, 120))
    return image


def saved(kind, *more, **options):
    out = io.BytesIO()
    picture().convert("RGB").save(out, kind, **options, **({"save_all": True, "append_images": more} if more else {}))
    return out.getvalue()


def heic():
    out = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (saved("WEBP"), WEBP),
        (saved("GIF"), GIF),
        (saved("JPEG2000"), JPEG_2000),
        (saved("JPEG2000", no_jp2=True), JPEG_2000),
        (heic(), HEIC),
        *([(saved("AVIF"), AVIF)] if features.check("avif") else []),
        (saved("TIFF", big_tiff=True), TIFF),
    ],
)
def test_each_is_read_by_its_content(data, kind):
    file, found = open_file(SourceFile("ảnh", data))
    assert (found, file.page_amount) == (kind, 1)
    image = file.image(1, file.layout(1, 72).dpi)
    assert image.shape[:2] == pytest.approx((842, 595), abs=8)
    assert image[110, 200].max() < 90
    assert image[400, 300].min() > 240


def test_their_names():
    assert (
        suffixes().items() >= {".webp": WEBP, ".heic": HEIC, ".gif": GIF, ".jp2": JPEG_2000, ".j2k": JPEG_2000}.items()
    )


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_is_one_page(kind):
    file, _ = open_file(SourceFile("a", saved(kind, picture(200), picture(100))))
    assert file.page_amount == 1


def previewed():
    out = io.BytesIO()
    about = TiffImagePlugin.ImageFileDirectory_v2()
    about[254] = 1
    preview = Image.new("L", (60, 85), 128)
    preview.encoderinfo = {"tiffinfo": about}
    picture().save(out, "TIFF", save_all=True, append_images=[preview, picture(250)])
    return out.getvalue()


def test_previews_in_a_tiff_are_no_pages():
    data = previewed()
    with Image.open(io.BytesIO(data)) as image:
        assert image.n_frames == 3
    file, _ = open_file(SourceFile("a.tif", data))
    assert file.page_amount == 2
    assert file.image(2, 72)[400, 300] == 250
    with pikepdf.open(io.BytesIO(pdf_of_frames(data, Page(1, (), *SIZE, 72)))) as pdf:
        assert len(pdf.pages) == 2


def test_heic_without_its_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(FormatError, match=r"HEIC photo: install what reads it \(pip install 'vndoc\[formats\]'\)"):
        open_file(SourceFile("a.heic", heic()))


def test_avif_with_a_pillow_that_cannot(monkeypatch):
    monkeypatch.setattr("vndoc.sources.image.features.check", lambda _: False)
    with pytest.raises(FormatError, match=r"a\.avif: is an AVIF photo, which Pillow reads from 11\.3 on"):
        open_file(SourceFile("a.avif", b"\0\0\0\x1cftypavif" + bytes(99)))


@pytest.mark.parametrize("data", [saved("WEBP")[:60], saved("GIF")[:20], saved("JPEG2000")[:90], heic()[:200]])
def test_cut_files(data):
    def read():
        return open_file(SourceFile("a", data))[0].image(1, 72)

    with pytest.raises(FormatError, match="damaged or cut off"):
        read()
