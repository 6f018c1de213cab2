"""Contents of pages and forms taken apart, as long as they are no larger than a page needs.

What a stream unpacks to is found out before it is: a megabyte may hold a terabyte, and a library that takes contents
apart needs some three hundred bytes for each operator.
"""

import zlib
from collections.abc import Iterator

import numpy as np
import pikepdf

from vndoc.damage import DamageError

MOST_BYTES = 30_000_000
"""Of a content, unpacked."""
MOST_TOKENS = 2_500_000
"""Numbers, names and operators of a content."""
_CHUNK = 4_000_000
_PACKS = {"/FlateDecode": 1032, "/Fl": 1032, "/LZWDecode": 1365, "/LZW": 1365, "/RunLengthDecode": 64, "/RL": 64}
"""How many times smaller each filter makes what suits it best."""
_FLATE, _LZW = ("/FlateDecode", "/Fl"), ("/LZWDecode", "/LZW")
_CLEAR, _END = 256, 257  # codes of LZW (ISO 32000-1, 7.4.4)
_WHITE = np.zeros(256, dtype=bool)
_WHITE[list(b"\0\t\n\f\r ")] = True
_PARTS = np.zeros(256, dtype=bool)
_PARTS[list(b"()<>[]{}/%")] = True

Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


def instructions(node: pikepdf.Object, operators: str = "") -> list[Instruction]:
    """The instructions in the content of a page or form.

    Args:
        node: the page's dictionary, or the form's stream.
        operators: the only ones that are wanted, by default all.

    Raises:
        DamageError: it is larger than a page needs.
        pikepdf.PdfError, ValueError, TypeError: it cannot be taken apart.
    """
    if is_huge(node):
        raise DamageError("its content is larger than a page needs")
    return list(pikepdf.parse_content_stream(node, operators))


def is_huge(node: pikepdf.Object) -> bool:
    """Whether a content has more bytes or tokens than a page needs, found out without unpacking much more than that."""
    content = node if isinstance(node, pikepdf.Stream) else node.get("/Contents")
    streams = list(content) if isinstance(content, pikepdf.Array) else [content]
    bytes_left, tokens_left = MOST_BYTES, MOST_TOKENS
    for stream in streams:
        if not isinstance(stream, pikepdf.Stream):
            continue
        for chunk in _unpacked(stream, bytes_left + 1):
            bytes_left -= chunk if isinstance(chunk, int) else len(chunk)
            tokens_left -= 0 if isinstance(chunk, int) else _tokens(chunk)
            if bytes_left < 0 or tokens_left < 0:
                return True
    return False


def is_larger(stream: pikepdf.Stream, most: int) -> bool:
    """Whether a stream unpacks to more than so many bytes, found out piece by piece."""
    for chunk in _unpacked(stream, most + 1):
        most -= chunk if isinstance(chunk, int) else len(chunk)
        if most < 0:
            return True
    return False


def _unpacked(stream: pikepdf.Stream, most: int) -> Iterator[bytes | int]:
    """What a stream unpacks to in pieces, at most ``most`` bytes; a number of bytes where that alone is known."""
    packed = stream.read_raw_bytes()
    filters = [name for name in _filters(stream) if name in _PACKS]
    if not filters:
        yield packed
    elif all(name in _FLATE for name in filters):
        yield from _inflated(packed, len(filters), most)
    elif len(filters) == 1 and filters[0] in _LZW:
        yield _lzw_length(packed, most)
    else:  # no program packs so
        times = 1
        for name in filters:
            times *= _PACKS[name]
        yield len(packed) * times


def _filters(stream: pikepdf.Stream) -> list[str]:
    found = stream.get("/Filter")
    return [str(name) for name in (found if isinstance(found, pikepdf.Array) else [found])]


def _inflated(packed: bytes, times: int, most: int) -> Iterator[bytes]:
    """What zlib packed so many times over, in pieces."""
    if times > 1:
        packed = b"".join(_inflated(packed, times - 1, most))
    if len(packed) * _PACKS["/Fl"] < most and len(packed) < _CHUNK // 100:
        most = len(packed) * _PACKS["/Fl"] + 1
    unpacker = zlib.decompressobj()
    while most > 0 and not unpacker.eof:
        try:
            piece = unpacker.decompress(packed, min(most, _CHUNK))
        except zlib.error:
            return
        if not piece:
            return
        packed, most = unpacker.unconsumed_tail, most - len(piece)
        yield piece


def _lzw_length(packed: bytes, most: int) -> int:
    """How many bytes LZW unpacks to: of each string in its table only the length is kept."""
    lengths: list[int] = []
    width, held, bits, total, before = 9, 0, 0, 0, 0
    for byte in packed:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & (1 << width) - 1
        if code == _END or total > most:
            break
        if code == _CLEAR:
            lengths, width, before = [], 9, 0
            continue
        place = code - _END - 1
        length = 1 if code < _CLEAR else lengths[place] if place < len(lengths) else before + 1
        if before:
            lengths.append(before + 1)
        total, before = total + length, length
        width = min(12, max(9, (len(lengths) + _END + 2).bit_length()))
    return total


def _tokens(content: bytes) -> int:
    """About how many tokens: where something begins behind a blank or a bracket, and the brackets themselves."""
    codes = np.frombuffer(content, dtype=np.uint8)
    white, parts = _WHITE[codes], _PARTS[codes]
    plain = ~(white | parts)
    return int(np.count_nonzero(plain[1:] & ~plain[:-1])) + int(np.count_nonzero(parts))
