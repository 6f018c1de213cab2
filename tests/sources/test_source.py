import errno
import io
import os

import pikepdf
import pytest
from PIL import Image

from tests.conftest import pdf_of
from vndoc import errors
from vndoc.sources import load_file, open_file
from vndoc.sources.text import text_pages


def opened(source):
    """How many pages the document has, and its media type."""
    document, kind = open_file(load_file(source))
    with document:
        return document.page_amount, kind


def image_bytes(format_="PNG", size=(40, 30), **options):
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, format_, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.png", image_bytes(), "image/png"),
        ("a.JPG", image_bytes("JPEG"), "image/jpeg"),
        ("a.tif", image_bytes("TIFF"), "image/tiff"),
        ("a.txt", "Số: 815/UBND".encode(), "text/plain"),
        ("a.txt", "Số: 815/UBND".encode("utf-16"), "text/plain"),
        ("no suffix", image_bytes(), "image/png"),
    ],
)
def test_the_content_decides_the_kind(tmp_path, name, data, media_type):
    path = tmp_path / name
    path.write_bytes(data)
    assert opened(path) == (1, media_type)
    file = load_file(path)
    assert (file.name, len(file.sha256)) == (name, 64)


def test_bytes_and_str_paths_are_taken(tmp_path, page_image):
    data = pdf_of(page_image, page_image)
    path = tmp_path / "hai trang.pdf"
    path.write_bytes(data)
    assert opened(str(path))[0] == 2
    assert load_file(data).name == "<bytes>"
    assert path.read_bytes() == data


def test_multi_page_tiff_is_counted():
    frames = [Image.new("1", (60, 80), 1) for _ in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    assert opened(out.getvalue())[0] == 3


def test_text_is_parted_at_form_feeds():
    assert text_pages("one\ftwo\f\n") == ["one", "two"]
    assert text_pages("one") == ["one"]


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(errors.MissingFileError, match="no such file"):
        opened(tmp_path / "none.pdf")
    with pytest.raises(errors.MissingFileError, match="folder"):
        opened(tmp_path)
    with pytest.raises(errors.MissingFileError):
        opened("name with a nul\0.pdf")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")
    path.chmod(0)
    with pytest.raises(errors.MissingFileError, match="permission"):
        opened(path)


@pytest.mark.parametrize("data", [b"", b" \n\t "])
def test_empty(tmp_path, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(errors.EmptyFileError):
        opened(path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", image_bytes()),
        ("a.png", b"%PDF-1.4\n"),
        ("a.pdf", b"\x00\x01\x02\xff\xfe\xfd"),
        ("a.docx", b"PK\x03\x04\x00\x00"),
        ("a.txt", b"\xc3\x28 not UTF-8"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"),
        ("a.png", image_bytes()[:20]),
    ],
)
def test_wrong_or_damaged_content(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(errors.FormatError, match=name):
        opened(path)


def test_cut_off_pdf(page_image):
    data = pdf_of(page_image, page_image)
    with pytest.raises(errors.FormatError, match="cut off"):
        opened(data[: len(data) * 2 // 3])


def test_pdf_without_pages():
    out = io.BytesIO()
    pikepdf.new().save(out)
    with pytest.raises(errors.EmptyFileError, match="no pages"):
        opened(out.getvalue())


def test_encrypted_pdf(page_image):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(page_image))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(errors.EncryptedError, match="password"):
        opened(out.getvalue())


def test_image_of_too_many_pixels(tmp_path):
    path = tmp_path / "huge.png"
    Image.new("1", (30_000, 30_000)).save(path)
    with pytest.raises(errors.TooLargeError, match="300 dpi"):
        opened(path)


@pytest.mark.parametrize(("code", "kind"), [(errno.EIO, errors.MissingFileError), (errno.EMFILE, errors.MachineError)])
def test_a_disk_that_fails_at_one_file_is_not_the_machine_s_fault(tmp_path, monkeypatch, code, kind):
    def fail(path):
        raise OSError(code, "said by the system")

    monkeypatch.setattr("vndoc.sources.file.open_regular", fail)
    with pytest.raises(kind):
        load_file(tmp_path / "a.pdf")
