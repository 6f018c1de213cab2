"""The search: folded alike with and without diacritics, ranked, with the passage; and the references both ways."""

import re
import string
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.archive import Filters, search
from vndoc.archive.codes import code_key, printed_code
from vndoc.archive.search import Query
from vndoc.parse.fold import fold

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
words = st.lists(st.text(VIETNAMESE + VIETNAMESE.upper(), min_size=1, max_size=7), min_size=1, max_size=6)


def codes(archive, *args, **filters):
    return [hit.code for hit in archive.search(*args, filters=Filters(**filters) if filters else None)]


@given(words)
def test_diacritics_and_capitals_make_no_difference(some):
    typed = " ".join(some)
    assert Query.parse(typed) == Query.parse(fold(typed)) == Query.parse(typed.upper())
    assert Query.parse(typed) == Query.parse(unicodedata.normalize("NFD", typed))


@given(words, st.text(VIETNAMESE + " ,.", max_size=40), st.text(VIETNAMESE + " ,.", max_size=40))
def test_a_phrase_is_found_wherever_it_is(some, before, after):
    text = f"{before} {', '.join(some)} {after}"
    spans = Query.parse(f'"{" ".join(some)}"').spans(fold(text))
    assert any(re.findall(r"\w+", fold(text[a:b])) == [fold(w) for w in some] for a, b in spans)


@given(st.text(string.printable + VIETNAMESE + "“”", max_size=40))
def test_whatever_is_typed_is_no_syntax_error(empty_index, typed):
    query = Query.parse(typed)
    if query.phrases:
        for _, match in query.ranks:
            found = empty_index.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
            assert tuple(found) == (0,)


@pytest.fixture(scope="module")
def empty_index(tmp_path_factory):
    from vndoc.archive.database import connect  # noqa: PLC0415

    db = connect(tmp_path_factory.mktemp("db") / "a.sqlite", create=True)
    yield db
    db.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ke hoach thong tin doi ngoai", ["254-KH/TU"]),
        ("KẾ HOẠCH thông tin đối ngoại", ["254-KH/TU"]),
        ('"thông tin đối ngoại"', ["254-KH/TU"]),
        ('"đối ngoại thông tin"', []),
        ("đối ngoại", ["254-KH/TU", "815/UBND"]),
        ("doi ngo*", ["254-KH/TU", "815/UBND"]),
        ("254-KH/TU", ["254-KH/TU", "815/UBND", None]),
        ("do thi on", [None]),
        ("cong an huyen", ["815/UBND"]),
        ("quảng bình", ["254-KH/TU"]),
        ("không có đâu", []),
        ('""  !!', ["…", "…", "…"]),
    ],
)
def test_queries(filled, typed, found):
    got = codes(filled, typed)
    assert len(got) == 3 if found == ["…"] * 3 else sorted(map(str, got)) == sorted(map(str, found))


def test_the_number_and_the_subject_come_before_the_text(filled):
    assert codes(filled, "254-KH/TU")[0] == "254-KH/TU"
    hits = list(filled.search("254-KH/TU"))
    assert [hit.rank for hit in hits] == [0, 3, 3]
    assert hits[0].field == "code"


def test_filters(filled):
    assert codes(filled, "đối ngoại", type_name="ke hoach") == ["254-KH/TU"]
    assert codes(filled, "", organ="binh son") == ["815/UBND"]
    assert codes(filled, "", year=2024) == ["254-KH/TU"]
    assert codes(filled, "", urgency="hoa toc") == ["815/UBND"]
    assert codes(filled, "", due_before=date(2024, 11, 5)) == ["254-KH/TU"]
    assert codes(filled, "", due_before=date(2024, 11, 4)) == []
    assert codes(filled, "", since=date(2024, 3, 1), until=date(2024, 12, 31)) == ["815/UBND"]
    assert codes(filled, "") == [None, "254-KH/TU", "815/UBND"]
    assert len(list(filled.search("", limit=1))) == 1


def test_a_hit_shows_the_passage_and_its_page(filled):
    hit = next(filled.search("du lich"))
    assert (hit.field, hit.page) == ("text", 2)
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["du", "lịch"]
    assert hit.snippet == "Trang hai nói về du lịch."
    hit = next(filled.search('"ngay 19/01/2024"'))
    assert "ngày 19/01/2024" in [hit.snippet[a:b] for a, b in hit.marks]


