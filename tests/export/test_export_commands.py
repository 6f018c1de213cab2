"""Formats of which each document becomes a file of its own, on the command line and in the library."""

import hashlib
import io

import pikepdf
import pytest
from typer.testing import CliRunner

import vndoc
from tests.conftest import SAMPLES, pdf_of
from vndoc.cli import app, parse
from vndoc.cli.terminal import SOME_FAILED

CV815 = SAMPLES / "cv815" / "ocr.txt"


def run(*args):
    return CliRunner().invoke(app, ["parse", *(str(a) for a in args)])


@pytest.fixture
def scan(tmp_path, page_image):
    path = tmp_path / "công văn.pdf"
    path.write_bytes(pdf_of(page_image))
    return path


def words_of(data, tmp_path):
    import subprocess  # noqa: PLC0415

    path = tmp_path / "words.pdf"
    path.write_bytes(data)
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, encoding="utf-8").stdout.split()


def test_searchable_pdf_gives_the_repaired_text_back(scan, tmp_path):
    before = hashlib.sha256(scan.read_bytes()).hexdigest()
    target = tmp_path / "out.pdf"
    result = run(scan, "--format", "pdf", "--output", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert hashlib.sha256(scan.read_bytes()).hexdigest() == before
    document = vndoc.read(scan)
    assert document.to_pdf() == target.read_bytes()
    wanted = document.dispatch.text.split()
    assert len(wanted) > 10
    assert sorted(words_of(target.read_bytes(), tmp_path)) == sorted(wanted)


def test_pdf_goes_to_a_pipe(scan):
    result = run(scan, "--format", "pdf")
    assert result.exit_code == 0
    with pikepdf.open(io.BytesIO(result.stdout_bytes)) as pdf:
        assert len(pdf.pages) == 1


def test_several_files_go_to_a_folder(scan, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    result = run(scan, CV815, "--format", "pdf", "--output", folder)
    assert result.exit_code == SOME_FAILED  # a text has no pages
    assert "no page images" in result.stderr
    assert [p.name for p in folder.iterdir()] == ["công văn.pdf"]


def test_the_annotated_scan(scan, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    result = run(scan, CV815, "--format", "html", "--output", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    made = {p.name: p.read_text(encoding="utf-8") for p in folder.iterdir()}
    assert set(made) == {"công văn.html", "ocr.html"}
    assert all("Trang 1" in html for html in made.values())
    assert run(CV815, "--format", "html").stdout == made["ocr.html"]


def test_outputs_that_would_do_harm_are_usage_errors(scan, tmp_path, monkeypatch):
    before = scan.read_bytes()
    assert run(scan, "--format", "pdf", "--output", scan).exit_code == 2
    assert run(scan, "--format", "pdf", "--output", scan.parent).exit_code == 2
    assert run(scan, CV815, "--format", "pdf").exit_code == 2
    assert run(scan, CV815, "--format", "pdf", "--output", tmp_path / "one.pdf").exit_code == 2
    folder = tmp_path / "out"
    folder.mkdir()
    assert run(scan, scan, "--format", "pdf", "--output", folder).exit_code == 2
    assert scan.read_bytes() == before
    assert list(folder.iterdir()) == []
    result = run(scan, "--format", "pdf", "--output", tmp_path / "no folder" / "a.pdf")
    assert result.exit_code == 4
    assert "cannot be written" in result.stderr


def test_no_pdf_on_a_terminal(scan, monkeypatch):
    import typer  # noqa: PLC0415

    monkeypatch.setattr(parse.sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(typer.BadParameter, match="is needed"):
        parse._check_output([scan], None, parse.Format.PDF)
