"""Who issued the document: names of offices from the capitals of the letterhead to ordinary writing.

In a letterhead everything is capital ('SỞ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN'); in a register the kind of body and
each field of its work begin with one (Decree 30/2020/NĐ-CP, Appendix II, IV). Which words make a field is knowledge,
not spelling: ``data/organs.json``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from unicodedata import normalize

import regex

from vndoc.parse.evidence import FieldValue, raw_text, value_from
from vndoc.parse.form.zones import Zones
from vndoc.parse.knowledge import bare, best_match, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import is_syllable, is_well_spelt
from vndoc.parse.notation import initials, parse_notation, skeleton
from vndoc.parse.places import without_unit

_WORD = regex.compile(r"[\p{L}\d]+(?:[./&'’][\p{L}\d]+)*\.?|[^\p{L}\d\s]")
_NAME = regex.compile(r"(?:\p{L}['’])?(?=\p{L}*[AEIOUYĂÂÊÔƠƯaeiouyăâêôơưÀ-ỹ])\p{L}{2,7}")
"""A word of a place's name in any of the country's languages: 'ĐĂK', 'KRÔNG', "H'LEO"."""


_JOINT_NOTATION = regex.compile(r"(?:^|/)\p{L}{0,4}(?:LT|PH)[-/](?P<bodies>.+)$")
"""A notation of what several bodies issue: 'TTLT-BYT-BTC', '2015/TTLT-BCA-BQP', 'KHPH-SYT-SGDĐT'."""
_ROMAN = regex.compile(r"[IVXL]+")
_DASH = regex.compile(r"[-–]")
_SHAPE, _TONE = regex.compile("[\u0302\u0306\u031b]"), regex.compile("[\u0300\u0301\u0303\u0309\u0323]")
"""Circumflex, breve and horn; the marks of the tones."""
_ETH = str.maketrans("Ðð", "Đđ")
"""The Icelandic letter that fonts and OCR have for Đ."""
_LONGEST_SYLLABLE = 7  # letters of 'nghiêng'
_LONGEST_PLACE = 4  # words of a place's name
_SHORT_UNITS = frozenset(("TP", "TP.", "TX", "TX.", "TT.", "P.", "Q."))


@dataclass(slots=True, frozen=True)
class Issuer:
    """The issuing body and the one above it; ``joint`` holds the bodies one by one where there are several."""

    organ: FieldValue[str]
    parent: FieldValue[str]
    joint: tuple[FieldValue[str], ...] = ()


# --- writing a name in ordinary capitals --------------------------------------------------------------------


@cache
def _phrases() -> tuple[dict[str, str], dict[str, str], int]:
    """Known phrases by their lower-case words, the same by bare letters, and the longest phrase's length in words."""
    organs, places = load("organs"), load("places")
    known = [
        *organs["fields"],
        *organs["kinds"],
        *(body["name"] for body in organs["named"]),
        *organs["joining"],
        *places["units"],
        *(p["name"] for p in places["provinces"]),
    ]
    exact: dict[str, str] = {}
    loose: dict[str, str] = {}
    for phrase in known:
        exact[_key(phrase)] = phrase
        key = bare(phrase)
        # Bare letters that stand for two phrases tell neither.
        loose[key] = phrase if loose.get(key, phrase).casefold() == phrase.casefold() else ""
    return exact, loose, max(len(_WORD.findall(p)) for p in known)


_NEW_TONES = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "uỷ": "ủy",
    "uý": "úy",
    "uỳ": "ùy",
    "uỵ": "ụy",
}


def _key(phrase: str) -> str:
    lowered = " ".join(_WORD.findall(phrase.lower()))
    for new, old in _NEW_TONES.items():
        lowered = regex.sub(rf"{new}(?!\p{{L}})", old, lowered)
    return lowered


def words_of(name: str) -> list[str]:
    """The words and signs of a body's name."""
    return _WORD.findall(name)


