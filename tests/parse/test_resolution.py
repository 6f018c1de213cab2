"""Number and dates weighed: what print, hand, stamp and electronic signature come to, in figures."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp
from typing import Any

import pytest

from tests.parse.form_builder import line, page
from tests.parse.slot_readings import own, stamped
from vndoc.dispatch import Signature
from vndoc.page import Box, Origin, Word
from vndoc.parse import read_form, resolve
from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.head.header import Code, IssueDate
from vndoc.parse.identity import Form, Identity, TypedDigits
from vndoc.parse.lines import TextLine
from vndoc.slots import Slot, SlotForm, SlotKind
from vndoc.trace import traced

BLANK = Box(100, 100, 200, 140)
EMPTY = read_form([page(line("Điều 1. Thi hành.", 300, 400))])
ISSUED = date(2023, 5, 18)


def slot(kind: str, raw: str = "", confidence: float = 0.0, form: SlotForm = SlotForm.DISPATCH) -> Slot:
    return Slot(SlotKind(kind), form, 1, BLANK, raw, confidence)


def printed(value: Any, confidence: float = 0.9) -> FieldValue[Any]:
    return FieldValue(value, confidence, 1, None, "as printed")


NOTHING: FieldValue[Any] = FieldValue(None, 0.0)


def numbered(
    blank: Slot | None, number: FieldValue[str] = NOTHING, typed: Sequence[Word] = (), at_page: int = 1
) -> Form:
    """A form with this blank for its number."""
    code = Code(number, printed("QĐ-UBND"), blank)
    return replace(EMPTY, code=code, typed=tuple(TypedDigits(at_page, word) for word in typed))


def dated(*slots: Slot, day: FieldValue[date] = NOTHING, signed: date | None = None) -> Form:
    """A form with these blanks for its date."""
    return replace(EMPTY, issued=IssueDate(day, slots), signed=signed)


def arriving(*slots: Slot, **values: Any) -> Form:
    """A form with these blanks in its arrival stamp, issued on a day that was printed."""
    issued = values.pop("issued", ISSUED)
    return replace(EMPTY, issued=IssueDate(printed(issued) if issued else NOTHING, ()), arrival_slots=slots, **values)


def weighed(found: FieldValue[Any]) -> tuple[Any, float, list[tuple[str, float]]]:
    """Value, confidence and candidates, rounded."""
    return found.value, round(found.confidence, 4), [(text, round(p, 4)) for text, p in found.candidates]


# --- the number -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "confidence", "readings", "expected"),
    [
        ("", 0.0, [("77", 0.9), ("71", 0.05)], ("77", 0.9, [("77", 0.9), ("71", 0.05)])),
        # read by the OCR too: eight times as likely
        ("71", 0.1, [("77", 0.9), ("71", 0.05)], ("77", 0.6667, [("77", 0.6667), ("71", 0.2963)])),
        ("77.", 0.1, [("77", 0.3)], ("77", 0.7742, [("77", 0.7742)])),
        # the OCR read another number: the odds of all fall
        ("99", 0.4, [("77", 0.8)], ("77", 0.7059, [("77", 0.7059)])),
        ("9~", 0.4, [("77", 0.8)], ("77", 0.8, [("77", 0.8)])),
        # probabilities that sum to more than one leave nothing open
        ("", 0.0, [("1", 0.8), ("2", 0.4)], ("1", 0.6667, [("1", 0.6667), ("2", 0.3333)])),
        ("", 0.0, [("7x", 0.3), ("77", 0.6)], ("77", 0.8571, [("77", 0.8571)])),
        ("", 0.0, [("x", 0.9)], (None, 0.0, [])),
        ("", 0.0, [(str(n), 0.1) for n in range(1, 8)], ("1", 0.1, [(str(n), 0.1) for n in range(1, 6)])),
        ("", 0.0, [("2", 0.2), ("1", 0.7)], ("1", 0.7, [("1", 0.7), ("2", 0.2)])),
    ],
)
def test_a_number_by_hand(
    raw: str, confidence: float, readings: list[tuple[str, float]], expected: tuple[Any, ...]
) -> None:
    found = resolve(numbered(slot("number", raw, confidence)), own(number=readings)).number
    assert weighed(found) == expected
    assert (found.method, found.page, found.box, found.raw) == ("handwriting", 1, BLANK, raw)


def test_a_printed_number_stays() -> None:
    sure, unsure = printed("147", 0.5), printed("147", 0.49)
    readings = own(number=[("77", 0.9)])
    assert resolve(numbered(slot("number"), sure), own(number=[("77", 0.79)])).number == sure
    assert resolve(numbered(slot("number"), sure), own(number=[("77", 0.9), ("147", 0.03)])).number == sure
    assert resolve(numbered(slot("number"), printed("7", 0.5)), own(number=[("07", 0.9)])).number.confidence == 0.5
    assert resolve(numbered(None, unsure), readings).number == unsure
    assert resolve(numbered(slot("number"), unsure)).number == unsure
    assert resolve(numbered(slot("number"), unsure), own(number=[])).number == unsure
    assert resolve(numbered(slot("number"), unsure), readings).number.value == "77"


def test_a_neat_hand_taken_for_print_is_doubted_where_the_reader_surely_reads_another_number() -> None:
    neat, hand = printed("55", 0.9), own(number=[("33", 0.97)])
    found = resolve(numbered(slot("number", "55", 0.9), neat), hand).number
    assert weighed(found) == ("55", 0.2177, [("33", 0.7823), ("55", 0.2177)])
    assert found.sure is None
    unclear = resolve(numbered(slot("number", "10", 0.9), printed("10", 0.9)), own(number=[("20", 0.87)])).number
    assert (unclear.value, unclear.sure) == ("10", None)  # neither of two sure readers wins clearly
    # print of which hardly anything is doubted stays, a little less sure
    assert resolve(numbered(slot("number"), printed("55", 0.99)), own(number=[("33", 0.9)])).number.sure == "55"


def annexed(text: str, *numbers: FieldValue[str]) -> Form:
    """A form whose number has a blank, with an annex."""
    form = numbered(slot("number"), *numbers)
    annex = TextLine(text, 0, 2, tuple(Word(part, None, 0.95) for part in text.split()), 9)
    return replace(form, zones=replace(form.zones, annex=(annex,)))


def test_the_head_of_an_annex_confirms_a_number_or_speaks_against_it() -> None:
    said = "(Kèm theo Quyết định số 308/QĐ-UBND ngày 18/02/2025)"
    readings = own(number=[("508", 0.4), ("308", 0.3)])
    assert resolve(annexed(said), readings).number.sure == "308"
    assert resolve(annexed(said), own(number=[("57", 0.6)])).number.sure is None
    assert resolve(annexed(said, printed("57", 0.7)), own(number=[])).number.candidates[0][0] == "308"
    assert resolve(annexed(said, printed("57", 0.99))).number.sure == "57"
    other = "(Kèm theo Quyết định số 308/QĐ-STC ngày 18/02/2025)"
    assert resolve(annexed(other), own(number=[("57", 0.6)])).number.sure == "57"


def test_a_day_or_month_taken_for_print_is_doubted_too() -> None:
    day, month, neat = slot("day", "09", 0.9), slot("month", "3", 0.9), printed(date(2023, 3, 9), 0.9)
    agreed = resolve(dated(day, month, YEAR, day=neat), own(day=[("09", 0.97)], month=[("03", 0.9)])).issued_date
    assert agreed.sure == date(2023, 3, 9)
    for readings in (own(day=[("24", 0.97)]), own(day=[("09", 0.9)], month=[("09", 0.97)])):
        found = resolve(dated(day, month, YEAR, day=neat), readings).issued_date
        assert len(found.candidates) == 2
        assert found.sure != date(2023, 3, 9)


def test_a_day_that_both_readers_read_is_surer() -> None:
    alone = resolve(dated(slot("day", "1/", 0.3), MONTH, YEAR), own(day=[("22", 0.4)])).issued_date
    twice = resolve(dated(slot("day", "22", 0.3), MONTH, YEAR), own(day=[("22", 0.4)])).issued_date
    assert alone.sure is None
    assert twice.sure == date(2023, 5, 22)


def digits(x: float, y: float, text: str = "1849") -> Word:
    """Digits whose box of 40 × 20 pixels has its centre there."""
    return Word(text, Box(round(x) - 20, round(y) - 10, round(x) + 20, round(y) + 10), origin=Origin.TYPED)


@pytest.mark.parametrize(
    ("x", "y", "fills"),
    [
        (150, 120, True),
        (60, 120, True),  # as far beside the blank as it is high
        (59, 120, False),
        (240, 120, True),
        (241, 120, False),
        (150, 183, True),  # 1.6 of its height below
        (150, 184, False),
        (150, 57, True),
        (150, 56, False),
    ],
)
def test_typed_digits_fill_the_blank_that_they_are_beside(x: int, y: int, fills: bool) -> None:
    word = digits(x, y)
    found = resolve(numbered(slot("number"), typed=[word]), own(number=[("77", 0.6)])).number
    if fills:
        assert weighed(found) == ("1849", 0.9, [("1849", 0.9)])
        assert (found.method, found.page, found.box, found.raw) == ("typed", 1, word.box, "1849")
    else:
        assert (found.value, found.method) == ("77", "handwriting")


def test_typed_digits_that_may_be_something_else_do_not() -> None:
    word = digits(150, 120)
    for form in (
        numbered(slot("number", "12~"), typed=[word]),  # there is a digit in the blank already
        numbered(slot("number"), typed=[word, digits(180, 120, "2")]),
        numbered(slot("number"), typed=[word], at_page=2),
        numbered(replace(slot("number"), box=None), typed=[word]),
        numbered(slot("number"), typed=[replace(word, box=None)]),
        numbered(None, typed=[word]),
    ):
        assert resolve(form).number == NOTHING
    sure = printed("147", 0.5)
    assert resolve(numbered(slot("number"), sure, [word])).number == sure
    assert resolve(numbered(slot("number", "…~"), typed=[word, digits(400, 120, "2")])).number.value == "1849"


# --- the date -------------------------------------------------------------------------------------------------

MONTH, YEAR = slot("month", "5", 0.95), slot("year", "2023", 0.95)
DAYS = [("18", 0.6), ("13", 0.3)]


def day(*candidates: tuple[date, float]) -> tuple[date, float, list[tuple[str, float]]]:
    return *candidates[0], [(value.isoformat(), p) for value, p in candidates]


def test_a_day_by_hand_between_a_printed_month_and_year() -> None:
    blank = slot("day", "1/", 0.2)
    found = resolve(dated(blank, MONTH, YEAR), own(day=DAYS)).issued_date
    assert weighed(found) == day((ISSUED, 0.5415), (date(2023, 5, 13), 0.2707))
    assert (found.method, found.page, found.box, found.raw) == ("handwriting", 1, BLANK, "1/")
    agreed = resolve(dated(blank, MONTH, YEAR), own(day=[("18", 0.6)], month=[("05", 0.8), ("06", 0.1)])).issued_date
    assert agreed.confidence == pytest.approx(0.6 * 0.99 * 0.95)


def test_the_same_day_read_in_two_ways_counts_once() -> None:
    found = resolve(dated(slot("day"), MONTH, YEAR), own(day=[("8", 0.3), ("08", 0.4), ("45", 0.2)])).issued_date
    assert weighed(found) == day((date(2023, 5, 8), 0.6318))


def test_a_month_of_doubtful_print_is_that_of_the_hand() -> None:
    readings = own(day=[("18", 1.0)], month=[("06", 0.9)])
    for confidence, month in ((0.95, 5), (0.5, 6), (0.49, 6)):
        form = dated(slot("day"), slot("month", "5", confidence), YEAR)
        assert resolve(form, readings).issued_date.value == date(2023, month, 18)
    assert resolve(dated(slot("day"), slot("month", "~", 0.9), YEAR), readings).issued_date.value == date(2023, 6, 18)


def test_a_date_of_which_a_part_is_open_stays_as_printed() -> None:
    unsure = printed(date(2023, 5, 1), 0.3)
    form = dated(slot("day"), MONTH, YEAR, day=unsure)
    assert resolve(form).issued_date == unsure
    assert resolve(form, own(day=[("45", 0.9)])).issued_date == unsure
    assert resolve(dated(MONTH, YEAR, day=unsure), own(day=DAYS)).issued_date == unsure
    sure = printed(date(2023, 5, 1), 0.5)
    assert resolve(dated(slot("day"), MONTH, YEAR, day=sure), own(day=DAYS)).issued_date == sure


def test_of_many_days_six_are_named() -> None:
    days = [(str(n), 0.1) for n in range(1, 10)]
    found = resolve(dated(slot("day"), MONTH, YEAR), own(day=days)).issued_date
    assert [value for value, _ in found.candidates] == [f"2023-05-0{n}" for n in range(1, 7)]


def signature(at: datetime | None) -> Signature:
    return Signature(signed_at=at, sub_filter="adbe.pkcs7.detached", covers_whole_file=True)


def test_the_first_signature_weighs_the_days_and_so_what_was_left_open() -> None:
    form = dated(slot("day"), MONTH, YEAR)
    signed = [signature(datetime(2023, 5, n, tzinfo=UTC)) for n in (20, 14)] + [signature(None)]
    found = resolve(form, own(day=DAYS), signed).issued_date
    late, early = 0.6 * 0.95**2 * 0.01, 0.3 * 0.95**2 * exp(-1 / 3)
    share = 0.9 * 0.95**2
    assert found.value == date(2023, 5, 13)
    assert found.confidence == pytest.approx(early / (late + early) * share)
    # The mark on the page comes before the signatures in the file.
    marked = resolve(replace(form, signed=date(2023, 5, 18)), own(day=DAYS), signed).issued_date
    near = 0.3 * 0.95**2 * exp(-5 / 3)
    assert marked.confidence == pytest.approx(0.6 * 0.95**2 / (0.6 * 0.95**2 + near) * share)
    assert resolve(form, own(day=DAYS), [signature(None)]).issued_date.value == ISSUED


# --- the arrival ----------------------------------------------------------------------------------------------

STAMP_NUMBER, STAMP_DAY, STAMP_MONTH, STAMP_DATE = (
    slot(kind, "..", form=SlotForm.ARRIVAL_STAMP) for kind in ("number", "day", "month", "date")
)


def test_a_number_on_a_stamp_s_dots_is_trusted_less() -> None:
    form = arriving(STAMP_NUMBER)
    assert weighed(resolve(form, stamped(number=[("825", 0.9)])).arrival_number) == ("825", 0.522, [("825", 0.522)])
    assert resolve(form).arrival_number == NOTHING
    sure, unsure = printed("12", 0.5), printed("12", 0.49)
    assert resolve(arriving(STAMP_NUMBER, arrival_number=sure), stamped(number=[("8", 1.0)])).arrival_number == sure
    assert resolve(arriving(arrival_number=unsure), stamped(number=[("8", 1.0)])).arrival_number == unsure
    alone = resolve(arriving(STAMP_NUMBER, arrival_number=unsure), stamped(number=[("8", 1.0)])).arrival_number
    assert (alone.value, alone.sure) == ("8", None)  # a lone digit may be the letter of an hour


def arrival(form: Form, **readings: list[tuple[str, float]]) -> FieldValue[date]:
    return resolve(form, stamped(**readings)).arrival_date


def test_the_first_such_day_after_the_issue_is_the_likeliest() -> None:
    found = arrival(arriving(STAMP_DAY), day=[("03", 0.9), ("x", 0.1)])
    assert found.value == date(2023, 6, 3)
    assert [day for day, _ in found.candidates[:2]] == ["2023-06-03", "2023-07-03"]
    assert found.confidence == found.candidates[0][1] > 0.6
    assert found.candidates[1][1] < 0.2
    assert (found.method, found.page, found.box, found.raw) == ("handwriting", 1, BLANK, "..")
    unsure = arrival(arriving(STAMP_DAY), day=[("03", 0.5), ("20", 0.4)])
    assert unsure.value == date(2023, 5, 20)
    assert unsure.confidence < arrival(arriving(STAMP_DAY), day=[("20", 0.8)]).confidence


def test_a_date_in_one_blank_is_the_day_that_its_digits_fit() -> None:
    form = arriving(STAMP_DATE)
    for text in ("0310612023", "31612023", "0310623", "031061", "031612023", "03106"):
        found = arrival(form, date=[(text, 0.6), ("8", 0.1)])
        assert (text, found.value) == (text, date(2023, 6, 3))
    assert arrival(form, date=[("0310612023", 0.6)]).sure == date(2023, 6, 3)
    assert arrival(form, date=[("9994", 0.9)]).sure is None
    assert arrival(form).value is None


def test_a_date_in_one_blank_is_read_alone_where_the_issue_is_not_known() -> None:
    form = arriving(STAMP_DATE, issued=None)
    assert arrival(form, date=[("0310612023", 0.5), ("03106120231", 0.3)]).sure == date(2023, 6, 3)
    assert arrival(form, date=[("316", 0.9)]).value is None


def test_a_month_that_was_read_chooses() -> None:
    form = arriving(STAMP_DAY, STAMP_MONTH)
    assert arrival(form, day=[("3", 0.9)], month=[("07", 0.8), ("x", 0.2)]).value == date(2023, 7, 3)
    assert arrival(form, day=[("3", 0.9)], month=[("07", 0.8), ("06", 0.2)]).value == date(2023, 6, 3)
    assert arrival(form, day=[("3", 0.9)], month=[("07", 0.99), ("06", 0.01)]).value == date(2023, 7, 3)
    assert arrival(form, day=[("3", 0.9)], month=[("9", 0.8)]).sure is None


@pytest.mark.parametrize(("day", "month", "found"), [("1", "1", 1), ("1", "3", 3), ("2", "3", None)])
def test_a_dispatch_arrives_from_its_day_of_issue_on_and_within_sixty_days(
    day: str, month: str, found: int | None
) -> None:
    form = arriving(STAMP_DAY, STAMP_MONTH, issued=date(2023, 1, 1))
    assert arrival(form, day=[(day, 1.0)], month=[(month, 1.0)]).sure == (found and date(2023, found, int(day)))


def test_surer_than_sure_is_sure() -> None:
    assert arrival(arriving(STAMP_DAY), day=[("20", 0.9), ("20", 0.9)]).confidence <= 1
    days = [(str(n), 0.1) for n in range(19, 29)]
    assert [value for value, _ in arrival(arriving(STAMP_DAY), day=days).candidates] == [
        f"2023-05-{n}" for n in range(19, 24)
    ]


def test_a_printed_arrival_stays_unless_it_is_before_the_issue() -> None:
    readings = {"day": [("20", 1.0)]}
    for when, kept in ((18, True), (17, False)):
        value = printed(date(2023, 5, when))
        found = arrival(arriving(STAMP_DAY, arrival_date=value), **readings)
        assert found == value if kept else found.value == date(2023, 5, 20)
        alone = arrival(arriving(arrival_date=value), **readings)
        assert alone == replace(value, confidence=0.9 if kept else 0.0)
    doubtful = printed(date(2023, 5, 17), 0.4)
    assert arrival(arriving(arrival_date=doubtful)) == doubtful
    assert arrival(arriving(STAMP_DAY, issued=None, arrival_date=doubtful), **readings) == doubtful
    assert arrival(arriving(STAMP_DAY, arrival_date=doubtful)) == doubtful
    before = printed(date(2023, 5, 1))
    assert arrival(arriving(STAMP_DAY, issued=None, arrival_date=before), **readings) == before


# --- the whole ------------------------------------------------------------------------------------------------


def test_what_needs_no_weighing_is_handed_on() -> None:
    form = replace(EMPTY, type_name=printed("Quyết định"), code=Code(printed("147"), printed("QĐ-UBND"), None),
                   place=printed("An Giang"), subject=printed("lập Tổ công tác"))  # fmt: skip
    found = resolve(form)
    for name in ("type_name", "place", "issuer", "subject", "signers"):
        assert getattr(found, name) == getattr(form, name)
    assert (found.number, found.notation, found.code) == (form.code.number, form.code.notation, "147/QĐ-UBND")


@pytest.mark.parametrize(("number", "notation"), [(0.4, 0.9), (0.9, 0.4), (0.4, 0.4)])
def test_a_code_needs_both_its_parts(number: float, notation: float) -> None:
    found: Identity = resolve(replace(EMPTY, code=Code(printed("147", number), printed("QĐ-UBND", notation), None)))
    assert found.code is None


def test_decisions_are_noted() -> None:
    form = replace(
        numbered(slot("number", "8~", 0.1)),
        issued=IssueDate(NOTHING, (slot("day"), MONTH, YEAR)),
        arrival_date=printed(date(2023, 5, 17)),
        signed=ISSUED,
    )
    with traced() as decisions:
        resolve(form, own(number=[("87", 0.9)], day=[("18", 1.0)]))
        resolve(numbered(slot("number"), typed=[digits(150, 120)]))
        resolve(dated(slot("day"), MONTH, YEAR), own(day=[("18", 1.0)]))
    assert {d.by for d in decisions} == {"parse.resolution"}
    assert [(d.subject, d.outcome, d.why) for d in decisions] == [
        ("/code_number", "by hand '87' at 0.90", "print has '8~'"),
        ("/issued_date", "by hand '2023-05-18' at 0.90", "signed electronically on 2023-05-18"),
        ("/arrival/date", "rejected: '2023-05-17'", "before the day of issue, 2023-05-18"),
        ("/code_number", "typed '1849'", "set over the page where the blank is"),
        ("/issued_date", "by hand '2023-05-18' at 0.90", "no electronic signature"),
    ]
