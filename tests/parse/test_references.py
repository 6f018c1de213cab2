"""Cited documents: passages, the real scans' truth where it is at hand, and what must hold for any text."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from passages import PASSAGES, with_key, zoned, zoned_passage

from vndoc.parse.references import find_references


@pytest.mark.parametrize("passage", with_key("references"))
def test_passages(passage: dict[str, Any]) -> None:
    found = find_references(*zoned_passage(passage))
    told = [[r.notation, r.type_name, r.issued_date and r.issued_date.isoformat(), r.organ_name] for r in found]
    assert told == passage["references"]
    for notation, count in passage.get("mentions", {}).items():
        assert len(next(r for r in found if r.notation == notation).mentions) == count
    for notation, printed in passage.get("as_printed", {}).items():
        assert next(r for r in found if r.notation == notation).as_printed == printed


def test_mentions_count_in_the_whole_text() -> None:
    text, zones = zoned(
        "Căn cứ Quyết định số 12/QĐ-\n~2\nUBND ngày 05/6/2023 của UBND tỉnh.", "V/v thực hiện 7/CT-TTg", "X, 2024"
    )
    first, second = find_references(text, zones)
    assert (first.notation, first.mentions[0].text) == ("7/CT-TTg", "7/CT-TTg")
    mention = second.mentions[0]
    assert text[mention.start : mention.end] == mention.text == "Quyết định số 12/QĐ-\n~2\nUBND"
    assert second.as_printed is None


def test_the_own_number_and_annexes_are_not_cited() -> None:
    text, zones = zoned("Phòng Nội vụ triển khai.", "V/v kiểm tra", "Số: 815/UBND-NC Yên Đà, ngày 02 tháng 3 năm 2024")
    assert find_references(text, zones) == []


UNITS = [
    "số 1/QĐ-UBND, ",
    "Luật A số 1/2024/QH15, ",
    "của Sở Y tế tại ",
    "Quyết định của UBND tỉnh số ",
    "12/QĐ-UBND ngày ",
    "- - ",
]
TYPES = {"QĐ": "Quyết định", "KH": "Kế hoạch", "TB": "Thông báo", "CT": "Chỉ thị", "TTr": "Tờ trình", "BC": "Báo cáo"}


@given(
    kind=st.sampled_from(sorted(TYPES)),
    number=st.integers(1, 9999),
    day=st.dates(min_value=date(1995, 1, 1), max_value=date(2035, 12, 31)),
    organ=st.sampled_from(["UBND tỉnh", "Chủ tịch UBND huyện", "Sở Nội vụ", "Bộ trưởng Bộ Y tế"]),
    words=st.booleans(),
)
def test_a_reference_written_out_reads_back_equal(kind: str, number: int, day: Any, organ: str, words: bool) -> None:
    when = f"{day.day:02d} tháng {day.month} năm {day.year}" if words else day.strftime("%d/%m/%Y")
    notation = f"{number}/{kind}-XYZ"
    body = f"Thực hiện {TYPES[kind]} số {notation} ngày {when} của {organ} về việc kiểm tra."
    (found,) = find_references(*zoned(body))
    assert (found.type_name, found.notation, found.issued_date, found.organ_name) == (TYPES[kind], notation, day, organ)


@settings(max_examples=60)
@given(st.text(max_size=300) | st.lists(st.sampled_from([p["body"] for p in PASSAGES]), max_size=3).map(" ".join))
def test_any_text_is_read_without_failing(body: str) -> None:
    text, zones = zoned(body)
    for reference in find_references(text, zones):
        assert reference.mentions
        for mention in reference.mentions:
            assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_only(unit: str) -> None:
    text, zones = zoned(unit * (60_000 // len(unit)))
    start = time.perf_counter()
    find_references(text, zones)
    assert time.perf_counter() - start < 10