def ordinary_case(name: str) -> str:
    """A body's name as a register writes it: 'SỞ Y TẾ' -> 'Sở Y tế', 'UBND TỈNH AN GIANG' -> 'UBND tỉnh An Giang'."""
    words = _WORD.findall(name.translate(_ETH))
    out: list[str] = []
    i = 0
    proper = school = False
    while i < len(words):
        phrase, size = phrase_at(words, i, proper)
        if phrase:
            opens = not out or out[-1] in {"-", "("}
            out.append(phrase[0].upper() + phrase[1:] if opens else phrase)
            school = school or phrase in load("organs")["places_follow"]
            proper = school or phrase in load("places")["units"]
            i += size
            continue
        run = i
        while run < len(words) and phrase_at(words, run, proper)[1] == 0 and words[run][0].isalnum():
            run += 1
        if run == i:
            out.append(words[i])
            i += 1
            continue
        out += _unknown_run(words[i:run], proper, numbered=out[-1:] in (["khu vực"], ["số"]))
        i = run
    text = " ".join(out)
    text = regex.sub(r"\s+([,.;)])", r"\1", text)
    return regex.sub(r"\(\s+", "(", text)


def phrase_at(words: Sequence[str], start: int, proper: bool = False) -> tuple[str, int]:
    """The longest known phrase at ``start`` of some :func:`words_of`, and its length in words; ('', 0) for none.

    ``proper``: a name stands there, of which a word ('PHONG') is not taken for another ('Phòng') by its bare letters.
    """
    exact, loose, longest = _phrases()
    if not words[start][0].isalnum():
        return "", 0
    kept = words[start].upper() in load("organs")["uppercase"]
    for size in range(0 if kept else min(longest, len(words) - start), 0, -1):
        if not words[start + size - 1][0].isalnum():
            continue
        part = " ".join(words[start : start + size])
        dashes = len(_DASH.findall(part))
        for table, key in ((exact, _key), (loose, bare)):
            phrase = table.get(key(part))
            if not phrase or dashes != len(_DASH.findall(phrase)):
                continue  # 'TỔ CHỨC - CÁN BỘ' is two fields, 'Tổ chức cán bộ' one
            whole = size > 1 or start == 0 or (len(phrase) > 3 and not proper)
            if table is exact or (whole and _may_be(part, phrase)):
                return phrase, size
    return _glued_phrase_at(words, start)


def _may_be(part: str, phrase: str) -> bool:
    """Whether words as read can be those of a known phrase: marks get lost and changed, but none comes from nothing.

    'HÔI' may be 'Hội' and 'TÌNH' 'tỉnh', but 'QUÂN' is not 'quan', nor 'KHÓA' 'khoa'. Only a word that could be
    written so is taken at its letters.
    """
    pairs = zip(_WORD.findall(part), _WORD.findall(phrase), strict=False)
    return not any(_has_more(read, known) and is_well_spelt(read) for read, known in pairs)


def _has_more(read: str, known: str) -> bool:
    """Whether a word has a mark that makes another letter, or a tone, where the other has none such."""
    read, known = normalize("NFD", read), normalize("NFD", known)
    shapes = set(_SHAPE.findall(read)) - set(_SHAPE.findall(known))
    return bool(shapes or (_TONE.search(read) and not _TONE.search(known)))


def _glued_phrase_at(words: Sequence[str], start: int) -> tuple[str, int]:
    """The known phrase at ``start`` of which the blanks were lost: 'BANNHÂNDÂN' goes on 'ỦY'."""
    for size in (1, 2, 3):
        part = words[start : start + size]
        if any(len(word) > _LONGEST_SYLLABLE and not is_syllable(word) for word in part):
            phrase = _glued().get(bare("".join(part)), "")
            if phrase:
                return phrase, len(part)
    return "", 0


@cache
def _glued() -> dict[str, str]:
    """Known phrases of several words by their bare letters without blanks."""
    return {key.replace(" ", ""): phrase for key, phrase in _phrases()[1].items() if " " in key}


