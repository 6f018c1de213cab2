"""The roles of the head's lines: lines that resemble something else, and what the whole sequence makes of them."""

import time
from itertools import pairwise

import pytest

from tests.parse.form_builder import PITCH, WIDTH, centred, line, page
from vndoc.page import Line, Page, page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.form.head.features import PageFrame, features_of, frame_of, relation
from vndoc.parse.form.head.labelling import ZONES
from vndoc.parse.form.head.parting import label_head
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.knowledge import load
from vndoc.parse.lines import TextLine, document_lines
from vndoc.trace import traced

LEFT, RIGHT, MIDDLE = WIDTH // 4, WIDTH * 68 // 100, WIDTH * 52 // 100
DATA = load("zones")


def letterhead(*issuer: str, number: str = "Số: 12/QĐ-UBND") -> list[Line]:
    """Issuer and number at the left, national title, motto, place and date at the right."""
    rows = [centred(text, LEFT, 300 + PITCH * i) for i, text in enumerate(issuer)]
    rows.append(centred(number, LEFT, 300 + PITCH * (len(issuer) + 1)))
    rows.append(centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", RIGHT, 300))
    rows.append(centred("Độc lập - Tự do - Hạnh phúc", RIGHT, 300 + PITCH))
    rows.append(centred("Lạc Hồng, ngày 14 tháng 8 năm 2025", RIGHT, 300 + PITCH * (len(issuer) + 1)))
    return rows


def below(*rows: str, start: int = 900) -> list[Line]:
    return [centred(text, MIDDLE, start + PITCH * i) for i, text in enumerate(rows)]


def paragraph(start: int) -> list[Line]:
    first = line("Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm", 430, start)
    return [first, line("2025 và các quy định của pháp luật có liên quan về lưu trữ;", 300, start + PITCH)]


def roles(read: Page) -> dict[str, str]:
    """The role of every piece of the head by its text."""
    lines = sorted(document_lines([read]), key=lambda row: row.box.y_center if row.box else 0)
    return {piece.piece.text: piece.role for row in label_head(lines).lines for piece in row}


# --- the data -----------------------------------------------------------------------------------------------


def test_every_role_has_weights_and_a_reason() -> None:
    assert set(DATA["shows"]) == set(DATA["why"]) == set(ZONES)
    placed = set(ZONES) - {"stamp", "furniture"}
    assert set(DATA["order"]) == placed | {"letterhead"}
    for role in placed:
        assert "else" in DATA["order"][role]
        assert set(DATA["order"][role]) <= placed | {"nothing", "else"}


def test_every_feature_that_weighs_is_explained_and_the_other_way_round() -> None:
    assert {feature for table in DATA["shows"].values() for feature in table} == set(DATA["features"])
    assert {relation for table in DATA["follows"].values() for relation in table} == set(DATA["relations"])
    for pair in DATA["follows"]:
        after, before = pair.split(" after ")
        assert {after, before} <= set(ZONES)


def test_every_feature_of_a_line_is_known() -> None:
    lines = document_lines(
        [page(*letterhead("ỦY BAN NHÂN DÂN", "TỈNH LẠC HỒNG"), *below("QUYẾT ĐỊNH", "Về việc số hóa"))]
    )
    frame = frame_of(lines, lines)
    assert {name for piece in lines for name in features_of(piece, frame)} <= set(DATA["features"])
    related = {name for a, b in pairwise(lines) for name in relation(a, b, frame)}
    assert related <= set(DATA["relations"])
    assert all(0 < value <= 1 for piece in lines for value in features_of(piece, frame).values())


def test_plain_text_has_no_features_of_place() -> None:
    (first,) = document_lines([page_from_text("QUYẾT ĐỊNH")])
    found = features_of(first, PageFrame(page=1, axis=0))
    assert "unplaced" in found
    assert not {"left", "right", "centred", "wide", "beside"} & set(found)


# --- lines that resemble something else ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["PHƯỜNG AN LẠC", "XÃ HÒA THUẬN", "PHƯỜNG 5", "PHƯỜNG DĨ AN"])
def test_a_place_whose_name_resembles_a_type_stays_in_the_letterhead(name: str) -> None:
    read = page(*letterhead("ỦY BAN NHÂN DÂN", name), *below("QUYẾT ĐỊNH", "Về việc số hóa tài liệu"), *paragraph(1200))
    found = roles(read)
    assert found[name] == "issuer"
    assert found["QUYẾT ĐỊNH"] == "type"


def test_a_subject_may_begin_as_bodies_do() -> None:
    first, second = "Thực hiện công tác quy hoạch cán bộ quản lý", "giai đoạn 2016 - 2021"
    read = page(*letterhead("SỞ NỘI VỤ"), *below("KẾ HOẠCH", first, second), *paragraph(1300))
    assert {roles(read)[row] for row in (first, second)} == {"subject"}


def test_capitals_of_a_subject_go_on_and_those_of_who_decides_do_not() -> None:
    subject = "KẾT QUẢ CÔNG TÁC VĂN THƯ", "TRÊN ĐỊA BÀN TỈNH LẠC HỒNG"
    read = page(*letterhead("SỞ NỘI VỤ"), *below("BÁO CÁO", *subject), *paragraph(1300))
    assert {roles(read)[row] for row in subject} == {"subject"}
    read = page(
        *letterhead("SỞ NỘI VỤ"),
        *below("QUYẾT ĐỊNH", "Về việc số hóa tài liệu"),
        *below("GIÁM ĐỐC SỞ NỘI VỤ", start=1150),
        *paragraph(1300),
    )
    assert roles(read)["GIÁM ĐỐC SỞ NỘI VỤ"] == "body"


def test_a_stamp_below_the_number_is_no_issuer() -> None:
    stamp = [line("VĂN PHÒNG UBND TỈNH", 130, 760), line("ĐẾN Số: ........", 130, 830)]
    read = page(*letterhead("BỘ CÔNG AN"), *stamp, *below("KẾ HOẠCH", "Kiểm soát ma túy năm 2026"), *paragraph(1300))
    found = roles(read)
    assert found["BỘ CÔNG AN"] == "issuer"
    assert found["VĂN PHÒNG UBND TỈNH"] != "issuer"


def test_what_the_head_cites_is_not_cut_off_as_place_and_date() -> None:
    rows = "Sửa đổi Thông tư số 02/2007/TT-BTM", "ban hành theo Quyết định số 5/QĐ-BCT ngày 02 tháng 02 năm 2007"
    read = page(*letterhead("BỘ CÔNG THƯƠNG"), *below("THÔNG TƯ", *rows), *paragraph(1300))
    assert {roles(read)[row] for row in rows} == {"subject"}


def test_a_misread_about_opens_the_subject() -> None:
    row = centred("VW rà soát thiết bị", LEFT, 300 + 3 * PITCH)
    sent = line("Kính gửi: Các đơn vị trực thuộc Sở", 700, 900)
    read = page(*letterhead("SỞ NỘI VỤ", number="Số: 12/SNV-VP"), row, sent, *paragraph(1100))
    assert roles(read)["VW rà soát thiết bị"] == "about"
    assert parse_pages([read]).subject == "rà soát thiết bị"


def test_a_letter_of_introduction_has_no_subject() -> None:
    row = "Sở Nội vụ trân trọng giới thiệu ông Đặng Hoài Sơn, chuyên viên"
    text = BROKEN.replace("THÔNG TƯ\nVề việc quản lý thuế", f"GIẤY GIỚI THIỆU\n{row},")
    assert parse_pages([page_from_text(text)]).subject is None


# --- halves -------------------------------------------------------------------------------------------------

BROKEN = """BỘ
TÀI CHÍNH
Số:
84/2025/TT-BTC
CỘNG HOÀ XÃ HỘI
CHỦ NGHĨA VIỆT NAM
Độc lập -
Tự do - Hạnh phúc
Hà Nội, ngày 27
tháng 11 năm 2025
THÔNG TƯ
Về việc quản lý thuế

Căn cứ Luật Quản lý thuế;
"""


def test_values_broken_over_two_lines_are_whole() -> None:
    dispatch = parse_pages([page_from_text(BROKEN)])
    assert (dispatch.code_number, dispatch.code_notation) == ("84", "2025/TT-BTC")
    assert (dispatch.place, str(dispatch.issued_date)) == ("Hà Nội", "2025-11-27")
    assert dispatch.organ_name == "Bộ Tài chính"


def test_a_subject_in_capitals_may_begin_with_the_name_of_a_type() -> None:
    text = BROKEN.replace("THÔNG TƯ\nVề việc quản lý thuế", "THÔNG BÁO\nKẾT LUẬN CỦA BỘ TRƯỞNG TẠI CUỘC HỌP THÁNG 8")
    assert (parse_pages([page_from_text(text)]).subject or "").startswith("Kết luận của")


# --- doubt, trace and time ----------------------------------------------------------------------------------


def test_doubt_about_a_line_lowers_what_is_read_from_it() -> None:
    clear = page(*letterhead("SỞ NỘI VỤ"), *below("KẾ HOẠCH", "Số hóa tài liệu", "lưu trữ"), *paragraph(1300))
    doubtful = page(
        *letterhead("SỞ NỘI VỤ"),
        *below("KẾ HOẠCH", "Số hóa tài liệu"),
        *below("Năm 2025 và năm 2026", start=1066),
        *paragraph(1300),
    )
    sure = [min(row.sure for row in find_zones(document_lines([p])).title) for p in (clear, doubtful)]
    assert sure[0] > 0.97 > sure[1]
    confidence = [parse_pages([p]).evidence["/subject"].confidence for p in (clear, doubtful)]
    assert confidence[0] > confidence[1]


def test_a_close_decision_is_noted() -> None:
    doubtful = page(
        *letterhead("SỞ NỘI VỤ"),
        *below("KẾ HOẠCH", "Số hóa tài liệu"),
        *below("Năm 2025 và năm 2026", start=1066),
        *paragraph(1300),
    )
    with traced() as decisions:
        parse_pages([doubtful])
    noted = [decision for decision in decisions if decision.subject == "/zones"]
    assert noted
    assert any(" or " in decision.outcome for decision in noted)


def test_the_head_ends_where_the_body_begins_however_long_that_is() -> None:
    rows = [*letterhead("SỞ NỘI VỤ"), *below("QUYẾT ĐỊNH", "Về việc số hóa tài liệu")]
    rows += [row for i in range(12) for row in paragraph(1200 + 2 * i * PITCH)]
    lines = sorted(document_lines([page(*rows)]), key=lambda row: row.box.y_center if row.box else 0)
    assert label_head(lines).end == next(i for i, row in enumerate(lines) if row.text.startswith("Căn cứ"))


def test_a_head_without_end_takes_no_time_without_end() -> None:
    lines: list[TextLine] = document_lines([page_from_text("\n".join(["V/v rà soát", "SỞ Y TẾ", "KẾ HOẠCH"] * 2_000))])
    start = time.process_time()
    label_head(lines)
    assert time.process_time() - start < 2
