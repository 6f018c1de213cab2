"""Titles of a signature set right by each other: the head's by the deputy's, the deputy's by the head's, by the body.

A damaged title alone may be many ('TỔNG GIÁN ĐỐC', 'THỦ TỊCH'); above 'PHÓ TỔNG GIÁM ĐỐC', or below the name of a
body that only a 'CHỦ TỊCH' leads, it can be one.
"""

from collections.abc import Sequence

from vndoc.parse.form.foot.signing import SigningLine, heads_of, is_a_letter_off, positions
from vndoc.parse.knowledge import bare, is_capitals, likeness, load
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import contradicts

Stated = tuple[TextLine, SigningLine]

_ALIKE = 0.6
"""Least likeness of a damaged line below a head's title to the deputy's, which alone may stand there."""
_A_LETTER_OFF = 0.8
"""Least likeness of a damaged title to the one that the lines around it tell."""
_TOLD = 0.75
"""Score of a title that its letters alone do not tell."""


def paired(stated: list[Stated], lines: Sequence[TextLine], organ: str | None = None) -> list[Stated]:
    """The lines with damaged titles set right by the others, and by the name of the body that issues the document."""
    stated = _heads_by_deputies(stated)
    mended = _deputy_by_head(stated, lines)
    return mended if mended is not stated else _by_body(stated, lines, organ)


def head_of(title: str | None) -> str | None:
    """The known title that a line of authority names, whatever body behind it: 'VỤ TRƯỞNG VỤ PHÁP CHẾ' -> VỤ TRƯỞNG."""
    known = [head for head in positions() if title and f"{title} ".startswith(f"{head} ")]
    return max(known, key=len, default=None)


def behind_title(text: str, title: str) -> str | None:
    """What makes a title longer at the end of a line that may hold it: 'THƯỜNG TRỰC', 'PHỤ TRÁCH'."""
    endings: list[str] = load("signing")["endings"]
    return next((end for end in endings if bare(text).endswith(f" {bare(end)}") and not title.endswith(end)), None)


def _heads_by_deputies(stated: list[Stated]) -> list[Stated]:
    """'KT. TỔNG GIÁN ĐỐC' above 'PHÓ TỔNG GIÁM ĐỐC' is 'KT. TỔNG GIÁM ĐỐC'."""
    titles = [s.rest for _, s in stated if not s.power]
    heads = [head for head, deputy in positions().items() if deputy and any(t.startswith(deputy) for t in titles)]
    return [(line, _head_among(s, heads)) for line, s in stated]


def _head_among(stated: SigningLine, heads: Sequence[str]) -> SigningLine:
    if stated.power not in {"KT.", "K/T"} or head_of(stated.rest):
        return stated
    best = max(heads, key=lambda head: likeness(stated.rest, head), default=None)
    if best is None or likeness(stated.rest, best) < _A_LETTER_OFF:
        return stated
    return SigningLine(stated.power, best, likeness(stated.rest, best))


def _deputy_by_head(stated: list[Stated], lines: Sequence[TextLine]) -> list[Stated]:
    """The lines with a damaged deputy's title set right by the head's above it: below 'BỘ TRƯỞNG' only 'THỨ TRƯỞNG'."""
    heads = [
        (line, s, deputy)
        for line, s in stated
        if s.power in {None, "KT.", "K/T"}
        and (deputy := positions().get((s.rest if s.power is None else head_of(s.rest)) or ""))
    ]
    for line, head, deputy in heads:
        for other in [o for o in lines[lines.index(line) + 1 :] if is_capitals(o.text, 0.6)][:2]:
            known = next((s for stated_line, s in stated if stated_line is other), None)
            if known is not None and (known.power or known.rest == deputy or bare(known.rest) != bare(deputy)):
                continue
            end = behind_title(other.text, deputy)
            title = f"{deputy} {end}" if end and head.power else deputy
            swapped = bare(other.text) != bare(title) and set(bare(other.text).split()) == set(bare(title).split())
            if swapped:  # 'PHÓ TỔ' is not 'TỔ PHÓ'
                continue
            told = is_a_letter_off(other.text, title) or not contradicts(other.text, title)
            if (score := likeness(other.text, title)) >= _ALIKE and told:
                return [*(pair for pair in stated if pair[0] is not other), (other, SigningLine(None, title, score))]
    return stated


def _by_body(stated: list[Stated], lines: Sequence[TextLine], organ: str | None) -> list[Stated]:
    """The lines with a damaged title, of those who may sign for a body, below the body's name or after 'TL.'."""
    found = [(line, _title_in_place(s, organ)) for line, s in stated]
    if any(not s.power for _, s in found):
        return found
    bodies = [s.rest for _, s in found if s.power in {"TM.", "T/M"}]
    led = [title for name in [*bodies, organ] if name for title in heads_of(name)]
    for line in lines:
        if any(line is known for known, _ in found) or not is_capitals(line.text, 0.9):
            continue
        title = _a_letter_off(line.text, led)
        if title and not any(s.power in {"KT.", "K/T"} for _, s in found):
            return [*found, (line, SigningLine(None, title, _TOLD))]
    return found


def _title_in_place(stated: SigningLine, organ: str | None) -> SigningLine:
    """'TL. THỦ TỊCH' of a body that a 'CHỦ TỊCH' leads."""
    if stated.power not in {"KT.", "K/T", "TL.", "T/L", "TUQ.", "Q."} or head_of(stated.rest):
        return stated
    title = _a_letter_off(stated.rest, heads_of(organ)) if organ else None
    return SigningLine(stated.power, title, _TOLD) if title else stated


def _a_letter_off(read: str, heads: Sequence[str]) -> str | None:
    """The one title of those who lead a body, or of their deputies, that has all words of ``read`` but for a letter."""
    titles = {title for head in heads for title in (head, positions().get(head)) if title}
    alike = [title for title in titles if is_a_letter_off(read, title)]
    return alike[0] if len(alike) == 1 else None
