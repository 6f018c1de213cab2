"""The benchmark of recognition: its report, on made-up programs."""

import json

import numpy as np
import pytest
from PIL import Image

from benchmarks import ocr
from benchmarks.ocr import PLAIN, main


@pytest.fixture
def folder(tmp_path):
    Image.fromarray(np.full((1100, 800), 255, np.uint8)).save(tmp_path / "a.png", dpi=(96, 96))
    (tmp_path / "a.txt").write_text("Kính gửi: Công an huyện\nsố 12\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def made_up(monkeypatch):
    """Two programs, and a clock on which the second takes half the time."""
    seen = []

    def reader(lines):
        def read(view, number):
            seen.append(view.picture.name)
            return lines, lambda: ["Kính gửi: Công an huyện", "số 12"]

        return lambda: read

    wrong, right = ["Kinh gửi: Công an huyện", "số 13"], ["Kính gửi: Công an huyện", "số 12", "x"]
    monkeypatch.setattr(ocr, "programs", lambda: {PLAIN: reader(wrong), "lines": reader(right)})
    times = iter([0.0, 4.0, 4.0, 4.0, 6.0, 7.0] * 5)
    monkeypatch.setattr(ocr, "_processor", lambda: next(times))
    return seen


def test_the_report(folder, made_up, capsys):
    assert main([str(folder), "--json", "--mistakes", "5"]) == 0
    plain, repaired, lines, mended = json.loads(capsys.readouterr().out)
    assert (plain["program"], plain["pages"], plain["repaired"]) == (PLAIN, "as they are", False)
    assert (plain["recall"], plain["precision"], plain["digits"]) == (0.7143, 0.7143, 0.0)
    assert (plain["lines"], plain["exact"], plain["seconds"], plain["times_plain"]) == (1.0, 0.0, 4.0, 1.0)
    assert plain["letters"] == [["í", 0, 1]]
    assert plain["mistakes"] == [["Kính gửi: Công an huyện", "Kinh gửi: Công an huyện"], ["số 12", "số 13"]]
    assert repaired["repaired"] is True
    assert repaired["recall"] == 1.0
    assert (lines["recall"], lines["precision"], lines["times_plain"]) == (1.0, 0.875, 0.5)
    assert lines["documents"] == [["a", 1.0, 0.875]]
    assert mended["times_plain"] == 0.75


def test_damaged_pages_are_reported_by_kind(folder, made_up, capsys):
    assert main([str(folder), "--damage", "fax,jpeg", "--only-damaged", "--engines", "lines", "--json"]) == 0
    readings = json.loads(capsys.readouterr().out)
    assert [(r["pages"], r["times_plain"]) for r in readings if not r["repaired"]] == [("fax", None), ("jpeg", None)]
    assert made_up == ["fax0-1.png", "jpeg0-1.png"]


def test_tables(folder, made_up, capsys):
    assert main([str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "lines, repaired" in shown
    assert "í 0/1" in shown


def test_nothing_there_and_names_that_are_none(tmp_path, folder, made_up, capsys):
    assert main([str(folder), "--only", "zzz"]) == 4
    with pytest.raises(SystemExit):
        main([str(folder), "--damage", "coffee"])
    assert "'coffee' is not one of jpeg, specks, fax, photo" in capsys.readouterr().err


def test_the_engines_of_vndoc_read_a_page(folder):
    page = next(ocr.documents([folder]))
    with ocr.views(page) as [view]:
        lines, repaired = ocr.with_vndoc("lines")(view, 1)
    assert lines == repaired() == []
