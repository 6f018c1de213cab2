"""Lines that run across two columns, cut into their columns: by the white between the words, or by the words alone."""

from itertools import pairwise
from statistics import median

from vndoc.parse.form import anchors
from vndoc.parse.form.foot.names import is_name, is_rare_surname
from vndoc.parse.form.foot.signing import is_signing_line, opens_position, positions, read_signing_line
from vndoc.parse.knowledge import is_capitals, load
from vndoc.parse.lines import TextLine

MAX_LINE = 500
"""Characters of the longest line that can belong to the form; longer ones are text that lost its line breaks."""

_NAME = 5  # words of a personal name
_LEFT = 0.3
"""Share of the page width within which no national title begins."""
_MIN_GAP = 0.022
"""Share of the page width from which a white gap may part two columns."""


def cut_at_words(line: TextLine, starts: list[int]) -> list[TextLine]:
    """The line cut before each word index of ``starts``."""
    offsets, at = [], 0
    for word in line.words:
        offsets.append(at)
        at += len(word.text) + 1
    edges = [0, *(offsets[i] for i in sorted(set(starts)) if 0 < i < len(offsets)), len(line.text)]
    pieces = [line.part(a, b) for a, b in pairwise(edges)]
    return [piece for piece in pieces if piece.text]


def wide_gaps(line: TextLine, factor: float = 2.0) -> list[int]:
    """Indices of the words before which the white is ``factor`` times as wide as the letters are high."""
    boxes = [w.box for w in line.words]
    if len(boxes) < 2 or any(b is None for b in boxes):
        return []
    known = [b for b in boxes if b]
    letter = median(b.height for b in known)
    least = max(factor * letter * 0.75, _MIN_GAP * line.page_width)
    return [i for i, (a, b) in enumerate(pairwise(known), 1) if b.x0 - a.x1 >= least]


def split_header(line: TextLine) -> list[TextLine]:
    """Issuer and national title, number and place-and-date: the two columns of the head of page 1."""
    if len(line.text) > MAX_LINE:
        return [line]
    words = [w.text for w in line.words]
    start = _national_start(words)
    if start and (title := line.words[start].box) and title.x0 < _LEFT * line.page_width:
        start = None  # 'TRUNG ƯƠNG ĐOÀN TNCS HỒ CHÍ MINH' is an issuer
    start = place_start(words) if start is None else start
    gaps = [i for i in wide_gaps(line) if (box := line.words[i].box) and box.x0 > 0.36 * line.page_width]
    return cut_at_words(line, gaps if start is None else [start])


def _national_start(words: list[str]) -> int | None:
    """Where the national title or motto begins, if it ends the line."""
    best: tuple[float, int | None] = (0.0, None)
    for start in range(len(words)):
        tail = " ".join(words[start:])
        score = anchors.national_likeness(tail)
        if score > best[0] and any(letter.isalpha() for letter in words[start]):  # a dash is the issuer's
            best = (score, start)
    return best[1] if best[0] >= 1 else None


def place_start(words: list[str]) -> int | None:
    """Index of the word with which 'Địa danh, ngày … tháng …' begins: the run of capitalised words before 'ngày'."""
    text = " ".join(words)
    found = anchors.DAY_MONTH.search(text)
    if not found:
        return None
    at = min(text[: found.start()].count(" "), len(words))  # a word may hold a blank
    first = at
    while first > 0 and _is_place_word(words[first - 1]):
        first -= 1
    units = load("places")["units"]
    for size in (2, 1):
        unit = " ".join(words[max(0, first - size) : first])
        if unit[:1].isupper() and unit.lower() in units:
            return first - size
    return first


def _is_place_word(word: str) -> bool:
    core = word.strip(",.;")
    return core in {"-", "TP", "Tp", "TX", "Tx", "T.P"} or (core[:1].isupper() and core[1:].islower()) or core.isdigit()


def split_signature(line: TextLine) -> list[TextLine]:
    """An entry of Nơi nhận and a line of the signature beside it."""
    if len(line.text) > MAX_LINE or (is_capitals(line.text) and is_signing_line(line.text)):
        return [line]
    gaps = [i for i in wide_gaps(line, 1.6) if _starts_right(line, i) or line.words[i - 1].text[-1:] == ";"]
    if gaps:
        return cut_at_words(line, gaps[-1:])
    words = [w.text for w in line.words]
    ended = max((i for i in range(1, len(words)) if words[i - 1][-1:] == ";"), default=1)
    for start in range(ended, len(words)):
        tail = " ".join(words[start:])
        before = words[start - 1]
        if before[-1:] not in ";:." and is_capitals(before):
            continue
        if (is_capitals(words[start]) or words[start] == "Q.") and is_capitals(tail) and is_signing_line(tail):
            return cut_at_words(line, [start])
        if before[-1:] in ";.:" and is_name(tail):
            return cut_at_words(line, [start])
    return [line]


def _starts_right(line: TextLine, index: int) -> bool:
    box = line.words[index].box
    tail = " ".join(w.text for w in line.words[index:])
    known = is_signing_line(tail) or (is_name(tail) and tail[-1:] not in ",;")
    return box is not None and box.x0 > (0.38 if known else 0.5) * line.page_width


def cut_signers(line: TextLine, side_by_side: bool = False) -> list[TextLine]:
    """Several signers' titles, or names, that were read as one line: 'THỨ TRƯỞNG THỨ TRƯỞNG', 'Lê Văn An Trần Thị Hà'.

    ``side_by_side``: it is known that two signatures stand beside each other, so that four words may be two names.
    """
    if len(line.text) > MAX_LINE:
        return [line]
    words = [w.text for w in line.words]
    known = range(2 if side_by_side else 3, len(words) - 1)
    if is_capitals(line.text):
        if (whole := read_signing_line(line.text)) and whole.rest in positions() and whole.score == 1.0:
            return [line]
        starts = [i for i in range(1, len(words)) if _parts_titles(words, i)]
    elif len(words) > 2 * _NAME or (is_name(line.text) and not side_by_side):
        starts = []
    else:
        starts = [i for i in known if is_name(" ".join(words[:i])) and is_name(" ".join(words[i:]))]
    gaps = [i for i in wide_gaps(line) if i in starts]
    # 'Nguyễn Thị Thu Sơn Nguyễn Văn Khải': a name begins with 'Nguyễn' rather than with 'Sơn'
    best = min(starts, key=lambda i: (is_rare_surname(words[i]), abs(2 * i - len(words))), default=None)
    if best is None:
        return [line]
    return [part for piece in cut_at_words(line, gaps[:1] or [best]) for part in cut_signers(piece, side_by_side)]


def _parts_titles(words: list[str], start: int) -> bool:
    """Whether one signer's title ends before the word and another's begins with it."""
    head, tail = " ".join(words[:start]), " ".join(words[start:])
    joined = head[-1] in ",-" or words[start - 1] == "PHÓ" or "KIÊM" in words[max(0, start - 2) : start]
    return not joined and opens_position(head) and opens_position(tail)