@given(st.lists(st.sampled_from(["kế", "hoạch", "đối", "ngoại", "\n", "và", "của"]), max_size=200), words)
def test_snippets_are_cut_at_blanks_and_marks_are_the_words(filled_text, typed):
    text = " ".join(filled_text)
    query = Query.parse(" ".join([*typed, "hoạch"]))
    place = search._Place("text", 1, text, query.spans(fold(text)))
    assert len(place.snippet) <= 4 * search._AROUND + 2 * search._GAP + 50 or len(place.spans) > 20
    for a, b in place.marks:
        assert fold(place.snippet[a:b]) in {" ".join(p) for p in query.phrases}
    left, right = place.window
    assert left == 0 or text[left - 1].isspace()
    assert right == len(text) or text[right].isspace()


def test_ranks(filled):
    ranks = {hit.code: hit.rank for hit in filled.search("đối ngoại")}
    assert ranks == {"254-KH/TU": 0, "815/UBND": 0}
    assert [hit.rank for hit in filled.search("tỉnh ủy kế hoạch")] == [1, 3]
    assert [hit.rank for hit in filled.search("về đối ngoại")] == [2, 3]
    assert [hit.rank for hit in filled.search("ngoại đối về")] == [3, 3]


def test_a_document_read_anew_is_found_by_its_new_words_only(archive, folder, here):
    archive.batch([folder], executor=here())
    (folder / "văn bản 0.txt").write_text("hoàn toàn mới", encoding="utf-8")
    archive.batch([folder], executor=here())
    assert [hit.subject for hit in archive.search("hoàn toàn")] == ["hoàn toàn mới"]
    assert len(list(archive.search("công văn"))) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("05-KL/TW", "5 - kl/tw"),
        ("310/QĐ-UBND", "310/QD-UBND"),
        ("310/QĐ-UBND", "310 / qđ–ubnd"),
        ("12/2021/NĐ-CP", "12/2021/ND-CP"),
        ("310/QĐ-TTg", "310/QĐ-TTG"),
        ("3/UBND", "03/UBND"),
    ],
)
def test_notations_of_one_document_meet(one, other):
    assert code_key(one) == code_key(other)


@given(st.text(max_size=30))
def test_any_text_has_a_key_and_it_is_its_own(text):
    key = code_key(text)
    assert code_key(key) == key


def test_notations_of_two_documents_do_not_meet():
    assert len({code_key(n) for n in ("12/QĐ-UBND", "21/QĐ-UBND", "12-QĐ/TU", "12/2021/NĐ-CP", "120/QĐ-UBND")}) == 5


def test_printed_codes():
    assert printed_code("254", "KH/TU") == "254-KH/TU"
    assert printed_code("815", "UBND") == "815/UBND"
    assert printed_code("12", "2021/NĐ-CP") == "12/2021/NĐ-CP"
    assert printed_code("12", None) == "12"
    assert printed_code(None, "UBND") is None


def test_citations_both_ways(filled):
    found = filled.cites("254-KH/TU")
    assert [(d.notation, d.certain) for d in found.documents] == [("254-KH/TU", True)]
    assert [(c.organ_name, c.certain, c.cited_date) for c in found.cited_by] == [
        ("Ủy ban nhân dân xã Đại Đồng", False, None),
        ("Ủy ban nhân dân huyện Bình Sơn", True, date(2024, 1, 19)),
    ]
    (cited,) = found.cites
    assert (cited.notation, cited.document_id, cited.relations) == ("57-KL/TW", None, ("implements",))


def test_who_carries_out_what_is_not_in_the_archive(filled):
    found = filled.cites("57 - KL/TW")
    assert found.documents == ()
    assert [(c.notation, c.relations, c.certain) for c in found.cited_by] == [("254-KH/TU", ("implements",), True)]


def test_a_date_distinguishes_documents_of_one_notation(filled):
    assert filled.cites("254-KH/TU", date(2020, 1, 1)).documents == ()
    by = filled.cites("254-KH/TU", date(2020, 1, 1)).cited_by
    assert [(c.organ_name, c.certain) for c in by] == [("Ủy ban nhân dân xã Đại Đồng", False)]
    assert len(filled.cites("254-KH/TU", date(2024, 1, 19)).cited_by) == 2
