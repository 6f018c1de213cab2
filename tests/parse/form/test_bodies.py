"""Several bodies in one letterhead: above each other, run together, together."""

import pytest

from tests.parse.form_builder import centred, line, page
from vndoc.page import page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.form.head.issuer import end_of_superior

REST = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Tân Lập, ngày 23 tháng 9 năm 2025
Kính gửi: Các tổ
Thực hiện Kế hoạch số 1/KH-UBND, đề nghị các tổ báo cáo."""


def bodies(head: str) -> tuple[str | None, str | None]:
    found = parse_pages([page_from_text(f"{head}\n{REST}")])
    return found.organ_name, found.parent_organ_name


@pytest.mark.parametrize(
    ("name", "superior"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH AN GIANG SỞ NỘI VỤ", "ỦY BAN NHÂN DÂN TỈNH AN GIANG"),
        ("BỘ TÀI CHÍNH CỤC THUẾ", "BỘ TÀI CHÍNH"),
        ("UBND TP HỒ CHÍ MINH SỞ Y TẾ", "UBND TP HỒ CHÍ MINH"),
        ("CÔNG AN TỈNH NGHỆ AN PHÒNG CẢNH SÁT GIAO THÔNG", "CÔNG AN TỈNH NGHỆ AN"),
        ("TỈNH ỦY QUẢNG NAM BAN TUYÊN GIÁO", "TỈNH ỦY QUẢNG NAM"),
        ("VĂN PHÒNG UBND TỈNH AN GIANG", ""),
        ("BAN TỔ CHỨC TỈNH ỦY", ""),
        ("UBND XÃ PHÒNG PHÚ", ""),
        ("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH TỈNH AN GIANG", ""),
        ("BỘ GIÁO DỤC VÀ ĐÀO TẠO", ""),
    ],
)
def test_where_a_second_body_begins(name: str, superior: str) -> None:
    assert name[: end_of_superior(name)].strip() == superior


@pytest.mark.parametrize(
    ("head", "organ", "parent"),
    [
        ("CÔNG ĐOÀN PHƯỜNG TÂN LẬP\nCÔNG ĐOÀN CƠ SỞ\nUBND PHƯỜNG TÂN LẬP\nSố: 11/CĐCS",
         "Công đoàn cơ sở UBND phường Tân Lập", "Công đoàn phường Tân Lập"),
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH PHÚ THỌ\nCÔNG ĐOÀN CƠ SỞ TRƯỜNG THPT TÂN LẬP\nSố: 11/CĐCS",
         "Công đoàn cơ sở Trường THPT Tân Lập", "Liên đoàn Lao động tỉnh Phú Thọ"),
        ("ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ SỞ Y TẾ\nSố: 11/SYT-VP", "Sở Y tế", "Ủy ban nhân dân tỉnh Phú Thọ"),
        ("BỘ TÀI CHÍNH -\nBỘ NỘI VỤ\nSố: 11/2025/TTLT-BTC-BNV", "Bộ Tài chính - Bộ Nội vụ", None),
        ("BỘ TÀI CHÍNH\nBỘ NỘI VỤ\nSố: 11/2025/TTLT-BTC-BNV", "Bộ Tài chính - Bộ Nội vụ", None),
        ("SỞ Y TẾ -\nTRUNG TÂM PHÁP Y\nSố: 11/TTPY-TCHC", "Trung tâm Pháp y", "Sở Y tế"),
        ("BỘ TÀI CHÍNH\nCỤC THUẾ\nSố: 11/CT-CS", "Cục Thuế", "Bộ Tài chính"),
    ],
)  # fmt: skip
def test_who_issued_it(head: str, organ: str, parent: str | None) -> None:
    assert bodies(head) == (organ, parent)


@pytest.mark.parametrize("label", ["V/v", "VW", "ý", "V ý", "V⁄y", "Vly:", "W", "/v", "V.v"])
def test_what_a_subjects_label_is_misread_as_is_no_word_of_it(label: str) -> None:
    rows = [
        centred("ỦY BAN NHÂN DÂN", 620, 300),
        centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1750, 300),
        centred("PHƯỜNG AN LẠC", 620, 368),
        centred("Độc lập - Tự do - Hạnh phúc", 1750, 368),
        centred("Số: 45/UBND-VP", 620, 470),
        centred("An Lạc, ngày 14 tháng 8 năm 2025", 1750, 470),
        centred(f"{label} rà soát hồ sơ theo Kế hoạch", 620, 538),
        centred("số 12/KH-UBND", 620, 598),
        line("Kính gửi: Các khu phố trên địa bàn phường", 700, 720),
        line("Thực hiện Kế hoạch số 88/KH-UBND ngày 20/6/2025 của Ủy ban nhân dân thành phố, Ủy ban", 300, 850),
    ]
    found = parse_pages([page(*rows)])
    assert (found.subject, found.code_number) == ("rà soát hồ sơ theo Kế hoạch số 12/KH-UBND", "45")


@pytest.mark.parametrize(
    ("subject", "said"), [("ý kiến về dự thảo", "ý kiến về dự thảo"), ("vi phạm giao thông", "vi phạm giao thông")]
)
def test_words_like_the_label_stay(subject: str, said: str) -> None:
    found = parse_pages([page_from_text(f"SỞ Y TẾ\nSố: 11/SYT-VP\nV/v {subject}\n{REST}")])
    assert found.subject == said
