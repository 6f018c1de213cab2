"""Files that somebody broke, or made to hurt: small to make, of every kind that vndoc reads.

Each is done or failed with a category; what must never happen is that one of them costs another document, hangs the
batch, or fills the machine.
"""

import gzip
import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
from PIL import Image

from benchmarks.soak import documents
from benchmarks.soak.documents import Content

Made = tuple[str, bytes]
"""A suffix, and the bytes of the file."""


def mutated(rng: random.Random, good: bytes) -> bytes:
    """The bytes with some of them changed, cut off, repeated, swapped or overwritten with numbers at the limits."""
    data = bytearray(good)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        if not data:
            break
        at = rng.randrange(len(data))
        length = min(rng.choice((1, 2, 4, 16, 200)), len(data) - at)
        step = rng.randrange(6)
        if step == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif step == 1:
            del data[at : at + length]
        elif step == 2:
            data[at:at] = data[at : at + length] * rng.choice((1, 2, 50))
        elif step == 3:
            data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0"))
        elif step == 4:
            data[at : at + length] = rng.randbytes(length)
        else:
            del data[at:]
    return bytes(data)


def _broken(rng: random.Random, seed: int, number: int, content: Content) -> Made:
    """A good file of some kind, mutated."""
    ways: Sequence[tuple[str, Callable[[], bytes]]] = (
        (".pdf", lambda: documents.scan(seed, number)[0]),
        (".pdf", lambda: documents.digital(content)),
        (".docx", lambda: documents.word(content)),
        (".eml", lambda: documents.mail(content)),
        (".html", lambda: documents.html(content)),
        (".txt", lambda: documents.text(content)),
        (rng.choice((".png", ".jpg", ".tif", ".gif", ".webp")), lambda: _picture(rng)),
        (".zip", lambda: documents.packed([content])),
    )
    suffix, make = rng.choice(ways)
    return suffix, mutated(rng, make())


def _picture(rng: random.Random) -> bytes:
    size = rng.randrange(20, 200), rng.randrange(20, 200)
    image = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    out = io.BytesIO()
    image.save(out, rng.choice(("PNG", "JPEG", "TIFF", "GIF", "WEBP")))
    return out.getvalue()


def _misnamed(rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    return rng.choice((".pdf", ".png", ".docx", ".eml", ".7z", ".rar", ".msg")), documents.text(content)


def _unknown(rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    return rng.choice((".pdf", ".docx", ".tif", ".zip", ".html")), content.mark.encode() + rng.randbytes(400)


def _bomb_png(rng: random.Random, _seed: int, number: int, _content: Content) -> Made:
    """Claims more pixels than are taken; its data are a few bytes."""
    side = rng.choice((13_000, 30_000, 2**31 - 1))
    head = struct.pack(">IIBBBBB", side, side, rng.choice((1, 8, 16)), 0, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"tEXt", b"n\0%d" % number) + _chunk(b"IDAT", zlib.compress(b"\0" * 999))
    return ".png", b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _bomb_stream(_rng: random.Random, _seed: int, number: int, _content: Content) -> Made:
    """A page whose drawing unpacks to 30 MB."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pikepdf.Stream(pdf, zlib.compress(b"0 0 m 9 9 l S\n" * (2_000_000 + number), 9))
    page.Contents.Filter = pikepdf.Name.FlateDecode
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return ".pdf", out.getvalue()


def _bomb_zip(rng: random.Random, _seed: int, number: int, _content: Content) -> Made:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for k in range(rng.choice((1, 3))):
            archive.writestr(zipfile.ZipInfo(f"{k}.bmp"), b"\0" * 10_000_000 + b"%d" % number, zipfile.ZIP_DEFLATED)
    return ".zip", out.getvalue()


def _nested(rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    """ZIP files in one another, deeper than they are opened."""
    data = documents.packed([content])
    for level in range(rng.randrange(3, 9)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(zipfile.ZipInfo(rng.choice((f"{level}.zip", f"../{level}.zip"))), data)
        data = out.getvalue()
    return ".zip", data


def _locked(_rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(documents.digital(content))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u", R=6))
    return ".pdf", out.getvalue()


def _deep_page(rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    tag = rng.choice(("div", "table><tr><td", "b", "ul><li"))
    return ".html", f"<p>{content.mark}</p>{f'<{tag}>' * rng.randrange(100, 4000)}x".encode()


def _odd_text(rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    """Form feeds, escape sequences, zero bytes, lone continuation bytes, one endless line."""
    odd = (b"\f" * 2000, b"\x1b[2J\x1b]0;x\x07" * 20, b"\0" * 300, b"\xf4\xe3\xff" * 50, "ế".encode() * 3000)
    return ".txt", documents.text(content) + rng.choice(odd) + b"\n" + rng.choice(
        ("a) Hai\n", "Điều 1.\n")
    ).encode() * 40


def _packed_twice(_rng: random.Random, _seed: int, _number: int, content: Content) -> Made:
    """Bytes of gzip under the name of a PDF."""
    return ".pdf", gzip.compress(documents.digital(content), mtime=0)


def _looping(_rng: random.Random, _seed: int, number: int, _content: Content) -> Made:
    """A page tree whose pages are their own parents."""
    body = (
        b"%%PDF-1.4\n%% %d\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R 3 0 R]/SigFlags 3>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 9>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99999999 1]/Kids[3 0 R 3 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 4>>\n%%%%EOF\n"
    )
    return ".pdf", body % number


_KINDS: Sequence[tuple[int, Callable[[random.Random, int, int, Content], Made]]] = (
    (60, _broken),
    (6, _misnamed),
    (6, _unknown),
    (4, _bomb_png),
    (1, _bomb_stream),
    (2, _bomb_zip),
    (3, _nested),
    (4, _locked),
    (4, _deep_page),
    (6, _odd_text),
    (2, _packed_twice),
    (2, _looping),
)


def hostile(seed: int, number: int, content: Content) -> Made:
    """The hostile file of a number."""
    rng = random.Random(f"{seed}/{number}")
    (make,) = rng.choices([kind for _, kind in _KINDS], [weight for weight, _ in _KINDS])
    return make(rng, seed, number, content)


def odd_name(rng: random.Random, name: str) -> str:
    r"""The name with something before it that a name may hold and few programs expect; bytes that are no UTF-8 too."""
    return rng.choice(("c\udcf4ng v\udce3n ", "a\nb ", "\x1b[31m", "-", " ", "'\"$(x) ", "con.", "x" * 200)) + name


def special_file(path: Path, kind: int) -> None:
    """Something in a folder that is no file: a named pipe, links to devices, to nothing and to themselves."""
    path.unlink(missing_ok=True)
    if kind == 0:
        os.mkfifo(path)
    else:
        path.symlink_to(("/dev/zero", "/dev/urandom", "nowhere.pdf", path.name)[kind - 1])
