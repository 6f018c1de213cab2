"""Numbered units: passages, repaired labels, and what must hold for any body."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.passages import PASSAGES, with_key, zoned, zoned_passage
from vndoc.dispatch import Item, Section
from vndoc.page import Block, Box, Line, Origin, Page, Word, page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.form.zones import Zones
from vndoc.parse.knowledge import load
from vndoc.parse.lines import document_lines, document_text
from vndoc.parse.outline.labels import find_candidates, from_roman, kinds_of_labels, roman
from vndoc.parse.outline.sections import find_sections


def tree(sections: list[Section]) -> list[Any]:
    nodes: list[Any] = []
    for section in sections:
        nodes.append(section.label)
        if section.children:
            nodes.append(tree(section.children))
    return nodes


def listed(items: list[Item]) -> list[Any]:
    return [[item.mark, item.text, listed(item.items)] for item in items]


def walk(sections: list[Section], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Section]]:
    for section in sections:
        here = (*path, section.label)
        yield ".".join(here), section
        yield from walk(section.children, here)


@pytest.mark.parametrize("passage", with_key("outline"))
def test_passages(passage: dict[str, Any]) -> None:
    text, zones = zoned_passage(passage)
    sections, notices = find_sections(text, zones)
    assert tree(sections) == passage["outline"]
    units = dict(walk(sections))
    for path, title in passage.get("titles", {}).items():
        assert units[path].title == title
    for path, own in passage.get("texts", {}).items():
        assert units[path].text == own
    for path, items in passage.get("items", {}).items():
        assert listed(units[path].items) == items
    if "notices" in passage:
        assert [notice.code for notice in notices] == passage["notices"]
    for pointer, read in passage.get("repaired", {}).items():
        (notice,) = [n for n in notices if n.pointer == pointer]
        assert notice.code == "label-repaired"
        assert f"'{read}'" in notice.message


def test_titles_texts_and_places() -> None:
    body = "Nội dung:\n1. Phòng Nội vụ\na) Theo dõi\n~2\nviệc thực hiện.\n2. Công an huyện: Tuần tra.\n- Ban đêm."
    body += "\nTrên đây là nội dung."
    text, zones = zoned(body)
    (one, two), _ = find_sections(text, zones)
    assert (one.title, one.text, one.style) == ("Phòng Nội vụ", "", "khoan")
    assert (one.children[0].title, one.children[0].text) == (None, "Theo dõi việc thực hiện.")
    assert (two.title, two.text) == ("Công an huyện", "Tuần tra.\n- Ban đêm.")
    assert text[one.start :].startswith("1. Phòng")
    assert text[one.children[0].start :].startswith("a) Theo")


def test_a_lost_label_leaves_a_gap_and_no_repair() -> None:
    sections, notices = find_sections(*zoned("1. Sở Y tế chủ trì.\n2. Sở Nội vụ.\n4. Sở Tài chính.\n5. Sở Tư pháp."))
    assert [s.label for s in sections] == ["1", "2", "4", "5"]
    assert [(n.code, n.pointer) for n in notices] == [("label-gap", "/sections/2/label")]


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("1223", {"label-repeated"}),
        ("1224", {"label-repeated", "label-gap"}),
        ("129", {"label-gap"}),
        ("234", {"label-gap"}),
        ("1234", set()),
    ],
)
def test_clear_print_is_kept_and_reported(printed: str, codes: set[str]) -> None:
    """Labels that a program wrote into the file are no misreadings, whatever their order."""
    box = Box(100, 100, 200, 130)
    rows = [
        Line(tuple(Word(w, box, origin=Origin.TEXT_LAYER) for w in f"{n}. Sở Y tế chủ trì thực hiện.".split()))
        for n in printed
    ]
    page = Page(1, (Block(tuple(rows)),), 2480, 3508, 300)
    sections, notices = find_sections(document_text([page]), Zones(body=tuple(document_lines([page]))))
    assert "".join(s.label for s in sections) == printed
    assert {n.code for n in notices} == codes


def test_dashes_and_pluses_are_items() -> None:
    body = "1. Sở Y tế:\n- Chủ trì:\n+ Rà soát\nhồ sơ.\n+ Báo cáo.\n- Phối hợp.\nHết việc.\n• Khác."
    text, zones = zoned(body)
    (section,), _ = find_sections(text, zones)
    first, second, other = section.items
    assert [(i.mark, i.text) for i in (first, *first.items, second, other)] == [
        ("-", "Chủ trì:"),
        ("+", "Rà soát hồ sơ."),
        ("+", "Báo cáo."),
        ("-", "Phối hợp."),
        ("•", "Khác."),
    ]
    assert text[first.items[1].start :].startswith("+ Báo cáo.")
    assert section.text.count("\n") == 5


@pytest.mark.parametrize(("kind", "example"), [(s["kind"], e) for s in load("labels")["styles"] for e in s["examples"]])
def test_every_kind_of_label_reads_its_examples(kind: str, example: str) -> None:
    _, zones = zoned(example)
    (candidate,) = find_candidates(zones.body)
    assert candidate.readings[0].kind == kind


def test_roman_numerals_go_both_ways() -> None:
    assert [from_roman(roman(n)) for n in range(1, 40)] == list(range(1, 40))
    assert from_roman("IIX") is None
    assert from_roman("") is None


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=9),
    st.sampled_from(["khoan.", "la_ma", "dieu"]),
    st.sampled_from(["Sở Y tế chủ trì thực hiện nhiệm vụ.", "TỔ CHỨC THỰC HIỆN", "Công an huyện: Tuần tra kiểm soát."]),
)
def test_an_outline_written_out_reads_back_equal(points: list[int], kind: str, words: str) -> None:
    top, point = kinds_of_labels()[kind], kinds_of_labels()["diem)"]
    marks = {"la_ma": ".", "khoan.": ".", "dieu": "."}
    wanted: list[Any] = []
    lines = []
    for number, count in enumerate(points, 1):
        count = count if count != 1 else 2  # noqa: PLW2901 - a list of one member is no list
        lines.append(f"{top.spell(number)}{marks[kind]} {words}")
        letters = [c for c in load("labels")["letters"] if c not in "fjwz"][:count]
        lines += [f"{letter}) Theo dõi, đôn đốc." for letter in letters]
        wanted += [top.spell(number), letters] if letters else [top.spell(number)]
    assert point.spell(5) == "đ"
    sections, notices = find_sections(*zoned("\n".join(lines)))
    assert tree(sections) == wanted
    assert notices == []


SCHEMES = [
    [("chuong", ""), ("muc", ""), ("dieu", "."), ("khoan.", "."), ("diem)", ")")],
    [("phan", ""), ("chuong", ""), ("dieu", "."), ("khoan.", ".")],
    [("la_ma", "."), ("khoan.", "."), ("diem)", ")"), ("roman)", ")")],
    [("la_ma", "."), ("khoan.", "."), ("dec2", "."), ("diem)", ")")],
    [("khoan.", "."), ("dec2", "."), ("dec3", ".")],
    [("capital", "."), ("la_ma", "."), ("khoan.", "."), ("diem)", ")")],
    [("la_ma", "/"), ("khoan/", "/"), ("diem/", "/")],
    [("la_ma", "."), ("khoan)", ")"), ("diem)", ")")],
]
SENTENCES = [
    "Sở Nội vụ chủ trì rà soát, sắp xếp các đơn vị sự nghiệp công lập trên địa bàn.",
    "Ủy ban nhân dân các xã, phường bố trí trụ sở làm việc và trang thiết bị cần thiết.",
    "Công an tỉnh bảo đảm an ninh, trật tự trong thời gian diễn ra các hoạt động.",
]


@st.composite
def outlines(draw: st.DrawFn) -> tuple[list[Any], list[str]]:
    """A tree of labels in one of the schemes, and the lines that print it, with page numbers between them."""
    scheme = draw(st.sampled_from(SCHEMES))
    lines: list[str] = []
    articles = 0

    def build(depth: int, above: str) -> list[Any]:
        nonlocal articles
        name, mark = scheme[depth]
        kind, nodes = kinds_of_labels()[name], []
        for number in range(1, draw(st.integers(2, 4)) + 1):
            if name == "dieu":
                articles += 1
            label = kind.spell(articles if name == "dieu" else number, above)
            headed = kind.style in ("phan", "chuong", "muc", "la_ma")
            words = "QUY ĐỊNH CHUNG" if headed else draw(st.sampled_from(SENTENCES))
            lines.extend([label, words] if headed and not mark else [f"{label}{mark} {words}"])
            if draw(st.integers(0, 5)) == 0:
                lines.append(f"~{len(lines)}")
            nodes.append(label)
            deeper = depth + 1 < len(scheme) and (headed or draw(st.booleans()))
            if deeper:
                nodes.append(build(depth + 1, label if name in ("khoan.", "dec2") else ""))
        return nodes

    return build(0, ""), lines


@settings(max_examples=40)
@given(outlines())
def test_trees_of_every_scheme_read_back_equal(outline: tuple[list[Any], list[str]]) -> None:
    wanted, lines = outline
    sections, notices = find_sections(*zoned("\n".join(lines)))
    assert tree(sections) == wanted
    assert notices == []


@settings(max_examples=60)
@given(st.text(max_size=300) | st.lists(st.sampled_from([p["body"] for p in PASSAGES]), max_size=3).map("\n".join))
def test_any_body_is_read_without_failing(body: str) -> None:
    text, zones = zoned(body)
    sections, notices = find_sections(text, zones)
    starts = [s.start for _, s in walk(sections)]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(text) for start in starts)
    tree_of = {"sections": [s.model_dump() for s in sections]}
    for notice in notices:
        node: Any = tree_of
        for key in (notice.pointer or "").strip("/").split("/")[:-1]:
            node = node[int(key)] if key.isdigit() else node[key]
        if notice.code == "label-repaired":
            assert f"'{node['label_as_read']}'" in notice.message
        assert f"{node['label'].rsplit('.', 1)[-1]}'" in notice.message


def test_time_grows_with_the_length_only() -> None:
    lines = [f"{i % 9 + 1}. Sở {i} chủ trì\na) Theo dõi.\nb) Báo cáo." for i in range(500)]
    text, zones = zoned("\n".join(lines))
    start = time.process_time()
    find_sections(text, zones)
    assert time.process_time() - start < 15


def test_lines_longer_than_print_are_whole_paragraphs() -> None:
    long = "Phòng Nội vụ chủ trì, phối hợp với các phòng, ban, đơn vị có liên quan rà soát, lập danh mục tài liệu, " * 2
    body = "\n".join([f"1. {long}báo cáo.", f"{long}báo cáo.", f"{long}báo cáo.", "2. Kết thúc."])
    sections, _ = find_sections(*zoned(body))
    assert len(sections[0].text.split("\n")) == 3


def test_a_quotation_that_is_not_closed_ends_where_it_must() -> None:
    long = "được quy định tại khoản này và các quy định khác của pháp luật có liên quan đến việc tổ chức lễ tang, " * 50
    body = "\n".join(["Điều 1. Phạm vi", f"Theo “{long}", "Điều 2. Hiệu lực", "Đơn vị ” thi hành.", "Điều 3. Hết"])
    assert tree(find_sections(*zoned(body))[0]) == ["Điều 1", "Điều 2", "Điều 3"]


@pytest.mark.parametrize("letters", ["xyzzzzz" + "wzwz" * 5, "abcdđeghiklmnopqrstuvxy" * 20])
def test_no_point_stands_behind_the_last_letter(letters: str) -> None:
    text = "QUYẾT ĐỊNH\n" + "".join(f"{letter}) Giao Sở Y tế báo cáo.\n" for letter in letters)
    sections = parse_pages([page_from_text(text)]).sections
    assert all(section.label in load("labels")["letters"] for _, section in walk(sections))
