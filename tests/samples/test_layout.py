"""The layout of made-up dispatches: Decree 30's places, and text that survives typesetting."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samples.compose import BOTTOM, LEFT, RIGHT, TOP, compose
from samples.fonts import FontError, Fonts, Style
from samples.letter import Letter, Printed, Signer
from samples.render import rasterise
from samples.typeset import HEIGHT, WIDTH, natural_width, set_justified, words_of, wrap


def letter(**changes) -> Letter:
    given_fields = {
        "doc": "made-up",
        "type_name": "Thông báo",
        "code_number": "07",
        "code_notation": "TB-UBND",
        "organ_name": "Ủy ban nhân dân xã Suối Ngọc",
        "place": "Suối Ngọc",
        "issued_date": date(2024, 2, 5),
        "subject": "lịch tiếp công dân",
        "to_places": ["Như trên", "Lưu: VT"],
        "signer": Signer(position="CHỦ TỊCH", full_name="Đỗ Văn Nghĩa"),
        "printed": Printed(organ=["ỦY BAN NHÂN DÂN", "XÃ SUỐI NGỌC"], subject=["Về việc lịch tiếp công dân"]),
        "body": [
            "Ủy ban nhân dân xã thông báo lịch tiếp công dân định kỳ năm 2024 như sau:",
            "**1. Thời gian:** 8 giờ.",
        ],
    }
    return Letter(**{**given_fields, **changes})


def test_first_page_reads_in_order(fonts):
    rows = compose(letter(), fonts)[0].text.split("\n")
    assert rows[:7] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ SUỐI NGỌC",
        "Số: 07/TB-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Suối Ngọc, ngày 05 tháng 02 năm 2024",
        "THÔNG BÁO",
    ]
    assert rows[-6:] == ["1. Thời gian: 8 giờ.", "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "CHỦ TỊCH", "Đỗ Văn Nghĩa"]


def test_issuer_is_left_and_the_national_title_right(fonts):
    sheet = compose(letter(), fonts)[0]
    place = {line.text: line.pieces[0].x for line in sheet.lines}
    assert place["ỦY BAN NHÂN DÂN"] < WIDTH / 3 < place["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert place["Nơi nhận:"] == pytest.approx(LEFT)
    assert place["CHỦ TỊCH"] > WIDTH / 2


def test_subject_of_a_dispatch_without_type_is_under_its_number(fonts):
    printed = Printed(organ=["ỦY BAN NHÂN DÂN"], subject=["V/v tiếp công dân"])
    rows = compose(letter(type_name="Công văn", printed=printed), fonts)[0].text.split("\n")
    assert rows[1:3] == ["Số: 07/TB-UBND", "V/v tiếp công dân"]
    assert "CÔNG VĂN" not in rows


def test_the_party_s_form(fonts):
    printed = Printed(form="party", organ=["HUYỆN ỦY VẠN AN"], subject=["về công tác cán bộ"])
    rows = compose(letter(printed=printed, code_notation="KH/HU"), fonts)[0].text.split("\n")
    assert rows[:4] == ["HUYỆN ỦY VẠN AN", "*", "Số 07-KH/HU", "ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert "Nơi nhận" in rows
    assert not any("Độc lập" in row for row in rows)


def test_a_pen_s_number_is_drawn_and_still_in_the_text(fonts):
    printed = Printed(organ=["ỦY BAN"], subject=["x"], handwritten=["code_number", "day"], seal=False)
    sheet = compose(letter(printed=printed), fonts)[0]
    assert "Số: 07 /TB-UBND" in sheet.text.split("\n")
    assert [p.text for line in sheet.lines for p in line.pieces if p.pen] == ["07", "05"]
    assert len(sheet.stickers) == 3  # two slots and the signature


def test_pages_turn_with_their_number_in_the_top_margin(fonts):
    body = [f"{k}. " + "Nội dung công việc cần triển khai trong thời gian tới. " * 6 for k in range(1, 25)]
    sheets = compose(letter(body=body), fonts)
    assert len(sheets) >= 3
    assert sheets[0].folio is None
    assert [s.folio.text for s in sheets[1:] if s.folio] == [str(n) for n in range(2, len(sheets) + 1)]
    assert all(TOP <= line.y <= HEIGHT - BOTTOM for s in sheets for line in s.lines)
    assert "2" not in sheets[1].text.split("\n")


@pytest.mark.parametrize("amount", range(20, 42))
def test_a_signature_is_never_alone_on_a_page(fonts, amount):
    last = compose(letter(body=["Một dòng chữ."] * amount), fonts)[-1]
    assert "Một dòng chữ." in last.text
    assert last.text.endswith("Đỗ Văn Nghĩa")


def test_forced_lines_stay_as_they_are(fonts):
    sheet = compose(letter(body=["**1. Phòng Nội\nvụ:** chủ trì, phối hợp\nthực hiện."]), fonts)[0]
    rows = {line.text: line for line in sheet.lines}
    assert [p.style.bold for p in rows["vụ: chủ trì, phối hợp"].pieces] == [True, False, False, False, False]


@given(st.lists(st.text("aăâđêôơư ờộ0189/-,.", min_size=1, max_size=12), min_size=1, max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_wrapping_keeps_every_word_and_fills_no_line_over(fonts, parts):
    words = words_of(" ".join(parts), Style(14))
    lines = wrap(words, 300, 36, fonts)
    assert [w for line in lines for w in line] == words
    for k, line in enumerate(lines):
        assert len(line) == 1 or natural_width(line, fonts) <= 300 - (36 if k == 0 else 0) + 1e-6


def test_justified_lines_end_at_the_margin(fonts):
    words = words_of("Căn cứ chức năng, nhiệm vụ được giao", Style(14))
    line = set_justified(words, LEFT, 100, 400, fonts)
    last = line.pieces[-1]
    assert last.x + fonts.width(last.text, last.style) == pytest.approx(LEFT + 400)
    assert all(a.x < b.x for a, b in pairwise(line.pieces))


def test_bold_and_italic_switch_inside_a_word():
    words = words_of("**Điều 1.** Ban __hành__ (**kèm**)", Style(14))
    assert [[p.text for p in w] for w in words] == [["Điều"], ["1."], ["Ban"], ["hành"], ["(", "kèm", ")"]]
    assert [w[0].style.bold for w in words] == [True, True, False, False, False]
    assert words[3][0].style.italic
    assert [p.style.bold for p in words[4]] == [False, True, False]


def test_ink_is_where_the_layout_says(fonts):
    sheet = compose(letter(), fonts)[0]
    page = np.asarray(rasterise(sheet, 72, np.random.default_rng(1), fonts).convert("L"))
    assert page.shape == (round(HEIGHT), round(WIDTH))
    assert page[:, : int(LEFT) - 12].min() == 255  # the left margin is empty
    assert page[:, int(WIDTH - RIGHT) + 4 :].min() == 255
    line = next(x for x in sheet.lines if x.text == "THÔNG BÁO")
    row = page[int(line.y - 8) : int(line.y), int(line.pieces[0].x) : int(line.pieces[0].x) + 60]
    assert row.min() < 80


def test_a_missing_typeface_says_what_to_install():
    with pytest.raises(FontError, match=r"apt-get install fonts-croscore"):
        Fonts("No Such Face").file()
