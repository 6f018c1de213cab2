"""The readers of single fields on the lines they have to bear."""

from dataclasses import replace
from datetime import date

import pytest

from tests.parse.form_builder import line, page, word
from vndoc.page import Block, Box, Line, Origin, Page, Word, page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.form.foot.names import read_name, strip_titles
from vndoc.parse.form.foot.signature import read_signature
from vndoc.parse.form.foot.signing import read_signing_line
from vndoc.parse.form.head.header import near_signature, read_code, read_place
from vndoc.parse.form.head.recipients import read_recipients, read_to_places
from vndoc.parse.form.head.writing import ordinary_case
from vndoc.parse.form.slots import day_candidates, digit_candidates, digits_in, slot_at
from vndoc.parse.form.stamps.arrival import read_arrival
from vndoc.parse.form.stamps.marks import read_signed_date
from vndoc.parse.lines import TextLine, document_lines
from vndoc.slots import SlotKind


def rows(*texts: str) -> tuple[TextLine, ...]:
    return tuple(document_lines([page_from_text("\n".join(texts))]))


def boxed(*lines: Line) -> tuple[TextLine, ...]:
    return tuple(document_lines([page(*lines)]))


# --- number and notation -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "number", "notation"),
    [
        ("Số: 20/GM-SYT", "Giấy mời", "20", "GM-SYT"),
        ("Số: 29/QĐÐ-TTg", "Quyết định", "29", "QĐ-TTg"),
        ("Số 254-KH/TU", "Kế hoạch", "254", "KH/TU"),
        ("Số: 05 /2010/FT-BCT", "Thông tư", "05", "2010/TT-BCT"),
        ("Số: 12 /TBSYT", "Thông báo", "12", "TB-SYT"),
        ("Só: 16 /QĐ- BGDĐT", "Quyết định", "16", "QĐ-BGDĐT"),
        ("Số: 12a/UBND-KGVX", "Công văn", "12a", "UBND-KGVX"),
        ("SỐ: 815 /UBND", "Công văn", "815", "UBND"),
        ("Số: 44 zGM-TB", "Giấy mời", "44", "GM-TB"),
        ("S4 /TB-SYT", "Thông báo", "4", "TB-SYT"),
        ("Số: 77/2012/TTLT-BTC-BCT", "Thông tư liên tịch", "77", "2012/TTLT-BTC-BCT"),
        ("Số: 01UBND-VHXH", "Công văn", "01", "UBND-VHXH"),
        ("Số: 176 KH/TĐTN-PT", "Kế hoạch", "176", "KH/TĐTN-PT"),
        ("Số: 1117/CTT-TIg", "Chương trình", "1117", "CTr-TTg"),
    ],
)
def test_number_and_notation(text: str, kind: str, number: str, notation: str) -> None:
    code = read_code(rows(text), (), kind)
    assert (code.number.sure, code.notation.sure) == (number, notation)


@pytest.mark.parametrize("text", ["Số: Ø2 /CT-UBND", "Số:0+ /CT-UBND", "Số: # /CT-UBND", "Số: /CT-UBND"])
def test_what_is_no_number_is_withheld(text: str) -> None:
    code = read_code(rows(text), (), "Chỉ thị")
    assert code.number.sure is None
    assert code.notation.sure == "CT-UBND"


def test_a_clean_notation_is_not_touched_by_another_title() -> None:
    assert read_code(rows("Số: 4/GM-TB"), (), "Thông báo").notation.value == "GM-TB"
    assert read_code((), (), None).slot is None


def test_a_notation_vouched_for_by_the_title_is_taken_from_bad_ink() -> None:
    words = (word("Số:", 300, 700), word("8†", 400, 700, 0.1), word("/QĐ-UBND", 480, 700, 0.0))
    code = read_code(boxed(Line(words)), (), "Quyết định")
    assert code.notation.sure == "QĐ-UBND"
    assert code.number.sure is None


