"""Print beside a blank found by its strokes: the slash of a notation, the colon of 'Số:'."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw

from samples.fonts import Fonts, Style
from vndoc.ocr.handwriting import DigitReader
from vndoc.ocr.handwriting.cut import behind_label
from vndoc.ocr.handwriting.edges import Window
from vndoc.ocr.handwriting.landmarks import find_ceiling, find_colon, find_slash
from vndoc.page import Box, Word
from vndoc.slots import PrintBehind, Slot, SlotForm, SlotKind

DPI, EM, BASE = 240, 45, 120
SEVEN = [(0, -0.62), (0.36, -0.62), (0.16, 0.02)]
BAR = [(0.0, -0.3), (0.62, -0.34)]


class Sheet:
    """A line of print with strokes of a pen in it."""

    def __init__(self, fonts: Fonts) -> None:
        self.image = Image.new("L", (900, 200), 255)
        self.pen, self.fonts, self.x = ImageDraw.Draw(self.image), fonts, 150.0

    def word(self, text: str, size: float = 13) -> Box:
        face = self.fonts.face(Style(size), EM)
        self.pen.text((self.x, BASE), text, 0, face, anchor="ls")
        box = self.pen.textbbox((self.x, BASE), text, face, anchor="ls")
        self.x += face.getlength(text)
        return Box(*(round(v) for v in box))

    def stroke(self, points: Sequence[tuple[float, float]]) -> None:
        """A stroke whose points are in type sizes from where the pen is."""
        self.pen.line([(self.x + EM * x, BASE + EM * y) for x, y in points], 0, 4, joint="curve")

    @property
    def ink(self) -> np.ndarray:
        return np.asarray(self.image) < 128


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


@pytest.mark.parametrize("code", ["/UBND-VP", "/QĐ-UBND", "/TB-SYT", "/VP-TH", "/KH-DCT", "/ATTT-NV", "/MTTQ-BTT"])
@pytest.mark.parametrize("off", [-0.12, 0.0, 0.1])
def test_the_slash_is_found_where_a_digit_touches_it(fonts, code, off):
    sheet = Sheet(fonts)
    sheet.word("Số: ")
    sheet.stroke(SEVEN)
    sheet.stroke(BAR)
    sheet.x += 0.42 * EM
    start = sheet.x
    sheet.word(code)
    slash = find_slash(sheet.ink, start + off * EM, BASE, EM)
    assert slash is not None
    assert slash.foot == pytest.approx(start - 0.03 * EM, abs=0.12 * EM)


@pytest.mark.parametrize("text", ["", "HĐND", "1111", "0000", "TB", "II"])
def test_where_no_slash_is_none_is_found(fonts, text):
    sheet = Sheet(fonts)
    start = sheet.x
    sheet.word(text)
    assert find_slash(sheet.ink, start + 0.4 * EM, BASE, EM) is None


def test_the_colon_is_behind_the_label(fonts):
    for gap in (0, 20, 200):
        sheet = Sheet(fonts)
        right = sheet.word("Số:").x1
        sheet.x += gap
        sheet.word("123/QĐ-UBND")
        assert find_colon(sheet.ink, BASE, EM) == pytest.approx(right, abs=6)
    sheet = Sheet(fonts)
    sheet.word("55 - TB/ĐTN ...")
    assert find_colon(sheet.ink, BASE, EM) is None


def test_a_label_without_its_colon_is_as_wide_as_labels_are(fonts):
    sheet = Sheet(fonts)
    start = sheet.x
    sheet.word("Số 12")
    window = Window(0, 800, BASE, EM, 0.0)
    assert behind_label(np.asarray(sheet.image), window) == pytest.approx(start + 1.3 * EM, abs=6)
    assert behind_label(np.full((200, 900), 255, np.uint8), window) is None


def _read(sheet: Sheet, slot: Slot, words: list[Word]) -> str:
    found = DigitReader().read(np.asarray(sheet.image), [slot], words, DPI, 0.0)
    return found[slot.key][0][0]


def _number(box: Box, behind: PrintBehind, **known: bool) -> Slot:
    return Slot(SlotKind.NUMBER, SlotForm.DISPATCH, 1, box, behind=behind, **known)


def test_a_number_is_read_though_neither_it_nor_its_label_was(fonts):
    for gap, digits in ((8, "383"), (60, "2016"), (0, "57")):
        sheet = Sheet(fonts)
        sheet.word("Số:")
        sheet.x += gap
        sheet.word(digits, 12)
        sheet.x += gap
        code = sheet.word("/QĐ-UBND")
        slot = _number(Box(0, 80, code.x0, 130), PrintBehind("/QĐ-UBND", code.x0, code.x1), labelled=False)
        assert _read(sheet, slot, [Word("/QĐ-UBND", code, 0.9)]) == digits


def test_a_code_whose_box_is_swollen_on_either_side_does_not_move_the_end_of_the_slot(fonts):
    sheet = Sheet(fonts)
    label = sheet.word("Số:")
    sheet.x += 20
    sheet.word("1943", 12)
    sheet.x += 12
    code = sheet.word("/SYT-NVY")
    sheet.x += 100
    place = sheet.word("Giang")
    for swollen in (code, code._replace(x1=code.x1 + 24), code._replace(x0=code.x0 - 50)):
        behind = PrintBehind("/SYT-NVY", swollen.x0, swollen.x1)
        slot = _number(Box(label.x1, 80, max(label.x1 + 1, swollen.x0), 130), behind)
        words = [Word("Số:", label, 0.9), Word("/SYT-NVY", swollen, 0.6), Word("Giang", place, 0.9)]
        assert _read(sheet, slot, words) == "1943"


def test_what_is_read_in_the_slot_is_not_its_label(fonts):
    sheet = Sheet(fonts)
    label = sheet.word("Số:")
    sheet.x += 16
    number = sheet.word("562", 12)
    sheet.x += 12
    code = sheet.word("/CV-STC")
    words = [Word("Số:", label, 0.9), Word("S6", number, 0.3), Word("/CV-STC", code, 0.9)]
    slot = _number(Box(label.x1, 80, code.x0, 130), PrintBehind("/CV-STC", code.x0, code.x1))
    assert _read(sheet, slot, words) == "562"


def test_dots_beside_the_digits_are_no_digits(fonts):
    sheet = Sheet(fonts)
    label = sheet.word("Số:")
    sheet.x += 30
    sheet.word("299", 12)
    sheet.pen.ellipse((label.x1 + 4, BASE - 22, label.x1 + 12, BASE - 13), fill=0)
    sheet.x += 30
    code = sheet.word("/CV-STC")
    slot = _number(Box(label.x1, 80, code.x0, 130), PrintBehind("/CV-STC", code.x0, code.x1))
    assert _read(sheet, slot, [Word("Số:", label, 0.9), Word("/CV-STC", code, 0.9)]) == "299"


def _stamp(fonts: Fonts, above: str) -> Sheet:
    """A sheet with a line of print, or a rule, so near above the blank that digits of the blank touch it."""
    sheet = Sheet(fonts)
    if above:
        sheet.pen.text((150, BASE - EM), above, 0, fonts.face(Style(14, bold=True), EM), anchor="ls")
    else:
        sheet.pen.rectangle((130, BASE - EM - 3, 800, BASE - EM), 0)
        sheet.pen.rectangle((796, BASE - EM, 800, BASE + EM), 0)
    return sheet


@pytest.mark.parametrize("above", ["CÔNG VĂN ĐẾN NHÂN DÂN", "UBND TỈNH LẠNG SƠN", ""])
def test_the_foot_of_the_line_above_is_found(fonts, above):
    sheet = _stamp(fonts, above)
    sheet.x = 400
    sheet.stroke(SEVEN)
    assert find_ceiling(sheet.ink[:, 150:750], BASE, EM) == pytest.approx(BASE - EM + 1, abs=3)
    assert find_ceiling(sheet.ink[:, 380:480], BASE, EM) is None
    bare = Sheet(fonts)
    bare.x = 400
    bare.word("1943")
    assert find_ceiling(bare.ink[:, 150:750], BASE, EM) is None


@pytest.mark.parametrize("above", ["CÔNG VĂN ĐẾN NHÂN DÂN", ""])
@pytest.mark.parametrize("digits", ["240", "2352", "81"])
def test_digits_of_a_stamp_come_off_the_line_above_them(fonts, above, digits):
    sheet = _stamp(fonts, above)
    sheet.x = 420
    face = fonts.face(Style(20), EM * 1.5)
    sheet.pen.text((sheet.x, BASE), digits, 0, face, anchor="ls")
    slot = Slot(
        SlotKind.NUMBER, SlotForm.ARRIVAL_STAMP, 1, Box(150, BASE - EM, 795, BASE + 11), base_line=BASE, em=float(EM)
    )
    best, sure = DigitReader().read(np.asarray(sheet.image), [slot], [], DPI, 0.0)[slot.key][0]
    assert (best, sure > 0.7) == (digits, True)


def test_a_number_read_as_one_word_with_its_label_and_code_begins_behind_the_label(fonts):
    sheet = Sheet(fonts)
    label = sheet.word("Số:")
    sheet.x += 10
    sheet.word("6663", 12)
    sheet.x += 10
    code = sheet.word("/VTHD-KTĐT")
    whole = Box.around([label, code])
    slot = _number(whole, PrintBehind("/VTHD-KTĐT", None, code.x1))
    assert _read(sheet, slot, [Word("Số:/VTHD-KTĐT", whole, 0.3)]) == "6663"


def test_a_digit_taken_for_the_slash_of_a_misread_code_is_read(fonts):
    sheet = Sheet(fonts)
    label = sheet.word("Số:")
    sheet.x += 10
    first = sheet.word("19", 12)
    sheet.word("43", 12)
    sheet.x += 14
    code = sheet.word("/SYT-NVY")
    slot = _number(Box(label.x1, 80, first.x1, 130), PrintBehind("/Ả5 /SYT-NVY", None, code.x1))
    words = [Word("Số:", label, 0.9), Word("/SYT-NVY", code, 0.9)]
    assert _read(sheet, slot, words) == "1943"


def test_what_is_left_of_a_thick_slash_is_no_digit(fonts):
    sheet = Sheet(fonts)
    label = sheet.word("Số:")
    sheet.x += 10
    sheet.word("143", 12)
    sheet.x += 20
    x = sheet.x
    for off in range(-3, 4):  # three times as thick as the type's own
        sheet.pen.line((x + off, BASE, x + off + 0.43 * 0.68 * EM, BASE - 0.68 * EM), 0, 3)
    code = sheet.word("/SYT-NVY")
    slot = _number(Box(label.x1, 80, code.x0 - 4, 130), PrintBehind("/SYT-NVY", code.x0, code.x1))
    words = [Word("Số:", label, 0.9), Word("/SYT-NVY", code, 0.9)]
    assert _read(sheet, slot, words) == "143"
