"""Copies of an archive in use: one moment of it, whole, with the originals beside it."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from tests.archive.conftest import results
from tests.cli.conftest import run
from vndoc.archive import Archive
from vndoc.archive.backup import back_up
from vndoc.archive.care import check
from vndoc.errors import FormatError, MissingFileError

SHA, OTHER = "0a" * 32, "f1" * 32
NOW = datetime(2024, 3, 21, 2, 0, 0)


@pytest.fixture
def originals(filled):
    folder = filled.path.with_name(f"{filled.path.name}.files")
    put(folder, SHA, "Công văn 815.pdf", b"%PDF")
    put(folder, ".incoming", "half", b"%P")
    put(folder, "images", "drawn.png", b"PNG")
    return folder


def put(folder, *names_and_data):
    *names, data = names_and_data
    path = folder.joinpath(*names)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_a_copy_holds_what_the_archive_holds_while_another_writes(filled, originals, tmp_path):
    filled._db.execute("BEGIN IMMEDIATE")
    filled._db.execute("DELETE FROM task")
    made = back_up(filled.path, tmp_path / "copies", now=NOW)
    filled._db.execute("ROLLBACK")
    assert made.path == tmp_path / "copies" / "filled-20240321T020000.sqlite"
    assert (made.originals, made.removed) == (1, 0)
    copied = [path for path in (tmp_path / "copies" / "filled.files").rglob("*") if path.is_file()]
    assert copied == [tmp_path / "copies" / "filled.files" / SHA / "Công văn 815.pdf"]
    assert copied[0].read_bytes() == b"%PDF"
    assert sorted(path.name for path in made.path.parent.iterdir()) == [made.path.name, "filled.files"]
    assert made.bytes == made.path.stat().st_size
    with Archive(made.path, create=False) as copy:
        assert results(copy) == results(filled)
        assert len(list(copy.tasks())) == 3


def test_originals_are_copied_through_a_link_to_the_archive_too(filled, originals, tmp_path):
    link = tmp_path / "elsewhere" / "filled.sqlite"
    link.parent.mkdir()
    link.symlink_to(filled.path)
    assert back_up(link, tmp_path / "copies", now=NOW).originals == 1


def test_originals_are_copied_once_and_a_cut_off_one_again(filled, originals, tmp_path):
    back_up(filled.path, tmp_path / "copies", now=NOW)
    put(originals, OTHER, "a.pdf", b"new")
    assert back_up(filled.path, tmp_path / "copies", now=NOW + timedelta(days=1)).originals == 1
    (tmp_path / "copies" / "filled.files" / OTHER / "a.pdf").write_bytes(b"")
    assert back_up(filled.path, tmp_path / "copies", now=NOW + timedelta(days=2)).originals == 1


def test_a_copy_that_a_kill_left_unfinished_is_removed_and_none_that_is_being_written(filled, tmp_path):
    folder = tmp_path / "copies"
    made = back_up(filled.path, folder, now=NOW).path
    killed, cut, live = (folder / f"filled-20240320T02000{n}.part" for n in range(3))
    for path in (killed, live):
        path.write_bytes(made.read_bytes())
    cut.write_bytes(made.read_bytes()[5000:9000])
    with closing(sqlite3.connect(live)) as db:
        db.execute("BEGIN EXCLUSIVE")
        back_up(filled.path, folder, now=NOW + timedelta(days=1))
    assert [path.name for path in folder.glob("*.part*")] == [live.name]


def test_only_the_newest_stay_and_nothing_else_is_touched(filled, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    for name in ("other-20200101T000000.sqlite", "filled-by-hand.sqlite", "filled-20200101T000000.sqlite.txt"):
        (folder / name).touch()
    kept = {path.name for path in folder.iterdir()}
    made = [back_up(filled.path, folder, now=NOW + timedelta(hours=hour), keep=2) for hour in range(4)]
    assert [backup.removed for backup in made] == [0, 0, 1, 1]
    assert {path.name for path in folder.iterdir()} - kept == {made[2].path.name, made[3].path.name}


@pytest.mark.parametrize(("damage", "told"), [(b"no database at all", "no archive"), (b"", "damaged")])
def test_what_is_no_archive_leaves_the_older_copies(filled, tmp_path, damage, told):
    folder = tmp_path / "copies"
    older = back_up(filled.path, folder, now=NOW).path
    other = tmp_path / "b" / "filled.sqlite"
    other.parent.mkdir()
    other.write_bytes(damage)
    with pytest.raises(FormatError, match=told):
        back_up(other, folder, now=NOW + timedelta(days=1), keep=1)
    assert list(folder.iterdir()) == [older]


def test_a_damaged_archive_is_told_and_its_copy_not_kept(filled, tmp_path):
    filled.close()
    data = bytearray(filled.path.read_bytes())
    with sqlite3.connect(filled.path) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'task'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    data[(page - 1) * size : page * size] = b"\x07" * size
    filled.path.write_bytes(data)
    with pytest.raises(FormatError, match="damaged"):
        back_up(filled.path, tmp_path / "copies", now=NOW)
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_missing_archive_and_a_folder_that_cannot_be(filled, tmp_path):
    with pytest.raises(MissingFileError, match="no such archive"):
        back_up(tmp_path / "none.sqlite", tmp_path / "copies", now=NOW)
    assert not (tmp_path / "copies").exists()
    (tmp_path / "file").touch()
    with pytest.raises(MissingFileError, match="cannot be written"):
        back_up(filled.path, tmp_path / "file", now=NOW)


def test_command(filled, originals, tmp_path):
    made = run("backup", filled.path, tmp_path / "copies")
    assert made.exit_code == 0
    assert "1 new originals, 0 older copies removed" in made.stderr
    assert len(list((tmp_path / "copies").glob("filled-*.sqlite"))) == 1
    assert run("backup", tmp_path / "none.sqlite", tmp_path / "copies").exit_code == 4
    assert run("backup", filled.path, tmp_path / "copies", "--keep", "0").exit_code == 2


def test_each_copy_made_while_a_batch_writes_is_one_moment_of_it(archive, folder, here, tmp_path):
    done = []

    def happened(event):
        done.extend([event.path] * (event.event == "done"))
        made = back_up(archive.path, tmp_path / "copies", now=NOW, keep=100)
        assert check(made.path).whole
        with Archive(made.path, create=False) as copy:
            assert copy.counts()["done"] == len(results(copy)) == len(done)

    assert archive.batch([folder], executor=here(), on_event=happened).done == 4
