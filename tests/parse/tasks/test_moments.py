"""Days as people say them, and the hour beside them."""

from datetime import date, time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.tasks.clocks import between, clock_behind, clock_in
from vndoc.parse.tasks.moments import Moment, find_moments, month_named, weekday_number

ISSUED = date(2025, 8, 14)


def moments(text: str, issued: date | None = ISSUED) -> list[Moment]:
    return list(find_moments(text, fold(text), date(2025, 8, 1), issued))


@pytest.mark.parametrize("example", [e for r in load("moments")["days"] for e in r["examples"]])
def test_every_form_of_day_reads_its_examples(example: str) -> None:
    (found,) = moments(f"ngày {example}")
    assert (found.value is not None) == (example != "31/9/2025")
    assert found.end == len(f"ngày {example}".removesuffix(" để"))


@pytest.mark.parametrize("record", load("moments")["vague"], ids=lambda r: r["examples"][0])
def test_every_vague_form_reads_its_examples(record: dict[str, object]) -> None:
    examples = record["examples"]
    assert isinstance(examples, list)
    for example in examples:
        found = moments(str(example))[0]
        assert (found.value, found.doubt) == (None, "impossible" if record.get("impossible") else "unread")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày 30 tháng Sáu", date(2025, 6, 30)),
        ("ngày 30 tháng sau", date(2025, 9, 30)),
        ("ngày 05 tháng Giêng", None),
        ("thứ Hai tuần này", None),
        ("thứ Năm này", date(2025, 8, 14)),
        ("thứ Năm tới", date(2025, 8, 21)),
        ("ngày 5/11/52", "no day"),
        ("tỷ lệ 15/20", "no day"),
        ("hai tháng 9 và 10", "no day"),
    ],
)
def test_days_by_their_marks_and_by_the_day_of_issue(text: str, day: date | str | None) -> None:
    assert [found.value for found in moments(text)] == ([] if day == "no day" else [day])


def test_a_week_needs_the_day_of_issue() -> None:
    (found,) = moments("thứ Sáu tuần sau", issued=None)
    assert (found.value, found.doubt) == (None, "unread")
    assert list(find_moments("mồng 5/9", "mong 5/9", None, None)) == []


def test_months_and_weekdays() -> None:
    assert month_named("sau", date(2025, 12, 1)) == (2026, 1)
    assert month_named("Mười hai", ISSUED) == (2025, 12)
    assert month_named("kia", ISSUED) == (2025, None)
    assert [weekday_number(words) for words in ("thu hai", "thu 6", "chu nhat")] == [0, 4, 6]


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("17h30 ", time(17, 30)),
        ("7 giờ tối ", time(19)),
        ("11 giờ đêm ", time(23)),
        ("1 giờ đêm ", time(1)),
        ("25 giờ ", None),
        ("10h75 ", None),
        ("cuối giờ chiều ", None),
        ("", None),
    ],
)
def test_hours(words: str, hour: time | None) -> None:
    assert clock_in(words, regex.fullmatch(between(), fold(words))) == hour


def test_an_hour_behind_the_day() -> None:
    text = "25/8/2025 (trước 16 giờ)"
    assert clock_behind(text, fold(text), 9) == time(16)
    assert clock_behind("25/8/2025 và 17", "25/8/2025 va 17", 9) is None


@given(st.text(max_size=60), st.sampled_from(["ngày mồng ", "thứ sáu tuần ", "tháng ", "trước "]))
def test_any_text_is_read(text: str, words: str) -> None:
    for found in moments(words + text):
        assert 0 <= found.start < found.end <= len(words + text)
        assert (found.value is None) == (found.doubt is not None)
