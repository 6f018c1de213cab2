"""Who a dispatch is, before what it says: its own number, the days that are counted from its date."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.parse.form_builder import PITCH, centred, line, page, word
from tests.parse.slot_readings import own
from vndoc.dispatch import Dispatch, Signature
from vndoc.page import Line, Origin, Page
from vndoc.parse import parse_pages


def unread(text: str, x: int, y: int) -> Line:
    """A printed line whose '~' are handwriting."""
    words = line(text, x, y).words
    return Line(tuple(replace(w, confidence=0.1) if "~" in w.text else w for w in words))


def handwritten(*body: str) -> Page:
    """A decision with number and day in a hand that print cannot read."""
    return page(
        line("SỞ Y TẾ", 330, 500),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1300, 500),
        unread("Số: ~~~ /QĐ-SYT", 330, 640),
        unread("An Giang, ngày ~~ tháng 5 năm 2023", 1380, 640),
        centred("QUYẾT ĐỊNH", 1240, 850),
        centred("Về việc thành lập Tổ công tác", 1240, 850 + PITCH),
        *(line(text, 300, 1200 + PITCH * k) for k, text in enumerate(body)),
        line("GIÁM ĐỐC", 1580, 2400),
        line("Trần Văn Bình", 1580, 2700),
    )


def test_a_number_written_by_hand_is_not_cited_by_its_own_dispatch() -> None:
    pages = [
        handwritten(
            "Căn cứ Quyết định số 12/QĐ-UBND ngày 03/02/2023 của UBND tỉnh;",
            "Điều 1. Ban hành kèm theo Quyết định số 147/QĐ-SYT Quy chế làm việc.",
        )
    ]
    notations = [r.notation for r in parse_pages(pages, readings=own(number=[("147", 0.9)])).references]
    assert notations == ["12/QĐ-UBND"]
    unread = parse_pages(pages)
    assert [r.notation for r in unread.references] == ["12/QĐ-UBND", "147/QĐ-SYT"]


def test_terms_count_from_the_day_that_the_hand_wrote() -> None:
    body = "1. Phòng Nghiệp vụ báo cáo trong thời hạn 10 ngày kể từ ngày ban hành Quyết định này."
    dispatch = parse_pages([handwritten(body)], readings=own(day=[("18", 0.9)]))
    assert dispatch.issued_date == date(2023, 5, 18)
    # The 28th is a Sunday.
    assert dispatch.due_date == date(2023, 5, 29) == dispatch.tasks[0].due_date
    assert dispatch.evidence["/due_date"] == dispatch.evidence["/tasks/0"]
    assert parse_pages([handwritten(body)]).due_date is None


def signature(day: int) -> Signature:
    at = datetime(2023, 5, day, 8, tzinfo=UTC)
    return Signature(signed_at=at, sub_filter="adbe.pkcs7.detached", covers_whole_file=True)


def given(day: int) -> Dispatch:
    readings = own(day=[("22", 0.5), ("17", 0.45)])
    return parse_pages([handwritten("Điều 1. Thi hành.")], readings=readings, signatures=[signature(day)])


def test_the_electronic_signature_weighs_what_the_hand_wrote() -> None:
    assert given(18).issued_date == date(2023, 5, 17)
    assert given(23).issued_date == date(2023, 5, 22)


def test_nothing_arrives_before_it_is_issued() -> None:
    stamp = [line("CÔNG VĂN ĐẾN", 60, 1150), line("Số: 12", 60, 1210), line("Ngày: 15/5/2023", 60, 1270)]
    rows = list(handwritten("Điều 1. Thi hành.").lines)
    pages = [page(*rows[:6], *stamp, *rows[6:])]
    early = parse_pages(pages, readings=own(day=[("10", 0.9)]))
    late = parse_pages(pages, readings=own(day=[("18", 0.9)]))
    assert (early.issued_date, early.arrival.date) == (date(2023, 5, 10), date(2023, 5, 15))
    assert (late.issued_date, late.arrival.date) == (date(2023, 5, 18), None)


def with_typed(text: str, x: int, y: int, origin: Origin = Origin.TYPED) -> list[Page]:
    """The decision with an empty blank after 'Số:' and digits set over the page at a place of their own."""
    rows = [
        line("SỞ Y TẾ", 330, 500),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1300, 500),
        Line((word("Số:", 330, 640), word("/QĐ-SYT", 560, 640))),
        Line((replace(word(text, x, y), origin=origin),)),
        line("An Giang, ngày 18 tháng 5 năm 2023", 1380, 640),
        centred("QUYẾT ĐỊNH", 1240, 850),
        centred("Về việc thành lập Tổ công tác", 1240, 850 + PITCH),
    ]
    return [page(*rows)]


@pytest.mark.parametrize(("x", "y"), [(430, 640), (430, 640 + PITCH), (440, 640 - PITCH + 10)])
def test_digits_typed_beside_the_blank_fill_it(x: int, y: int) -> None:
    dispatch = parse_pages(with_typed("1849", x, y))
    assert (dispatch.code_number, dispatch.code_notation) == ("1849", "QĐ-SYT")
    assert dispatch.evidence["/code_number"].method == "typed"
    assert dispatch.subject == "thành lập Tổ công tác"


@pytest.mark.parametrize(("x", "y", "origin"), [(430, 900, Origin.TYPED), (1900, 640, Origin.TYPED)])
def test_digits_elsewhere_do_not(x: int, y: int, origin: Origin) -> None:
    assert parse_pages(with_typed("1849", x, y, origin)).code_number is None


def test_digits_that_an_engine_read_a_line_below_do_not() -> None:
    assert parse_pages(with_typed("1849", 430, 640 + PITCH, Origin.OCR)).code_number is None
