"""Two readings of the same page made one: of the same ink, the reading with more letters likely to be right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vndoc.ocr.layout import only_words
from vndoc.ocr.regions.region import Frame
from vndoc.ocr.regions.thresholds import JUNK, MORE_LETTERS, PRINT, SAME_INK, SURE
from vndoc.page import Line, Word

_EDGES = "_-—.,:;'"
_STROKE = 0.2  # of a word's height: the least width of a letter's stroke with the white before it
_BLANK = 0.6  # of a word's height: the widest white between two words of a line
_ENDING = 2  # letters by which two readings of one word are known to be of the same end


def merge(lines: Sequence[Line], more: Sequence[Line]) -> list[Line]:
    """``lines`` and what ``more`` lines add to them or read better, one after the other.

    A line that is sure throughout takes the place of all that was read there, if that was not sure and has no more
    letters right. Otherwise words of both readings that share ink compete as groups (see :func:`_is_better`); those of
    the new line that win are put among the words left of an old line on their level, else in a line of their own.
    """
    merged = list(lines)
    for line in more:
        merged = _with_line(merged, line)
    return merged


@dataclass(slots=True)
class _Rivals:
    """Words of the new reading and of the old one that share ink."""

    new: list[Word]
    old: list[Word]


def _with_line(lines: list[Line], line: Line) -> list[Line]:
    new, lost = list(line.words), _in_place(lines, line)
    if not (lost and _is_better_line(new, lost)):
        won = [group for group in _rivals(lines, line) if _is_better(group)]
        new = [word for word in line.words if any(_is_one_of(word, group.new) for group in won)]
        lost = [word for group in won for word in group.old]
    if not any(is_spelt(word) for word in new) and not _opens(new, line):
        return lines
    longest = max(new, key=lambda word: len(word.text))
    for number, other in enumerate(lines):
        left = [word for word in other.words if not _is_one_of(word, lost)]
        shared = 0 < len(left) < len(other.words) or (left and _goes_on(new, other.words))
        if shared and any(_are_level(word, longest) for word in left):
            words = sorted([*left, *new], key=lambda word: word.box.x0 if word.box else 0)
            lines = [*lines[:number], replace(other, words=tuple(words)), *lines[number + 1 :]]
            return _without(lines, lost)
    return [*_without(lines, lost), Line(tuple(new))]


def _goes_on(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether a line begins where the words end, no farther than words are apart: a surname and its given name."""
    ends = [word.box for word in (words[-1], others[0]) if word.box]
    return len(ends) == 2 and abs(ends[1].x0 - ends[0].x1) < _BLANK * ends[1].height


def _opens(words: Sequence[Word], line: Line) -> bool:
    """Whether the words begin with letters that open a line of other words: 'Ủ' of 'THỦ TƯỚNG' beside a seal."""
    return bool(words) and words[0] is line.words[0] and words[0].text.isalpha() and any(map(is_spelt, line.words[1:]))


def _in_place(lines: Sequence[Line], line: Line) -> list[Word]:
    """The words whose centre is in the box around a line."""
    place = Frame.of(line.box) if line.box else None
    return [w for other in lines for w in other.words if place and w.box and place.covers(w.box)]


def _without(lines: Sequence[Line], words: Sequence[Word]) -> list[Line]:
    return only_words(lines, lambda word: not _is_one_of(word, words))


def _is_one_of(word: Word, words: Sequence[Word]) -> bool:
    """Whether it is itself among them: two equal words may be on one page."""
    return any(word is other for other in words)


def _rivals(lines: Sequence[Line], line: Line) -> list[_Rivals]:
    """The new line's words in groups, each with all old words that share ink with one of the group."""
    groups: list[_Rivals] = []
    for word in line.words:
        old = [w for other in lines for w in other.words if share_ink(w, word)]
        joined = [group for group in groups if any(_is_one_of(w, old) for w in group.old)]
        group = _Rivals([], [])
        for part in joined:
            group.new += part.new
            group.old += part.old
        group.new.append(word)
        group.old += [w for w in old if not _is_one_of(w, group.old)]
        groups = [*(g for g in groups if not any(g is part for part in joined)), group]
    return groups


