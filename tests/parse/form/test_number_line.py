"""The line of the number where its label, its digits or its mark were not read."""

import pytest

from tests.parse.form_builder import line as placed
from tests.parse.form_builder import page
from vndoc.page import Box, Word
from vndoc.parse import read_form
from vndoc.parse.form.head.header import read_code, read_date
from vndoc.parse.form.head.issuer import read_issuer
from vndoc.parse.form.stamps.arrival import is_own_number
from vndoc.parse.form.zones import Zones
from vndoc.parse.lines import TextLine


def line(text: str, x: int = 300) -> TextLine:
    """A line whose letters are 20 pixels wide, its words 12 apart."""
    words = []
    for part in text.split():
        words.append(Word(part, Box(x, 100, x + 20 * len(part), 140), 0.9))
        x += 20 * len(part) + 12
    return TextLine(text, 0, 1, tuple(words), 0, 2000, 2800)


@pytest.mark.parametrize(
    ("text", "notation", "behind"),
    [
        ("0/SYT-NVY", "SYT-NVY", ("/SYT-NVY", None)),
        ("/KH-UBND", "KH-UBND", ("/KH-UBND", 300)),
        ("/2025/NQ-HĐND", "2025/NQ-HĐND", ("/2025/NQ-HĐND", 300)),
        ("- TB/ĐTN", "TB/ĐTN", ("- TB/ĐTN", 300)),
        ("g. 383 /QĐ-UBND", "QĐ-UBND", ("/QĐ-UBND", 424)),
        ("-b 627/QĐ-BCA-H01", "QĐ-BCA-H01", ("/QĐ-BCA-H01", None)),
        ("ẵ24Ô/QĐ-BTP", "QĐ-BTP", ("/QĐ-BTP", None)),
        ("12-CV/TU", "CV/TU", ("-CV/TU", None)),
    ],
)
def test_a_notation_alone_has_the_slot_before_it(text, notation, behind):
    code = read_code((line(text),), (), None)
    assert code.notation.value == notation
    assert code.slot is not None
    assert not code.slot.labelled
    assert (code.slot.behind.text, code.slot.behind.x0) == behind
    assert code.slot.box.x1 - code.slot.box.x0 > 100


@pytest.mark.parametrize("text", ["Số: -TB/ĐTN", "Số ……-TB/ĐTN", "Số:      - TB/ĐTN"])
def test_a_blank_may_be_left_for_the_number_before_the_hyphen(text):
    code = read_code((line(text),), (), None)
    assert (code.number.value, code.notation.value) == (None, "TB/ĐTN")


def test_a_label_that_was_read_bounds_the_slot():
    code = read_code((line("Số: 24Ö /SYT-NVY"),), (), None)
    assert code.slot.labelled
    assert code.slot.box.x0 == 360
    assert (code.slot.behind.text, code.slot.behind.x0, code.slot.behind.x1) == ("/SYT-NVY", 444, 604)


def test_blanks_filled_by_hand_have_a_box_where_the_words_beside_them_meet():
    words = [("Hà", 300), ("Nội,", 350), ("ngày", 450), ("tháng", 530), ("01", 640), ("năm", 690), ("2010", 760)]
    boxed = tuple(Word(text, Box(x, 100, x + 20 * len(text), 140), 0.9) for text, x in words)
    parts = TextLine(" ".join(text for text, _ in words), 0, 1, boxed, 0, 2000, 2800)
    day = read_date((parts,), None).slots[0]
    assert day.box is not None
    assert 525 <= day.box.x0 < day.box.x1 <= 540


@pytest.mark.parametrize("damaged", ["g. 383 /QĐ-UBND", "-b 627/QĐ-BCA-H01", "- TB/ĐTN", "8o 12/BC-CĐ", "b12 /CV-LĐLĐ"])
def test_a_damaged_number_line_is_no_name_of_an_office(damaged):
    lines = [
        placed("ỦY BAN NHÂN DÂN", 200, 200),
        placed("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 900, 200),
        placed("THÀNH PHỐ CẦN THƠ", 200, 250),
        placed("Độc lập - Tự do - Hạnh phúc", 1000, 250),
        placed(damaged, 250, 340),
        placed("Cần Thơ, ngày 18 tháng 02 năm 2025", 1000, 340),
        placed("QUYẾT ĐỊNH", 800, 480),
        placed("Về việc công bố Danh mục thủ tục hành chính", 550, 540),
    ]
    zones = read_form([page(*lines)]).zones
    assert [found.text for found in zones.number] == [damaged]
    assert damaged not in [found.text for found in zones.issuer]


def test_only_a_number_with_a_notation_is_the_document_s_own():
    assert is_own_number("Số: 01/2016/TTLT-TANDTC-VKSNDTC-BTP")
    assert is_own_number("Số: 12-CV/TU")
    assert not is_own_number("Số: 1234")
    assert not is_own_number("Số: ............ ĐẾN")


def test_bodies_in_rows_are_joint_where_the_notation_names_as_many():
    rows = ("BỘ Y TẾ", "BỘ TÀI CHÍNH")
    zones = Zones(issuer=tuple(line(text) for text in rows))
    joint = read_issuer(zones, "TTLT-BYT-BTC", None, "")
    assert joint.organ.value == "Bộ Y tế - Bộ Tài chính"
    assert [found.value for found in joint.joint] == ["Bộ Y tế", "Bộ Tài chính"]
    assert read_issuer(zones, "TT-BTC", None, "").joint == ()


def test_the_rest_of_a_broken_national_title_is_nobody_s_name():
    zones = Zones(issuer=(line("NAM"),), number=(line("Số: 815/UBND-NC"),))
    assert read_issuer(zones, "UBND-NC", "Bình Sơn", "UBND huyện Bình Sơn").organ.value != "Nam"
    assert read_issuer(Zones(issuer=(line("VIỆT NAM"),)), None, None, "").organ.value is None
