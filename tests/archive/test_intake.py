"""What is taken in: files, ZIP files, folders of page images, stores; and what is hostile in each."""

import io
import os
import resource
import sys
import zipfile
from pathlib import Path

import fsspec
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.archive.conftest import variant, zip_of
from vndoc.archive import ImageFolders, watch, worker
from vndoc.archive import locations as places
from vndoc.archive.intake import look, unpack
from vndoc.archive.jobs import Category, Job
from vndoc.archive.left_out import LeftOut
from vndoc.archive.locations import digest, members
from vndoc.archive.pagefolder import are_pages, page_images
from vndoc.containers import base as containers
from vndoc.errors import FormatError, MissingFileError, SetupError, TooLargeError

PIXEL = io.BytesIO()
Image.new("L", (200, 280), 255).save(PIXEL, "PNG")


def names(found):
    """Of the documents."""
    return [Path(f.path).name for f in found if not isinstance(f, LeftOut)]


def image(path, text_grey=255, size=(200, 280)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, text_grey).save(path)
    return path


def test_documents_are_known_by_name_and_by_content(tmp_path, one_page_pdf):
    (tmp_path / "b").mkdir()
    for name, data in {
        "a.pdf": one_page_pdf,
        "không tên": one_page_pdf,
        "notes.dwg": b"PK\x03\x04",
        "data.csv": b"a,b",
        "alone.txt": b"x",
        "a.txt": b"what another OCR made of a.pdf",
        ".hidden.pdf": one_page_pdf,
        "b/c.TIF": b"II*\0",
    }.items():
        (tmp_path / name).write_bytes(data)
    assert names(look([tmp_path])) == ["a.pdf", "alone.txt", "không tên", "c.TIF"]


def test_odd_names_are_taken_as_they_are(tmp_path):
    odd = ["xuống\ndòng.txt", "quyê\u0301t đi\u0323nh.txt", "  .txt", "công\tvăn.txt"]
    for name in odd:
        (tmp_path / name).write_text(name)
    assert sorted(names(look([tmp_path]))) == sorted(odd)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_that_are_no_utf8(archive, tmp_path, here):
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/c\xf4ng v\xe3n.txt")).write_text("x")
    assert archive.batch([folder], executor=here()).done == 1
    assert archive.batch([folder], executor=here()).unchanged == 1


def test_what_cannot_be_opened_is_a_failed_row(archive, tmp_path, here):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "gone.pdf").symlink_to(folder / "nowhere.pdf")
    for _ in range(2):
        summary = archive.batch([folder], executor=here())
        assert [f.category for f in summary.failures] == [Category.MISSING]
    assert [(e.sha256, e.attempts) for e in archive.entries("failed")] == [(None, 2)]
    (folder / "nowhere.txt").write_text("now it is here")
    (folder / "gone.pdf").unlink()
    (folder / "gone.pdf").symlink_to(folder / "nowhere.txt")
    assert archive.batch([folder], executor=here()).failures == []
    assert archive.counts()["failed"] == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission(archive, tmp_path, here):
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    (folder / "a.pdf").write_bytes(b"%PDF-")
    (folder / "a.pdf").chmod(0)
    (folder / "closed").chmod(0)
    summary = archive.batch([folder], executor=here())
    (folder / "closed").chmod(0o700)
    assert [f.category for f in summary.failures] == [Category.MISSING, Category.MISSING]


def test_a_file_that_was_read_and_is_closed_now_keeps_its_result(archive, folder, here, monkeypatch):
    archive.batch([folder], executor=here())
    os.utime(folder / "văn bản 1.txt", (1, 1))
    monkeypatch.setattr("vndoc.archive.arrivals.digest", lambda *_: (_ for _ in ()).throw(MissingFileError("closed")))
    assert len(archive.batch([folder], executor=here()).failures) == 1
    assert archive.counts()["done"] == 4


@pytest.mark.parametrize(
    ("files", "pages"),
    [
        (["1.png", "2.png"], True),
        (["trang 01.jpg", "trang 02.JPG", "trang 03.jpg"], True),
        (["p0.png", "p1.png"], True),
        (["cv-815.png", "cv-816.png"], False),
        (["1.png", "3.png"], False),
        (["1.png", "2.jpg"], False),
        (["1.png"], False),
        (["a.png", "b.png"], False),
        (["1.png", "2.png", "x.pdf"], False),
        ([], False),
    ],
)
def test_pages_are_known_by_their_numbers(files, pages):
    assert are_pages(files) is pages
    assert not are_pages(files, ImageFolders.NEVER)


