"""What comes in over the web: kept once under a safe name, noted in the ledger, refused by what it is."""

import errno
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.archive.conftest import HereAndNow
from vndoc import Archive
from vndoc.archive.arrivals import Arrivals
from vndoc.errors import EmptyFileError, FormatError, TooLargeError
from vndoc.web.work import uploads as module
from vndoc.web.work.names import safe_name
from vndoc.web.work.uploads import DiskFullError, Uploads

PDF = b"%PDF-1.7\n"


@pytest.fixture
def archive(archive_path):
    with Archive(archive_path) as archive:
        yield archive


@pytest.fixture
def uploads(archive_path):
    return Uploads(archive_path.with_name("archive.sqlite.files"))


def receive(uploads, archive, data, name="a.txt"):
    return uploads.receive(archive, io.BytesIO(data), name)


def stored(uploads):
    return sorted(str(path.relative_to(uploads.folder)) for path in uploads.folder.rglob("*") if path.is_file())


def image(kind):
    out = io.BytesIO()
    Image.new("L", (30, 40), 255).save(out, kind)
    return out.getvalue()


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_file_is_kept_under_its_content_and_queued(uploads, archive):
    upload = receive(uploads, archive, b"xin ch\xc3\xa0o", "Công văn 815.txt")
    assert [(d.state, d.known, d.key) for d in upload.documents] == [("queued", False, upload.sha256)]
    assert stored(uploads) == [f"{upload.sha256}/Công văn 815.txt"]
    entry = archive.ledger.entry_of(upload.sha256)
    assert entry.paths == (str(uploads.folder / stored(uploads)[0]),)
    assert stat.S_IMODE((uploads.folder / upload.sha256).stat().st_mode) == 0o700


def test_the_same_content_is_one_file_and_no_new_job(uploads, archive):
    first = receive(uploads, archive, b"mot", "a.txt")
    again = receive(uploads, archive, b"mot", "b.txt")
    assert again.documents[0].known
    assert stored(uploads) == [f"{first.sha256}/a.txt"]
    assert len(archive.ledger.entry_of(first.sha256).paths) == 1


def test_what_a_batch_has_read_is_known_and_not_kept_again(uploads, archive, keys):
    upload = receive(uploads, archive, b"a.txt")
    assert [(d.key, d.state, d.known) for d in upload.documents] == [(keys["a.txt"], "done", True)]
    assert stored(uploads) == []


def test_a_document_whose_file_has_gone_gets_one_again(uploads, archive, keys):
    Path(archive.ledger.entry_of(keys["a.txt"]).paths[0]).rename(archive.path.with_name("moved"))
    upload = receive(uploads, archive, b"a.txt")
    assert upload.documents[0].state == "done"
    assert stored(uploads) == [f"{keys['a.txt']}/a.txt"]
    archive.path.with_name("moved").rename(archive.ledger.entry_of(keys["a.txt"]).paths[0])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../../etc/passwd", "passwd.txt"),
        ("..\\..\\windows\\cv.txt", "cv.txt"),
        ("/etc/cron.d/x", "x.txt"),
        (".hidden.txt", "hidden.txt"),
        ("..", "document.txt"),
        ("", "document.txt"),
        ("a\0b\r\nc.txt", "ab c.txt"),
        ("moi\u202etxt.exe", "moitxt.exe.txt"),
        ("c\udcf4ng.txt", "xf4ng.txt"),
        ("Số 12. Sở Nội vụ", "Số 12. Sở Nội vụ.txt"),
        ("x" * 500 + ".txt", "x" * 176 + ".txt"),
        ("ế" * 200 + ".txt", "ế" * 58 + ".txt"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("b.zip", "b.zip.txt"),
    ],
)
def test_no_path_of_the_sender_is_used(uploads, archive, given, name):
    upload = receive(uploads, archive, b"mot", given)
    assert stored(uploads) == [f"{upload.sha256}/{name}"]
    assert [Path(found.path).name for found in uploads.arrivals()] == [name]


def test_a_name_is_the_same_once_it_is_safe():
    for given in ("../../etc/Công văn 815.pdf", "a" * 300, "..\0", "ế" * 100 + ".pdf"):
        assert safe_name(safe_name(given)) == safe_name(given)


