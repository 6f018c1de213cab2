"""The grammar of numbers and notations: '310/QĐ-UBND', '12/2021/NĐ-CP', '2418/UBND-NC', '31-KL/TW'.

Forms, with the sources of each, stand in ``data/notations.json``; the abbreviations of the types in
``data/document_types.json``. Codes are read as OCR leaves them: broken over lines, with stray blanks, an eth for a Đ,
a D for a Đ where the registry knows only the one with the stroke.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import regex

from vndoc.parse.fold import fold
from vndoc.parse.knowledge import load
from vndoc.parse.misreading import code_cost

Form = Literal["legal", "named", "letter", "party", "former"]

_PLAIN = str.maketrans(
    {"Ð": "Đ", "ð": "đ"}
    | dict.fromkeys("⁄∕/", "/")
    | dict.fromkeys("–—−‐‑‒―﹣-\u00ad", "-")
    | dict.fromkeys("\u00a0\u2009\u202f", " ")
)
_NUMERALS = str.maketrans("lI][|ÏÍÌOo", "1111111100")

# A segment is capitals with at most one small letter among them (TTr, QyĐ, TTg), ending where the word ends.
_SEGMENT = r"(?:T[ ]?T¢?[rg](?!\p{L})|[01]?\p{Lu}[\p{Lu}\d]{0,14}+(?:[rgyih][\p{Lu}\d]{0,4}+)?(?![\p{Ll}\p{M}\d]))"
# Blanks may follow a hyphen that hangs on a word; a hyphen between two blanks parts words, and joins no code.
_JOINT = r"(?:\s?/\s*|(?<=\S)-\s{0,2}[-~]?\s*|[ ]-(?=\S)|(?<=[^\s.])\.(?=\S)|[ ]?&[ ]?|(?<=\S),(?=\p{Lu}{2}))"
_YEAR = r"(?P<year>(?:19|20)\d\s?\d)(?:\s?[/-]\s*|(?=\p{Lu}{2}))"  # until 2005 also '82/2005-QĐ-UB'
_KINDS = "|".join({short for t in load("document_types")["types"] for short in t["abbreviations"]})
_SPACED = rf"(?<=[/-]\s{{0,2}}(?:{_KINDS}))[ ]-\s{{1,3}}(?=\p{{Lu}}{{2}}|TTg)"  # 'QĐ - TTg': a type cannot end a code
_UNIT = r"(?<=/\s{0,2}\p{Lu}{2,9})[ ]-\s{1,3}(?=[A-ZĐ]{2,9}\d{0,2}(?![\p{L}\d])(?!\s+(?:\p{Lu}{2}|tỉnh|huyện|xã|ph)))"
"""'UBND - NC': behind the dash stands a unit's code and neither a word of a heading nor an office by its name."""
_CODE = regex.compile(
    rf"""(?:
        (?<announced>(?<![\p{{L}}])[sS][\p{{L}}06]{{1,2}}\s*[:.]?\s*)
        (?P<number>[\dlIÏÍÌ\]\[|](?:[ ]?[\dlIO\]|]){{0,7}}+\p{{Ll}}?)
      | (?<![\p{{L}}\d/.,%-])(?P<number>\d{{1,8}}+\p{{Ll}}?)
    )
    (?:\s?(?P<mark>/)\s*(?:{_YEAR})?|\s?(?P<mark>-)\s*(?:{_YEAR})?
      |(?P<mark>(?(announced)\s{{1,4}}(?=\p{{Lu}}{{1,6}}[/-]\p{{Lu}})|(?!))))
    (?P<tail>{_SEGMENT}
      (?:(?:{_JOINT}|{_SPACED}|{_UNIT}){_SEGMENT}|\.\d{{1,2}}(?=-)|(?<=QH)[ ][Il]?[\dIl]{{1,2}}(?!\w)){{0,6}}+
    )""",
    regex.VERBOSE,
)
_TELLING = 4  # letters that a code behind the first must have to be mended
_DOUBLE = regex.compile(r"[\p{L}\d]*Đ{2,}[\p{L}\d]*")
_TERM = regex.compile(r"(?P<body>UBTVQH|QH)\s?(?:[Il](?=\d\d))?(?P<term>[\dIl]{1,2})")


