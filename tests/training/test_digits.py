"""Training of the reader of digits: what is known of a scan's slots, and the faces that digits are drawn in."""

from training.digits.glyphs import face_of, font_files
from training.digits.slots import labels
from vndoc.slots import SlotKind


def test_slots_hold_what_the_truth_says_with_or_without_a_zero():
    found = labels({"code_number": "0044", "issued_date": "2010-01-06"})
    assert found == {SlotKind.NUMBER: ("0044",), SlotKind.DAY: ("06", "6"), SlotKind.MONTH: ("01", "1")}
    assert labels({"code_number": "12a", "issued_date": None}) == {}


def test_every_face_has_its_own_digits():
    for path in font_files():
        face = face_of(path, 40)
        assert len({bytes(face.getmask(digit)) for digit in "0123456789"}) == 10, path