def test_text_layers_are_believed_where_they_have_the_size_of_print() -> None:
    words = (word("Số:", 300, 700), word("507", 400, 700, 0.6, 36), word("/UBND-VX", 500, 700))
    row = boxed(Line(tuple(replace(w, origin=Origin.TEXT_LAYER) for w in words)))[0]
    assert slot_at(SlotKind.NUMBER, row, 4, 7, Box(0, 660, 10, 700)).confidence == 0.98
    assert slot_at(SlotKind.NUMBER, row, 4, 7, Box(0, 680, 10, 700)).confidence < 0.5
    assert slot_at(SlotKind.NUMBER, row, 4, 7, None).confidence == 0.98


@pytest.mark.parametrize("confidence", [0.6, 1.0])
def test_how_sure_an_engine_is_does_not_make_its_words_text(confidence: float) -> None:
    words = (word("Số:", 300, 700), word("507", 400, 700, confidence, 36), word("/UBND-VX", 500, 700))
    read = slot_at(SlotKind.NUMBER, boxed(Line(words))[0], 4, 7, Box(0, 680, 10, 700))
    assert (read.origin, read.confidence) == (Origin.OCR, min(confidence, 0.3))


def test_slots_without_boxes_have_none() -> None:
    row = rows("ngày 05 tháng 6 năm 2020")[0]
    slot = slot_at(SlotKind.DAY, row, 5, 7, None)
    assert (slot.box, digits_in(slot), slot.origin) == (None, "05", Origin.TYPED)


def test_what_misread_digits_may_be() -> None:
    assert digit_candidates("2/") == [("21", 0.5), ("27", 0.5)]
    assert digit_candidates("ww") == []
    assert digit_candidates("") == []
    assert day_candidates("3/", range(1, 32)) == [(31, 1.0)]
    assert day_candidates("9O", range(1, 32)) == []


def test_place() -> None:
    assert read_place(rows("Quang Ngai, ngày 4 tháng 2 năm 2024")).value == "Quảng Ngãi"
    assert read_place(rows("TP. Rạch Giá, ngày 4 tháng 2 năm 2024")).value == "TP. Rạch Giá"
    assert read_place(rows("Tp. Ho Chi Minh, ngày 4 tháng 2 năm 2024")).value == "Tp. Hồ Chí Minh"
    assert read_place(rows("Thành phố Cần Tho, ngày 4 tháng 2 năm 2024")).value == "Thành phố Cần Thơ"
    assert read_place(rows("Bến Trúc, ngày tháng 12 năm 2024")).value == "Bến Trúc"
    assert read_place(rows(", ngày 4 tháng 2 năm 2024")).value is None
    assert read_place(()).value is None


def test_days_near_an_electronic_signature() -> None:
    signed = date(2024, 3, 18)
    assert near_signature(date(2024, 3, 15), signed) > near_signature(date(2024, 3, 11), signed)
    assert near_signature(date(2024, 3, 19), signed) < 0.05
    assert near_signature(date(2024, 3, 19), None) == 1


# --- type and subject --------------------------------------------------------------------------------------------


def head(*middle: str) -> str:
    return "\n".join(
        [
            "UBND TỈNH AN GIANG",
            "SỞ Y TẾ",
            "Số: 12/BC-SYT",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "An Giang, ngày 3 tháng 7 năm 2022",
            *middle,
        ]
    )