@dataclass(slots=True, frozen=True)
class Notation:
    """Number and notation of a document, in parts; ``str()`` gives it normalised.

    ``kind`` is the abbreviation of the type, ``issuer`` what stands for the organ and its unit: 'UBND', 'TU',
    'UBND-KGVX', 'QH15'. A letter ('công văn') and an act of the Assembly have no kind.
    """

    number: str
    issuer: str
    kind: str | None = None
    year: str | None = None
    party: bool = False
    joint: str = "-"
    hyphen: bool = False
    """A hyphen stands behind the number of a state document, as it did until the nineties: '117-HĐBT'."""

    @property
    def form(self) -> Form:
        """Which of the forms of ``data/notations.json`` it has."""
        if self.party:
            return "party"
        if self.hyphen:
            return "former"
        if self.year:
            return "legal"
        return "named" if self.kind else "letter"

    def __str__(self) -> str:
        """Normalised: '254-KH/TU', '12/2021/NĐ-CP', '2418/UBND-NC'."""
        symbol = self.joint.join(part for part in (self.kind, self.issuer) if part)
        written = _written()[self.form]
        return written.format(
            number=self.number, year=self.year, symbol=symbol, kind=self.kind, issuer=self.issuer
        ).rstrip("/")


@cache
def _written() -> dict[str, str]:
    """How each form puts number, year, type and issuer together."""
    return {form["name"]: form["written"] for form in load("notations")["forms"]}


@dataclass(slots=True, frozen=True)
class NotationMatch:
    """A notation found in a text: offsets, the parts, the code as read, and whether 'số' stood before it."""

    start: int
    end: int
    notation: Notation
    read: str
    announced: bool
    odd: bool = False  # of no form there is: '03-HĐ-BTC' is as likely the name of a form

    @property
    def sure(self) -> bool:
        """Whether the code proves itself: a known type abbreviation, a known issuer, or a year before the issuer."""
        if self.odd:
            return False
        head, unit = (*regex.split(r"[-/.&,]", self.notation.issuer), "")[:2]
        known = head in load("notations")["letter_heads"] or _is_unit(head, unit)
        return bool(self.notation.kind or self.notation.year) or known


def find_notations(text: str) -> Iterator[NotationMatch]:
    """All notations in ``text``, in order, in linear time. Line feeds and long white space inside a code are blanks."""
    plain = text.translate(_PLAIN)
    for match in _CODE.finditer(plain):
        if notation := _interpret(match):
            start = match.start("number")
            odd = match["mark"] == "-" and not notation.party and not notation.year
            read = text[start : match.end()]
            yield NotationMatch(start, match.end(), notation, read, bool(match["announced"]), odd)


def parse_notation(code: str) -> Notation | None:
    """The notation that ``code`` as a whole is, or None: '310/QĐ-UBND', also '310 /QD- UBND'."""
    code = code.strip()
    found = next(find_notations(code), None)
    return found.notation if found and found.start == 0 and found.end == len(code) else None


def _interpret(match: "regex.Match[str]") -> Notation | None:
    number = "".join(match["number"].split())
    if not number[-1].islower() or number[-1] == "l":
        number = number.translate(_NUMERALS)
    else:
        number = number[:-1].translate(_NUMERALS) + number[-1]
    tail = regex.sub(r"[\s¢~]+", "", match["tail"])
    tail = regex.sub(r"-{2,}", "-", _DOUBLE.sub(_single, tail))
    head, joint, rest = _split(_part_kind(tail))
    kind = _known_kind(head, rest)
    if head in _former_kinds() and _split(rest)[0] in _state_issuers() | _ministries():
        kind = head
    if match["mark"] == "-" and not match["year"]:
        former = tail in load("notations")["former_issuers"]
        return Notation(number, tail, hyphen=True) if former else _party(number, kind, joint, rest)
    if match["mark"].isspace() and joint == "/" and kind and _known_issuer(rest) in load("notations")["party_issuers"]:
        return _party(number, kind, joint, rest)
    year = "".join(match["year"].split()) if match["year"] else None
    if year and (term := _TERM.fullmatch(tail)):
        return Notation(number, term["body"] + term["term"].translate(_NUMERALS), year=year)
    if kind and rest:
        notation = Notation(number, _known_issuer(rest), kind, year, joint=joint)
        return replace(notation, kind=None, issuer=f"{kind}-{rest}") if _is_office(notation) else notation
    if kind:
        return Notation(number, "", kind, year)
    return Notation(number, _known_issuer(tail), year=year) if len(head) > 1 else None


