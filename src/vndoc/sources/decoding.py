"""What decoding an image takes, told before it is done, and images of which a smaller one can be decoded."""

import struct

from PIL import Image

_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
"""Of a pixel in Pillow's memory; all other modes take four."""
_WHOLE = {"WEBP": 16, "AVIF": 14, "HEIF": 14}
"""Of a pixel, while a library decodes the whole image: its own planes, its result, and Pillow's copy of that.
Measured; 4:4:4 in ten bits counted."""
_BITS, _ORIENTATION, _SAMPLES, _ROWS, _TILE_WIDTH, _TILE_LENGTH = 258, 274, 277, 278, 322, 323  # TIFF 6.0
_COMPONENT = 4  # bytes of a sample in OpenJPEG
_SIZE, _CODING, _TILE = 0xFF51, 0xFF52, 0xFF90  # markers of JPEG 2000 (ISO 15444-1, Annex A)


def decoded_bytes(image: Image.Image) -> int:
    """About how many bytes decoding takes at its peak, the image itself included; it is not decoded for that."""
    pixels = image.width * image.height
    own = pixels * _BYTES.get(image.mode, 4)
    if image.format in _WHOLE:
        return int(pixels * _WHOLE[image.format])
    if image.format in ("JPEG", "MPO"):
        return own + _coefficients(image)
    if image.format == "JPEG2000":
        scale: int = 4 ** int(getattr(image, "_reduce", 0) or 0)
        return (own + pixels * _COMPONENT * len(image.getbands())) // scale
    if image.format == "TIFF":
        return own * (2 if _number(image, _ORIENTATION, 1) != 1 else 1) + _strip(image)
    return own


def webp_bytes(data: bytes) -> int:
    """What decoding a WebP image takes, by its head (RFC 9649): Pillow takes some of it when it opens the file."""
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        wide, tall = int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        wide, tall = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        wide, tall = (int.from_bytes(body[k : k + 2], "little") & 0x3FFF for k in (6, 8))
    return wide * tall * _WHOLE["WEBP"]


def shrink(image: Image.Image, size: tuple[int, int], data: bytes) -> None:
    """Have a JPEG or JPEG 2000 decoded at a half, a quarter or less, as long as it stays as large as ``size``."""
    if image.format in ("JPEG", "MPO"):
        image.draft(image.mode, size)
    elif image.format == "JPEG2000":
        times = min(image.width // max(size[0], 1), image.height // max(size[1], 1))
        image.reduce = min(max(times.bit_length() - 1, 0), _levels(data))  # type: ignore[method-assign, assignment]


def _coefficients(image: Image.Image) -> int:
    """What libjpeg keeps of a progressive JPEG until its last scan: two bytes for each coefficient."""
    if not image.info.get("progressive"):
        return 0
    tile = image.tile[0].extents if getattr(image, "tile", None) else None  # type: ignore[attr-defined]
    scale = getattr(image, "decoderconfig", ()) or (1,)
    width, height = (tile[2], tile[3]) if tile else image.size
    layers = getattr(image, "layer", [])
    most = max((across * down for _, across, down, _ in layers), default=1)
    share = sum(across * down / most for _, across, down, _ in layers)
    return int(2 * width * height * int(scale[0]) ** 2 * (share or 3))


def _strip(image: Image.Image) -> int:
    """Of a TIFF: what libtiff unpacks at a time, a strip or a tile, which may be the whole image."""
    bits = getattr(image, "tag_v2", {}).get(_BITS, (1,))
    depth = sum(bits) if isinstance(bits, tuple) else int(bits)
    depth = max(depth, _number(image, _SAMPLES, 1))
    wide, tall = _number(image, _TILE_WIDTH, 0), _number(image, _TILE_LENGTH, 0)
    if not (wide and tall):
        wide, tall = image.width, min(_number(image, _ROWS, image.height), image.height)
    return wide * tall * depth // 8


def _number(image: Image.Image, tag: int, default: int) -> int:
    """A tag of a TIFF that is one number."""
    value = getattr(image, "tag_v2", {}).get(tag, default)
    return int(value) if isinstance(value, int | float) and value >= 0 else default


def _levels(data: bytes) -> int:
    """How many times a JPEG 2000 image can be halved: its levels of decomposition; 0 where that is not found."""
    start = data.find(b"\xff\x4f\xff\x51")
    at = start + 2
    while start >= 0 and at + 10 <= len(data):
        marker, length = struct.unpack_from(">HH", data, at)
        if marker == _CODING:
            return min(data[at + 9], 32)
        if marker == _TILE or length < 2 or marker < _SIZE:
            return 0
        at += 2 + length
    return 0
