"""Text dispatches copied from the web, each broken in many ways: what identifies them is right in all."""

import pytest

from tests.parse.web_copies import DISPATCHES, LAYOUTS, on_one_line
from vndoc import parse
from vndoc.dispatch import Dispatch

ORGANS = [told["organ"] for told in DISPATCHES]


def identity(dispatch: Dispatch) -> dict[str, object]:
    return {
        "type_name": dispatch.type_name,
        "code": f"{dispatch.code_number}/{dispatch.code_notation}",
        "issued_date": str(dispatch.issued_date),
        "place": dispatch.place,
        "organ_name": dispatch.organ_name,
        "parent_organ_name": dispatch.parent_organ_name,
        "position": dispatch.signer.position,
        "full_name": dispatch.signer.full_name,
    }


def expected(told: dict[str, object]) -> dict[str, object]:
    return {
        "type_name": told["type_name"],
        "code": f"{told['number']}/{told['notation']}",
        "issued_date": told["day"],
        "place": told["place"],
        "organ_name": told["organ_name"],
        "parent_organ_name": told["parent_name"],
        "position": told["position"],
        "full_name": told["name"],
    }


@pytest.mark.parametrize("layout", [*LAYOUTS, "one line"])
@pytest.mark.parametrize("told", DISPATCHES, ids=ORGANS)
def test_identity_is_right_however_the_lines_are_broken(told: dict[str, object], layout: str) -> None:
    dispatch = parse((LAYOUTS | {"one line": on_one_line})[layout](told).encode())
    assert identity(dispatch) == expected(told)
    subject = str(told["subject"]).removeprefix("Về việc ").casefold()
    assert (dispatch.subject or "").casefold() == subject
    if layout != "one line":
        assert dispatch.recipients == told["recipients"]