def _unknown_run(words: Sequence[str], proper: bool, numbered: bool) -> list[str]:
    """Words of no known phrase: abbreviations stay, names of places and people are capitalised, else the first word."""
    upper = set(load("organs")["uppercase"])
    surnames = {s.upper() for s in load("surnames")["surnames"]}
    person = 2 <= len(words) <= 4 and words[0] in surnames
    out = []
    for k, word in enumerate(words):
        letters = word.strip(".")
        spelt = is_syllable(letters) or (proper and bool(_NAME.fullmatch(letters)))
        numeral = bool(_ROMAN.fullmatch(letters)) and (len(letters) > 2 or numbered)
        if word in upper or letters in upper or not spelt or numeral:
            out.append(word)
        elif proper or person or k == 0 or {"TP", "TX"} & {before.strip(".") for before in words[:k]}:
            out.append(word.capitalize())
        else:
            out.append(word.lower())
    return out


# --- who stands in the letterhead ---------------------------------------------------------------------------


def read_issuer(zones: Zones, notation: str | None, place: str | None, text: str) -> Issuer:
    """The body and its parent from the letterhead; without one, from notation, place and what the text calls itself."""
    place = without_unit(place) if place else None
    lines = [line for line in zones.issuer if regex.search(r"\p{L}{2}", line.text) and not _CODE.search(line.text)]
    if not lines:
        return Issuer(_inferred(zones, notation, place, text), FieldValue(None, 0.0))
    if joint := _joint(lines, notation) or _joint_in_notation(lines, notation):
        whole = value_from(" - ".join(found.value or "" for found in joint), lines, 0.95)
        return Issuer(whole, FieldValue(None, 0.0), joint)
    groups = _bodies(lines)
    organ = _agree_with_place(_name_of(groups[-1], notation), place, text)
    parent = (
        _name_of([line for group in groups[:-1] for line in group], None) if len(groups) > 1 else FieldValue(None, 0.0)
    )
    return Issuer(organ, parent)


def _joint(lines: Sequence[TextLine], notation: str | None) -> tuple[FieldValue[str], ...]:
    """The bodies that issue together: 'BỘ Y TẾ - BỘ TÀI CHÍNH', each a kind of body behind the dash.

    A dash at a line's end may be a speck, so that the notation must not be one body's.
    """
    texts = [_clean(line, "-–") for line in lines]
    names = [name.strip() for name in regex.split(r"\s+[-–]\s+|\s+[-–]$", " ".join(texts)) if name.strip()]
    hanging = any(text[-1:] in "-–" for text in texts)
    if hanging and notation and not _are_in(notation, names):
        return ()
    if len(names) < 2 or not all(_opens_body(name) and len(name.split()) > 1 for name in names):
        return ()
    own = [[line for line in lines if bare(name) in bare(line.text)] or list(lines) for name in names]
    return tuple(value_from(ordinary_case(name), some, 0.95) for name, some in zip(names, own, strict=True))


def _are_in(notation: str, names: Sequence[str]) -> bool:
    """Whether a notation has the abbreviation of every body: 'TTLT-BTC-BNV', 'CTPH-LĐLĐ-SVH,TT,DL'."""
    letters = regex.sub(r"[^\p{L}/-]", "", notation)
    known = parse_notation(f"1/{notation}")
    symbol = letters.partition(f"{known.kind}-")[2] if known and known.kind else letters
    codes = [skeleton(part) for part in regex.split(r"[-/]", symbol) if part]
    own = [skeleton(initials(ordinary_case(name))) for name in names]
    listed = {bare(b["name"]): {skeleton(a) for a in b["abbreviations"]} for b in load("organs")["named"]}
    known_as = [{short, *listed.get(bare(name), ())} for short, name in zip(own, names, strict=True)]
    return len(codes) >= len(names) and all(
        any(code[:2] == short[:2] and short.startswith(code[:3]) for code in codes for short in shorts)
        for shorts in known_as
    )


def _joint_in_notation(lines: Sequence[TextLine], notation: str | None) -> tuple[FieldValue[str], ...]:
    """The bodies of lines without a dash, where a joint document's notation has each: 'TTLT-TANDTC-VKSNDTC-BTP'."""
    found = _JOINT_NOTATION.search(notation or "")
    groups = _bodies(lines) if found else []
    names = [_name_of(group, None) for group in groups]
    signs = set(regex.split(r"[-/.&,]", found.group("bodies"))) if found else set()
    if len(names) < 2 or not all(name.value and initials(name.value) in signs for name in names):
        return ()
    return tuple(names)


