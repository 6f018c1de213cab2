"""Words that OCR has run together."""

from vndoc.page import Block, Box, Line, Page, Word
from vndoc.repair import repair_page


def repaired(text, number, others):
    words = [Word(t, Box(100 * i, 0, 100 * i + 90, 12), 0.7) for i, t in enumerate(text.split())]
    words[number] = Word(words[number].text, words[number].box, 0.7, alternatives=others)
    return repair_page(Page(1, (Block((Line(tuple(words)),)),)))


TEXT = "Ủy ban nhân dân huyện yêu cầu các cơ quan, đơn vị báocáo kết quả thực hiện"


def test_two_words_where_the_ink_has_a_blank():
    page = repaired(TEXT, 12, (("báo cáo", 0.3), ("bảo cáo", 0.1)))
    assert page.text == TEXT.replace("báocáo", "báo cáo")
    left, right = list(page.words)[12:14]
    assert left.box.x0 == 1200
    assert left.box.x1 <= right.box.x0
    assert right.box.x1 == 1290


def test_letters_of_the_two_words_are_repaired():
    page = repaired(TEXT.replace("báocáo", "bảocáo"), 12, (("bảo cáo", 0.9), ("báo cáo", 0.2)))
    assert page.text == TEXT.replace("báocáo", "báo cáo")


def test_one_word_where_the_words_around_want_one():
    text = TEXT.replace("báocáo", "báo cáo")
    assert repaired(text, 14, (("k ết", 0.4), ("kế t", 0.3))).text == text


def test_numbers_are_not_parted():
    text = "Ủy ban nhân dân huyện ban hành Quyết định số 1234/QĐ-UBND của Chủ tịch"
    assert repaired(text, 9, (("1234 /QĐ-UBND", 0.9), ("12 34/QĐ-UBND", 0.9))).text == text
