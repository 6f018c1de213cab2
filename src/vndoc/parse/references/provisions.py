"""Parts of documents that a text points to: 'điểm a khoản 4 Điều 14 Nghị định số 30/2020/NĐ-CP'.

Units are named from the smallest to the largest, or the other way round; lists share what stands behind them:
'điểm a, b khoản 2 và khoản 5 Điều 3 của Luật này' names three provisions of one law.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.references.citations import CitationText
from vndoc.parse.references.documents import CitedDocument, Spot

_LEVELS = ("point", "clause", "article", "section", "chapter", "part", "annex")
_NO_COUNT = r"(?![\p{L}\d]|\s*%|[.,]\d|/\d|\s+(?:trieu|ty|dong|nguoi)\b)"
_LINK = regex.compile(r"\s*(?:[,;]\s*)?(?:(?:va|hoac|cua|tai|thuoc)\s+)?(?:cac\s+)?")
_TO_DOCUMENT = (
    regex.compile(
        r"\s*(?:[,(]\s*)?(?:(?:cua|tai|trong|thuoc|theo|quy\s+dinh\s+tai)\s+)?"
        r"(?:(?:duoc\s+)?(?:ban\s+hanh\s+)?kem\s+theo\s+)?(?:cac\s+)?"
    ),
    regex.compile(
        r"\s+(?:cua\s+)?(?:quy\s+che|quy\s+dinh|quy\s+trinh|chuong\s+trinh|ke\s+hoach|de\s+an|danh\s+muc|noi\s+quy)\s+"
        r"(?:[^\s.;:()\d]+\s+){0,12}?(?:ban\s+hanh\s+)?(?:kem\s+)?theo\s+"
    ),
)
_FROM_DOCUMENT = regex.compile(r"\s*[,(:]?\s*(?:(?:tai|quy\s+dinh\s+tai|gom|o)\s+)?(?:cac\s+)?")
_HERE = regex.compile(r"\s+(dieu|khoan|muc|chuong|phan|phu\s+luc)\s+nay\b")
_SPLIT = regex.compile(r"\s*(?:[,;]|\bvà\b|\bhoặc\b|\bva\b|\bhoac\b)\s*")
_RANGE = regex.compile(r"^(\d+)\s+(?:đến|den)\s+(\d+)$")
_HEADING = regex.compile(r"(?:^|\n)[ \t“\"]*(?P<unit>dieu\s+(?P<n>\d{1,3}[a-z]?))\s*[.:]")
_WIDEST = 40  # articles that a range may span
_MOST = 40  # units that one list may have


@dataclass(slots=True)
class _Unit:
    start: int
    end: int
    level: str
    ids: list[str]


@dataclass(slots=True)
class Part:
    """A provision: the identifier on each level that is named, and its document.

    ``itself``: it belongs to the dispatch. Neither a document nor itself: the text does not tell.
    """

    start: int
    end: int
    ids: dict[str, str] = field(default_factory=dict)
    document: CitedDocument | None = None
    itself: bool = False


def find_provisions(page: CitationText, spots: Sequence[Spot]) -> list[Part]:
    """Provisions in order of the text; ``spots`` are all mentions of documents, in order."""
    by_start = {spot.start: spot for spot in reversed(spots)}
    by_end = {spot.end: spot for spot in spots} | {spot.tail: spot for spot in spots}
    headings = {m.start("unit"): m["n"] for m in _HEADING.finditer(page.folded) if not _wrapped(page, m.start())}
    article: str | None = None
    ahead = iter(sorted(headings))
    following = next(ahead, None)
    found: list[Part] = []
    for group in _groups(page, headings):
        start, end = group[0].start, group[-1].end
        while following is not None and following < start:
            article, following = headings[following], next(ahead, None)
        parts = _parts(group)
        here = _HERE.match(page.folded, end)
        if here:
            end = here.end()
            for part in parts if here[1] == "dieu" and article else []:
                part.ids["article"] = str(article)
        spot = None if here else _document(page, by_start, by_end, start, end)
        for part in parts:
            part.start, part.end = start, end
            part.itself = bool(here) or (spot is not None and not spot.meant)
            part.document = spot.meant[0] if spot and spot.meant else None
        if spot or here or any(unit.level in ("article", "clause") for unit in group):
            found += parts
    return found


def _wrapped(page: CitationText, line_feed: int) -> bool:
    """Whether the line before ends in a word that cannot end one ('tại'): 'Điều 3.' behind it is no heading."""
    words = page.folded[max(0, line_feed - 40) : line_feed].split()
    return bool(words) and words[-1] in load("labels")["wrapped_after"]


@cache
def _unit() -> "regex.Pattern[str]":
    """The units with their words and numbers, from the data, to be laid over folded text."""
    branches = []
    for level, record in load("provisions")["levels"].items():
        word = "|".join(r"\s+".join(fold(w).split()) for w in record["words"])
        ids = record["pattern"]
        more = rf"(?:\s*(?:,|;|\bva\b|\bhoac\b|\bden\b)\s*(?:(?:cac\s+)?(?:{word})\s+)?{ids}{_NO_COUNT}){{0,{_MOST}}}"
        first = rf"(?:{word})\s+{ids}{_NO_COUNT}{more}"
        alone = rf"|(?:{word})" if level == "annex" else ""
        branches.append(rf"(?P<{level}>{first}{alone})")
    return regex.compile(rf"(?<![\p{{L}}\d])(?:{'|'.join(branches)})")


@cache
def _words() -> "regex.Pattern[str]":
    words = sorted((w for r in load("provisions")["levels"].values() for w in r["words"]), key=len, reverse=True)
    return regex.compile(rf"^(?:các )?(?:{'|'.join(words)})\s*", regex.I)


def _units(page: CitationText, headings: Mapping[int, str]) -> Iterator[_Unit]:
    not_behind = load("provisions")["not_behind"]
    for match in _unit().finditer(page.folded):
        level = str(match.lastgroup)
        before = page.shown[max(0, match.start() - 12) : match.start()].lower().split()
        if match.start() in headings or (before and before[-1] in not_behind):
            continue
        yield _Unit(match.start(), match.end(), level, _ids(page.shown[match.start() : match.end()], level))


def _ids(words: str, level: str) -> list[str]:
    """Identifiers in 'Điều 5, Điều 6 và 7', ranges written out; letters keep their marks, Roman numbers capitals."""
    ids: list[str] = []
    for item in _SPLIT.split(words):
        name = _words().sub("", " ".join(item.split()))
        name = name.removeprefix("số ")
        name = regex.sub(r"(?<=đến )(?:Điều|điều|khoản|Khoản) ", "", name)
        if (span := _RANGE.match(name)) and 0 < int(span[2]) - int(span[1]) <= _WIDEST:
            ids += [str(n) for n in range(int(span[1]), int(span[2]) + 1)]
        elif name or level == "annex":
            ids.append(name)
    return ids or [""]


def _groups(page: CitationText, headings: Mapping[int, str]) -> Iterator[list[_Unit]]:
    """Units that follow each other with nothing but a comma, 'và', 'của' between them."""
    group: list[_Unit] = []
    for unit in _units(page, headings):
        if group and (len(group) == _MOST or not _LINK.fullmatch(page.folded, group[-1].end, unit.start)):
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _parts(group: Sequence[_Unit]) -> list[Part]:
    """The provisions that a group names: each unit completes the smaller ones before it."""
    parts: list[Part] = []
    for i, unit in enumerate(group):
        rank = _LEVELS.index(unit.level)
        open_ = [p for p in parts if unit.level not in p.ids and max(map(_LEVELS.index, p.ids)) < rank]
        if open_:
            first, rest = unit.ids[0], unit.ids[1:]
            for part in open_:
                part.ids[unit.level] = first
        elif i and _LEVELS.index(group[i - 1].level) > rank and not _comes_again(group, i):
            owner = parts.pop().ids  # 'Điều 5 khoản 2': the larger unit stands first
            parts += [Part(0, 0, {**owner, unit.level: name}) for name in unit.ids]
            continue
        else:
            rest = unit.ids
        parts += [Part(0, 0, {unit.level: name}) for name in rest]
    return parts


def _comes_again(group: Sequence[_Unit], i: int) -> bool:
    """Whether a unit as large as the one before ``i`` follows: 'Điều 5, khoản 2 Điều 6'."""
    rank = _LEVELS.index(group[i - 1].level)
    return any(_LEVELS.index(unit.level) >= rank for unit in group[i + 1 :])


def _document(
    page: CitationText, by_start: Mapping[int, Spot], by_end: Mapping[int, Spot], start: int, end: int
) -> Spot | None:
    """The mention that a provision belongs to: behind it, which is then marked with it, else right before it."""
    for pattern in _TO_DOCUMENT:
        if (link := pattern.match(page.folded, end)) and (spot := by_start.get(link.end())):
            if "theo" not in link.group():  # 'Phụ lục I ban hành kèm theo …' is read as such
                spot.lead = start
            return spot
    for at in range(start - 1, max(0, start - 24), -1):
        if (spot := by_end.get(at)) and _FROM_DOCUMENT.fullmatch(page.folded, at, start):
            return spot
    return None
