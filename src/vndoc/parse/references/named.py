"""Documents cited without a notation: acts by name ('Luật Đất đai năm 2024'), others by number ('Nghị định 30').

Of laws and ordinances the decree asks for the name only (Decree 30/2020/NĐ-CP, Appendix I, II.6 b); names of acts, in
which commas and 'và' may stand, are kept in ``data/acts.json``.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import regex

from vndoc.parse.dates import day_at
from vndoc.parse.fold import fold, tidy
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organ_at
from vndoc.parse.references.citation_type import ACT_TYPES
from vndoc.parse.references.citations import Citation, CitationText

_ACT = regex.compile(
    r"(?<!\p{L})(?<!(?:[Pp]háp|[Kk]ỷ|[Dd]ự|[Hh]ệ|[Bb]ộ)\s)([Bb]ộ\s+[Ll]uật|[Ll]uật|[Pp]háp\s+lệnh|Hiến\s+pháp)(?=\s)"
)
_AMENDING = regex.compile(r"\s+(?:Sửa|sửa)\s+đổi(?:,?\s+bổ\s+sung)?(?:\s+một\s+số\s+điều)?\s+(?:của\s+)?(?:các\s+)?")
_NEXT_ACT = regex.compile(r"(?:,|,?\s+và)\s+(?=(?:Bộ\s+luật|Luật|Pháp\s+lệnh)\s)")
_WORD = regex.compile(r"\s+(\p{L}+)")
_COMMA = regex.compile(r",\s+(?=chống\s)")
_YEAR = regex.compile(r"\s*\(?(?:năm\s+|nam\s+)?((?:19|20)\d\d)\)?(?![\d/]|\.\d)")
_DAY = regex.compile(r"\s*,?\s*(?:được\s+(?:ban\s+hành|thông\s+qua)\s+)?ngày\s+")
_SO = regex.compile(r"\s*(?:,\s*)?(?:năm\s+\d{4}\s*)?(?:s[ốô]\s*:?\s*)?")
_BY = regex.compile(r"\s+(?:của|do)\s+")
_MAX_WORDS = 14


@dataclass(slots=True)
class Named:
    """One mention of a document without its notation; offsets are those of the text."""

    start: int
    end: int
    type_name: str
    title: str | None = None
    number: str | None = None
    year: int | None = None
    issued_date: date | None = None
    organ_name: str | None = None
    tail: int = 0


def find_named(page: CitationText) -> list[Named]:
    """Acts by name and others by bare number, in order; a name that belongs to a notation completes that citation."""
    found = sorted((*_acts(page), *_numbered(page)), key=lambda n: n.start)
    taken = [(c.start, c.end) for c in page.citations]
    return [n for n in found if not _within(n, taken)]


def _within(named: Named, taken: list[tuple[int, int]]) -> bool:
    at = bisect_right(taken, (named.start, 10**12)) - 1
    return (at >= 0 and taken[at][1] > named.start) or (at + 1 < len(taken) and taken[at + 1][0] < named.end)


def _acts(page: CitationText) -> Iterator[Named]:
    by_start = {c.start: c for c in page.citations}
    at = 0
    while word := _ACT.search(page.shown, at):
        at = word.end()
        type_name = _type(word[1])
        end = _title_end(page.shown, word.end(), type_name)
        if end is None:
            continue
        title = tidy(page.shown[word.end() : end]) or None
        gap = _SO.match(page.shown, end)
        citation = by_start.get(gap.end() if gap else end)
        if citation and _AMENDING.match(page.shown, word.end()) and _NEXT_ACT.match(page.shown, citation.end):
            continue  # 'Luật sửa đổi … Luật A số x, Luật B số y': the numbers are those of A and B
        if citation and citation.type_name in ACT_TYPES:
            citation.start, citation.title, citation.type_name = word.start(), title, type_name
            at = citation.end
            continue
        named = Named(word.start(), end, type_name, title, tail=end)
        _complete(page, named)
        yield named
        at = named.end


def _type(word: str) -> str:
    """The type as it is spelt: 'Bộ Luật' -> 'Bộ luật'."""
    return tidy(word).capitalize()


def _title_end(text: str, start: int, type_name: str) -> int | None:
    """Where the name that begins behind the type's word ends; None if no name stands there ('luật pháp')."""
    if type_name == "Hiến pháp":
        return start if _YEAR.match(text, start) else None
    if amending := _AMENDING.match(text, start):
        return _amended_end(text, amending.end())
    return _plain_end(text, start, type_name)


