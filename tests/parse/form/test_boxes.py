"""Pages with boxes: columns parted by white, subjects ended by a gap, stamps beside titles, slots and their size."""

from dataclasses import replace
from datetime import date

import pytest

from tests.parse.form_builder import HEIGHT, LETTER, PITCH, WIDTH, centred, line, page, word
from tests.parse.slot_readings import own, slots_of, stamped
from vndoc.page import Block, Box, Line, Page
from vndoc.parse import parse_pages, read_form
from vndoc.slots import SlotForm

LEFT, AXIS, RIGHT = 300, 1240, 1300


def letterhead(number: Line, day: Line) -> list[Line]:
    return [
        line("ỦY BAN NHÂN DÂN", 330, 500),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", RIGHT, 500),
        line("TỈNH AN GIANG", 350, 500 + PITCH),
        line("Độc lập - Tự do - Hạnh phúc", 1400, 500 + PITCH),
        number,
        day,
    ]


def dated(day: str, height: int = 40, confidence: float = 0.95, y: int = 720) -> Line:
    """'An Giang, ngày … tháng 5 năm 2023' with the day of a given height, its base line where it was."""
    row = line("An Giang, ngày @@ tháng 5 năm 2023", 1380, y)
    slot = row.words[3]
    assert slot.box
    box = slot.box._replace(y0=slot.box.y1 - height)
    words = [replace(slot, text=day, box=box, confidence=confidence) if w is slot else w for w in row.words]
    return Line(tuple(words))


def numbered(number: str, height: int = 40, confidence: float = 0.95) -> Line:
    first = word("Số:", 360, 720, height=50)
    slot = word(number, 460, 720, confidence, height)
    return Line((first, slot, word("/QĐ-UBND", 560, 720)))


def dispatch_page(number: Line, day: Line, *middle: Line) -> Page:
    rows = [
        *letterhead(number, day),
        centred("QUYẾT ĐỊNH", AXIS, 950),
        centred("Về việc thành lập Tổ công tác", AXIS, 950 + PITCH),
        centred("liên ngành năm 2023", AXIS, 950 + 2 * PITCH),
        *middle,
        line("Xét đề nghị của Giám đốc Sở Nội vụ và ý kiến của các sở, ngành,", LEFT, 1400),
        line("Nơi nhận:", LEFT, 2000),
        line("TM. ỦY BAN NHÂN DÂN", 1500, 2000),
        line("- Như Điều 2;", LEFT, 2000 + PITCH),
        line("KT. CHỦ TỊCH", 1580, 2000 + PITCH),
        line("- Lưu: VT, NC.", LEFT, 2000 + 2 * PITCH),
        line("Trần Văn Bình", 1580, 2600),
    ]
    return page(*rows)


PRINTED = dispatch_page(numbered("147"), dated("18"))


def test_printed_number_and_day_are_given() -> None:
    dispatch = parse_pages([PRINTED])
    assert (dispatch.code_number, dispatch.code_notation) == ("147", "QĐ-UBND")
    assert dispatch.issued_date == date(2023, 5, 18)
    assert dispatch.organ_name == "Ủy ban nhân dân tỉnh An Giang"
    assert dispatch.subject == "thành lập Tổ công tác liên ngành năm 2023"
    assert dispatch.to_places == ["Như Điều 2", "Lưu: VT, NC"]
    assert dispatch.evidence["/issued_date"].box is not None


@pytest.mark.parametrize(("height", "confidence"), [(62, 0.95), (40, 0.3), (24, 0.95)])
def test_what_has_not_the_size_of_print_or_was_read_unsurely_is_withheld(height: int, confidence: float) -> None:
    dispatch = parse_pages([dispatch_page(numbered("147", height, confidence), dated("18", height, confidence))])
    assert dispatch.code_number is None
    assert dispatch.issued_date is None
    assert dispatch.evidence["/code_number"].candidates[0][0] == "147"
    assert dispatch.evidence["/issued_date"].candidates[0][0] == "2023-05-18"
    assert {w.code for w in dispatch.warnings} >= {"number-unsure", "date-unsure"}


def test_a_written_day_below_the_line_is_withheld() -> None:
    row = dated("18")
    words = [replace(w, box=w.box._replace(y1=w.box.y1 + 25)) if w.text == "18" and w.box else w for w in row.words]
    assert parse_pages([dispatch_page(numbered("147"), Line(tuple(words)))]).issued_date is None


def test_a_day_that_no_calendar_has_is_withheld() -> None:
    assert parse_pages([dispatch_page(numbered("147"), dated("38"))]).issued_date is None


