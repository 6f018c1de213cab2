"""Made-up documents by the thousand, cheap to make and to read, each with a number and a word that no other has.

Document ``n`` of a seed is the same each time it is made, so what is on disk can be compared with it later. Scans are
made from a few pages drawn once: only grains of dust differ, which makes other bytes of them, hence another document.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from functools import cache
from html import escape

import numpy as np
from docx import Document as WordFile
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from samples.compose import compose
from samples.fonts import Fonts
from samples.letter import Letter, Printed, Signer
from samples.render import rasterise

MARK = "zqx"
"""All marks begin so; no word of a language or of a program does."""

SCAN_PAGES = 24
SCAN_DPI = 100
_CONSONANTS = "bcdghkmnprstvwxz"
_PLACES = ("Bình Sơn", "Sơn Tịnh", "Nghĩa Hành", "Mộ Đức", "Đức Phổ", "Ba Tơ", "Trà Bồng", "Minh Long")
_MATTERS = (
    "tăng cường công tác phòng cháy, chữa cháy",
    "rà soát hồ sơ lưu trữ của các đơn vị",
    "tổ chức tập huấn nghiệp vụ văn thư",
    "triển khai kế hoạch phòng, chống thiên tai",
    "kiểm tra việc thực hiện kỷ luật, kỷ cương hành chính",
)
_BODY = (
    "Thực hiện ý kiến chỉ đạo của Chủ tịch UBND tỉnh, UBND huyện yêu cầu các cơ quan tổ chức thực hiện nghiêm túc.",
    "Phòng Nội vụ chủ trì, phối hợp với các đơn vị liên quan theo dõi, đôn đốc và tổng hợp báo cáo kết quả.",
    "Yêu cầu Thủ trưởng các cơ quan, đơn vị nghiêm túc triển khai thực hiện./.",
)


@dataclass(frozen=True, slots=True)
class Content:
    """A document: its number as printed, its own word, its lines from the letterhead to the signature."""

    code: str
    mark: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as a text file has them."""
        return "\n".join(self.lines) + "\n"


def content(seed: int, number: int) -> Content:
    """The document of a number."""
    code, mark = str(1 + (number * 7 + seed) % 8999), _mark(seed, number)
    place = _PLACES[number % len(_PLACES)]
    day, month = 1 + number % 28, 1 + number % 12
    lines = (
        "ỦY BAN NHÂN DÂN",
        f"HUYỆN {place.upper()}",
        f"Số: {code}/UBND-VP",
        f"V/v {_MATTERS[number % len(_MATTERS)]}",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"{place}, ngày {day:02d} tháng {month:02d} năm 2024",
        "Kính gửi: Các phòng, ban thuộc huyện.",
        _BODY[0],
        f"Hồ sơ kèm theo mang ký hiệu {mark}.",
        *_BODY[1:],
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "CHỦ TỊCH",
        "Trần Văn Minh",
    )
    return Content(code, mark, lines)


def _mark(seed: int, number: int) -> str:
    """A word of consonants alone: no two documents have the same."""
    value, letters = (number * 16 + seed % 16) * 2654435761 % 2**32, ""
    for _ in range(8):
        value, rest = divmod(value, 16)
        letters += _CONSONANTS[rest]
    return MARK + letters


def text(document: Content) -> bytes:
    """A UTF-8 text."""
    return document.text.encode()


def html(document: Content) -> bytes:
    """A web page with a paragraph for each line."""
    rows = "".join(f"<p>{escape(line)}</p>\n" for line in document.lines)
    return f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"></head><body>\n{rows}</body></html>'.encode()


def mail(document: Content, attached: Sequence[Content] = ()) -> bytes:
    """A mail whose body is the document; texts may be attached."""
    message = EmailMessage()
    message["Subject"] = "Van ban"
    message["From"], message["To"] = "a@example.vn", "b@example.vn"
    message["Date"] = "Thu, 21 Mar 2024 08:00:00 +0700"
    message.set_content(document.text, cte="base64")
    for number, other in enumerate(attached, 1):
        message.add_attachment(text(other), "text", "plain", filename=f"{number}.txt")
    if attached:
        message.set_boundary(document.mark[::-1])
    return message.as_bytes()