@pytest.mark.parametrize(
    ("lines", "kind", "subject"),
    [
        (["BÁO CÁO", "Về kết quả công tác", "Theo kế hoạch, Sở báo cáo."], "Báo cáo", "kết quả công tác"),
        (["BÁO CÁO", "Vềviệc khám bệnh", "Trong năm, Sở đã làm."], "Báo cáo", "khám bệnh"),
        (["BÁO CÁO", "O.NG Ã \\⁄2 việc khám bệnh", "Trong năm, Sở đã làm."], "Báo cáo", "khám bệnh"),
        (
            ["BÁO CÁO", 'Kết quả của Trường Phạm "Ngọc Thạch.', "1. Kết quả"],
            "Báo cáo",
            "Kết quả của Trường Phạm Ngọc Thạch",
        ),
        (["BÁO CÁO KẾT QUẢ CÔNG TÁC", "NĂM 2022", "Thực hiện kế hoạch."], "Báo cáo", "kết quả công tác năm 2022"),
        (["BÁO CÁO", "SỞ Y TẾ TỈNH AN GIANG", "Căn cứ Luật Khám bệnh;"], "Báo cáo", None),
        (["Kính gửi: Bộ Y tế.", "Sở báo cáo."], "Báo cáo", None),
        (["BÁO CÁO", "Kết quả Kế hoạch s 254-KH/TU", "1. Kết quả"], "Báo cáo", "Kết quả Kế hoạch số 254-KH/TU"),
        (["BÁO CÁO", "Kết quả", "- Một gạch đầu dòng"], "Báo cáo", "Kết quả"),
        (["BÁO CÁO", "(V/v quản lý thuốc (đợt 2))", "Căn cứ Luật Dược;"], "Báo cáo", "quản lý thuốc (đợt 2)"),
        (["BÁO CÁO", "(Kết quả năm 2022)", "Căn cứ Luật Dược;"], "Báo cáo", "Kết quả năm 2022"),
        (["BÁO CÁO", "Kết quả năm 2022 (lần 2)", "Căn cứ Luật Dược;"], "Báo cáo", "Kết quả năm 2022 (lần 2)"),
        (
            [
                "NGHỊ QUYẾT CỦA HỘI ĐỒNG QUẢN LÝ QUỸ",
                "VÌ NGƯỜI NGHÈO TỈNH AN GIANG",
                "(Về việc sửa đổi Điều lệ)",
                "Căn cứ Luật;",
            ],
            "Nghị quyết",
            "sửa đổi Điều lệ",
        ),
        (
            ["QUYẾT ĐỊNH CỦA BAN THƯỜNG VỤ", "TỈNH ỦY AN GIANG", "về phân cấp quản lý cán bộ", "Căn cứ Điều lệ;"],
            "Quyết định",
            "của Ban Thường vụ Tỉnh ủy An Giang về phân cấp quản lý cán bộ",
        ),
        (
            ["QUYẾT ĐỊNH", "CỦA BỘ TRƯỞNG BỘ Y TẾ", "Ban hành Quy chế thu chi", "BỘ TRƯỞNG BỘ Y TẾ", "Căn cứ Luật;"],
            "Quyết định",
            "Ban hành Quy chế thu chi",
        ),
        (["QUYẾT ĐỊNH CỦA CHÁNH VĂN PHÒNG", "Căn cứ Luật Dược;", "1. Kết quả"], "Quyết định", None),
    ],
)
def test_type_and_subject(lines: list[str], kind: str, subject: str | None) -> None:
    dispatch = parse_pages([page_from_text(head(*lines))])
    assert (dispatch.type_name, dispatch.subject) == (kind, subject)


def test_a_letter_without_notation_is_known_by_whom_it_addresses() -> None:
    assert parse_pages([page_from_text("Kính gửi: Sở Y tế\n\nTrân trọng.")]).type_name == "Công văn"


# --- issuer ------------------------------------------------------------------------------------------------------


def test_names_in_ordinary_capitals() -> None:
    assert ordinary_case("SỞ Y TÉ (DỰ ÁN GAVI)") == "Sở Y tế (Dự án GAVI)"
    assert ordinary_case("CÔNG TY TNHH MTV CẤP NƯỚC") == "Công ty TNHH MTV Cấp nước"
    assert ordinary_case("ỦY BAN NHÂN DÂN HUYỆN MỘ ĐỨC") == "Ủy ban nhân dân huyện Mộ Đức"
    assert ordinary_case("BAN LẠ LÙNG XA XÔI") == "Ban Lạ lùng xa xôi"
    assert ordinary_case("") == ""


