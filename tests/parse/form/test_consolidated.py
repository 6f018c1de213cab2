"""Consolidated texts: issuer, number and date stand on the last page."""

from datetime import date

from tests.parse.form_builder import centred, line, page
from vndoc.page import page_from_text
from vndoc.parse import parse_pages

TEXT = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

THÔNG TƯ
Quy định về kê đơn thuốc

Thông tư số 05/2016/TT-BYT ngày 29 tháng 02 năm 2016 của Bộ trưởng Bộ Y tế, được sửa đổi, bổ sung bởi:
Điều 1. Phạm vi điều chỉnh
"""


def identity(*pages):
    found = parse_pages(list(pages))
    return found.type_name, found.code_number, found.code_notation, found.issued_date, found.organ_name


def test_plain_text_with_the_block_at_its_end() -> None:
    issued = "\nBỘ Y TẾ\nSố: 12/VBHN-BYT\n\nXÁC THỰC VĂN BẢN HỢP NHẤT\nHà Nội, ngày 05 tháng 12 năm 2025\n"
    found = identity(page_from_text(TEXT + issued + "BỘ TRƯỞNG\nLê Văn An"))
    assert found == ("Thông tư", "12", "VBHN-BYT", date(2025, 12, 5), "Bộ Y tế")


def test_the_block_in_two_columns_of_the_last_page() -> None:
    first = page(
        centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1240, 300),
        centred("Độc lập - Tự do - Hạnh phúc", 1240, 368),
        centred("NGHỊ ĐỊNH", 1240, 560),
        centred("Quy định về bán đấu giá tài sản", 1240, 628),
        line("Căn cứ Luật Đấu giá tài sản ngày 17 tháng 11 năm 2016;", 300, 800),
    )
    last = page(
        line("Điều 9. Hiệu lực thi hành", 300, 300),
        centred("BỘ TƯ PHÁP", 620, 900),
        centred("Số: 46/VBHN-BTP", 620, 1000),
        line("Nơi nhận:", 300, 1100),
        line("- Lưu: VT.", 300, 1168),
        centred("XÁC THỰC VĂN BẢN HỢP NHẤT", 1750, 900),
        centred("Hà Nội, ngày 14 tháng 5 năm 2025", 1750, 1000),
        centred("BỘ TRƯỞNG", 1750, 1100),
        centred("Nguyễn Văn An", 1750, 1500),
        number=2,
    )
    assert identity(first, last) == ("Nghị định", "46", "VBHN-BTP", date(2025, 5, 14), "Bộ Tư pháp")


def test_a_head_with_a_number_is_its_own() -> None:
    head = "VĂN PHÒNG QUỐC HỘI\nSố: 121/VBHN-VPQH\n" + TEXT.replace(
        "\n\nTHÔNG", "\nHà Nội, ngày 05 tháng 12 năm 2025\n\nTHÔNG"
    )
    found = identity(page_from_text(head + "\nXÁC THỰC VĂN BẢN HỢP NHẤT\nCHỦ NHIỆM\nLê Văn An"))
    assert found == ("Thông tư", "121", "VBHN-VPQH", date(2025, 12, 5), "Văn phòng Quốc hội")
