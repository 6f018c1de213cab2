"""The engine's own other readings as the channel of the repair."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vndoc.page import Block, Box, Line, Page, Word
from vndoc.repair import repair_page, repair_pages
from vndoc.repair.ink import digits, stopped
from vndoc.repair.tokens import Kind, pieces_of

TEXT = """
    Chủ tịch Ủy ban nhân dân huyện yêu cầu Thủ trưởng các cơ quan, đơn vị, địa phương nghiêm túc triển khai thực hiện
    và báo cáo kết quả trước ngày 05/11/2024.
"""
SENTENCE = TEXT.split()
CODED = "Căn cứ Công văn số 815/UBND-VHTT của UBND huyện về việc báo cáo kết quả thực hiện"
NAMED = "Chủ tịch Ủy ban nhân dân huyện Nguyễn Văn Thuynh yêu cầu các cơ quan, đơn vị báo cáo kết quả"
SAID = "Mã nguồn của cổng phải bảo đảm an toàn, quản trị cổng thông tin điện tử, cho cổng thông tin của huyện"
DOUBT = "cần kiểm tra mã nguồn của công trước ngày 05/11/2024"
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạềếểễệồốổỗộờớởỡợừứửữựABCĐ"


def page_of(words, others=None, confidence=0.8):
    """One line of words, with the other readings of some by their place."""
    made = [
        Word(text, Box(20 * i, 0, 20 * i + 18, 12), confidence, alternatives=tuple((others or {}).get(i, ())))
        for i, text in enumerate(words)
    ]
    return Page(1, (Block((Line(tuple(made)),)),))


def texts(page):
    return [word.text for word in page.words]


def with_word(place, read):
    return [*SENTENCE[:place], read, *SENTENCE[place + 1 :]]


@pytest.mark.parametrize(
    ("truth", "read", "others"),
    [
        ("triển", "triền", [("triên", 0.5), ("triển", 0.3)]),
        ("triển", "triềển", [("triền", 0.9), ("triển", 0.1)]),  # a letter read twice
        ("báo", "háo", [("báo", 0.05)]),
        ("quan,", "guan,", [("quan,", 0.1), ("quan.", 0.01)]),  # the sign behind a word is no part of it
        ("thực", "thỰc", [("thỰcc", 0.2)]),  # no syllable is written so
    ],
)
def test_language_chooses_among_the_readings(truth, read, others):
    place = SENTENCE.index(truth)
    repaired = list(repair_page(page_of(with_word(place, read), {place: others})).words)
    assert [w.text for w in repaired] == SENTENCE
    assert repaired[place].raw == read
    assert repaired[place].confidence > 0.9


@given(st.lists(st.tuples(st.integers(0, len(SENTENCE) - 1), st.text(LETTERS, min_size=1, max_size=6)), max_size=6))
@settings(max_examples=25, deadline=None)
def test_text_stays_where_the_ink_is_sure(pairs):
    others = {place: [(text, 1e-9)] for place, text in pairs if text != SENTENCE[place]}
    assert texts(repair_page(page_of(SENTENCE, others))) == SENTENCE


@given(st.text("0123456789lOISB/-.", min_size=1, max_size=8), st.text("0123456789lOISB/-.", min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_digits_never_change(read, other):
    place = len(SENTENCE) - 1
    repaired = texts(repair_page(page_of(with_word(place, read), {place: [(other, 0.9)]})))
    assert digits("".join(repaired)) == digits(read)


@pytest.mark.parametrize("share", [0.9, 0.01])
def test_codes_and_acronyms_keep_the_best_reading(share):
    words = CODED.split()
    others = {5: [("815/UBNĐ-VHTT", share), ("816/UBND-VHTT", share)], 7: [("UBNO", share), ("ỦBND", share)]}
    assert texts(repair_page(page_of(words, others))) == words


@pytest.mark.parametrize(("share", "expected"), [(0.05, "Thuynh"), (0.9, "Thanh")])
def test_a_name_becomes_a_known_word_only_where_the_ink_nearly_ties(share, expected):
    words = NAMED.split()
    assert texts(repair_page(page_of(words, {9: [("Thanh", share)]})))[9] == expected


def test_without_other_readings_nothing_differs():
    page = page_of(with_word(20, "trién"))
    empty = replace(page, blocks=tuple(page.blocks))
    assert repair_page(page) == repair_page(empty)
    assert repair_page(page_of(SENTENCE, confidence=0.99)) == repair_page(page_of(SENTENCE, {}, 0.99))


def test_doubt_about_a_sign_remains():
    place = SENTENCE.index("triển")
    sure = page_of(with_word(place, "triền"), {place: [("triển", 0.5)]})
    doubtful = page_of(with_word(place, "triền"), {place: [("triển", 0.5), ("triền;", 0.9)]})
    sure_word, doubtful_word = (list(repair_page(page).words)[place] for page in (sure, doubtful))
    assert sure_word.text == doubtful_word.text == "triển"
    assert doubtful_word.confidence < sure_word.confidence - 0.2


@pytest.mark.parametrize(
    ("chunk", "other", "following", "expected"),
    [
        ("hiện.", "hiện,", "và", "hiện,"),
        ("hiện.", "hiện,", "Các", "hiện."),
        ("hiện.", "hiên.", "và", "hiện."),
        ("hiện,.", "hiện,", "và", "hiện,"),
        ("hiện,.", "hiện.", "Các", "hiện."),
        ("tr.", "tr,", "năm", "tr."),
        ("./.", ".,.", "và", "./."),
    ],
)
def test_stops_that_cannot_be(chunk, other, following, expected):
    assert stopped([chunk, following], [0, 0], [[(other, 0.4)], ()]) == [expected, following]


def test_words_in_capitals_with_a_marked_vowel_are_no_abbreviations():
    assert [p.kind for p in pieces_of(["GIÁM", "ĐỐC", "HĐND", "TẾ"], [0] * 4)] == [
        Kind.WORD, Kind.WORD, Kind.FROZEN, Kind.WORD
    ]  # fmt: skip


@pytest.mark.parametrize("said_first", [True, False])
def test_what_the_ink_leaves_open_the_document_settles(said_first):
    words = DOUBT.split()
    place = words.index("công")
    said, doubt = page_of(SAID.split(), confidence=0.99), page_of(words, {place: [("cổng", 0.5)]})
    assert texts(repair_page(doubt)) == words
    pages = repair_pages([said, doubt] if said_first else [doubt, said])
    word = list(pages[said_first].words)[place]
    assert (word.text, word.raw) == ("cổng", "công")
    assert word.confidence > 0.9  # its own readings are weighed: the 0.8 of the OCR counts no more


def test_what_the_ink_fixes_no_other_page_opens():
    coded, named = CODED.split(), NAMED.split()
    others = f"{CODED.replace('815', '816')} {NAMED.replace('Thuynh', 'Thanh')}".split()
    said = page_of(others * 4, confidence=0.99)
    pages = [page_of(coded, {5: [("816/UBND-VHTT", 0.9)]}), page_of(named, {9: [("Thanh", 0.05)]})]
    assert [texts(page) for page in repair_pages([said, *pages])[1:]] == [coded, named]


def test_words_run_together_are_two_before_the_document_is_searched():
    words = [*SENTENCE[:2], "Ủyban", *SENTENCE[4:]]
    repaired, _ = repair_pages([page_of(words, {2: [("Ủy ban", 0.5)]}), page_of(SENTENCE)])
    assert texts(repaired) == SENTENCE
