"""Web pages: their text by blocks and tables, and nothing fetched or run."""

import socket

import pytest

from vndoc.errors import EmptyFileError, FormatError
from vndoc.sources import SourceFile, open_file
from vndoc.sources import html as pages
from vndoc.sources.html import HTML


def text(body, head="", name="a.html"):
    opened, kind = open_file(SourceFile(name, f"<html><head>{head}</head><body>{body}</body></html>".encode()))
    assert kind == HTML
    return "\f".join(opened.page(k).text for k in range(1, opened.page_amount + 1))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<p>Số:\n  12<br>hai</p>ba<div>bốn</div>", "Số: 12\nhai\nba\nbốn"),
        ("<table><tr><td><b>SỞ</b> Y TẾ<br>Số: 1</td><td>CỘNG HÒA</td></tr></table>", "SỞ Y TẾ\nSố: 1\nCỘNG HÒA"),
        ("<table border=1><tr><th>TT<th>Tên<th>Số<tr><td>1<td>A<td>2</table>", "TT\tTên\tSố\n1\tA\t2"),
        ("<ol start=3><li>a<li>b</ol><ol type=a><li>c</ol><ul><li>d</ul>", "3. a\n4. b\na. c\n- d"),
        ("a<script>alert(1)</script><style>b</style><p style='display:none'>c</p><p hidden>d</p>e", "ae"),
        ("<p style='text-transform: uppercase'>thư</p>", "THƯ"),
        ("a<p style='page-break-before:always'>b</p>", "a\fb"),
        ("a<br clear=all style='page-break-before:always'>b", "a\fb"),
        ("&#7889; &amp; &nbsp;&lt;x&gt;", "ố & <x>"),
        ("<p>lỗi <b>không đóng<p>hai", "lỗi không đóng\nhai"),
    ],
)
def test_what_is_shown(body, wanted):
    assert text(body) == wanted


@pytest.mark.parametrize(
    "data",
    [
        b"<html><meta charset=windows-1258><p>Quy\xec III",
        b"<html><meta charset=nonsense><p>Quy\xec III",
        "\ufeff<html><p>Quý III".encode("utf-16"),
        "<html><meta charset=windows-1252><p>Quý III".encode(),
        "\ufeff<!DOCTYPE html><p>Quý III".encode(),
    ],
)
def test_letters_are_those_that_were_meant(data):
    opened, _ = open_file(SourceFile("a.html", data))
    assert opened.page(1).text == "Quý III"


def test_nothing_is_fetched(monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("the net was asked"))
    body = (
        '<img src="http://127.0.0.1:9/a.png"><iframe src="http://127.0.0.1:9/"></iframe>thư<link rel=stylesheet href=x>'
    )
    assert (
        text(body, '<base href="http://127.0.0.1:9/"><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">')
        == "thư"
    )
    entity = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>thư &x;</body></html>'
    opened, _ = open_file(SourceFile("a.html", entity.encode()))
    assert "root:" not in opened.page(1).text


def test_hostile_pages(monkeypatch):
    assert text("nông" + "<div>" * 5000 + "sâu").startswith("nông")
    assert "a" in text("<p>a" + "<table><tr><td>" * 300)
    with pytest.raises(EmptyFileError):
        text("<img src=a>")
    monkeypatch.setattr(pages, "_MOST_BYTES", 100)
    with pytest.raises(FormatError, match="is not read"):
        text("a" * 200)
