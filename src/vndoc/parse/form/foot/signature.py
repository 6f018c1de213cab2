"""Quyền hạn, chức vụ, họ tên of the signer from the signature zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from vndoc.parse.evidence import NOT_SURE, FieldValue, value_from, word_confidence
from vndoc.parse.form.foot.names import is_name, read_name
from vndoc.parse.form.foot.occlusion import advance, axis_of, hidden_name, hidden_title
from vndoc.parse.form.foot.pairing import Stated, behind_title, head_of, paired
from vndoc.parse.form.foot.signer_name import (
    SURELY_READ,
    axis_of_signer,
    begins_with_middle,
    doubted_beginning,
    full_name,
    is_beheaded,
    unknown_name,
    with_own_name,
)
from vndoc.parse.form.foot.signing import SigningLine, is_deputy, names_office, positions, read_signing_line
from vndoc.parse.form.foot.title_doubts import doubted, is_beheaded_title, is_beside_title, may_follow, or_deputy
from vndoc.parse.knowledge import is_capitals, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import contradicts, is_syllable, is_well_spelt

_ALIKE = 0.6
"""Least likeness of a line without a box to the title that it may be a trace of."""
_NEARLY = 0.8
"""Likeness from which a title on no list may be a known one damaged."""
_WELL_READ = 0.7
_WIDTH_OFF = 0.25
"""Share of its expected width by which a line's box may miss it."""
_LONGEST_SYLLABLE = 7
"""Letters of the longest Vietnamese syllable."""
_SPACE_OF_SIGNATURE = 2.5
"""Heights of a title's line that are white below it where the pen signs."""
MOST_LINES = 60
"""No signature is longer, stamps and several signers included."""


@dataclass(slots=True, frozen=True)
class SignatureBlock:
    """Authority lines in order, position and name of the signer."""

    authority: list[FieldValue[str]]
    position: FieldValue[str]
    full_name: FieldValue[str]


def read_signature(lines: Sequence[TextLine], text: str = "", organ: str | None = None) -> SignatureBlock:
    """The signature; a deputy's authority or a head's deputy that the seal hides is inferred from the other line.

    A deputy signs for the head ('KT. GIÁM ĐỐC' above 'PHÓ GIÁM ĐỐC'), so that each line of the pair tells the other
    (Decree 30/2020/NĐ-CP, Appendix I, II.7 b).

    Args:
        lines: the lines of the signature.
        text: the document's text.
        organ: name of the body that issues the document, which tells who may lead it.
    """
    lines = [with_own_name(line) for line in lines[:MOST_LINES]]
    stated = _with_powers([(line, found) for line in lines if (found := _stated_by(line))], lines)
    stated = paired(stated, lines, organ)
    name = full_name(lines, text, [line for line, _ in stated])
    axis = axis_of(stated) or axis_of_signer(lines)
    others = [line for line in lines if all(line is not known for known, _ in stated)]
    stated = [(line, or_deputy(line, s, axis)) for line, s in stated]
    if all(s.power for _, s in stated):
        hidden_titles = ((line, found) for line in others if (found := hidden_title(line, axis)))
        stated += [(line, found) for line, found in hidden_titles if may_follow(found, stated)][:1]
    stated = [(line, doubted(line, s, stated, lines)) for line, s in stated]
    authority = [(line, s) for line, s in stated if s.power]
    plain = [(line, s) for line, s in stated if not s.power and not _is_body(s)]
    position = _position(authority, plain, lines)
    if position.value is None:
        position = _unknown_position(others)
    powers = [_found(s.text, line, s.score) for line, s in authority]
    if name.value is None or name.method == "mended" or is_beheaded(name, axis_of(stated), others):
        hidden = hidden_name(others, axis_of(stated))
        name = hidden if hidden.value or begins_with_middle(name) else name
    name = doubted_beginning(name, lines, any(is_beheaded_title(line, s.rest) for line, s in stated) or not stated)
    if name.value is None and stated:
        name = unknown_name([line for line in others if line.start > stated[-1][0].start])
    if position.value is None and name.sure and not authority:
        position = _position_elsewhere(name, lines, text)
    implied = _implied_authority(authority, plain, position, lines)
    if implied:
        powers.append(implied)
    return SignatureBlock(powers, position, name)


