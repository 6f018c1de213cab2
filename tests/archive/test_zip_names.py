"""Names in ZIP files, as the programs of many systems write them; the members open under every one of them."""

import unicodedata
import zipfile
import zlib

import pytest

from vndoc.archive import locations
from vndoc.archive.locations import members, open_member
from vndoc.containers.zipnames import member_name

NAME = "Công văn số 541 của Sở Nội vụ.pdf"
IN_1258 = unicodedata.normalize("NFD", "Số tờ.pdf").replace("o\u0302", "ô").replace("o\u031b", "ơ")


def info_of(raw: bytes, extra: bytes = b"", flags: int = 0) -> zipfile.ZipInfo:
    """What zipfile makes of a member of this name in the central directory."""
    info = zipfile.ZipInfo(raw.decode("utf-8" if flags else "cp437"))
    info.extra, info.flag_bits = extra, flags
    return info


def repeated(raw: bytes, name: str) -> bytes:
    field = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    return b"\x75\x70" + len(field).to_bytes(2, "little") + field


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"plain.pdf", "plain.pdf"),
        (NAME.encode(), NAME),
        (unicodedata.normalize("NFD", NAME).encode(), unicodedata.normalize("NFD", NAME)),
        (IN_1258.encode("cp1258"), "Số tờ.pdf"),
        ("Quyết định – Đợt 2/Công văn.pdf".translate({ord("ế"): "ê\u0301", ord("ị"): "i\u0323", ord("ợ"): "ơ\u0323"})
         .encode("cp1258"), "Quyết định – Đợt 2/Công văn.pdf"),
        ("Übersicht Größe.pdf".encode("cp437"), "Übersicht Größe.pdf"),
        ("Reçu n° 5.pdf".encode("cp437"), "Reçu n° 5.pdf"),
        ("Größe.pdf".encode("cp1252"), "Gr÷▀e.pdf"),
    ],
)  # fmt: skip
def test_the_encoding_is_the_one_that_decodes(raw, name):
    assert member_name(info_of(raw)) == name


def test_a_flag_or_a_repeated_name_settles_it():
    assert member_name(info_of("├┤.pdf".encode(), flags=0x800)) == "├┤.pdf"
    raw = b"C_ng v_n \xdb.pdf"
    assert member_name(info_of(raw, b"\x01\x00\x02\x00ab" + repeated(raw, NAME))) == NAME
    assert member_name(info_of(raw, repeated(b"another", NAME))) == "C_ng v_n █.pdf"
    assert member_name(info_of(raw, b"\x75\x70\xff\xff\x01")) == "C_ng v_n █.pdf"


def zip_with(name: bytes, path):
    """A ZIP file of one member whose name is these bytes, without a flag; zipfile writes no such thing itself."""
    placeholder = "x" * len(name)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(placeholder, b"content")
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_members_open_under_the_name_they_are_given(archive, tmp_path, here, encoding):
    path = zip_with("Công văn.txt".encode(encoding), tmp_path / "t.zip")
    assert members(str(path)) == [(f"{path}/Công văn.txt", 7)]
    with open_member(str(path), f"{path}/Công văn.txt") as member:
        assert member.read() == b"content"

    def read(job):
        copy, _ = locations.local_copy(job, tmp_path)
        return here().work(type(job)(job.document_id, job.sha256, str(copy)))

    assert archive.batch([path], executor=here(read)).done == 1
    assert [row.path for row in archive.register()] == [f"{path}/Công văn.txt"]


def test_a_name_noted_before_encodings_were_examined_still_opens(tmp_path):
    path = zip_with("Công văn.txt".encode(), tmp_path / "t.zip")
    with open_member(str(path), f"{path}/C├┤ng v─ân.txt") as member:
        assert member.read() == b"content"
