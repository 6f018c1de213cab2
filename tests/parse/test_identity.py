"""Who a dispatch is, before what it says: its own number, the days that are counted from its date."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.parse.form_builder import PITCH, centred, line, page, word
from tests.parse.slot_readings import own
from vndoc.dispatch import Dispatch, Signature
from vndoc.page import Line, Origin, Page, Word, page_from_text
from vndoc.parse import parse_pages, read_form
from vndoc.trace import traced


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


def typed_in(*words: Word) -> list[tuple[int, str]]:
    pages = [page(Line(words)), page(Line(words[::-1]), number=2)]
    return [(digits.page, digits.word.text) for digits in read_form(pages).typed]


def test_typed_digits_are_whole_words_of_a_number_s_length_in_their_place() -> None:
    typed = [replace(word(text, 300, 400), origin=Origin.TYPED) for text in ("1", "184900", "1849000", "18a", "Số")]
    assert typed_in(*typed) == [(1, "1"), (1, "184900"), (2, "184900"), (2, "1")]
    assert typed_in(replace(typed[0], box=None), replace(typed[0], origin=Origin.OCR)) == []
    assert typed_in(replace(typed[0], origin=Origin.HAND), replace(typed[0], origin=Origin.TEXT_LAYER)) == [
        (1, "1"),
        (2, "1"),
    ]


HEAD = "SỞ Y TẾ    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{code}    An Giang, ngày {day} tháng 5 năm 2023\n{rest}"


def decisions(code: str, rest: str, day: str = "18", before: str = "") -> tuple[str | None, list[tuple[str, str, str]]]:
    """The type of a dispatch, and the decisions on its form; how sure each was is tested with what decides."""
    with traced() as made:
        form = read_form([page_from_text(before + HEAD.format(code=code, day=day, rest=rest))])
    noted = [(d.subject, re.sub(r" at \d\.\d\d", "", d.outcome), d.why) for d in made if d.by == "parse.identity"]
    return form.type_name.value, noted


REST = [
    ("/code_number", "taken: '12' (rule)", "the line 'Số: …' as printed"),
    ("/code_notation", "taken: 'KH-SYT' (rule)", "the line 'Số: …' as printed"),
    ("/issued_date", "taken: '2023-05-18' (rule)", "print"),
    ("/organ_name", "taken: 'Sở Y tế' (rule)", "letterhead; place 'An Giang'"),
]


def test_a_title_names_the_type() -> None:
    title = ("/type_name", "taken: 'Quyết định' (rule)", "title")
    assert decisions("Số: 12/KH-SYT", "\nQUYẾT ĐỊNH\nVề việc lập tổ\n") == ("Quyết định", [title, *REST])


def test_without_a_title_the_notation_gives_the_type() -> None:
    tried = [
        ("/type_name", "nothing read", "title"),
        ("/type_name", "taken: 'Kế hoạch' (notation)", "no title names a type; notation 'KH-SYT'"),
    ]
    assert decisions("Số: 12/KH-SYT", "\nThực hiện nhiệm vụ được giao.") == ("Kế hoạch", [*tried, *REST])


def test_what_was_inferred_is_weighed_again_by_the_notation() -> None:
    kind, made = decisions("Số: 12/SYT-VP", "V/v báo cáo\n\nKính gửi: Sở Nội vụ.\n")
    taken = "taken: 'Công văn' (inferred)"
    assert kind == "Công văn"
    assert made[:2] == [
        ("/type_name", taken, "title"),
        ("/type_name", taken, "no title names a type; notation 'SYT-VP'"),
    ]


def test_the_issuer_mends_the_notation_and_a_mark_has_the_day_of_signing() -> None:
    mark = "Thời gian ký: 19/05/2023 08:15:24\n"
    _, made = decisions("Số: 12/KH-SVT", "\nKẾ HOẠCH\nVề việc lập tổ\n", "~~", mark)
    assert made[2:5] == [
        ("/code_notation", "taken: 'KH-SVT' (rule)", "the line 'Số: …' as printed"),
        ("/code_notation", "taken: 'KH-SYT' (rule)", "in the light of the issuer 'Sở Y tế'"),
        ("/issued_date", "nothing read", "print; electronic signature of 2023-05-19"),
    ]


def test_a_doubtful_reading_is_noted_as_such() -> None:
    with traced() as made:
        read_form([handwritten("Điều 1. Thi hành.")])
        rows = [unread("Số: 14~ /QĐ-SYT", 330, 640), centred("QUYẾT ĐỊNH", 1240, 850)]
        read_form([page(Line(tuple(replace(w, text=w.text.replace("~", "7")) for w in rows[0].words)), rows[1])])
    outcomes = [d.outcome for d in made if d.subject == "/code_number"]
    assert outcomes[0] == "nothing read"
    assert outcomes[1].startswith("not sure enough: '147' at 0.")
