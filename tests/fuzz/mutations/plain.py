"""Mutations that know nothing of a format: bits, blocks, numbers and words of any file.

What is done to the bytes is what the fuzzers of binaries do (AFL's havoc stage): bits flipped, blocks cut out, repeated
and swapped, two files joined, and numbers set to those at which programs count wrongly.
"""

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""From a file, chance and other files of its kind to a damaged one; may raise where there is nothing to damage."""

MOST = 4 * 1024**2
"""Bytes of a mutated file at most."""

EXTREMES = (0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Numbers around which lengths and signs overflow."""
_WIDE = (*EXTREMES, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
_FIGURES = (
    b"0",
    b"-1",
    b"1",
    b"65535",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"9" * 30,
    b"1e308",
    b"nan",
)
_DIGITS = re.compile(rb"\d+")


def place(data: bytes, rng: Random) -> int:
    """Somewhere in the data; near its beginning or end more often, where heads and tables are."""
    if not data:
        return 0
    roll = rng.random()
    reach = min(len(data), 512)
    if roll < 0.3:
        return rng.randrange(reach)
    if roll < 0.4:
        return len(data) - 1 - rng.randrange(reach)
    return rng.randrange(len(data))


def stretch(data: bytes, rng: Random) -> tuple[int, int]:
    """Where a block begins and ends; short ones more often."""
    start = place(data, rng)
    return start, min(len(data), start + max(1, int(len(data) ** rng.random())))


def flip_bits(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Some bits."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        made[place(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(made)


def set_bytes(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A block of noughts, of ones, or of chance."""
    start, end = stretch(data, rng)
    end = min(end, start + 4096)
    block = {0: bytes, 1: lambda n: b"\xff" * n, 2: rng.randbytes}[rng.randrange(3)](end - start)
    return data[:start] + block + data[end:]


def cut_off(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The end is missing, or now and then the beginning."""
    at = place(data, rng)
    return data[at:] if rng.random() < 0.1 else data[: max(1, at)]


def cut_out(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A block is missing."""
    start, end = stretch(data, rng)
    return data[:start] + data[end:]


def repeat(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A block stands there several times, or a great many times."""
    start, end = stretch(data, rng)
    block = data[start:end]
    times = min(rng.choice((1, 1, 2, 8, 64, 1000)), 200_000 // max(1, len(block)) + 1)
    return data[:end] + block * times + data[end:]


def swap(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Two blocks side by side change places."""
    start, middle = stretch(data, rng)
    end = min(len(data), middle + middle - start)
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def splice(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The beginning of one file and the end of another."""
    other = rng.choice(others)
    return data[: place(data, rng)] + other[place(other, rng) :]


def set_number(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A number of one to eight bytes in either order becomes one at which programs count wrongly."""
    size = rng.choice((1, 2, 2, 4, 4, 8))
    at = place(data, rng)
    number = rng.choice(_WIDE) & (256**size - 1)
    return data[:at] + number.to_bytes(size, rng.choice(("big", "little"))) + data[at + size :]


def set_length(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A number that may be a length, since it is less than the file's: more, less, or the file's own."""
    for _ in range(50):
        at, order = place(data, rng), rng.choice("<>")
        size = rng.choice("HI")
        width = struct.calcsize(size)
        if at + width > len(data):
            continue
        (number,) = struct.unpack_from(order + size, data, at)
        if 0 < number <= len(data):
            new = rng.choice((number - 1, number + 1, number * 2, number // 2, len(data), len(data) + 1, 0))
            return data[:at] + struct.pack(order + size, new & (256**width - 1)) + data[at + width :]
    return set_number(data, rng, others)


def set_figure(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """A number written in digits."""
    found = rng.choice(list(_DIGITS.finditer(data[: 512 * 1024])))
    return data[: found.start()] + rng.choice(_FIGURES) + data[found.end() :]


@cache
def words_of(kind: str) -> tuple[bytes, ...]:
    """The words of a format in ``words.json``; lone surrogates there stand for bytes that are no letters."""
    known = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
    return tuple(word.encode("utf-8", "surrogateescape") for word in known[kind])


def insert_words(*kinds: str) -> Mutation:
    """A mutation that puts words of formats somewhere, once or some hundred times, or in the place of others."""
    words = [word for kind in kinds for word in words_of(kind)]

    def inserted(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
        word = rng.choice(words)
        known = [found.start() for other in words for found in list(re.finditer(re.escape(other), data))[:20]]
        if known and rng.random() < 0.5:
            at = rng.choice(known)
            return data[:at] + word + data[at + len(word) :]
        at = place(data, rng)
        return data[:at] + word * rng.choice((1, 1, 2, 300)) + data[at:]

    return inserted


PLAIN: Mapping[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (flip_bits, set_bytes, cut_off, cut_out, repeat, swap, splice, set_number, set_length, set_figure)
}
"""All of these by their names."""


def any_of(mutations: Mapping[str, Mutation], data: bytes, rng: Random, others: Sequence[bytes]) -> bytes:
    """One of them, the plain change of bits where it finds nothing to damage."""
    try:
        made = mutations[rng.choice(list(mutations))](data, rng, others)
    except Exception:  # a damaged file can be of no structure any more
        made = flip_bits(data or b"\0", rng)
    return made[:MOST]
