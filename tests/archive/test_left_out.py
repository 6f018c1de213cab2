"""What a batch passes over: counted by kind, kept by name, and forgotten when it goes away or can be read."""

import sqlite3
from importlib import resources
from pathlib import Path

import pytest
from PIL import Image

from tests.archive.conftest import zip_of
from vndoc import Archive
from vndoc.archive import arrivals, database, intake
from vndoc.archive.intake import look
from vndoc.archive.left_out import BESIDE_A_SCAN, NO_SUFFIX, LeftOut, kind_by_name
from vndoc.sources import suffixes


def kinds(archive):
    return {Path(left.path).name: left.kind for left in archive.left_out()}


@pytest.fixture
def mixed(folder):
    """Five texts, and six files beside them that are no documents, one of them hidden."""
    (folder / "a.pdf").write_bytes(b"%PDF-")
    for name in ("a.txt", "thư.docx", "bảng.XLSX", "không tên", "Công văn số 12. Sở", ".hidden.docx"):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def test_each_is_of_a_kind(archive, mixed, here):
    summary = archive.batch([mixed], executor=here())
    assert summary.left_out == {".docx": 1, ".xlsx": 1, NO_SUFFIX: 2, BESIDE_A_SCAN: 1}
    assert kinds(archive) == {
        "thư.docx": ".docx",
        "bảng.XLSX": ".xlsx",
        "không tên": NO_SUFFIX,
        "Công văn số 12. Sở": NO_SUFFIX,
        "a.txt": BESIDE_A_SCAN,
    }
    assert archive.batch([mixed], executor=here()).left_out == summary.left_out
    assert archive.stats().left_out == summary.left_out


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.b/c.Heic", ".heic"), ("a.7z", ".7z"), ("số 12.2024", NO_SUFFIX), ("a.", NO_SUFFIX), ("a.văn", NO_SUFFIX)],
)
def test_a_suffix_is_one_only_where_it_looks_like_one(name, kind):
    assert kind_by_name(f"/in/{name}") == kind


def test_files_beside_page_images(tmp_path):
    for k in (1, 2):
        Image.new("L", (20, 28)).save(tmp_path / f"{k}.png")
    (tmp_path / "1.txt").write_text("x")
    (tmp_path / "Thumbs.db").write_text("x")
    pages, *others = look([tmp_path])
    assert pages.kind == "folder"
    assert {(Path(left.path).name, left.kind) for left in others} == {("1.txt", BESIDE_A_SCAN), ("Thumbs.db", ".db")}


def test_what_goes_away_is_forgotten_but_only_below_the_folders_searched(archive, mixed, tmp_path, here):
    other = tmp_path / "đến 2"  # begins like the first folder's name
    other.mkdir()
    (other / "c.docx").touch()
    archive.batch([mixed, other], executor=here())
    (mixed / "thư.docx").unlink()
    (other / "c.docx").unlink()
    archive.batch([mixed], executor=here())
    assert "thư.docx" not in kinds(archive)
    assert "c.docx" in kinds(archive)


def test_an_interrupted_run_forgets_nothing(archive, mixed, here):
    archive.batch([mixed], executor=here())
    (mixed / "thư.docx").unlink()
    (mixed / "mới.txt").write_text("mới")

    def stop(job):
        raise KeyboardInterrupt

    assert archive.batch([mixed], executor=here(stop)).interrupted
    assert "thư.docx" in kinds(archive)


def test_a_file_that_can_be_read_now_is_no_longer_left_out(archive, mixed, here):
    archive.batch([mixed], executor=here())
    (mixed / "a.pdf").unlink()
    archive.batch([mixed], executor=here())
    assert "a.txt" not in kinds(archive)
    assert any(entry.paths[0].endswith("a.txt") for entry in archive.entries())


def test_members_of_a_zip_file(archive, tmp_path, here, monkeypatch):
    path = zip_of({"b/c.docx": b"c", "__MACOSX/b/._c.docx": b"", "d.png": b"\x89PNG"}, tmp_path / "t.zip")

    def read(job):
        return here().work(type(job)(job.document_id, job.sha256, __file__))

    for _ in range(2):  # the second time it is not even opened
        assert archive.batch([path], executor=here(read)).left_out == {".docx": 1}
    assert list(archive.left_out()) == [LeftOut(f"{path}/b/c.docx", ".docx", str(path))]
    assert archive.batch([path], executor=here(read)).unchanged == 1
    known = {**suffixes(), ".docx": "application/x"}
    for module in (arrivals, intake):  # a newer vndoc, which reads these
        monkeypatch.setattr(module, "suffixes", lambda: known)
    assert archive.batch([path], executor=here(read)).queued == 1
    assert list(archive.left_out()) == []
    monkeypatch.undo()
    zip_of({"e.xlsx": b"e"}, path)
    archive.batch([path], executor=here(read))
    assert kinds(archive) == {"e.xlsx": ".xlsx"}


def test_a_zip_file_below_a_hidden_folder_has_its_members(archive, tmp_path, here):
    (tmp_path / ".đến").mkdir()
    path = zip_of({"a.txt": b"a"}, tmp_path / ".đến" / "t.zip")
    work = lambda job: here().work(type(job)(job.document_id, job.sha256, __file__))  # noqa: E731
    assert archive.batch([path], executor=here(work)).done == 1


def test_an_archive_of_version_1_is_brought_up_to_this_one(tmp_path, mixed, here):
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(resources.files("vndoc.archive").joinpath("data/schema.sql").read_text(encoding="utf-8"))
        db.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")
        db.execute("INSERT INTO document (sha256, queued_at) VALUES ('x', '2025-01-01')")
    db.close()
    with Archive(path) as archive:
        assert archive.counts()["queued"] == 1
        assert list(archive.left_out()) == []
        archive.batch([mixed], executor=here())
        assert len(kinds(archive)) == 5
    with Archive(path) as archive, Archive(tmp_path / "new.sqlite") as new:
        assert len(kinds(archive)) == 5
        upgraded, made = (
            {row["name"]: row["sql"] for row in db.execute("SELECT name, sql FROM sqlite_master")}
            for db in (archive._db, new._db)
        )
        assert upgraded == made
        assert archive._db.execute("PRAGMA user_version").fetchone()[0] == database.SCHEMA_VERSION