def _stated_by(line: TextLine) -> SigningLine | None:
    """What a line states, by its repaired letters or else by those that were read: repair knows words and no titles."""
    read = " ".join(word.raw or word.text for word in line.words)
    return read_signing_line(line.text) or (read_signing_line(read) if is_capitals(line.text) else None)


def _found(text: str, line: TextLine, score: float, method: str = "rule") -> FieldValue[str]:
    return value_from(text, [line], score, method, trust=0.7)


def _with_powers(stated: list[Stated], lines: Sequence[TextLine]) -> list[Stated]:
    """The lines with the powers of bodies that have lost theirs; a body above nobody's title or name is a heading."""
    found: list[Stated] = []
    for i, (line, s) in enumerate(stated):
        led = _power_of_body(s)
        if led is not s and any(other == (led.power, led.rest) for other in ((k.power, k.rest) for _, k in found)):
            continue  # the end of 'CHỦ TỊCH HỘI ĐỒNG' below 'TM. HỘI ĐỒNG'
        below = [other for _, other in stated[i + 1 :] if _power_of_body(other) is other and not _collegial(other)]
        if led is s or below or _is_signed(lines[lines.index(line) + 1 :]):
            found.append((line, led))
    return found


def _is_signed(lines: Sequence[TextLine]) -> bool:
    """Whether a person's name is among the lines."""
    return any(read_name(line.text) is not None for line in lines)


def _is_body(stated: SigningLine) -> bool:
    """Whether a line names a body, and no title: what is left of 'PHÓ TRƯỞNG BAN THƯỜNG TRỰC' may."""
    return stated.rest in load("signing")["bodies"]


def _power_of_body(stated: SigningLine) -> SigningLine:
    """A body signs nothing itself, somebody does in its name: before 'ỦY BAN NHÂN DÂN' the seal has eaten 'TM.'."""
    lost = stated.power is None and stated.rest.startswith(tuple(load("signing")["bodies"])) and not _collegial(stated)
    return SigningLine("TM.", stated.rest, 0.8 * stated.score) if lost else stated


def _position(authority: list[Stated], plain: list[Stated], lines: Sequence[TextLine]) -> FieldValue[str]:
    head = head_of(next((s.rest for _, s in reversed(authority) if s.power in {"KT.", "K/T"}), None))
    deputy = positions().get(head) if head else None
    if plain and not (authority and _is_far_below(authority[-1][0], plain[0][0])):
        return _printed_position(plain, head)
    if deputy and head:
        power = authority[-1][0]
        # Specks of the seal before a line may be a line of their own.
        under = _beside(power, [line for line in lines if regex.search(r"\p{L}{2}", line.text)], 1)
        if ends := [(line, end) for line in under if (end := behind_title(line.text, deputy))]:
            line, end = ends[0]
            return _found(f"{deputy} {end}", line, 0.75, "inferred")
        tail = (authority[-1][1].rest.removeprefix(head)).strip()
        if tail and any(line.text.endswith(f" {tail}") for line in under):  # 'G CÔNG AN HUYỆN'
            deputy = f"{deputy} {tail}"
        hidden = any(_is_trace(line, deputy, power) for line in under) or _may_be_sealed(power, under, deputy)
        hidden = hidden and f"PHÓ {head}" not in positions().keys() - {deputy}  # 'TỔ PHÓ' or 'PHÓ TỔ TRƯỞNG'
        return _found(deputy, power, 0.75 if hidden else NOT_SURE, "inferred")
    if authority and authority[-1][1].power == "Q.":
        line, s = authority[-1]
        return _found(s.text, line, s.score)
    return FieldValue(None, 0.0)


