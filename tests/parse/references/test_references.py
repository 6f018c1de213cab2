"""Cited documents: passages, the real scans' truth where it is at hand, and what must hold for any text."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.passages import PASSAGES, with_key, zoned, zoned_passage
from vndoc.page import page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organ_at, organs_in
from vndoc.parse.references.bearers import MOST_ALTERNATIVES, Issue
from vndoc.parse.references.reading import Cited, find_references, read_references, reference_evidence


@pytest.mark.parametrize("passage", with_key("references"))
def test_passages(passage: dict[str, Any]) -> None:
    found = cited(passage).references
    stated = [[r.notation, r.type_name, r.issued_date and r.issued_date.isoformat(), r.organ_name] for r in found]
    assert stated == passage["references"]
    by_notation = {r.notation: r for r in found}
    assert {n: len(by_notation[n].mentions) for n in passage.get("mentions", {})} == passage.get("mentions", {})
    for field in ("as_printed", "alternatives"):
        want = passage.get(field, {})
        assert {n: getattr(by_notation[n], field) for n in want} == want
    titles = passage.get("titles", {})
    assert {n: by_notation[n].title for n in titles} == titles


def cited(passage: dict[str, Any]) -> Cited:
    return read_references(*zoned_passage(passage), passage.get("own_type"))


def names(found: Cited) -> dict[str | None, str | None]:
    """What the passages call each document by its JSON pointer."""
    table: dict[str | None, str | None] = {None: None, "": "self"}
    table |= {f"/references/{i}": r.notation for i, r in enumerate(found.references)}
    for i, named in enumerate(found.named_references):
        table[f"/named_references/{i}"] = " ".join(p for p in (named.type_name, named.title or named.number) if p)
    return table


@pytest.mark.parametrize("passage", with_key("named"))
def test_documents_without_a_notation(passage: dict[str, Any]) -> None:
    stated = [
        [n.type_name, n.title or n.number, n.year, n.issued_date and n.issued_date.isoformat()]
        for n in cited(passage).named_references
    ]
    assert stated == passage["named"]


@pytest.mark.parametrize("passage", with_key("provisions"))
def test_provisions(passage: dict[str, Any]) -> None:
    found = cited(passage)
    levels = ("annex", "part", "chapter", "section", "article", "clause", "point")
    stated = [
        [" ".join(f"{x}={getattr(p, x)}" for x in levels if getattr(p, x) is not None), names(found)[p.document]]
        for p in found.provisions
    ]
    assert stated == passage["provisions"]


@pytest.mark.parametrize("passage", with_key("relations"))
def test_relations(passage: dict[str, Any]) -> None:
    found = cited(passage)
    calls = names(found)
    documents = {calls[f"/references/{i}"]: r for i, r in enumerate(found.references)}
    documents |= {calls[f"/named_references/{i}"]: r for i, r in enumerate(found.named_references)}
    assert {name: documents[name].relations for name in passage["relations"]} == passage["relations"]
    for name, want in passage.get("relations_of", {}).items():
        mention = documents[name].mentions[0]
        assert [mention.relation, calls[mention.relation_of]] == want


@pytest.mark.parametrize("passage", with_key("self"))
def test_the_dispatch_itself(passage: dict[str, Any]) -> None:
    assert [m.text for m in cited(passage).self_mentions] == passage["self"]


@pytest.mark.parametrize("passage", with_key("warnings"))
def test_readings_that_tie_are_reported(passage: dict[str, Any]) -> None:
    assert [w.code for w in cited(passage).warnings] == passage["warnings"]


@pytest.mark.parametrize("example", load("issuers")["examples"], ids=lambda e: e["name"])
def test_names_of_offices_end_where_they_end(example: dict[str, str]) -> None:
    organ = organ_at(example["text"], 0)
    assert organ is not None
    assert organ.name == example["name"]
    assert example["text"][organ.start : organ.end] == example["name"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chính\nphú quy định", "Chính phủ"),
        ("Trưởng Ban Chỉ đạo 934 phân công", "Trưởng Ban Chỉ đạo 934"),
        ("UBND TP.Vũ Ninh về", "UBND TP. Vũ Ninh"),
        ("HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ VŨ NINH VỀ XÂY DỰNG", "Hội đồng nhân dân thành phố Vũ Ninh"),
        ("Công ty TNHH Sao Mai và Sở Y tế", "Công ty TNHH Sao Mai"),
        ("Thủ tướng Chính phủ", "Thủ tướng Chính phủ"),
        ("Báo cáo của Sở Y tế", None),
        ("Chi cục Thuế khu vực XII về", "Chi cục Thuế khu vực XII"),
        ("Tòa án nhân dân khu vực 5 - Vũ Ninh về", "Tòa án nhân dân khu vực 5 - Vũ Ninh"),
        ("Thuế cơ sở 3 tỉnh Lam Giang về", "Thuế cơ sở 3 tỉnh Lam Giang"),
        ("Đảng ủy UBND tỉnh về", "Đảng ủy UBND tỉnh"),
        ("Kiểm toán nhà nước khu vực III về", "Kiểm toán nhà nước khu vực III"),
        ("Chánh Thanh tra thành phố Hà Nội tại", "Chánh Thanh tra thành phố Hà Nội"),
        ("Trường THCS Nguyễn Trãi về", "Trường THCS Nguyễn Trãi"),
        ("Ban Quản lÿ dự án huyện", "Ban Quản lý dự án huyện"),
        ("các cơ quan", None),
        ("Giám đốc, kế toán", None),
        ("", None),
    ],
)
def test_offices(text: str, name: str | None) -> None:
    organ = organ_at(text, 0)
    assert (organ.name if organ else None) == name


def test_offices_in_a_sentence_and_without_their_heads() -> None:
    text = "Số 12, đề nghị của Giám đốc Sở Y tế và Ban Quản lý Khu kinh tế tại Tờ trình"
    found = list(organs_in(text, 0, len(text)))
    assert [o.office for o in found] == ["Sở Y tế", "Ban Quản lý Khu kinh tế"]
    assert [o.initials for o in found] == ["SYT", "BQLKKT"]


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


@pytest.mark.parametrize(
    ("printed", "own"), [("Quyết định số 07/QĐ-UBND", "7/QĐ-UBND"), ("Kế hoạch số 254-KH/TU", "254/KH/TU")]
)
def test_a_dispatch_that_names_itself_cites_nothing(printed: str, own: str) -> None:
    text, zones = zoned(f"(Kèm theo {printed} ngày 02/3/2024) Căn cứ Quyết định số 8/QĐ-UBND.")
    found = read_references(text, zones, None, own)
    assert [r.notation for r in found.references] == ["8/QĐ-UBND"]
    assert [(m.text, m.relation) for m in found.self_mentions] == [(printed, "attached_to")]


UNITS = [
    "số 1/QĐ-UBND, ",
    "Luật A số 1/2024/QH15, ",
    "của Sở Y tế tại ",
    "Quyết định của UBND tỉnh số ",
    "12/QĐ-UBND ngày ",
    "- - ",
    "Quyết định nêu trên, ",
    "Nghị định số 1/2024/NĐ-CP; các Nghị định nêu trên. ",
    "Luật sửa đổi Luật A, Luật B và ",
    "Luật Đất đai năm 2024, Luật Đất đai, ",
    "Nghị định 30, ",
    "khoản 1, 2 Điều 5, ",
    "Điều 1, ",
    "Bãi bỏ các Quyết định sau:\n1. ",
    "thực hiện ",
    "Kế hoạch của Sở Y tế ",
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


@given(
    kind=st.sampled_from(sorted(TYPES)),
    number=st.integers(1, 9999),
    levels=st.tuples(st.integers(1, 90), st.integers(1, 20), st.sampled_from("abcdđeghi")),
    phrase=st.sampled_from([("Căn cứ", "based_on"), ("Thực hiện", "implements"), ("thay thế", "replaces")]),
)
def test_a_provision_written_out_reads_back_equal(
    kind: str, number: int, levels: tuple[int, int, str], phrase: tuple[str, str]
) -> None:
    article, clause, point = levels
    body = (
        f"{phrase[0]} điểm {point} khoản {clause} Điều {article} {TYPES[kind]} số {number}/{kind}-XYZ, các sở báo cáo."
    )
    found = read_references(*zoned(body))
    (provision,), (reference,) = found.provisions, found.references
    assert (provision.point, provision.clause, provision.article) == (point, str(clause), str(article))
    assert (provision.document, reference.relations) == ("/references/0", [phrase[1]])


@settings(max_examples=60)
@given(
    st.text(max_size=300) | st.lists(st.sampled_from([p["body"] for p in PASSAGES]), max_size=3).map(" ".join),
    st.sampled_from([None, "Công văn", "Quyết định"]),
)
def test_any_text_is_read_without_failing(body: str, own_type: str | None) -> None:
    text, zones = zoned(body)
    found = read_references(text, zones, own_type)
    pointers = {*names(found), None}
    documents = [*found.references, *found.named_references]
    mentions = [*found.self_mentions, *(m for document in documents for m in document.mentions)]
    assert all(document.mentions for document in documents)
    for place in (*mentions, *found.provisions):
        assert text[place.start : place.end] == place.text
    assert {p.document for p in found.provisions} <= pointers
    assert {pointer for m in mentions for pointer in (*m.alternatives, m.relation_of)} <= pointers
    assert set(reference_evidence(found.references, zones)) == {
        f"/references/{i}" for i in range(len(found.references))
    }


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        text, zones = zoned(unit * (length // len(unit)))
        start = time.process_time()
        read_references(text, zones, "Công văn")
        return time.process_time() - start

    seconds(1000)
    assert seconds(60_000) < 8 * seconds(15_000) + 1  # four times the text; sixteen would be quadratic


def test_evidence_has_the_page_and_what_was_read() -> None:
    text, zones = zoned("Thực hiện Quyết định số 12/QĐ-\nUBND. Ngoài ra có 41-QĐ/TU.")
    found = read_references(text, zones)
    evidence = reference_evidence(found.references, zones)
    assert (evidence["/references/0"].page, evidence["/references/0"].raw) == (1, "Quyết định số 12/QĐ-\nUBND.")
    assert evidence["/references/1"].confidence < evidence["/references/0"].confidence


PROVINCE_AND_DISTRICT = (
    "Thực hiện Kế hoạch số 12/KH-UBND ngày 02/5/2023 của Ủy ban nhân dân tỉnh Lâm An. "
    "Bãi bỏ Kế hoạch số 12/KH-UBND ngày 03/01/2024 của Ủy ban nhân dân huyện Vạn An."
)


def test_day_and_issuer_part_two_documents_of_one_notation() -> None:
    found = read_references(*zoned(PROVINCE_AND_DISTRICT))
    assert [(r.issued_date, r.relations, len(r.mentions)) for r in found.references] == [
        (date(2023, 5, 2), ["implements"], 1),
        (date(2024, 1, 3), ["repeals"], 1),
    ]
    assert found.warnings == []


def test_a_bare_notation_of_two_documents_may_mean_either() -> None:
    found = read_references(*zoned(f"{PROVINCE_AND_DISTRICT} Báo cáo kết quả theo Kế hoạch số 12/KH-UBND."))
    assert [[m.alternatives for m in r.mentions] for r in found.references] == [
        [[], ["/references/1"]],
        [[], ["/references/0"]],
    ]
    assert {notice.code for notice in found.warnings} == {"mention-ambiguous"}


@pytest.mark.parametrize(
    ("each", "bare"),
    [
        ("Luật Đất đai năm 2{n:03}", "Luật Đất đai"),
        ("Kế hoạch số 12/KH-UBND ngày 02/5/2{n:03}", "Kế hoạch số 12/KH-UBND"),
    ],
)
@pytest.mark.parametrize(("amount", "named"), [(MOST_ALTERNATIVES, False), (MOST_ALTERNATIVES + 1, True)])
def test_a_mention_that_may_mean_very_many_documents_stands_for_itself(
    each: str, bare: str, amount: int, named: bool
) -> None:
    """Else a text of mentions that each name all documents grows with its square."""
    text = "; ".join([each.format(n=n) for n in range(1, amount + 1)] + [bare] * 3) + "."
    found = read_references(*zoned(f"Thực hiện {text}"))
    every = [*found.references, *found.named_references]
    assert len(every) == amount + named
    assert [len(r.mentions) for r in every][-1] == (3 if named else 4)
    assert max(len(m.alternatives) for r in every for m in r.mentions) == (0 if named else amount - 1)


@pytest.mark.parametrize(
    "again",
    [
        "Kế hoạch số 12/KH-UBND",
        "Kế hoạch số 12/KH-UBND ngày 02/5/2023",
        "Kế hoạch số 12/KH-UBND của UBND tỉnh",
        "Kế hoạch số 12/KH-UBND của Chủ tịch UBND tỉnh",
        "Kế hoạch số 12/KH-UBND ngày 12/5/2023 của UBND tỉnh Lâm An",  # one office numbers once a year
    ],
)
def test_mentions_that_do_not_differ_are_of_one_document(again: str) -> None:
    first = "Thực hiện Kế hoạch số 12/KH-UBND ngày 02/5/2023 của Ủy ban nhân dân tỉnh Lâm An. "
    for text in (f"{first} Theo {again}.", f"Theo {again}. {first}"):
        assert [len(r.mentions) for r in find_references(*zoned(text))] == [2]


@pytest.mark.parametrize(
    ("cited", "itself"),
    [
        ("Kế hoạch số 47/KH-UBND", True),
        ("Kế hoạch số 47/KH-UBND ngày 14/5/2024", True),
        ("Kế hoạch số 47/KH-UBND của UBND huyện", True),
        ("Kế hoạch số 47/KH-UBND ngày 10/5/2024 của UBND tỉnh Lâm An", False),
        ("Kế hoạch số 47/KH-UBND của UBND tỉnh", False),
        ("Kế hoạch số 47/KH-UBND ngày 02/5/2023", False),
    ],
)
def test_a_dispatch_cites_another_one_with_its_number(cited: str, itself: bool) -> None:
    own = Issue(date(2024, 5, 14), "Ủy ban nhân dân huyện Vạn An")
    found = read_references(*zoned(f"Thực hiện {cited}, các phòng báo cáo."), "Kế hoạch", "47/KH-UBND", own)
    assert (len(found.references), len(found.self_mentions)) == ((0, 1) if itself else (1, 0))


def test_a_numbered_unit_begins_a_clause_whatever_heading_stands_above_it() -> None:
    text = "QUYẾT ĐỊNH\nVề việc lưu trữ\nĐiều 2. Hiệu lực thi hành\n1. Quyết định này có hiệu lực từ ngày ký."
    mentions = parse_pages([page_from_text(text)]).self_mentions
    assert [(mention.text, mention.relation) for mention in mentions] == [("Quyết định này", None)]


def test_a_post_broken_over_lines_is_the_same_post() -> None:
    said = "Thực hiện Thông tư số 01/2018/TT-VPCP ngày 23/11/2018 của Bộ{}trưởng, Chủ nhiệm Văn phòng Chính phủ."
    found = [parse_pages([page_from_text(said.format(gap))]).references[0].organ_name for gap in " \n"]
    assert found == ["Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ"] * 2
