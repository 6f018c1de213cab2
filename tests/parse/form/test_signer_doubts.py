"""What speaks against a signer's title or name: it is withheld, with what it may be as candidates."""

from dataclasses import replace

import pytest

from tests.parse.form.test_occlusion import AXIS, lines_of, set_line
from tests.parse.form_builder import centred, line, page
from vndoc.page import Line
from vndoc.parse.form.columns import cut_signers
from vndoc.parse.form.foot.copies import part_copy
from vndoc.parse.form.foot.names import given_names, read_name
from vndoc.parse.form.foot.occlusion import hidden_name
from vndoc.parse.form.foot.signature import read_signature
from vndoc.parse.form.foot.signers import read_signers
from vndoc.parse.form.foot.signing import is_deputy, read_signing_line
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.lines import document_lines
from vndoc.parse.misreading import is_well_spelt


def read_as(row: Line, **words: tuple[str, float]) -> Line:
    """The row with some words read otherwise: ``{repaired: (read, confidence)}``."""
    changed = [
        replace(w, raw=words[w.text][0], confidence=words[w.text][1]) if w.text in words else w for w in row.words
    ]
    return Line(tuple(changed))


# --- titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "given"), [("", "HIỆU TRƯỞNG"), (". ", None), ("“4 ", None), ("x", None)])
def test_a_head_behind_specks_may_be_a_deputy(before: str, given: str | None) -> None:
    found = read_signature(lines_of(centred(f"{before}HIỆU TRƯỞNG", AXIS, 500))).position
    assert found.sure == given
    assert given or {"HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"} <= {title for title, _ in found.candidates}


@pytest.mark.parametrize(("hidden", "given"), [(0, "CHỦ TỊCH"), (4, None)])
def test_a_head_right_of_the_middle_by_half_of_the_deputy_s_word_may_be_a_deputy(hidden: int, given: str) -> None:
    whole = set_line("PHÓ CHỦ TỊCH" if hidden else "CHỦ TỊCH", 500)
    title = Line(whole.words[1:]) if hidden else whole
    found = read_signature(lines_of(title, set_line("Lê Văn Khải", 900)))
    assert found.position.sure == given
    assert found.full_name.sure == "Lê Văn Khải"


def test_a_head_off_the_middle_of_the_name_is_the_head_where_another_line_has_its_axis() -> None:
    body, title = set_line("TM. ỦY BAN NHÂN DÂN", 430), set_line("CHỦ TỊCH", 500)
    name = set_line("Lê Văn Khải", 900)
    left = Line(tuple(replace(w, box=w.box._replace(x0=w.box.x0 - 60, x1=w.box.x1 - 60)) for w in name.words if w.box))
    assert read_signature(lines_of(body, title, left)).position.sure == "CHỦ TỊCH"
    assert read_signature(lines_of(title, left)).position.sure is None


def test_a_post_elsewhere_stands_below_the_space_for_the_signature() -> None:
    rows = [
        centred("KT. TỔ TRƯỞNG", AXIS, 500),
        centred("PHÓ TỔ TRƯỞNG THƯỜNG TRỰC", AXIS, 560),
        centred("PHÓ CỤC TRƯỞNG", AXIS, 860),
        centred("Đại tá Bùi Duy Hưng", AXIS, 920),
    ]
    assert read_signature(lines_of(*rows)).position.sure == "PHÓ TỔ TRƯỞNG THƯỜNG TRỰC"
    assert read_signature(lines_of(centred("GIÁM ĐỐC", AXIS, 500), *rows[2:])).position.sure == "GIÁM ĐỐC"


@pytest.mark.parametrize(
    ("position", "head", "deputy"),
    [
        ("PHÓ TỔ TRƯỞNG", "TỔ TRƯỞNG", True),
        ("TỔ PHÓ", "TỔ TRƯỞNG", True),
        ("PHÓ GIÁM ĐỐC THƯỜNG TRỰC", "GIÁM ĐỐC SỞ TÀI CHÍNH", True),
        ("THỨ TRƯỞNG", "BỘ TRƯỞNG", True),
        ("PHÓ CỤC TRƯỞNG", "TỔ TRƯỞNG", False),
    ],
)
def test_deputies_of_a_head(position: str, head: str, deputy: bool) -> None:
    assert is_deputy(position, head) is deputy


@pytest.mark.parametrize("read", ["N TRƯỞNG", "T TRƯỞNG"])
def test_one_letter_of_a_title_tells_it_only_below_the_head_s(read: str) -> None:
    assert read_signature(lines_of(centred(read, AXIS, 500))).position.sure is None


