"""Dispatches read by an English OCR and repaired: what the parser loses of citations and deadlines.

The pages are kept in ``data/garbled.json``, which ``python -m benchmarks.garbled --make`` writes.
"""

import json

import pytest

from benchmarks.garbled import KEPT, Score, scores

LOSS = 0.03


@pytest.mark.slow
def test_repaired_dispatches_lose_little_of_citations_and_deadlines() -> None:
    documents = json.loads(KEPT.read_text(encoding="utf-8"))
    found = scores(documents)
    assert found["clean"]["references"].true >= 30
    assert found["clean"]["due_dates"].true >= 20
    for name, clean in found["clean"].items():
        assert clean.f1 >= 0.95
        assert found["repaired"][name].f1 >= clean.f1 - LOSS


def test_scores_count_what_is_lost_and_what_is_too_much() -> None:
    score = Score().with_one(["a", "a", "b"], ["a", "c"])
    assert (score.hits, score.given, score.true) == (1, 3, 2)
    assert score.f1 == 0.4
    assert Score().f1 == 1.0
