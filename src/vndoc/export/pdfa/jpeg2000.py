"""JPEG 2000 images by the rules of PDF/A-2 (ISO 19005-2, 6.2.8.3), which pikepdf's checker leaves out.

Such an image is taken over as it is where its own headers keep the rules. For the checker, a stand-in of the same kind
takes its place.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pikepdf

_DEPTHS = range(1, 39)
_CIEJAB = 19
_SPACES = {1: pikepdf.Name.DeviceGray, 3: pikepdf.Name.DeviceRGB}


class _Header(NamedTuple):
    """What the boxes of a JP2 file say (ISO 15444-1, Annex I)."""

    channels: int
    depth: int
    """Bits of every channel; 0 where they differ."""
    spaces: tuple[tuple[int, int, int | None], ...]
    """METH, APPROX and EnumCS of each colour specification."""


def keeps_rules(data: bytes, *, has_space: bool) -> bool:
    """Whether the image may stand in PDF/A-2: 1 or 3 channels, one depth, colours by a method that is known.

    Args:
        data: the stream as it is encoded.
        has_space: whether the PDF tells the colours itself, so that those of the image do not count.

    Four channels would be inks, for which there is no output intent here.
    """
    header = _header(data)
    if header is None or header.channels not in _SPACES or header.depth not in _DEPTHS:
        return False
    if has_space:
        return True
    approximate = sum(approx == 1 for _, approx, _ in header.spaces)
    best = [s for s in header.spaces if s[1] == 1] if approximate == 1 else list(header.spaces)
    return len(best) == 1 and best[0][0] in (1, 2, 3) and best[0][2] != _CIEJAB


def _header(data: bytes) -> _Header | None:
    found = {kind: body for kind, body in _boxes(data) if kind == b"jp2h"}
    if b"jp2h" not in found:
        return None
    channels = depth = 0
    spaces = []
    for kind, body in _boxes(found[b"jp2h"]):
        if kind == b"ihdr" and len(body) >= 11:
            channels = struct.unpack(">H", body[8:10])[0]
            depth = 0 if body[10] == 0xFF else (body[10] & 0x7F) + 1
        elif kind == b"bpcc":
            depth = 0
        elif kind == b"colr" and len(body) >= 3:
            named = struct.unpack(">I", body[3:7])[0] if body[0] == 1 and len(body) >= 7 else None
            spaces.append((body[0], body[2], named))
    return _Header(channels, depth, tuple(spaces))


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        start = at + 8
        if length == 1 and at + 16 <= len(data):
            length, start = struct.unpack(">Q", data[at + 8 : at + 16])[0], at + 16
        end = len(data) if length == 0 else at + length
        if end < start:
            return
        yield kind, data[start:end]
        at = end


@contextmanager
def stand_ins(pdf: pikepdf.Pdf) -> Iterator[None]:
    """While it lasts, JPEG 2000 images that keep the rules are plain ones of the same size and colours."""
    replaced = []
    for node in pdf.objects:
        if isinstance(node, pikepdf.Stream) and node.get("/Filter") in ("/JPXDecode", ["/JPXDecode"]):
            data = node.read_raw_bytes()
            if not keeps_rules(data, has_space="/ColorSpace" in node) or "/SMaskInData" in node:
                continue
            header = _header(data)
            assert header is not None
            replaced.append((node, data, {key: node.get(key) for key in ("/ColorSpace", "/BitsPerComponent")}))
            node.write(b"\0")
            node["/BitsPerComponent"] = 8
            if "/ColorSpace" not in node:
                node["/ColorSpace"] = _SPACES[header.channels]
    try:
        yield
    finally:
        for node, data, entries in replaced:
            node.write(data, filter=pikepdf.Name.JPXDecode)
            for key, value in entries.items():
                if value is not None:
                    node[key] = value
                elif key in node:
                    del node[key]
