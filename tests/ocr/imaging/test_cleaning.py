import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from samples.degrade import Scanner, degrade
from tests.conftest import draw_lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging import cleaning as clean

TEXT = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6",
    "năm 2015; xét đề nghị của Trưởng phòng Nội vụ",
] * 6


@pytest.mark.parametrize("angle", [-2.5, -0.8, 0.0, 0.4, 1.5, 3.0])
def test_skew_is_found_and_undone(angle):
    level = draw_lines(TEXT)[..., 0].copy()
    found = clean.find_skew(clean.rotate(level, angle))
    assert found == pytest.approx(-angle, abs=0.15)


def test_blank_image_has_no_skew():
    white = np.full((900, 700), 255, np.uint8)
    assert clean.find_skew(white) == 0.0
    assert clean.is_blank(white)
    assert not clean.is_blank(draw_lines(TEXT)[..., 0].copy())
    assert clean.is_blank(np.full((2, 2), 255, np.uint8))


def test_specks_and_dark_margins_are_blank():
    page = np.full((1200, 900), 255, np.uint8)
    page[:, :20] = 0
    page[500, 400:404] = 0
    assert clean.is_blank(page)


def test_only_faint_pages_are_stretched():
    clear = draw_lines(TEXT)[..., 0].copy()
    faint = draw_lines(TEXT, ink=(170, 170, 170))[..., 0].copy()
    assert clean.stretch_faint(clear) is clear
    assert clean.stretch_faint(faint).min() < 40
    white = np.full((400, 300), 250, np.uint8)
    assert clean.stretch_faint(white) is white


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_prepare_is_total(height, width, seed):
    image = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    gray, angle = clean.prepare(image)
    assert gray.shape == image.shape
    assert abs(angle) <= clean.SKEW_LIMIT + 1


def test_light_print_on_a_dark_bar_is_turned_and_read():
    page = draw_lines(TEXT)[..., 0].copy()
    assert clean.turn_negative(page) is page
    row = draw_lines(["Nội dung công việc"], size=(page.shape[1], 400))[115:195, ..., 0]
    page[-200:-120] = 255
    page[-200:-120, 100:1200] = 255 - row[:, 100:1200]
    turned = clean.turn_negative(page)
    assert (turned[-190:-130, 100:1200] < 128).mean() < 0.2
    assert (turned[:-220] == page[:-220]).all()
    read = Tesseract().read(turned, "vie", 240)
    assert read[-1].text == "Nội dung công việc"


def test_speckled_pages_are_blurred_and_others_are_not():
    page = draw_lines(TEXT)[..., 0].copy()
    assert clean.smooth_speckled(page) is page
    rng = np.random.default_rng(3)
    few, many = page.copy(), page.copy()
    for image, amount in ((few, 100), (many, 5000)):
        image[rng.integers(0, page.shape[0], amount), rng.integers(0, page.shape[1], amount)] = 0
    assert clean.smooth_speckled(few) is few
    assert (clean.smooth_speckled(many) < 128).sum() < 1.2 * (page < 128).sum()


def test_a_faxed_page_is_read_better_for_it():
    page = draw_lines([*TEXT[:2]], size=(1984, 500))
    noisy = np.asarray(
        degrade(Image.fromarray(page), Scanner(mode="bitonal", noise=40, skew=0), np.random.default_rng(1))
    )
    fax = np.where(noisy, 255, 0).astype(np.uint8)

    def found(image):
        read = " ".join(line.text for line in Tesseract().read(image, "vie", 240))
        return sum(word in read.split() for word in " ".join(TEXT[:2]).split())

    assert found(clean.smooth_speckled(fax)) > found(fax)


def test_lines_of_the_scanner_go_and_letters_stay():
    page = draw_lines(TEXT)[..., 0].copy()
    lined = page.copy()
    columns = (333, 700, 1101)
    for x in columns:
        lined[:, x : x + 3] = 20
    cleaned = clean.drop_scanner_lines(lined)
    beside = np.ones(page.shape[1], dtype=bool)
    for x in columns:
        beside[x - 1 : x + 4] = False
    assert (cleaned[:, beside] == page[:, beside]).all()
    assert (cleaned[1120:, 333] == 255).all()
    assert clean.drop_scanner_lines(page) is page
    edge = page.copy()
    edge[:, :30] = 0
    assert (clean.drop_scanner_lines(edge) == edge).all()


def shown_through(front, back, share):
    """The front with the back's ink, mirrored, at that share of its darkness."""
    through = 255 - share * (255.0 - back[:, ::-1])
    return np.minimum(front, through.astype(np.uint8))


def test_the_back_that_shows_through_is_taken_away():
    front = draw_lines(TEXT)[..., 0].copy()
    back = draw_lines(["", *["Sở Y tế đề nghị các cơ quan, đơn vị báo cáo"] * 9], top=150)[..., 0]
    page = shown_through(front, back, 0.4)
    cleaned = clean.drop_show_through(page)
    ink = front < 128
    assert (page[~ink] < 200).mean() > 2 * (cleaned[~ink] < 200).mean()
    assert (cleaned[ink] < 128).all()


def test_pages_without_a_back_that_shows_through_pass_unchanged():
    front = draw_lines(TEXT)[..., 0].copy()
    for page in (front, np.maximum(front, 120), np.full((900, 700), 250, np.uint8), np.zeros((9, 9), np.uint8)):
        assert clean.drop_show_through(page) is page