def _is_better(group: _Rivals) -> bool:
    """Whether the new reading of some ink is the better one.

    Sure words give way only to sure ones with :data:`MORE_LETTERS`, others to what has more letters right, and where
    neither has any, to what is surer. A piece of a word never replaces it: the rest of it touched a seal, and was taken
    away with that.
    """
    if not group.old:
        return True
    if _holds_pieces(group.new, group.old):
        return False
    if _has_more_ink(group.new, group.old) or _is_whole_of(group.new, group.old):
        return True
    if _has_more_ink(group.old, group.new):
        return False
    gained, kept = right_letters(group.new), right_letters(group.old)
    if any(old.confidence >= SURE for old in group.old):
        return are_sure(group.new) and gained >= MORE_LETTERS * kept
    return (gained, mean_confidence(group.new)) > (kept, mean_confidence(group.old))


def _has_more_ink(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether of two words with the same ending the first begins farther left: 'han' has a stroke more than 'xan'."""
    if len(words) != 1 or len(others) != 1:
        return False
    (word,), (other,) = words, others
    if (
        word.box is None
        or other.box is None
        or min(word.confidence, other.confidence) < JUNK
        or word.text == other.text
    ):
        return False
    wider = (
        other.box.x0 - word.box.x0 > _STROKE * word.box.height and abs(word.box.x1 - other.box.x1) < word.box.height / 4
    )
    alike = word.text[-_ENDING:] == other.text[-_ENDING:] and other.confidence < SURE
    return wider and alike and is_spelt(word)


def _is_whole_of(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether one word of letters has the single letter that was read of it before: 'Hùng', of which 'g' was left."""
    if len(words) != 1 or len(others) != 1:
        return False
    (word,), (other,) = words, others
    likely = word.confidence >= PRINT and is_spelt(word) and word.text.isalpha()
    return likely and len(word.text) > _ENDING and len(other.text) == 1 and word.text[-1] == other.text


def _is_better_line(new: Sequence[Word], old: Sequence[Word]) -> bool:
    """Whether a whole line is to be taken for all that was read in its place."""
    if not are_sure(new) or are_sure(old) or _holds_pieces(new, old):
        return False
    return right_letters(new) >= right_letters(old)


def _holds_pieces(new: Sequence[Word], old: Sequence[Word]) -> bool:
    """Whether one of the new words is a piece of an old one of which the others do not have the rest."""
    for other in old:
        whole = other.text.strip(_EDGES)
        if other.confidence < JUNK or not whole.isalpha():
            continue
        touching = [w for w in new if w.box and other.box and w.box.overlap(other.box) > 0]
        pieces = [w for w in touching if w.text in whole and share_ink(w, other)]
        if pieces and sum(len(w.text) for w in touching) < len(whole):
            return True
    return False


def right_letters(words: Sequence[Word]) -> float:
    """Letters and digits expected to be right, less those expected to be wrong.

    Words likelier wrong than right count nothing, and of two that were read in the same ink, only the better one.
    """
    total, counted = 0.0, list[Word]()
    for letters, word in sorted(((_right_letters(word), word) for word in words), key=lambda pair: -pair[0]):
        if not any(share_ink(word, other) for other in counted):
            total += letters
            counted.append(word)
    return total


def _right_letters(word: Word) -> float:
    return max(0.0, 2 * word.confidence - 1) * sum(map(str.isalnum, word.text))


def mean_confidence(words: Sequence[Word]) -> float:
    """Mean confidence of at least one word."""
    return sum(word.confidence for word in words) / len(words)


def are_sure(words: Sequence[Word]) -> bool:
    """Whether every word is sure."""
    return all(word.confidence >= SURE for word in words)


def is_spelt(word: Word) -> bool:
    """Whether the word is two letters and more, and nothing but letters within its punctuation."""
    return len(word.text) > 1 and word.text.strip(_EDGES).isalpha()


def share_ink(a: Word, b: Word) -> bool:
    """Whether two words are readings of the same ink."""
    return a.box is not None and b.box is not None and a.box.overlap(b.box) > SAME_INK


def _are_level(a: Word, b: Word) -> bool:
    if a.box is None or b.box is None:
        return False
    return abs(a.box.y_center - b.box.y_center) < 0.5 * min(a.box.height, b.box.height)