def _printed_position(plain: Sequence[Stated], head: str | None) -> FieldValue[str]:
    """The signer's title among those printed; ``head`` is who he signs for, where a line above says so."""
    deputy = positions().get(head) if head else None
    line, last = next((pair for pair in plain if head and is_deputy(pair[1].rest, head)), _signing(plain)[-1])
    # What the head's title above says as well needs few letters of its own.
    if deputy and head and is_deputy(last.rest, head):
        return _found(last.rest, line, max(last.score, 0.85))
    # Below 'KT. CHỦ TỊCH' the head's own name is a deputy's of which the seal has eaten 'PHÓ'.
    if deputy and last.rest == head:
        return _found(deputy, line, 0.85, "inferred")
    # Nor does a head sign below the own title: of two alike, the lower is the deputy's.
    below = positions().get(last.rest)
    if below and any(other is not line and s.rest == last.rest for other, s in plain):
        return _found(below, line, 0.85, "inferred")
    found = _found(last.rest, line, last.score)
    either = [(title, found.confidence) for title in (last.rest, positions().get(last.rest)) if title]
    return found if found.sure else replace(found, candidates=either)


def _signing(plain: Sequence[Stated]) -> Sequence[Stated]:
    """The titles above the space for the signature; below it, above the name, may stand a post elsewhere (box 7b)."""
    for i, ((above, first), (below, second)) in enumerate(pairwise(plain), 1):
        unplaced = above.box is None and first.rest in positions() and names_office(second.rest)
        if unplaced or _is_far_below(above, below):
            return plain[:i]
    return plain


def _is_far_below(above: TextLine, below: TextLine) -> bool:
    """Whether the space for a signature is between two lines."""
    a, b = above.box, below.box
    return (
        a is not None and b is not None and (above.page != below.page or b.y0 - a.y1 > _SPACE_OF_SIGNATURE * a.height)
    )


def _beside(line: TextLine, lines: Sequence[TextLine], step: int) -> Sequence[TextLine]:
    """The line below another (``step`` 1) or above it (-1), if there is one."""
    at = next((i for i, other in enumerate(lines) if other is line), -1)
    return [lines[at + step]] if at >= 0 and 0 <= at + step < len(lines) else []


def _may_be_sealed(power: TextLine, below: Sequence[TextLine], deputy: str) -> bool:
    """Whether the deputy's title below a printed power may be wholly under a seal: on a scan, and nothing else there.

    In a text nothing is hidden, and a title that was not understood is no deputy's.
    """
    scanned = any(word.box and word.origin.recognised for word in power.words)
    return scanned and not any(_is_title_unread(line, deputy) or _is_longer(line, deputy, power) for line in below)


def _is_longer(line: TextLine, deputy: str, power: TextLine) -> bool:
    """Whether a line beside a power has words that the deputy's title has not: 'M ĐỐC KỸ THUẬT'."""
    return is_capitals(line.text, 0.9) and is_beside_title(line, power) and contradicts(line.text, deputy)


def _is_trace(line: TextLine, title: str, beside: TextLine) -> bool:
    """Whether a line next to ``beside`` may be the unread ``title``: no name and no words, capitals, and as wide."""
    # Repair makes words of what it cannot know: 'CH TRƯỞNG', of 'THỨ TRƯỞNG', becomes 'CHO TRƯỞNG'.
    words = regex.findall(r"\p{L}+", " ".join(word.raw or word.text for word in line.words))
    unread = is_capitals(line.text) and not all(is_syllable(word) for word in words)
    if not words or not unread or _is_title_unread(line, title):
        return False
    if line.box is None or beside.box is None:
        return likeness(line.text, title) >= _ALIKE
    expected = beside.box.width * advance(title) / max(1, advance(beside.text))
    return line.page == beside.page and abs(line.box.width - expected) < _WIDTH_OFF * expected


def _is_title_unread(line: TextLine, deputy: str) -> bool:
    """Whether a line of capitals is a title that was not understood, and not the deputy's."""
    words = regex.findall(r"\p{Lu}{3,}", line.text)
    return len(words) > 2 and is_capitals(line.text) and contradicts(line.text, deputy)


