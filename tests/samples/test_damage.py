"""What happens to pages on their way: sizes, kinds of files, and that a seed makes the same page again."""

import numpy as np
import pytest
from PIL import Image

from samples.damage import KINDS, damaged
from vndoc.sources import load_file, open_file


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """A4 at 100 dpi with a grid of black bars."""
    image = Image.new("RGB", (827, 1169), "white")
    for y in range(100, 1000, 60):
        for x in range(100, 700, 120):
            image.paste((10, 10, 10), (x, y, x + 80, y + 14))
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_makes_the_page(page, kind):
    one, same, other = (np.asarray(damaged(page, 100, kind, seed).image, float) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("kind", "size", "mode", "suffix"),
    [
        ("jpeg", (1240, 1754), "RGB", ".jpg"),
        ("specks", (1654, 2338), "1", ".tif"),
        ("fax", (1687, 1146), "1", ".tif"),
        ("photo", (1819, 2572), "RGB", ".jpg"),
    ],
)
def test_every_kind_comes_as_a_file_that_vndoc_opens_upright(page, tmp_path, kind, size, mode, suffix):
    arrived = damaged(page, 100, kind, 3)
    assert (arrived.image.mode, arrived.image.size) == (mode, size)
    file = arrived.write(tmp_path / "page")
    assert file.suffix == suffix
    opened, _ = open_file(load_file(file))
    with opened as source:
        height, width = source.image(1, 100).shape[:2]
    assert height / width == pytest.approx(2**0.5, rel=0.01)


def test_bars_stay_where_they_were(page):
    """Within the skew and the perspective, every kind still shows the grid: dark bars, light gaps."""
    for kind in KINDS:
        image = damaged(page, 100, kind, 5).image.convert("L").resize(page.size)
        grey = np.asarray(image, float)
        inside, between = grey[440:720, 100:700].min(), np.median(grey[440:720, 100:700])
        assert inside < 90, kind
        assert between > 120, kind


def test_specks_and_shadows(page):
    blank = Image.new("RGB", page.size, "white")
    specks = ~np.asarray(damaged(blank, 100, "specks", 0).image)
    assert 100 < specks.sum() < 10_000
    light = np.asarray(damaged(blank, 100, "photo", 0).image.convert("L"), float)
    assert light[1200:1300, 800:900].mean() > 1.1 * np.percentile(light, 5)


def test_an_unknown_kind(page):
    with pytest.raises(KeyError):
        damaged(page, 100, "coffee", 0)
