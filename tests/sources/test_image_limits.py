"""Images that claim or take more than a page has: frames without end, pixels that fill the memory."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps, features

from tests.sources.test_hostile import png
from vndoc.errors import FormatError, TooLargeError
from vndoc.settings import Limits, Settings
from vndoc.sources import SourceFile, decoding, frames, load_file, open_file
from vndoc.sources import image as images


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tiff(amount):
    pages = [Image.new("L", (60, 90), 40 * number) for number in range(1, amount + 1)]
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def directories(data):
    """Places of a TIFF's directories, and of the numbers that lead on from each."""
    (at,) = struct.unpack_from("<I", data, 4)
    found = []
    while at:
        (entries,) = struct.unpack_from("<H", data, at)
        found.append((at, at + 2 + 12 * entries))
        (at,) = struct.unpack_from("<I", data, found[-1][1])
    return found


def test_a_moving_png_that_claims_frames_without_end_has_one():
    still = png(60, 90, 8, 0, b"\x80" * 60)
    claim = struct.pack(">II", 2**31 - 1, 0)
    chunk = struct.pack(">I", 8) + b"acTL" + claim + struct.pack(">I", zlib.crc32(b"acTL" + claim))
    with open_file(load_file(still[:33] + chunk + still[33:]))[0] as file:
        assert file.page_amount == 1
        assert file.image(1, 60).mean() == 128


@pytest.mark.parametrize("back_to", [0, 1, 2])
def test_directories_of_a_tiff_in_a_circle_are_pages_once(back_to):
    data = bytearray(tiff(3))
    found = directories(data)
    struct.pack_into("<I", data, found[-1][1], found[back_to][0])
    with open_file(load_file(bytes(data)))[0] as file:
        assert file.page_amount == 3
        assert [int(file.image(number, 60).mean()) for number in (3, 1, 2)] == [120, 40, 80]


def test_a_directory_outside_the_file_ends_them():
    data = bytearray(tiff(3))
    struct.pack_into("<I", data, directories(data)[1][1], 2**32 - 2)
    with open_file(load_file(bytes(data)))[0] as file:
        assert file.page_amount == 2


def test_a_page_that_is_shown_again_and_again():
    data = bytearray(tiff(1))
    ((at, behind),) = directories(data)
    body = bytes(data[at:behind])
    for _ in range(200):
        place = len(data) + len(data) % 2
        data += bytes(len(data) % 2) + body + bytes(4)
        struct.pack_into("<I", data, behind, place)
        behind = place + len(body)
    with pytest.raises(FormatError, match="it names one page 201 times"):
        open_file(load_file(bytes(data)))


def test_more_frames_than_are_read(monkeypatch):
    monkeypatch.setattr(frames, "MOST_FRAMES", 3)
    assert open_file(load_file(tiff(3)))[0].page_amount == 3
    with pytest.raises(TooLargeError, match=r"a\.tif: the image has more than 3 pages"):
        open_file(SourceFile("a.tif", tiff(4)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_image_is_turned_as_it_says(kind, orientation):
    picture = Image.fromarray(np.add.outer(np.arange(90), 2 * np.arange(60)).astype(np.uint8))
    picture = picture.convert("RGB") if kind == "WEBP" else picture
    about = Image.Exif()
    about[ExifTags.Base.Orientation] = orientation
    lossless = {"lossless": True} if kind == "WEBP" else {}
    data = saved(picture, kind, exif=about, **lossless)
    with Image.open(io.BytesIO(data)) as image, open_file(load_file(data))[0] as file:
        shape = file.layout(1, 60)
        found = file.image(1, shape.dpi)
        wanted = ImageOps.exif_transpose(image).convert(picture.mode).resize(found.shape[1::-1])
    assert np.abs(found.astype(int) - np.asarray(wanted)).mean() < 8


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_a_format_that_is_decoded_whole_is_refused_before_it_is(monkeypatch, kind):
    if not features.check(kind.lower()):
        pytest.skip("Pillow cannot write it here")
    data = saved(Image.new("RGB", (400, 600)), kind)
    monkeypatch.setattr(images, "MOST_DECODED", 14 * 400 * 600 - 1)
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(TooLargeError, match=r"^a: page 1 takes \d+ MiB"):
        open_file(SourceFile("a", data))[0].image(1, 60)


@pytest.mark.skipif(not features.check("webp"), reason="Pillow cannot write it here")
@pytest.mark.parametrize("about", [{"lossless": True}, {"quality": 50}, {"exif": b"Exif\0\0", "quality": 50}])
def test_the_head_of_a_webp_tells_its_size(about):
    data = saved(Image.new("RGB", (123, 457), "red"), "WEBP", **about)
    assert decoding.webp_bytes(data) == 123 * 457 * 16


def test_a_jpeg_2000_is_decoded_at_a_half_or_less():
    data = saved(Image.new("RGB", (2000, 3000), "white"), "JPEG2000")
    small = Settings(limits=Limits(page_pixels=100_000))
    with open_file(load_file(data), small)[0] as file:
        dpi = file.layout(1, 240).dpi
        found = file.image(1, dpi)
    assert found.shape[0] * found.shape[1] < 120_000
    assert found.min() == 255
    with Image.open(io.BytesIO(data)) as image:
        whole = decoding.decoded_bytes(image)
        decoding.shrink(image, (250, 375), data)
        assert decoding.decoded_bytes(image) <= whole // 60
        image.load()
        assert image.size == (250, 375)


def test_what_decoding_takes():
    progressive = saved(Image.new("RGB", (800, 800)), "JPEG", progressive=True, subsampling=0)
    strip = saved(Image.new("RGB", (800, 800)), "TIFF", compression="tiff_lzw", tiffinfo={278: 800})
    for data, least, most in (
        (progressive, 800 * 800 * 10, 800 * 800 * 10),  # two bytes for each of three coefficients
        (saved(Image.new("RGB", (800, 800)), "JPEG"), 800 * 800 * 4, 800 * 800 * 4),
        (strip, 800 * 800 * 7, 800 * 800 * 7),  # a strip that is all of it
        (saved(Image.new("L", (800, 800)), "PNG"), 800 * 800, 800 * 800),
    ):
        with Image.open(io.BytesIO(data)) as image:
            assert least <= decoding.decoded_bytes(image) <= most
