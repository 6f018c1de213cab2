"""What the text says is done with a cited document: 'căn cứ', 'thực hiện', 'thay thế', 'theo đề nghị … tại'.

The phrase stands before the citation, with nothing but its object's own words between. It speaks of the dispatch, or,
right behind another citation, of the document cited there ('Nghị định A sửa đổi Nghị định B').
"""

from functools import cache
from typing import Any, cast

import regex

from vndoc.dispatch import RelationName
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organs_in
from vndoc.parse.references.citations import SO, CitationText
from vndoc.parse.references.documents import CitedDocument, Spot

_LOOK_BACK = 260
_CLAUSE = regex.compile(r";\s|\.\s+(?=\p{Lu})|\n\s*\n|\.\n")
_LIST = regex.compile(r"[\s,;]*(?:va|hoac)?\s*(?:cac\s+)?(?:so\s*:?\s*)?")
_AND = regex.compile(r"\bva\s+(?:cac\s+)?$")
_LABEL = regex.compile(r"(?:\n|^)[ \t]*(?:[-–+•*]|[a-z]\)|\d{1,2}[.)]|\(\d{1,2}\))[ \t]*(?:cac\s+|so\s*:?\s*)?$")
_NUMBERED = regex.compile(r"\n[ \t]*(?:dieu\s+\d{1,3}\p{L}?\.|\d{1,2}[.)]|[a-z]\)|[ivx]{1,5}\.)[ \t]*$")
_NEW_SUBJECT = regex.compile(r",\s+(?=[\p{Lu}_])|:\s*\n")
_LIST_END = regex.compile(r"[^\s,]+[\s\S]*(?:[,;]|\bvà)\s*(?:các\s+)?$")
_SENTENCE = regex.compile(r"\.\s+\p{Lu}|\n\s*\n")
_MAX_WORDS, _NEAR = 18, 6  # words between a phrase and its citation; the same for a change
_LONGEST = 3000  # characters over which a list goes on


def relate(page: CitationText, spots: list[Spot]) -> None:
    """Set ``relation`` and ``relation_of`` of the mentions, which are in order of the text."""
    lists = _Lists(page)
    for spot in spots:
        start = spot.lead if spot.lead >= 0 else spot.start
        previous = lists.previous
        low = min(start, max(previous.tail if previous else 0, start - _LOOK_BACK))
        begin = max((m.end() for m in _CLAUSE.finditer(page.shown, low, start)), default=low)
        _take(spot, lists.heading_of(low, start))
        numbered = _NUMBERED.search(page.folded, low, start)  # a unit of its own, whatever stands above it
        if spot.relation is None:
            own = max(begin, numbered.end()) if numbered else begin
            _read(page, spot, own, start, previous if previous and own <= previous.tail else None)
        lists.lead(spot, start, begin)


def _take(spot: Spot, source: Spot | None) -> None:
    if spot.relation is None and source:
        spot.relation, spot.relation_of = source.relation, source.relation_of


class _Lists:
    """What was said of the mentions before, for those that continue a list."""

    def __init__(self, page: CitationText) -> None:
        self.page = page
        self.previous: Spot | None = None
        self._heading: Spot | None = None
        self._leader: Spot | None = None
        self._of_type: dict[str | None, Spot] = {}

    def heading_of(self, low: int, start: int) -> Spot | None:
        """What the line above a list of labelled items says, for a mention that stands right behind its label."""
        item = _LABEL.search(self.page.folded, low, start)
        if not item:
            self._heading = None
        elif above := _read_heading(self.page, low, item.start()):
            self._heading = above
        elif not self.previous or ";" in self.page.shown[self.previous.tail : item.start() - 1]:
            self._heading = None
        return self._heading

    def lead(self, spot: Spot, start: int, begin: int) -> None:
        """Give a mention without a phrase of its own what its list says, and remember it for those that follow."""
        folded, previous, leader = self.page.folded, self.previous, self._leader
        listed = previous is not None and _LIST.fullmatch(folded, min(previous.tail, start), start)
        if spot.relation:
            self._leader = spot if spot.relation_of is None else leader
        elif leader and (not listed or ";" in listed.group()) and self._opens_clause(begin, start, leader):
            _take(spot, leader)  # 'Căn cứ Luật A quy định …; Nghị định B …'
        elif previous and (listed or (begin <= previous.tail and _AND.search(folded, previous.tail, start))):
            _take(spot, previous)
        else:
            _take(spot, self._alike(spot, start))
        self.previous = self._of_type[_type(spot)] = spot

    def _opens_clause(self, begin: int, start: int, leader: Spot) -> bool:
        return not self.page.folded[begin:start].strip() and self._goes_on(leader, start)

    def _alike(self, spot: Spot, start: int) -> Spot | None:
        """The last document of that type in the sentence, for a bare number: 'các Quyết định: Số 1 …; số 2 …'."""
        shown, folded = self.page.shown, self.page.folded
        bare = shown[start : start + 1].isdigit() and SO.search(folded, max(0, start - 8), start)
        alike = self._of_type.get(_type(spot))
        return alike if alike and bare and self._goes_on(alike, start) else None

    def _goes_on(self, spot: Spot, start: int) -> bool:
        return start - spot.tail < _LONGEST and not _SENTENCE.search(self.page.shown, spot.tail, start)


def _type(spot: Spot) -> str | None:
    return spot.meant[0].type_name if spot.meant else None


