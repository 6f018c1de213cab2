"""Parsing is total and linear: no text makes it fail, and twice the text takes twice the work."""

import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.linear import KINDS, text_of
from benchmarks.parse import document
from tests.parse.passages import PASSAGES
from vndoc.export.markdown import to_markdown
from vndoc.page import Page, page_from_text
from vndoc.parse import parse_pages
from vndoc.repair import repair_pages

pytestmark = pytest.mark.slow

HEAD = "Số: 12/QĐ-UBND\nLam Giang, ngày 05 tháng 3 năm 2025\nQUYẾT ĐỊNH\nVề việc rà soát\n"
UNITS = [
    "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính, ",
    "trước ngày 20 hằng tháng và tháng cuối quý ",
    "trong thời hạn 05 ngày làm việc kể từ ngày nhận được Công văn này ",
    "Trước ngày, Sau khi, Hằng năm, ",
    "hoàn thành trong tháng 3, quý II, năm 2025, ",
    "- Chủ trì: Sở Y tế; phối hợp: Sở Nội vụ; thời gian: Quý II.\n",
    "Các sở, ban, ngành và Ủy ban nhân dân các xã; ",
    "báo cáo (qua Sở Y tế (",
    "1. a) (i) 1.1. 1.1.1. ",
    "1. Một\n1. Một\na) Hai\n",
    "Điều 1. Điều 1a. Điều 2.\nĐiều 2. Khoản\n3. ",
    "- Gạch\n+ Cộng\n",
    "“ngoặc ” “",
    "Công báo số 1\n\f",
    "năm năm năm 20/ / / tháng ",
]


def pages_of(text: str) -> list[Page]:
    return [page_from_text(part, number) for number, part in enumerate(text.split("\f"), 1)]


def seconds(text: str) -> float:
    """Processor time of the faster of two runs."""
    times = []
    for _ in range(2):
        start = time.process_time()
        parse_pages(pages_of(text))
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_four_times_the_text_takes_about_four_times_the_time(unit: str, gap: str) -> None:
    """Quadratic work would take sixteen times as long; the margin is for a busy machine."""
    times = 3_000 // len(unit)
    short, long = (seconds(HEAD + (unit + gap) * n) for n in (times, 4 * times))
    assert long <= 9 * short + 0.1


def calls(pages: Sequence[Page], work: Callable[[Sequence[Page]], object] = parse_pages) -> int:
    """Functions called while the pages are parsed, those of C among them."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work(pages)
    finally:
        sys.setprofile(before)
    return count


def test_twice_the_pages_take_twice_the_calls() -> None:
    parse_pages(document(1))  # patterns are compiled once
    one, two, four = (calls(document(n)) for n in (6, 12, 24))
    assert two <= 2.2 * one
    assert four <= 2.2 * two


def read_and_write(pages: Sequence[Page]) -> None:
    dispatch = parse_pages(repair_pages(pages))
    to_markdown(dispatch)
    dispatch.model_dump_json()


@pytest.mark.parametrize("kind", sorted(KINDS)[::9])  # all of them: python -m benchmarks.linear
def test_repeated_texts_of_all_kinds_are_repaired_parsed_and_written_in_linear_time(kind: str) -> None:
    """Four times the text takes four times the calls, and as many again for what is looked up the first time."""
    one, four = (calls(pages_of(text_of(kind, size)), read_and_write) for size in (1_500, 6_000))
    assert four <= 8 * one + 20_000


BODIES = st.sampled_from([passage["body"] for passage in PASSAGES])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from(UNITS), BODIES), max_size=8), st.sampled_from(" \n\f"))
def test_any_text_gives_a_dispatch(parts: list[str], gap: str) -> None:
    dispatch = parse_pages(pages_of(HEAD + gap.join(parts)))
    assert type(dispatch).model_validate_json(dispatch.model_dump_json()) == dispatch
    for task in dispatch.tasks:
        assert 0 <= task.start < task.end <= len(dispatch.text)
