"""Tên loại and trích yếu (Decree 30/2020/NĐ-CP, Appendix I, II.5)."""

from collections import Counter
from itertools import takewhile

import regex
from rapidfuzz.distance import Levenshtein

from vndoc.parse.evidence import FieldValue, value_from
from vndoc.parse.form import anchors
from vndoc.parse.form.head.casing import sentence_case
from vndoc.parse.form.head.writing import ordinary_case
from vndoc.parse.form.zones import Zones
from vndoc.parse.knowledge import bare, is_capitals, load
from vndoc.parse.lines import TextLine
from vndoc.parse.notation import kinds, parse_notation

_LETTER = "Công văn"
_ABOUT = regex.compile(
    r"^\W{0,2}(?:V(?:\s*[/⁄\\íìỉil|!1]+\s*[vw]|[vw])\b[\s:.]*|[Vv][ềêeéèểà]\s?vi[ệêẹe]c\b[\s:,.]*|V[ềêeể]\s+(?=\p{Ll})|(?-i:việc)\s(?=\p{Ll}))",
    regex.I,
)

_GLUED_ABOUT = regex.compile(r"^\W{0,2}V[ềêeé]vi[ệêe]c$")
_STRAY_SIGN = regex.compile(r"[^\P{L}aeiouyàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]|[;:.,'|_~*`]", regex.I)
"""A consonant alone, which is no word, or a stop between blanks."""
_STRAY, _HARDLY = 0.85, 0.5
_ODD_STOP = regex.compile(r"(?<!\p{L})(?P<word>\p{L}\p{Ll}+)\.\s(?P<next>\p{L}\p{Ll}+)(?!\p{L})")
_CAPITALS = regex.compile(r"(?<![\p{L}\d/.-])\p{Lu}{4,}(?![\p{L}\d/.-])")
_ROMAN = regex.compile(r"[IVXLCDM]+")


def read_type(zones: Zones, notation: str | None = None) -> FieldValue[str]:
    """The document's type: its title; else the notation's abbreviation; a letter where neither names one."""
    for line in zones.title:
        found = anchors.type_of_title(line.text)
        if found:
            return value_from(found[0], [line], found[1])
        joined = anchors.type_and_subject(line.text)
        if joined:
            return value_from(joined[0], [line], 0.9)
    known = parse_notation(f"1/{notation}") if notation else None
    if known and known.kind and (not zones.title or not anchors.SUBJECT_START.match(zones.title[0].text)):
        return (
            value_from(kinds()[known.kind][0], zones.number, 0.8, "notation") if zones.number else FieldValue(None, 0.0)
        )
    if zones.title or zones.recipients:
        lines = [*zones.title, *zones.recipients][:1]
        return value_from(_LETTER, lines, 0.95 if zones.recipients or zones.title else 0.7, "inferred")
    return FieldValue(None, 0.0)


def read_subject(zones: Zones) -> FieldValue[str]:
    """The subject, its lines joined, without 'V/v' or 'Về việc'."""
    lines = [line for line in zones.title if not anchors.type_of_title(line.text)]
    if not lines:
        return FieldValue(None, 0.0)
    # Below its type a subject may begin with the word for another: 'KẾT LUẬN CỦA …' of a notice.
    joined = anchors.type_and_subject(lines[0].text) if len(lines) == len(zones.title) else None
    said = " ".join(line.text for line in zones.body)
    texts = [_clean(line, said) for line in lines]
    if len(lines) == len(zones.title):
        texts[0] = texts[0][anchors.ruined_subject_start(texts[0]) :]
    first, rest = joined[1] if joined else texts[0], texts[1:]
    by = bare(first).startswith("cua ") and is_capitals(first)
    if by and rest:
        first, rest = _below_author(first, rest)
        joined = None
    elif joined and rest and not is_capitals(rest[0]):
        first = _behind_type(first, rest[0])
    text = _as_in_body(" ".join([first, *rest]).strip(), said)
    about = regex.search(r"(?<![\p{L}])(?:V\s*[/⁄]\s*v|V[ềê]\s?vi[ệê]c)\b", text)
    # Specks and stamps read in front of 'Về việc' are not part of the subject.
    if about and 0 < about.start() < 16:
        text = text[about.start() :]
    text = _ABOUT.sub("", regex.sub(r"^(?:\S{1,5}\s){0,3}\S{0,4}[^\p{L}\s\d]\S*\svi[ệêe]c\s", "", text), count=1)
    text = regex.sub(r"(?<=\p{Lu})-\s+[-~]?(?=\p{Lu})", "-", text)
    # Before a code stands 'số', whatever is left of it.
    text = regex.sub(r"(?<!\p{L})s[ôoó06]?\s(?=\d+(?:/\d{4})?[-/]\p{Lu})", "số ", text)
    text = text.rstrip(" .,;:_|~*'`\"-").strip()
    text = _unbracketed(regex.sub(r"^[^\p{L}\d\"“(]+", "", text))
    if text.count('"') == 1 and not regex.search("[“”]", text):
        text = text.replace('"', "")
    if is_capitals(text) and len(text) > 12:
        issuer = ordinary_case(" ".join(line.text for line in zones.issuer))
        text = sentence_case(text, f"{said}\n. {issuer}", opens=not joined)
    alone = by and not rest  # whose paper it is and no more: the subject was not found
    return value_from(text, lines, 0.4 if alone else 0.95) if len(text) >= 3 else FieldValue(None, 0.0)


