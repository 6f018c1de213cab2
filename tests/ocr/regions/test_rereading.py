"""Lines beside a black seal, which Tesseract takes for a picture."""

import cv2
import numpy as np
import pytest

from tests.conftest import draw_lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.regions.merging import merge
from vndoc.ocr.regions.missed_lines import MAX_PARTS, find_missed_lines, without_non_text
from vndoc.ocr.regions.region import read_regions
from vndoc.ocr.regions.rereading import accepted_lines, find_misread_blocks, propose_rereading
from vndoc.page import Box, Line, Word


def word(text, box, confidence=0.95):
    return Word(text, Box(*box), confidence)


BODY = Line(tuple(word("nhiệm", (150 + 120 * i, 1100, 250 + 120 * i, 1150)) for i in range(5)))


def reread(gray, lines, engine):
    """The lines with what was missed and misread."""
    regions = propose_rereading(gray, lines)
    return merge(lines, accepted_lines(regions, read_regions(engine, regions, 240)[0]))


@pytest.fixture
def sealed():
    """A signature block whose first line is clear and whose second touches a seal."""
    page = draw_lines([[(1000, "KT. CHỦ TỊCH")], [(1000, "PHÓ CHỦ TỊCH")]])[..., 0].copy()
    cv2.circle(page, (940, 330), 130, (0,), 4)
    cv2.circle(page, (940, 330), 90, (0,), 3)
    return page


def test_missed_lines_are_found_by_their_letters(sealed):
    boxes = find_missed_lines(sealed, [], 45.0)
    assert len(boxes) == 2
    assert all(box.x0 >= 990 and box.height < 70 for box in boxes)
    assert find_missed_lines(sealed, [Box(900, 100, 1500, 200)], 45.0) == [b for b in boxes if b.y0 > 180]


def test_missed_lines_are_read(sealed):
    lines = reread(sealed, [BODY], Tesseract())
    texts = [line.text for line in lines]
    assert texts[0] == BODY.text
    assert any("KT. CHỦ TỊCH" in text for text in texts)
    assert sum("CHỦ TỊCH" in text for text in texts) == 2


class Says:
    """Reads the same words in every strip."""

    name, version = "says", "1"

    def __init__(self, *words):
        self.words, self.images, self.starts = words, 0, 0

    def read(self, images, kind, dpi):
        self.starts += 1
        return [[self.line(image)] for image in images]

    def line(self, image):
        self.images += 1
        return Line(tuple(Word(t, Box(300 + 80 * i, 20, 370 + 80 * i, 60), c) for i, (t, c) in enumerate(self.words)))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ([("BỘ", 0.95), ("TRƯỞNG", 0.15)], True),
        ([("575", 0.97)], False),
        ([("vTrế", 0.36), ("ƒ", 0.2)], False),
        ([("XHCN", 0.9), ("~", 0.0), ("§", 0.1)], False),
        ([], False),
    ],
)
def test_only_print_is_kept(sealed, words, kept):
    engine = Says(*words)
    lines = reread(sealed, [BODY], engine)
    assert (engine.images, engine.starts) == (4, 1)  # each strip as it is, and without its non-text components
    assert (len(lines) > 1) is kept


def test_sure_words_stay_and_unsure_ones_give_way(sealed):
    at = find_missed_lines(sealed, [], 50.0)[0]
    unsure = Line((word("4TICH", (at.x0 + 10, at.y0 - 60, at.x0 + 60, at.y0 - 30), 0.3),))
    sure = Line((word("khác", (150, 900, 260, 950)),))
    lines = reread(sealed, [BODY, unsure, sure], Tesseract())
    assert "khác" in [line.text for line in lines]


def test_a_drawing_costs_a_few_strips_at_most():
    rng = np.random.default_rng(0)
    page = np.full((1400, 1400), 255, np.uint8)
    for x, y in rng.integers(100, 1300, (900, 2)):
        page[y : y + 30, x : x + 18] = 0
    engine = Says(("a", 0.2))
    assert len(find_missed_lines(page, [], 40.0)) > MAX_PARTS
    assert reread(page, [BODY], engine) == [BODY]
    assert engine.images == MAX_PARTS + MAX_PARTS // 2


