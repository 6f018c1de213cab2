"""Pages that a finder of lines may fail on: the default engine reads them, one way or the other."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.engines.registry import text_engine
from vndoc.ocr.recognition import read_image
from vndoc.page import Method
from vndoc.settings import Settings

LEFT = ["Ủy ban nhân dân huyện", "yêu cầu các cơ quan", "báo cáo kết quả", "trước ngày 05/11/2024"] * 3
RIGHT = ["Phòng Nội vụ theo dõi", "việc thực hiện của", "các xã, thị trấn", "và tổng hợp chung"] * 3
ENGLISH = ["The quick brown fox jumps over the lazy dog", "while seven wizards walk through the forest"] * 4


@pytest.fixture(scope="module")
def engine():
    return text_engine(Settings())


def read(image, engine):
    page = read_image(np.ascontiguousarray(image), 1, 240, engine)
    assert page.method is Method.OCR
    return page


def test_two_columns(engine):
    text = read(draw_lines([[(120, a), (1050, b)] for a, b in zip(LEFT, RIGHT, strict=True)]), engine).text
    assert text.count("Ủy ban nhân dân huyện") == text.count("Phòng Nội vụ theo dõi") == 3


def test_a_table_with_rules(engine):
    rows = [["TT", "Nội dung", "Cơ quan chủ trì"], *[[str(n), "Lập danh sách", "Phòng Nội vụ"] for n in range(1, 7)]]
    page = draw_lines([list(zip((130, 320, 1100), row, strict=True)) for row in rows], size=(1984, 900)).copy()
    for x in (100, 260, 1060, 1850):
        cv2.line(page, (x, 110), (x, 110 + 80 * len(rows)), (0, 0, 0), 3)
    for number in range(len(rows) + 1):
        cv2.line(page, (100, 110 + 80 * number), (1850, 110 + 80 * number), (0, 0, 0), 3)
    text = read(page, engine).text
    assert text.count("Lập danh sách") == text.count("Phòng Nội vụ") == 6
    assert "Cơ quan chủ trì" in text


def test_a_photo_with_a_shadow(engine):
    page = draw_lines(LEFT)
    light = np.linspace(1.0, 0.4, page.shape[1])[None, :, None] * np.linspace(1.0, 0.7, page.shape[0])[:, None, None]
    photo = cv2.GaussianBlur((page * light).astype(np.uint8), (0, 0), 1.0)
    assert read(photo, engine).text.count("báo cáo kết quả") == 3


@pytest.mark.slow
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_is_turned(engine, turns):
    page = read(np.rot90(draw_lines(LEFT), turns), engine)
    assert page.turns == -turns % 4
    assert page.text.count("Ủy ban nhân dân huyện") == 3


def test_another_language_in_the_same_script(engine):
    text = read(draw_lines(ENGLISH), engine).text
    assert text.count("quick brown fox") == 4


@pytest.mark.slow
def test_letters_of_another_script_are_no_empty_page(engine):
    """The own reader knows none of them; something is read, and none of it surely enough to be a sure field."""
    page = read(draw_lines(["Народный комитет района требует от учреждений"] * 6), engine)
    assert len(page.text) > 50
    words = list(page.words)
    assert np.mean([word.confidence for word in words]) < 0.9


def test_capitals_alone(engine):
    text = read(draw_lines(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "QUYẾT ĐỊNH", "HỎA TỐC"]), engine).text
    assert text.split("\n") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "QUYẾT ĐỊNH", "HỎA TỐC"]


@pytest.mark.slow
def test_noise_is_read_or_left_but_breaks_nothing(engine):
    image = np.random.default_rng(1).integers(0, 256, (450, 350)).astype(np.uint8)
    page = read_image(image, 1, 240, engine)
    assert page.method in (Method.OCR, Method.BLANK)
    assert sum(word.confidence > 0.9 for word in page.words if len(word.text) > 2) <= 2
