"""Files that LibreOffice wrote of the same two Word files, in each format it knows: all read alike."""

from pathlib import Path

import pytest
from lxml import etree

import vndoc
from vndoc.errors import EmptyFileError, EncryptedError, FormatError
from vndoc.sources import SourceFile, load_file, open_file
from vndoc.sources.odt.body import Body
from vndoc.sources.odt.lists import Lists
from vndoc.sources.odt.styles import Styles

DATA = Path(__file__).parent / "data"
STYLES = """Đầu trang văn bản
hidden? VIẾT HOA
1. mục
2. mục
- mục
3. mục

ô00\tô01
ô10\tô11

sau
\f
trang hai
Cuối trang địa chỉ"""
LISTS = """Số 12
I. Mục đích
I.1. một
I.2. hai
a) ý
b) ý
- gạch
II. Yêu cầu
II.1. một
giữa
II.2. hai
Nội dung
[1] Theo Luật."""


def text(file):
    opened, _ = open_file(file)
    return "\n\f\n".join(opened.page(k).text for k in range(1, opened.page_amount + 1))


@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf"])
@pytest.mark.parametrize(("name", "wanted"), [("styles", STYLES), ("lists", LISTS)])
def test_lists_notes_margins_tables_pages_and_what_is_hidden(name, suffix, wanted):
    assert text(load_file(DATA / f"{name}.{suffix}")) == wanted


def test_a_word_97_file_has_its_fields():
    dispatch = vndoc.parse(DATA / "invitation.doc")
    assert (dispatch.type_name, dispatch.code_number, dispatch.signer.full_name) == (
        "Giấy mời",
        "89",
        "Ngô Thị Bích Thủy",
    )
    assert dispatch.source.media_type == "application/msword"


def refused_or_read(name, data):
    """Whether a damaged file is read in part, or refused by its name."""
    try:
        return bool(text(SourceFile(name, data)))
    except (FormatError, EmptyFileError, EncryptedError) as error:
        return str(error).startswith(f"{name}: ")


@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf"])
def test_files_cut_anywhere(suffix):
    data = (DATA / f"lists.{suffix}").read_bytes()
    assert all(refused_or_read(f"a.{suffix}", data[: cut + 1]) for cut in range(0, len(data), len(data) // 40))


@pytest.mark.parametrize("name", ["lists", "styles"])
def test_a_word_file_with_any_bytes_gone(name):
    data = (DATA / f"{name}.doc").read_bytes()
    gone = (data[:start] + b"\xff" * 16 + data[start + 16 :] for start in range(512, len(data), 331))
    assert all(refused_or_read("a.doc", damaged) for damaged in gone)


def test_a_locked_word_file_asks_for_its_password():
    data = bytearray((DATA / "lists.doc").read_bytes())
    head = data.index(b"\xec\xa5")
    data[head + 11] |= 1  # fEncrypted
    with pytest.raises(EncryptedError, match="asks for a password"):
        text(SourceFile("a.doc", bytes(data)))


def test_broken_ole():
    for broken in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), (DATA / "lists.doc").read_bytes()[:1500]):
        with pytest.raises(FormatError, match=r"a\.doc: the Word file is damaged or cut off"):
            text(SourceFile("a.doc", broken))


def test_any_of_them_may_be_named_as_another():
    assert text(SourceFile("a.doc", (DATA / "lists.rtf").read_bytes())) == LISTS
    assert text(SourceFile("a.docx", (DATA / "lists.odt").read_bytes())) == LISTS
    assert text(SourceFile("a.doc", "<html><body><p>Số: 1</p></body></html>".encode())) == "Số: 1"
    with pytest.raises(FormatError, match="named as a PDF"):
        text(SourceFile("a.pdf", (DATA / "lists.rtf").read_bytes()))


def test_the_notes_of_a_text_document_are_counted_and_not_looked_through():
    note = etree.fromstring(
        "<text:p xmlns:text='t'>a<text:note><text:note-body><text:p>[b]</text:p><text:p>[c]</text:p></text:note-body>"
        "</text:note></text:p>"
    )

    class Notes(list):
        def __iter__(self):
            raise AssertionError("all notes before it are looked through")

    body = Body(Styles(()), Lists(()))
    body.notes = Notes()
    body.blocks([note, note])
    assert body.notes[:] == ["[1] [b]", "[c]", "[2] [b]", "[c]"]
