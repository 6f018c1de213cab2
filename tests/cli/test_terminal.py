"""What the commands print: nothing of a document or a name steers the terminal."""

import json

import pytest
from rich.console import Console

from tests.cli.conftest import run
from vndoc.cli.terminal import shown, styled, to_json, write
from vndoc.page import Block, Line, Page, Word

STEERING = "Hỏa\x1b[2J tốc\x9b1m\u202e\rđè"


def test_standard_output_gets_marks_in_place_of_what_steers(capsys):
    write(f"một\r\n{STEERING}\f", None)
    assert capsys.readouterr().out == "một\r\nHỏa\ufffd[2J tốc\ufffd1m\ufffd\ufffdđè\f"


def test_a_file_is_written_as_it_is(tmp_path):
    write("a\rb", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == b"a\rb"


def test_a_console_gets_marks_and_its_own_colours(capsys):
    Console(force_terminal=True, color_system="standard").print(styled(STEERING, "bold"))
    printed = capsys.readouterr().out
    assert printed.startswith("\x1b[1m")
    assert "\x1b[2J" not in printed
    assert "\x9b" not in printed


def test_names_are_spelt_out():
    assert shown("a\x1b]0;b\x07\u202e\udcf4.pdf") == r"a\x1b]0;b\x07\u202e\xf4.pdf"


def test_json_for_programs_steers_nothing():
    text = to_json({"path": f"{STEERING}\x85"})
    assert not {*"\x1b\x9b\u202e\x85"} & set(text)
    assert json.loads(text)["path"].startswith("Hỏa")


@pytest.mark.parametrize("format_", ["text", "md", "json", "register", "luutru"])
def test_a_document_steers_no_terminal(format_, tmp_path, monkeypatch):
    """Text layers, mails and plug-ins give words of any letters."""
    path = tmp_path / "a.txt"
    path.write_text("Số: 12/QĐ-UBND\nV/v họp\nKính gửi: Sở Y tế\nGiao Sở Y tế báo cáo.", encoding="utf-8")
    page = Page(1, (Block((Line(tuple(Word(f"{w}\x1b[31m\x9b\u202e") for w in path.read_text("utf-8").split())),)),))
    monkeypatch.setattr("vndoc.sources.text.page_from_text", lambda *_: page)
    result = run("parse", path, "--format", format_, "--no-sandbox")
    assert result.exit_code == 0, result.stderr
    assert "QĐ-UBND" in result.stdout or format_ in ("register", "luutru")
    assert not {*"\x1b\x9b\u202e"} & set(result.stdout)
