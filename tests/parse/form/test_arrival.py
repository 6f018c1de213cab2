"""The arrival stamp's labels, and its blanks, also where the writing has eaten the printed 'tháng'."""

from datetime import date

import pytest
import regex

from vndoc.page import Block, BlockKind, Box, Line, Page, Word
from vndoc.parse import parse_pages
from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.stamps.arrival import arrival_slots, find_stamp, is_heading, is_own_number, read_arrival
from vndoc.parse.form.stamps.marks import doubted_under_stamp
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


def dots(x0, x1, base, middle=None):
    """A leader as it is read: in two halves."""
    middle = middle or (x0 + x1) // 2
    return [Word(".....", Box(x, base - 4, end, base), 1.0) for x, end in ((x0, middle), (middle, x1))]


def led(*rows):
    """A stamp read by itself, rows of (base line, words, leaders)."""
    lines = []
    for base, words, leaders in rows:
        found = [*line(base - 35, *words).words, *(word for x0, x1 in leaders for word in dots(x0, x1, base))]
        lines.append(Line(tuple(sorted(found, key=lambda w: w.box.x0)), float(base), 32.0))
    page = Page(1, (Block(tuple(lines), BlockKind.ARRIVAL_STAMP),), 1984, 2806, 240)
    return {slot.kind: slot for slot in arrival_slots(document_lines([page]))}


def test_a_leader_tells_where_a_label_ends():
    found = led((200, [("Số", 40, 150)], [(95, 400)]), (250, [("Ngày", 40, 260)], [(115, 400)]))
    assert found.keys() == {NUMBER, SlotKind.DATE}
    assert found[SlotKind.DATE].box.x0 in range(100, 121)


def test_where_no_label_was_read_the_second_leader_is_the_date_s():
    found = led((200, [("q", 40, 60)], [(120, 400)]), (250, [("wr", 40, 60)], [(200, 400)]))
    assert found[SlotKind.DATE].base_line == pytest.approx(250, abs=1)
    assert found[SlotKind.DATE].box.x0 in range(120, 170)  # by the row above: writing covers the first dots


@pytest.mark.parametrize("label", ["Giờ:", "Giò", "Gỡ"])
def test_an_hour_is_no_number(label):
    found = led((200, [(label, 40, 90), ("S", 150, 170)], [(95, 400)]), (250, [("Ngày", 40, 110)], [(115, 400)]))
    assert found.keys() == {SlotKind.DATE}


def test_number_and_date_on_one_row():
    routed = (250, [("Chuyển", 40, 150)], [(160, 400)])
    found = led((200, [("Số", 40, 80), ("àzZX", 300, 480)], [(85, 180), (260, 400)]), routed)
    assert found[NUMBER].box.x1 <= 185
    assert found[SlotKind.DATE].box.x0 >= 255


def test_a_stamp_askew_gives_its_slant_and_the_base_line_at_each_blank():
    words = line(160, ("Ngày", 40, 110)).words
    halves = [Word(".....", Box(115, 196, 255, 200), 1.0), Word(".....", Box(255, 206, 395, 210), 1.0)]
    upper = Line((*line(110, ("Số:", 40, 90)).words, *dots(95, 400, 150)), 150.0, 32.0)
    page = Page(1, (Block((upper, Line((*words, *halves), 203.0, 32.0)), BlockKind.ARRIVAL_STAMP),), 1984, 2806, 240)
    dated = next(slot for slot in arrival_slots(document_lines([page])) if slot.kind is SlotKind.DATE)
    assert dated.angle == pytest.approx(2.0, abs=1.2)
    assert dated.base_line > 203


def row(y, text, x=60):
    """A line of words of usual widths."""
    words = []
    for part in text.split():
        words.append((part, x, x + 20 * len(part)))
        x += 20 * len(part) + 10
    return line(y, *words)


def on_a_page(*blocks):
    return [Page(1, blocks, 1984, 2806, 240)]


