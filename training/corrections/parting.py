"""The pairs of some exports, and which of them are learnt from and which are kept out to test with."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from vndoc.archive.corrections.pairs import LinePair, SlotPair, TextPair, Withdrawn, load

HELD_OUT = 5
"""One document of so many is kept out."""
AnyPair = SlotPair | TextPair | LinePair
P = TypeVar("P", SlotPair, TextPair, LinePair)


class Located(NamedTuple):
    """A pair, and the folder in which its crops are."""

    pair: AnyPair
    folder: Path


def merged(folders: Sequence[Path]) -> list[Located]:
    """The pairs of several exports: the one of the latest change counts, and none that was withdrawn since."""
    latest: dict[str, tuple[int, Located | None]] = {}
    for folder in folders:
        for pair in load(folder):
            found = None if isinstance(pair, Withdrawn) else Located(pair, folder)
            if pair.id not in latest or pair.change >= latest[pair.id][0]:
                latest[pair.id] = pair.change, found
    return [located for _, (_, located) in sorted(latest.items()) if located]


def is_held_out(document: str) -> bool:
    """Whether what was said of a document is kept out: by its name alone, so it is the same in every training."""
    return int(hashlib.sha256(f"kept out {document}".encode()).hexdigest(), 16) % HELD_OUT == 0


def parted(pairs: Iterable[Located], kind: type[P]) -> tuple[list[tuple[P, Path]], list[tuple[P, Path]]]:
    """The pairs of a kind to learn from, and those to test with; no document is among both."""
    own = [(pair, folder) for pair, folder in pairs if isinstance(pair, kind)]
    return (
        [(pair, folder) for pair, folder in own if not is_held_out(pair.document)],
        [(pair, folder) for pair, folder in own if is_held_out(pair.document)],
    )
