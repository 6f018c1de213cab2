"""Mutations of pictures: chunks, boxes, segments and tags, with the check sums right, so that decoders go on."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from random import Random

from tests.fuzz.mutations.plain import EXTREMES, PLAIN, Mutation, any_of

PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_PNG_KINDS = (
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"pHYs",
    b"acTL",
    b"fcTL",
    b"fdAT",
    b"iCCP",
    b"zTXt",
    b"iTXt",
    b"eXIf",
    b"gAMA",
)
_TYPES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 16: 8}
"""Of TIFF: bytes of a value by its type."""
_TAGS = (
    254,
    256,
    257,
    258,
    259,
    262,
    266,
    273,
    274,
    277,
    278,
    279,
    282,
    283,
    284,
    292,
    296,
    317,
    320,
    322,
    323,
    330,
    338,
    339,
    347,
    34665,
)


def _order(parts: list[bytes], rng: Random) -> list[bytes]:
    """The parts of a file with one gone, twice there, or in another place."""
    at = rng.randrange(len(parts))
    how = rng.randrange(3)
    if how == 0:
        return parts[:at] + parts[at + 1 :]
    if how == 1:
        return parts[:at] + [parts[at]] * rng.choice((2, 3, 200)) + parts[at + 1 :]
    moved = parts[:at] + parts[at + 1 :]
    moved.insert(rng.randrange(len(parts)), parts[at])
    return moved


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and content of each chunk."""
    found, at = [], len(PNG_SIGN)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def png_of(chunks: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A PNG of chunks, their sums right."""
    return PNG_SIGN + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def png_chunk(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The content of a chunk, or its kind."""
    chunks = png_chunks(data)
    at = rng.randrange(len(chunks))
    kind, content = chunks[at]
    chunks[at] = (
        (rng.choice(_PNG_KINDS), content) if rng.random() < 0.2 else (kind, any_of(PLAIN, content, rng, [data]))
    )
    return png_of(chunks)


def png_head(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Width, height, depth, colour: what is claimed of the picture."""
    chunks = png_chunks(data)
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    sizes = (1, 2, width, width * 2, 13000, 65536, 170_000_000, 0x7FFFFFFF)
    width, height = rng.choice(((rng.choice(sizes), height), (width, rng.choice(sizes)), (rng.choice(sizes),) * 2))
    depth, colour = rng.choice(((depth, colour), (16, 0), (16, 6), (8, 6), (1, 3), (8, 2)))
    chunks[0] = (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, *rest))
    return png_of(chunks)


def png_order(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Chunks missing, repeated, in another order."""
    chunks = png_chunks(data)
    order = _order([bytes([place]) for place in range(len(chunks))], rng)
    return png_of([chunks[place[0]] for place in order])


def png_rows(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The rows of pixels, packed again: fewer, more, with filters that there are not; or noughts without end."""
    chunks = png_chunks(data)
    rows = zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT"))
    rows = rows + bytes(30_000_000) if rng.random() < 0.1 else any_of(PLAIN, rows, rng, [data])
    kept = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    kept.insert(-1 if kept else 0, (b"IDAT", zlib.compress(rows)))
    return png_of(kept)


def png_extra(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A chunk more: of frames, of a text that unpacks to megabytes, of a resolution."""
    chunks = png_chunks(data)
    number = rng.choice(EXTREMES)
    made = rng.choice(
        (
            (b"acTL", struct.pack(">II", number, 0)),
            (b"fcTL", struct.pack(">IIIIIHHBB", 0, number, 1, 0, 0, 1, 1, 0, 0)),
            (b"zTXt", b"a\0\0" + zlib.compress(bytes(20_000_000))),
            (b"iCCP", b"a\0\0" + zlib.compress(bytes(20_000_000))),
            (b"pHYs", struct.pack(">IIB", number, rng.choice(EXTREMES), 1)),
            (b"tRNS", rng.randbytes(rng.choice((1, 2, 6, 300)))),
            (b"eXIf", b"MM\0*\0\0\0\x08" + rng.randbytes(40)),
        )
    )
    chunks.insert(rng.randrange(1, len(chunks) + 1), made)
    return png_of(chunks)


def tiff_tag(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A tag of a directory: its number, type, count or value."""
    order = "<" if data[:2] == b"II" else ">"
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.choice(_directories(data))
        (amount,) = struct.unpack_from(order + "H", data, at)
        entry = at + 2 + 12 * rng.randrange(max(1, min(amount, 64)))
        tag, kind, count, value = struct.unpack_from(order + "HHII", made, entry)
        number = rng.choice((*EXTREMES, len(data), value + 1))
        changed = rng.choice(
            (
                (rng.choice(_TAGS), kind, count, value),
                (tag, rng.choice((*_TYPES, 0, 13, 99)), count, value),
                (tag, kind, number, value),
                (tag, kind, count, number),
                (tag, kind, count, number),
            )
        )
        struct.pack_into(order + "HHII", made, entry, *changed)
    return bytes(made)


def tiff_pages(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Where the next page is: this one again, the first, none, nowhere."""
    order = "<" if data[:2] == b"II" else ">"
    places = _directories(data)
    at = rng.choice(places)
    (amount,) = struct.unpack_from(order + "H", data, at)
    made = bytearray(data)
    struct.pack_into(order + "I", made, at + 2 + 12 * amount, rng.choice((*places, 0, 4, len(data) - 2, 0xFFFFFFFF)))
    return bytes(made)


def _directories(data: bytes) -> list[int]:
    order = "<" if data[:2] == b"II" else ">"
    found: list[int] = []
    (at,) = struct.unpack_from(order + "I", data, 4)
    while at and at not in found and at + 2 < len(data) and len(found) < 20:
        found.append(at)
        (amount,) = struct.unpack_from(order + "H", data, at)
        (at,) = struct.unpack_from(order + "I", data, at + 2 + 12 * amount)
    return found


def jpeg_segment(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A segment between two marks: its content, its place, its kind."""
    parts = [b"\xff" + part for part in data.split(b"\xff")]
    parts[0] = parts[0][1:]
    if rng.random() < 0.4:
        return b"".join(_order(parts, rng))
    at = rng.randrange(1, len(parts))
    parts[at] = parts[at][:4] + any_of(PLAIN, parts[at][4:] or b"\0", rng, [data])
    return b"".join(parts)


def jpeg_size(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Height, width and colours in the head of the frame."""
    at = next(k for mark in (b"\xff\xc0", b"\xff\xc2", b"\xff\xc1") if (k := data.find(mark)) >= 0)
    size = struct.pack(">HHB", *rng.choices((0, 1, 8, 9000, 30000, 65535), k=2), rng.choice((0, 1, 3, 4, 255)))
    return data[: at + 5] + size + data[at + 10 :]


def boxed(sizes: str, kind_first: bool) -> Mutation:
    """Mutation of a file of boxes with their sizes: RIFF (little-endian, kind first) and ISO media (big-endian)."""

    def mutation(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
        places = _boxes(data, sizes, kind_first)
        at, head, length = rng.choice(places)
        how = rng.randrange(4)
        if how == 0:
            number = rng.choice((*EXTREMES, length + 1, max(0, length - 1)))
            return (
                data[: at + (4 if kind_first else 0)]
                + struct.pack(sizes, number)
                + data[at + (8 if kind_first else 4) :]
            )
        if how == 1:
            content = any_of(PLAIN, data[at + head : at + head + length] or b"\0", rng, [data])
            grown = len(content) + (0 if kind_first else head)
            size = struct.pack(sizes, grown)
            kind = data[at : at + 4] if kind_first else data[at + 4 : at + 8]
            return data[:at] + (kind + size if kind_first else size + kind) + content + data[at + head + length :]
        whole = data[at : at + head + length]
        if how == 2:
            return data[:at] + whole * rng.choice((0, 2, 3, 500)) + data[at + len(whole) :]
        other = rng.choice(places)[0]
        kinds = 0 if kind_first else 4
        return data[: at + kinds] + data[other + kinds : other + kinds + 4] + data[at + kinds + 4 :]

    return mutation


def _boxes(data: bytes, sizes: str, kind_first: bool) -> list[tuple[int, int, int]]:
    """Place, length of the head and of the content of each box, those in boxes too."""
    found = []
    at = 12 if kind_first else 0
    while at + 8 <= len(data) and len(found) < 200:
        (size,) = struct.unpack_from(sizes, data, at + (4 if kind_first else 0))
        length = size if kind_first else size - 8
        if length < 0 or at + 8 + length > len(data):
            break
        found.append((at, 8, length))
        nested = not kind_first and data[at + 4 : at + 8] in (b"meta", b"moov", b"jp2h", b"iprp", b"ipco", b"iinf")
        at += (
            (12 if data[at + 4 : at + 8] == b"meta" else 8)
            if nested
            else 8 + length + (length % 2 if kind_first else 0)
        )
    return found


def _named(*mutations: Mutation) -> dict[str, Mutation]:
    return {mutation.__name__: mutation for mutation in mutations}


_ISO = {"box": boxed(">I", kind_first=False)}
PICTURES: Mapping[str, Mapping[str, Mutation]] = {
    "png": _named(png_chunk, png_head, png_order, png_rows, png_extra),
    "tiff": _named(tiff_tag, tiff_pages),
    "jpeg": _named(jpeg_segment, jpeg_size),
    "webp": {"box": boxed("<I", kind_first=True)},
    "jp2": _ISO,
    "heic": _ISO,
    "avif": _ISO,
    "gif": {},
}
"""Mutations of each kind of picture by their names."""
