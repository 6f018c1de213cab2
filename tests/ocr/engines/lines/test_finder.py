"""Lines of print are found with their base line and size, whatever they stand in."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import draw_lines
from tests.ocr.engines.lines.drawing import drawn, xheight
from vndoc.ocr.engines.lines.finder import find_lines

BODY = [
    "Ủy ban nhân dân huyện yêu cầu các cơ quan, đơn vị thực hiện",
    "nghiêm túc chế độ báo cáo trước ngày 05/11/2024; kết quả gửi về",
]
TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
BASE = 1.2  # pixels by which a base line may be off


def near(height):
    """Pixels by which an x-height may be off: a strip a twelfth too high reads as well."""
    return max(1.3, 0.085 * height)


def gray(image):
    return np.ascontiguousarray(image[..., 0])


def test_lines_come_from_top_to_bottom():
    lines = find_lines(gray(draw_lines([*BODY, "", TITLE])))
    assert len(lines) == 3
    tops = [line.box.y0 for line in lines]
    assert tops == sorted(tops)


@pytest.mark.parametrize("rows", [BODY, [TITLE], ["0912 345 678 2024"], [*BODY, TITLE, "815"]])
@given(em=st.integers(24, 80))
@settings(max_examples=8)
def test_base_line_and_size_are_those_of_the_type(rows, em):
    image, bases = drawn(rows, em)
    lines = find_lines(image)
    assert len(lines) == len(rows)
    for line, base in zip(lines, bases, strict=True):
        measure = line.measure
        assert measure.base_at(line.box.x_center) == pytest.approx(base, abs=BASE)
        sizes = [size for size in (measure.xheight, measure.other) if size]
        assert min(abs(size - xheight(em)) for size in sizes) <= near(xheight(em))


@pytest.mark.parametrize("em", [30, 43, 70])
def test_capitals_and_digits_have_the_size_of_the_text_around_them(em):
    image, _ = drawn([*BODY, *BODY, TITLE, "QUYẾT ĐỊNH", "2024", "815"], em)
    assert [line.measure.xheight for line in find_lines(image)] == pytest.approx(
        [xheight(em)] * 8, abs=near(xheight(em))
    )


@pytest.mark.parametrize("slope", [-0.02, -0.008, 0.008, 0.02])
def test_a_line_that_is_not_level_has_its_slope(slope):
    level, bases = drawn(BODY, 43)
    height, width = level.shape
    fallen = cv2.warpAffine(level, np.array([[1, 0, 0], [slope, 1, 0]]), (width, height + 40), borderValue=(255,))
    lines = find_lines(fallen)
    assert len(lines) == 2
    for line, base in zip(lines, bases, strict=True):
        assert line.measure.slope == pytest.approx(slope, abs=0.003)
        for x in (line.box.x0, line.box.x1):
            assert line.measure.base_at(x) == pytest.approx(base + slope * x, abs=2)


def test_the_columns_of_a_letterhead_are_lines_of_their_own():
    left, right = (
        ["ỦY BAN NHÂN DÂN", "HUYỆN VẠN AN", "Số: 12/KH-UBND"],
        [TITLE, "Độc lập - Tự do - Hạnh phúc", "Vạn An"],
    )
    page = draw_lines([[(150, a), (900, b)] for a, b in zip(left, right, strict=True)])
    lines = find_lines(gray(page))
    assert sorted(line.box.x0 > 700 for line in lines) == [False] * 3 + [True] * 3


def table(rows, columns, size=(1500, 900), em=50):
    """A table whose level rules touch the feet of its letters."""
    width, height = size[0] // columns, round(1.6 * em)
    page = draw_lines([[(60 + width * k, text) for k, text in enumerate(row)] for row in rows], size, top=100, em=em)
    page = page.copy()
    bottom = 100 + height * len(rows)
    for number in range(columns + 1):
        x = 30 + width * number - (30 if number == columns else 0)
        cv2.line(page, (x, 90), (x, bottom), (0, 0, 0), 3)
    for number in range(len(rows) + 1):
        y = 90 + height * number if number < len(rows) else bottom
        cv2.line(page, (30, y), (size[0] - 30, y), (0, 0, 0), 3)
    return page


def test_every_cell_of_a_table_is_a_line():
    rows = [
        ["Nội dung", "Cơ quan", "Kết quả"],
        ["Lập danh sách", "Phòng Nội vụ", "Quyết định"],
        ["Gặp gỡ", "Sở Y tế", "gấp"],
    ]
    lines = find_lines(gray(table(rows, 3)))
    assert len(lines) == 9
    for line in lines:
        assert line.measure.xheight == pytest.approx(xheight(50), abs=near(xheight(50)))


def test_letters_that_touch_a_rule_are_found():
    page = gray(draw_lines(BODY, size=(1700, 400))).copy()
    rows = np.flatnonzero((page < 128).any(axis=1))
    page[rows[-1] - 12 : rows[-1] - 9, 100:1650] = 0  # through the descenders
    page[80:330, 100:103] = 0
    lines = find_lines(page)
    assert len(lines) == 2
    assert all(line.box.width > 1100 for line in lines)


def test_a_shadow_hides_no_line():
    page = gray(draw_lines(BODY * 5))
    light = np.linspace(1.0, 0.35, page.shape[1])[None, :] * np.linspace(1.0, 0.8, page.shape[0])[:, None]
    shadowed = find_lines((page * light).astype(np.uint8))
    plain = find_lines(page)
    assert len(shadowed) == len(plain) == 10
    for a, b in zip(shadowed, plain, strict=True):
        assert tuple(a.box) == pytest.approx(tuple(b.box), abs=4)


@pytest.mark.parametrize("grey", [200, 0])
def test_specks_are_no_lines_and_part_none(grey):
    page = gray(draw_lines(BODY * 5)).copy()
    rng = np.random.default_rng(3)
    for y, x in zip(*(rng.integers(0, side - 2, 1500) for side in page.shape), strict=True):
        page[y : y + 2, x : x + 2] = np.minimum(page[y : y + 2, x : x + 2], grey)
    lines = find_lines(page)
    assert sum(line.box.width > 1000 for line in lines) == 10
    assert len(lines) <= 12


def test_a_large_title_has_its_marks():
    """Its marks are as large as letters of the text."""
    page = gray(draw_lines(["QUYẾT ĐỊNH"], top=30, em=75, size=(1984, 1200)))
    page = np.minimum(page, gray(draw_lines(BODY * 4, top=220, em=36, size=(1984, 1200))))
    lines = find_lines(page)
    assert len(lines) == 9
    rows = np.flatnonzero((page[:160] < 128).any(axis=1))
    assert (lines[0].box.y0, lines[0].box.y1) == pytest.approx((rows[0], rows[-1] + 1), abs=3)


@pytest.mark.parametrize("level", [255, 200, 128, 0])
def test_a_page_of_one_grey_has_no_line(level):
    assert find_lines(np.full((700, 500), level, np.uint8)) == []


@given(st.integers(0, 2**32 - 1), st.sampled_from(["even", "salt", "coarse"]))
@settings(max_examples=9)
def test_noise_is_bounded(seed, kind):
    rng = np.random.default_rng(seed)
    if kind == "even":
        page = rng.integers(0, 256, (900, 700)).astype(np.uint8)
    elif kind == "salt":
        page = np.where(rng.random((900, 700)) < rng.random() / 2, 0, 255).astype(np.uint8)
    else:
        page = cv2.resize(rng.integers(0, 256, (90, 70)).astype(np.uint8), (700, 900))
    lines = find_lines(page)
    assert len(lines) <= 400
    for line in lines:
        assert line.measure.xheight > 0
        assert 0 <= line.box.x0 < line.box.x1 <= 700
