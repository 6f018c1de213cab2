"""How large the page of an image file is: resolutions said, half said, absurd, and those of faxes."""

import io

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from vndoc.errors import FormatError
from vndoc.sources import load_file, open_file

A4 = (1654, 2339)  # 200 dpi


def shape(data, dpi=60):
    with open_file(load_file(data))[0] as file:
        height, width = file.image(1, dpi).shape[:2]
        layout = file.layout(1, dpi)
        assert (width, height) == pytest.approx((layout.width * dpi / 72, layout.height * dpi / 72), abs=2)
        return width / dpi, height / dpi


def tiff(size, dpi=None, unit=2, **tags):
    out = io.BytesIO()
    about = TiffImagePlugin.ImageFileDirectory_v2()
    if dpi:
        about[296], about[282], about[283] = unit, *map(float, dpi)
    for tag, value in tags.items():
        about[int(tag[1:])] = value
    Image.new("1", size, 1).save(out, "TIFF", tiffinfo=about)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "inches"),
    [
        (tiff(A4, (200, 200)), (8.27, 11.69)),
        (tiff(A4, (78.7, 78.7), unit=3), (8.27, 11.7)),  # to the centimetre
        (tiff((1728, 1145), (204, 98)), (8.47, 11.68)),
        (tiff((1728, 2290), (204, 196)), (8.47, 11.68)),
        (tiff((1728, 4570), (204, 391)), (8.47, 11.69)),
        (tiff((1145, 1728), (98, 204)), (11.68, 8.47)),
        (tiff((1728, 1145), (204, 98), t274=6), (11.68, 8.47)),  # turned by its orientation
        (tiff((1728, 1145)), (8.27, 11.4)),  # a fax without a word
        (tiff((1728, 1145), (2, 1), unit=1), (8.27, 10.96)),  # only the shape of its pixels
        (tiff(A4), (8.27, 11.69)),
        (tiff(A4, (72, 72)), (8.27, 11.69)),
        (tiff(A4, (1, 1)), (8.27, 11.69)),
        (tiff(A4, (65535, 65535)), (8.27, 11.69)),
        (tiff(A4, (300, 1)), (8.27, 11.69)),
        (tiff(A4, (0, 0)), (8.27, 11.69)),
        (tiff((4000, 3000), (96, 96)), (11.03, 8.27)),  # a photograph, not a poster
        (tiff((3308, 2339), (200, 200)), (16.54, 11.69)),  # A3
    ],
)
def test_sizes(data, inches):
    assert shape(data) == pytest.approx(inches, abs=0.05)


def changed(tag, kind, value):
    """A TIFF in which a tag is of another kind, with another value."""
    import struct  # noqa: PLC0415

    data = tiff(A4, (200, 200))
    place = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[place : place + 2])[0]
    for entry in range(place + 2, place + 2 + 12 * count, 12):
        if struct.unpack("<H", data[entry : entry + 2])[0] == tag:
            return data[: entry + 2] + struct.pack("<HI", kind, 1) + value + data[entry + 12 :]
    raise AssertionError(tag)


def test_a_resolution_that_is_no_number_is_not_believed():
    assert shape(changed(282, 2, b"\x08\0\0\0")) == pytest.approx((8.27, 11.69), abs=0.05)


@pytest.mark.parametrize("tag", [256, 259, 273])
def test_damage_is_named(tag):
    with pytest.raises(FormatError, match="damaged"):
        shape(changed(tag, 2, b"xx\0\0"))


def test_a_fax_is_stretched_evenly():
    """A circle on a page of 204 by 98 dpi is half as high as wide."""
    y, x = np.mgrid[:1145, :1728]
    flat = np.where((x - 800) ** 2 / 200**2 + (y - 500) ** 2 / 96**2 < 1, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(flat).save(out, "TIFF", dpi=(204, 98))
    with open_file(load_file(out.getvalue()))[0] as file:
        rows, columns = np.nonzero(file.image(1, 100) < 128)
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=3)