@pytest.mark.parametrize(
    ("issuer", "number", "organ", "parent"),
    [
        (["BỘ Y TẾ -", "BỘ TÀI CHÍNH"], "12/TTLT-BYT-BTC", "Bộ Y tế - Bộ Tài chính", None),
        (["HỘI NÔNG DÂN -", "SỞ Y TẾ"], "12/CTr-HND-SYT", "Hội Nông dân - Sở Y tế", None),
        (["SỞ NỘI VỤ", "SỞ TÀI CHÍNH"], "12/HDLT-SNV-STC", "Sở Nội vụ - Sở Tài chính", None),
        (["BỘ LAO ĐỘNG - THƯƠNG BINH", "VÀ XÃ HỘI"], "12/QĐ-LĐTBXH", "Bộ Lao động - Thương binh và Xã hội", None),
        (["SỞ Y TẾ", "BỆNH VIỆN ĐA KHOA"], "12/KHPH-BVĐK-SGDĐT", "Bệnh viện đa khoa", "Sở Y tế"),
        (["BỘ Y TẾ", "VỤ TỔ CHỨC - CÁN BỘ"], "12/TTr-TCCB", "Vụ Tổ chức - Cán bộ", "Bộ Y tế"),
    ],
)
def test_bodies_that_issue_together(issuer: list[str], number: str, organ: str, parent: str | None) -> None:
    text = "\n".join(
        [*issuer, f"Số: {number}", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Hà Nội, ngày 3 tháng 7 năm 2012"]
    )
    dispatch = parse_pages([page_from_text(f"{text}\n\nKẾ HOẠCH\nKhám bệnh\n\nCăn cứ Luật;")])
    assert (dispatch.organ_name, dispatch.parent_organ_name) == (organ, parent)


def letterhead(*issuer: Line, notation: str = "/GM-GAVI", place: str = "An Giang") -> Page:
    return page(
        *issuer,
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1300, 500),
        line(f"Số: 20 {notation}", 360, 720),
        line(f"{place}, ngày 20 tháng 10 năm 2017", 1380, 720),
        line(f"Sở Y tế huyện {place} mời dự họp tại huyện {place} về công tác này.", 300, 1400),
    )


def test_a_misread_abbreviation_is_that_of_the_notation() -> None:
    row = line("SỞ Y TẾ (DỰ ÁN GAVD", 300, 570)
    words = [replace(w, confidence=0.4) if w.text == "GAVD" else w for w in row.words]
    dispatch = parse_pages([letterhead(line("UBND TỈNH AN GIANG", 300, 500), Line(tuple(words)))])
    assert (dispatch.parent_organ_name, dispatch.organ_name) == ("UBND tỉnh An Giang", "Sở Y tế (Dự án GAVI)")


def test_a_misread_place_is_that_of_the_date() -> None:
    page_ = letterhead(line("ỦY BAN NHÂN DÂN", 300, 500), line("HUYỆN PHÚ ĐIÊỀN", 300, 570), place="Phú Điền")
    assert parse_pages([page_]).organ_name == "Ủy ban nhân dân huyện Phú Điền"


def test_an_issuer_that_the_repair_has_bent_is_read_as_it_was() -> None:
    row = line("U BAN NHÂN DÂN", 300, 500)
    words = (replace(row.words[0], raw="UỶ"), *row.words[1:])
    dispatch = parse_pages([letterhead(Line(words), line("TỈNH AN GIANG", 300, 570))])
    assert dispatch.organ_name == "Ủy ban nhân dân tỉnh An Giang"


@pytest.mark.parametrize(
    ("notation", "organ"), [("QĐ-BYT", "Bộ Y tế"), ("CT-TTg", "Thủ tướng Chính phủ"), ("GM-XX", None)]
)
def test_issuers_known_by_their_notation(notation: str, organ: str | None) -> None:
    text = f"Số: 12/{notation}\nHà Nội, ngày 3 tháng 7 năm 2022\nV/v họp\nKính gửi: Sở Y tế."
    assert parse_pages([page_from_text(text)]).organ_name == organ


# --- recipients and Nơi nhận -------------------------------------------------------------------------------------


def values(found: list) -> list[str | None]:  # type: ignore[type-arg]
    return [item.value for item in found]


def test_entries_without_dashes_end_with_semicolons() -> None:
    assert values(
        read_to_places(rows("Nơi nhận:", "Như trên;", "Báo Tuổi trẻ;", "Đài PT-TH tỉnh", "An Giang;", "Lưu: VT."))
    ) == [
        "Như trên",
        "Báo Tuổi trẻ",
        "Đài PT-TH tỉnh An Giang",
        "Lưu: VT",
    ]


def test_what_is_behind_the_last_entry_is_not_one() -> None:
    lines = rows("Nơi nhận: - Như trên; m", "- Sở KH&ĐT; Sở Y tế;", "- Lưu: VT; KH. bú", "ttloc 45", "- Không phải")
    assert values(read_to_places(lines)) == ["Như trên", "Sở KH&ĐT; Sở Y tế", "Lưu: VT; KH"]