def office_of_homonym(notation: Notation) -> str | None:
    """The office whose abbreviation is spelt like the notation's type: 'CT' of '12/CT-XYZ' may be Cục Thuế.

    None where the issuer behind it is one that issues such documents, or nothing is known of the letters.
    """
    record = _homonyms().get(notation.kind or "")
    head = regex.split(r"[-/.&]", notation.issuer)[0]
    if record is None or not record.get("alike") or notation.year or head in _state_issuers() or head in _ministries():
        return None
    return str(record["office"])


def _is_office(notation: Notation) -> bool:
    """Whether the letters in the type's place name an office: behind 'CT' of Cục Thuế stands one of its units."""
    return not notation.year and _is_unit(notation.kind or "", regex.split(r"[-/.&]", notation.issuer)[0])


def _is_unit(office: str, code: str) -> bool:
    """Whether ``code`` is known for a unit of the office: 'TTHT' or 'TTKT2' of 'CT'."""
    record = _homonyms().get(office)
    return record is not None and code.rstrip("0123456789") in record["units"]


@cache
def _homonyms() -> dict[str, Any]:
    return {record["code"]: record for record in load("notations")["homonyms"]}


@cache
def _state_issuers() -> frozenset[str]:
    data = load("notations")
    return frozenset([*data["state_issuers"], *data["party_issuers"]])


def _single(match: "regex.Match[str]") -> str:
    """A Đ read twice, where that gives a known code: 'HĐĐND' is 'HĐND', but 'HĐĐH' may be what was printed."""
    code = regex.sub(r"Đ{2,}", "Đ", match.group())
    opens = match.start() == 0  # where a type stands; behind it, 'HĐĐ' is Hội đồng Đội
    return code if (opens and code in kinds()) or code in _state_issuers() | _ministries() else match.group()


def _party(number: str, kind: str | None, joint: str, rest: str) -> Notation | None:
    """'254-KH/TU'; a hyphen printed for the slash ('187-KH-HU') makes a party code only of a party organ's."""
    if not kind or not rest:
        return None
    issuer = _known_issuer(rest)
    head = _split(issuer)[0]
    if joint != "/" and head not in load("notations")["party_issuers"] and not head.endswith(("TU", "HU", "TW", "ĐU")):
        return Notation(number, issuer, kind)
    return Notation(number, issuer, kind, party=True)


def _part_kind(tail: str) -> str:
    """'QĐUBND' with its hyphen lost: a known kind before a known issuer or a ministry."""
    head, joint, rest = _split(tail)
    known = {kind for kind in kinds() if kind not in _former_kinds()}
    if head not in known and head not in load("notations")["state_issuers"]:
        for cut in range(2, len(head) - 1):
            kind, issuer = _known_kind(head[:cut], head[cut:]), head[cut:]
            if kind in known and (issuer in load("notations")["state_issuers"] or issuer in _ministries()):
                return f"{kind}-{issuer}{joint}{rest}"
    return tail


def is_known_office(code: str) -> bool:
    """Whether ``code`` abbreviates one known office, so that another named beside it cannot be the issuer."""
    return code in ("UBND", "HĐND", "VPCP") or code in _ministries()


@cache
def _ministries() -> frozenset[str]:
    """Abbreviations of the ministries and of a province's departments: 'BNNPTNT', 'STC'."""
    data = load("issuers")
    names = [n for n in (*data["fixed"], *data["placed"]) if n.startswith(("Bộ ", "Sở "))]
    return frozenset(initials(name) for name in names)


