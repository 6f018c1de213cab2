"""Mails: the text of the body, and attachments by name; what is hostile is refused, nothing is fetched."""

import socket
import struct
from email.message import EmailMessage

import pytest

from tests.sources.outlook import outlook_mail
from vndoc.errors import EmptyFileError, FormatError, TooLargeError
from vndoc.sources import SourceFile, detect, open_file
from vndoc.sources.mail import EML, MHT, MSG, eml, message, read_mail
from vndoc.sources.mail.eml import read_eml
from vndoc.sources.mail.packed import unpacked


def mail(text="Kính gửi: Sở Nội vụ", html=None, *attached, **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "vt@example.vn", "so@example.vn", headers.get("subject", "Gửi văn bản")
    made.set_content(text)
    if html is not None:
        made.add_alternative(html, subtype="html")
    for name, data in attached:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made


def body(data, name="thư"):
    opened, kind = open_file(SourceFile(name, data))
    return kind, opened.page(1).text


HEAD = (
    "Received: from mx.example.vn by mail.example.vn;\r\n Mon, 4 Aug 2025 08:00:00 +0700\r\n"
    "From: a@example.vn\r\nTo: b@example.vn\r\n\r\nthư"
)
RELATED = (
    b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>thu\n--x--"
)
EXTERNAL = (
    b"MIME-Version: 1.0\nFrom: a\nContent-Type: message/external-body; access-type=URL;"
    b' URL="http://127.0.0.1:9/"\n\nContent-Type: text/plain\n\n'
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (HEAD.encode(), EML),
        (HEAD.replace("\r\n", "\n").encode(), EML),
        (b"From: a@b.vn\nTo: c@d.vn\nSubject: x\n\nthu", EML),
        (b"\xef\xbb\xbfReturn-Path: <a@b.vn>\nDelivered-To: c@d.vn\n\nthu", EML),
        (b"Date: Mon\nMessage-ID: <1@b>\nSubject: x\n\nthu", EML),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>thu", EML),
        (RELATED, MHT),
    ],
)  # fmt: skip
def test_mails_are_known_by_their_head(data, kind):
    assert detect(SourceFile("thư", data))[1] == kind
    assert open_file(SourceFile("a.doc" if kind == MHT else "a.eml", data))[0].page(1).text in ("thư", "thu")


def test_a_mails_text_is_its_page_where_it_has_one():
    table = "<table><tr><td>SỞ NỘI VỤ<br>Số: 1/SNV</td><td>CỘNG HÒA</td></tr></table>"
    assert body(mail("plain", f"<html>{table}").as_bytes()) == (EML, "SỞ NỘI VỤ\nSố: 1/SNV\nCỘNG HÒA")
    assert body(mail("chữ\nhai", "<img src=x>").as_bytes()) == (EML, "chữ\nhai")
    assert body(mail(" ").as_bytes()) == (EML, "Gửi văn bản")
    with pytest.raises(EmptyFileError, match="neither text nor subject"):
        body(mail(" ", subject="").as_bytes())


def test_attachments_have_file_names_of_their_own():
    made = mail("a", None, ("Công văn.docx", b"1"), ("Công văn.docx", b"2"), ("../../etc/passwd", b"3"), ("", b"4"))
    found = read_mail(SourceFile("a.eml", made.as_bytes())).attachments
    assert [(a.name, a.data) for a in found] == [
        ("Công văn.docx", b"1"),
        ("Công văn (2).docx", b"2"),
        ("_.._etc_passwd", b"3"),
        ("attachment.bin", b"4"),
    ]


def test_a_mail_names_its_attachments():
    made = mail("a", None, *((f"{k}.pdf", b"x") for k in range(7)))
    (remark,) = open_file(SourceFile("a.eml", made.as_bytes()))[0].remarks()
    assert remark.code == "attachments-apart"
    shown = '"0.pdf", "1.pdf", "2.pdf", "3.pdf", "4.pdf" and 2 more'
    assert remark.message == f"The mail has 7 attached files ({shown}), each a document of its own."
    assert open_file(SourceFile("a.eml", mail("a").as_bytes()))[0].remarks() == []


