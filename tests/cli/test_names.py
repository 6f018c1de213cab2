"""``--name``: files called by the values of their documents, checked before anything is read."""

import json

import pytest

from tests.cli.conftest import run
from tests.conftest import SAMPLES

TEXT = SAMPLES / "cv815" / "text.txt"


def test_files_are_named_by_their_documents(tmp_path):
    folder = tmp_path / "new" / "folder"
    other = tmp_path / "b" / "text.txt"
    other.parent.mkdir()
    other.write_bytes(TEXT.read_bytes())
    args = ("parse", TEXT, other, "--format", "html", "--output", folder, "--name", "{issued_date} {organ} {code}")
    result = run(*args)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    name = "2024-03-21 Ủy ban nhân dân huyện Bình Sơn 815-UBND"
    assert sorted(made) == [f"{name} (2).html", f"{name}.html"] or sorted(made) == [f"{name}.html"]
    assert run(*args).exit_code == 0  # the same again: nothing new
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "VĂN.html").write_bytes(b"of somebody")
    assert run("parse", TEXT, "--format", "html", "--output", tmp_path, "--name", "văn").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["VĂN.html", "văn (2).html"]
    assert (tmp_path / "VĂN.html").read_bytes() == b"of somebody"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--format", "html", "--name", "{nothing}", "--output", "out"), "{organ}"),
        (("--format", "html", "--name", "{code!r}", "--output", "out"), "is no field"),
        (("--format", "html", "--name", "{code}"), "must name a folder"),
        (("--format", "html", "--name", "{code}", "--output", "file"), "must name a folder"),
        (("--format", "json", "--name", "{code}", "--output", "out"), "is for formats"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_read(args, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setattr("vndoc.sources.load_file", lambda path: pytest.fail("a file was read"))
    result = run("parse", TEXT, *args)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    result = run("parse", TEXT, "--format", "html", "--output", tmp_path / "file" / "x", "--name", "{code}")
    assert result.exit_code == 4
    assert "cannot be written" in result.stderr


def test_split_names_its_parts(tmp_path):
    name = "{place} {stem} {type_name} {code}"
    result = run("split", TEXT, "--output", tmp_path / "out", "--name", name, "--report", "-")
    assert result.exit_code == 0, result.stderr
    assert len(json.loads(result.stdout)["documents"]) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["001 text Công văn 815-UBND.txt"]
    assert run("split", TEXT, "--report", "-", "--name", name).exit_code == 2