@given(st.integers(2, 200), st.integers(0, 1), st.text("abc-. ", max_size=5))
def test_any_folder_that_counts_up_is_pages_whatever_the_order(amount, first, before):
    files = [f"{before}{k:03d}.png" for k in range(first, first + amount)]
    assert are_pages(reversed(files))
    assert not are_pages([*files[:1], *files[2:], f"{before}999.png"])


def test_a_folder_of_pages_is_one_document(tmp_path):
    for k in (10, 2, 1, *range(3, 10)):
        image(tmp_path / "hồ sơ" / f"{k}.png")
    image(tmp_path / "khác" / "ảnh.png")
    found = list(look([tmp_path]))
    assert [(Path(f.path).name, f.kind) for f in found] == [("hồ sơ", "folder"), ("ảnh.png", "file")]
    assert names(look([tmp_path], ImageFolders.NEVER))[:2] == ["1.png", "10.png"]
    assert names(look([tmp_path], ImageFolders.ALWAYS)) == ["hồ sơ", "khác"]
    assert [Path(p).stem for p in page_images(str(tmp_path / "hồ sơ"))] == [str(k) for k in range(1, 11)]


def test_a_folder_of_pages_is_read_with_a_bad_page_blank(tmp_path):
    folder = tmp_path / "hồ sơ"
    for k in (1, 2, 3):
        image(folder / f"{k}.png", size=(827, 1169))
    Image.new("RGBA", (827, 1169), (255, 255, 255, 0)).save(folder / "3.png")
    (folder / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    path, bad = places.local_copy(Job(1, "", str(folder), "folder"), tmp_path)
    with pikepdf.open(path) as pdf:
        assert [round(float(page.mediabox[2]) / 72, 1) for page in pdf.pages] == [8.3, 8.3, 8.3]
    assert bad == [2]
    outcome = worker.work(Job(1, digest(str(folder), "folder"), str(folder), "folder"))
    assert outcome.failure is None
    assert '"page-failed"' in outcome.dispatch
    assert '"name":"hồ sơ"' in outcome.dispatch
    for k in (1, 3):
        (folder / f"{k}.png").write_bytes(b"no image")
    assert worker.work(Job(1, "", str(folder), "folder")).failure.category is Category.FORMAT


def test_images_become_pages_when_a_second_one_comes(archive, tmp_path, here):
    folder = tmp_path / "in"
    image(folder / "1.png")
    archive.batch([folder], executor=here(lambda job: here().work(job)))
    image(folder / "2.png", 254)

    def of_folder(job):
        assert job.kind == "folder"
        return here().work(Job(job.document_id, job.sha256, str(folder / "1.png")))

    archive.batch([folder], executor=here(of_folder))
    assert [row.path for row in archive.register()] == [str(folder)]
    (folder / "2.png").rename(folder / "7.png")
    archive.batch([folder], executor=here())
    assert sorted(Path(row.path).name for row in archive.register()) == ["1.png", "7.png"]


def test_members_of_a_zip_are_documents(archive, tmp_path, here, one_page_pdf):
    path = zip_of(
        {"a/một.pdf": one_page_pdf, "hai.txt": b"hai", "__MACOSX/a/._x.pdf": b"x", "note.md": b"-"}, tmp_path / "t.zip"
    )
    paths = []

    def of_member(job):
        paths.append(job.path)
        copy, _ = places.local_copy(job, tmp_path)
        assert copy.read_bytes() == (one_page_pdf if "một" in job.path else b"hai")
        return here().work(Job(job.document_id, job.sha256, str(copy)))

    assert archive.batch([path], executor=here(of_member)).done == 2
    assert paths == [f"{path}/a/một.pdf", f"{path}/hai.txt"]
    assert archive.batch([path], executor=here()).unchanged == 1
    zip_of({"hai.txt": b"hai", "ba.txt": b"ba"}, path)
    os.utime(path, (1, 1))
    summary = archive.batch([path], executor=here(lambda job: here().work(Job(job.document_id, job.sha256, __file__))))
    assert (summary.done, summary.unchanged) == (1, 1)
    assert sorted(row.path for row in archive.register()) == [f"{path}/ba.txt", f"{path}/hai.txt"]


def test_a_member_is_read_like_a_file(tmp_path, one_page_pdf):
    path = zip_of({"công văn.pdf": one_page_pdf}, tmp_path / "t.zip")
    member = next(unpack(next(look([path]))))
    job = Job(1, digest(member.path, member.kind, member.container), member.path, member.kind, member.container)
    outcome = worker.work(job)
    assert outcome.failure is None
    assert '"name":"công văn.pdf"' in outcome.dispatch


def encrypted_zip(path):
    """A member with bit 0 of its flags set, as a ZIP file with a password has it."""
    zip_of({"a.txt": b"secret"}, path)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


@pytest.fixture
def here_and_now(monkeypatch):
    """Looks into containers in this process, whose limits a test has lowered."""
    monkeypatch.setattr(places, "where_it_may_fail", lambda _, look, *arguments: look(*arguments))


@pytest.mark.usefixtures("here_and_now")
def test_hostile_zip_files(archive, tmp_path, here, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    monkeypatch.setattr(containers, "MAX_MEMBER_BYTES", 1_000_000)
    monkeypatch.setattr(containers, "MAX_BYTES", 30_000_000)
    zip_of({"bomb.txt": bytes(2_000_000), "good.txt": b"good"}, folder / "bomb member.zip")
    zip_of({f"{k}.txt": bytes(990_000) for k in range(40)}, folder / "bomb.zip")
    (folder / "cut.zip").write_bytes((folder / "bomb.zip").read_bytes()[:500])
    (folder / "empty.zip").write_bytes(b"")
    encrypted_zip(folder / "locked.zip")
    broken = bytearray(zip_of({"x.txt": os.urandom(5000)}, folder / "rotten.zip").read_bytes())
    broken[200] ^= 0xFF
    (folder / "rotten.zip").write_bytes(broken)

    def read(job):
        return here().work(Job(job.document_id, job.sha256, __file__))

    summary = archive.batch([folder], executor=here(read))
    causes = {Path(f.path).relative_to(folder).as_posix(): f.category for f in summary.failures}
    assert causes == {
        "bomb member.zip/bomb.txt": Category.TOO_LARGE,
        "bomb.zip": Category.TOO_LARGE,
        "cut.zip": Category.FORMAT,
        "empty.zip": Category.FORMAT,
        "locked.zip/a.txt": Category.ENCRYPTED,
        "rotten.zip/x.txt": Category.FORMAT,
    }
    assert summary.done == 1


@pytest.mark.usefixtures("here_and_now")
def test_a_zip_of_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "MAX_MEMBERS", 3)
    path = zip_of({f"{k}.txt": b"x" for k in range(4)}, tmp_path / "t.zip")
    with pytest.raises(TooLargeError, match="3 files"):
        members(str(path))
    monkeypatch.undo()
    with pytest.raises(MissingFileError, match="no longer"), places.open_member(str(path), f"{path}/none.txt"):
        pass


def test_stores_are_read_through_fsspec(archive, tmp_path, here):
    store = fsspec.filesystem("memory")
    store.pipe({"/in/a.txt": b"mot", "/in/b/c.txt": b"hai", "/in/d.md": b"-"})
    zip_of({"e.txt": b"ba"}, tmp_path / "t.zip")
    store.pipe({"/in/t.zip": (tmp_path / "t.zip").read_bytes()})
    seen = {}

    def read(job):
        copy, _ = places.local_copy(job, tmp_path)
        seen[job.path] = copy.read_bytes()
        return here().work(Job(job.document_id, job.sha256, str(copy)))

    try:
        assert archive.batch(["memory://in"], executor=here(read)).done == 3
        assert seen == {"memory:///in/a.txt": b"mot", "memory:///in/b/c.txt": b"hai", "memory:///in/t.zip/e.txt": b"ba"}
        assert archive.batch(["memory://in"], executor=here()).unchanged == 3
        with pytest.raises(MissingFileError, match="nothing is there"):
            list(look(["memory://nowhere"]))
    finally:
        store.rm("/in", recursive=True)


def test_stores_without_their_driver(monkeypatch):
    with pytest.raises(SetupError, match="nosuchscheme"):
        list(look(["nosuchscheme://x"]))
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SetupError, match=r"vndoc\[cluster\]"):
        list(look(["s3://bucket"]))