def test_a_deputy_below_the_head_needs_few_letters() -> None:
    found = read_signature(lines_of(centred("KT. BỘ TRƯỞNG", AXIS, 500), centred("Ứ TRƯỞNG", AXIS, 560)))
    assert found.position.sure == "THỨ TRƯỞNG"


def test_a_title_a_word_short_of_a_known_one_is_a_candidate() -> None:
    found = read_signature(lines_of(centred("PHÓ GIÁM", AXIS, 500), centred("Lê Văn Khải", AXIS, 900))).position
    assert found.sure is None
    assert "PHÓ GIÁM ĐỐC" in dict(found.candidates)


@pytest.mark.parametrize("read", ["CIÁM ĐỐC", "GIÁM ĐÓC“7", "GIÁM ĐỐC?"])
def test_titles_of_letters_that_nobody_writes(read: str) -> None:
    found = read_signing_line(read)
    assert found is not None
    assert found.rest == "GIÁM ĐỐC"


def test_no_syllable_begins_with_c_before_i() -> None:
    assert not is_well_spelt("ciám")
    assert is_well_spelt("chí")


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [("Lê Quang Trun§", "Lê Quang Trung"), ("Lê Quang Tha§", None), ("Lê Quang Trung/", "Lê Quang Trung")],
)
def test_a_last_letter_read_as_a_sign(text: str, name: str | None) -> None:
    found = read_name(text)
    assert (found and found[0]) == name
    assert read_signature(lines_of(centred("GIÁM ĐỐC", AXIS, 500), centred(text, AXIS, 900))).full_name.sure == name


@pytest.mark.parametrize("name", ["Hà Văn", "Nguyễn Thị", "Trần Lê Văn"])
def test_a_name_that_ends_with_a_middle_name_lacks_its_end(name: str) -> None:
    found = read_signature(lines_of(centred("GIÁM ĐỐC", AXIS, 500), centred(name, AXIS, 900))).full_name
    assert found.sure is None
    assert name in dict(found.evidence().candidates)


@pytest.mark.parametrize(
    ("repaired", "read", "confidence", "sure"),
    [("Cường", "Cường", 0.6, True), ("Cường", "Cường", 0.2, False), ("Hùng", "Xzng", 0.99, False)],
)
def test_a_given_name_hardly_read_is_withheld(repaired: str, read: str, confidence: float, sure: bool) -> None:
    row = read_as(centred(f"Lê Văn {repaired}", AXIS, 900), **{repaired: (read, confidence)})
    found = read_signature(lines_of(centred("GIÁM ĐỐC", AXIS, 500), row))
    assert (found.full_name.sure is not None) is sure


def test_what_the_document_spells_as_well_is_given() -> None:
    row = read_as(centred("Lê Văn Cường", AXIS, 900), Cường=("Cường", 0.2))
    lines = lines_of(centred("GIÁM ĐỐC", AXIS, 500), row)
    assert read_signature(lines, "ông Lê Văn Cường, Giám đốc\nLê Văn Cường").full_name.sure == "Lê Văn Cường"


def test_a_name_keeps_the_marks_that_were_read() -> None:
    row = read_as(centred("Lê Thị Chỉnh", AXIS, 900), Chỉnh=("Chinh", 0.9), Thị=("Thi", 0.9))
    assert read_signature(lines_of(row)).full_name.sure == "Lê Thị Chinh"


@pytest.mark.parametrize(
    ("repaired", "read", "name"),
    [("Nguyễn", "Ngayễn", "Nguyễn"), ("Lương", "Dương", "Dương"), ("Phạm", "Phan", "Phan")],
)
def test_a_surname_keeps_its_letters_where_they_are_one(repaired: str, read: str, name: str) -> None:
    row = read_as(centred(f"{repaired} Thị Khải", AXIS, 900), **{repaired: (read, 0.97)})
    assert read_signature(lines_of(centred("GIÁM ĐỐC", AXIS, 500), row)).full_name.sure == f"{name} Thị Khải"


def test_given_names_are_well_spelt() -> None:
    assert all(map(is_well_spelt, given_names()))


def test_marks_tell_surnames_of_the_same_letters() -> None:
    two = hidden_name(lines_of(set_line("Phan Thị Khải", 900, 2)), AXIS)
    assert two.sure is None
    assert {"Phan Thị Khải", "Trần Thị Khải"} == {name for name, _ in two.candidates[:2]}
    three = hidden_name(lines_of(set_line("Phan Thị Khải", 900, 1)), AXIS)
    assert three.sure == "Phan Thị Khải"


