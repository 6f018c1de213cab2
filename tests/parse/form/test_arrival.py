"""The arrival stamp's labels, and its blanks, also where the writing has eaten the printed 'tháng'."""

import pytest
import regex

from vndoc.page import Block, BlockKind, Box, Line, Page, Word
from vndoc.parse.form.arrival import arrival_slots, find_stamp, is_heading
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.knowledge import load
from vndoc.parse.lines import document_lines
from vndoc.slots import SlotForm, SlotKind

PATTERNS = {name: record for name, record in load("arrival_stamp").items() if isinstance(record, dict)}
NUMBER, DAY, MONTH = SlotKind.NUMBER, SlotKind.DAY, SlotKind.MONTH


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_finds_its_examples_and_no_counter_example(name):
    record = PATTERNS[name]
    pattern = regex.compile(record["pattern"])
    assert [text for text in record["examples"] if not pattern.search(text)] == []
    assert [text for text in record["counter_examples"] if pattern.search(text)] == []


def test_headings():
    assert all(is_heading(text) for text in PATTERNS["heading"]["examples"])
    assert not is_heading("ĐẾN HẾT NĂM 2025")


def typed(*rows):
    """An arrival stamp as it was read by itself: rows of (base line, words)."""
    lines = tuple(Line(line(base - 35, *words).words, base, 32.0) for base, words in rows)
    page = Page(1, (Block(lines, BlockKind.ARRIVAL_STAMP), Block((line(200, ("Kính", 600, 700)),))), 1984, 2806, 240)
    return document_lines([page])


def test_a_stamp_read_by_itself_gives_base_line_and_type_size():
    rows = (200.5, [("Số:", 40, 90), ("..12..", 100, 200)]), (250.5, [("Ngày", 40, 120), ("tháng", 210, 300)])
    number, day, month = sorted(arrival_slots(typed(*rows)), key=lambda slot: slot.kind is not NUMBER)
    assert (number.base_line, day.base_line, month.base_line) == (200.5, 250.5, 250.5)
    assert {slot.em for slot in (number, day, month)} == {32.0}
    assert (number.box.y0, number.box.y1) == (168, 208)


def test_the_block_s_kind_says_what_is_the_stamp():
    lines = typed((200.0, [("nhận", 40, 90)]), (250.0, [("Ngày", 40, 120)]))
    zones = find_zones(lines)
    assert [stamp.text for stamp in zones.stamps] == ["nhận", "Ngày"]


def line(y, *words):
    return Line(tuple(Word(text, Box(x0, y, x1, y + 40), 0.9) for text, x0, x1 in words))


def slots(*dated):
    heading = line(100, ("CÔNG", 60, 180), ("VĂN", 190, 280), ("ĐẾN", 290, 400))
    page = Page(1, (Block((heading, line(200, *dated))),), 1984, 2806, 240)
    found = arrival_slots(document_lines([page]))
    assert {slot.form for slot in found} <= {SlotForm.ARRIVAL_STAMP}
    return {slot.kind: slot.box for slot in found}


def test_printed_labels_part_the_blanks():
    found = slots(("Ngày..7..", 40, 200), ("tháng", 210, 300), ("..1..", 310, 380), ("năm", 390, 460))
    assert found.keys() == {DAY, MONTH, NUMBER}
    assert found[DAY].x1 <= 215
    assert found[MONTH].x0 >= 295


@pytest.mark.parametrize("label", ["Ngày..", "gày.."])
def test_an_unread_label_is_where_stamps_have_it(label):
    found = slots((label, 40, 140), ("31.", 150, 200), ("2.4..", 220, 330), ("năm", 360, 430), ("204C.", 440, 500))
    assert found.keys() == {DAY, MONTH, NUMBER}
    day, month = found[DAY], found[MONTH]
    assert 98 <= day.x0 < day.x1 < month.x0 < month.x1 <= 365
    assert month.x0 - day.x1 == pytest.approx((month.x1 - day.x0) / 3, rel=0.1)
    assert found[NUMBER].y1 <= 225


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