def test_a_file_of_another_content_than_was_hashed(tmp_path, one_page_pdf):
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page_pdf)
    before = resource.getrlimit(resource.RLIMIT_DATA)
    assert worker.work(Job(1, "0" * 64, str(path))).failure.category is Category.CHANGED
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.slow
def test_hostile_folder(archive, tmp_path, one_page_pdf):
    folder = tmp_path / "in"
    folder.mkdir()
    for k in range(8):
        (folder / f"tốt {k:02d}.pdf").write_bytes(variant(one_page_pdf, k))
    (folder / "tốt\nxuống dòng.pdf").write_bytes(variant(one_page_pdf, 100))
    (folder / "quyê\u0301t đi\u0323nh tốt.pdf").write_bytes(variant(one_page_pdf, 101))
    sheets = [Image.new("1", (248, 351), 1) for _ in range(100)]
    save = {"save_all": True, "append_images": sheets[1:], "compression": "group4", "dpi": (240, 240)}
    sheets[0].save(folder / "tốt, 100 trang.tif", **save)
    locked, huge = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(one_page_pdf)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="x", owner="x"))
    Image.new("1", (30_000, 30_000)).save(huge, "PNG")
    bad = {
        "empty.pdf": (b"", Category.EMPTY),
        "cut.pdf": (one_page_pdf[: len(one_page_pdf) // 2], Category.FORMAT),
        "image.pdf": (PIXEL.getvalue(), Category.FORMAT),
        "locked.pdf": (locked.getvalue(), Category.ENCRYPTED),
        "huge.png": (huge.getvalue(), Category.TOO_LARGE),
        "noise.tif": (b"II*\0" + bytes(range(256)), Category.FORMAT),
        "gone.pdf": (None, Category.MISSING),
    }
    for name, (data, _) in bad.items():
        if data is None:
            (folder / name).symlink_to(folder / "nowhere")
        else:
            (folder / name).write_bytes(data)
    summary = archive.batch([folder], jobs=2)
    failed = {Path(e.paths[0]).name: e.category for e in archive.entries("failed")}
    assert failed == {name: category for name, (_, category) in bad.items()}
    assert summary.done == 11
    assert 100 in {e.page_amount for e in archive.entries("done")}
    assert all(e.message and "\n" not in e.message for e in archive.entries("failed"))


def test_watch_gives_a_file_when_it_is_wholly_written(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "SETTLE", 0.01)
    monkeypatch.setattr(watch, "RESCAN", 0.02)
    growing = tmp_path / "a.txt"
    growing.write_text("1")
    looks = []

    def look_while_it_grows(*asked):
        # The file grows between any two looks: by the clock of a thread it might rest for as long as two looks take.
        if len(looks) < 8:
            growing.write_text(growing.read_text() + "x")
        looks.append(growing.stat().st_size)
        return look(*asked)

    monkeypatch.setattr(watch, "look", look_while_it_grows)
    arrivals = watch.watch([tmp_path])
    assert next(found for found in arrivals if found).stamp[0] == 9
    assert looks == [2, 3, 4, 5, 6, 7, 8, 9, 9]
    (tmp_path / "b.txt").write_text("second")
    assert Path(next(found for found in arrivals if found).path).name == "b.txt"
    growing.write_text("changed")
    assert next(found for found in arrivals if found).stamp[0] == 7
    arrivals.close()


def test_watch_waits_for_a_folder_that_goes_away_but_not_for_one_that_never_was(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "SETTLE", 0.02)
    monkeypatch.setattr(watch, "RESCAN", 0.02)
    with pytest.raises(MissingFileError):
        next(watch.watch([tmp_path / "none"]))
    folder = tmp_path / "share"
    folder.mkdir()
    arrivals = watch.watch([folder])
    assert next(arrivals) is None
    folder.rmdir()
    for _ in range(1000):
        assert next(arrivals) is None
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    assert next(found for found in arrivals if found)
    arrivals.close()


def test_a_watch_reads_what_arrives_until_interrupted(archive, tmp_path, here, monkeypatch):
    monkeypatch.setattr(watch, "SETTLE", 0.02)
    monkeypatch.setattr(watch, "RESCAN", 0.05)
    monkeypatch.setattr("vndoc.archive.runner._TICK", 0.01)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "0.txt").write_text("0")

    def read(job):
        number = int(Path(job.path).stem)
        if number == 3:
            raise KeyboardInterrupt
        (folder / f"{number + 1}.txt").write_text(str(number + 1))
        return here().work(job)

    summary = archive.batch([folder], watch=True, executor=here(read))
    assert (summary.interrupted, summary.done) == (True, 3)
    assert archive.counts()["queued"] == 1


def test_digest_of_what_is_no_file(tmp_path):
    with pytest.raises(MissingFileError):
        digest(str(tmp_path), "file")
    with pytest.raises(FormatError):
        members(__file__)
    with zipfile.ZipFile(tmp_path / "e.zip", "w"):
        pass
    assert members(str(tmp_path / "e.zip")) == []
