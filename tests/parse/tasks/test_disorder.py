"""Lines of a page in disorder: offsets run forwards, and what they cut out says the value."""

from vndoc.page import Block, Box, Line, Method, Page, Word
from vndoc.parse import parse_pages
from vndoc.parse.form.columns import place_start
from vndoc.parse.form.zones import Collector
from vndoc.parse.lines import document_lines
from vndoc.parse.tasks.passages import Passage


def test_the_place_of_a_passage_whose_lines_changed_places():
    passage = Passage("cd ab", (9, 10, -1, 3, 4), None, None)
    assert (passage.start, passage.end) == (3, 11)


def test_lines_of_the_body_stand_in_the_order_of_the_text():
    words = ["một", "hai", "ba"]
    page = Page(1, (Block(tuple(Line((Word(word),)) for word in words)),))
    form = Collector()
    form.put("body", *reversed(document_lines([page])))
    form.in_order("body")
    assert [line.text for line in form.zones().body] == words


def test_a_word_that_holds_blanks_is_one_word():
    assert 0 <= place_start(["a b c d e f g h", "ngày", "05", "tháng", "3", "năm", "2025"]) <= 7


def test_a_blank_of_the_form_lies_on_the_page():
    """A slot is a little higher than the words beside it, and these may fill the page."""
    words = tuple(Word(w, Box(90 * i, 0, 90 * i + 80, 100), 0.5) for i, w in enumerate(["Số:", "12/QĐ-UBND"]))
    dispatch = parse_pages([Page(1, (Block((Line(words),)),), 300, 100, 300, method=Method.OCR)])
    boxes = [one.box for one in dispatch.evidence.values() if one.box]
    assert boxes
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 300 and box[3] <= 100 for box in boxes)
