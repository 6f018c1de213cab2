"""No number is lost or changed between the reading and the repaired page, and none of its other readings is hidden."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vndoc.figures import number_in
from vndoc.page import Block, Box, Line, Method, Page, Word
from vndoc.repair import repair, repair_page, repair_pages

TEXT = """
    căn cứ Nghị quyết Đại hội lần thứ của Ban Chấp hành Trung ương ngày tháng năm về việc triển khai thực hiện quy đinh
    cấp có thầm quyền phô hoăc UBND tô chức khóa kỳ họp công văn số
"""
NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XX"
SENTENCE = "Căn cứ Nghị định của Chính phủ ngày 2 tháng 12 năm 2024 quy định chi tiết thi hành Luật"
WORDS = TEXT.split()
DATES = st.builds("{}/{}/{}".format, st.integers(1, 31), st.integers(1, 12), st.integers(1990, 2030))
NUMBERS = st.one_of(
    st.integers(0, 3000).map(str),
    st.integers(0, 99).map("{:02}".format),
    DATES,
    st.builds("{}/QĐ-UBND".format, st.integers(1, 9999)),
    st.sampled_from(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XX"]
    ),
    st.builds("{}.{:03}.000".format, st.integers(1, 99), st.integers(0, 999)),
)
READINGS = st.tuples(
    st.one_of(st.sampled_from(WORDS), st.builds("{}{}".format, NUMBERS, st.sampled_from(["", ",", ".", ";", ")"]))),
    st.sampled_from([0.4, 0.93, 0.98, 0.995]),
    st.lists(st.tuples(st.one_of(st.sampled_from(WORDS), NUMBERS), st.floats(0.001, 0.99)), max_size=3),
)
RELAXED = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def page_of(readings):
    words = [
        Word(text, Box(90 * i, 0, 90 * i + 80, 40), confidence, alternatives=tuple(others))
        for i, (text, confidence, others) in enumerate(readings)
    ]
    return Page(1, (Block((Line(tuple(words)),)),), 20000, 3000, 240, method=Method.OCR)


def numbers_in(words):
    return Counter(number for word in words if (number := number_in(word)))


@RELAXED
@given(st.lists(READINGS, min_size=1, max_size=30))
def test_numbers_of_a_page_are_those_that_were_read(readings):
    page = page_of(readings)
    for profile in ("vie", "clean"):
        repaired = repair_page(page, profile)
        assert numbers_in(w.text for w in repaired.words) == numbers_in(w.text for w in page.words)


@RELAXED
@given(st.lists(READINGS, min_size=12, max_size=30), st.lists(READINGS, min_size=12, max_size=30))
def test_numbers_of_a_document_are_those_that_were_read(first, second):
    pages = [page_of(first), page_of(second)]
    for before, after in zip(pages, repair_pages(pages, "vie"), strict=True):
        assert numbers_in(w.text for w in after.words) == numbers_in(w.text for w in before.words)


@RELAXED
@given(st.lists(READINGS, min_size=1, max_size=40))
def test_numbers_of_a_text_are_those_that_were_read(readings):
    text = " ".join(reading for reading, *_ in readings)
    assert numbers_in(repair(text, "vie").text.split()) == numbers_in(text.split())


def test_other_readings_of_a_number_are_kept():
    readings = [(word, 0.95, [("28", 0.5), ("Z", 0.1)] if word == "2" else []) for word in SENTENCE.split()]
    (number,) = [word for word in repair_page(page_of(readings)).words if word.text == "2"]
    assert number.alternatives == (("28", 0.5 / 1.6),)


def test_a_spoilt_numeral_is_mended_and_no_word_becomes_one():
    def repaired(read, other):
        row = "đến thời điểm Quý * năm 2024 các cơ quan, đơn vị báo cáo kết quả".replace("*", read).split()
        return repair_page(page_of([(w, 0.9, [(other, 0.6)] if w == read else []) for w in row])).text.split()[4]

    assert repaired("IIl", "III") == "III"
    assert repaired("hai", "III") == "hai"
