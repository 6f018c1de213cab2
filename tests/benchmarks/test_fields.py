"""Fields judged value by value, and by office."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import fields
from benchmarks.offices import by_office, field_means, mean_of, worst_tenth

EMPTY = {"references": [], "tasks": [], "signer": {}, "recipients": [], "to_places": []}


def judged(got, want):
    return sorted(fields.judge({**EMPTY, **got}, want))


def test_each_value_is_right_open_or_wrong():
    got = {"code_number": "7", "organ_name": "Sở y tế", "subject": "về nghỉ lễ", "place": None}
    want = {"code_number": "07", "organ_name": "Sở Y tế", "subject": "nghỉ lễ", "place": "Hà Nội"}
    assert judged(got, want) == [
        ("code_number", "right"),
        ("organ_name", "right"),
        ("place", "left open"),
        ("subject", "wrong"),
    ]


def test_each_entry_of_a_list_counts_by_itself():
    outcomes = judged({"recipients": ["Sở A", "Sở C"]}, {"recipients": ["Sở A", "Sở B"]})
    assert Counter(outcomes) == {("recipients", o): 1 for o in ("right", "left open", "wrong")}


def test_what_the_truth_doubts_is_not_counted():
    assert judged({"subject": "a"}, {"subject": "b", "doubtful": ["subject"]}) == []


def test_an_office_counts_once_however_many_documents_it_has():
    right, half = {"subject": Counter(right=1)}, {"subject": Counter(right=1), "place": Counter({"left open": 1})}
    offices = by_office([("a", right), ("a", right), ("a", right), ("b", half)])
    assert [(office.name, office.mean) for office in offices] == [("b", 0.5), ("a", 1.0)]
    assert mean_of(offices) == 0.75
    assert worst_tenth(offices) == 0.5
    assert field_means(offices) == {"subject": 1.0, "place": 0.0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents of two offices, and their dispatches as they were written before."""
    (tmp_path / "truth").mkdir()
    (tmp_path / "read").mkdir()
    for name, organ, subject in (("one", "Sở A", "x"), ("two", "Sở B", "y"), ("three", "Sở B", "z")):
        (tmp_path / "truth" / f"{name}.pdf").touch()
        truth = {"file": f"{name}.pdf", "organ_name": organ, "subject": subject}
        (tmp_path / "truth" / f"{name}.json").write_text(json.dumps(truth), encoding="utf-8")
        read = EMPTY | truth | {"subject": "x"}
        (tmp_path / "read" / f"{name}.json").write_text(json.dumps(read), encoding="utf-8")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr("sys.argv", ["fields", *map(str, arguments)])
    fields.main()


def test_offices_by_their_issuer(folder, monkeypatch, capsys):
    run(monkeypatch, folder / "truth", "--leave-out", "office", "--read", folder / "read", "--json")
    result = json.loads(capsys.readouterr().out)
    assert (result["offices"], result["documents"]) == (2, 3)
    assert (result["mean"], result["worst_tenth"]) == (0.75, 0.5)
    assert result["fields"]["subject"] == {"mean": 0.5, "right": 1, "left open": 0, "wrong": 2}
    assert result["by_office"]["sở b"]["documents"] == 2


def test_offices_by_a_list_and_the_worst_first(folder, monkeypatch, capsys):
    known = {"one": "west", "two": "west", "three": "east"}
    (folder / "offices.json").write_text(json.dumps(known), encoding="utf-8")
    run(monkeypatch, folder / "truth", "--leave-out", "office", "--read", folder / "read")
    shown = capsys.readouterr().out
    assert "sở b" not in shown
    assert shown.index("east") < shown.index("west")


def test_fields_over_all_documents(folder, monkeypatch, capsys):
    run(monkeypatch, folder / "truth", "--read", folder / "read", "--json")
    result = json.loads(capsys.readouterr().out)
    assert result["fields"]["subject"] == {"right": 1, "left open": 0, "wrong": 2}
