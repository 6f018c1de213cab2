"""Words that the context all but demands, though their reading is too far gone for the channel to think of them.

``đại biểu béng bộ tỉnh``: after ``đại biểu`` comes ``Đảng`` as a rule. What the first search chose is the context here;
islands that are offered a word are searched again.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from vndoc.repair.cache import CacheModel
from vndoc.repair.channel import Channel, plain
from vndoc.repair.decoder import Island
from vndoc.repair.lattice import Position
from vndoc.repair.model import Lexicon, Model
from vndoc.repair.syllable import strip_marks
from vndoc.repair.tokens import Piece

LEAST = -2.5  # ln P of a word after the three before it from which on it is offered
EXPECTED = 3.0  # how much likelier, in nats, a word of a set phrase is beside the other than 4-grams have it
FARTHEST = 2  # letters in which its look may differ from the reading


def propose(
    islands: Sequence[tuple[list[int], Island]],
    positions: Sequence[Position],
    pieces: Sequence[Piece],
    channels: Sequence[Channel | None],
    model: Model,
) -> list[Island]:
    """Offer demanded words to decided islands; those that have got some are to be decided again.

    ``channels`` has one entry a piece, None where nothing is to be offered.
    """
    places = [
        (island, at, positions[member], piece)
        for members, island in islands
        for at, member in enumerate(members)
        if (piece := positions[member].piece) is not None and channels[piece] and len(positions[member].ids) > 1
    ]
    contexts = np.array([_before(island, at) for island, at, _, _ in places], dtype=np.int64).reshape(-1, 3)
    changed: dict[int, Island] = {}
    for (island, at, position, piece), words in zip(places, model.language.successors(contexts, LEAST), strict=True):
        for word in words.tolist():
            channel = channels[piece]
            if channel and word not in position.ids and _offer(position, pieces[piece], word, channel, model.lexicon):
                island.ids[at], island.scores[at] = position.ids, position.scores
                changed[id(island)] = island
    for island in changed.values():
        island.choice.clear()
        island.posteriors.clear()
    return list(changed.values())


def _before(island: Island, at: int) -> tuple[int, ...]:
    """The three words chosen before a place of an island."""
    chosen = [ids[choice] for ids, choice in zip(island.ids[:at], island.choice[:at], strict=True)]
    return (*island.history, *chosen)[-3:]


def _offer(position: Position, piece: Piece, word: int, channel: Channel, lexicon: Lexicon, bonus: float = 0.0) -> bool:
    """Add a word to the options of a position if it looks at all like the reading; ``bonus`` is added to its ln P."""
    name = lexicon.words[word]
    read = piece.reading
    if name not in lexicon.syllable_numbers or Levenshtein.distance(strip_marks(name), plain(read)) > FARTHEST:
        return False
    form = name.capitalize() if read[:1].isupper() or name in lexicon.capitalised else name
    score = channel.score(form, read) + bonus
    # new lists: those of the position are shared with all readings of its kind
    position.ids = [*position.ids, word]
    position.scores = [*position.scores, score]
    position.forms = [*position.forms, form]
    return True


def propose_own(
    positions: Sequence[Position], at: int, piece: Piece, channel: Channel, model: CacheModel, lexicon: Lexicon
) -> None:
    """Offer to an open position the words that the document, or a set phrase, has beside one of its neighbours."""
    before = positions[at - 1].ids if at else []
    behind = positions[at + 1].ids if at + 1 < len(positions) else []
    expected = {second for first, second in _phrases(lexicon) if first in before}
    expected |= {first for first, second in _phrases(lexicon) if second in behind}
    for word in sorted((model.beside(before, behind) | expected).difference(positions[at].ids)):
        _offer(positions[at], piece, word, channel, lexicon, EXPECTED if word in expected else 0.0)


def _phrases(lexicon: Lexicon) -> list[tuple[int, int]]:
    """The set phrases of two words, as word numbers."""
    pairs = (phrase.split() for phrase in _data()["phrases"])
    return [(lexicon.numbers[first], lexicon.numbers[second]) for first, second in pairs]


@cache
def _data() -> dict[str, Any]:
    text = files("vndoc.repair").joinpath("data/phrases.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
