"""Noise, overlays, coloured lines and the verdict on text layers, word by word."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.conftest import draw_lines
from vndoc.ocr.coloured import coloured_ink, merge
from vndoc.ocr.noise import drop_noise, drop_overlay
from vndoc.ocr.textlayer import ink_coverage, judge, reads_as_vietnamese
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


def test_hardly_any_colour_is_none():
    page = np.full((1000, 800, 3), 255, np.uint8)
    assert coloured_ink(page) is None
    assert coloured_ink(page[..., 0]) is None
    page[500:540, 300:420] = (200, 20, 40)
    layer = coloured_ink(page)
    assert layer[520, 350] < 60 < layer[100, 100]


def test_a_pale_stamp_of_a_coarse_scan_keeps_its_strokes():
    """Its colour is at half the resolution of its brightness, which tells the strokes from the white between."""
    page = draw_lines(["PHÓ GIÁM ĐỐC", "Nguyễn Trúc Giang"], size=(900, 400), ink=(235, 110, 110))
    small = Image.fromarray(page).resize((562, 250), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=40, subsampling=2)
    scan = Image.open(out).convert("RGB").resize((900, 400), Image.Resampling.BICUBIC)
    layer = coloured_ink(np.asarray(scan))
    strokes = page[..., 1] < 160
    near = cv2.dilate(strokes.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert np.corrcoef(layer[near], page[near][:, 1])[0, 1] > 0.85


def test_tinted_paper_is_no_coloured_ink():
    page = np.full((400, 800, 3), (235, 225, 190), np.uint8)
    page[100:200, 200:400] = (220, 30, 40)
    page[140:150, 500:700] = 20
    layer = coloured_ink(page)
    assert layer[120, 300] < 60
    assert layer[145, 600] == layer[300, 600] == 255


def test_black_print_is_no_coloured_ink():
    page = np.full((400, 800, 3), 255, np.uint8)
    page[100:200, 200:400] = (220, 30, 40)
    page[140:150, 100:500] = 20
    layer = coloured_ink(page)
    assert layer[145, 300] == 255
    assert layer[120, 300] < 60


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
