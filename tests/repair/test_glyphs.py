"""Letters that a font's map made others are found by syllables that cannot be, and settled by the words around."""

import pytest

from vndoc.page import Method, Page, page_from_text
from vndoc.repair import repair_page
from vndoc.repair.glyphs import is_miswritten

SOUND = """CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Hiện nay toàn tỉnh còn 12 phường, xã chưa hoàn thành công tác văn thư, lưu trữ.
Đoàn kiểm tra liên ngành làm việc với các cơ quan; hồ sơ, tài liệu tồn đọng phải được lập lại.
Công ty phải thanh toán các khoản nợ còn thiếu, không để thông tin bị lộ ra ngoài."""


def miswritten(text: str) -> str:
    pairs = (("oà", "ồ"), ("oá", "ố"), ("OÀ", "Ồ"), ("ô", "ơ"), ("Ô", "Ơ"))
    for right, wrong in pairs:
        text = text.replace(right, wrong)
    return text


def test_the_words_around_settle_what_was_written() -> None:
    assert repair_page(page_from_text(miswritten(SOUND))).text == SOUND


def test_sound_text_stays() -> None:
    text = SOUND + "\nÔng Đặng Hồi Sơn và bà Hồ Thị Mơ ở xã Đồn Đạc, huyện Tồn Thành."
    assert repair_page(page_from_text(text)).text == text


def test_a_text_layer_is_put_right_too() -> None:
    page = page_from_text(miswritten(SOUND))
    layer = Page(1, page.blocks, method=Method.TEXT_LAYER)
    assert repair_page(layer).text == SOUND


@pytest.mark.parametrize(
    ("text", "proved"),
    [("cơng tác", True), ("CỘNG HỒ XÃ HỘI", True), ("xã Kơng Chro", False), ("đương chức, bước đầu, ước tính", False)],
)
def test_what_proves_it(text: str, proved: bool) -> None:
    assert is_miswritten(text) is proved
