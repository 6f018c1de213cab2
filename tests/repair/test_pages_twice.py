"""A page that says what another does is repaired as that one is, with half of the work."""

from vndoc.page import Block, Box, Line, Method, Page, Word, page_from_text
from vndoc.repair import repair_pages
from vndoc.repair.corrector import Corrector

TEXT = "Ké hoach s6 254-KH/TU ngay 19/01/2024 cta Ban Thudng vu Tinh uy"


def test_pages_of_the_same_words_are_searched_once(monkeypatch):
    searched = []
    draft = Corrector.draft
    monkeypatch.setattr(Corrector, "draft", lambda *of: searched.append(of) or draft(*of))
    pages = repair_pages(page_from_text(text, number) for number, text in enumerate([TEXT, TEXT, "a", TEXT, "a"], 1))
    assert len(searched) == 2
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert {page.text for page in pages} == {"Kế hoạch số 254-KH/TU ngày 19/01/2024 của Ban Thường vụ Tỉnh ủy", "a"}


def test_words_of_another_confidence_are_searched_again():
    def page(confidence):
        words = tuple(Word(w, Box(9 * i, 0, 9 * i + 8, 9), confidence) for i, w in enumerate(["chỉ", "tiết", "này"]))
        return Page(1, (Block((Line(words),)),), 100, 100, method=Method.OCR)

    alone = [repair_pages([page(c)])[0].text for c in (0.99, 0.5)]
    assert [one.text for one in repair_pages([page(0.99), page(0.5)])] == alone


def test_a_word_with_a_blank_of_its_own_is_no_two_words_of_another_reading():
    words = ("Kính", "gửi:\u00a0Sở", "Y", "tế")
    line = Line(
        tuple(
            Word(w, Box(90 * i, 0, 90 * i + 80, 9), 0.9, alternatives=(("zq xw", 1e-9),)) for i, w in enumerate(words)
        )
    )
    (page,) = repair_pages([Page(1, (Block((line,)),), 400, 100, method=Method.OCR)])
    assert "Sở" in page.text
