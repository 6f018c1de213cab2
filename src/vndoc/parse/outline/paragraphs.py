"""Paragraphs of the body: where they part, which are titles of units, which are the body's closing words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import regex

from vndoc.dispatch import Item
from vndoc.parse.fold import fold, tidy
from vndoc.parse.knowledge import is_capitals, load

_TITLE_LENGTH = 320
_LONGEST_LINE = 125
"""Letters that fit on a printed line; what is longer comes from a text that flows, and is a whole paragraph."""
_INLINE = regex.compile(r"(?P<title>\p{Lu}[^:;.]{1,140}?)\s*:\s+(?=[\p{Lu}“])")
_LEAD_IN = regex.compile(r"(?:\b(?:sau|sau day|nhu sau|gom|bao gom)|[,;] cu the)\s*:?\s*$")
_LISTED = regex.compile(r"\b(?:cac|nhung|hai|ba) \S+$")  # 'Giám đốc các Sở: Y tế, …' is no title
_NUMBERED = regex.compile(r"\s*\d{1,2}[.)]\s?\p{Lu}")
_BULLET = regex.compile(r"\s*(?P<mark>[-–+•*])\s*(?=\S)")


@dataclass(slots=True, frozen=True)
class Piece:
    """A line of the body, or what stands behind the label on it."""

    text: str
    start: int
    block: int
    page: int
    full: int = 0  # length of the whole line where this is a part of it

    @property
    def end(self) -> int:
        """Offset one past the last character."""
        return self.start + len(self.text)

    def after(self, offset: int) -> "Piece":
        """What stands on the line from ``offset`` of the document's text on."""
        return replace(self, text=self.text[offset - self.start :], start=offset, full=len(self.text))


def line_width(pieces: Sequence[Piece]) -> int:
    """Length of a full line, in characters: nine of ten lines are no longer."""
    return max(60, sorted(len(p.text) for p in pieces)[len(pieces) * 9 // 10]) if pieces else 60


def paragraphs(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Lines grouped to paragraphs: a bullet begins one, and so does a capital after a short or finished line.

    ``width`` is that of a full line, see :func:`line_width`.
    """
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and not _breaks(groups[-1][-1], piece, width):
            groups[-1].append(piece)
        elif piece.text.strip():
            groups.append([piece])
    return groups


def _breaks(before: Piece, piece: Piece, width: int) -> bool:
    if _BULLET.match(piece.text):
        return True
    first, tail = piece.text.lstrip(' “"(')[:1], before.text.rstrip()
    numbered = _NUMBERED.match(piece.text)
    if not (first.isupper() or numbered):
        return False
    blank = piece.block != before.block and piece.page == before.page
    length = max(before.full, len(before.text))
    if length > _LONGEST_LINE:
        return True
    if tail.endswith((".", ";", ":", "!", "?", "/")):
        return blank or length < 0.8 * width or tail.endswith((":", "./."))
    if tail.endswith((",", "-")) or fold(tail).split()[-1:] in _wrapped():
        return False
    return length < (0.9 if blank else 0.7) * width


@cache
def _wrapped() -> list[list[str]]:
    return [[word] for word in load("labels")["wrapped_after"]]


def split_title(pieces: Sequence[Piece], style: str, parent: bool, width: int) -> tuple[str | None, list[list[Piece]]]:
    """Title and paragraphs of a unit whose lines, behind the label, are ``pieces``; ``parent`` if units stand below.

    A title is what ends without a full stop before something else begins ('2. Phòng Nội vụ'), what stands before a
    colon that goes on with a capital ('4. Công an huyện: Chủ trì …'), or what is printed in capitals.
    """
    caps = next((i for i, p in enumerate(pieces) if not is_capitals(p.text)), len(pieces))
    if caps and len(tidy(pieces[0].text)) > 3:
        return joined(pieces[:caps]).rstrip(" :."), paragraphs(pieces[caps:], width)
    groups = paragraphs(pieces, width)
    if not groups:
        return None, []
    first, rest = groups[0], groups[1:]
    whole = joined(first)
    inline = _INLINE.match(whole)
    if inline and _is_title(inline["title"], 24) and not _LISTED.search(fold(inline["title"])):
        return inline["title"], [_behind_colon(first), *rest]
    heads = style in ("phan", "chuong", "muc", "tieu_muc", "la_ma")
    alone = not (rest or parent or heads)
    if alone or len(whole) > _TITLE_LENGTH or whole.endswith((".", ";", ",", "/")):
        return None, groups
    if not whole.endswith(":") or _is_title(whole, 30):
        return whole.rstrip(" :"), rest
    return None, groups


def _is_title(words: str, limit: int) -> bool:
    return len(words.split()) <= limit and not _LEAD_IN.search(fold(words))


def _behind_colon(group: Sequence[Piece]) -> list[Piece]:
    """The lines of a paragraph from behind its first colon on."""
    number = next(i for i, p in enumerate(group) if regex.search(r":(?:\s|$)", p.text))
    piece = group[number]
    cut = regex.search(r":(?:\s+|$)", piece.text)
    kept = piece.after(piece.start + (cut.end() if cut else 0))
    return [p for p in (kept, *group[number + 1 :]) if p.text]


def joined(pieces: Sequence[Piece]) -> str:
    """Lines as running text."""
    return tidy("\n".join(piece.text for piece in pieces))


def text_of(groups: Sequence[Sequence[Piece]]) -> str:
    """Paragraphs as text, a line each."""
    return "\n".join(joined(group) for group in groups)


def items_of(groups: Sequence[Sequence[Piece]]) -> list[Item]:
    """Paragraphs that begin with dashes and pluses as a tree: a mark not yet open stands below the one before it."""
    roots: list[Item] = []
    opened: list[Item] = []
    for group in groups:
        bullet = _BULLET.match(group[0].text)
        if bullet is None:
            opened = []
            continue
        mark = bullet.group().strip()
        depth = next((i for i, item in enumerate(opened) if item.mark == mark), len(opened))
        item = Item(mark=mark, text=joined(group)[len(mark) :].strip(), start=group[0].start + bullet.start("mark"))
        (opened[depth - 1].items if depth else roots).append(item)
        opened[depth:] = [item]
    return roots


def closing_index(pieces: Sequence[Piece], last_label: int) -> int:
    """Index of the line where the closing words of the body begin, behind the last unit; ``len(pieces)`` if none."""
    tail = list(pieces[last_label:])
    for group in paragraphs(tail, line_width(pieces))[1:]:
        if _closings().match(group[0].text.lstrip(' (“"_')):
            return last_label + tail.index(group[0])
    return len(pieces)


@cache
def _closings() -> "regex.Pattern[str]":
    data = load("labels")
    words = "|".join(regex.escape(w) for w in data["closings"])
    verbs = "|".join(regex.escape(w) for w in data["closing_verbs"])
    return regex.compile(rf"(?:(?:{words})(?!\p{{L}})|\p{{Lu}}[\p{{L}} ,&]{{1,60}}? (?:{verbs})(?!\p{{L}}))")
