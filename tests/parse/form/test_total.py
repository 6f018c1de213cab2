"""The parser takes whatever it is given: no text makes it fail, and no line is lost or doubled."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vndoc.page import Block, Box, Line, Page, Word, page_from_text
from vndoc.parse import parse_pages, read_form
from vndoc.parse.form.zones import Zones
from vndoc.parse.form.zoning import find_zones
from vndoc.parse.lines import TextLine, document_lines, document_text

PIECES = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "ỦY BAN NHÂN DÂN",
    "TỈNH",
    "Số: 12/QĐ-UBND",
    "Số: /",
    "Hà Nội, ngày 31 tháng 2 năm 2024",
    "ngày tháng năm",
    "QUYẾT ĐỊNH",
    "V/v",
    "Về việc",
    "Kính gửi:",
    "- Như trên;",
    "Nơi nhận:",
    "- Lưu: VT.",
    "KT. CHỦ TỊCH",
    "TM.",
    "PHÓ CHỦ TỊCH",
    "Nguyễn Văn A",
    "ĐẾN Số: 12 Ngày: 3/4/2024",
    "PHỤ LỤC I",
    "HỎA TỐC",
    "(DỰ ÁN X",
    "ﬁ☃\u200b\x00",
    "…………",
    "1.",
    "- ",
]
lines = st.one_of(st.sampled_from(PIECES), st.text(max_size=30))
texts = st.lists(lines, max_size=25).map("\n".join)


@st.composite
def boxed_pages(draw: st.DrawFn) -> Page:
    rows = []
    for text in draw(st.lists(lines, max_size=12)):
        words = []
        for part in text.split():
            x, y = draw(st.integers(0, 2400)), draw(st.integers(0, 3400))
            box = Box(x, y, x + draw(st.integers(1, 300)), y + draw(st.integers(1, 90)))
            words.append(Word(part, draw(st.sampled_from([box, box, None])), draw(st.floats(0, 1))))
        if words:
            rows.append(Line(tuple(words)))
    return Page(1, tuple(Block((row,)) for row in rows), 2480, 3508, 300)


@given(st.lists(texts, max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_dispatch(pages: list[str]) -> None:
    read = [page_from_text(text, i) for i, text in enumerate(pages, 1)]
    dispatch = parse_pages(read)
    assert dispatch.text == document_text(read)
    assert type(dispatch).model_validate_json(dispatch.model_dump_json()) == dispatch
    for name, evidence in dispatch.evidence.items():
        value = getattr(dispatch, name[1:], "") if name.count("/") == 1 else ""
        assert value is not None or evidence.confidence < 0.5


def letters_of(texts: Iterable[str]) -> list[str]:
    return sorted("".join(texts).replace(" ", ""))


def check_that_every_letter_is_in_one_zone(rows: Sequence[TextLine], zones: Zones) -> None:
    placed = [piece.text for field in fields(zones) for piece in getattr(zones, field.name)]
    assert letters_of(placed) == letters_of(row.text for row in rows)


@given(boxed_pages())
@settings(max_examples=120, deadline=None)
def test_any_boxes_give_a_form(page: Page) -> None:
    form = read_form([page])
    assert form.text == document_text([page])
    check_that_every_letter_is_in_one_zone(document_lines([page]), form.zones)
    for slot in form.slots:
        assert 0 <= slot.confidence <= 1
        assert slot.box is None or slot.box.x0 < slot.box.x1


@given(st.lists(texts, max_size=3))
@settings(max_examples=100, deadline=None)
def test_every_letter_is_in_one_zone(pages: list[str]) -> None:
    rows = document_lines([page_from_text(text, i) for i, text in enumerate(pages, 1)])
    check_that_every_letter_is_in_one_zone(rows, find_zones(rows))


def test_no_pages_and_empty_pages() -> None:
    assert parse_pages([]).type_name is None
    assert parse_pages([Page(1, ()), Page(2, ())]).to_places == []


@pytest.mark.parametrize(
    "text",
    [
        "." * 20_000,
        "Nơi nhận:\n- " + ";" * 5_000 + " a b c d",
        "- Lưu: VT. " + ". " * 3_000,
        "CỘNG HÒA " * 3_000,
        "Số: " + "1/A" * 5_000,
        "ngày tháng " * 3_000,
        "KT. " * 5_000,
        "\n".join(["Số: 12/QĐ-UBND"] * 2_000),
        "\n".join(["KT. CHỦ TỊCH"] * 2_000),
        "\n".join(["Kính gửi: - Sở Y tế;"] * 2_000),
        "Số: 1/A\n" + "-" * 20_000 + "a",
    ],
    ids=range(11),
)
def test_time_grows_with_the_length_only(text: str) -> None:
    pages = [page_from_text(text)]
    start = time.process_time()
    parse_pages(pages)
    assert time.process_time() - start < 5