def test_slots_span_from_word_to_word() -> None:
    slots = slots_of([PRINTED])
    assert set(slots) == {"number", "day", "month", "year"}
    number = slots["number"].box
    assert number
    assert number.x0 == 360 + 3 * LETTER
    assert number.x1 == 560
    day = slots["day"].box
    assert day
    assert day.width > 2 * LETTER
    assert slots["year"].raw == "2023"


def test_a_slot_glued_to_its_neighbours_is_cut_by_letters() -> None:
    glued = Line((word("Số:147/QĐ-UBND", 360, 720, 0.9),))
    slot = slots_of([dispatch_page(glued, dated("18"))])["number"]
    assert slot.raw == "147"
    assert slot.box
    assert (slot.box.x0, slot.box.x1) == (360 + 3 * LETTER, 360 + 6 * LETTER)


def test_a_misread_printed_month_is_mended() -> None:
    row = dated("18")
    words = [replace(w, text="T0") if w.text == "5" else w for w in row.words]
    assert parse_pages([dispatch_page(numbered("147"), Line(tuple(words)))]).issued_date == date(2023, 10, 18)


def test_readings_of_the_handwriting_give_number_and_date() -> None:
    pages = [dispatch_page(numbered("††", 60, 0.2), dated("/8", 60, 0.2))]
    dispatch = parse_pages(pages, readings=own(number=[("77", 0.9), ("71", 0.05)], day=[("18", 0.8), ("78", 0.2)]))
    assert dispatch.code_number == "77"
    assert dispatch.issued_date == date(2023, 5, 18)
    assert dispatch.evidence["/issued_date"].method == "handwriting"
    assert not {w.code for w in dispatch.warnings} & {"number-unsure", "date-unsure"}
    assert parse_pages(pages).code_number is None


def test_doubtful_readings_give_nothing() -> None:
    pages = [dispatch_page(numbered("††", 60, 0.2), dated("/8", 60, 0.2))]
    dispatch = parse_pages(pages, readings=own(number=[("77", 0.4)], day=[("18", 0.3), ("13", 0.3)]))
    assert dispatch.code_number is None
    assert dispatch.issued_date is None
    assert [c for c, _ in dispatch.evidence["/issued_date"].candidates] == ["2023-05-18", "2023-05-13"]
    assert parse_pages(pages, readings={}).issued_date is None
    assert parse_pages(pages, readings=own(day=[("45", 0.9)])).issued_date is None


def test_readings_leave_print_alone() -> None:
    dispatch = parse_pages([PRINTED], readings=own(number=[("1", 0.7)], day=[("01", 0.7)]))
    assert (dispatch.code_number, dispatch.issued_date) == ("147", date(2023, 5, 18))


def test_an_electronic_signature_weighs_the_days() -> None:
    rows = list(dispatch_page(numbered("147"), dated("1/", 60, 0.2)).lines)
    signed = line("Thời gian ký: 19/05/2023 08:15:24", 1400, 200)
    pages = [page(signed, *rows)]
    assert read_form(pages).signed == date(2023, 5, 19)
    assert parse_pages(pages).issued_date is None
    candidates = parse_pages(pages).evidence["/issued_date"].candidates
    assert [c for c, _ in candidates][:2] == ["2023-05-17", "2023-05-11"]
    dispatch = parse_pages(pages, readings=own(day=[("22", 0.5), ("17", 0.45)]))
    assert dispatch.issued_date == date(2023, 5, 17)


def test_columns_merged_into_one_line_are_parted() -> None:
    rows = list(PRINTED.lines)
    merged = [
        Line(rows[0].words + rows[1].words),
        Line(rows[2].words + rows[3].words),
        Line(rows[4].words + rows[5].words),
        *rows[6:10],
        Line(rows[10].words + rows[11].words),
        Line(rows[12].words + rows[13].words),
        *rows[14:],
    ]
    apart, together = parse_pages([PRINTED]), parse_pages([page(*merged)])
    for name in ("organ_name", "code_number", "code_notation", "issued_date", "subject", "to_places", "signer"):
        assert getattr(apart, name) == getattr(together, name)


def test_a_stamp_beside_the_title_stays_out_of_the_subject() -> None:
    rows = list(PRINTED.lines)
    stamp = line("CÔNG VĂN ĐẾN", 60, 950 + 2 * PITCH - 10)
    rows[8] = Line(line("SỞ NỘI VỤ", 60, 950 + 2 * PITCH).words + rows[8].words)
    rows[9:9] = [stamp, line("Số: 2079", 60, 950 + 3 * PITCH), line("Ngày: 21/5/2023", 60, 950 + 4 * PITCH)]
    dispatch = parse_pages([page(*rows)])
    assert dispatch.subject == "thành lập Tổ công tác liên ngành năm 2023"
    assert dispatch.code_number == "147"
    assert (dispatch.arrival.number, dispatch.arrival.date) == ("2079", date(2023, 5, 21))