def _read_heading(page: CitationText, low: int, end: int) -> Spot | None:
    """What a line that ends in a colon says of the items below it: 'Bãi bỏ các Quyết định sau:'."""
    line = page.folded[low:end].rstrip()
    if not line.endswith(":"):
        return None
    begin = max((m.end() for m in _CLAUSE.finditer(page.shown, low, low + len(line))), default=low)
    heading = Spot(low + len(line) - 1, low + len(line), low + len(line), ())
    _read(page, heading, begin, heading.start, None)
    return heading if heading.relation else None


def _read(page: CitationText, spot: Spot, begin: int, end: int, previous: Spot | None) -> None:
    """What the words between two offsets say of the mention behind them."""
    pattern, names = _phrases()
    shown = _without_offices(page.shown, begin, end)
    found = list(pattern.finditer(fold(shown)))
    while len(found) > 1 and _key(found[-1]) in _weak() and not shown[found[-2].end() : found[-1].start()].strip():
        found.pop()
    record = names[_key(found[-1])] if found else None
    if record is None or _in_a_name(page, begin + found[-1].start()):
        _read_behind(page, spot)
        return
    at, between = begin + found[-1].start(), shown[found[-1].end() :]
    by = bool(record.get("by"))
    if len(between.split()) > _MAX_WORDS or _NEW_SUBJECT.search(between) or (by and previous is None):
        return
    if record["name"] in load("relations")["changes"] and not _done(page, at, between):
        return
    if previous and _LIST_END.search(between):  # 'Quyết định A phê duyệt Đề án …, Nghị quyết B' is a list
        spot.relation, spot.relation_of = previous.relation, previous.relation_of
        return
    spot.relation = cast(RelationName, record["name"])
    spot.relation_of = _subject(page, previous, at, by)


def _without_offices(text: str, begin: int, end: int) -> str:
    """The text between two offsets, names of offices blotted out: 'Bộ Xây dựng' builds nothing."""
    region = text[begin:end]
    for office in organs_in(text, begin, end):
        low, high = office.start - begin, office.end - begin
        region = region[:low] + "_" * (high - low) + region[high:]
    return region


def _done(page: CitationText, at: int, between: str) -> bool:
    """Whether a change is made and made to the document: not proposed, nor 'thu hồi đất … tại Quyết định …'."""
    low = max(0, at - _LOOK_BACK)
    begin = max((m.end() for m in _CLAUSE.finditer(page.shown, low, at)), default=low)
    words = fold(between).split()
    direct = len(words) <= _NEAR and "tai" not in words
    partial = any(word in words for word in ("dieu", "dung", "khoan", "diem", "tu"))  # 'một số nội dung tại …'
    return (direct or partial) and not _proposals().search(page.folded, begin, at)


def _read_behind(page: CitationText, spot: Spot) -> None:
    """'Quyết định số … của UBND tỉnh hết hiệu lực kể từ ngày Quyết định này có hiệu lực'."""
    for name, pattern in _behind():
        if pattern.match(page.folded, spot.tail, spot.tail + 140):
            spot.relation = name


@cache
def _behind() -> "list[tuple[RelationName, regex.Pattern[str]]]":
    """What phrases behind a citation say of it, in the same clause."""
    stated = [(record["name"], record["after"]) for record in load("relations")["relations"] if "after" in record]
    alternatives = [
        (name, "|".join(r"\s+".join(fold(phrase).split()) for phrase in phrases)) for name, phrases in stated
    ]
    return [(name, regex.compile(rf"[^.;,:\n]{{0,100}}?\b(?:{words})\b")) for name, words in alternatives]


def _in_a_name(page: CitationText, at: int) -> bool:
    """Whether the phrase belongs to an act's own name, its type's word right before: 'Luật sửa đổi, bổ sung …'."""
    word = _title_word().search(page.folded, max(0, at - 24), at)
    return word is not None and not (
        "\n" in word.group() and page.shown[word.start() : at].strip().isupper()
    )  # a title


def _subject(page: CitationText, previous: Spot | None, at: int, by: bool) -> CitedDocument | None:
    """The cited document that does it: the one right before the phrase; None for the dispatch."""
    if previous is None or not previous.meant:
        return None
    gap = page.shown[previous.tail : at]
    if not by and ("," in gap or ")" in gap or regex.search(r"\bvà\b", gap)):
        return None
    return previous.meant[0]


@cache
def _phrases() -> "tuple[regex.Pattern[str], dict[str, dict[str, Any] | None]]":
    """A pattern for the phrases, and the relation of each; None for those that only block."""
    data = load("relations")
    names: dict[str, dict[str, Any] | None] = {fold(phrase): None for phrase in data["blocking"]}
    names |= {fold(phrase): record for record in data["relations"] for phrase in record["phrases"]}
    words = (r"\s+".join(map(regex.escape, phrase.split())) for phrase in sorted(names, key=len, reverse=True))
    return regex.compile(rf"(?<![\p{{L}}\d])(?:{'|'.join(words)})(?![\p{{L}}\d])"), names


@cache
def _proposals() -> "regex.Pattern[str]":
    return regex.compile(rf"\b(?:{'|'.join(map(fold, load('relations')['proposals']))})\b")


@cache
def _weak() -> frozenset[str]:
    return frozenset(map(fold, load("relations")["weak"]))


def _key(match: "regex.Match[str]") -> str:
    return " ".join(match.group().split())


@cache
def _title_word() -> "regex.Pattern[str]":
    types = (record["name"] for record in load("document_types")["types"] if record["group"] == "legal")
    names = (r"\s+".join(fold(name).split()) for name in (*types, "Nghị quyết", "Quyết định"))
    return regex.compile(rf"(?<!\p{{L}})(?:{'|'.join(names)})\s+$")