def test_small_pictures_in_the_text_are_no_documents():
    made = mail("a", "<img src=cid:1>")
    page = made.get_payload()[1]
    page.add_related(b"\x89PNG" * 5, "image", "png", cid="<1>", filename="logo.png")
    page.add_related(b"\x89PNG" * 50_000, "image", "png", cid="<2>", filename="scan.png")
    found = read_mail(SourceFile("a.eml", made.as_bytes())).attachments
    assert [(a.name, a.decoration) for a in found] == [("logo.png", True), ("scan.png", False)]


def test_a_mail_in_a_mail_is_an_attachment():
    made = mail("ngoài")
    made.add_attachment(mail("trong", subject="Thư chuyển"))
    (inner,) = read_mail(SourceFile("a.eml", made.as_bytes())).attachments
    assert inner.name == "Thư chuyển.eml"
    assert body(inner.data)[1] == "trong"


def test_nothing_is_fetched(monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("the net was asked"))
    assert read_mail(SourceFile("a.eml", EXTERNAL)).text() == ""
    assert body(mail("a", "<img src='http://127.0.0.1:9/'>thư").as_bytes())[1] == "thư"


def nested(depth):
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{k}\n\n--b{k}\n" for k in range(depth))
    return f"From: a\nTo: b\nMIME-Version: 1.0\n{parts}Content-Type: text/plain\n\nsâu".encode()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (nested(60), FormatError),
        (nested(3000), FormatError),
        (b"From: a\nTo: b\nContent-Type: multipart/mixed; boundary=\n\n--\n", EmptyFileError),
        (b"From: a\nTo: b\nContent-Transfer-Encoding: base64\n\n%%%%", EmptyFileError),
        (b"From: " + b"(" * 2000 + b"\nTo: b\n\n", EmptyFileError),
    ],
)
def test_hostile_mails(data, error):
    with pytest.raises(error, match=r"a\.eml: "):
        open_file(SourceFile("a.eml", data))


def test_ten_thousand_attachments(monkeypatch):
    part = "--x\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n"
    data = (
        f"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n{part * 10_000}--x--".encode()
    )
    with pytest.raises(TooLargeError, match="more than 1000 attachments"):
        open_file(SourceFile("a.eml", data))
    monkeypatch.setattr("vndoc.sources.mail.eml._MOST_BYTES", 10)
    with pytest.raises(TooLargeError):
        read_eml(data, "a.eml")
    assert message.MAX_ATTACHMENTS == 1000


def test_outlook():
    inner = {"0037": "Trong", "1000": "thư trong"}
    data = outlook_mail(
        {"0037": "Ngoài", "1000": "Kính gửi\r\nSở", "1035": "<1@b>"},
        [
            {"3707": "Công văn.docx", "data": b"PK"},
            {"3707": "logo.png", "370E": "image/png", "3712": "c", "data": b"x"},
            {"mail": inner},
        ],
    )
    assert body(data, "a.msg") == (MSG, "Kính gửi\nSở")
    found = read_mail(SourceFile("a.msg", data))
    assert (found.subject, found.identifier) == ("Ngoài", "<1@b>")
    assert [(a.name, a.decoration) for a in found.attachments] == [
        ("Công văn.docx", False),
        ("logo.png", True),
        ("Trong.eml", False),
    ]
    assert found.attachments[0].data == b"PK"
    assert body(found.attachments[2].data) == (EML, "thư trong")
    assert read_mail(SourceFile("a.msg", data)).attachments[2].data == found.attachments[2].data


def test_outlook_of_eight_bits():
    data = outlook_mail({}, [], {"0037001E": "Thư".encode(), "10130102": b"<html><p>Qu\xfd"}, {0x3FDE: 65001})
    assert read_mail(SourceFile("a.msg", data)).subject == "Thư"


HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
OVER = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_packed_rtf_as_the_specification_has_it():
    """[MS-OXRTFCP] 3.1 and 3.2; and a body that is stored as it is."""
    assert unpacked(HELLO) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(OVER) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert unpacked(struct.pack("<II4sI", 15, 3, b"MELA", 0) + b"{x}") == b"{x}"


def test_the_packed_body_of_an_outlook_mail():
    rtf = rb"{\rtf1\ansi\ansicpg1258 K\u237?nh g\u7917?i\par S\u7903? N\u7897?i v\u7909?}"
    plain = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    assert body(outlook_mail({"0037": "Thư"}, [], {"10090102": plain}), "a.msg") == (MSG, "Kính gửi\nSở Nội vụ")
    assert body(outlook_mail({"0037": "Thư"}, [], {"10090102": HELLO}), "a.msg") == (MSG, "hello world")
    both = outlook_mail({"1000": "chữ"}, [], {"10090102": HELLO})
    assert body(both, "a.msg") == (MSG, "chữ")


