"""Intervals: known values, and that they cover as often as they say."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.archive.quality.intervals import of_clusters, of_finite, wilson

AMOUNTS = st.integers(1, 2000)


@pytest.mark.parametrize(
    ("wrong", "amount", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # R. G. Newcombe, Statist. Med. 17, 1998, table I, method 3, and its like
        (1, 29, 0.0061, 0.1718),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
    ],
)
def test_published_values(wrong, amount, low, high):
    assert wilson(wrong, amount) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(AMOUNTS, st.floats(0, 1))
def test_it_holds_what_was_seen_and_mirrors(amount, share):
    wrong = round(share * amount)
    low, high = wilson(wrong, amount)
    assert 0 <= low <= wrong / amount <= high <= 1
    mirrored = wilson(amount - wrong, amount)
    assert (low, high) == (pytest.approx(1 - mirrored[1], abs=1e-9), pytest.approx(1 - mirrored[0], abs=1e-9))


@given(AMOUNTS, st.integers(2, 50), st.floats(0, 1))
def test_more_values_make_it_narrower(amount, times, share):
    wrong = round(share * amount)
    low, high = wilson(wrong, amount)
    inner_low, inner_high = wilson(wrong * times, amount * times)
    assert inner_high - inner_low < high - low


def test_nothing_seen_tells_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500), st.integers(1, 500))
def test_of_a_small_archive_a_sample_tells_more(drawn, rest):
    assert of_finite(10, drawn, drawn + rest) >= 10
    assert of_finite(10, drawn, drawn) == float("inf")


@given(st.lists(st.integers(0, 10), min_size=2, max_size=60))
def test_values_of_one_document_never_count_for_more(errors):
    assert of_clusters([(wrong, 10) for wrong in errors]) <= 10 * len(errors) + 1e-9


def test_errors_that_come_together_count_as_one():
    assert of_clusters([(10, 10), *[(0, 10)] * 49]) == pytest.approx(50 * 49 / 50)
    assert of_clusters([(1, 10)] * 10 + [(0, 10)] * 40) > 450
    assert of_clusters([(0, 10)] * 50) == 50


@pytest.mark.parametrize(("spoilt", "errors"), [(0.05, 6), (0.2, 2), (0.02, 10), (0.3, 1)])
def test_intervals_cover(spoilt, errors):
    """In samples of documents of which some are bad as a whole the interval holds the true rate as often as it says."""
    rng, covered, trials = random.Random(5), 0, 800
    archive = [errors if k < spoilt * 2000 else 0 for k in range(2000)]
    truth = sum(archive) / (10 * len(archive))
    for _ in range(trials):
        clusters = [(wrong, 10) for wrong in rng.sample(archive, 200)]
        amount = of_finite(of_clusters(clusters), 200, 2000)
        share = sum(wrong for wrong, _ in clusters) / 2000
        low, high = wilson(share * amount, amount)
        covered += low <= truth <= high
    assert covered / trials >= 0.93
