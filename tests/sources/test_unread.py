"""Formats that are recognised and refused, and texts that only look like one of them."""

import io
import zipfile

import pytest

from vndoc.errors import FormatError
from vndoc.sources import SourceFile, detect
from vndoc.sources.text import TEXT
from vndoc.sources.unread import unread_kind

LETTER = "SỞ NỘI VỤ\nSố: 412/SNV-VTLT\nKính gửi: Các sở, ban, ngành tỉnh\n"


def zipped(*names, first=b"x"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, first)
    return out.getvalue()


FILES = {
    "an Office file (XLSX or PPTX)": [zipped("[Content_Types].xml", "xl/workbook.xml"), zipped("ppt/a.xml")],
    "an OpenDocument table or picture": [zipped("mimetype", first=b"application/vnd.oasis.opendocument.spreadsheet")],
    "a ZIP file": [zipped("thu.pdf")],
    "a 7z archive": [b"7z\xbc\xaf\x27\x1c\0\4"],
    "a RAR archive": [b"Rar!\x1a\x07\x01\0"],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, files in FILES.items() for data in files])
def test_known_formats_are_named_and_refused_with_advice(name, data):
    assert unread_kind(data).name == name
    with pytest.raises(FormatError, match="which is not read here; ") as error:
        detect(SourceFile("thư", data))
    assert name in str(error.value)
    assert str(error.value).rstrip()[-1].isalpha() or str(error.value).endswith("'")


@pytest.mark.parametrize("suffix", [".txt", ".pdf", ""])
def test_a_name_that_says_otherwise_changes_nothing(suffix):
    with pytest.raises(FormatError, match="is a RAR archive"):
        detect(SourceFile(f"thư{suffix}", b"Rar!\x1a\x07\x01\0"))


@pytest.mark.parametrize(
    "text",
    [
        LETTER,
        "Từ: Văn phòng Sở\nĐến: Các phòng\n" + LETTER,
        "Từ: ngày 01/8/2025\nSubject: báo cáo\n" + LETTER,
        "Subject to approval:\nDate: ngày 14 tháng 8 năm 2025\n" + LETTER,
        "Date: 14/8/2025\nTo: Các sở\n" + LETTER,  # no sender: a letter in English has such lines
        "THÔNG BÁO\nFrom: a@b.vn\nTo: c@d.vn\n" + LETTER,
        "< 5 ngày làm việc\n" + LETTER,
        "<<SO_VB>>\n" + LETTER,
        "# SỞ NỘI VỤ\n\n<html>\n<b>Số: 412</b>\n",
        "**Số:** 412\n\n<table><tr><td>Kính gửi</td></tr></table>\n",
        "<div align='center'>SỞ NỘI VỤ</div>\n\n**Số:** 412/SNV\n",
        "Tải trang <!DOCTYPE html> về",
        "{rtf} là một định dạng",
        "PK là chữ viết tắt",
        "GIF là ảnh",
        "Rar! một tiếng kêu",
        "Mime-Version là gì?",
        "7z",
        "MIME-Versions: nhiều",
    ],
)
def test_texts_that_only_look_like_it_are_texts(text):
    assert detect(SourceFile("a.txt", text.encode()))[1] == TEXT


def test_a_pdf_behind_a_mails_head_is_a_pdf():
    assert detect(SourceFile("a.pdf", b"From: x\nTo: y\n%PDF-1.4\n"))[1] == "application/pdf"


def test_a_long_head_is_searched_quickly():
    assert unread_kind(b"A:\n" * 3000) is None
    assert unread_kind(b"A: b\n " * 3000) is None
    assert unread_kind(b"<!-- " * 3000) is None