def initials(name: str) -> str:
    """Initials of an office as notations use them: 'Sở Giáo dục và Đào tạo' -> 'SGDĐT'."""
    words = [w for w in regex.split(r"[^\p{L}]+", name) if w and w != "và"]
    letters = "".join(w if w.isupper() else w[0].upper() for w in words)
    return "".join(c if c == "Đ" else fold(c).upper() for c in letters)


def in_order(letters: str, among: str) -> bool:
    """Whether the letters stand in another string in their order, as an abbreviation's do in a name's initials.

    >>> in_order("LĐTBXH", "BLĐTBXH"), in_order("SVYT", "SYT")
    (True, False)
    """
    rest = iter(among)
    return all(letter in rest for letter in letters)


def _split(tail: str) -> tuple[str, str, str]:
    cut = regex.search(r"[-/.&,]", tail)
    return (tail[: cut.start()], cut.group(), tail[cut.end() :]) if cut else (tail, "", "")


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Names of the types by abbreviation; the state's first: {'QĐ': ('Quyết định',), 'TT': ('Thông tư', …)}."""
    names: dict[str, tuple[str, ...]] = {}
    for record in load("document_types")["types"]:
        for short in (*record["abbreviations"], *record["former_abbreviations"]):
            names[short] = (*names.get(short, ()), record["name"])
    return names


@cache
def _former_kinds() -> frozenset[str]:
    """Abbreviations given up in 2020; short as they are, they count only before an issuer that is known."""
    return frozenset(short for record in load("document_types")["types"] for short in record["former_abbreviations"])


def skeleton(letters: str) -> str:
    """Capitals with those that OCR takes for each other made one: 'QĐ', 'QD' and 'OD' are the same."""
    confusions = load("notations")["confusions"]
    return "".join(confusions.get(c, c) for c in letters.upper())


@cache
def _codes(which: str) -> tuple[str, ...]:
    """The known codes of types ('kinds') or of issuers."""
    if which == "kinds":
        return tuple(kind for kind in kinds() if kind not in _former_kinds())
    return (*_state_issuers(), *_ministries())


@cache
def _skeletons(which: str) -> dict[str, str]:
    """Known codes by what stays of them under OCR; two codes of one skeleton are left out: they mend neither way."""
    table: dict[str, str] = {}
    for code in _codes(which):
        key = skeleton(code)
        table[key] = code if table.get(key, code) == code else ""
    return table


@cache
def _known_kind(segment: str, rest: str) -> str | None:
    """The type that a segment abbreviates, mended; ``rest`` is what stands behind it."""
    if segment in kinds():
        return None if segment in _former_kinds() else segment
    for record in load("notations")["misread_kinds"]:
        if segment in record["read"] and (record["before"] is None or rest in record["before"]):
            return str(record["kind"])
    return _by_skeleton("kinds", segment)


def _by_skeleton(which: str, code: str) -> str | None:
    """The one known code that ``code`` can be: of its skeleton, and one letter confused at most, strokes of Đ aside."""
    known = _skeletons(which).get(skeleton(code))
    if not known or len(known) != len(code):
        return None
    confused = sum(fold(a) != fold(b) for a, b in zip(code, known, strict=True))
    rivals = confused and any(code_cost(code, other) is not None for other in _codes(which) if other != known)
    return known if confused <= 1 and not rivals else None


@cache
def _misread_issuers() -> dict[str, str]:
    return {read: record["issuer"] for record in load("notations")["misread_issuers"] for read in record["read"]}


def _known_issuer(issuer: str) -> str:
    """The issuer with its segments mended where the registry knows them: 'HDND' -> 'HĐND', 'QHI5' -> 'QH15'."""
    if term := _TERM.fullmatch(issuer):
        return term["body"] + term["term"].translate(_NUMERALS)
    parts = regex.split(r"([-/.&,])", issuer)
    return "".join(_known_segment(part, len(part) >= _TELLING or not i) for i, part in enumerate(parts))


def _known_segment(code: str, mend: bool) -> str:
    data = load("notations")
    code = str(data["variants"].get(code, code))
    if not mend or code in _state_issuers() or code in _ministries() or not code:
        return code
    return _misread_issuers().get(code) or _by_skeleton("issuers", code) or code
