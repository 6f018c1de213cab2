"""What Windows and macOS do in another way, as far as it can be tried on any system: names, paths, newlines."""

import ntpath
import os
from io import BytesIO, TextIOWrapper
from pathlib import PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.archive import intake
from vndoc.archive.intake import IntakeItem, is_junction, look
from vndoc.archive.left_out import LeftOut, kind_by_name
from vndoc.archive.pagefolder import are_pages
from vndoc.archive.quality import sheet
from vndoc.cli.streams import same_everywhere
from vndoc.filenames import safe_name, slashed
from vndoc.pipeline import read_each
from vndoc.settings import Settings

NAMES = st.text(st.characters(exclude_characters="/\\\0") | st.sampled_from(" .:~$"), min_size=1, max_size=30)
DEVICES = st.sampled_from(["con", "NUL.tar", "com¹", "LPT9 .x", "aux.", "a. . ", "conin$", "ắ" * 99])
DISPATCH = """ỦY BAN NHÂN DÂN
HUYỆN BÌNH SƠN
Số: 815/UBND-VP
V/v tăng cường công tác phòng cháy, chữa cháy
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bình Sơn, ngày 21 tháng 3 năm 2024
Kính gửi: Các phòng, ban thuộc huyện.

1. Phòng Nội vụ báo cáo kết quả trước ngày 05/11/2024.
CHỦ TỊCH
Trần Văn Minh
"""


def is_reserved(name):
    """Whether Windows has a device of that name, by Python's own list; the method is gone in newer versions."""
    known = getattr(ntpath, "isreserved", None)
    return known(name) if known else PureWindowsPath(name).is_reserved()


@given(st.text(max_size=60) | DEVICES)
def test_a_safe_name_is_one_name_on_each_system_and_no_device(stem):
    name = safe_name(stem, ".pdf")
    for flavour in (PureWindowsPath, PurePosixPath):
        assert flavour(name).parts == (name,)
        assert flavour(name).suffix == ".pdf"
    assert not is_reserved(name)
    assert len(name.encode("utf-16-le")) // 2 <= 240  # of Windows' 260 for the whole path


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_windows_paths_are_kept_with_slashes_and_lead_to_the_same_file(parts):
    for root in ("C:\\", "\\\\server\\share\\"):
        path = root + "\\".join(parts)
        kept = slashed(path, PureWindowsPath)
        assert "\\" not in kept
        assert PureWindowsPath(kept) == PureWindowsPath(path)
        assert PurePosixPath(kept).name == PureWindowsPath(path).name


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_a_backslash_stays_where_it_is_a_letter(parts):
    path = "/" + "\\".join(parts)
    assert slashed(path, PurePosixPath) == path


def test_what_a_folder_of_windows_holds_is_known_by_slashes(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("văn bản", encoding="utf-8")
    monkeypatch.setattr(intake.os, "sep", "\\")
    found = IntakeItem(r"C:\in\a.txt", "file", (1, 1)), LeftOut(r"C:\in\b.pptx", ".pptx")
    monkeypatch.setattr(intake, "_look", lambda roots, folders: iter(found))
    monkeypatch.setattr(intake, "slashed", lambda path: slashed(path, PureWindowsPath))
    assert [one.path for one in look([tmp_path])] == ["C:/in/a.txt", "C:/in/b.pptx"]


def test_a_junction_is_a_link_and_a_folder_is_none(tmp_path):
    assert is_junction(SimpleNamespace(st_reparse_tag=0xA0000003))
    assert not is_junction(SimpleNamespace(st_reparse_tag=0x9000001A))  # a folder of OneDrive
    assert not is_junction(os.lstat(tmp_path))


@pytest.mark.parametrize("names", [["001.PNG", "002.PNG"], ["Trang 1.jpg", "Trang 2.JPG"]])
def test_capitals_in_suffixes_make_no_difference(names):
    assert are_pages(names)
    assert kind_by_name("C:/in/Báo cáo.PPTX") == ".pptx"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_newlines_of_each_system_are_read_alike(tmp_path, suffix, newline):
    text = DISPATCH
    if suffix == ".html":
        text = "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>\n"
        text += "".join(f"<p>{line}</p>\n" for line in DISPATCH.splitlines()) + "</body></html>"
    read = []
    for number, end in enumerate(("\n", newline)):
        path = tmp_path / f"{number}{suffix}"
        path.write_bytes(text.replace("\n", end).encode())
        (document,) = read_each(path, settings=Settings(jobs=1))
        read.append(document.dispatch.model_dump(exclude={"source"}))
    assert read[0] == read[1]
    assert read[0]["code_number"] == "815"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_table_saved_on_each_system_is_read_alike(tmp_path, newline):
    path = tmp_path / "checked.csv"
    path.write_bytes(f"a;b;c,d{newline}1;2;3{newline}".encode("utf-8-sig"))
    assert list(sheet._rows_of(path)) == [["a", "b", "c,d"], ["1", "2", "3"]]


def test_standard_output_has_the_same_bytes_on_each_system():
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="cp1252", newline="\r\n")  # as Windows opens it
    same_everywhere(stream)
    stream.write("a,ế\r\nb\n\udcf4")
    stream.flush()
    assert raw.getvalue() == "a,ế\r\nb\n\\udcf4".encode()