def test_a_letterhead_read_into_one_block_with_a_stamp_stays_out_of_it() -> None:
    rows = page(
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1300, 300),
        line("Độc lập - Tự do - Hạnh phúc", 1400, 300 + PITCH),
        line("Hà Nội, ngày 3 tháng 7 năm 2012", 1400, 300 + 3 * PITCH),
        centred("THÔNG TƯ LIÊN TỊCH", WIDTH * 52 // 100, 1100),
        line("Căn cứ Luật Khám bệnh, chữa bệnh;", 400, 1300),
    )
    texts = ("BỘ Y TẾ", "BỘ TÀI CHÍNH", "Số: 12/2012/TTLT-BYT-BTC", "VĂN PHÒNG BỘ", "CÔNG VĂN ĐẾN")
    column = Block(tuple(line(text, 250, 300 + PITCH * i) for i, text in enumerate(texts)))
    form = read_form([replace(rows, blocks=(column, *rows.blocks))])
    assert [row.text for row in form.zones.stamps] == ["VĂN PHÒNG BỘ", "CÔNG VĂN ĐẾN"]
    assert form.issuer.organ.sure == "Bộ Y tế - Bộ Tài chính"
    assert form.code.notation.sure == "2012/TTLT-BYT-BTC"


def stamped_page(day: str) -> Page:
    """A page with an arrival stamp left of the body; the number's line is unreadable."""
    rows = list(PRINTED.lines)
    rows[9:9] = [line("CÔNG VĂN ĐẾN", 60, 1150), line("GỖ...", 60, 1210, 0.1), line(day, 60, 1270, 0.4)]
    return page(*rows)


def test_the_blanks_of_an_arrival_stamp_are_slots() -> None:
    pages = [stamped_page("Ngày..Š.tháng..1..năm")]
    slots = slots_of(pages, SlotForm.ARRIVAL_STAMP)
    number, day = slots["number"].box, slots["day"].box
    assert number
    assert 1150 < number.y0 < 1190 < number.y1 < 1230
    assert day
    assert 60 + 4 * LETTER <= day.x0 < day.x1 <= 60 + 9 * LETTER
    assert slots["month"].raw == "Ngày..Š.tháng..1..năm"
    assert [row.text for row in read_form(pages).zones.stamps] == ["CÔNG VĂN ĐẾN", "GỖ...", "Ngày..Š.tháng..1..năm"]


def test_an_arrival_is_the_first_such_day_after_the_issue() -> None:
    pages = [stamped_page("Ngày..Š.tháng")]
    arrival = parse_pages(pages, readings=stamped(number=[("825", 0.9)], day=[("3", 0.9)])).arrival
    assert parse_pages(pages, readings=stamped(number=[("825", 0.8)])).arrival.number is None
    assert (arrival.number, arrival.date) == ("825", date(2023, 6, 3))
    unsure = parse_pages(pages, readings=stamped(day=[("31", 0.3), ("21", 0.3)], month=[("5", 1.0)]))
    assert unsure.arrival.date is None
    assert unsure.evidence["/arrival/date"].candidates[0][0] == "2023-05-21"
    assert parse_pages(pages, readings=stamped(day=[("45", 0.9)])).arrival.date is None


def test_no_slots_without_a_readable_stamp() -> None:
    assert not slots_of([stamped_page("N")], SlotForm.ARRIVAL_STAMP)


def test_overlays_and_page_numbers_are_furniture() -> None:
    overlay = line("Ký bởi: Ủy ban nhân dân tỉnh An Giang", 1500, 120)
    second = page(centred("2", AXIS, 150), line("Điều 2. Thi hành.", LEFT, 300), number=2)
    rows = list(PRINTED.lines)
    pages = [page(overlay, *rows[:10]), replace(second, height=HEIGHT), page(*rows[10:], number=3)]
    furniture = [row.text for row in read_form(pages).zones.furniture]
    assert overlay.text in furniture
    assert "2" in furniture
    assert parse_pages(pages).organ_name == "Ủy ban nhân dân tỉnh An Giang"
    assert parse_pages(pages).signer.full_name == "Trần Văn Bình"


def test_a_mark_read_into_the_title_line() -> None:
    rows = list(PRINTED.lines)
    rows[6] = Line(line("HỎA TỐC |", 300, 950).words + rows[6].words)
    dispatch = parse_pages([page(*rows)])
    assert (dispatch.urgency, dispatch.type_name) == ("Hỏa tốc", "Quyết định")


def test_boxes_are_those_of_the_page() -> None:
    box = parse_pages([PRINTED]).evidence["/organ_name"].box
    assert box is not None
    assert Box(*box).x0 >= 330
    assert Box(*box).x1 <= WIDTH / 2
