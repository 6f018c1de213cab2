"""Documents with their text: which are found, how they are drawn and damaged."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.known import documents, made, views
from benchmarks.pages import SAMPLES
from samples.fonts import FontError, Fonts


@pytest.fixture
def folder(tmp_path):
    page = np.full((1754, 1240), 255, np.uint8)
    page[300:320, 200:1000] = 0
    for name in ("a.png", "b.jpg", "c.png", "d.png"):
        Image.fromarray(page).save(tmp_path / name, dpi=(150, 150))
    (tmp_path / "a.txt").write_text("một\n\n hai \fba\n", encoding="utf-8")
    (tmp_path / "b.p1.txt").write_text("bốn\n", encoding="utf-8")
    (tmp_path / "c.truth.tsv").write_text("1,2,3,4\tnăm ¤\n5,6,7,8\tsáu\tby hand\n", encoding="utf-8")
    return tmp_path


def test_texts_in_their_forms(folder):
    a, b, c = documents([folder])
    assert (a.lines, a.pages) == (("một", "hai", "ba"), None)
    assert (b.lines, b.pages) == (("bốn",), 1)
    assert (c.lines, c.pages) == (("năm ¤", "sáu"), 1)
    assert next(documents([folder], pages=1)).lines == ("một", "hai")


def test_samples():
    found = list(documents([SAMPLES], pages=1))
    assert [d.name for d in found if "cv815" in d.name] == ["cv815/scan.pdf"]
    assert all(d.lines for d in found)


def test_pages_are_drawn_for_vndoc_and_for_others(folder):
    document = next(documents([folder]))
    with views(document) as [page]:
        assert page.image.shape[:2] == (2806, 1984)
        assert page.dpi == 240
        with Image.open(page.picture) as picture:
            assert picture.size == (2480, 3508)
            assert round(picture.info["dpi"][0]) == 300
    assert not page.picture.exists()


def test_damage_is_the_same_each_time(folder):
    document = next(documents([folder]))
    with views(document, "fax") as [one], views(document, "fax") as [other]:
        assert np.array_equal(one.image, other.image)
        assert one.image.shape[0] > one.image.shape[1]
        with Image.open(one.picture) as picture:
            assert picture.height > picture.width


def test_made_pages(tmp_path):
    try:
        Fonts("Tinos").file()
    except FontError as error:
        pytest.skip(str(error))
    document = next(made(SAMPLES, tmp_path))
    assert document.file.is_file()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in document.lines
