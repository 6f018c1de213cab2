"""The benchmark of reading: its counting, on made-up readers."""

import json

import pytest

from benchmarks import documents
from benchmarks.documents import PLAIN, VNDOC, alike, first_page, judge, main, shares

PAGE = "Kính gửi: Công an huyện"
TRUTH = {
    "file": "a.pdf", "pages": 2, "code_number": "12", "issued_date": "2025-01-15", "urgency": None,
    "signer": {"full_name": "Trần Văn An", "position": "CHỦ TỊCH"}, "recipients": ["Công an huyện"],
    "to_places": ["Như trên", "Lưu: VT"], "arrival": {"number": "20", "date": None},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(TRUTH), encoding="utf-8")
    (tmp_path / "a.p1.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "a.pdf").write_bytes(b"")
    return tmp_path


@pytest.fixture
def made_up(monkeypatch):
    """Two readers, of which one leaves a dispatch."""
    got = TRUTH | {"code_number": "21", "issued_date": None, "to_places": ["Như trên", "Công an"]}

    def with_vndoc(document, pages, folder):
        (folder / "dispatch.json").write_text(json.dumps(got), encoding="utf-8")
        return PAGE

    def with_plain(document, pages, folder):
        return "Kinh gửi: Công an huyện x y"

    monkeypatch.setattr(documents, "readers", lambda: {PLAIN: with_plain, VNDOC: with_vndoc})
    monkeypatch.setattr(documents, "render", lambda files, folder: [folder / "1.png", folder / "2.png"])
    cpu = iter([2.0, 3.0])
    monkeypatch.setattr(documents, "clock", lambda work: (work(), next(cpu)))


def test_the_report(folder, made_up, capsys):
    assert main([str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["documents"], report["pages"]) == (1, 2)
    plain, mine = report["readers"]
    assert (plain["recall"], plain["precision"], plain["seconds_per_page"]) == (0.8, 0.5714, 1.0)
    assert (mine["recall"], mine["precision"], mine["times_plain"]) == (1.0, 1.0, 1.5)
    fields = {field["name"]: (field["right"], field["wrong"]) for field in report["fields"]}
    assert fields["code_number"] == (0.0, 1.0)
    assert fields["issued_date"] == (0.0, 0.0)
    assert fields["signer.full_name"] == (1.0, 0.0)
    assert fields["to_places"] == (0.5, 0.5)
    assert fields["arrival.number"] == (1.0, 0.0)
    assert "arrival.date" not in fields


def test_tables(folder, made_up, capsys):
    assert main([str(folder)]) == 0
    assert "code_number" in capsys.readouterr().out


def test_nothing_there(tmp_path, capsys):
    assert main([str(tmp_path)]) == 4
    assert "no truth files" in capsys.readouterr().err


def test_a_program_that_is_missing(folder, made_up, monkeypatch, capsys):
    def missing(*_):
        raise FileNotFoundError(2, "No such file", "pdftoppm")

    monkeypatch.setattr(documents, "render", missing)
    assert main([str(folder)]) == 10
    assert "pdftoppm is missing" in capsys.readouterr().err


def test_counting(tmp_path):
    assert shares("a b b", "a b c d") == (0.5, pytest.approx(2 / 3))
    assert alike(["Công an huyên", "x"], ["Công an huyện"]) == pytest.approx(2 / 3)
    assert alike([], []) == 1.0
    assert ("urgency", 1.0, 0.0) in judge({}, {"urgency": None})
    (tmp_path / "text.txt").write_text("một\n\fhai\n", encoding="utf-8")
    assert first_page(tmp_path / "dispatch.json") == "một\n"
    assert first_page(tmp_path / "none" / "a.json") is None
