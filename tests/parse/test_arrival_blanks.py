"""The blanks of an incoming stamp, also where the writing has eaten the printed 'tháng'."""

import pytest

from vndoc.page import Block, Box, Line, Page, Word
from vndoc.parse.form.arrival import arrival_slots, find_stamp
from vndoc.parse.lines import document_lines


def line(y, *words):
    return Line(tuple(Word(text, Box(x0, y, x1, y + 40), 0.9) for text, x0, x1 in words))


def slots(*dated):
    heading = line(100, ("CÔNG", 60, 180), ("VĂN", 190, 280), ("ĐẾN", 290, 400))
    page = Page(1, (Block((heading, line(200, *dated))),), 1984, 2806, 240)
    return {slot.name: slot.box for slot in arrival_slots(document_lines([page]))}


def test_printed_labels_part_the_blanks():
    found = slots(("Ngày..7..", 40, 200), ("tháng", 210, 300), ("..1..", 310, 380), ("năm", 390, 460))
    assert found.keys() == {"arrival_day", "arrival_month", "arrival_number"}
    assert found["arrival_day"].x1 <= 215
    assert found["arrival_month"].x0 >= 295


@pytest.mark.parametrize("label", ["Ngày..", "gày.."])
def test_an_unread_label_is_where_stamps_have_it(label):
    found = slots((label, 40, 140), ("31.", 150, 200), ("2.4..", 220, 330), ("năm", 360, 430), ("204C.", 440, 500))
    assert found.keys() == {"arrival_day", "arrival_month", "arrival_number"}
    day, month = found["arrival_day"], found["arrival_month"]
    assert 98 <= day.x0 < day.x1 < month.x0 < month.x1 <= 365
    assert month.x0 - day.x1 == pytest.approx((month.x1 - day.x0) / 3, rel=0.1)
    assert found["arrival_number"].y1 <= 225


def test_no_blanks_without_the_heading_or_the_date():
    page = Page(1, (Block((line(200, ("Ngày..", 40, 140)),)),), 1984, 2806, 240)
    assert arrival_slots(document_lines([page])) == []
    assert slots(("Chuyển:", 40, 140)) == {}


def lines_of(*rows):
    words = [
        line(100 * k, *((text, 60 + 200 * i, 240 + 200 * i) for i, text in enumerate(row.split())))
        for k, row in enumerate(rows)
    ]
    return document_lines([Page(1, (Block(tuple(words)),), 1984, 2806, 240)])


def test_a_stamp_whose_heading_is_lost_is_known_by_its_labels():
    found = find_stamp(lines_of("SỞ NỘI VỤ", "VN ĐFM", "Số 12", "Ngày 5 tháng 3 năm 2024", "Kính chuyển"))
    assert found is not None
    assert found.text.startswith("Ngày")


def test_a_letterhead_is_no_stamp():
    assert find_stamp(lines_of("SỞ NỘI VỤ", "Số: 12/SNV-VP", "Hà Nội, ngày 5 tháng 3 năm 2024")) is None
    assert find_stamp(lines_of("Chuyển đổi số", "Ngày 5 tháng 3 năm 2024")[:1]) is None
    assert find_stamp([]) is None