def word(document: Content) -> bytes:
    """A Word file with a paragraph for each line; the parts around the text are made once."""
    rows = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in document.lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _word_parts():
            data = part.replace(b"<w:body>", b"<w:body>" + rows.encode()) if name == "word/document.xml" else part
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 21, 8, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def _word_parts() -> tuple[tuple[str, bytes], ...]:
    out = io.BytesIO()
    WordFile().save(out)
    with zipfile.ZipFile(out) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def packed(documents: Sequence[Content]) -> bytes:
    """A ZIP file of texts: ``1.txt``, ``2.txt`` …"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, document in enumerate(documents, 1):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt", (2024, 3, 21, 8, 0, 0)), text(document))
    return out.getvalue()


def digital(document: Content) -> bytes:
    """A born-digital PDF of one page, the letterhead left and right as the decree has it."""
    if "soak" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("soak", str(Fonts().file(False, False))))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setFont("soak", 12)
    for k, line in enumerate(document.lines[:4]):
        canvas.drawCentredString(150, 790 - 16 * k, line)
    for k, line in enumerate(document.lines[4:7]):
        canvas.drawCentredString(420, 790 - 16 * k, line)
    y = 700
    for line in document.lines[7:]:
        for row in _wrapped(line):
            canvas.drawString(80, y, row)
            y -= 18
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _wrapped(line: str, width: int = 75) -> list[str]:
    rows = [""]
    for part in line.split():
        rows[-1:] = [f"{rows[-1]} {part}".strip()] if len(rows[-1]) + len(part) < width else [rows[-1], part]
    return rows


def scan(seed: int, number: int) -> tuple[bytes, Content]:
    """A scan of one page, and what it shows: one of :data:`SCAN_PAGES` pages with dust of its own."""
    page, document = _drawn(seed, number % SCAN_PAGES)
    rng = np.random.default_rng([seed, number])
    dusty = page.copy()
    rows, columns = rng.integers(20, page.shape[0] - 20, 30), rng.integers(5, 40, 30)
    dusty[rows, columns] = rng.integers(120, 240, 30)
    out = io.BytesIO()
    Image.fromarray(dusty).save(out, "JPEG", quality=60, dpi=(SCAN_DPI, SCAN_DPI))
    return _one_image_pdf(out.getvalue(), page.shape[1], page.shape[0]), document


@cache
def _drawn(seed: int, page: int) -> tuple[NDArray[np.uint8], Content]:
    """A page in greys, drawn with a body short enough to be read in a second."""
    made = content(seed, 10_000_000 + page)
    letter = Letter(
        doc=f"soak-{page}",
        type_name="Công văn",
        code_number=made.code,
        code_notation="UBND-VP",
        organ_name=f"Ủy ban nhân dân huyện {_PLACES[page % len(_PLACES)]}",
        place=_PLACES[page % len(_PLACES)],
        issued_date=date(2024, 1 + page % 12, 1 + page % 28),
        subject=_MATTERS[page % len(_MATTERS)],
        recipients=["Các phòng, ban thuộc huyện"],
        to_places=["Như trên", "Lưu: VT"],
        signer=Signer(position="CHỦ TỊCH", full_name="Trần Văn Minh"),
        printed=Printed(
            organ=["ỦY BAN NHÂN DÂN", f"HUYỆN {_PLACES[page % len(_PLACES)].upper()}"],
            subject=[f"V/v {_MATTERS[page % len(_MATTERS)]}"],
            seal=False,
        ),
        body=[made.lines[9], _BODY[2]],
    )
    sheet = compose(letter)[0]
    drawn = np.asarray(rasterise(sheet, SCAN_DPI, np.random.default_rng(page)).convert("L"))
    last = int(np.flatnonzero((drawn < 128).any(axis=1))[-1])
    return drawn[: last + SCAN_DPI // 2], made  # as small as it can be: the time goes by the paper


def _one_image_pdf(jpeg: bytes, width: int, height: int) -> bytes:
    """The smallest PDF that shows one grey JPEG, as wide as A4."""
    points = round(595 * height / width)
    drawing = f"q 595 0 0 {points} 0 0 cm /I Do Q".encode()
    picture = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 {points}]".encode()
        + b"/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>",
        f"<<{picture}/Filter/DCTDecode/Length {len(jpeg)}>>stream\n".encode() + jpeg + b"\nendstream",
        f"<</Length {len(drawing)}>>stream\n".encode() + drawing + b"\nendstream",
    ]
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj".encode() + body + b"endobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010d} 00000 n \n".encode() for place in places))
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
