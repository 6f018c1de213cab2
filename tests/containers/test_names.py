"""Names of members as paths: all are read, none leads out of its container, and no two are alike."""

import io
import struct
import warnings
import zipfile
import zlib

import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.containers.test_tree import rar, read
from vndoc.containers import contained, names
from vndoc.containers.names import paths_of
from vndoc.containers.sevenzip import check_head
from vndoc.errors import TooLargeError, VndocError


def zip_of(*members):
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as made:
        warnings.simplefilter("ignore")  # zipfile warns of a name that stands there twice
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def seven_of(*members):
    """By names that py7zr writes, changed afterwards: it refuses those that lead out."""
    out = io.BytesIO()
    safe = [(name.replace("..", "xx").replace(":", "x").replace("/", "z"), data) for name, data in members]
    with py7zr.SevenZipFile(out, "w") as made:
        made.set_encoded_header_mode(False)
        for name, data in safe:
            made.writestr(data, name)
    data = out.getvalue()
    offset, size = struct.unpack_from("<QQ", data, 12)
    head = data[32 + offset :]
    for (name, _), (written, _) in zip(members, safe, strict=True):
        head = head.replace(written.encode("utf-16-le"), name.encode("utf-16-le"), 1)
    start = struct.pack("<QQI", offset, size, zlib.crc32(head))
    return data[:8] + struct.pack("<I", zlib.crc32(start)) + start + data[32 : 32 + offset] + head


def rar_of(*members):
    """By names of the same length, changed afterwards: the keys of a mapping are never alike."""
    blocks = [rar(**{name: data})[20:-7] for name, data in members]
    whole = rar()
    return whole[:20] + b"".join(blocks) + whole[-7:]


@pytest.mark.parametrize("make", [zip_of, seven_of])
def test_two_members_of_one_name_are_both_read(make):
    assert read(make(("a.txt", b"one"), ("a.txt", b"two"))) == [("a/a.txt", b"one"), ("a/a (2).txt", b"two")]


def test_of_two_members_of_one_name_in_a_rar_file_one_is_told():
    """rarfile finds a member by its name, the last of them."""
    one, other = read(rar_of(("a.txt", b"one"), ("a.txt", b"two")))
    assert "it holds another file of this name" in one
    assert other == ("a/a (2).txt", b"two")


@pytest.mark.parametrize("make", [zip_of, seven_of, rar_of])
@pytest.mark.parametrize("name", ["../../up.txt", "/up.txt", "..\\..\\up.txt", "C:\\up.txt", "./up.txt"])
def test_a_name_that_leads_out_is_read_within(make, name):
    assert read(make((name, b"one"))) == [("a/up.txt", b"one")]


@pytest.mark.parametrize("make", [zip_of, seven_of])
def test_a_name_longer_than_a_file_may_have_is_read(make):
    ((path, data),) = read(make(("ă" * 300 + ".txt", b"one")))
    assert data == b"one"
    assert path.endswith("ă.txt")
    assert len(path.encode()) <= 255


@given(st.lists(st.text(max_size=300), max_size=8))
def test_paths(names):
    paths = paths_of(names)
    assert len(set(paths)) == len(paths) == len(names)
    for path in paths:
        parts = path.split("/")
        assert not {"..", "."} & set(parts[:-1])
        assert all(len(part.encode()) <= 210 for part in parts)
        assert len(path.encode()) <= 1010
        assert path.isprintable() or not any(ord(c) < 32 for c in path)


def test_many_members_of_one_name_are_counted_on(monkeypatch):
    numbered, made = names._numbered, []
    monkeypatch.setattr(names, "_numbered", lambda *own: made.append(own) or numbered(*own))
    paths = paths_of([*["a.txt"] * 500, "a (7).txt", *["a.txt"] * 500])
    assert len(set(paths)) == 1001
    assert len(made) < 1100


def test_names_without_fault_stay():
    given_names = ["thư/công văn.docx", "a b/Số 1.pdf", "x\\y.txt", ".ẩn"]
    assert paths_of(given_names) == given_names


def test_a_name_that_was_noted_before_names_were_paths_is_found():
    container = contained(io.BytesIO(zip_of(("../../up.txt", b"one"))), "a.zip")
    with container.open("../../up.txt") as file:
        assert file.read() == b"one"


def head_of(size, packed):
    """The beginning of a 7z file whose list of members claims so many bytes unpacked."""
    claimed = bytes([0xFF]) + struct.pack("<Q", size)
    folder = b"\x01\x03\x03\x01\x01" + b"\x00"
    about = (
        b"\x17\x06\x00\x01\x09" + bytes([len(packed)]) + b"\x00\x07\x0b\x01\x00"
        + folder[:1] + b"\x01\x00" + b"\x0c" + claimed + b"\x00\x00"
    )  # fmt: skip
    start = struct.pack("<QQI", len(packed), len(about), zlib.crc32(about))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + packed + about


def test_a_packed_list_of_members_is_not_unpacked_where_it_is_a_bomb():
    bomb = io.BytesIO(head_of(3 * 1024**3, bytes(40)))
    with pytest.raises(TooLargeError, match="its list of files is longer"):
        check_head(bomb, "a.7z")
    with pytest.raises(VndocError, match="its list of files is longer"):
        contained(bomb, "a.7z").members()
    check_head(io.BytesIO(seven_of(("a.txt", b"one"))), "a.7z")
