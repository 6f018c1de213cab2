"""A batch over a folder that strangers have filled: each file costs itself and says why; nothing comes from the net."""

import io
import socket
import zipfile
from pathlib import Path

import pikepdf
import pytest

from tests.archive.conftest import HereAndNow
from tests.containers.test_tree import mail, pdf, rar, seven, zip_file
from tests.sources.test_hostile import png
from tests.sources.test_word_processors import DATA
from tests.sources.word_files import paragraph, word_file
from vndoc.archive.worker import work

pytestmark = pytest.mark.slow

LETTER = "ỦY BAN NHÂN DÂN\nSố: 1/UBND\n\nChỉ một văn bản"


def locked(data):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def locked_zip():
    """A member whose flag asks for a password."""
    data = bytearray(zip_file(a__txt=b"x" * 40))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    return bytes(data)


def of_many_pages(amount):
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.Pages.Kids = pikepdf.Array([made.pages[0].obj] * amount)
        made.Root.Pages.Count = amount
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def bomb():
    """600 MiB of noughts in 600 kB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.txt", "w") as member:
        for _ in range(600):
            member.write(bytes(1024**2))
    return out.getvalue()


def deep(depth, data=b"x"):
    return data if depth == 0 else zip_file(**{f"{depth}__zip": deep(depth - 1, data)})


def mail_in_itself():
    inner = mail("thư", "<1@a.vn>")
    return mail("thư", "<1@a.vn>", a__eml=inner)


def mail_of(amount):
    head = b"From: a@b.vn\nTo: c@d.vn\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb\n\n"
    part = b"--bb\nContent-Type: text/plain\nContent-Disposition: attachment; filename=%d.txt\n\na\n"
    return head + b"".join(part % number for number in range(amount)) + b"--bb--\n"


ENTITIES = "<?xml version='1.0'?><!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><w>&b;</w>"
REMOTE = "<html><body><img src='http://127.0.0.1:9/a.png'><script>fetch('http://127.0.0.1:9')</script><p>Số: 1/UBND"
RELATED = [("t", "attachedTemplate", "http://127.0.0.1:9/a.dotm", "External"), ("m", "vbaProject", "vbaProject.bin")]

FAILING = {
    "bomb.zip/a.txt": (bomb, "too-large"),
    "deep.zip/4.zip/3.zip/2.zip": (lambda: deep(4), "too-large"),
    "self.eml/a.eml": (mail_in_itself, "format"),
    "many.eml": (lambda: mail_of(10_000), "too-large"),
    "many.zip": (lambda: zip_file(**{f"{n}__txt": b"" for n in range(20_001)}), "too-large"),
    "locked.pdf": (lambda: locked(pdf()), "encrypted"),
    "locked.zip/a.txt": (locked_zip, "encrypted"),
    "locked.7z": (lambda: seven("b", a__txt=b"x"), "encrypted"),
    "entities.docx": (lambda: word_file(ENTITIES), "format"),
    "broken.doc": (lambda: (DATA / "lists.doc").read_bytes()[:1500], "format"),
    "broken.msg": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "format"),
    "broken.rar": (lambda: rar(a__txt=b"x")[:30], "format"),
    "broken.7z": (lambda: seven(a__txt=b"x" * 500)[:60], "format"),
    "repeated.pdf": (lambda: of_many_pages(5000), "format"),
    "strip.png": (lambda: png(1, 100_000, 8, 0, b"\xff"), "too-large"),
}
"""What fails, and with which category."""
READ = {
    "letter.txt": LETTER.encode,
    "remote.html": REMOTE.encode,
    "remote.docx": lambda: word_file(paragraph("Số: 1/UBND"), RELATED, vbaProject__bin=b"Attribute VB_Name"),
}


def test_each_costs_itself_and_says_why(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("the net was asked"))
    folder = tmp_path / "in"
    folder.mkdir()
    for name, make in READ.items():
        (folder / name).write_bytes(make())
    for name, (make, _) in FAILING.items():
        (folder / name.partition("/")[0]).write_bytes(make())
    archive.batch([folder], executor=HereAndNow(work))
    rows = {str(Path(path).relative_to(folder)): entry for entry in archive.entries() for path in entry.paths}
    failed = {name: entry.category for name, entry in rows.items() if entry.state == "failed"}
    assert failed == {name: category for name, (_, category) in FAILING.items()}
    read = {name for name, entry in rows.items() if entry.state == "done"}
    assert read >= READ.keys()
    assert all(entry.message and "\n" not in entry.message for entry in rows.values() if entry.state == "failed")
    assert archive.batch([folder], executor=HereAndNow(work)).queued == 0