def test_marks_of_common_phrases_are_restored_and_letters_kept() -> None:
    lines = rows("- Thường tực HĐND;", "- Công TTĐT tỉnh;", "- Đăng ủy Khối Công ghiệp;", "- Lm VT, KHTC.")
    assert values(read_to_places(lines)) == [
        "Thường tực HĐND",
        "Cổng TTĐT tỉnh",
        "Đảng ủy Khối Công ghiệp",
        "Lưu VT, KHTC",
    ]


def test_codes_are_taken_as_read() -> None:
    words = (Word("-"), Word("Trường"), Word("CHE", raw="CĐYT"), Word("UBND", raw="DBND"), Word("tỉnh", raw="tinh"))
    words = (*words, Word("VPHĐND&UBND;", raw="VPHDBND&UBND;"))
    lines = document_lines([Page(1, (Block((Line(words),)),))])
    assert values(read_to_places(lines)) == ["Trường CĐYT UBND tỉnh VPHĐND&UBND"]


def test_specks_in_the_list_are_dropped() -> None:
    lines = boxed(line("- Như trên;", 300, 100), line("NHAN HÀ ogV", 300, 170, 0.2), line("- Lưu: VT.", 300, 240))
    assert values(read_to_places(lines)) == ["Như trên", "Lưu: VT"]


def test_recipients_on_one_line_and_wrapped() -> None:
    lines = rows("Kính gửi: Ủy ban nhân dân các tỉnh,", "thành phố trực thuộc Trung ương.")
    assert values(read_recipients(lines)) == ["Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"]
    assert read_recipients(rows("Kính gửi:", "…")) == []


@pytest.mark.parametrize("other", ["Bình Sơn, ngày 27 tháng 3 năm 2024", "Số: 815/UBND-NC"])
def test_place_date_and_number_are_no_recipients(other: str) -> None:
    for lines in (rows(f"Kính gửi: {other}", "- Sở Nội vụ;"), rows("Kính gửi:", other, "- Sở Nội vụ;")):
        assert values(read_recipients(lines)) == ["Sở Nội vụ"]
    assert values(read_recipients(rows(f"Kính gửi: {other}", "Ủy ban nhân dân xã."))) == ["Ủy ban nhân dân xã"]
    assert values(read_recipients(rows("Kính gửi:", "- Sở, ban, ngành, UBND các xã."))) == [
        "Sở, ban, ngành, UBND các xã"
    ]


