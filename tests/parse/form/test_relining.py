"""Lines of plain text put together and cut; offsets stay those of the text."""

import pytest

from tests.parse.form_builder import centred, page
from vndoc.page import page_from_text
from vndoc.parse.form.plain_text.relining import relined
from vndoc.parse.lines import document_lines, document_text


def lines_of(text: str) -> list[str]:
    """The lines as they were printed, with blanks made single."""
    pages = [page_from_text(text)]
    whole = document_text(pages)
    lines = relined(document_lines(pages))
    for line in lines:
        assert line.text.split() == whole[line.start : line.end].split()
    return [" ".join(line.text.split()) for line in lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("BỘ\nTÀI CHÍNH\nSố:\n12/BTC-CST", ["BỘ TÀI CHÍNH", "Số: 12/BTC-CST"]),
        ("CỘNG HÒA XÃ\nHỘI CHỦ NGHĨA VIỆT NAM", ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]),
        ("Độc lập -\nTự do\n- Hạnh phúc", ["Độc lập - Tự do - Hạnh phúc"]),
        ("Hà Nội, ngày 27\ntháng 11 năm 2025", ["Hà Nội, ngày 27 tháng 11 năm 2025"]),
        ("Hà\nNội, ngày\n27 tháng\n11 năm\n2025", ["Hà Nội, ngày 27 tháng 11 năm 2025"]),
        ("Hà Nội,\n\nngày 5 tháng 6 năm 2025", ["Hà Nội, ngày 5 tháng 6 năm 2025"]),
        ("phí ở Phú\nThọ\nHà Nội, ngày 5 tháng 6 năm 2025", ["phí ở Phú", "Thọ", "Hà Nội, ngày 5 tháng 6 năm 2025"]),
        ("Số:\n84/2025/QĐ-\nUBND", ["Số: 84/2025/QĐ- UBND"]),
        ("Số: 84/2025\n/QĐ-UBND", ["Số: 84/2025 /QĐ-UBND"]),
        ("QUYẾT\nĐỊNH\nVề\nviệc giao đất", ["QUYẾT ĐỊNH", "Về việc giao đất"]),
        ("Kính\ngửi: Bộ Y tế", ["Kính gửi: Bộ Y tế"]),
        ("ỦY BAN NHÂN DÂN\nTỈNH GIA LAI\nSỞ\nY TẾ", ["ỦY BAN NHÂN DÂN TỈNH GIA LAI", "SỞ Y TẾ"]),
        ("Điều 2. Thi hành.\nNơi\nnhận:\n- Lưu: VT.\nKT.\nGIÁM ĐỐC\nPHÓ\nGIÁM ĐỐC\nNguyễn\nVăn An",
         ["Điều 2. Thi hành.", "Nơi nhận:", "- Lưu: VT.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn An"]),
        ("Nơi nhận:\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH\nLê Văn An",
         ["Nơi nhận:", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn An"]),
        ("kế hoạch năm\n2026", ["kế hoạch năm 2026"]),
    ],
)  # fmt: skip
def test_a_break_within_a_phrase_is_none(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    "text",
    [
        "BỘ Y TẾ -\nBỘ TÀI CHÍNH",
        "BỘ TÀI CHÍNH\nCỤC THUẾ",
        "Nơi nhận:\n- Lưu: VT.\nGIÁM ĐỐC\nNguyễn Văn An\nTRƯỞNG PHÒNG\nTrần Thị Hoa",
        "Nơi nhận:\n- Lưu: VT.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nNguyễn Văn An",
        "BÁO CÁO\nKết quả công tác",
    ],
)
def test_other_lines_stay(text: str) -> None:
    assert lines_of(text) == text.split("\n")


def test_lines_with_boxes_stay() -> None:
    lines = document_lines([page(centred("BỘ", 600, 300), centred("TÀI CHÍNH", 600, 368))])
    assert relined(lines) == lines
