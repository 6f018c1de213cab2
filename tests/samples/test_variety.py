"""Varied letters: the truth moves with the page."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples.compose import compose
from samples.fonts import FontError, Fonts
from samples.letter import Letter
from samples.vary import letters, vary

SAMPLES = Path(__file__).parents[2] / "samples"
KEPT = [Letter.load(path) for path in sorted(SAMPLES.glob("*/dispatch.json"))]


@pytest.fixture(autouse=True, scope="module")
def _typeface():
    try:
        Fonts().file()
    except FontError as error:
        pytest.skip(str(error))


@given(st.sampled_from(KEPT), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_truth_of_a_varied_letter_is_on_its_pages(letter, seed):
    varied = vary(letter, seed)
    sheets = compose(varied)
    text = " ".join(" ".join(sheet.text for sheet in sheets).split())
    assert varied.pages == len(sheets)
    day = varied.issued_date
    assert f"ngày {day:%d} tháng" in text or f"ngày {day.day} tháng" in text
    assert varied.place in text
    assert varied.subject.casefold() in text.casefold()
    assert (varied.signer.full_name or "") in text
    for deadline in varied.deadlines:
        assert deadline.quote in text
        if deadline.due_date:
            assert f"{deadline.due_date:%d}/" in deadline.quote
            assert str(deadline.due_date.year) in deadline.quote
    for cited in varied.references:
        if cited.issued_date:
            assert str(cited.issued_date.year) in text


@given(st.sampled_from(KEPT), st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_all_dates_move_together(letter, seed):
    varied = vary(letter, seed)
    moved = varied.issued_date - letter.issued_date
    pairs = [*zip(letter.references, varied.references, strict=True)]
    assert all(b.issued_date - a.issued_date == moved for a, b in pairs if a.issued_date and b.issued_date)
    assert abs(moved) <= timedelta(days=1200)


def test_the_same_seed_gives_the_same_letters():
    one, two, other = (list(letters(KEPT, 15, seed)) for seed in (7, 7, 8))
    assert one == two
    assert one != other
    assert len({letter.doc for letter in one}) == 15
    assert len({(letter.code_number, letter.issued_date) for letter in one}) == 15
