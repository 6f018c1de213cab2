"""The file as it came: its kind by content, its hash, its pages counted. Files are read, never changed.

A file is known by the SHA-256 of its bytes. Its kind is told by its first bytes; where the suffix claims another kind,
that is an error and not a guess, since such files usually come from a broken export.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, UnidentifiedImageError

from vndoc.errors import EmptyFileError, EncryptedError, FormatError, MissingFileError, TooLargeError

PDF, PNG, JPEG, TIFF, TEXT = "application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain"
SUFFIXES = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".tif": TIFF,
    ".tiff": TIFF,
    ".txt": TEXT,
}
_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\0", TIFF), (b"MM\0*", TIFF))
_NAMES = {PDF: "a PDF", PNG: "a PNG image", JPEG: "a JPEG image", TIFF: "a TIFF image", TEXT: "plain text"}
_PDF_HEADER_WITHIN = 1024  # readers accept junk before the header up to here (PDF 1.7, Appendix H, note 13)


@dataclass(slots=True, frozen=True)
class Source:
    """One document as bytes, with what must be known before any page is read."""

    name: str
    data: bytes
    sha256: str
    media_type: str
    page_amount: int


def open_source(source: str | Path | bytes) -> Source:
    """Read a file, or take bytes, and find out what it is.

    Raises:
        MissingFileError: no such file, a folder, or no permission.
        EmptyFileError: zero bytes, or no pages.
        FormatError: an unknown or damaged format, or one that contradicts the suffix.
        EncryptedError: a PDF with a password.
        TooLargeError: an image of more pixels than Pillow decodes (twice 89 million).
    """
    name, data = ("<bytes>", source) if isinstance(source, bytes) else (Path(source).name, _load(Path(source)))
    if not data:
        raise EmptyFileError(f"{name}: the file is empty (0 bytes); scan or copy it again")
    media_type = detect_media_type(data, name)
    return Source(name, data, hashlib.sha256(data).hexdigest(), media_type, _count_pages(name, data, media_type))


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingFileError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise MissingFileError(f"{path}: is a folder; give the files in it, such as {path}/*.pdf") from None
    except PermissionError:
        raise MissingFileError(f"{path}: no permission to read it; check the file's rights") from None
    except (OSError, ValueError) as error:
        raise MissingFileError(f"{path!s}: cannot be read ({error})") from None


def detect_media_type(data: bytes, name: str) -> str:
    """Media type by content; :class:`FormatError` where it is unknown or not what the suffix of ``name`` says."""
    found = next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
    if found is None and b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        found = PDF
    if found is None and _is_text(data):
        found = TEXT
    claimed = SUFFIXES.get(Path(name).suffix.lower())
    if found is None:
        what = f"not {_NAMES[claimed]}, nor" if claimed else "not"
        raise FormatError(
            f"{name}: {what} any format that is read here; give a PDF, PNG, JPEG, TIFF or UTF-8 text file"
        )
    if claimed is not None and claimed != found:
        raise FormatError(
            f"{name}: is named as {_NAMES[claimed]} but its content is {_NAMES[found]}; rename it or export it again"
        )
    return found


def _is_text(data: bytes) -> bool:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        decode_text(data)
    except UnicodeDecodeError:
        return False
    return True


def decode_text(data: bytes) -> str:
    """UTF-8 with or without a byte order mark, or UTF-16 with one; UnicodeDecodeError for anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def text_pages(data: bytes) -> list[str]:
    """Pages of a plain text, parted by form feeds as pdftotext and Tesseract write them; a last empty one is none."""
    pages = decode_text(data).split("\f")
    return pages if pages[-1].strip() else pages[:-1] or [""]


def _count_pages(name: str, data: bytes, media_type: str) -> int:
    if media_type == PDF:
        return _count_pdf_pages(name, data)
    if media_type == TEXT:
        if not decode_text(data).strip():
            raise EmptyFileError(f"{name}: holds no text, only blanks")
        return len(text_pages(data))
    with open_image(name, data) as image:
        return getattr(image, "n_frames", 1)


def _count_pdf_pages(name: str, data: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            damaged = bool(pdf.get_warnings())
    except pikepdf.PasswordError:
        raise EncryptedError(f"{name}: the PDF asks for a password; save a copy without one and give that") from None
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FormatError(f"{name}: the PDF is damaged or cut off ({reason}); copy or scan it again") from None
    if damaged and b"%%EOF" not in data[-2048:]:
        raise FormatError(f"{name}: the PDF is cut off, its end is missing; copy or scan it again")
    if pages == 0:
        raise EmptyFileError(f"{name}: the PDF has no pages")
    return pages


def open_image(name: str, data: bytes) -> Image.Image:
    """Open an image lazily, its size checked against twice Pillow's limit before any pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # such pages are scaled down
            return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError:
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
        raise TooLargeError(
            f"{name}: a page of more than {limit} million pixels; scan at 300 dpi or scale the image down"
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FormatError(f"{name}: the image is damaged or cut off ({error}); copy or scan it again") from None
