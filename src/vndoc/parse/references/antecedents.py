"""What 'Công văn này', 'Quyết định nêu trên', 'các Nghị định trên' mean: the dispatch itself, or what was cited before.

'Này' behind the dispatch's own type is the dispatch. Otherwise the nearest cited document of that type is meant; where
one sentence or list names several of them and the words speak of one, all are given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.organs import organ_at
from vndoc.parse.references.citations import CitationText
from vndoc.parse.references.documents import CitedDocument, Spot

_REACH, _NEAR = 6000, 900  # characters that such words reach back, and that 'này' does
_PLURAL = regex.compile(r"\b(?:cac|nhung|hai|ba|bon|\d{1,2})\s+$")
_OF = regex.compile(r"\s+của\s+")
_SENTENCE = regex.compile(r"\.\s+\p{Lu}|\n\s*\n")
ANY = "Văn bản"


def find_antecedents(page: CitationText, spots: list[Spot], own_type: str | None) -> list[Spot]:
    """Mentions by type alone, in order; those for which no document is found are left out.

    Args:
        page: the text.
        spots: the other mentions, in order.
        own_type: type of the dispatch, by which 'này' is stated.
    """
    found: list[Spot] = []
    before: list[Spot] = []
    ahead = iter(spots)
    following = next(ahead, None)
    for words in _words(page):
        while following and following.start < words.start:
            before.append(following)
            following = next(ahead, None)
        if before and before[-1].end > words.start:
            continue  # 'Quyết định số 12/QĐ-UBND này'
        if words.deictic == "nay" and words.type_name in (own_type, ANY):
            found.append(Spot(words.start, words.end, words.end, (), generic=True))
            continue
        meant = _meant(page, before, words)
        readings = [(document,) for document in meant] if words.plural else [meant] if meant else []
        found += [Spot(words.start, words.end, words.tail, reading, generic=True) for reading in readings]
    return found


@dataclass(slots=True)
class _Words:
    start: int
    end: int
    tail: int
    type_name: str
    deictic: str
    organ: str | None
    plural: bool


@cache
def _pattern() -> "tuple[regex.Pattern[str], dict[str, str]]":
    data = load("antecedents")
    names = {fold(record["name"]): record["name"] for record in load("document_types")["types"]}
    names[fold(ANY)] = ANY
    types = _alternatives(list(names))
    sure, loose = (_alternatives(data[group]) for group in ("deictics", "deictics_before"))
    rest = rf"(?=\s*(?:[,.;:)”\"]|$)|\s+(?:{_alternatives(data['may_follow'])})\b)"
    own = r"(?:\s+cua\s+(?P<of>(?:[^\s.;:,()\d]+\s+){1,9}?))?"
    return regex.compile(
        rf"(?<![\p{{L}}\d])(?P<type>{types}){own}\s*(?<=\s)(?P<word>(?:{sure})\b|(?:{loose}){rest})"
    ), names


@cache
def _printed() -> frozenset[str]:
    return frozenset(word for group in ("deictics", "deictics_before") for word in load("antecedents")[group])


def _alternatives(phrases: list[str]) -> str:
    return "|".join(r"\s+".join(fold(phrase).split()) for phrase in sorted(phrases, key=len, reverse=True))


def _words(page: CitationText) -> Iterator[_Words]:
    pattern, names = _pattern()
    for match in pattern.finditer(page.folded):
        printed = page.shown[match.start("word") : match.end("word")].lower()
        if (len(printed) < 4 and printed not in _printed()) or page.shown[match.start("word")].isupper():
            continue  # 'chế độ' is not 'đó', 'nay' is not 'này'; 'Trên cơ sở' begins a sentence
        organ = organ_at(page.shown, match.start("of")) if match["of"] else None
        end = tail = match.end()
        if organ is None and (link := _OF.match(page.shown, end)) and (organ := organ_at(page.shown, link.end())):
            tail = organ.end
        plural = bool(_PLURAL.search(page.folded, max(0, match.start() - 12), match.start()))
        name = names[" ".join(match["type"].split())]
        yield _Words(match.start(), end, tail, name, match["word"], organ.name if organ else None, plural)


def _meant(page: CitationText, before: list[Spot], words: _Words) -> tuple[CitedDocument, ...]:
    """The documents of that type, and of that issuer if one is named, that were cited last."""
    meant: dict[CitedDocument, None] = {}
    nearest = words.start
    for spot in reversed(before):
        if words.start - spot.end > (_NEAR if words.deictic == "nay" else _REACH) or (
            meant and not words.plural and words.deictic == "nay"
        ):
            break
        if meant and _SENTENCE.search(page.shown, spot.end, nearest) and not (words.plural and len(meant) == 1):
            break
        fitting = [d for d in spot.meant if _fits(d, words)]
        if fitting and not spot.generic:
            meant.update(dict.fromkeys(fitting))
            nearest = spot.start
    return tuple(reversed(meant)) if words.plural else tuple(meant)


def _fits(document: CitedDocument, words: _Words) -> bool:
    same = words.type_name in (ANY, document.type_name)
    own = document.organ_name
    return same and (
        words.organ is None or own is None or fold(words.organ) in fold(own) or fold(own) in fold(words.organ)
    )
