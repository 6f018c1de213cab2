"""Outputs that take the place of what was there when they are whole."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from vndoc.errors import MissingFileError
from vndoc.replacing import replacing


def _half(fresh, folder):
    fresh.write_text("hal")
    folder.write_text("f of it")


def test_what_was_there_stays_until_all_is_written(tmp_path):
    path = tmp_path / "sổ.csv"
    path.write_text("before")
    path.chmod(0o640)
    with pytest.raises(IsADirectoryError), replacing(path) as fresh:
        _half(fresh, tmp_path)
    assert path.read_text() == "before"
    with replacing(path) as fresh:
        fresh.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_the_part_of_a_run_that_was_killed_is_written_over(tmp_path):
    (tmp_path / ".a.part").write_text("half of it")
    with replacing(tmp_path / "a") as fresh:
        fresh.write_text("whole")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "whole"}


def test_links_and_long_names_stay(tmp_path):
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    for name in ("link", "n" * 255):
        with replacing(tmp_path / name) as fresh:
            fresh.write_text("after")
    assert (tmp_path / "link").is_symlink()
    assert {path.read_text() for path in tmp_path.iterdir()} == {"after"}


def test_pipes_and_devices_are_written_to(tmp_path):
    with replacing(tmp_path / "new") as fresh:
        assert fresh != tmp_path / "new"
        fresh.touch()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        for path in (tmp_path / "pipe", tmp_path, Path("/dev/stdout")):
            with replacing(path) as fresh:
                assert fresh == path


def test_no_archive_is_written_over(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as db:
        db.execute("CREATE TABLE a (b)")
    with pytest.raises(MissingFileError, match="is a database"), replacing(tmp_path / "a.sqlite"):
        pass