def _below_author(first: str, rest: list[str]) -> tuple[str, list[str]]:
    """The subject's first line and the others, below whose paper it is: 'QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN …'.

    In the Party's papers the author is part of the subject, which goes on in small letters.
    """
    author = [first, *takewhile(lambda text: is_capitals(text) and not anchors.starts_subject(text), rest)]
    rest = rest[len(author) - 1 :]
    anew = bool(rest) and (rest[0][:1].isupper() or anchors.starts_subject(rest[0]))
    return "" if anew else f"của {ordinary_case(' '.join(author).split(maxsplit=1)[1])}", rest


def _behind_type(words: str, below: str) -> str:
    """The capitals behind a type as the subject's beginning; '' where they say which report or conclusion it is.

    'BÁO CÁO KẾT QUẢ' goes on below, 'Thực hiện …'; 'KẾT LUẬN THANH TRA' does not.
    """
    qualifies = bare(words) in {bare(qualifier) for qualifier in load("openings")["qualifiers"]}
    anew = anchors.starts_subject(below) or (qualifies and below[:1].isupper())
    return "" if anew else sentence_case(words)


def _unbracketed(text: str) -> str:
    """The subject without brackets around all of it: '(V/v …)', of which the 'V/v' has taken the first away."""
    if text.endswith(")") and text.count(")") > text.count("("):
        return text[:-1].rstrip(" .,;:")
    if text.startswith("(") and text.find(")") in {-1, len(text) - 1}:
        return text[1:].removesuffix(")").strip(" .,;:")
    return text


def _clean(line: TextLine, said: str) -> str:
    """The line without specks read as single letters or stops, and without a 'Về việc' that was read as one word.

    A word that was hardly read is the one that ``said``, the body, has between the same two.
    """
    words = list(line.words)
    if len(words) > 1 and words[0].raw and _GLUED_ABOUT.match(words[0].raw):
        words = words[1:]
    inner = [w for w in words[1:-1] if not (w.confidence < _STRAY and _STRAY_SIGN.fullmatch(w.text))]
    words = [*words[:1], *inner, *words[1:][-1:]]
    texts = [w.text for w in words]
    for i in range(1, len(words) - 1):
        if words[i].confidence < _HARDLY:
            texts[i] = _between(texts[i - 1], texts[i], texts[i + 1], said)
    return " ".join(texts)


def _between(before: str, word: str, behind: str, said: str) -> str:
    """What the body has between two words, if it is always the same and like ``word``."""
    core = regex.sub(r"^\W+|\W+$", "", word)
    around = rf"(?<!\p{{L}}){regex.escape(before)} (\p{{L}}+)[,;]? {regex.escape(behind.rstrip('.,;'))}(?!\p{{L}})"
    there = set(regex.findall(around, said, regex.I))
    other = there.pop() if len(there) == 1 else core
    return word.replace(core, other) if core and Levenshtein.distance(core.lower(), other.lower()) <= 2 else word


def _as_in_body(text: str, said: str) -> str:
    """The subject with stops and abbreviations as ``said``, the body, has them, which says the same again."""
    for found in reversed(list(_ODD_STOP.finditer(text))):
        word, following = found.group("word"), found.group("next")
        joints = [
            j for j in (" ", ", ") if regex.search(rf"(?<!\p{{L}}){word}{j}{following}(?!\p{{L}})", said, regex.I)
        ]
        if joints or following.islower():  # no sentence ends in a subject: the comma has lost its tail
            text = f"{text[: found.end('word')]}{[*joints, ', '][0]}{text[found.start('next') :]}"
    return _CAPITALS.sub(lambda found: _spelt_in(found.group(), said), text)


def _spelt_in(code: str, said: str) -> str:
    """An abbreviation that stands nowhere else, as the only one like it that the body has twice or oftener."""
    there = Counter(_CAPITALS.findall(said))
    alike = [other for other, times in there.items() if times > 1 and Levenshtein.distance(code, other) == 1]
    return alike[0] if not there[code] and len(alike) == 1 and not _ROMAN.fullmatch(code) else code