def test_only_letters_stay_in_a_strip():
    page = draw_lines([[(400, "CHỦ TỊCH")]])[..., 0].copy()
    letters = page.copy()
    cv2.circle(page, (250, 150), 120, (0,), 4)
    cv2.line(page, (900, 320), (1100, 60), (0,), 5)
    left = without_non_text(page[90:230, 100:1200], 45.0)
    assert np.array_equal(left < 128, letters[90:230, 100:1200] < 128)


def test_a_line_between_a_seal_and_a_signature_is_read():
    page = draw_lines([[(1000, "CHỦ TỊCH")]])[..., 0].copy()
    cv2.circle(page, (850, 200), 125, (0,), 4)
    for at in range(0, 60, 12):
        cv2.line(page, (1300 + at, 300), (1340 + at, 60), (0,), 5)
    lines = reread(page, [BODY], Tesseract())
    assert "CHỦ TỊCH" in [line.text for line in lines]


def test_a_piece_of_a_word_does_not_replace_it(sealed):
    """The strip without the seal has lost the letters that touch it; a reading of the whole word stays."""

    class Cut(Says):
        def line(self, image):
            self.images += 1
            text, sure = ("Hùng", 0.4) if self.images < 3 else ("Hù", 0.95)
            middle = image.shape[1] // 2
            first = Word("Sinh", Box(middle - 100, 20, middle - 10, 60), 0.95)
            return Line((first, Word(text, Box(middle, 20, middle + 90, 60), sure)))

    lines = reread(sealed, [BODY], Cut())
    assert "Sinh Hùng" in [line.text for line in lines]


def test_strokes_at_the_ends_of_a_line_are_cut_off(sealed):
    junk = [("SỐ.", 0.1), ("_", 0.2), ("—TˆI", 0.2), ("Hoàng", 0.9), ("Anh", 0.97), ("⁄", 0.1)]
    lines = reread(sealed, [BODY], Says(*junk))
    assert "—TˆI Hoàng Anh" in [line.text for line in lines]


def small(y, *confidences, x=150):
    """A line of small type, a word for each confidence."""
    return Line(tuple(word("sở", (x + 90 * i, y, x + 90 * i + 70, y + 30), c) for i, c in enumerate(confidences)))


def test_misread_lines_are_taken_with_their_neighbours():
    size = 50.0
    nonsense = small(300, 0.1, 0.3, 0.2)
    assert find_misread_blocks([BODY, small(200, 0.95, 0.9)], size) == []
    assert find_misread_blocks([BODY, nonsense], size) == [nonsense.box]
    around = [small(260, 0.95, 0.96), nonsense, small(340, 0.9, 0.97)]
    assert find_misread_blocks([BODY, *around, small(300, 0.96, 0.95, x=900), small(600, 0.9, 0.9)], size) == [
        Box.around([line.box for line in around])
    ]


def test_small_faint_type_is_read_again_as_a_block():
    entries = ["- Như trên;", "- Bộ Tài chính;", "- CT, PCT UBND tỉnh;"]
    page = draw_lines([], size=(1984, 1200), paper=(250, 250, 250))
    page = np.minimum(page, draw_lines([[(150, t)] for t in entries], em=32, top=600, ink=(90, 90, 90)))[..., 0]
    misread = [Line((word("sở", (150, 600 + 51 * i, 270, 630 + 51 * i), 0.3),)) for i in range(3)]
    lines = reread(np.ascontiguousarray(page), [BODY, *misread], Tesseract())
    assert sorted(line.text for line in lines) == sorted([BODY.text, *entries])


def test_a_sure_line_beats_the_few_letters_made_of_it(sealed):
    at = find_missed_lines(sealed, [], 50.0)[0]
    page = sealed.copy()
    left = Line((word("TÁ", (at.x0 + 2, at.y0, at.x0 + 40, at.y1), 0.92),))
    nonsense = Line((word("ngà", (at.x0, at.y0 + 4, at.x1, at.y1), 0.32),))  # counts for nothing
    lines = reread(page, [BODY, left, nonsense], Tesseract())
    assert "TÁ" not in [line.text for line in lines]
    assert any("CHỦ TỊCH" in line.text for line in lines)