@pytest.mark.parametrize(
    ("data", "name", "error", "words"),
    [
        (b"", "a.pdf", EmptyFileError, "empty"),
        (zipped(**{"xl/workbook.xml": b"x"}), "a.xlsx", FormatError, "XLSX"),
        (b"\0\1\2" * 3000, "a.bin", FormatError, "PDF, an image"),
        (image("PNG"), "a.pdf", FormatError, "named as a PDF"),
        (image("PNG") + b"\0" * 9000, "a.pdf", FormatError, "named as a PDF"),
        (image("PNG"), "a.txt", FormatError, "named as plain text"),
        (b"Rar!\x1a\x07\x01\0" + b"x" * 9000, "a.html", FormatError, "RAR"),
        (zipped(), "a.zip", FormatError, "not"),
        (b"PK\x03\x04" + b"x" * 100, "a.zip", FormatError, "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_by_what_it_is(uploads, archive, data, name, error, words):
    with pytest.raises(error, match=words):
        receive(uploads, archive, data, name)
    assert stored(uploads) == []
    assert archive.counts()["queued"] == 0


@pytest.mark.parametrize(
    ("data", "name", "kept"),
    [
        (PDF, "a.pdf", "a.pdf"),
        (PDF, "a", "a.pdf"),
        (image("PNG"), "a.PNG", "a.PNG"),
        (image("JPEG"), "a", "a.jpg"),
        (image("TIFF"), "a.tif", "a.tif"),
        ("ế".encode() * 3000, "a.txt", "a.txt"),
        ("ế".encode("utf-16"), "a.txt", "a.txt"),
    ],
)
def test_the_kinds_that_are_read(uploads, archive, data, name, kept):
    assert receive(uploads, archive, data, name).documents[0].state == "queued"
    assert stored(uploads)[0].endswith(f"/{kept}")


def test_too_much_is_refused_while_it_comes(uploads, archive, monkeypatch):
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 10)
    monkeypatch.setattr(module, "_PIECE", 4)
    source = io.BytesIO(b"x" * 1000)
    with pytest.raises(TooLargeError):
        uploads.receive(archive, source, "a.txt")
    assert source.tell() == 12
    assert stored(uploads) == []


def test_a_text_has_a_limit_of_its_own(uploads, archive, monkeypatch):
    monkeypatch.setattr(module, "MAX_TEXT_BYTES", 5000)
    with pytest.raises(TooLargeError, match="text"):
        receive(uploads, archive, b"x" * 5001)
    assert receive(uploads, archive, b"x" * 5000).documents


def test_a_full_disk_is_told(uploads, archive, monkeypatch):
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 1 << 60)
    with pytest.raises(DiskFullError):
        receive(uploads, archive, b"mot")

    def full(_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 0)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        receive(uploads, archive, b"mot")
    assert stored(uploads) == []


def test_a_zip_file_is_its_documents(uploads, archive, keys):
    data = zipped(**{"thư mục/một.txt": b"mot", "hai.txt": b"b.txt", "ba.dwg": b"x", "../bốn.txt": b"bon"})
    upload = receive(uploads, archive, data, "gói")
    assert [(d.name, d.state, d.known) for d in upload.documents] == [
        ("thư mục/một.txt", "queued", False),
        ("hai.txt", "done", True),
        ("bốn.txt", "queued", False),
    ]
    assert upload.left_out == ["ba.dwg"]
    assert stored(uploads) == [f"{upload.sha256}/gói.zip"]
    again = receive(uploads, archive, data, "gói.zip")
    assert all(d.known for d in again.documents)
    assert len(again.documents) == 3


def test_a_member_that_cannot_be_opened_fails_alone(uploads, archive):
    data = bytearray(zipped(**{"a.txt": b"aa", "b.txt": b"bb"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # as if it asked for a password
    upload = receive(uploads, archive, bytes(data), "c.zip")
    assert [d.name for d in upload.documents] == ["b.txt"]
    assert upload.failed == [("a.txt", "encrypted")]


def test_a_zip_bomb_is_refused_unopened(uploads, archive, monkeypatch):
    monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(TooLargeError, match="unpacks"):
        receive(uploads, archive, zipped(**{"a.txt": b"0" * 1001}), "a.zip")
    monkeypatch.setattr(module, "MAX_UNPACKED_FILES", 2)
    with pytest.raises(TooLargeError, match="unpacks"):
        receive(uploads, archive, zipped(a=b"1", b=b"2", c=b"3"), "a.zip")
    assert stored(uploads) == []


def test_what_a_crash_left_is_cleared_or_taken_in(uploads, archive):
    half = uploads.folder / ".incoming" / "0123"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    placed = uploads.folder / ("a" * 64) / "1.txt"
    placed.parent.mkdir()
    placed.write_text("placed and not noted")
    assert uploads.unfinished() == 0  # it may still be coming in
    os.utime(half, (1, 1))
    assert uploads.unfinished() == 1
    assert stored(uploads) == [f"{'a' * 64}/1.txt"]
    events = [event.event for found in uploads.arrivals() for event in Arrivals(archive.ledger).take(found)]
    assert events == ["queued"]
    assert archive.batch([uploads.folder], executor=HereAndNow()).done == 1


def test_without_uploads_there_is_no_folder(uploads):
    assert list(uploads.arrivals()) == []
    assert uploads.unfinished() == 0
    assert not uploads.folder.exists()