def _clean(line: TextLine, kept: str = "") -> str:
    """The line without specks at its ends, as repaired or as read, whichever holds more words of known names.

    ``kept`` are characters that are no specks.
    """
    versions = [_without_specks(text, kept) for text in (line.text, raw_text([line]))]
    return max(versions, key=_known_words)


def _without_specks(text: str, kept: str = "") -> str:
    kept = regex.escape(kept, special_only=False)
    text = regex.sub(rf"^[^\p{{L}}({kept}]+|[^\p{{L}}\d).{kept}]+$", "", text)
    return regex.sub(r"^(?!Y\b)\p{L}\s+(?=\p{L}{2})", "", text)


def _known_words(text: str) -> int:
    """How many words of the text belong to known phrases."""
    words = _WORD.findall(text)
    known, i = 0, 0
    while i < len(words):
        size = phrase_at(words, i)[1]
        known += size
        i += max(1, size)
    return known


def _bodies(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """The lines grouped by body: a line that opens with a kind of body begins another, unless the one before hangs."""
    groups: list[list[TextLine]] = []
    hanging = {bare(h) for h in load("organs")["before_organ"]}
    named = {bare(body["name"]) for body in load("organs")["named"]}
    for line in (piece for whole in lines for piece in _parted(whole)):
        previous = bare(_clean(groups[-1][-1])) if groups else ""
        joined = f"{previous} {bare(_clean(line))}" in named
        if groups and (
            joined or not _opens_body(_clean(line)) or previous in hanging or previous.endswith((" va", " cua"))
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _parted(line: TextLine) -> list[TextLine]:
    """A line that names a body and the one below it, as two: 'UBND TỈNH AN GIANG SỞ Y TẾ'."""
    cut = end_of_superior(line.text)
    return [line.part(0, cut), line.part(cut, len(line.text))] if cut else [line]


def end_of_superior(text: str) -> int:
    """Offset at which a second body begins behind a body of a place ('… TỈNH AN GIANG') or a ministry; 0 for none."""
    found = list(_WORD.finditer(text))
    words = [match.group() for match in found]
    at, unit = 0, None
    while at < len(words):
        name = 0 if unit is None else at - unit
        phrase, size = phrase_at(words, at, proper=0 < name <= _LONGEST_PLACE)
        opens = f"{phrase} ".startswith(tuple(f"{kind} " for kind in load("organs")["below"]))
        if opens and (0 < name <= _LONGEST_PLACE or _is_ministry(words[:at])):
            return found[at].start()
        at += max(1, size)
        named = phrase in load("organs")["committees"] or f" {phrase}".endswith(_units())  # 'Công an tỉnh'
        if named or words[at - 1] in _SHORT_UNITS:
            unit = at
    return 0


@cache
def _units() -> tuple[str, ...]:
    return tuple(f" {unit}" for unit in load("places")["units"])


def _is_ministry(words: Sequence[str]) -> bool:
    """Whether the words are the name of a ministry."""
    name = bare(" ".join(words))
    return any(b["name"].startswith("Bộ ") and bare(b["name"]) == name for b in load("organs")["named"])


def _opens_body(text: str) -> bool:
    """Whether the text begins with a kind of body, and not with a longer word for what bodies do: 'PHÒNG, CHỐNG …'."""
    words = tuple(bare(text).split())
    kind, field = (max((n for n in range(1, 9) if words[:n] in heads), default=0) for heads in _heads())
    return kind >= max(field, 1)


@cache
def _heads() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """The words of all kinds of bodies, and those of all fields, in bare letters."""
    kinds, fields = (load("organs")[name] for name in ("kinds", "fields"))
    return frozenset(tuple(bare(k).split()) for k in kinds), frozenset(tuple(bare(f).split()) for f in fields)


def _name_of(lines: Sequence[TextLine], notation: str | None) -> FieldValue[str]:
    parts = [_clean(line) + _joint_at_end(line) for line in lines[:-1]] + [_clean(line) for line in lines[-1:]]
    text = _agree_with_notation(" ".join(parts), lines, notation)
    name = ordinary_case(text)
    named = best_match(name, [body["name"] for body in load("organs")["named"]], 0.93)
    if named and len(name.split()) == len(named[0].split()):
        name = named[0]
    return value_from(name, lines, 0.95)


def _joint_at_end(line: TextLine) -> str:
    """The comma or dash with which a line of a name goes on in the next: 'PHÒNG VĂN HÓA -'."""
    found = regex.search(r"(?<=\p{L}),$|(?<=\p{L})\s[-–]$", line.text)
    return found.group() if found else ""


def _agree_with_place(organ: FieldValue[str], place: str | None, text: str) -> FieldValue[str]:
    """The body's own place as place and date spell it, where the letterhead's letters differ and the text agrees."""
    if organ.value is None or not place:
        return organ
    words = organ.value.split()
    size = len(place.split())
    tail = " ".join(words[-size:])
    if (
        len(words) <= size
        or tail.casefold() == place.casefold()
        or likeness(tail, place) < 0.85
        or text.count(place) <= text.count(tail)
    ):
        return organ
    return replace(organ, value=" ".join([*words[:-size], place]))


def _agree_with_notation(text: str, lines: Sequence[TextLine], notation: str | None) -> str:
    """An abbreviation in the name that was read badly, by the notation: '(DỰ ÁN GAVD' is '(DỰ ÁN GAVI)' in GM-GAVI."""
    words = [w for line in lines for w in line.words if w.confidence < 0.7 and _WORD.search(w.text)]
    doubtful = [max(_WORD.findall(w.text), key=len) for w in words]
    for part in regex.split(r"[-/]", notation or ""):
        for read in [*doubtful, regex.split(r"[\s()]", text)[-1]]:
            alike = len(read) == len(part) >= 4 and read[0] == part[0] and likeness(read, part) >= 0.7
            if alike and not is_syllable(read):
                text = regex.sub(rf"(?<!\p{{L}}){regex.escape(read)}(?!\p{{L}})", part, text)
    return f"{text})" if text.count("(") > text.count(")") else text


# --- without a letterhead -----------------------------------------------------------------------------------

_CODE = regex.compile(r"\d\s*[/⁄]\s*\p{Lu}{2,}|^\W{0,3}\p{Lu}{1,5}\s?[/⁄]\s?\p{Lu}{2,}\S*$")
"""A number and notation, or a notation alone: what else is on such a line is no part of a name."""
_SELF = regex.compile(
    r"(?:Chủ tịch|TM\.|Thay mặt|CT, (?:các )?PCT|Thường trực)\s+(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND)\s+"
    r"(?P<level>tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)\b"
)


def _inferred(zones: Zones, notation: str | None, place: str | None, text: str) -> FieldValue[str]:
    """'Ủy ban nhân dân huyện Bình Sơn' from the notation UBND, the place Bình Sơn and 'Chủ tịch UBND huyện'."""
    source = [*zones.number, *zones.place_date]
    if not notation or not source:
        return FieldValue(None, 0.0)
    known = parse_notation(f"1/{notation}")
    parts = regex.split(r"[-/]", known.issuer if known else notation)
    named = {a: body["name"] for body in load("organs")["named"] for a in body["abbreviations"]}
    base = next((named[part] for part in parts if part in named), None)
    if base is None:
        return FieldValue(None, 0.0)
    if base not in {"Ủy ban nhân dân", "Hội đồng nhân dân"}:
        return value_from(base, source, 0.7, "inferred")
    levels = Counter(m["level"] for m in _SELF.finditer(text))
    if not place or not levels:
        return value_from(base, source, 0.45, "inferred")  # of which place is not said
    level = levels.most_common(1)[0][0]
    return value_from(f"{base} {level} {place}", source, 0.75, "inferred")
