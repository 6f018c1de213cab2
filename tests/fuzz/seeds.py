"""Small files of every format to begin with, in ``corpus/KIND/``: ``python -m tests.fuzz.seeds`` makes them anew.

They are one page at a low resolution, so that a damaged one costs little where it can be read still. Those of word
processors that only a word processor makes (DOC, ODT, RTF) are those of ``tests/sources/data``.
"""

import io
import sys
import zipfile
from base64 import encodebytes
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pillow_heif
from PIL import Image
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from samples.fonts import Fonts
from tests.conftest import ROOT, draw_lines, with_signature
from tests.containers.test_tree import rar, seven
from tests.sources.outlook import outlook_mail
from tests.sources.word_files import paragraph, table, word_file
from vndoc.pipeline import read

CORPUS = Path(__file__).parent / "corpus"
WORD_PROCESSORS = ROOT / "tests" / "sources" / "data"
CANARY = "Uyên Thảo"
"""A name in every seed; no message may quote it."""
LETTER = f"""ỦY BAN NHÂN DÂN
XÃ BẾN TRÚC

Số: 12/UBND-VP
V/v báo cáo đợt cao điểm

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Bến Trúc, ngày 05 tháng 3 năm 2024

Kính gửi: Các thôn.

Thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Tỉnh ủy, UBND xã yêu cầu:
1. Các thôn báo cáo kết quả trước ngày 15/3/2024.
2. Văn phòng chủ trì, phối hợp với Công an xã tổng hợp.

Nơi nhận:
- Như trên;
- Lưu: VT.

KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Trần {CANARY}
"""
_MAIL = """From: a@xa.vn
To: b@xa.vn
Subject: =?utf-8?b?QsOhbyBjw6Fv?=
Date: Tue, 05 Mar 2024 08:15:00 +0700
Message-ID: <1@xa.vn>
MIME-Version: 1.0
Content-Type: multipart/{0}; boundary="b"

--b
Content-Type: text/{1}; charset=utf-8
Content-Transfer-Encoding: 8bit

{2}
--b
Content-Type: application/octet-stream; name="ke hoach.png"
Content-Disposition: attachment; filename="ke hoach.png"
Content-Location: a.png
Content-Transfer-Encoding: base64

{3}
--b--
"""
_HTML = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>a</title><style>.x{{display:none}}</style></head>
<body><table><tr><td><p>ỦY BAN NHÂN DÂN<br>XÃ BẾN TRÚC</p><p>Số: 12/UBND-VP</p></td>
<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr></table>
<p>Kính gửi: Các thôn.</p><ol><li>Báo cáo trước ngày 15/3/2024.<li>Văn phòng tổng hợp.</ol><p class="x">ẩn</p>
<table border="1"><tr><th>STT<th>Nội dung<th>Đơn vị<tr><td>1<td colspan="2">Báo cáo &amp; tổng hợp</table>
<img src="a.png"><p><b>Trần {CANARY}</b></p></body></html>
"""


@cache
def seeds() -> dict[str, list[bytes]]:
    """The files of each kind, in the order of their names."""
    found = {
        folder.name: [file.read_bytes() for file in sorted(folder.iterdir())]
        for folder in sorted(CORPUS.iterdir())
        if folder.is_dir()
    }
    for suffix in ("doc", "odt", "rtf"):
        found[suffix] = [(WORD_PROCESSORS / f"{name}.{suffix}").read_bytes() for name in ("lists", "styles")]
    return found


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, dpi=(120, 120), **options)
    return out.getvalue()


def _picture() -> Image.Image:
    """Two lines at 120 dpi, grey."""
    drawn = draw_lines(["Số: 12/UBND-VP", "V/v báo cáo đợt cao điểm"], size=(620, 220), top=40, left=40, em=44)
    return Image.fromarray(drawn).convert("L").resize((310, 110))


def _pictures() -> Iterator[tuple[str, bytes]]:
    grey = _picture()
    colour, black = grey.convert("RGB"), grey.convert("1")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    few = grey.quantize(16)
    yield "png/grey.png", _saved(few.convert("L"), "PNG")
    yield "png/palette.png", _saved(few, "PNG", transparency=3)
    yield "png/deep.png", _saved(deep, "PNG")
    yield "png/opacity.png", _saved(few.convert("RGBA"), "PNG")
    yield "png/frames.png", _saved(few.convert("L"), "PNG", save_all=True, append_images=[black.convert("L")])
    yield "jpeg/grey.jpg", _saved(grey, "JPEG", quality=30)
    yield "jpeg/progressive.jpg", _saved(colour, "JPEG", quality=30, progressive=True, exif=_turned())
    yield "jpeg/inks.jpg", _saved(colour.convert("CMYK"), "JPEG", quality=25)
    yield "tiff/fax.tif", _saved(black, "TIFF", compression="group4", save_all=True, append_images=[black])
    yield "tiff/lzw.tif", _saved(colour, "TIFF", compression="tiff_lzw")
    yield "tiff/jpeg.tif", _saved(grey, "TIFF", compression="jpeg", quality=30)
    yield "tiff/deep.tif", _saved(deep, "TIFF", compression="tiff_adobe_deflate")
    yield "webp/one.webp", _saved(colour, "WEBP", quality=30)
    yield "webp/frames.webp", _saved(colour, "WEBP", lossless=True, save_all=True, append_images=[black.convert("RGB")])
    yield "gif/one.gif", _saved(few, "GIF")
    yield "gif/frames.gif", _saved(few, "GIF", save_all=True, append_images=[black.convert("L")])
    yield "jp2/one.jp2", _saved(grey, "JPEG2000", quality_mode="rates", quality_layers=[20])
    yield "jp2/stream.jp2", _saved(grey, "JPEG2000", no_jp2=True, quality_mode="rates", quality_layers=[20])
    yield "avif/one.avif", _saved(colour, "AVIF", quality=40)
    out = io.BytesIO()
    pillow_heif.from_pillow(colour).save(out, quality=30)
    yield "heic/one.heic", out.getvalue()


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 3
    return exif


def _drawn(*, text: bool, scan: bool, pages: int = 1) -> bytes:
    """A PDF of text, of a picture, or of both."""
    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont("serif", str(Fonts().file())))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(280, 300), invariant=1, pageCompression=1)
    picture = io.BytesIO(_saved(_picture(), "JPEG", quality=25))
    for _ in range(pages):
        if scan:
            canvas.drawImage(ImageReader(picture), 0, 200, 280, 99)
        if text:
            canvas.setFont("serif", 8)
            for row, line in enumerate(LETTER.splitlines()):
                canvas.drawString(10, 280 - 10 * row, line)
            canvas.grid([20, 100, 200], [10, 20, 30])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _with_fields(data: bytes) -> bytes:
    """A form with a field that is filled in, an attachment, a turned page and a mark over it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="So",
                V="815",
                Rect=[10, 10, 90, 30],
            )
        )
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.pages[0].Rotate = 90
        pdf.attachments["phụ lục.txt"] = pikepdf.AttachedFileSpec(pdf, LETTER.encode(), filename="phu luc.txt")
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _pdfs() -> Iterator[tuple[str, bytes]]:
    scan = _drawn(text=False, scan=True)
    digital = _drawn(text=True, scan=False)
    yield "pdf/scan.pdf", scan
    yield "pdf/digital.pdf", digital
    yield "pdf/mixed.pdf", _drawn(text=True, scan=True, pages=2)
    yield "pdf/signed.pdf", with_signature(scan, "Signed by A", rect=(50, 210, 150, 250))
    yield "pdf/form.pdf", _with_fields(digital)
    yield "pdf/locked.pdf", _locked(scan, "u")
    yield "pdf/restricted.pdf", _locked(scan, "")


