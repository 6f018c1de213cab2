"""Options: what may be chosen, and that a choice goes through JSON unchanged."""

import pytest
from pydantic import ValidationError

from vndoc import Limits, Settings
from vndoc.settings import DEFAULTS


def test_settings_come_back_from_json():
    chosen = Settings(engine="mine", languages="vie+eng", jobs=3, limits=Limits(engine_seconds=5))
    assert Settings.model_validate_json(chosen.model_dump_json()) == chosen


def test_what_holds_where_nothing_is_chosen():
    """Every value of these was measured; a change of one needs another measurement and a line in the documentation."""
    assert DEFAULTS.model_dump() == {
        "engine": "auto",
        "slot_reader": "handwriting",
        "languages": "vie",
        "repair": "auto",
        "dpi": 240,
        "jobs": None,
        "split": "auto",
        "models": None,
        "limits": DEFAULTS.limits.model_dump(),
        "sandbox": True,
    }
    known = {"engine_seconds": 40.0, "render_seconds": 30.0, "page_pixels": 40_000_000}
    assert known.items() <= DEFAULTS.limits.model_dump().items()


@pytest.mark.parametrize(
    "wrong",
    [{"jobs": 0}, {"dpi": 71}, {"dpi": 601}, {"languages": ""}, {"repair": "french"}, {"engin": "x"},
     {"limits": {"s": 1}}, *({"limits": {name: 0}} for name in Limits.model_fields)],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(**wrong)


@pytest.mark.parametrize(
    "least",
    [{"jobs": 1}, {"dpi": 72}, {"dpi": 600}, {"languages": "v"}, {"limits": Limits(page_pixels=1)},
     {"limits": Limits(engine_seconds=0.1, render_seconds=0.1)}],
)  # fmt: skip
def test_what_is_just_possible_is_taken(least):
    chosen = Settings(**least)
    assert {name: getattr(chosen, name) for name in least} == least


def test_the_machine_s_share_changes_no_result():
    assert Settings(jobs=7, limits=Limits(page_pixels=10)).without_machine() == DEFAULTS
    assert Settings(languages="eng").without_machine() != DEFAULTS


def test_nobody_changes_them_by_accident():
    with pytest.raises(ValidationError):
        DEFAULTS.dpi = 300
    with pytest.raises(ValidationError):
        DEFAULTS.limits.page_pixels = 10
    assert Settings() == DEFAULTS
