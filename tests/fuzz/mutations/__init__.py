"""Damage done to files: by chance, and by the rules of their formats, so that it gets past the first check."""

from collections.abc import Mapping, Sequence
from random import Random

from tests.fuzz.mutations.packed import PACKED
from tests.fuzz.mutations.pictures import PICTURES
from tests.fuzz.mutations.plain import MOST, PLAIN, Mutation, flip_bits
from tests.fuzz.mutations.portable import PDFS
from tests.fuzz.mutations.written import WRITTEN

__all__ = ["MOST", "SHAPED", "Mutation", "mutated"]

SHAPED: Mapping[str, Mapping[str, Mutation]] = {"pdf": PDFS, **PACKED, **PICTURES, **WRITTEN}
"""Mutations that know the format, by the kind of file and their names."""
_SHAPED_SHARE = 0.65
_ROUNDS = (1, 1, 1, 1, 2, 2, 4)


def mutated(data: bytes, kind: str, rng: Random, others: Sequence[bytes] = ()) -> tuple[bytes, list[str]]:
    """A damaged copy of a file, and the names of what was done to it.

    Args:
        data: a file of the kind.
        kind: such as ``pdf``; of one that has no mutations of its own, those of any bytes are taken.
        rng: chance; the same gives the same file.
        others: files of the kind, to join parts of.
    """
    done: list[str] = []
    for _ in range(rng.choice(_ROUNDS)):
        shaped = SHAPED.get(kind)
        chosen = shaped if shaped and rng.random() < _SHAPED_SHARE else PLAIN
        name = rng.choice(list(chosen))
        try:
            data = chosen[name](data, rng, others or [data])[:MOST]
        except Exception:  # what is damaged already may be of no structure any more
            data, name = flip_bits(data or b"\0", rng), "flip_bits"
        done.append(name)
    return data, done