def _locked(data: bytes, password: str) -> bytes:
    """Encrypted; without a password anybody can read it who does not heed what its owner allows."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=password, R=6 if password else 4))
    return out.getvalue()


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name.replace("__", "."), (2024, 3, 5, 8, 15, 0)), data)
    return out.getvalue()


def _documents() -> Iterator[tuple[str, bytes]]:
    letter, picture = LETTER.encode(), _saved(_picture().quantize(16), "PNG")
    yield "text/letter.txt", letter
    yield "text/wide.txt", LETTER.encode("utf-16")
    yield "text/pages.txt", f"{LETTER}\f{LETTER}".encode()
    yield "html/page.html", _HTML.encode()
    body = paragraph("Số: 12/UBND-VP") + table(("1", "Báo cáo"), ("2", "Tổng hợp"), borders="single")
    link = '<w:p><w:r><w:drawing><a:blip r:embed="p"/></w:drawing></w:r></w:p>'
    yield "docx/plain.docx", word_file(body + link, [("p", "image", "media/a.png")], **{"media/a__png": picture})
    yield "docx/letter.docx", read(letter).to_docx()
    yield "eml/letter.eml", _MAIL.format("mixed", "plain", LETTER, encodebytes(picture).decode()).encode()
    yield "mht/page.mht", _MAIL.format("related", "html", _HTML, encodebytes(picture).decode()).encode()
    attached = {"3707": "ke hoach.txt", "data": letter}
    yield "msg/letter.msg", outlook_mail({"0037": "Báo cáo", "1000": LETTER, "0C1A": "A"}, [attached])
    files = {"cong van__txt": letter, "anh__png": picture, "trong__zip": _zip(a__txt=letter)}
    yield "zip/three.zip", _zip(**files)
    yield "7z/two.7z", seven(cong_van__txt=letter, b__txt=b"Hai")
    yield "rar/two.rar", rar(cong_van__txt=letter, b__txt=b"Hai")


def main() -> None:
    """Write all files of the corpus."""
    for makers in (_pictures, _pdfs, _documents):
        for name, data in makers():
            file = CORPUS / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    every = [file for file in CORPUS.rglob("*") if file.is_file()]
    print(f"{len(every)} files, {sum(file.stat().st_size for file in every) // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
