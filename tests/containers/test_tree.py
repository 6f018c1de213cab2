"""Files that hold files: each by its path, through as many containers as are opened; what is hostile is told."""

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage
from hashlib import sha256

import pikepdf
import py7zr
import pytest

from vndoc.containers import base, contained, open_within, parts, walk
from vndoc.errors import EncryptedError, FormatError, TooLargeError, VndocError
from vndoc.sources import SourceFile


def zip_file(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "."), data)
    return out.getvalue()


def mail(text, identifier=None, **files):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@b.vn", "c@d.vn", "thư"
    if identifier:
        made["Message-ID"] = identifier
    made.set_content(text)
    for name, data in files.items():
        made.add_attachment(data, "application", "octet-stream", filename=name.replace("__", "."))
    return made.as_bytes()


def seven(password=None, **files):
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as made:
        for name, data in files.items():
            made.writestr(data, name.replace("__", "."))
    return out.getvalue()


def rar(**files):
    """RAR 4 with members that are stored as they are."""

    def block(kind, flags, body, data=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data

    made = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, data in files.items():
        title = name.replace("__", ".").encode()
        body = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x5A000000, 20, 0x30, len(title), 0o644
        )
        made += block(0x74, 0x8000, body + title, data)
    return made + block(0x7B, 0x4000, b"")


def pdf(**files):
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        for name, data in files.items():
            made.attachments[name.replace("__", ".")] = pikepdf.AttachedFileSpec(made, data)
        made.save(out)
    return out.getvalue()


def read(data, name="a", **options):
    """Names and bytes of the parts; of what cannot be read, its message."""
    found = parts(SourceFile(name, data), **options)
    return [str(part) if isinstance(part, VndocError) else (part.name, part.data) for part in found]


FILES = {"một__txt": b"mot", "hai__txt": b"hai"}
WANTED = [("a/một.txt", b"mot"), ("a/hai.txt", b"hai")]


@pytest.mark.parametrize("make", [zip_file, seven, rar])
def test_what_only_holds_others_is_its_members(make):
    assert read(make(**FILES)) == WANTED


def test_a_mail_comes_before_its_attachments():
    data = mail("thư", **FILES)
    assert read(data) == [("a", data), *WANTED]


def test_files_attached_to_a_pdf_are_read_where_asked():
    data = pdf(**FILES)
    assert read(data) == [("a", data)]
    assert read(data, attachments=True) == [("a", data), ("a/hai.txt", b"hai"), ("a/một.txt", b"mot")]


def test_a_file_alone_and_a_word_file_are_one_part():
    assert read(b"text") == [("a", b"text")]
    word = zip_file(**{"[Content_Types]__xml": b"x", "word/document__xml": b"x"})
    assert read(word) == [("a", word)]


def test_containers_within_one_another():
    inner = mail("trong", **FILES)
    data = zip_file(thu__eml=inner, **{"__MACOSX/x__eml": inner, "rỗng__txt": b""})
    assert read(data) == [
        ("a/thu.eml", inner),
        ("a/thu.eml/một.txt", b"mot"),
        ("a/thu.eml/hai.txt", b"hai"),
        "a/rỗng.txt: the file is empty (0 bytes)",
    ]


def test_the_depth_is_limited():
    data = b"tan cung"
    for _ in range(5):
        data = zip_file(a__zip=data) if data[:2] == b"PK" else zip_file(a__txt=data)
    (message,) = read(data)
    assert message == (
        "a/a.zip/a.zip/a.zip: no more than 3 containers within one another are opened; save what is in it as files"
    )


def test_a_mail_that_holds_itself_is_told():
    inner = mail("thư", "<1@b.vn>", a__txt=b"x")
    data = mail("thư", "<1@b.vn>", thu__eml=inner)
    assert read(data)[2] == "a/thu.eml: the mail holds itself; what is attached to it is read once"


def test_a_bomb_of_containers(monkeypatch):
    monkeypatch.setattr(base, "MAX_MEMBERS", 50)
    inner = zip_file(**{f"{k}__txt": b"" for k in range(40)})
    found = list(walk(contained(io.BytesIO(zip_file(**{f"{k}__zip": inner for k in range(40)})), "a")))
    assert len(found) < 200
    assert {type(item.error) for item in found} == {type(None), TooLargeError}


def test_a_container_in_another_is_held_in_memory_within_a_limit(monkeypatch):
    monkeypatch.setattr(base, "MAX_INNER_BYTES", 1000)
    (message,) = read(zip_file(b__zip=b"PK\3\4" + bytes(5000)))
    assert "a container of more than 0 MiB in another" in message


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (seven("mật", a__txt=b"x"), EncryptedError, "7z file asks for a password"),
        (seven(a__txt=b"x" * 500)[:60], FormatError, "7z file is damaged"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), FormatError, "7z file is damaged"),
        (rar(a__txt=b"x")[:30], FormatError, "RAR file is damaged"),
        (zip_file(a__txt=b"x")[:30], FormatError, "ZIP file is damaged"),
    ],
    ids=["locked", "7z cut", "7z head", "RAR cut", "ZIP cut"],  # the bytes hold the time, and name no test
)
def test_locked_and_damaged_containers(data, error, reason):
    with pytest.raises(error, match=reason):
        contained(io.BytesIO(data), "a").members()


@pytest.mark.parametrize("make", [zip_file, seven, rar])
def test_a_member_that_is_too_large(make, monkeypatch):
    container = contained(io.BytesIO(make(a__txt=b"0" * 5000)), "a")
    monkeypatch.setattr(base, "MAX_MEMBER_BYTES", 1000)
    with pytest.raises(TooLargeError, match="unpacks to more than"), container.open("a.txt"):
        pass
    monkeypatch.setattr(base, "MAX_BYTES", 1000)
    with pytest.raises(TooLargeError, match="unpacks to more than"):
        container.members()


def test_a_pdf_whose_attachment_is_a_bomb(monkeypatch):
    monkeypatch.setattr(base, "MAX_MEMBER_BYTES", 1000)
    assert "unpacks to more than" in read(pdf(a__txt=b"0" * 100_000), attachments=True)[1]


def test_paths_lead_through_names_with_strokes():
    container = contained(io.BytesIO(zip_file(**{"a/b__eml": mail("x", c__txt=b"c"), "a/b__eml/d__txt": b"d"})), "z")
    with open_within(container, "a/b.eml/d.txt") as file:
        assert file.read() == b"d"
    with open_within(container, "a/b.eml/c.txt") as file:
        assert file.read() == b"c"
    with pytest.raises(KeyError), open_within(container, "a/none"):
        pass


@pytest.mark.parametrize("suffix", ["zip", "7z", "rar", "eml"])
def test_a_name_that_promises_a_container(suffix):
    with pytest.raises(FormatError, match=rf"^a\.{suffix}: "):
        contained(io.BytesIO(b"chi la chu"), f"a.{suffix}").members()


@pytest.mark.parametrize(("module", "make"), [("py7zr", seven), ("rarfile", rar)])
def test_without_the_library(module, make, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(FormatError, match=r"pip install 'vndoc\[formats\]'"):
        contained(io.BytesIO(make(a__txt=b"x")), "a").members()


def test_7z_members_are_hashed_at_once():
    found = list(walk(contained(io.BytesIO(seven(**FILES)), "a"), digests=True))
    assert [item.sha256 for item in found] == [sha256(data).hexdigest() for data in FILES.values()]
