"""Lines to learn from, their look: glyphs where they are said to be, wear that can be read, strips of one size."""

import functools
import random
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.lines import strips
from training.lines.faces import Faces, cut_of
from training.lines.parts import AGES, Maker, batched, batches, load, parts_of, save, width_for
from training.lines.strips import Line, legible, scan_of, seen
from training.lines.typeset import Print, Spacing, placed, printed, spacing_of, thicker
from training.lines.wear import scanned
from training.lines.write import wanted
from vndoc.ocr.engines.lines.alphabet import CHARACTERS, VIETNAMESE
from vndoc.ocr.engines.lines.strips import BASE, HEIGHT, STRIDE, XHEIGHT, contrasted


@functools.cache  # finding them takes seconds
def known():
    return Faces()


@pytest.fixture
def faces():
    return known()


@pytest.fixture
def face():
    """An upright cut of a face like Times."""
    return next(f for f in known().all() if f.kind == "times" and "egular" in f.path.stem)


def plain(text, face, em=64, track=0.0):
    """The line alone: no neighbours, no rules."""
    font = face.at(em)
    runs, middles, width = placed(text, font, Spacing(font.getlength(" "), track))
    ink = np.zeros((3 * em, round(width) + em), np.uint8)
    for x, run in runs:
        mask = font.getmask2(run, anchor="ls")
        glyph = np.frombuffer(bytes(mask[0]), np.uint8).reshape(mask[0].size[::-1])
        left, top = round(x) + em // 2 + mask[1][0], 2 * em + mask[1][1]
        ink[top : top + glyph.shape[0], left : left + glyph.shape[1]] |= glyph
    return Print(ink, text, 2 * em, face.xheight * em, middles + em // 2, em // 2, em // 2 + width)


def test_faces_hold_the_letters_and_none_is_in_training_and_held_out(faces):
    assert all(f.known.issuperset(VIETNAMESE) for f in faces.all())
    assert all(0.3 < f.xheight < 0.65 for f in faces.all())
    try:
        held_out = {f.path for f in Faces(held_out=True).all()}
    except RuntimeError:  # none of them is installed
        held_out = set()
    assert not held_out & {f.path for f in faces.all()}


def test_times_is_used_most(faces):
    rng = random.Random(1)
    kinds = [faces.one(rng).kind for _ in range(400)]
    assert kinds.count("times") > 250


@pytest.mark.parametrize(
    ("stem", "family", "cut"),
    [
        ("Tinos-BoldItalic", "Tinos", "bolditalic"),
        ("FreeSerif", "FreeSerif", ""),
        ("NotoSans-Black", "NotoSans", None),
        ("NotoSansMono-Regular", "NotoSans", None),
        ("LinLibertine_RB", "LinLibertine_R", "bold"),
        ("Arimo-Regular", "Tinos", None),
    ],
)
def test_cuts(stem, family, cut):
    assert cut_of(stem, family) == cut


@pytest.mark.parametrize("track", [0.0, 9.0])
def test_middles_are_where_the_glyphs_are(face, track):
    text = "HOTX HHH NHO"
    line = plain(text, face, track=track)
    inked = np.flatnonzero((line.ink > 128).any(axis=0))
    runs = np.split(inked, np.flatnonzero(np.diff(inked) > 1) + 1)
    letters = [c for t, c in zip(text, line.centres, strict=True) if t != " "]
    if len(runs) == len(letters):  # no two letters touch
        assert np.allclose([(r[0] + r[-1]) / 2 for r in runs], letters, atol=0.06 * 64)
    else:
        assert not track
    for t, c in zip(text, line.centres, strict=True):
        if t == " ":
            assert not line.ink[:, round(c)].any()


@given(st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=30), st.integers(0, 9999))
@settings(max_examples=40)
def test_each_character_has_a_middle_in_the_print(text, seed):
    rng = random.Random(seed)
    face = known().one(rng)
    line = printed(text, face, 40, "dòng bên cạnh", rng)
    assert len(line.centres) == len(text)
    assert (np.diff(line.centres) > -0.1 * 40).all()
    assert line.left - 2 <= line.centres[0] <= line.centres[-1] <= line.right + 2
    assert line.right <= line.ink.shape[1]
    assert spacing_of(text, 40, face.at(40), rng).blank > 0


def test_thicker_strokes_hold_the_others(face):
    ink = plain("quyết định", face).ink
    assert (thicker(ink, 2) >= ink).all()
    assert (thicker(ink, -2) <= ink).all()
    assert thicker(ink, 0) is ink


@given(st.integers(0, 10_000))
@settings(max_examples=60)
def test_wear_keeps_the_size_and_the_place_and_is_the_same_again(seed):
    face = known().one(random.Random(seed))
    line = plain("Ủy ban nhân dân xã Bình Sơn", face)
    first, second = (scanned(replace(line, ink=line.ink.copy()), 0.6, random.Random(seed)) for _ in range(2))
    assert (first.grey == second.grey).all()
    assert first.grey.shape == first.clean.shape
    assert first.grey.shape[0] == pytest.approx(0.6 * line.ink.shape[0], abs=1)
    assert 0.86 < first.grey.shape[1] / (0.6 * line.ink.shape[1]) < 1.13
    assert 0 < first.centres[0] < first.centres[-1] < first.grey.shape[1]


