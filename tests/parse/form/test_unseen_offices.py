"""Heads of offices of every kind: what the letters of names, numbers and titles may not be taken for."""

from datetime import date

import pytest

from tests.parse.form_builder import PITCH, WIDTH, centred, line, page
from vndoc.page import Line, Page
from vndoc.parse import parse_pages
from vndoc.parse.form import anchors
from vndoc.parse.form.columns import split_header
from vndoc.parse.form.head.writing import ordinary_case
from vndoc.parse.lines import document_lines
from vndoc.parse.notation import parse_notation

LEFT, RIGHT, MIDDLE = WIDTH // 4, WIDTH * 68 // 100, WIDTH * 52 // 100
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def head(issuer: str, number: list[Line], day: list[str], *title: str, national: str = STATE) -> Page:
    """A page with its letterhead in two columns, a title below and two lines of body."""
    rows = [centred(issuer, LEFT, 300), centred(national, RIGHT, 300), *number]
    rows += [centred(text, RIGHT, 500 + PITCH * i) for i, text in enumerate(day)]
    rows += [centred(text, MIDDLE, 900 + PITCH * i) for i, text in enumerate(title)]
    rows.append(line("Thực hiện chỉ đạo của cấp trên về chuyển đổi số trong các cơ quan", 430, 1400))
    rows.append(line("và đơn vị trực thuộc, cơ quan báo cáo kết quả như sau để quý cơ quan biết.", 300, 1400 + PITCH))
    return page(*rows)


def numbered(text: str) -> list[Line]:
    return [centred(text, LEFT, 500)]


DAY = ["Lạc Hồng, ngày 14 tháng 8 năm 2025"]


@pytest.mark.parametrize(
    ("capitals", "ordinary"),
    [
        ("QUÂN CHỦNG HẢI QUÂN", "Quân chủng Hải quân"),
        ("CÔNG ĐOÀN VIÊN CHỨC TỈNH LÂM ĐỒNG", "Công đoàn Viên chức tỉnh Lâm Đồng"),
        ("HÔI NÔNG DÂN TÌNH LÂM ĐỒNG", "Hội Nông dân tỉnh Lâm Đồng"),
        ("LIÊN ĐOÀN LAO ÐỘNG", "Liên đoàn Lao động"),
    ],
)
def test_marks_get_lost_but_none_comes_from_nothing(capitals: str, ordinary: str) -> None:
    assert ordinary_case(capitals) == ordinary


def test_a_subject_goes_on_with_the_name_of_the_issuer() -> None:
    title = "KẾ HOẠCH", "Tuyên truyền kỷ niệm 95 năm ngày thành lập", "Hội Nông dân Việt Nam"
    found = parse_pages([head("HỘI NÔNG DÂN", numbered("Số: 18/KH-HND"), DAY, *title)])
    assert found.subject == "Tuyên truyền kỷ niệm 95 năm ngày thành lập Hội Nông dân Việt Nam"


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        (("KẾT LUẬN THANH TRA", "Việc chấp hành pháp luật về đất đai"), "Việc chấp hành pháp luật về đất đai"),
        (("BÁO CÁO KẾT QUẢ", "thực hiện nhiệm vụ quý III"), "Kết quả thực hiện nhiệm vụ quý III"),
        (("BÁO CÁO TÌNH HÌNH", "Về việc thu gom rác thải"), "thu gom rác thải"),
    ],
)
def test_capitals_behind_a_type_above_a_subject(title: tuple[str, ...], subject: str) -> None:
    found = parse_pages([head("THANH TRA TỈNH", numbered("Số: 18/BC-TTr"), DAY, *title)])
    assert found.subject == subject


def test_a_date_broken_over_two_lines_is_print() -> None:
    day = ["Lạc Hồng, ngày 14", "tháng 8 năm 2025"]
    found = parse_pages([head("SỞ NỘI VỤ", numbered("Số: 18/KH-SNV"), day, "KẾ HOẠCH", "Số hóa tài liệu")])
    assert found.issued_date == date(2025, 8, 14)


def test_the_type_of_a_party_number_is_no_notation() -> None:
    parts = [line("Số: 45-KH", 400, 500), line("/TU", 720, 503)]
    party = "ĐẢNG CỘNG SẢN VIỆT NAM"
    whole = parse_pages([head("TỈNH ỦY LÂM ĐỒNG", parts, DAY, "KẾ HOẠCH", "số hóa tài liệu", national=party)])
    assert (whole.code_number, whole.code_notation) == ("45", "KH/TU")
    half = parse_pages([head("TỈNH ỦY LÂM ĐỒNG", parts[:1], DAY, "KẾ HOẠCH", "số hóa tài liệu", national=party)])
    assert half.code_notation is None


def test_abbreviations_that_hold_a_type_stay_whole() -> None:
    assert str(parse_notation("55/TTHĐND-VP")) == "55/TTHĐND-VP"
    assert str(parse_notation("09-HD/HĐĐ")) == "09-HD/HĐĐ"


def test_half_a_label_is_one() -> None:
    assert anchors.is_number_line("ố: 21/QĐ-UBND")
    assert not anchors.is_number_line("Ghi chú: 21 người")


def test_a_title_at_the_left_is_an_issuer() -> None:
    (row,) = document_lines([page(centred("TRUNG ƯƠNG ĐOÀN TNCS HỒ CHÍ MINH", LEFT, 300))])
    assert [piece.text for piece in split_header(row)] == ["TRUNG ƯƠNG ĐOÀN TNCS HỒ CHÍ MINH"]
    both = document_lines([page(line(f"LIÊN ĐOÀN LAO ĐỘNG - {STATE}", 300, 300))])[0]
    assert split_header(both)[0].text == "LIÊN ĐOÀN LAO ĐỘNG -"
