"""Which backend reads a file: by its content, the most particular first; a suffix is only a promise."""

from types import SimpleNamespace

import pytest

from vndoc.errors import FormatError
from vndoc.settings import DEFAULTS, Settings
from vndoc.sources import SourceFile, registry
from vndoc.sources.registry import BACKENDS, backends, detect, open_file, suffixes

PNG, TEXT = b"\x89PNG\r\n\x1a\n", "Số: 12/QĐ-UBND".encode()


class Backend:
    """Takes what begins with its sign, and notes what it was asked to open."""

    def __init__(self, kind, sign):
        self.names, self.suffixes, self.sign = {kind: f"a {kind}"}, {f".{kind}": kind}, sign
        self.asked = []

    def probe(self, data):
        return next(iter(self.names)) if data.startswith(self.sign) else None

    def open(self, file, settings):
        self.asked.append((file, settings))
        return SimpleNamespace(page_amount=3)


@pytest.fixture
def given(monkeypatch):
    """Puts backends in place of all there are."""

    def put(*some):
        monkeypatch.setattr(registry, "BACKENDS", type("Made", (), {"all": lambda self: iter(some)})())
        for cached in (backends, suffixes):
            cached.cache_clear()

    yield put
    monkeypatch.undo()
    for cached in (backends, suffixes):
        cached.cache_clear()


def kinds():
    return [kind for backend in backends() for kind in backend.names]


def test_formats_of_vndoc():
    assert set(BACKENDS.names()) >= {"pdf", "image", "word", "text"}
    assert kinds()[-1] == "text/plain"
    assert suffixes().items() >= {
        ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
        ".tif": "image/tiff", ".tiff": "image/tiff", ".txt": "text/plain",
    }.items()  # fmt: skip


def test_text_is_asked_last(given):
    text, one, two = Backend("text/plain", b""), Backend("one", b"1"), Backend("two", b"12")
    given(text, one, two)
    assert kinds() == ["one", "two", "text/plain"]
    assert detect(SourceFile("x", b"12")) == (one, "one")
    assert detect(SourceFile("x", b"anything")) == (text, "text/plain")
    assert suffixes() == {".text/plain": "text/plain", ".one": "one", ".two": "two"}
    assert backends() is backends()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", PNG, r"^a\.txt: is named as plain text but its content is a PNG image; rename it"),
        ("a.PDF", TEXT, r"^a\.PDF: is named as a PDF but its content is plain text; rename it"),
        ("a.pdf", b"\xff\x00\x01", r"^a\.pdf: not a PDF, nor any format that is read here; give a PDF"),
        ("a.xyz", b"\xff\x00\x01", r"^a\.xyz: not any format that is read here; give a PDF"),
        ("a.txt", b"{\\rtf1 x}", r"^a\.txt: is named as plain text but its content is an RTF file; rename it"),
        ("a", b"Rar!\x1a\x07\x01\0", r"^a: is a RAR archive, which is not read here; "),
    ],
)
def test_what_cannot_be_read_is_refused_by_what_it_is(name, data, message):
    with pytest.raises(FormatError, match=message):
        detect(SourceFile(name, data))


@pytest.mark.parametrize("name", ["a.png", "a.PNG", "a", "a.bin", "<bytes>"])
def test_a_name_without_a_promise_is_no_hindrance(name):
    assert detect(SourceFile(name, PNG))[1] == "image/png"


def test_a_format_that_a_backend_reads_is_not_refused_as_one_that_none_does(given):
    given(Backend("rar", b"Rar!"))
    assert detect(SourceFile("a.rar", b"Rar!\x1a\x07\x01\0"))[1] == "rar"


def test_a_file_is_opened_with_the_settings(given):
    one = Backend("one", b"1")
    given(one)
    file, chosen = SourceFile("a.one", b"1"), Settings(dpi=200)
    opened = [open_file(file), open_file(file, chosen)]
    assert [(found.page_amount, kind) for found, kind in opened] == [(3, "one"), (3, "one")]
    assert one.asked == [(file, DEFAULTS), (file, chosen)]
