"""What a list of documents states once for its members: kind, day, issuer.

'các Quyết định số: 12/QĐ-UBND, 13/QĐ-UBND ngày … của …' has day and issuer behind its last member, 'các Quyết định của
UBND tỉnh: Số 12/QĐ-UBND …; số 13/QĐ-UBND …' has type and issuer before its first.
"""

from itertools import pairwise

import regex

from vndoc.parse.references.citations import BEFORE, CLAUSE, SO, Citation, CitationText, credible

_LIST = 3000  # how far a list of documents may run

_SAME_DAY = regex.compile(r"\s*[,(]?\s*cung\s+ngay\b")
_LINK = regex.compile(r"\s*[,;]?\s*(?:va|hoac)?\s*(?:cac\s+)?")
_AMENDING = regex.compile(r"\bsua\s+doi\b")
_ACTS_ONLY = regex.compile(r"\s*(?:,|va|,\s*va)\s+(?:bo\s+)?luat\s[^;.:]{0,100}")
_PARAGRAPH = regex.compile(r"\.\s+\p{Lu}|\n\s*\n")


def share(page: CitationText) -> None:
    """Give members of a list what the list has in common, forwards from its head and backwards from its end."""
    pairs = list(pairwise(page.citations))
    for one, two in reversed(pairs):
        if one.issued_date is None and linked(page, one, two) and not two.worded and _credible_pair(one, two):
            one.issued_date = two.issued_date
        if one.issued_date is None and _SAME_DAY.match(page.folded, two.end) and linked(page, one, two):
            one.issued_date = two.issued_date
        if one.organ_name is None and one.organ_code == two.organ_code and linked(page, one, two):
            one.organ_name = two.organ_name
    for one, two in pairs:
        if two.issued_date is None and _SAME_DAY.match(page.folded, two.tail) and linked(page, one, two):
            two.issued_date = one.issued_date
        if two.other_types and one.type_name == two.type_name and one.worded and linked(page, one, two):
            two.other_types = ()
        if two.organ_name is None and one.organ_code == two.organ_code and _same_list(page, one, two):
            two.organ_name = one.organ_name
    _follow_heads(page)
    _disown_amending_days(page)


def _follow_heads(page: CitationText) -> None:
    """Complete '; số 13/QĐ-UBND …' in the sentence of 'các Quyết định của UBND tỉnh: Số 12/QĐ-UBND …'."""
    heads: dict[str, Citation] = {}
    for one in page.citations:
        head = heads.get(one.organ_code)
        near = head and one.start - head.end < _LIST
        if head and near and not one.worded and not _PARAGRAPH.search(page.shown, head.end, one.start):
            one.organ_name = one.organ_name or head.organ_name
            if head.worded and head.notation.kind == one.notation.kind:
                one.type_name, one.other_types = head.type_name, ()
        else:
            heads[one.organ_code] = one


def _credible_pair(one: Citation, two: Citation) -> bool:
    return two.issued_date is not None and credible(one.notation, two.issued_date)


def linked(page: CitationText, one: Citation, two: Citation) -> bool:
    """Whether ``two`` follows ``one`` in one enumeration, with or without its own type word and number word."""
    gap = page.folded[one.tail : two.start]
    gap = SO.sub("", gap) if not two.worded else gap
    return bool(_LINK.fullmatch(gap)) and ";" not in gap


def _same_list(page: CitationText, one: Citation, two: Citation) -> bool:
    if linked(page, one, two):
        return True
    gap = page.shown[one.tail : two.start]
    return not two.worded and two.match.announced and not _PARAGRAPH.search(gap)


def _disown_amending_days(page: CitationText) -> None:
    """'Luật sửa đổi một số điều của Luật A số x, Luật B số y ngày d': d is the amending law's day, not y's."""
    for one, two in pairwise(page.citations):
        if two.issued_date and one.notation.issuer[:2] == two.notation.issuer[:2] == "QH":
            begin = max(0, one.start - BEFORE)
            begin = max((m.end() for m in CLAUSE.finditer(page.shown, begin, one.start)), default=begin)
            linked = _ACTS_ONLY.fullmatch(page.folded[one.tail : two.start])
            if linked and _AMENDING.search(page.folded, begin, one.start):
                two.issued_date = None
