"""When two readings of a word are the same number."""

import pytest

from vndoc.figures import differ, number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("28", "28"),
        ("28/12/2024,", "28122024"),
        ("1.500.000", "1500000"),
        ("(XII)", "XII"),
        ("12/QĐ-UBND", "12"),
        ("5,3%", "53"),
        ("s6", None),
        ("HH0NG", None),
        ("v", None),
        ("./.", None),
        ("", None),
    ],
)
def test_the_number_in_a_word(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "other", "different"),
    [
        ("28", "2", True),
        ("XII,", "XI,", True),
        ("436/TTg-CĐS", "438/TTg-CĐS", True),
        ("1.", "1,", False),
        ("I", "1", False),
        ("6", "ó", False),
        ("số", "số", False),
    ],
)
def test_readings_that_are_other_numbers(text, other, different):
    assert differ(text, other) is different
