"""Faint pages are stretched, dark bars inverted, other pages left alone."""

import numpy as np

from tests.conftest import draw_lines
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging.contrast import invert_dark_bars, stretch_faint

TEXT = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6",
    "năm 2015; xét đề nghị của Trưởng phòng Nội vụ",
] * 6


def test_only_faint_pages_are_stretched():
    clear = draw_lines(TEXT)[..., 0].copy()
    faint = draw_lines(TEXT, ink=(170, 170, 170))[..., 0].copy()
    assert stretch_faint(clear) is clear
    assert stretch_faint(faint).min() < 40
    white = np.full((400, 300), 250, np.uint8)
    assert stretch_faint(white) is white


def test_light_print_on_a_dark_bar_is_turned_and_read():
    page = draw_lines(TEXT)[..., 0].copy()
    assert invert_dark_bars(page) is page
    row = draw_lines(["Nội dung công việc"], size=(page.shape[1], 400))[115:195, ..., 0]
    page[-200:-120] = 255
    page[-200:-120, 100:1200] = 255 - row[:, 100:1200]
    turned = invert_dark_bars(page)
    assert (turned[-190:-130, 100:1200] < 128).mean() < 0.2
    assert (turned[:-220] == page[:-220]).all()
    read = Tesseract().read([turned], ImageKind.PAGE, 240)[0]
    assert read[-1].text == "Nội dung công việc"
