"""``vndoc parse`` as a user runs it, and its bar."""

import io
import json

import pikepdf
import pytest
from PIL import Image

from tests.cli.conftest import one_line, run
from tests.conftest import SAMPLES, pdf_of
from vndoc.cli import progress
from vndoc.cli.parse import _page_numbers as page_numbers
from vndoc.cli.terminal import SOME_FAILED
from vndoc.dispatch import Dispatch

CV815 = SAMPLES / "cv815" / "ocr.txt"


def test_one_file_prints_one_object():
    result = run("parse", CV815)
    assert result.exit_code == 0
    dispatch = Dispatch.model_validate_json(result.stdout)
    assert dispatch.code_number == "815"
    assert result.stderr == ""


def test_several_files_print_an_array_and_a_bad_one_does_not_stop_them(tmp_path):
    bad = tmp_path / "empty.pdf"
    bad.touch()
    result = run("parse", CV815, bad, CV815)
    assert result.exit_code == SOME_FAILED
    assert len(json.loads(result.stdout)) == 2
    assert "empty.pdf" in one_line(result)


def test_internal_errors_cost_one_file_only(monkeypatch):
    from vndoc import pipeline  # noqa: PLC0415

    monkeypatch.setattr(pipeline, "read_form", lambda *_: 1 / 0)
    result = run("parse", CV815, "--no-sandbox")
    assert result.exit_code == 1
    assert "internal error (ZeroDivisionError" in one_line(result)


@pytest.mark.parametrize(("format_", "starts"), [("md", "**Ủy ban nhân dân"), ("text", "Số: 815")])
def test_other_formats(format_, starts):
    result = run("parse", CV815, "--format", format_)
    assert result.stdout.lstrip().startswith(starts)


@pytest.mark.slow
def test_several_texts_are_parted():
    assert run("parse", CV815, CV815, "--format", "text").stdout.count("\f") == 1
    assert run("parse", CV815, CV815, "--format", "md").stdout.count("\n---\n") == 1


def test_output_goes_to_a_file(tmp_path):
    path = tmp_path / "kết quả.json"
    result = run("parse", CV815, "--output", path)
    assert result.stdout == ""
    assert json.loads(path.read_text(encoding="utf-8"))["code_number"] == "815"
    result = run("parse", CV815, "--output", tmp_path / "no folder" / "a.json")
    assert result.exit_code == 4
    assert "cannot be written" in one_line(result)


@pytest.mark.parametrize("spec", ["0", "a", "3-", "1-b", "", "1,,2"])
def test_odd_page_lists_are_usage_errors(spec):
    result = run("parse", CV815, "--pages", spec)
    assert result.exit_code == 2


def test_page_lists():
    assert page_numbers("1-3") == {1, 2, 3}
    assert page_numbers("1,4-5") == {1, 4, 5}
    assert page_numbers(None) is None
    assert len(page_numbers("1-99999999999")) < 200_000
    assert run("parse", CV815, "--pages", "1").exit_code == 0
    result = run("parse", CV815, "--pages", "2-3")
    assert result.exit_code == 5
    assert "it has 1" in one_line(result)


def bad_inputs(folder, page_image):
    """(file, exit code, part of the message) for everything that users hand in by mistake."""
    good = pdf_of(page_image, page_image)
    encrypted, no_pages = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(encrypted, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    pikepdf.new().save(no_pages)
    huge = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(huge, "PNG")
    cases = {
        "empty.pdf": (b"", 5, "empty"),
        "image.pdf": (b"\x89PNG\r\n\x1a\n", 6, "is named as a PDF but its content is a PNG"),
        "office.pdf": (b"PK\x03\x04" + bytes(40), 6, "is a ZIP file, which is not read here"),
        "rubbish.pdf": (bytes(40), 6, "nor any format"),
        "encrypted.pdf": (encrypted.getvalue(), 7, "password"),
        "truncated.pdf": (good[: len(good) // 2], 6, "cut off"),
        "no pages.pdf": (no_pages.getvalue(), 5, "no pages"),
        "huge.png": (huge.getvalue(), 8, "million pixels"),
    }
    for name, (data, code, message) in cases.items():
        path = folder / name
        path.write_bytes(data)
        yield path, code, message
    yield folder / "missing.pdf", 4, "no such file"
    yield folder, 4, "folder"


def test_bad_input_is_one_clear_line(tmp_path, page_image):
    for path, code, message in bad_inputs(tmp_path, page_image):
        result = run("parse", path)
        assert result.exit_code == code, path
        assert message in one_line(result)
        assert result.stdout == ""


def test_missing_language_data(tmp_path, page_image):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of(page_image))
    result = run("parse", path, "--lang", "xyz")
    assert result.exit_code == 10
    assert "tesseract-ocr-xyz" in one_line(result)


def test_bar_shows_on_a_terminal_only_and_after_a_while(monkeypatch):
    shown = []
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with progress.PageBar() as bar:
        bar.for_file("a.pdf")(1, 2)
        shown.append(bar.shown)
    monkeypatch.setattr(progress.stderr, "_force_terminal", True)
    with progress.PageBar() as bar:
        update = bar.for_file("a.pdf")
        update(1, 2)
        update(2, 2)
        shown.append(bar.shown)
    assert shown == [False, True]
