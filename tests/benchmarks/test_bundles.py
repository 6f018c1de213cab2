"""How boundaries are counted."""

from benchmarks.bundles import Score, judge
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
