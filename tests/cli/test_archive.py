"""The archive's commands as a clerk runs them."""

import json

import openpyxl
from icalendar import Calendar

from tests.cli.conftest import run
from vndoc.archive import Archive
from vndoc.archive.events import Summary
from vndoc.cli.terminal import shown, to_json
from vndoc.facts import ValueFact


def test_commands_need_an_archive(tmp_path):
    for command in ("register", "stats", "tasks"):
        result = run(command, tmp_path / "none.sqlite")
        assert result.exit_code == 4
        assert "no such archive" in result.stderr
        assert not (tmp_path / "none.sqlite").exists()


def test_register(filled, tmp_path):
    assert run("register", filled.path).stdout.startswith("Ngày đến,Số đến,")
    for suffix in ("csv", "jsonl", "xlsx"):
        result = run("register", filled.path, "--output", tmp_path / f"sổ.{suffix}", "--from", "2024-02-01")
        assert result.exit_code == 0
    assert (tmp_path / "sổ.csv").read_bytes().startswith("\ufeffNgày đến".encode())
    assert len((tmp_path / "sổ.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert openpyxl.load_workbook(tmp_path / "sổ.xlsx").active.max_row == 6
    assert "left out" not in result.stderr
    assert run("register", filled.path, "--output", tmp_path / "sổ.docx").exit_code == 2
    assert run("register", filled.path, "--output", tmp_path / "none" / "sổ.csv").exit_code == 4


def test_register_as_data_of_digitised_documents(filled, tmp_path):
    result = run("register", filled.path, "--format", "luutru")
    assert result.stdout.startswith("Mã hồ sơ,Số thứ tự tài liệu,")
    assert result.stdout.count("\n") == 4
    assert "3 documents, 4 pages: không rõ khổ: 4, quy đổi A4: 4" in result.stderr
    target = tmp_path / "a.xlsx"
    assert run("register", filled.path, "--format", "luutru", "--output", target, "--year", "2024").exit_code == 0
    assert openpyxl.load_workbook(target)["Tài liệu"].max_row == 5
    assert run("register", filled.path, "--format", "luutru", "--output", tmp_path / "a.csv").exit_code == 0
    assert (tmp_path / "a.csv").read_bytes().startswith("\ufeffMã".encode())
    assert run("register", filled.path, "--format", "luutru", "--output", tmp_path / "a.jsonl").exit_code == 2


def test_register_by_dates_counts_what_has_none(archive, folder, here):
    archive.batch([folder], executor=here())
    result = run("register", archive.path, "--from", "2024-01-01")
    assert result.stdout.count("\n") == 1
    assert "4 without a date left out" in result.stderr


def test_search(filled):
    result = run("search", filled.path, "doi", "ngoai", "--type", "kế hoạch")
    assert "Kế hoạch · 254-KH/TU · 19/01/2024 · Tỉnh ủy Quảng Bình · due 05/11/2024" in result.stdout
    assert "subject: thực hiện công tác thông tin đối ngoại" in result.stdout
    hits = json.loads(run("search", filled.path, "du lich", "--json").stdout)
    assert [(hit["page"], hit["issued_date"]) for hit in hits] == [(2, "2024-01-19")]
    assert "page 2: Trang hai nói về du lịch." in run("search", filled.path, "du lich").stdout
    assert run("search", filled.path, "--due-before", "2024-12-31", "--json").stdout.count('"code"') == 1
    assert ":" not in run("search", filled.path, "--year", "2025").stdout.replace(str(filled.path.parent), "")


def test_cites(filled):
    out = run("cites", filled.path, "57-KL/TW").stdout
    assert "cited by: 1" in out
    assert "implements" in out
    found = json.loads(run("cites", filled.path, "254-KH/TU", "--issued", "2024-01-19", "--json").stdout)
    assert [len(found[k]) for k in ("documents", "cited_by", "cites")] == [1, 2, 1]
    assert "a date is missing on one side" in run("cites", filled.path, "254-KH/TU").stdout


def test_tasks(filled, tmp_path):
    out = run("tasks", filled.path, "--due-before", "2024-11-05").stdout
    assert out.startswith("05/11/2024  Sở Thông tin và Truyền thông: Báo cáo kết quả")
    assert "254-KH/TU · Tỉnh ủy Quảng Bình · mục 1.a" in out
    assert len(json.loads(run("tasks", filled.path, "--format", "json").stdout)) == 3
    assert run("tasks", filled.path, "--format", "csv", "--assignee", "huyen uy").stdout.count("\n") == 2
    assert run("tasks", filled.path, "--format", "ics", "--output", tmp_path / "a.ics").exit_code == 0
    assert len(Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")) == 2
    assert run("tasks", filled.path, "--format", "ics").stdout.startswith("BEGIN:VCALENDAR")


def test_stats(filled, tmp_path):
    assert json.loads(run("stats", filled.path).stdout)["pages"] == 4
    assert run("stats", filled.path, "--html", tmp_path / "a.html").exit_code == 0
    assert "Thống kê kho văn bản" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_text_on_one_line():
    assert shown("a\nb\tc\udcf4 văn") == "a\\nb\\tc\\xf4 văn"
    assert json.loads(to_json({"path": "c\udcf4", "n": Summary()}))["path"] == "c\\xf4"


def test_help_names_the_commands():
    out = run("--help").stdout
    assert all(name in out for name in ("batch", "register", "search", "cites", "tasks", "stats"))


def test_archive_is_public():
    import vndoc  # noqa: PLC0415

    assert vndoc.Archive is Archive


def test_audit(filled):
    change = filled.desk.confirm(2, [ValueFact(pointer="/issued_date", value="2024-03-21")], "Lan", 1)
    filled.desk.undo(change.id, "Minh")
    out = run("audit", filled.path).stdout
    assert f"{change.id} · {change.at} · Lan · confirm · {change.key} · undone by 2" in out
    assert "/issued_date: null -> 2024-03-21" in out
    found = json.loads(run("audit", filled.path, "--who", "Minh", "--json").stdout)
    assert [(row["undoes"], row["values"]) for row in found] == [
        (change.id, [{"pointer": "/issued_date", "before": "2024-03-21", "after": None}])
    ]
    assert json.loads(run("audit", filled.path, "--document", filled.key(1), "--json").stdout) == []
    assert run("audit", filled.path, "--document", "0" * 64).exit_code == 4
