"""Each backend's edge: an exception of any kind inside leaves it as an error of vndoc, without a word of the file."""

import email.parser
import io
import zipfile

import lxml.html
import numpy as np
import olefile
import pikepdf
import pytest
from lxml import etree
from PIL import Image

from tests.sources.test_pdf_layers import shown, text_pdf
from tests.test_damage import RAISED, SECRET
from vndoc.errors import MemoryLimitError, VndocError
from vndoc.settings import Settings
from vndoc.signatures import read_signatures
from vndoc.sources import SourceFile, doc, html, image, mail, odt, pdf, rtf, text, word
from vndoc.sources.doc import OLE

ANY = [*RAISED, MemoryError(SECRET)]
PROMISED = range(3, 12)


def png():
    out = io.BytesIO()
    Image.fromarray(np.full((300, 200), 200, np.uint8)).save(out, "PNG")
    return out.getvalue()


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


DOCX = zipped(**{"word__document.xml": b"<w:document xmlns:w='a'><w:body/></w:document>"})
EDGES = {
    "png": (image.BACKEND, png(), Image, "open"),
    "pdf": (pdf.BACKEND, text_pdf(shown("a")), pikepdf, "open"),
    "docx": (word.BACKEND, DOCX, zipfile, "ZipFile"),
    "docx-xml": (word.BACKEND, DOCX, etree, "fromstring"),
    "odt": (odt.BACKEND, zipped(**{"content.xml": b"<a/>"}), etree, "fromstring"),
    "doc": (doc.BACKEND, OLE + bytes(600), olefile, "OleFileIO"),
    "msg": (mail.BACKEND, OLE + bytes(600), olefile, "OleFileIO"),
    "eml": (mail.BACKEND, b"From: a\nTo: b\nSubject: c\n\nd", email.parser.BytesParser, "parsebytes"),
    "html": (html.BACKEND, b"<html><body>a</body></html>", lxml.html, "document_fromstring"),
    "rtf": (rtf.BACKEND, b"{\\rtf1 a}", rtf, "read_rtf"),
    "txt": (text.BACKEND, b"a", text, "page_from_text"),
}


def said(caught):
    message = str(caught.value)
    return caught.value.exit_code in PROMISED and "\n" not in message and not any(w in message for w in SECRET.split())


@pytest.mark.parametrize("error", ANY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("kind", EDGES)
def test_what_leaves_a_backend(monkeypatch, kind, error):
    backend, data, holder, name = EDGES[kind]

    def broken(*_, **__):
        raise error

    monkeypatch.setattr(holder, name, broken)
    with pytest.raises(VndocError) as caught:
        backend.open(SourceFile("a", data), Settings())
    assert said(caught)
    assert isinstance(caught.value, MemoryLimitError) == isinstance(error, MemoryError)


@pytest.mark.parametrize("error", ANY, ids=lambda error: type(error).__name__)
def test_what_leaves_an_image_while_it_is_decoded(monkeypatch, error):
    opened = image.BACKEND.open(SourceFile("a", png()), Settings())

    def broken(*_, **__):
        raise error

    monkeypatch.setattr(Image.Image, "crop", broken)
    with pytest.raises(VndocError) as caught:
        opened.image(1, 100)
    assert said(caught)


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_what_leaves_the_reader_of_signatures(monkeypatch, error):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(pikepdf, "open", broken)
    found, (notice,) = read_signatures(b"%PDF-")
    assert found == []
    assert notice.message == f"The form of the PDF cannot be read ({type(error).__name__})."
