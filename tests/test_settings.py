"""Options: what may be chosen, and that a choice goes through JSON unchanged."""

import pytest
from pydantic import ValidationError

from vndoc import Limits, Settings
from vndoc.settings import DEFAULTS


def test_settings_come_back_from_json():
    chosen = Settings(engine="mine", languages="vie+eng", jobs=3, limits=Limits(engine_seconds=5))
    assert Settings.model_validate_json(chosen.model_dump_json()) == chosen


@pytest.mark.parametrize(
    "wrong", [{"jobs": 0}, {"dpi": 10}, {"languages": ""}, {"repair": "french"}, {"engin": "x"}, {"limits": {"s": 1}}]
)
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_the_machine_s_share_changes_no_result():
    assert Settings(jobs=7, limits=Limits(page_pixels=10)).without_machine() == DEFAULTS
    assert Settings(languages="eng").without_machine() != DEFAULTS


def test_nobody_changes_them_by_accident():
    with pytest.raises(ValidationError):
        DEFAULTS.dpi = 300
