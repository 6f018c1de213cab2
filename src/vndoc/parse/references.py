"""The documents that a dispatch cites: each once, with type, day and issuer as the text tells them.

A citation is "type, số, notation, day, issuer, subject" (Decree 30/2020/NĐ-CP, Appendix I, II.6 b), but a list shares
what its members have in common ("các Quyết định số: 12/QĐ-UBND, 13/QĐ-UBND ngày … của …"), and a later citation
gives only type and notation. So each mention is read by itself, then completed from its list, then from its like.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import pairwise

import regex

from vndoc.dispatch import Mention, Reference
from vndoc.parse.dates import day_at
from vndoc.parse.fold import fold, mask, tidy
from vndoc.parse.knowledge import load
from vndoc.parse.notation import Notation, NotationMatch, find_notations, is_known_office, kinds, skeleton
from vndoc.parse.organs import OrganMatch, organ_at, organs_in
from vndoc.parse.zones import Zones

_BEFORE = 400  # characters looked back for type and issuer
_AFTER = 160
_LIST = 3000  # how far a list of documents may run

_SO = regex.compile(r"(?:\bs[o06s]{1,2}\s*[:.]?|:)\s*$")
_DAY = regex.compile(r"\s*[,(]?\s*(?:cung\s+)?(?:ban\s+hanh\s+|ky\s+)?ngay\s*|\s+(?=\d{1,2}/\d{1,2}/\d{4})")
_SAME_DAY = regex.compile(r"\s*[,(]?\s*cung\s+ngay\b")
_BY = regex.compile(r"\s*\)?,?\s*(?:(?:cua|do)\s+)+")
_PARTNER = regex.compile(r"(?:\s*[,;]|\s+và)\s+(?:của\s+)?(?=\p{Lu})")
_LINK = regex.compile(r"\s*[,;]?\s*(?:va|hoac)?\s*(?:cac\s+)?")
_ISSUED = regex.compile(r"\s+(?:da\s+|vua\s+|moi\s+)?(?:ban\s+hanh|co|gui|phat\s+hanh)\s*(?:cac\s+)?$")
_AT = regex.compile(r"\btai\b(?!\s+(?:dia|cho|tru\s+so))")
_OF = regex.compile(r"\bcua\s+$")
_COLON = regex.compile(r"\s*[,:]?\s*(?:s[o06]{1,2}\s*:?\s*)?")
_ACTS = regex.compile(r"\b(?:bo\s+luat|luat|phap\s+lenh|nghi\s+quyet)\b")
_AMENDING = regex.compile(r"\bsua\s+doi\b")
_ACTS_ONLY = regex.compile(r"\s*(?:,|va|,\s*va)\s+(?:bo\s+)?luat\s[^;.:]{0,100}")
_SENTENCE = regex.compile(r"[.;:!?]\s|\n\s*\n")
_PARAGRAPH = regex.compile(r"\.\s+\p{Lu}|\n\s*\n")
_CLAUSE = regex.compile(r";\s|\.\s+(?=\p{Lu})")


@dataclass(slots=True)
class _Citation:
    """One mention, as far as its own words and its list tell it."""

    start: int  # of the type word, or of the notation
    end: int
    match: NotationMatch
    notation: Notation
    type_name: str | None
    worded: bool  # the type's word is printed before the notation
    issued_date: date | None = None
    organ_name: str | None = None
    tail: int = 0  # where what belongs to the citation ends: notation, day, issuer
    in_title: bool = False

    @property
    def organ_code(self) -> str:
        return regex.split(r"[-/.&]", self.notation.issuer)[0]


@dataclass(slots=True)
class _Text:
    shown: str
    folded: str
    citations: list[_Citation] = field(default_factory=list)


def find_references(text: str, zones: Zones) -> list[Reference]:
    """Documents cited in subject and body, in order of first mention; annexes and the own number are left out.

    ``text`` is the whole ``Dispatch.text``; mentions count in it and run from the type's word to the end of the
    notation. Linear in the length of the text.
    """
    shown = mask(text, (*zones.title, *zones.body))
    title_end = max((line.end for line in zones.title), default=0)
    page = _Text(shown, fold(shown))
    last = 0
    for match in find_notations(shown):
        citation = _read(page, match, last)
        if citation:
            citation.in_title = citation.end <= title_end
            page.citations.append(citation)
            last = citation.tail
    _share(page)
    return _merge(text, page.citations)


def _read(page: _Text, match: NotationMatch, last: int) -> _Citation | None:
    """The citation around one notation, without what it shares with others; None if it is no document's."""
    lead = _lead(page.folded, match.start, last)
    start, word = _type_before(page.folded, lead, last)
    if not (match.sure or match.announced or word):
        return None
    type_name = word or _type_of(match.notation)
    if type_name is None:
        return None
    begin = start if start < lead else match.start
    citation = _Citation(begin, match.end, match, match.notation, type_name, word is not None, tail=match.end)
    _read_after(page, citation)
    if citation.organ_name is None:
        citation.organ_name = _organ_before(page, citation, last)
    return citation


