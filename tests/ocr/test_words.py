"""Noise, overlays, coloured lines and the verdict on text layers, word by word."""

import numpy as np
import pytest

from vndoc.ocr.filtering import drop_noise, drop_overlay
from vndoc.ocr.regions.merging import merge
from vndoc.ocr.text_layer import ink_coverage, judge, reads_as_vietnamese
from vndoc.page import Box, Layer, Line, Word

BOX = Box(0, 0, 80, 40)


def words(text, confidence=0.9, box=BOX):
    return tuple(Word(t, box, confidence) for t in text.split())


def kept(*some):
    return [w.text for line in drop_noise([Line(words("thực hiện kế hoạch")), Line(some)]) for w in line.words][4:]


@pytest.mark.parametrize(
    ("word", "stays"),
    [
        (Word("-", BOX, 0.9), True),
        (Word("./.", BOX, 0.9), True),
        (Word("-", BOX, 0.1), False),
        (Word("ˆ", BOX, 0.9), False),
        (Word("¬~", BOX, 0.9), False),
        (Word("a", BOX, 0.2), True),
        (Word("ÌÀ", Box(0, 0, 50, 200), 0.2), False),
        (Word("À", Box(0, 0, 50, 5), 0.2), False),
        (Word("nhiệm", Box(0, 0, 50, 200), 0.2), True),
        (Word("Số", None, 0.1), True),
    ],
)
def test_noise(word, stays):
    assert kept(word) == ([word.text] if stays else [])


def test_overlay_words_go_and_text_under_watermarks_stays():
    line = Line((Word("Ký", Box(10, 10, 40, 30)), Word("Điều", Box(200, 10, 260, 30))))
    stamp = [Word("Ký", Box(5, 8, 45, 32)), Word("V", Box(150, 0, 400, 200))]
    assert [p.text for p in drop_overlay([line], stamp)] == ["Điều"]


def test_coloured_line_wins_only_over_unsure_words():
    unsure, sure = Line(words("Ề tố", 0.3)), Line(words("GIÁM ĐỐC", 0.95))
    stamp = Line(words("Lê Hoàng", 0.95))
    assert merge([unsure], [stamp]) == [stamp]
    assert merge([sure], [stamp]) == [sure]
    aside = Line((Word("Anh", Box(500, 0, 560, 40)),))
    assert merge([aside], [stamp]) == [aside, stamp]
    assert merge([Line((Word("không"),))], [stamp]) == [Line((Word("không"),)), stamp]


def test_coverage_counts_dark_ink_only():
    page = np.full((100, 100, 3), 255, np.uint8)
    assert ink_coverage(page, [], 1.0) == 1.0
    page[10:20, 10:50] = 0
    page[60:80, 10:50] = (220, 20, 40)
    assert ink_coverage(page, [Word("a", Box(20, 20, 60, 40))], 0.5) == pytest.approx(0.52, abs=0.05)


def test_language_of_a_layer():
    assert reads_as_vietnamese(words("Uy ban nhan dan"))
    assert not reads_as_vietnamese(words("Uy ban nhan dan huyen " * 6))
    assert reads_as_vietnamese(words("Ủy ban nhân dân huyện " * 6))
    assert not reads_as_vietnamese(words("Ủy ban \ue123ân"))
    assert reads_as_vietnamese(words("1 2 3 " * 20))


def test_verdicts():
    text = words("Ủy ban nhân dân huyện " * 6)
    assert judge([], 0.0, signed=False) is Layer.NONE
    assert judge([], 0.0, signed=True) is Layer.STAMP_ONLY
    assert judge(text, 0.1, signed=False) is Layer.STAMP_ONLY
    assert judge(text, 0.9, signed=False) is Layer.GOOD
    assert judge(words("Uy ban nhan dan huyen " * 6), 0.9, signed=False) is Layer.GARBLED