def _unknown_position(lines: Sequence[TextLine]) -> FieldValue[str]:
    """A title that no list knows: the last well-read line of capitals that is neither an authority nor a name."""
    for line in reversed(lines):
        words = line.text.strip(" .,;:-").split()
        spelt = 2 <= len(words) <= 8 and any(title in line.text for title in load("signing")["title_words"])
        spelt = spelt and words[0] != "KIÊM" and all(is_syllable(w.strip(",.-")) or w in {"-", "&"} for w in words)
        # 'Phó' and 'Bí' are surnames as well: a second word of titles settles it.
        titled = len(set(words) & set(load("signing")["title_words"])) > 1 or not is_name(line.text.title())
        if spelt and line.text.isupper() and word_confidence(line.words) >= _WELL_READ and titled:
            title = " ".join(words)
            if led := _led_by_ruin(words, line):
                return led
            known = max(positions(), key=lambda other: likeness(title, other))
            # A letter off a known title, or a word short of it, it is that one damaged, or one that nobody has listed.
            if _lacks_head(words[0]):
                return value_from(title, [line], NOT_SURE)
            damaged = known.startswith(title) or min(word.confidence for word in line.words) < SURELY_READ
            alike = damaged and likeness(title, known) >= _NEARLY
            either = [(known, NOT_SURE), (title, NOT_SURE)] if alike else []
            return value_from(title, [line], NOT_SURE if alike else 0.7, candidates=either)
    return FieldValue(None, 0.0)


def _lacks_head(word: str) -> bool:
    """Whether a word stands in titles and never opens one: 'TOÁN TRƯỞNG' is what is left of 'KẾ TOÁN TRƯỞNG'."""
    titles = [title.split() for title in positions()]
    return any(word in title[1:] for title in titles) and all(word != title[0] for title in titles)


def _led_by_ruin(words: Sequence[str], line: TextLine) -> FieldValue[str] | None:
    """A head's title behind a word that is none: the deputy's, which may be it: 'TIIÓ CHỦ TỊCH' -> 'PHÓ CHỦ TỊCH'."""
    head = " ".join(words[1:])
    deputy = positions().get(head)
    if is_well_spelt(words[0]) and len(words[0]) < _LONGEST_SYLLABLE and "II" not in words[0]:
        return None
    if not deputy or not deputy.endswith(f" {head}"):
        return None
    ends = words[0][-1] == deputy.split()[0][-1]
    either = [(deputy, 0.6), (head, 0.2)] if ends else [(deputy, NOT_SURE), (head, NOT_SURE)]
    return value_from(deputy, [line], 0.8 if ends else NOT_SURE, "inferred", either)


def _position_elsewhere(name: FieldValue[str], lines: Sequence[TextLine], text: str) -> FieldValue[str]:
    """The title that the text gives the signer: 'Phó Chủ tịch Nguyễn Văn An', 'Nguyễn Văn An, Phó Chủ tịch'."""
    flat = " ".join(text.split()).casefold()
    who = regex.escape((name.value or "").casefold())
    for title in sorted(positions(), key=len, reverse=True):
        spelt = regex.escape(title.casefold())
        if regex.search(rf"(?<!\p{{L}})(?:{spelt}[ :]+{who}|{who}, {spelt})(?!\p{{L}})", flat):
            return value_from(
                title, [line for line in lines if name.value and name.value in line.text] or lines, 0.7, "inferred"
            )
    return FieldValue(None, 0.0)


def _implied_authority(
    authority: list[Stated], plain: list[Stated], position: FieldValue[str], lines: Sequence[TextLine]
) -> FieldValue[str] | None:
    """'KT. GIÁM ĐỐC' where a deputy signs and no line says for whom."""
    if position.value is None or any(s.power in {"KT.", "K/T", "TUQ."} for _, s in authority):
        return None
    head = next((h for h, deputy in positions().items() if deputy == position.value), None)
    above = [line for line, s in plain[:-1] if s.rest == head]
    others = authority and (authority[-1][1].power == "TL." or any(_collegial(s) for _, s in authority))
    if head is None or (others and not above):
        return None
    source = above or [line for line, _ in plain[-1:]] or list(lines[:1])
    hidden = any(_is_trace(line, f"KT. {head}", source[0]) for line in _beside(source[0], lines, -1))
    score = 0.85 if above else 0.7 if hidden else NOT_SURE
    return _found(f"KT. {head}", source[0], score, "inferred")


def _collegial(stated: SigningLine) -> bool:
    """Whether one signs for a committee of the Party or of a mass organisation, whose deputies sign in its name."""
    return stated.power in {"T/M", "T/L"} or stated.rest.startswith(tuple(load("signing")["collegial"]))
