"""Mutations of files that hold others: ZIP and what is packed as one (DOCX, ODT), 7z, RAR, and files of OLE."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from random import Random

from tests.fuzz.mutations.plain import EXTREMES, PLAIN, Mutation, any_of, insert_words

_MOST_INSIDE = 4 * 1024**2
"""Bytes of all members of a file that is taken apart again."""
_DAY = (2024, 3, 21, 8, 15, 0)
_NAMES = (
    "../../up.txt",
    "/etc/passwd",
    "a" * 300 + ".txt",
    "",
    "a\\b.txt",
    "\u1ea1" * 90,
    "con.txt",
    "a/",
    "a\0b.txt",
    "x.zip",
)


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        if sum(info.file_size for info in file.infolist()) > _MOST_INSIDE:
            raise ValueError("a bomb already")
        return [(info.filename, file.read(info)) for info in file.infolist()]


def _packed(members: Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members:
            info = zipfile.ZipInfo(name[:60_000], _DAY)
            info.compress_type = compression
            file.writestr(info, content)
    return out.getvalue()


def member(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """What a member holds; the rest is packed as it was."""
    members = _unpacked(data)
    at = rng.choices(range(len(members)), [1 + len(content) ** 0.5 for _, content in members])[0]
    name, content = members[at]
    words = {"words": insert_words("xml"), "words_again": insert_words("xml"), "attribute": _attribute}
    members[at] = (name, any_of({**PLAIN, **words, **words}, content, rng, [content for _, content in members]))
    return _packed(members)


_ATTRIBUTE = re.compile(rb'="([^"]*)"')


def _attribute(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    found = rng.choice(list(_ATTRIBUTE.finditer(data)))
    new = rng.choice((b"", b"-1", b"0", b"2000000000", b"1e99", b"none", b"a" * 5000, b"\xe1\xba\xa1"))
    return data[: found.start(1)] + new + data[found.end(1) :]


def members(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Members missing, twice there, in another order, under another name, or within another file of the kind."""
    found = _unpacked(data)
    at = rng.randrange(len(found))
    how = rng.randrange(5)
    if how == 0:
        del found[at]
    elif how == 1:
        found += [found[at]] * rng.choice((1, 12))
    elif how == 2:
        found[at] = (rng.choice(_NAMES), found[at][1])
    elif how == 3:
        rng.shuffle(found)
    else:
        found.append((f"inner{at}.zip", _packed(found) if rng.random() < 0.5 else rng.choice(others)))
    return _packed(found, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))


def claims(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """What heads and the directory say of a member: flags, method, sum, sizes, offset."""
    made = bytearray(data)
    signs = [found.start() for found in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.choice(signs)
        length = {b"\x01\x02": 46, b"\x03\x04": 30, b"\x05\x06": 22}[data[at + 2 : at + 4]]
        size = rng.choice((2, 4))
        place = at + rng.randrange(4, length - size + 1, 2)
        number = rng.choice((*EXTREMES, 8, 12, 14, 99, len(data))) & (256**size - 1)
        made[place : place + size] = number.to_bytes(size, "little")
    return bytes(made)


def bomb(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """One member more, which unpacks to a hundred megabytes or stands for one that is there."""
    found = _unpacked(data)
    name = rng.choice([*[name for name, _ in found], "big.txt", "big.xml"])
    return _packed([*found, (name, bytes([rng.choice(b"\0a\n<")]) * rng.choice((1_000_000, 10_000_000, 100_000_000)))])


def seven_head(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The head at the end of a 7z file, its sums right."""
    offset, size = struct.unpack_from("<QQ", data, 12)
    head = any_of(PLAIN, data[32 + offset : 32 + offset + size], rng, [data])
    start = struct.pack("<QQI", offset, len(head), zlib.crc32(head))
    return data[:8] + struct.pack("<I", zlib.crc32(start)) + start + data[32 : 32 + offset] + head


def rar_head(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A head of a RAR file of the fourth version, its sum right."""
    places, at = [], 7
    while at + 7 <= len(data):
        _, kind, flags, length = struct.unpack_from("<HBHH", data, at)
        if length < 7:
            break
        places.append((at, length))
        at += length + (struct.unpack_from("<I", data, at + 7)[0] if flags & 0x8000 or kind == 0x74 else 0)
    at, length = rng.choice(places)
    head = any_of(PLAIN, data[at + 2 : at + length], rng, [data])[: length - 2].ljust(length - 2, b"\0")
    return data[:at] + struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data[at + length :]


def sectors(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Numbers of sectors of an OLE file: chains that end nowhere, in a circle, in one another."""
    made = bytearray(data)
    amount = len(data) // 512
    for _ in range(rng.choice((1, 2, 4, 16))):
        at = rng.choice((rng.randrange(24, 512, 4), 512 * rng.randrange(1, max(2, amount)) + rng.randrange(0, 512, 4)))
        struct.pack_into(
            "<I", made, min(at, len(made) - 4), rng.choice((*EXTREMES, 0xFFFFFFFE, rng.randrange(amount + 2)))
        )
    return bytes(made)


_ZIP: Mapping[str, Mutation] = {
    "member": member,
    "member_again": member,
    "members": members,
    "claims": claims,
    "bomb": bomb,
}
PACKED: Mapping[str, Mapping[str, Mutation]] = {
    "zip": _ZIP,
    "docx": _ZIP | {"member_once_more": member},
    "odt": _ZIP | {"member_once_more": member},
    "7z": {"seven_head": seven_head},
    "rar": {"rar_head": rar_head},
    "doc": {"sectors": sectors},
    "msg": {"sectors": sectors},
}
"""Mutations of each kind by their names."""