def test_of_two_stamps_the_one_with_more_blanks_is_read():
    first = Block((Line(row(100, "Kính chuyển").words, 135.0, 32.0),), BlockKind.ARRIVAL_STAMP)
    labels = (400, "Số:"), (450, "Ngày")
    rows = tuple(Line((*row(y, label).words, *dots(150, 400, y + 35)), y + 35.0, 32.0) for y, label in labels)
    pages = on_a_page(first, Block(rows, BlockKind.ARRIVAL_STAMP))
    assert {slot.kind for slot in arrival_slots(document_lines(pages))} == {NUMBER, SlotKind.DATE}


def test_the_dispatch_s_own_number_is_no_arrival():
    assert is_own_number("Số: 01/2016/TTLT-TANDTC-BTP")
    lines = document_lines(on_a_page(Block((row(100, "CÔNG VĂN ĐẾN"), row(150, "Số: 01/2016/TTLT-BTP")))))
    assert read_arrival(lines, None)[0].value is None
    assert [stamp.text for stamp in find_zones(lines).stamps] == ["CÔNG VĂN ĐẾN"]


def test_a_stamp_typed_over_the_page_is_no_note():
    texts = "CỔNG THÔNG TIN ĐIỆN TỬ CHÍNH PHỦ", "ĐẾN Giờ: 14h", "Ngày: 29/5/2013"
    note = Block(tuple(row(100 + 50 * k, text) for k, text in enumerate(texts)), BlockKind.NOTE)
    zones = find_zones(document_lines(on_a_page(note)))
    assert len(zones.stamps) == len(texts)
    assert read_arrival(zones.stamps, None)[1].sure == date(2013, 5, 29)


def test_a_typed_note_is_an_overlay_and_not_part_of_the_subject():
    note = Block((row(300, "Phòng CTSV báo cáo.", 700),), BlockKind.NOTE)
    about = Block((row(300, "V/v bảo đảm an toàn"),))
    dispatch = parse_pages(on_a_page(note, about))
    assert [(o.text, o.page, o.box) for o in dispatch.overlays] == [("Phòng CTSV báo cáo.", 1, (700, 300, 1050, 340))]
    assert "CTSV" not in (dispatch.subject or "")
    assert "overlay" in {notice.code for notice in dispatch.warnings}


def test_a_stamp_that_is_found_and_not_read_is_noticed():
    stamp = Block((Line(row(100, "CÔNG VĂN ĐẾN").words, 135.0, 32.0),), BlockKind.ARRIVAL_STAMP)
    dispatch = parse_pages(on_a_page(stamp, Block((row(400, "QUYẾT ĐỊNH"),))))
    assert "arrival-unsure" in {notice.code for notice in dispatch.warnings}
    assert "arrival-unsure" not in {n.code for n in parse_pages(on_a_page(Block((row(400, "QUYẾT ĐỊNH"),)))).warnings}


def centred(y, text, axis=1000, conf=0.97):
    words = row(y, text).words
    shift = round(axis - (words[0].box.x0 + words[-1].box.x1) / 2)
    return Line(tuple(Word(w.text, w.box.moved(Box(shift, 0, 0, 0)), conf) for w in words))


@pytest.mark.parametrize(("second", "axis", "sure"), [
    ("thuộc Viện Khoa học xã hội Việt Nam", 1000, True),
    ("dân tỉnh Long An nhiệm kỳ này", 1130, False),
    ("a Thủ tướng Chính phủ về mức giá", 1000, False),
])  # fmt: skip
def test_a_line_whose_beginning_a_stamp_hides_is_not_sure(second, axis, sure):
    first = centred(560, "Về việc thành lập Học viện khoa học xã hội mới")
    title = centred(500, "QUYẾT ĐỊNH"), first, centred(620, second, axis)
    begins = title[-1].words[0].box.x0
    office = Line((Word("CỔNG", Box(begins - 600, 600, begins - 10, 640), 0.9),), 640.0, 32.0)
    lines = document_lines(on_a_page(Block((office,), BlockKind.ARRIVAL_STAMP), Block(title)))
    value = FieldValue("thành lập", 0.9, 1)
    assert (doubted_under_stamp(value, lines[1:], lines[:1]).sure is not None) == sure
    assert doubted_under_stamp(value, lines[1:], []) == value