@pytest.mark.parametrize("data", [HELLO[:30], HELLO[:16], HELLO[:10], HELLO.replace(b"LZFu", b"what")])
def test_a_damaged_body_of_an_outlook_mail(data):
    with pytest.raises(FormatError, match="the mail is damaged"):
        body(outlook_mail({"0037": "Thư"}, [], {"10090102": data}), "a.msg")


@pytest.mark.parametrize("cut", [600, 1500, 2500, 4000])
def test_broken_outlook(cut):
    data = outlook_mail({"0037": "Ngoài", "1000": "Kính gửi" * 500}, [{"3707": "a.pdf", "data": b"x" * 5000}])
    with pytest.raises(FormatError):
        body(data[:cut], "a.msg")


def nested(depth, inner, kind="multipart/mixed; boundary=b{0}"):
    head = "".join(f"Content-Type: {kind.format(n)}\n\n--b{n}\n" for n in range(depth))
    return f"From: a@example.vn\nMIME-Version: 1.0\n{head}Content-Type: text/plain\n\n{inner}".encode()


def test_a_mail_of_hostile_depth_is_given_up_before_its_lines_are_read(monkeypatch):
    read = []
    monkeypatch.setattr(eml._Part, "set_payload", lambda part, text, *rest: read.append(text))
    with pytest.raises(FormatError, match="nests more than 100 parts"):
        read_eml(nested(101, "a\n" * 50), "thư")
    assert not read
    forwarded = "Content-Type: message/rfc822\n\nFrom: a@example.vn\n" * 101
    with pytest.raises(FormatError, match="nests more than 100 parts"):
        read_eml(f"From: a@example.vn\nMIME-Version: 1.0\n{forwarded}\na".encode(), "thư")


@pytest.mark.parametrize("part", ["--b\n\na\n", "--b\nContent-Type: text/plain\n\na\n"])
def test_no_more_parts_are_made_than_are_taken(monkeypatch, part):
    monkeypatch.setattr(eml, "_MOST_PARTS", 20)
    made = []

    class Part(eml._Part):
        def __init__(self, policy):
            super().__init__(policy)
            made.append(self)

    monkeypatch.setattr(eml, "_Part", Part)
    head = "From: a@example.vn\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    assert read_eml(f"{head}{part * 19}--b--".encode(), "thư").plain == ["a"] * 19
    made.clear()
    with pytest.raises(TooLargeError, match="more than 1000 attachments"):
        read_eml(f"{head}{part * 500}--b--".encode(), "thư")
    assert len(made) == 20


@pytest.mark.parametrize("name", ["Subject", "To", "Content-Type", "Content-Disposition"])
@pytest.mark.parametrize("long", ["a:b,", ";", "text/plain; a*0*=b;", "ạ "])
def test_of_a_header_without_end_only_the_beginning_is_taken_apart(monkeypatch, name, long):
    longest, parse = [], eml.EmailPolicy.header_fetch_parse

    def fetched(policy, header, value):
        longest.append(len(str(value)))
        return parse(policy, header, value)

    monkeypatch.setattr(eml.EmailPolicy, "header_fetch_parse", fetched)
    head = "From: a@example.vn\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    hostile = f"{name}: {long * 100_000}\n"
    for data in (f"From: a@example.vn\n{hostile}\nthư", f"{head}Content-Type: message/rfc822\n\n{hostile}\nthư\n--b--"):
        read_eml(data.encode(), "thư")
    assert 0 < max(longest) <= 8000


@pytest.mark.parametrize("charset", ["undefined", "\0", "idna", "rot13", "utf-99"])
def test_a_body_in_an_encoding_that_is_none_is_read_as_a_browser_would(charset):
    text = f"From: a@b.vn\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\nKính gửi: Sở Nội vụ"
    assert body(text.encode()) == (EML, "Kính gửi: Sở Nội vụ")
    page = f"<html><meta charset={charset}><p>Quư I".encode("cp1258")
    assert body(page)[1] == "Quư I"