@pytest.mark.parametrize(("name", "sure"), [("Mạnh Thị Khải", True), ("Mạnh Đức Khải", False), ("Sầu Thị Khải", False)])
def test_a_surname_on_no_list_is_given_before_a_middle_name(name: str, sure: bool) -> None:
    found = read_signature(lines_of(centred("GIÁM ĐỐC", AXIS, 500), set_line(name, 900))).full_name
    assert found.value == name
    assert (found.sure is not None) is sure


def test_letters_hardly_read_say_less() -> None:
    name = set_line("Đinh Đức Khải", 900)
    words = [replace(name.words[0], text="“Điấn", confidence=0.0), *name.words[1:]]
    assert hidden_name(lines_of(Line(tuple(words))), AXIS).sure is None


def test_capitals_of_a_seal_are_no_name() -> None:
    title, name = centred("GIÁM ĐỐC", AXIS, 500), centred("ziồ Thị Khải", AXIS, 900)
    seal = line("AN GIANG", 1400, 640)
    assert read_signature(lines_of(title, seal)).full_name.sure is None
    assert read_signature(lines_of(title, centred("AN GIANG", AXIS, 700), name)).full_name.sure is None
    assert read_signature(lines_of(title, centred("LÊ VĂN AN", AXIS, 900))).full_name.sure == "Lê Văn An"


# --- several signers ----------------------------------------------------------------------------------------

JOINT = [
    line("KT. BỘ TRƯỞNG", 250, 500),
    line("KT. VIỆN TRƯỞNG", 950, 500),
    line("KT. CHÁNH ÁN", 1750, 500),
    line("THỨ TRƯỞNG", 290, 560),
    line("VỆNTRƯỞNG", 1000, 560),
    line("TÓ CHÁNH ÁN", 1760, 560),
    line("Đinh Trung Khải", 240, 900),
    line("Nguyễn Thị Thủy Khải", 890, 900),
    line("g Anh Khải", 1900, 900),
]


def test_three_signers_are_three_columns() -> None:
    signers = read_signers(lines_of(*JOINT), "")
    assert [signer.authority[0].sure for signer in signers] == ["KT. CHÁNH ÁN", "KT. VIỆN TRƯỞNG", "KT. BỘ TRƯỞNG"]
    assert [signer.position.value for signer in signers] == ["PHÓ CHÁNH ÁN", "PHÓ VIỆN TRƯỞNG", "THỨ TRƯỞNG"]
    names = [signer.full_name.sure for signer in signers]
    assert names == [None, "Nguyễn Thị Thủy Khải", "Đinh Trung Khải"]


def test_titles_read_as_one_line_are_cut_into_all_their_signers() -> None:
    (row,) = lines_of(Line((*JOINT[0].words, *JOINT[1].words, *JOINT[2].words)))
    assert [piece.text for piece in cut_signers(row)] == ["KT. BỘ TRƯỞNG", "KT. VIỆN TRƯỞNG", "KT. CHÁNH ÁN"]


def test_titles_far_above_the_places_are_in_the_signature() -> None:
    body = [line("Thông tư này có hiệu lực kể từ ngày ký, các cơ quan chịu trách nhiệm thi hành./.", 250, 380)]
    bodies = [line("BỘ TƯ PHÁP VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO TÒA ÁN NHÂN DÂN TỐI CAO", 250, 530)]
    places = [line("Nơi nhận:", 250, 1100), line("- Như trên;", 250, 1160), line("- Lưu: VT.", 250, 1220)]
    rows = page(line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1100, 200), *body, *JOINT[:3], *bodies, *JOINT[3:], *places)
    zone = [piece.text for piece in find_zones(document_lines([rows])).signature]
    assert {"KT. BỘ TRƯỞNG", "KT. CHÁNH ÁN"} <= set(zone)


def test_a_copy_is_cut_off_where_the_number_above_it_cannot_be_read() -> None:
    rows = [
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1100, 200),
        line("-b 627/QĐ-BCA-H01", 250, 300),
        line("Điều 1. Phê duyệt chủ trương đầu tư.", 250, 600),
        line("Nơi nhận:", 250, 900),
        line("Nguyễn Văn Khải", 1500, 1100),
        line("SAO Y BẢN CHÍNH", 1500, 1300),
        line("Số 22/SY-C09", 250, 1360),
        line("VIỆN TRƯỞNG", 1500, 1420),
    ]
    kept, copied = part_copy(lines_of(*rows))
    assert [row.text for row in copied] == ["SAO Y BẢN CHÍNH", "Số 22/SY-C09", "VIỆN TRƯỞNG"]
    assert len(kept) == 5
    assert part_copy(lines_of(rows[0], *rows[5:]))[1] == []
