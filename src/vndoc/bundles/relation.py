"""What speaks for and against a document's beginning on a page, in the light of what stands before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import regex

from vndoc.bundles.signs import Head, Month, PageSigns
from vndoc.parse.fold import fold
from vndoc.parse.knowledge import bare

Features = Mapping[str, float]
"""Features by name, each from -1 to 1."""

_GRAM, _MOST_GRAMS = 6, 20_000
"""Words of a passage that two texts share; passages that are kept of a document, those of its first fifty pages."""
_SIZE = 12.0
"""Millimetres by which two sheets of one kind of paper may differ."""
_ISSUER = 8
"""Letters of a name that tells its bearer."""
_TOKEN = regex.compile(r"\w+")
_SENDS = regex.compile(r"\b(?:gui |dinh |sao |chuyen |co )?kem theo\b|\b(?:gui|dinh) kem\b|\bsao gui\b|\bho so gom\b")
"""That something is sent along, in a folded text."""
_FORMULA = regex.compile(
    r"\b(?:can cu|theo de nghi|xet de nghi)\b[^;]{0,400}[;,]"
    r"|\b(?:quyet dinh|nghi quyet|thong tu|nghi dinh) nay co hieu luc[^.]{0,200}\."
    r"|\bdieu \d{1,2}\s?\.[^.]{0,300}\bchiu trach nhiem thi hanh\b[^.]{0,40}\."
)
_COMMON = 0.16
"""Share of a page's passages that another page of its own has with it."""


@dataclass(slots=True)
class Before:
    """The document so far, as much of it as the next page is compared with; grows with every page up to a limit."""

    first: PageSigns
    last: PageSigns
    pages: int = 1
    blanks: int = 0
    """Blank pages since the last one with print."""
    closed: bool = False
    """Signature or Nơi nhận, on any page so far."""
    sends: bool = False
    """Something is said to be sent along."""
    codes: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    grams: set[int] = field(default_factory=set)

    @classmethod
    def begun(cls, signs: PageSigns) -> "Before":
        """A document that begins on this page."""
        before = cls(signs, signs)
        before._take(signs)
        return before

    def go_on(self, signs: PageSigns) -> None:
        """The document goes on with this page; a blank one adds nothing but itself."""
        if signs.blank:
            self.blanks += 1
            return
        self.last, self.pages, self.blanks = signs, self.pages + 1, 0
        self._take(signs)

    def _take(self, signs: PageSigns) -> None:
        self.closed = self.closed or signs.signed or signs.distributed or signs.ended
        if len(self.grams) < _MOST_GRAMS:
            self.sends = self.sends or bool(_SENDS.search(signs.text))
            self.codes |= signs.codes
            self.texts.append(signs.text)
            self.grams.update(_grams(signs.prose))


def features(before: Before, signs: PageSigns) -> Features:
    """The features of a page that may be the first of a document."""
    head, last = signs.head, before.last
    related = _related(before, signs)
    return {
        "national": float(head.national),
        "motto": float(head.motto),
        "number": float(head.number_line),
        "filled": float(head.number is not None),
        "dated": float(head.dated),
        "month": float(head.month is not None),
        "issuer": float(head.issuer is not None),
        "titled": float(head.type_name is not None or head.about),
        "sent to": float(head.sent_to),
        "arrived": float(signs.arrived),
        "head": (head.national + head.number_line + head.dated + (head.issuer is not None)) / 4,
        "lying": float(signs.lying and not last.lying),
        "annex": float(signs.annex or bool(signs.attached)),
        "draft": float(head.draft),
        "unfilled": float(head.unfilled),
        "copy": float(signs.copy and not head.national),
        "small": float(signs.begins_small),
        "first folio": float(signs.folios == (1,)),
        "later folio": float(any(1 < number <= before.pages + 2 for number in signs.folios)),
        "next folio": float(_goes_on(before, signs)),
        "running": float(bool(signs.edges & last.edges)),
        "breaks off": float(last.breaks_off),
        "closed": float(before.closed),
        "closed here": float(last.signed or last.distributed or last.ended),
        "blank": float(before.blanks > 0),
        "other paper": float(_differ(signs, last)),
        "same issuer": float(bool(head.issuer) and _same(head.issuer, before.first.head.issuer)),
        "later": _later(head.month, before.first.head.month),
        **related,
    }


def _related(before: Before, signs: PageSigns) -> Features:
    """What ties a page with a head to the document before it: it may have been sent along with it."""
    head, own = signs.head, before.first.head
    code, notation = bare(head.code or ""), bare(head.notation or "")
    cited = bool(code) and code in before.codes and code != bare(own.code or "")
    another = head.national and not cited and _is_sibling(head, own)
    like = bool(notation) and notation != bare(own.notation or "") and not cited
    like = like and any(known.endswith(f" {notation}") for known in before.codes)
    issuer = fold(head.issuer or "")
    named = len(issuer) > _ISSUER and any(issuer in text for text in before.texts)
    named = named and not _same(head.issuer, own.issuer)
    mine = set(_grams(signs.prose))
    shared = len(mine & before.grams) / len(mine) if mine and not another else 0.0
    along = (1.0 if before.sends else 0.5) * float(_later(head.month, own.month) <= 0)
    return {
        "cited": along * cited,
        "like cited": along * like,
        "named": along * named,
        "sends": float(before.sends),
        "shared": along * min(1.0, shared / _COMMON),
        "another": float(another),
        "own code": float(bool(code) and head.code == own.code and not head.national),
        "belongs": float(any(_fits(said, own.code) for said in signs.attached)),
    }


def _is_sibling(head: Head, own: Head) -> bool:
    """Whether it is a document of the same kind by the same office, or a copy: its words may be those of a template."""
    same = bool(head.notation) and bare(head.notation or "") == bare(own.notation or "")
    return same or (_same(head.issuer, own.issuer) and head.number is not None and head.code != own.code)


def _goes_on(before: Before, signs: PageSigns) -> bool:
    """Whether the page's number is the one behind the last page's, or that of its place in the document."""
    place = before.pages + 1
    expected = {number + 1 for number in before.last.folios} | {place, place + before.blanks}
    return any(number > 1 and number in expected for number in signs.folios)


def _differ(signs: PageSigns, last: PageSigns) -> bool:
    if signs.size is None or last.size is None:
        return False
    return any(abs(a - b) > _SIZE for a, b in zip(signs.size, last.size, strict=True))


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and bare(one or "") == bare(other or "")


def _later(own: Month | None, before: Month | None) -> float:
    """1 where it is issued in a later month than the document before, which cannot have sent it along; -1 earlier."""
    if own is None or before is None or own == before:
        return 0.0
    return 1.0 if own > before else -1.0


def _fits(attached: str, code: str | None) -> bool:
    """Whether the code in the title of an annex is that of the document before, the number perhaps misread."""
    own = bare(code or "")
    return bool(attached and own) and attached.split()[1:] == own.split()[-len(attached.split()) + 1 :]


def _grams(text: str) -> Iterator[int]:
    """The passages of a text, but for what decisions of all offices are based on and end with."""
    words = _TOKEN.findall(_FORMULA.sub(" ", text))
    return (hash(tuple(words[at : at + _GRAM])) for at in range(len(words) - _GRAM + 1))
