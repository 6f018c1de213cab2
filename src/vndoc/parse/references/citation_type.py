"""The type of a cited document: from the word before its number, from its notation, from the name of an act."""

from dataclasses import replace
from functools import cache

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.notation import Notation, kinds, office_of_homonym

ACT_TYPES = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
"""What is cited by its name: for laws and ordinances neither number nor issuer need be given."""
_ACTS = regex.compile(r"\b(?:bo\s+luat|luat|phap\s+lenh|nghi\s+quyet)\b")
_SENTENCE = regex.compile(r"[.;:!?]\s|\n\s*\n")
_OTHERS = regex.compile(r"\b(?:cua|theo|tai|ngay|nam|va|hoac|cac|nay|tren|do|de|cho|luat|so)\b")


@cache
def type_names() -> "tuple[regex.Pattern[str], dict[str, str]]":
    """A pattern for the word of a type at the end of a folded text, and the types' names by their folded names."""
    records = load("document_types")["types"]
    names = {fold(word): r["name"] for r in records for word in (r["name"], *r.get("other_words", ()))}
    words = "|".join(r"\s+".join(name.split()) for name in sorted(names, key=len, reverse=True))
    return regex.compile(rf"(?<![\p{{L}}\d])({words})\s*$"), names


@cache
def _type_of_list() -> "regex.Pattern[str]":
    pattern = type_names()[0].pattern.removesuffix(r"\s*$")
    return regex.compile(pattern + r"\s+cua\s+(?:[^\s.;:,\d]+\s*){1,10}+,?$")


def type_before(folded: str, lead: int, last: int, kind: str | None) -> tuple[int, str | None]:
    """Offset and name of the type whose word stands right before ``lead``, or opens the name of an act before it."""
    pattern, names = type_names()
    begin = max(last, lead - 40)
    if found := pattern.search(folded[begin:lead]):
        start, name = begin + found.start(), names[" ".join(found[1].split())]
        outer = pattern.search(folded[begin:start]) if kind and name not in kinds()[kind] else None
        if kind and outer and (other := names[" ".join(outer[1].split())]) in kinds()[kind]:
            return begin + outer.start(), other  # 'Thông báo Kết luận số 12-TB/TU'
        return start, name
    if (found := _qualified().search(folded[max(last, lead - 80) : lead])) and not _OTHERS.search(found[2]):
        name = names[" ".join(found[1].split())]
        if name not in ACT_TYPES and (kind is None or name in kinds()[kind]):
            return max(last, lead - 80) + found.start(), name  # 'Báo cáo thẩm tra số 84/BCKTNS'
    begin = max(last, lead - 120)
    if found := _type_of_list().search(folded[begin:lead]):
        return lead, names[" ".join(found[1].split())]
    begin = max(last, lead - 150)
    acts = list(_ACTS.finditer(folded, begin, lead))
    if acts and not _SENTENCE.search(folded, acts[-1].end(), lead) and folded[acts[-1].end() : lead].count(",") <= 2:
        return lead, names[" ".join(acts[-1].group().split())] if _near_act(folded, acts[-1].end(), lead) else None
    return lead, None


@cache
def _qualified() -> "regex.Pattern[str]":
    pattern = type_names()[0].pattern.removesuffix(r"\s*$")
    return regex.compile(pattern + r"((?:\s+[^\s.;:,()\d/]+){1,8})\s*$")


def _near_act(folded: str, end: int, lead: int) -> bool:
    """Whether only the act's own name stands between: 'Luật Đất đai số …', not 'Luật Đất đai; theo Quyết định số …'."""
    return len(folded[end:lead].split()) <= 12 and not regex.search(r"\b(?:theo|tai|cua|ngay|nam)\b", folded[end:lead])


def _kind_names(notation: Notation) -> tuple[str, ...]:
    return kinds().get(notation.kind, ()) if notation.kind else ()


def type_of(notation: Notation) -> str | None:
    """The type that the abbreviation stands for; a letter has none; an act of the Assembly is taken for a law."""
    names = _kind_names(notation)
    if names:
        party = [n for n in names if n in party_names()]
        own = [n for n in names if regex.split(r"[-/.&]", notation.issuer)[0] in _issuers().get(n, ())]
        open_ = [n for n in names if n not in _issuers()]
        return party[0] if notation.party and party and notation.kind != "TB" else [*own, *open_, *names][0]
    if notation.form == "legal":
        if "QH" in notation.issuer:
            return "Luật" if notation.issuer.startswith("QH") else "Pháp lệnh"
        head = regex.split(r"[-/.&]", notation.issuer)[0]
        return next((name for name, issuers in _issuers().items() if head in issuers), None)  # '15/2024/HS-ST'
    return "Công văn"


@cache
def party_names() -> frozenset[str]:
    """Types of which the Party's rules speak."""
    return frozenset(r["name"] for r in load("document_types")["types"] if r["group"] == "party")


@cache
def _issuers() -> dict[str, list[str]]:
    return {r["name"]: r["issuers"] for r in load("document_types")["types"] if "issuers" in r}


def settled(notation: Notation, word: str | None) -> Notation:
    """The notation where its first letters name a type or an office alike, by the type's word: 'CT' of Cục Thuế."""
    if word == "Công văn" and notation.kind and notation.form == "named" and word not in kinds()[notation.kind]:
        return replace(notation, kind=None, issuer=f"{notation.kind}-{notation.issuer}")
    return notation


def other_types(notation: Notation, type_name: str) -> tuple[str, ...]:
    """What the notation may stand for besides: a Party 'QĐ' is a decision or a regulation, 'CT' Cục Thuế's letter."""
    if notation.party:
        records = (r for r in load("document_types")["types"] if notation.kind in r.get("party_abbreviations", ()))
        return tuple(record["name"] for record in records if record["name"] != type_name)
    return ("Công văn",) if notation.form == "named" and office_of_homonym(notation) else ()