def _plain_end(text: str, start: int, type_name: str) -> int | None:
    window = fold(text[start : start + 160])
    if known := _known(type_name).match(window):
        return start + known.end()
    named_in_capitals = text[start - len("luật") : start] in ("Luật", "LUẬT") or type_name == "Pháp lệnh"
    return _free_end(text, start) if named_in_capitals else None  # 'các luật có liên quan'


def _amended_end(text: str, at: int) -> int | None:
    """End of the list of acts that an amending act amends; it is part of its name."""
    end: int | None = None
    while word := _ACT.match(text, at):
        inner = _plain_end(text, word.end(), _type(word[1]))
        if inner is None:
            return end
        end = inner
        link = _NEXT_ACT.match(text, end)
        if not link:
            return end
        at = link.end()
    return end


def _free_end(text: str, start: int) -> int | None:
    """End of a name that is not listed: a capital opens it, a word such as 'năm', 'quy định' or a mark ends it."""
    if _not_a_name().match(text, start):
        return None
    end, count = start, 0
    while count < _MAX_WORDS and (word := _WORD.match(text, end)):
        proper = word[1][0].isupper()
        if (
            (count == 0 and not proper)
            or (not proper and word[1] in load("acts")["end_words"])
            or word[1] in ("Luật", "Nghị")
        ):
            break
        if word[1] == "và" and not _goes_on(text, word.end()):
            break
        end, count = word.end(), count + 1
        if comma := _COMMA.match(text, end):
            end = comma.end() - 1
    return end if count else None


@cache
def _not_a_name() -> "regex.Pattern[str]":
    return regex.compile(rf"\s+(?:{'|'.join(load('acts')['not_names'])})(?!\p{{L}})", regex.I)


def _goes_on(text: str, at: int) -> bool:
    """Whether a name continues behind 'và': with a small letter and no word that ends names."""
    after = _WORD.match(text, at)
    return after is not None and after[1][0].islower() and after[1] not in load("acts")["end_words"]


@cache
def _known(type_name: str) -> "regex.Pattern[str]":
    titles = [fold(record["title"]) for record in load("acts")["acts"] if record["type"] == type_name]
    words = (r"\s+".join(map(regex.escape, title.split())) for title in sorted(titles, key=len, reverse=True))
    return regex.compile(rf"\s+(?:{'|'.join(words) or '(?!)'})(?![\p{{L}}\d])")


def _complete(page: CitationText, named: Named) -> None:
    """Year, day and issuer behind the name or number."""
    if year := _YEAR.match(page.shown, named.end):
        named.year = int(year[1])
        named.end = named.tail = year.end()
    if (word := _DAY.match(page.shown, named.end)) and (day := day_at(page.shown, word.end(), word.end() + 60)):
        named.issued_date, named.tail = day.value, day.end
    word = _BY.match(page.shown, named.tail)
    organ = organ_at(page.shown, word.end()) if word else None
    if organ and (named.number is not None or "Quốc hội" in organ.name):
        named.organ_name, named.tail = organ.name, organ.end


@cache
def _by_number() -> "tuple[regex.Pattern[str], dict[str, str]]":
    types = [r for r in load("document_types")["types"] if r.get("cited_by_number")]
    names = {" ".join(fold(record["name"]).split()): record["name"] for record in types}
    words = "|".join(r"\s+".join(name.split()) for name in sorted(names, key=len, reverse=True))
    ends = r"(?=\s*(?:[,.;:)\]]|$)|\s+(?:ngay|cua|va|neu|noi|tren|nay|ve|da|duoc|do|de|theo|thi|co|ban|quy|hoac)\b)"
    return regex.compile(rf"(?<![\p{{L}}\d])({words})\s+(so\s*:?\s*)?(\d{{1,4}}){ends}(?!\s*[.,]\d)"), names


def _numbered(page: CitationText) -> Iterator[Named]:
    pattern, names = _by_number()
    for match in pattern.finditer(page.folded):
        capital = page.shown[match.start()].isupper()
        number = match[3]
        broken = "\n" in page.shown[match.start() : match.start(3)] and not match[2]  # a heading, then a label
        if broken or not (match[2] or capital) or (not match[2] and 1945 <= int(number) <= 2100):
            continue  # 'kế hoạch 5 năm'; 'Kế hoạch 2025' is a year's
        named = Named(match.start(), match.end(), names[" ".join(match[1].split())], number=number, tail=match.end())
        _complete(page, named)
        yield named


def completes(named: Named, citation: Citation) -> bool:
    """Whether both may be one document, type and name or number being the same: neither year nor day differ."""
    year = int(citation.notation.year) if citation.notation.year else None
    return not _differ(named.year, year) and not _differ(named.issued_date, citation.issued_date)


def _differ(one: object, two: object) -> bool:
    return one is not None and two is not None and one != two