def _lead(folded: str, start: int, last: int) -> int:
    """Where 'số' or ':' before the notation begins; its own start if neither stands there."""
    begin = max(last, start - 12)
    at = start
    while found := _SO.search(folded[begin:at]):
        at = begin + found.start()
    return at


@cache
def _type_names() -> "tuple[regex.Pattern[str], dict[str, str]]":
    names = {fold(record["name"]): record["name"] for record in load("document_types")["types"]}
    words = "|".join(r"\s+".join(name.split()) for name in sorted(names, key=len, reverse=True))
    return regex.compile(rf"(?<![\p{{L}}\d])({words})\s*$"), names


@cache
def _type_of_list() -> "regex.Pattern[str]":
    pattern = _type_names()[0].pattern.removesuffix(r"\s*$")
    return regex.compile(pattern + r"\s+cua\s+(?:[^\s.;:,\d]+\s*){1,10}+,?$")


def _type_before(folded: str, lead: int, last: int) -> tuple[int, str | None]:
    """Offset and name of the type whose word stands right before ``lead``, or opens the name of an act before it."""
    pattern, names = _type_names()
    begin = max(last, lead - 40)
    if found := pattern.search(folded[begin:lead]):
        return begin + found.start(), names[" ".join(found[1].split())]
    begin = max(last, lead - 120)
    if found := _type_of_list().search(folded[begin:lead]):
        return lead, names[" ".join(found[1].split())]
    begin = max(last, lead - 150)
    acts = list(_ACTS.finditer(folded, begin, lead))
    if acts and not _SENTENCE.search(folded, acts[-1].end(), lead) and folded[acts[-1].end() : lead].count(",") <= 2:
        return lead, names[" ".join(acts[-1].group().split())] if _near_act(folded, acts[-1].end(), lead) else None
    return lead, None


def _near_act(folded: str, end: int, lead: int) -> bool:
    """Whether only the act's own name stands between: 'Luật Đất đai số …', not 'Luật Đất đai; theo Quyết định số …'."""
    return len(folded[end:lead].split()) <= 12 and not regex.search(r"\b(?:theo|tai|cua|ngay|nam)\b", folded[end:lead])


def _kind_names(notation: Notation) -> tuple[str, ...]:
    return kinds().get(notation.kind, ()) if notation.kind else ()


def _type_of(notation: Notation) -> str | None:
    """The type that the abbreviation stands for; a letter has none; an act of the Assembly is taken for a law."""
    names = _kind_names(notation)
    if names:
        party = [n for n in names if n in _party_names()]
        return party[0] if notation.party and party and notation.kind not in ("TB",) else names[0]
    if notation.form == "legal":
        return "Luật" if notation.issuer.startswith("QH") else "Pháp lệnh" if "QH" in notation.issuer else None
    return "Công văn"


@cache
def _party_names() -> frozenset[str]:
    return frozenset(r["name"] for r in load("document_types")["types"] if r["group"] == "party")


def _read_after(page: _Text, citation: _Citation) -> None:
    """Day and issuer behind the notation, in either order."""
    for _ in range(2):
        at, limit = citation.tail, min(len(page.shown), citation.tail + _AFTER)
        if citation.issued_date is None and (word := _DAY.match(page.folded, at, limit)):
            found = day_at(page.shown, word.end(), limit)
            if found:
                citation.tail = found.end
                citation.issued_date = found.value if _credible(citation.notation, found.value) else None
        elif citation.organ_name is None and (word := _BY.match(page.folded, at, limit)):
            organ = organ_at(page.shown, word.end())
            if organ and organ.name not in load("issuers")["heads"]:  # 'của Ban' names nobody
                citation.organ_name, citation.tail = organ.name, organ.end
                _read_partners(page, citation)


def _read_partners(page: _Text, citation: _Citation) -> None:
    """A joint document names all its issuers: 'Thông tư liên tịch … của Bộ Y tế, Bộ Tài chính'."""
    while "liên tịch" in (citation.type_name or "") and (link := _PARTNER.match(page.shown, citation.tail)):
        partner = organ_at(page.shown, link.end())
        if not partner or partner.post:
            break
        mark = " và " if "và" in link.group() else ", "
        citation.organ_name = f"{citation.organ_name}{mark}{partner.name}"
        citation.tail = partner.end


def _credible(notation: Notation, value: date) -> bool:
    """A notation that carries its year tells the day's year."""
    return notation.year is None or abs(int(notation.year) - value.year) <= 1


def _organ_before(page: _Text, citation: _Citation, last: int) -> str | None:
    """The issuer named before the type: 'UBND tỉnh đã ban hành …', 'của Bộ Y tế tại …', 'của UBND tỉnh: Số …'."""
    begin = max(last, citation.start - _BEFORE)
    for clause in _CLAUSE.finditer(page.shown, begin, citation.start):
        begin = clause.end()
    organs = list(organs_in(page.shown, begin, citation.start))
    if not organs:
        return None
    nearest = organs[-1]
    between = page.folded[nearest.end : citation.start]
    if _ISSUED.match(between) or (_COLON.fullmatch(between) and _OF.search(page.folded[begin : nearest.start])):
        return nearest.name
    known = is_known_office(citation.organ_code)
    for organ in reversed(organs):
        at = _AT.search(page.folded, organ.end, citation.start)
        if at and (_matches(organ, citation) or (not page.folded[organ.end : at.start()].strip() and not known)):
            return _proposing(organ)
    return None


