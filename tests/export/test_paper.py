"""Pages counted by the size of their paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.dispatch import PageText
from vndoc.export.paper import PageCount, a4_equivalent, size_of

SIDES = st.floats(20, 1500)


def page(width, height, dpi=254):
    return PageText(number=1, text="", layer="none", method="ocr", width=width * 10, height=height * 10, dpi=dpi)


@pytest.mark.parametrize(
    ("millimetres", "size", "equal"),
    [
        ((210, 297), "A4", 1),
        ((297, 210), "A4", 1),
        ((216, 303), "A4", 1),  # the edge of the glass
        ((203, 290), "A4", 1),  # trimmed
        ((297, 420), "A3", 2),
        ((148, 210), "A5", 0.5),
        ((80, 200), "other", 0.5),  # a slip
        ((215, 330), "other", 2),  # F4: more than a tenth larger than A4
        ((420, 594), "other", 4),
        ((2000, 3000), "other", 16),
    ],
)
def test_sizes(millimetres, size, equal):
    assert (size_of(*millimetres), a4_equivalent(*millimetres)) == (size, equal)


def test_pages_of_a_document():
    pages = [page(210, 297), page(297, 210), page(297, 420), page(148, 210), page(600, 400), page(210, 297, dpi=0)]
    count = PageCount.of(pages)
    assert count == PageCount(A5=1, A4=2, A3=1, other=1, unknown=1, a4_equivalent=2 + 2 + 0.5 + 4 + 1)
    assert count.told == "A5: 1, A4: 2, A3: 1, khổ khác: 1, không rõ khổ: 1, quy đổi A4: 9.5"
    assert PageCount.of([]) == PageCount()


@given(SIDES, SIDES)
def test_how_a_page_lies_makes_no_difference(width, height):
    assert (size_of(width, height), a4_equivalent(width, height)) == (
        size_of(height, width),
        a4_equivalent(height, width),
    )


@given(SIDES, SIDES, st.floats(1, 2))
def test_a_larger_page_counts_for_no_less(width, height, factor):
    assert a4_equivalent(width * factor, height) >= a4_equivalent(width, height)
