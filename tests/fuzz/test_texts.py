"""A few of the generated texts of :mod:`tests.fuzz.texts`, and boxed pages shuffled in any way."""

import math
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.texts import MAKERS, boxed, case_of, checked, faults_of
from vndoc.page import Page
from vndoc.parse import parse_pages
from vndoc.repair import repair_pages


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 160, 20))
def test_generated_texts(first):
    assert {seed: faults for seed in range(first, first + 20) if (faults := checked(seed)[1])} == {}


def test_a_seed_makes_the_same_text():
    assert case_of(12) == case_of(12)
    assert {case_of(seed).kind.split(",")[0] for seed in range(60)} == set(MAKERS)


@st.composite
def shuffled(draw: st.DrawFn) -> list[Page]:
    """Boxed pages whose lines, blocks and pages stand in any order."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from(sorted(MAKERS)))
    pages = boxed(rng, MAKERS[kind](rng, draw(st.integers(1, 1500))))
    return draw(st.permutations(pages))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(shuffled(), st.booleans())
def test_shuffled_pages_keep_every_promise(pages, repaired):
    dispatch = parse_pages(repair_pages(pages) if repaired else pages)
    assert list(faults_of(dispatch)) == []
    assert all(math.isfinite(one.confidence) for one in dispatch.evidence.values())
