"""How boundaries are counted."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bundles import Score, judge
from benchmarks.long_bundle import Course, _order, measure
from tests.bundles.conftest import blank, numbered, texts
from vndoc.bundles import signs_of


def test_cuts_are_counted():
    plan, notice = ([signs_of(page) for page in numbered(*texts(name))] for name in ("ke-hoach-58", "thong-bao-312"))
    score = Score()
    judge([("plan", [*plan, blank()]), ("notice", [blank(), *notice])], score)
    assert (score.found, score.wrong, score.missed, score.pages) == (1, 0, 0, 6)
    judge([("all", [*plan, *notice])], score)
    judge([("plan", plan), ("rest", plan[1:])], score)
    counts = score.as_json()
    assert (counts["wrong_cuts"], counts["missed"], counts["missed_but_listed"]) == (1, 1, 0)
    assert counts["precision"] == counts["recall"] == 0.5
    assert score.failures == ["wrong cut before all 1", "no cut before rest 2 behind plan 2"]


def test_the_course_of_a_bundle_is_told_by_tenths():
    course = Course(seconds=[float(n) for n in range(1, 21)], memory=list(range(100, 120)))
    told = course.as_json()
    assert told["milliseconds_a_page"] == 1000
    assert told["milliseconds_a_page_by_tenths"] == [1000] * 10
    assert told["mib_by_tenths"] == list(range(101, 121, 2))
    assert len(Course(seconds=[1.0, 2.0], memory=[5, 5]).as_json()["mib_by_tenths"]) == 2


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.integers(1, 60), st.integers(0, 9))
def test_a_bundle_has_its_pages_and_no_document_beside_itself(amounts, pages, seed):
    documents = [(Path(f"{at}.pdf"), amount) for at, amount in enumerate(amounts)]
    order, starts = _order(documents, pages, seed)
    lengths = [dict(documents)[path] for path in order]
    assert pages <= sum(lengths) < pages + 4
    assert len(starts) == len(order) - 1
    assert all(one != other for one, other in pairwise(order))
    assert starts == {sum(lengths[:at]) + 1 for at in range(1, len(order))}


@pytest.mark.slow
def test_a_long_bundle_is_measured():
    told = measure(4, digital=True, singles=1)
    assert told["pages"] >= 4
    assert (told["wrong_cuts"], told["missed"]) == (0, 0)
    assert told["milliseconds_a_page_alone"] > 0
