"""Mutations of what is written in letters: plain text, web pages, RTF, and mails with what is encoded in them."""

import base64
import re
from collections.abc import Mapping, Sequence
from random import Random

from tests.fuzz.mutations.plain import PLAIN, Mutation, any_of, insert_words


def lines(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Lines missing, repeated up to some thousand times, or in another order."""
    rows = data.splitlines(keepends=True)
    start = rng.randrange(len(rows))
    some = rows[start : start + rng.choice((1, 1, 2, 5, 20))]
    how = rng.randrange(3)
    if how == 0:
        del rows[start : start + len(some)]
    elif how == 1:
        times = rng.choice((2, 10, 1000))
        rows[start:start] = some * max(1, min(times, 60_000 // (len(b"".join(some)) + 1)))
    else:
        rng.shuffle(rows)
    return b"".join(rows)


def encoded(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The text in another encoding, well done or badly: UTF-16, windows-1258, letters taken for others."""
    text = data.decode("utf-8", "replace")
    return rng.choice(
        (
            lambda: text.encode("utf-16"),
            lambda: text.encode("utf-16")[:-1],
            lambda: b"\xff\xfe" + text.encode("utf-16-be"),
            lambda: text.encode("cp1258", "replace"),
            lambda: data.decode("latin-1").encode("utf-8"),
            lambda: text.encode("utf-8-sig") + b"\xed\xa0\x80",
        )
    )()


def nested(openings: Sequence[tuple[bytes, bytes]]) -> Mutation:
    """A mutation that puts a part of the file some hundred or thousand levels deep."""

    def deep(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
        opening, closing = rng.choice(openings)
        at, times = rng.randrange(len(data)), rng.choice((10, 200, 1000, 20_000))
        return data[:at] + opening * times + data[at:] + (closing * times if rng.random() < 0.5 else b"")

    return deep


_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,}\r?\n)+[A-Za-z0-9+/=]*")


def attachment(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """What is encoded in Base64 in a mail: the file that is attached, encoded again."""
    found = rng.choice(list(_BASE64.finditer(data)))
    inside = any_of(PLAIN, base64.b64decode(found.group()), rng, [data])
    return data[: found.start()] + base64.encodebytes(inside) + data[found.end() :]


def within(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The mail as the attachment of a mail, a few times over."""
    for _ in range(rng.choice((1, 3, 40))):
        head = b'From: a@b.vn\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="q"\n\n--q\n'
        data = head + b"Content-Type: message/rfc822\n\n" + data + b"\n--q--\n"
    return data


_TAGS = [(f"<{tag}>".encode(), f"</{tag}>".encode()) for tag in ("div", "table", "ul", "b", "table><tr><td", "svg")]
WRITTEN: Mapping[str, Mapping[str, Mutation]] = {
    "text": {"lines": lines, "lines_again": lines, "encoded": encoded, "words": insert_words("text")},
    "html": {"lines": lines, "words": insert_words("html"), "nested": nested(_TAGS), "encoded": encoded},
    "rtf": {"lines": lines, "words": insert_words("rtf"), "nested": nested([(b"{", b"}"), (rb"{\field{", b"}}")])},
    "eml": {"lines": lines, "words": insert_words("mail"), "attachment": attachment, "within": within},
    "mht": {"lines": lines, "words": insert_words("mail", "html"), "attachment": attachment, "within": within},
}
"""Mutations of each kind by their names."""
