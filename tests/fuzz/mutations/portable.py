"""Mutations of PDFs: objects, references, contents of streams packed again."""

import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pikepdf

from tests.fuzz.mutations.plain import PLAIN, Mutation, any_of, insert_words, words_of

_NUMBERS = (0, 1, -1, 2, 3, 255, 65535, 2**31 - 1, -(2**31), 10**15)
_OPERATORS = b"q Q cm BT ET Tf Td Tm Tj TJ Do re f S W n gs sh BI ID EI BMC EMC d0 d1".split()
_REFERENCE = re.compile(rb"\d+ 0 R")
_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")


def objects(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """Values of dictionaries and arrays become others: of another object, a number, a reference in a circle."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for _ in range(rng.choice((1, 1, 2, 3, 8))):
            _change(rng.choice(list(pdf.objects)), pdf, rng)
        return _saved(pdf, rng)


def _change(found: Any, pdf: pikepdf.Pdf, rng: Random) -> None:
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        key = rng.choice(sorted(found.keys()))
        if rng.random() < 0.15:
            del found[key]
        elif rng.random() < 0.3 and isinstance(found[key], pikepdf.Dictionary | pikepdf.Array):
            _change(found[key], pdf, rng)
        else:
            found[key] = _value(found[key], pdf, rng)
    elif isinstance(found, pikepdf.Array) and len(found):
        at = rng.randrange(len(found))
        found[at] = _value(found[at], pdf, rng)
        if rng.random() < 0.2:
            for _ in range(rng.choice((1, 50))):
                found.append(found[at])


def _value(before: Any, pdf: pikepdf.Pdf, rng: Random) -> Any:
    """A value in place of another: of its own sort often, any other else."""
    if isinstance(before, int | float | Decimal) and rng.random() < 0.6:
        return rng.choice((*_NUMBERS, Decimal("0.0001"), -Decimal(before), Decimal(before) * 1000))
    how = rng.randrange(7)
    every = list(pdf.objects)
    if how <= 2:
        return rng.choice(every)  # circles of pages, fields, forms and resources come of this
    if how == 3:
        return rng.choice(_NUMBERS)
    if how == 4:
        return pikepdf.Name("/" + rng.choice(words_of("pdf")).decode().strip("/<>[]%") or "/A")
    if how == 5:
        return pikepdf.String(rng.choice(("", "a" * 5000, "\u1ea0\u0300\ufffe")))
    return pikepdf.Array([rng.choice(every) for _ in range(rng.choice((0, 1, 4, 400)))])


def contents(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """What a stream holds once it is unpacked: operators of a page, a map of letters, rows of pixels."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        streams = [found for found in pdf.objects if isinstance(found, pikepdf.Stream)]
        found = rng.choice(streams)
        try:
            inside, packed = found.read_bytes(), True
        except pikepdf.PdfError:  # JPEG and the like stay packed
            inside, packed = found.read_raw_bytes(), False
        changed = any_of({**PLAIN, "operators": _operators, "numbers": _numbers}, inside or b" ", rng, [data])
        if packed:
            found.write(changed)
        else:
            found.write(changed, filter=found.get("/Filter"), decode_parms=found.get("/DecodeParms"))
        return _saved(pdf, rng)


def _operators(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + b" " + b" ".join(rng.choices(_OPERATORS, k=rng.choice((1, 2, 10, 3000)))) + b" " + data[at:]


def _numbers(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    found = rng.choice(list(_NUMBER.finditer(data)))
    return data[: found.start()] + str(rng.choice((*_NUMBERS, 0.00001, 1e9))).encode() + data[found.end() :]


def written(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The file written out in full, then a reference or a number of it changed: tables that point nowhere."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, deterministic_id=True, qdf=rng.random() < 0.5, object_stream_mode=_mode(rng))
    made = out.getvalue()
    places = list((_REFERENCE if rng.random() < 0.5 else _NUMBER).finditer(made))
    for found in rng.sample(places, min(len(places), rng.choice((1, 2, 5)))):
        new = str(rng.choice((0, 1, 2, 3, 5, 99999, -1))).encode() + (b" 0 R" if found.group().endswith(b"R") else b"")
        made = made[: found.start()] + new.ljust(found.end() - found.start()) + made[found.end() :]
    return made


def joined(data: bytes, rng: Random, others: Sequence[bytes] = ()) -> bytes:
    """The pages of two files, or one page a few times or a few hundred."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(io.BytesIO(rng.choice(others))) as other:
        if rng.random() < 0.5:
            pdf.pages.extend(other.pages)
        else:
            pdf.Root.Pages.Kids = pikepdf.Array([pdf.pages[0].obj] * rng.choice((2, 4, 500)))
            pdf.Root.Pages.Count = len(pdf.Root.Pages.Kids)
        return _saved(pdf, rng)


def _mode(rng: Random) -> pikepdf.ObjectStreamMode:
    return rng.choice((pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate))


def _saved(pdf: pikepdf.Pdf, rng: Random) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=_mode(rng), fix_metadata_version=False)
    return out.getvalue()


PDFS: Mapping[str, Mutation] = {
    "objects": objects,
    "objects_again": objects,
    "contents": contents,
    "contents_again": contents,
    "written": written,
    "joined": joined,
    "words": insert_words("pdf"),
}
"""Mutations of PDFs by their names; those that find most are there twice."""
