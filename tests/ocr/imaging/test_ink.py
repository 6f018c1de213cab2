"""Black print and coloured ink are separated."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.conftest import draw_lines
from vndoc.ocr.imaging.ink import Separation, black_print, coloured_ink

TEXT = ["Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6"] * 6
RED = (210, 38, 44)


@pytest.mark.parametrize("ink", [(200, 30, 40), (40, 60, 220)])
def test_coloured_ink_fades_and_black_stays(ink):
    coloured = Separation.of(draw_lines(TEXT, ink=ink)).black
    black = Separation.of(draw_lines(TEXT)).black
    assert coloured.min() > 190
    assert black.min() < 10
    assert Separation.of(black).black is black


def as_jpeg(page, quality=40):
    """The page as a 150 dpi JPEG with colour at half the resolution, drawn at 240 dpi again."""
    small = Image.fromarray(page).resize([round(side / 1.6) for side in page.shape[1::-1]], Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Image.open(out).convert("RGB").resize(page.shape[1::-1], Image.Resampling.BICUBIC))


def test_the_ghost_of_a_seal_fades_and_print_under_it_stays():
    page = draw_lines(TEXT[:2]).copy()
    cv2.circle(page, (400, 170), 120, (235, 30, 40), 3)
    for x in range(300, 500, 12):
        cv2.line(page, (x, 90), (x, 110), (235, 30, 40), 2)
    page = np.minimum(page, draw_lines(TEXT[:2]))
    scan = as_jpeg(page)
    gray = Separation.of(scan).black
    left = black_print(Separation.of(scan))
    ghost = (page[..., 0] > 200) & (page[..., 1] < 60)
    assert (gray[ghost] < 230).mean() > 0.5
    assert (left[ghost] < 230).mean() < 0.2
    print_ = page[..., 0] < 40
    assert (left[print_] < 140).mean() > 0.95 * (gray[print_] < 140).mean()


def test_pages_without_colour_have_no_ghosts():
    page = draw_lines(TEXT)
    inks = Separation.of(page)
    assert inks.coloured is None
    assert black_print(inks) is inks.black


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([1, 3]), st.integers(0, 2**32 - 1))
@example(4, 1, 3, 0)
def test_any_image_is_parted(height, width, channels, seed):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (height, width, channels)[: 2 if channels == 1 else 3], dtype=np.uint8)
    inks = Separation.of(image)
    assert (inks.black >= inks.inked).all()
    assert black_print(inks).min() >= min(inks.black.min(), 39)  # or as dark as what a highlighter covers
    layer = coloured_ink(inks)
    assert layer is None or layer.shape == image.shape[:2]


def test_hardly_any_colour_is_none():
    page = np.full((1000, 800, 3), 255, np.uint8)
    assert coloured_ink(Separation.of(page)) is None
    assert coloured_ink(Separation.of(page[..., 0])) is None
    page[500:540, 300:420] = (200, 20, 40)
    layer = coloured_ink(Separation.of(page))
    assert layer[520, 350] < 60 < layer[100, 100]


def test_a_pale_stamp_of_a_coarse_scan_keeps_its_strokes():
    """Its colour is at half the resolution of its brightness, which tells the strokes from the white between."""
    page = draw_lines(["PHÓ GIÁM ĐỐC", "Nguyễn Trúc Giang"], size=(900, 400), ink=(235, 110, 110))
    small = Image.fromarray(page).resize((562, 250), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=40, subsampling=2)
    scan = Image.open(out).convert("RGB").resize((900, 400), Image.Resampling.BICUBIC)
    layer = coloured_ink(Separation.of(np.asarray(scan)))
    strokes = page[..., 1] < 160
    near = cv2.dilate(strokes.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert np.corrcoef(layer[near], page[near][:, 1])[0, 1] > 0.85


def test_tinted_paper_is_no_coloured_ink():
    page = np.full((400, 800, 3), (235, 225, 190), np.uint8)
    page[100:200, 200:400] = (220, 30, 40)
    page[140:150, 500:700] = 20
    layer = coloured_ink(Separation.of(page))
    assert layer[120, 300] < 60
    assert layer[145, 600] == layer[300, 600] == 255


def test_black_print_is_no_coloured_ink():
    page = np.full((400, 800, 3), 255, np.uint8)
    page[100:200, 200:400] = (220, 30, 40)
    page[140:150, 100:500] = 20
    layer = coloured_ink(Separation.of(page))
    assert layer[145, 300] == 255
    assert layer[120, 300] < 60


def test_ink_of_every_colour_is_dark():
    page = np.full((2, 2, 3), 255, np.uint8)
    page[0, 0], page[0, 1] = RED, (40, 60, 160)
    assert Separation.of(page).inked.tolist() == [[38, 40], [255, 255]]
    gray = np.zeros((2, 2), np.uint8)
    assert Separation.of(gray).inked is gray


@pytest.mark.parametrize("colour", [(255, 235, 59), (120, 240, 120), (130, 205, 255), (255, 170, 60)])
def test_print_under_a_highlighter_is_as_dark_as_print(colour):
    page = draw_lines(TEXT)
    marked = page.astype(float)
    marked[80:180] = 0.4 * marked[80:180] + 0.6 * np.array(colour)
    black = black_print(Separation.of(as_jpeg(marked.astype(np.uint8), 80)))
    plain = black_print(Separation.of(as_jpeg(page, 80)))
    under = plain[90:170] < 90
    assert black[90:170][under].mean() < 100
    assert black[90:170][plain[90:170] > 240].mean() > 220


def test_a_seal_is_no_highlighter():
    page = draw_lines(TEXT[:2]).copy()
    cv2.circle(page, (400, 400), 60, (238, 28, 36), -1)
    assert black_print(Separation.of(page))[345:455, 345:455].min() > 200