def _matches(organ: OrganMatch, citation: _Citation) -> bool:
    """Whether the notation abbreviates the office's name; a letter of it misread is mended by the name."""
    code, initials = citation.organ_code, organ.initials
    if len(code) < 2 or skeleton(code) not in skeleton(initials):
        return False
    if code not in initials and len(code) == len(initials):
        issuer = citation.notation.issuer
        citation.notation = replace(citation.notation, issuer=initials + issuer[len(code) :])
    return True


def _proposing(organ: OrganMatch) -> str:
    """A head who proposes signs for the office: 'đề nghị của Giám đốc Sở Y tế tại Tờ trình …' names Sở Y tế."""
    return organ.office if organ.post in load("issuers")["proposing_posts"] else organ.name


def _share(page: _Text) -> None:
    """Give members of a list what the list has in common, forwards from its head and backwards from its end."""
    pairs = list(pairwise(page.citations))
    for one, two in reversed(pairs):
        if one.issued_date is None and _linked(page, one, two) and not two.worded and _credible_pair(one, two):
            one.issued_date = two.issued_date
        if one.issued_date is None and _SAME_DAY.match(page.folded, two.end) and _linked(page, one, two):
            one.issued_date = two.issued_date
        if one.organ_name is None and one.organ_code == two.organ_code and _linked(page, one, two):
            one.organ_name = two.organ_name
    for one, two in pairs:
        if two.organ_name is None and one.organ_code == two.organ_code and _same_list(page, one, two):
            two.organ_name = one.organ_name
    _follow_heads(page)
    _disown_amending_days(page)


def _follow_heads(page: _Text) -> None:
    """Complete '; số 13/QĐ-UBND …' in the sentence of 'các Quyết định của UBND tỉnh: Số 12/QĐ-UBND …'."""
    heads: dict[str, _Citation] = {}
    for one in page.citations:
        head = heads.get(one.organ_code)
        near = head and one.start - head.end < _LIST
        if head and near and not one.worded and not _PARAGRAPH.search(page.shown, head.end, one.start):
            one.organ_name = one.organ_name or head.organ_name
            if head.worded and head.notation.kind == one.notation.kind:
                one.type_name = head.type_name
        else:
            heads[one.organ_code] = one


def _credible_pair(one: _Citation, two: _Citation) -> bool:
    return two.issued_date is not None and _credible(one.notation, two.issued_date)


def _linked(page: _Text, one: _Citation, two: _Citation) -> bool:
    """Whether ``two`` follows ``one`` in one enumeration, with or without its own type word and number word."""
    gap = page.folded[one.tail : two.start]
    gap = _SO.sub("", gap) if not two.worded else gap
    return bool(_LINK.fullmatch(gap)) and ";" not in gap


def _same_list(page: _Text, one: _Citation, two: _Citation) -> bool:
    if _linked(page, one, two):
        return True
    gap = page.shown[one.tail : two.start]
    return not two.worded and two.match.announced and not _PARAGRAPH.search(gap)


def _disown_amending_days(page: _Text) -> None:
    """'Luật sửa đổi một số điều của Luật A số x, Luật B số y ngày d': d is the amending law's day, not y's."""
    for one, two in pairwise(page.citations):
        if two.issued_date and one.notation.issuer[:2] == two.notation.issuer[:2] == "QH":
            begin = max(0, one.start - _BEFORE)
            begin = max((m.end() for m in _CLAUSE.finditer(page.shown, begin, one.start)), default=begin)
            linked = _ACTS_ONLY.fullmatch(page.folded[one.tail : two.start])
            if linked and _AMENDING.search(page.folded, begin, one.start):
                two.issued_date = None


def _merge(text: str, citations: list[_Citation]) -> list[Reference]:
    """One reference per notation; the body's words before the subject's, earlier mentions before later ones."""
    groups: dict[str, list[_Citation]] = {}
    for citation in citations:
        groups.setdefault(str(citation.notation).casefold(), []).append(citation)
    references = []
    for group in groups.values():
        told = sorted(group, key=lambda c: c.in_title)
        worded = next((c.type_name for c in told if c.worded), None)
        first = group[0]
        references.append(
            Reference(
                type_name=worded or first.type_name,
                notation=str(first.notation),
                as_printed=_as_printed(group),
                issued_date=next((c.issued_date for c in told if c.issued_date), None),
                organ_name=next((c.organ_name for c in told if c.organ_name), None),
                mentions=[Mention(start=c.start, end=c.end, text=text[c.start : c.end]) for c in group],
            )
        )
    return references


def _as_printed(group: list[_Citation]) -> str | None:
    """The first reading that differs from the notation by more than blanks and the shape of dashes."""
    for citation in group:
        read = regex.sub(r"\s+", "", tidy(citation.match.read)).replace("⁄", "/").replace("Ð", "Đ")
        if read != str(citation.notation):
            return tidy(citation.match.read)
    return None
