import os

import numpy as np
import pytesseract
import pytest

from vndoc.errors import EngineError, SetupError
from vndoc.ocr.engines.tesseract import Tesseract, parse_tsv

BLANK = np.full((60, 200), 255, np.uint8)


def test_real_tesseract_reads_a_line(page_image):
    lines = Tesseract().read(page_image[..., 0].copy(), "vie", 240)
    assert [w.text for w in lines[0].words][:4] == ["Ủy", "ban", "nhân", "dân"]
    assert all(0 < w.confidence <= 1 for line in lines for w in line.words)
    box = lines[0].words[0].box
    assert 140 < box.x0 < 160
    assert 20 < box.height < 70


def test_one_thread_for_each_child():
    Tesseract()
    assert os.environ["OMP_THREAD_LIMIT"] == "1"


def test_tsv_without_words_or_with_odd_rows():
    assert parse_tsv("") == {}
    assert parse_tsv("level\n5\t1\t1\n4\t1\t1\t1\t1\t0\t1\t2\t3\t4\t-1\t\n5\t1\t1\t1\t1\t1\t1\t2\t3\t4\t90.5\t  ") == {}


def test_several_images_at_one_start(page_image):
    gray = page_image[..., 0].copy()
    strips = [gray[100:190], BLANK, gray[180:280]]
    one_by_one = [Tesseract().read(np.ascontiguousarray(strip), "vie", 240, 7) for strip in strips]
    assert Tesseract().read_all(strips, "vie", 240, 7) == one_by_one
    assert [words[0].words[0].text for words in one_by_one[::2]] == ["Ủy", "báo"]


def test_missing_language():
    with pytest.raises(SetupError, match="tesseract-ocr-xyz") as caught:
        Tesseract().read(BLANK, "xyz", 240)
    assert not isinstance(caught.value, EngineError)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("kill -9 $$", "status"),
        ("echo boom >&2; exit 3", "boom"),
        ("printf 'level\\n\\377\\376' > $2.tsv", "cannot be read"),
        ("exit 0", "cannot be read"),
    ],
)
def test_crashes_are_errors_of_the_page(fake_tesseract, script, message):
    fake_tesseract(script)
    with pytest.raises(EngineError, match=message):
        Tesseract().read(BLANK, "vie", 240)


def test_time_limit(fake_tesseract):
    fake_tesseract("exec sleep 30")
    with pytest.raises(EngineError, match="within 1 seconds"):
        Tesseract(timeout=1).read(BLANK, "vie", 240)


def test_not_installed(monkeypatch):
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")
    with pytest.raises(SetupError, match="vndoc doctor"):
        Tesseract().read(BLANK, "vie", 240)
