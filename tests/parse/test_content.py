"""Form, citations, units and deadlines of the samples, from the true text of all their pages."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vndoc.page import page_from_text
from vndoc.parse import Content, parse_pages, read_content, read_form, resolve

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(p for p in (ROOT / "samples").glob("*/dispatch.json") if (p.parent / "text.txt").exists())
LETTER = ROOT / "samples" / "cv815"
HEAD = (
    "type_name", "code_number", "code_notation", "organ_name", "parent_organ_name", "place", "issued_date", "subject",
    "urgency", "secrecy", "circulation", "recipients", "to_places",
)  # fmt: skip


def content(text: str) -> dict[str, Any]:
    pages = [page_from_text(part, number) for number, part in enumerate(text.split("\f"), 1)]
    return json.loads(parse_pages(pages).model_dump_json())


def folded(value: str | None) -> str:
    return (value or "").casefold().replace("uỷ", "ủy").replace("–", "-").strip(" .")


def check(got: dict[str, Any], want: dict[str, Any]) -> None:
    keys = ("notation", "type_name", "issued_date", "organ_name")
    assert [[r[k] for k in keys] for r in got["references"]] == [[r[k] for k in keys] for r in want["references"]]
    assert [s["label"] for s in got["sections"]] == want["outline"]
    dated = [t for t in got["tasks"] if t["due_date"]]
    assert sorted(t["due_date"] for t in dated) == sorted(d["due_date"] for d in want["deadlines"] if d["due_date"])
    for deadline in want["deadlines"]:
        same = [
            t
            for t in got["tasks"]
            if t["due_date"] == deadline["due_date"] and (t["due_date"] or t["recurrence"] == deadline["recurrence"])
        ]
        assert same
        for key in ("report_to", "via"):
            if key in deadline:
                assert folded(same[0][key]) == folded(deadline[key])


@pytest.mark.parametrize("truth", SAMPLES, ids=lambda p: p.parent.name)
def test_samples(truth: Path) -> None:
    got, want = content((truth.parent / "text.txt").read_text("utf-8")), json.loads(truth.read_text("utf-8"))
    check(got, want)
    empty = {"recipients": [], "to_places": []}
    if not want["printed"].get("typed_marks"):  # a stamp, which is no text
        want["urgency"] = None
    assert {name: got[name] for name in HEAD} == {name: want.get(name, empty.get(name)) for name in HEAD}


def test_a_letter_as_it_is_usually_typed() -> None:
    want = json.loads((LETTER / "truth.json").read_text("utf-8"))
    got = content((LETTER / "truth.txt").read_text("utf-8"))
    check(got, want)
    assert [s["title"] for s in got["sections"]] == [s["title"] for s in want["sections"]]
    assert [[c["label"] for c in s["children"]] for s in got["sections"]] == [s["points"] for s in want["sections"]]
    assert {t["assignee"] for t in got["tasks"]} == set(want["assignees"])
    (yearly,) = [t for t in got["tasks"] if t["recurrence"]]
    assert (yearly["section"], yearly["assignee"]) == ("6.d", "Phòng Văn hóa và Thông tin")
    (other,) = [r for r in got["references"] if r["as_printed"]]
    assert other["as_printed"] == "187-KH-HU"


@pytest.mark.parametrize(
    "name", ["type_name", "code_number", "organ_name", "subject", "recipients", "to_places", "signer"]
)
def test_a_letter_whose_columns_are_interleaved(name: str) -> None:
    truth = json.loads((LETTER / "truth.json").read_text("utf-8"))
    got = content((LETTER / "truth.txt").read_text("utf-8").replace("ngày 21 tháng", "ngày 2/ tháng"))
    assert got[name] == truth[name]
    assert got["issued_date"] is None
    assert {c for c, _ in got["evidence"]["/issued_date"]["candidates"]} == {"2024-03-21", "2024-03-27"}


ISSUED = "SỞ Y TẾ\nSố: 12/SYT-VP\nAn Giang, ngày 18 tháng 5 năm 2023\nV/v báo cáo\n\nKính gửi: Các phòng.\n\n"


def read(body: str) -> Content:
    form = read_form([page_from_text(ISSUED + body)])
    return read_content(form, resolve(form))


def test_what_is_outside_the_sections_is_before_or_after_them() -> None:
    found = read("Sở yêu cầu như sau:\n\n1. Báo cáo kết quả.\n\n2. Tổng hợp số liệu.\n\nĐề nghị các phòng thực hiện.")
    assert [section.label for section in found.sections] == ["1", "2"]
    assert found.opening == ["Sở yêu cầu như sau:"]
    assert found.closing == ["Đề nghị các phòng thực hiện."]
    whole = read("Sở yêu cầu báo cáo kết quả.")
    assert (whole.opening, whole.sections, whole.closing) == (["Sở yêu cầu báo cáo kết quả."], [], [])


@pytest.mark.parametrize(("day", "due"), [("01/5", date(2023, 5, 1)), ("30/4", None), ("19/5", date(2023, 5, 19))])
def test_a_day_without_its_year_is_of_the_year_of_issue_unless_its_month_is_over(day: str, due: date | None) -> None:
    (task,) = read(f"1. Phòng Nghiệp vụ báo cáo trước ngày {day}.").tasks
    assert task.due_date == due
