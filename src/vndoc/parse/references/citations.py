"""Citations by notation: type, number, day and issuer of each as its own words tell them.

A citation is "type, số, notation, day, issuer, subject" (Decree 30/2020/NĐ-CP, Appendix I, II.6 b). What a list states
once for all its members is dealt out in :mod:`vndoc.parse.references.lists`.
"""

from dataclasses import dataclass, field, replace
from datetime import date

import regex

from vndoc.parse.dates import day_at, find_days
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.notation import Notation, NotationMatch, find_notations, is_known_office, skeleton
from vndoc.parse.organs import OrganMatch, organ_at, organs_in
from vndoc.parse.references.citation_type import other_types, settled, type_before, type_of

BEFORE = 400  # characters looked back for type and issuer
_AFTER = 160

SO = regex.compile(r"(?:\bs[o06s]{1,2}\s*[:.]?|:)\s*$")
_DAY = regex.compile(
    r"\s*(?:[,(]|\.(?=\s*ngay))?\s*(?:cung\s+)?(?:(?:da\s+)?ban\s+hanh\s+|(?:da\s+)?ky\s+)?(?:ngay\s+)?ngay\s*[.,]?\s*"
    r"|\s+(?=\d{1,2}/\d{1,2}/\d{4})"
)
_NEXT = regex.compile(r"\.\s*Ngày")
"""Behind a full stop 'ngày' goes on, the stop being a speck; 'Ngày' begins another sentence."""
_BY = regex.compile(r"\s*\)?,?\s*(?:(?:cua|do)\s+)+")
_PARTNER = regex.compile(r"(?:\s*[,;]|\s+và)\s+(?:của\s+)?(?=\p{Lu})")
_ISSUED = regex.compile(r"\s+(?:da\s+|vua\s+|moi\s+)?(?:ban\s+hanh|co|gui|phat\s+hanh)\s*(?:cac\s+)?$")
_AT = regex.compile(r"\btai\b(?!\s+(?:dia|cho|tru\s+so))")
_OF = regex.compile(r"\bcua\s+$")
_COLON = regex.compile(r"\s*[,:]?\s*(?:s[o06]{1,2}\s*:?\s*)?")
CLAUSE = regex.compile(r";\s|\.\s+(?=\p{Lu})")
_FORM = regex.compile(r"\b(?:mau|bieu|bieu mau|to khai|bang)(?:\s+bao cao)?\s+(?:s[o06]\s*:?\s*)?$")


@dataclass(slots=True)
class Citation:
    """One mention by notation, as far as its own words and its list tell it; offsets are those of the text."""

    start: int
    """Of the type's word, or of the notation where none stands before it."""
    end: int
    match: NotationMatch
    notation: Notation
    type_name: str | None
    worded: bool
    """The type's word is printed before the notation."""
    issued_date: date | None = None
    organ_name: str | None = None
    tail: int = 0
    """Where what belongs to the citation ends: notation, day, issuer."""
    in_title: bool = False
    title: str | None = None
    """Name of an act, without its type."""
    other_types: tuple[str, ...] = ()
    """Types that the notation may as well stand for."""

    @property
    def organ_code(self) -> str:
        """First part of the issuer's abbreviation: 'UBND' of 'UBND-NC'."""
        return regex.split(r"[-/.&]", self.notation.issuer)[0]


@dataclass(slots=True)
class CitationText:
    """The text that citations are looked for in: other zones blanked, and the same folded; equal offsets."""

    shown: str
    folded: str
    citations: list[Citation] = field(default_factory=list)


def read_citations(shown: str, title_end: int) -> CitationText:
    """All citations by notation in ``shown``, in order; those that end before ``title_end`` stand in the subject."""
    page = CitationText(shown, fold(shown))
    last = 0
    for match in find_notations(shown):
        citation = _read(page, match, last)
        if citation:
            citation.in_title = citation.end <= title_end
            page.citations.append(citation)
            last = citation.tail
    return page