# --- signature ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "authority", "position"),
    [
        (["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], ["KT. CHỦ TỊCH"], "PHÓ CHỦ TỊCH"),
        (["^, GIÁM ĐÓC", "PHÓ GIÁM ĐỐC"], ["KT. GIÁM ĐỐC"], "PHÓ GIÁM ĐỐC"),
        (["KT. BỘ TRƯỞNG"], ["KT. BỘ TRƯỞNG"], None),
        (["KT. BỘ TRƯỞNG", "THPW TRƯXNG"], ["KT. BỘ TRƯỞNG"], "THỨ TRƯỞNG"),
        (["KT. HIỆU TRƯỞNG", "Trần Thị Bình"], ["KT. HIỆU TRƯỞNG"], None),
        (["KT. THỦ TRƯỞNG", "PHÓ THỦ TRƯỞNG", "Đỗ Văn Bảnh"], ["KT. THỦ TRƯỞNG"], "PHÓ THỦ TRƯỞNG"),
        (["KT. CỤM TRƯỞNG", "PHÓ CỤM TRƯỞNG", "Đỗ Văn Bảnh"], ["KT. CỤM TRƯỞNG"], "PHÓ CỤM TRƯỞNG"),
        (["KT. CHỦ TỊCH", "TẠ CHỦ TỊCH"], ["KT. CHỦ TỊCH"], "PHÓ CHỦ TỊCH"),
        (["XiBO TRƯỜNG", "Vo TRƯỜNG"], [], None),
        (["KT. GIÁM ĐỐC", "PHÓ TỔNG GIÁM ĐỐC"], ["KT. GIÁM ĐỐC"], "PHÓ TỔNG GIÁM ĐỐC"),
        (["KT. BỘ TRƯỞNG", "VỤ TRƯỞNG"], ["KT. BỘ TRƯỞNG"], "VỤ TRƯỞNG"),
        (["ThS. GIÁM ĐỐC"], [], "GIÁM ĐỐC"),
        (["KT. CỤM TRƯỞNG", "CỤM PHÓ"], ["KT. CỤM TRƯỞNG"], "CỤM PHÓ"),
        (["K1.GIÁM ĐÓC"], ["KT. GIÁM ĐỐC"], None),
        (["PHÓ CHỦ TỊCH"], [], "PHÓ CHỦ TỊCH"),
        (["THỨ TRƯỞNG", "Lê Văn An"], [], "THỨ TRƯỞNG"),
        (["l^ GIXM ĐÓC", "PHÓ GIÁM ĐỐC"], ["KT. GIÁM ĐỐC"], "PHÓ GIÁM ĐỐC"),
        (["ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], ["TM. ỦY BAN NHÂN DÂN"], "CHỦ TỊCH"),
        (["ỦY BAN NHÂN DÂN HUYỆN VẠN AN", "Căn cứ Luật Lưu trữ;"], [], None),
        (["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"], ["TL. CHỦ TỊCH"], "CHÁNH VĂN PHÒNG"),
        (["TL. BỘ TRƯỞNG", "PHÓ VỤ TRƯỞNG"], ["TL. BỘ TRƯỞNG"], "PHÓ VỤ TRƯỞNG"),
        (["Q. CỤC TRƯỞNG"], ["Q. CỤC TRƯỞNG"], "Q. CỤC TRƯỞNG"),
        (["TM. HỘI ĐỒNG", "TRƯỞNG ĐẠI DIỆN"], ["TM. HỘI ĐỒNG"], "TRƯỞNG ĐẠI DIỆN"),
        (["TM. HỘI ĐỒNG", "SỞ Y TẾ"], ["TM. HỘI ĐỒNG"], None),
        (["~z", "l"], [], None),
    ],
)
def test_authority_and_position(lines: list[str], authority: list[str], position: str | None) -> None:
    signature = read_signature(rows(*lines))
    assert [found.sure for found in signature.authority if found.sure] == authority
    assert signature.position.sure == position


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PGS.TS. Ngô Minh Xuân", "Ngô Minh Xuân"),
        ("Đại tá Trần Văn Bình", "Trần Văn Bình"),
        ("Vũ Huy Hoàng ,", "Vũ Huy Hoàng"),
        ("3 guzễn Trúc Giang _", "Nguyễn Trúc Giang"),
        ("rần Hoàng Tuấn", "Trần Hoàng Tuấn"),
        ("N Zuyên Trúc Giang", "Nguyễn Trúc Giang"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert (read_name(text) or ("", 0))[0] == name


@pytest.mark.parametrize(
    "text", ["Như trên", "Trần", "Bộ trưởng", "Xyz Qwk Fgh", "Sở Y tế tỉnh", "", "Trần 1 2", "a" * 90]
)
def test_what_is_no_name(text: str) -> None:
    found = read_name(text)
    assert found is None or found[1] < 1


def test_a_name_in_capitals() -> None:
    signature = read_signature(rows("GIÁM ĐỐC", "NGUYỄN THỊ THANH"))
    assert (signature.position.value, signature.full_name.value) == ("GIÁM ĐỐC", "Nguyễn Thị Thanh")


def test_a_name_on_no_list_is_a_candidate() -> None:
    name = read_signature(rows("GIÁM ĐỐC", "Ploong Plênh")).full_name
    assert (name.value, name.sure) == ("Ploong Plênh", None)
    assert read_signature(rows("GIÁM ĐỐC", "đã ký")).full_name.value is None


def test_a_bent_name_is_spelt_as_elsewhere_in_the_text() -> None:
    signature = read_signature(rows("Nguyễn Sinh Hùnh"), "- Phó Thủ tướng Nguyễn Sinh Hùng;")
    assert (signature.full_name.sure, signature.full_name.method) == ("Nguyễn Sinh Hùng", "inferred")
    assert read_signature(rows("Trần Văn Hùng"), "Trần Văn Hưng").full_name.value == "Trần Văn Hùng"


def test_a_position_hidden_by_the_seal_is_the_one_the_text_gives() -> None:
    text = "1. Đồng chí Trần Văn Bình,\nPhó Giám đốc, chủ trì.\nTrần Văn Bình"
    signature = read_signature(rows("Trần Văn Bình"), text)
    assert (signature.position.sure, signature.position.method) == ("PHÓ GIÁM ĐỐC", "inferred")
    assert [(found.value, found.sure) for found in signature.authority] == [("KT. GIÁM ĐỐC", None)]
    assert read_signature(rows("Trần Văn Bình"), "ông Trần Văn Bình").position.value is None


def test_everyday_abbreviations_are_mended_and_others_kept() -> None:
    lines = rows("- VPUBR: CVP, KTTX;", "- DBND tỉnh;", "- Lưu: VT, CBTT.")
    assert values(read_to_places(lines)) == ["VPUB: CVP, KTTX", "UBND tỉnh", "Lưu: VT, CBTT"]


def test_signing_lines_of_the_party() -> None:
    found = read_signing_line("T/M BAN THƯỜNG VỤ")
    assert found is not None
    assert found.text == "T/M BAN THƯỜNG VỤ"
    assert read_signing_line("KT. " + "A" * 200) is None
    assert read_signing_line("Theo đề nghị") is None
    assert strip_titles("Trần Văn Tá") == "Trần Văn Tá"


# --- stamps ------------------------------------------------------------------------------------------------------


def test_arrival_stamp() -> None:
    lines = rows("CÔNG VĂN ĐẾN", "Số: 2079", "Ngày: 8/1/10")
    number, day = read_arrival(lines, date(2010, 1, 6))
    assert (number.sure, day.sure) == ("2079", date(2010, 1, 8))
    assert read_arrival(lines, date(2010, 2, 6))[1].sure is None
    assert read_arrival(rows("Số: 2079"), None)[0].sure is None
    assert read_arrival(rows("ĐẾN", "Ngày: 38/1/2010"), None)[1].value is None


def test_a_handwritten_arrival_is_withheld() -> None:
    stamp = line("CÔNG VĂN ĐẾN", 100, 900)
    tall = Line((word("Ngày:", 100, 1000), word("8/1/2010", 250, 1000, 0.95, 70)))
    assert read_arrival(boxed(stamp, tall), None)[1].sure is None


def test_the_earliest_electronic_signature_counts() -> None:
    lines = rows("Thời gian ký: 05/01/2021 08:15", "18.03.2024 09:20:30 +07:00", "Ký bởi: Sở Y tế", "ngày 1/1/2020")
    assert read_signed_date(lines) == date(2021, 1, 5)
    assert read_signed_date(()) is None


def test_a_subject_of_capitals_is_below_its_title() -> None:
    dispatch = parse_pages(
        [page_from_text(head("THÔNG BÁO", "TUYỂN NGHIÊN CỨU SINH NĂM 2017", "Trường sẽ tổ chức xét tuyển như sau:"))]
    )
    assert dispatch.subject == "Tuyển nghiên cứu sinh năm 2017"


def test_the_deciding_body_below_a_title_is_no_subject() -> None:
    dispatch = parse_pages(
        [page_from_text(head("QUYẾT ĐỊNH", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH", "Căn cứ Luật Đất đai;"))]
    )
    assert dispatch.subject is None


def test_small_print_keeps_its_codes_and_remarks_whatever_the_repair_makes_of_them() -> None:
    def word_read(raw: str, text: str) -> Word:
        return replace(word(text, 300, 700), raw=raw)

    rows = [
        Line((word("-", 280, 700), word_read("GĐ", "GĐ"), word_read("(đề", "(đã"), word_read("b/e);", "bị/e);"))),
        Line(
            (word("-", 280, 760), word("Lưu:", 300, 760), word("VT,", 380, 760), word_read("KTTHT¡en3l", "KTTHT¡en3l"))
        ),
    ]
    found = read_to_places(boxed(*rows))
    assert [entry.value for entry in found] == ["GĐ (để b/c)", "Lưu: VT, KTTHTien31"]
