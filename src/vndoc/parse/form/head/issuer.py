"""Who issued the document: the body of the letterhead, the one above it, and all that issue it together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import regex

from vndoc.parse.evidence import FieldValue, raw_text, value_from
from vndoc.parse.form.head.writing import WORD, ordinary_case, phrase_at
from vndoc.parse.form.zones import Zones
from vndoc.parse.knowledge import bare, best_match, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import is_syllable
from vndoc.parse.notation import initials, parse_notation, skeleton
from vndoc.parse.places import without_unit

_JOINT_NOTATION = regex.compile(r"(?:^|/)\p{L}{0,4}(?:LT|PH)[-/](?P<bodies>.+)$")
"""A notation of what several bodies issue: 'TTLT-BYT-BTC', '2015/TTLT-BCA-BQP', 'KHPH-SYT-SGDĐT'."""
_NATIONAL_TITLE = "cong hoa xa hoi chu nghia viet nam"
"""Its last words, broken off in a narrow column, are nobody's name."""
_LONGEST_PLACE = 4  # words of a place's name
_SHORT_UNITS = frozenset(("TP", "TP.", "TX", "TX.", "TT.", "P.", "Q."))


@dataclass(slots=True, frozen=True)
class Issuer:
    """The issuing body and the one above it; ``joint`` holds the bodies one by one where there are several."""

    organ: FieldValue[str]
    parent: FieldValue[str]
    joint: tuple[FieldValue[str], ...] = ()


def read_issuer(zones: Zones, notation: str | None, place: str | None, text: str) -> Issuer:
    """The body and its parent from the letterhead; without one, from notation, place and what the text calls itself."""
    place = without_unit(place) if place else None
    lines = [line for line in zones.issuer if regex.search(r"\p{L}{2}", line.text) and not _CODE.search(line.text)]
    if not lines or _NATIONAL_TITLE.endswith(bare(" ".join(line.text for line in lines))):
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
    words = WORD.findall(text)
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
    found = list(WORD.finditer(text))
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
    words = [w for line in lines for w in line.words if w.confidence < 0.7 and WORD.search(w.text)]
    doubtful = [max(WORD.findall(w.text), key=len) for w in words]
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
