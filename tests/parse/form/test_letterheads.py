"""Letterheads of every kind of office, before and after the changes of 2025, and the bodies they name."""

import json
from pathlib import Path
from typing import Any

import pytest

from vndoc.page import page_from_text
from vndoc.parse import parse_pages

HEADS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "letterheads.json").read_text("utf-8"))


def first_page(head: dict[str, Any]) -> str:
    party = "-CV/" in head["code"]
    title = "ĐẢNG CỘNG SẢN VIỆT NAM" if party else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    number = f"Số{'' if party else ':'} {head['code']}"
    day = f"{head['place']}, ngày 12 tháng 9 năm 2025"
    return "\n".join([*head["lines"], number, title, day, "THÔNG BÁO", "Về việc treo cờ", "", "Nay thông báo."])


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head["organ"])
def test_who_issued_it(head: dict[str, Any]) -> None:
    dispatch = parse_pages([page_from_text(first_page(head))])
    assert (dispatch.organ_name, dispatch.parent_organ_name) == (head["organ"], head["parent"])
    assert dispatch.place == head["place"]
    assert dispatch.code_number == "5"
