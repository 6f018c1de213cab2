"""Specks, the scanner's lines and the show-through of the back are taken off; letters stay."""

import numpy as np
from PIL import Image

from samples.degrade import Scanner, degrade
from tests.conftest import draw_lines
from vndoc.ocr.engines.engine import ImageKind
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.imaging.denoising import despeckle, remove_scanner_lines, remove_show_through

TEXT = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6",
    "năm 2015; xét đề nghị của Trưởng phòng Nội vụ",
] * 6


def test_speckled_pages_are_blurred_and_others_are_not():
    page = draw_lines(TEXT)[..., 0].copy()
    assert despeckle(page) is page
    rng = np.random.default_rng(3)
    few, many = page.copy(), page.copy()
    for image, amount in ((few, 100), (many, 5000)):
        image[rng.integers(0, page.shape[0], amount), rng.integers(0, page.shape[1], amount)] = 0
    assert despeckle(few) is few
    assert (despeckle(many) < 128).sum() < 1.2 * (page < 128).sum()


def test_a_faxed_page_is_read_better_for_it():
    page = draw_lines([*TEXT[:2]], size=(1984, 500))
    noisy = np.asarray(
        degrade(Image.fromarray(page), Scanner(mode="bitonal", noise=40, skew=0), np.random.default_rng(1))
    )
    fax = np.where(noisy, 255, 0).astype(np.uint8)

    def found(image):
        read = " ".join(line.text for line in Tesseract().read([image], ImageKind.PAGE, 240)[0])
        return sum(word in read.split() for word in " ".join(TEXT[:2]).split())

    assert found(despeckle(fax)) > found(fax)


def test_lines_of_the_scanner_go_and_letters_stay():
    page = draw_lines(TEXT)[..., 0].copy()
    lined = page.copy()
    columns = (333, 700, 1101)
    for x in columns:
        lined[:, x : x + 3] = 20
    cleaned = remove_scanner_lines(lined)
    beside = np.ones(page.shape[1], dtype=bool)
    for x in columns:
        beside[x - 1 : x + 4] = False
    assert (cleaned[:, beside] == page[:, beside]).all()
    assert (cleaned[1120:, 333] == 255).all()
    assert remove_scanner_lines(page) is page
    edge = page.copy()
    edge[:, :30] = 0
    assert (remove_scanner_lines(edge) == edge).all()


def shown_through(front, back, share):
    """The front with the back's ink, mirrored, at that share of its darkness."""
    through = 255 - share * (255.0 - back[:, ::-1])
    return np.minimum(front, through.astype(np.uint8))


def test_the_back_that_shows_through_is_taken_away():
    front = draw_lines(TEXT)[..., 0].copy()
    back = draw_lines(["", *["Sở Y tế đề nghị các cơ quan, đơn vị báo cáo"] * 9], top=150)[..., 0]
    page = shown_through(front, back, 0.4)
    cleaned = remove_show_through(page)
    ink = front < 128
    assert (page[~ink] < 200).mean() > 2 * (cleaned[~ink] < 200).mean()
    assert (cleaned[ink] < 128).all()


def test_pages_without_a_back_that_shows_through_pass_unchanged():
    front = draw_lines(TEXT)[..., 0].copy()
    for page in (front, np.maximum(front, 120), np.full((900, 700), 250, np.uint8), np.zeros((9, 9), np.uint8)):
        assert remove_show_through(page) is page