def _read(page: CitationText, match: NotationMatch, last: int) -> Citation | None:
    """The citation around one notation, without what it shares with others; None if it is no document's."""
    lead = _lead(page.folded, match.start, last)
    if _FORM.search(page.folded, max(last, match.start - 30), match.start):
        return None  # 'Mẫu số 01/QĐ-QLDA' is a form
    start, word = type_before(page.folded, lead, last, match.notation.kind)
    if not (match.sure or match.announced or word):
        return None
    notation = settled(match.notation, word)
    type_name = word or type_of(notation)
    if type_name is None:
        return None
    begin = start if start < lead else match.start
    citation = Citation(begin, match.end, match, notation, type_name, word is not None, tail=match.end)
    if word is None:
        citation.other_types = other_types(notation, type_name)
    _read_after(page, citation)
    if citation.organ_name is None:
        citation.organ_name = _organ_before(page, citation, last)
    return citation


def _lead(folded: str, start: int, last: int) -> int:
    """Where 'số' or ':' before the notation begins; its own start if neither stands there."""
    begin = max(last, start - 12)
    at = start
    while found := SO.search(folded[begin:at]):
        at = begin + found.start()
    return at


def _read_after(page: CitationText, citation: Citation) -> None:
    """Day and issuer behind the notation, in either order."""
    for _ in range(2):
        at, limit = citation.tail, min(len(page.shown), citation.tail + _AFTER)
        word = _DAY.match(page.folded, at, limit)
        if citation.issued_date is None and word and not _NEXT.search(page.shown, at, word.end()):
            found = day_at(page.shown, word.end(), limit)
            if found:
                citation.tail = found.end
                citation.issued_date = found.value if credible(citation.notation, found.value) else None
        elif citation.organ_name is None and (word := _BY.match(page.folded, at, limit)):
            organ = organ_at(page.shown, word.end())
            if organ and organ.name not in load("issuers")["heads"]:  # 'của Ban' names nobody
                citation.organ_name, citation.tail = organ.name, organ.end
                _read_partners(page, citation)


def _read_partners(page: CitationText, citation: Citation) -> None:
    """A joint document names all its issuers: 'Thông tư liên tịch … của Bộ Y tế, Bộ Tài chính'."""
    while "liên tịch" in (citation.type_name or "") and (link := _PARTNER.match(page.shown, citation.tail)):
        partner = organ_at(page.shown, link.end())
        if not partner or partner.post:
            break
        mark = " và " if "và" in link.group() else ", "
        citation.organ_name = f"{citation.organ_name}{mark}{partner.name}"
        citation.tail = partner.end


def credible(notation: Notation, value: date) -> bool:
    """A notation that carries its year tells the day's year."""
    return notation.year is None or abs(int(notation.year) - value.year) <= 1


def _organ_before(page: CitationText, citation: Citation, last: int) -> str | None:
    """The issuer named before the type: 'UBND tỉnh đã ban hành …', 'của Bộ Y tế tại …', 'của UBND tỉnh: Số …'."""
    begin = max(last, citation.start - BEFORE)
    for clause in CLAUSE.finditer(page.shown, begin, citation.start):
        begin = clause.end()
    organs = list(organs_in(page.shown, begin, citation.start))
    if not organs:
        return None
    nearest = organs[-1]
    between = page.folded[nearest.end : citation.start]
    if _ISSUED.match(between) and citation.issued_date is None:
        _read_day_before(page, citation, begin, nearest.start)
    if _ISSUED.match(between) or (_COLON.fullmatch(between) and _OF.search(page.folded[begin : nearest.start])):
        return nearest.name
    known = is_known_office(citation.organ_code)
    for organ in reversed(organs):
        at = _AT.search(page.folded, organ.end, citation.start)
        if at and (_matches(organ, citation) or (not page.folded[organ.end : at.start()].strip() and not known)):
            return _proposing(organ)
    return None


def _read_day_before(page: CitationText, citation: Citation, begin: int, end: int) -> None:
    """'Ngày 15/3/2024, UBND tỉnh ban hành Kế hoạch số …': the day stands before the issuer."""
    days = (d for d in find_days(page.shown[begin:end]) if not page.folded[begin + d.end : end].strip(" ,\n"))
    day = next(days, None)
    if day and credible(citation.notation, day.value):
        citation.issued_date = day.value


def _matches(organ: OrganMatch, citation: Citation) -> bool:
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