@pytest.mark.parametrize("em", [30, 37, 50, 90])
def test_strips_have_one_base_line_and_one_x_height(face, em):
    line = plain("xzvxzv", face, em)
    strip = strips.placed(255 - line.ink, line.base, line.xheight)
    rows = np.flatnonzero((strip < 128).any(axis=1))
    assert strip.shape[0] == HEIGHT
    assert rows[0] == pytest.approx(BASE - XHEIGHT, abs=1)
    assert rows[-1] + 1 == pytest.approx(BASE, abs=1)


def test_capitals_with_two_marks_and_tails_fit(face):
    line = plain("ỄẨỔgỵ(", face, 37)
    strip = 255 - strips.placed(255 - line.ink, line.base, line.xheight)
    assert strip.sum() == pytest.approx(float(line.ink.sum()), rel=0.03)


def test_paper_is_black_and_ink_white_whatever_the_page_was(face):
    ink = plain("nhiệm vụ", face, 37).ink[37:90]
    faint = (200 - 0.3 * ink.astype(float)).astype(np.uint8)
    for page in (faint, 255 - faint, 255 - ink):
        seen_ = contrasted(page)
        assert np.median(seen_) < 10
        assert seen_[ink > 200].mean() > 230


def test_what_cannot_be_read_is_not_legible(face):
    line = plain("Thông báo kết luận", face)
    clean = strips.placed(line.ink, line.base, line.xheight)
    assert legible(clean, clean)
    assert legible(cv2.GaussianBlur(clean, (0, 0), 1.0), clean)
    noise = np.random.default_rng(1).integers(0, 255, clean.shape, dtype=np.uint8)
    assert not legible(noise, clean)
    gone = clean.copy()
    gone[:, 150:230] = 0
    assert not legible(gone, clean)


def test_columns_lie_on_the_glyphs(face):
    text = "I I I I I I"
    for seed in range(40):
        scan = scan_of(text, face, "", random.Random(seed))
        line = seen(scan, random.Random(seed)) if scan else None
        if line is None:
            continue
        clean = strips.placed(scan.clean, scan.base, scan.xheight)[BASE - XHEIGHT : BASE].mean(axis=0)
        zoom = clean.shape[0] / line.strip.shape[1]
        for k in range(0, len(text), 2):
            middle = round((STRIDE * line.columns[k] + STRIDE / 2) * zoom)
            assert clean[max(0, middle - 3) : middle + 4].max() > 100, seed


def test_too_few_pixels_are_refused(face, monkeypatch):
    monkeypatch.setattr(strips, "_SIZES", ((8, 1),))
    monkeypatch.setattr(strips, "_RESOLUTIONS", ((100, 1),))
    assert scan_of("chữ nhỏ", face, "", random.Random(1)) is None


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "passages.txt"
    rows = ["official\tỦy ban nhân dân tỉnh báo cáo kết quả thực hiện", "kept\tdòng để đo"]
    path.write_text("\n".join(rows), encoding="utf-8")
    return Maker(path, seed=3)


def test_parts_are_made_from_their_number_alone_and_come_back_from_files(maker, tmp_path):
    lines = maker.lines(5, 12)
    save(tmp_path / "part.npz", lines)
    again = load(tmp_path / "part.npz")
    for made in (maker.lines(5, 12), again):
        for a, b in zip(lines, made, strict=True):
            assert a.text == b.text
            assert (a.strip == b.strip).all()
            assert (a.columns == b.columns).all()
    assert [line.text for line in maker.lines(6, 12)] != [line.text for line in lines]
    assert [p.name for p in tmp_path.iterdir()] == ["part.npz"]


def lines_of(widths):
    return [Line(np.full((HEIGHT, w), k, np.uint8), "abc"[: k + 1], np.arange(k + 1)) for k, w in enumerate(widths)]


def test_a_batch_is_filled_up_with_paper():
    batch = batched(lines_of([60, 90, 33]))
    assert batch.strips.shape == (3, HEIGHT, width_for(90))
    assert batch.strips[2, :, :33].min() == 2
    assert not batch.strips[2, :, 33:].any()
    assert batch.lengths.tolist() == [1, 2, 3]
    assert batch.widths.tolist() == [15, 23, 9]
    assert len(batch.labels) == len(batch.columns) == 6


def test_batches_take_each_line_once_at_most_and_are_the_same_again():
    lines = [Line(np.zeros((HEIGHT, 100 + 7 * k), np.uint8), chr(97 + k % 26), np.array([0])) for k in range(60)]
    first, second = ([b.labels.tolist() for b in batches(lines, 1000, random.Random(4))] for _ in range(2))
    assert first == second
    assert len(lines) * 0.8 < sum(map(len, first)) <= len(lines)


def test_each_part_is_taken_as_often_as_there_are_ages():
    taken = [part for round_ in range(60) for part in parts_of(round_)]
    assert all(taken.count(part) == len(AGES) for part in range(40))
    assert parts_of(0) == [0]


def test_makers_share_the_parts_that_are_wanted(tmp_path):
    assert [wanted(tmp_path, 3, k, 2) for k in (0, 1)] == [0, 1]
    (tmp_path / "round").write_text("20")
    (tmp_path / f"part-{20 - max(AGES):06}.npz").touch()
    assert [wanted(tmp_path, 3, k, 2) for k in (0, 1)] == [20 - max(AGES) + 1, 20 - max(AGES) + 2]
    for k in range(24):
        (tmp_path / f"part-{k:06}.npz").touch()
    assert [wanted(tmp_path, 3, k, 2) for k in (0, 1)] == [None, None]
