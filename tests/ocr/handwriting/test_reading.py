"""The whole reader of handwriting: forms drawn here, filled in by the samples' pen, read."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from samples.fonts import FontError, Fonts, Style
from samples.ink import PEN_BLACK, PEN_BLUE, RED, handwriting, seal
from vndoc.ocr.handwriting import DigitReader
from vndoc.page import Box, Word
from vndoc.slots import Slot, SlotForm, SlotKey, SlotKind

EM, BASE, DPI = 45, 150, 240


@pytest.fixture(scope="module")
def fonts():
    try:
        Fonts().file()
    except FontError as error:
        pytest.skip(str(error))
    return Fonts()


def slot(kind, box, form=SlotForm.DISPATCH, **stamp):
    return Slot(SlotKind(kind), form, 1, box, **stamp)


class Form:
    """'Số: … /UBND-VP   Bình Sơn, ngày … tháng 01 năm 2025' with ink in the two blanks."""

    def __init__(self, fonts, number="", day="", seed=0, colour=PEN_BLUE, glue=0, height=11.0):
        self.image = Image.new("RGB", (1700, 300), "white")
        self.fonts, self.words, self.x = fonts, [], 80
        rng = np.random.default_rng(seed)
        number_ink = handwriting(number, height, colour)(DPI / 72, rng) if number else None
        day_ink = handwriting(day, height, colour)(DPI / 72, rng) if day else None
        self.slots = [self._blank("number", "Số:", number_ink, "/UBND-VP", False, glue)]
        self.x = 760
        for text in ("Bình", "Sơn,"):
            self._word(text, True)
        self.slots.append(self._blank("day", "ngày", day_ink, "tháng", True, glue))
        for text in ("01", "năm", "2025"):
            self._word(text, True)

    def _word(self, text, italic):
        pen = ImageDraw.Draw(self.image)
        face = self.fonts.face(Style(13, italic=italic), EM)
        pen.text((self.x, BASE), text, "black", face, anchor="ls")
        box = Box(*(round(v) for v in pen.textbbox((self.x, BASE), text, face, anchor="ls")))
        self.words.append(Word(text, box, 0.95))
        self.x += round(face.getlength(text) + 0.25 * EM)
        return box

    def _blank(self, name, before, ink, behind, italic, glue):
        left = self._word(before, italic)
        if ink is not None:
            ink = ink.crop(ink.getbbox())
            self.image.paste(ink, (self.x, BASE - ink.height + 3), ink)
        else:
            self.x += EM
        first = self.x
        self.x += (ink.width if ink else EM) + round(0.2 * EM)
        middle = (first + self.x) // 2
        right = self._word(behind, italic)
        if glue:  # OCR boxes that have swallowed half of the ink
            k = -2 if glue < 0 else -1
            box = left._replace(x1=middle) if glue < 0 else right._replace(x0=middle)
            self.words[k] = Word(self.words[k].text, box, 0.6)
            left, right = self.words[-2].box, self.words[-1].box
        return slot(name, Box(left.x1, left.y0 - 8, right.x0, left.y1 + 8))

    def read(self, angle=0.0):
        found = DigitReader().read(np.asarray(self.image), self.slots, self.words, DPI, angle)
        return {key.kind: candidates for key, candidates in found.items()}


CASES = [("815", "21"), ("0044", "06"), ("2016", "17"), ("57", "30"), ("03", "19"), ("1904", "15")]


@pytest.mark.parametrize("glue", [0, -1, 1])
@pytest.mark.parametrize(("number", "day"), CASES)
def test_drawn_digits_are_read(fonts, number, day, glue):
    read = Form(fonts, number, day, seed=len(number) + int(day), glue=glue).read()
    assert read["number"][0][0] == number
    assert read["day"][0][0] == day
    assert read["number"][0][1] > 0.5
    assert read["day"][0][1] > 0.5


def test_probabilities_are_ranked_and_sum_to_one_at_most(fonts):
    for found in Form(fonts, "1247", "28").read().values():
        shares = [p for _, p in found]
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1


def test_empty_blanks_have_no_candidates(fonts):
    assert Form(fonts).read() == {"number": [], "day": []}


def test_a_red_seal_over_the_ink_does_not_matter(fonts):
    form = Form(fonts, "233", "16", colour=PEN_BLACK)
    stamp = seal("BÌNH SƠN", (), fonts, RED, 50)(DPI / 72, np.random.default_rng(1))
    form.image.paste(stamp, (100, 80), stamp)
    assert form.read()["number"][0][0] == "233"


def test_a_dotted_line_under_the_digits_does_not_matter(fonts):
    form = Form(fonts, "145", "23")
    pen = ImageDraw.Draw(form.image)
    for x in range(form.slots[0].box.x0, form.slots[0].box.x1, 9):
        pen.ellipse((x, BASE + 5, x + 3, BASE + 8), "black")
    assert form.read()["number"][0][0] == "145"


def test_a_turned_page_is_levelled(fonts):
    form = Form(fonts, "58", "24")
    form.image = form.image.rotate(-1.5, Image.Resampling.BICUBIC, fillcolor="white")
    read = form.read(angle=1.5)
    assert (read["number"][0][0], read["day"][0][0]) == ("58", "24")


def test_slots_of_a_stamp_have_a_base_line_and_a_type_size_of_their_own(fonts):
    form = Form(fonts, "312", "12")
    own = {"form": SlotForm.ARRIVAL_STAMP, "base_line": BASE, "em": EM}
    stamped = [slot(blank.kind, blank.box, **own) for blank in form.slots]
    found = DigitReader().read(np.asarray(form.image), stamped, form.words, DPI, 0.0)
    assert {key.form for key in found} == {SlotForm.ARRIVAL_STAMP}
    assert [found[blank.key][0][0] for blank in stamped] == ["312", "12"]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from([k for k in SlotKind if k is not SlotKind.DATE]),
    corner=st.tuples(st.integers(-50, 400), st.integers(-50, 200)),
    size=st.tuples(st.integers(1, 300), st.integers(1, 120)),
    words=st.lists(
        st.tuples(st.sampled_from(["Số:", "/UBND-VP", "ngày", "tháng", "năm", "?", ""]), st.integers(0, 300)),
        max_size=5,
    ),
)
@example(seed=0, kind=SlotKind.YEAR, corner=(0, 27), size=(1, 27), words=[("?", 0)])
def test_nothing_is_too_odd(seed, kind, corner, size, words):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (150, 300), dtype=np.uint8)
    box = Box(corner[0], corner[1], corner[0] + size[0], corner[1] + size[1])
    around = [Word(text, Box(x, 40, x + 60, 80), 0.9) for text, x in words] + [Word("Số:", None)]
    found = DigitReader().read(image, [slot(kind, box)], around, DPI, 0.0)[SlotKey(SlotForm.DISPATCH, kind)]
    assert sum(p for _, p in found) <= 1
    assert all(text.isdecimal() for text, _ in found)


@pytest.mark.parametrize("value", [0, 128, 255])
def test_flat_images_hold_nothing(value):
    image = np.full((200, 400, 3), value, np.uint8)
    day = slot("day", Box(50, 50, 150, 110))
    assert DigitReader().read(image, [day], [], DPI, 0.0) == {day.key: []}
