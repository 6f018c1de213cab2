"""What was read is kept and parsed again: the same without a person's word, and with it all that follows from it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SAMPLES
from vndoc.dispatch import Source
from vndoc.page import Block, Box, Layer, Line, Method, Origin, Page, Word, page_from_text
from vndoc.pipeline import parse_again, read
from vndoc.reading import Reading
from vndoc.slots import SlotForm, SlotKey, SlotKind

SOURCE = Source(name="a.txt", sha256="0" * 64, media_type="text/plain", page_amount=1)
TEXT = """ỦY BAN NHÂN DÂN
TỈNH QUẢNG NGÃI

Số: 12/QĐ-UBND
Quảng Ngãi, ngày 05 tháng 3 năm 2024

QUYẾT ĐỊNH
Về việc kiểm tra phòng cháy

Điều 1. Sở Xây dựng báo cáo kết quả trong thời hạn 10 ngày kể từ ngày ban hành Quyết định này.
Điều 2. Thực hiện Quyết định số 12/QĐ-UBND và Quyết định số 15/QĐ-UBND ngày 05/3/2024 của UBND tỉnh Quảng Ngãi.
"""


def reading(text=TEXT):
    return Reading(SOURCE, (page_from_text(text),), {})


def test_what_depends_on_a_value_follows_it():
    dispatch = parse_again(reading())
    assert dispatch.tasks[0].due_date == date(2024, 3, 15)
    assert [cited.notation for cited in dispatch.references] == ["15/QĐ-UBND"]
    later = parse_again(reading(), {"/issued_date": "2024-03-06", "/code_number": "15"})
    assert (later.issued_date, later.tasks[0].due_date, later.due_date) == (date(2024, 3, 6), *[date(2024, 3, 18)] * 2)
    assert next(cited.notation for cited in later.references) == "12/QĐ-UBND"
    assert parse_again(reading(), {"/issued_date": None}).issued_date is None


def test_a_name_in_place_of_several_is_one_office():
    joint = parse_again(reading(TEXT.replace("ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI", "SỞ Y TẾ - SỞ NỘI VỤ")))
    assert len(joint.joint_issuers) == 2
    one = parse_again(
        reading(TEXT.replace("ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI", "SỞ Y TẾ - SỞ NỘI VỤ")), {"/organ_name": "Sở Y tế"}
    )
    assert (one.organ_name, one.joint_issuers) == ("Sở Y tế", [])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cv815/scan.pdf", "thong-bao-312/scan.tif", "bao-cao-233/scan.pdf"])
def test_a_kept_reading_gives_the_same_dispatch(name):
    document = read(SAMPLES / name)
    kept = document.reading.to_bytes()
    again = Reading.from_bytes(kept)
    assert (again.pages, again.slots) == (document.pages, dict(document.slots))
    assert parse_again(again) == document.dispatch
    assert len(kept) < 20_000 * len(document.pages)


boxes = st.none() | st.builds(Box, *[st.integers(0, 5000)] * 4)
shares = st.floats(0, 1)
words = st.builds(
    Word,
    st.text(max_size=6),
    boxes,
    shares,
    st.none() | st.text(max_size=4),
    st.lists(st.tuples(st.text(max_size=3), shares), max_size=2).map(tuple),
    st.sampled_from(Origin),
)
lines = st.builds(Line, st.lists(words, max_size=4).map(tuple), st.none() | shares, st.none() | shares)
pages = st.builds(
    Page,
    st.integers(1, 9),
    st.lists(st.builds(Block, st.lists(lines, max_size=3).map(tuple)), max_size=2).map(tuple),
    layer=st.sampled_from(Layer),
    method=st.sampled_from(Method),
    warnings=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    angle=st.floats(-5, 5),
)
slots = st.dictionaries(
    st.builds(SlotKey, st.sampled_from(SlotForm), st.sampled_from(SlotKind)),
    st.lists(st.tuples(st.text("0123456789", max_size=4), shares), max_size=3),
    max_size=3,
)


@given(st.lists(pages, max_size=3).map(tuple), slots)
def test_bytes_and_back(some, read_slots):
    kept = Reading(SOURCE, some, read_slots)
    assert Reading.from_bytes(kept.to_bytes()) == kept
