"""What speaks against a title of a signature: specks before it, its place, and what stands unread below it."""

from collections.abc import Sequence
from dataclasses import replace

import regex

from vndoc.parse.evidence import NOT_SURE, SURE, word_confidence
from vndoc.parse.form.foot.names import strip_titles
from vndoc.parse.form.foot.occlusion import advance, axis_of, hidden_title, width_from
from vndoc.parse.form.foot.pairing import Stated
from vndoc.parse.form.foot.signer_name import axis_of_signer
from vndoc.parse.form.foot.signing import SigningLine, is_deputy, positions
from vndoc.parse.knowledge import bare, is_capitals
from vndoc.parse.lines import TextLine
from vndoc.parse.misreading import contradicts, is_well_spelt

_HALF_OF_DEPUTY = advance("PHÓ ") / 2
_CENTRED = 0.25
"""Share of the half of 'PHÓ ' by which the middle of a line may miss the signature's."""
_SHIFTED = 0.35
"""The same for a title that is off by just the half of 'PHÓ '."""
_WELL_READ = 0.7
_NEXT_ROW = 1.6
"""Heights of a title between it and the line of type below it."""


def doubted(line: TextLine, stated: SigningLine, others: Sequence[Stated], lines: Sequence[TextLine]) -> SigningLine:
    """The title, withheld where something speaks against it."""
    stated = _doubted_head(line, stated, others, lines)
    if stated.power or stated.score < SURE:
        return stated
    unread = _is_followed_unread(line, others, lines)
    if not is_beheaded_title(line, stated.rest):
        return replace(stated, score=NOT_SURE) if unread and len(others) == 1 else stated
    axis = axis_of([other for other in others if other[0] is not line])
    width = width_from(line, axis) if axis is not None else None
    longer = width is not None and width > advance(stated.rest) + _HALF_OF_DEPUTY
    return replace(stated, score=NOT_SURE) if unread or longer else stated


def is_beheaded_title(line: TextLine, title: str) -> bool:
    """Whether the first word of a title has lost its head: 'IÁM ĐỐC'. What stood before it may be lost as well."""
    read = bare(regex.sub(r"^[^\p{L}]+", "", line.text)).split()
    first = bare(title).split()[0]
    return bool(read) and read[0] != first and first.endswith(read[0])


def is_beside_title(line: TextLine, title: TextLine) -> bool:
    """Whether a line has the type of a title and reaches as far to the right as its middle: a seal's letters do not."""
    a, b = line.box, title.box
    if a is None or b is None or a.x1 < b.x_center:
        return False
    return 0.75 < a.height / b.height < 1.35 and word_confidence(line.words) >= _WELL_READ


def _is_followed_unread(line: TextLine, others: Sequence[Stated], lines: Sequence[TextLine]) -> bool:
    """Whether right below a title stands a line of capitals that nobody understood: the signer's own title."""
    box = line.box
    below = [other for other in lines if box and other.page == line.page and other.box and other.box.y0 > box.y_center]
    near = [o for o in below if box and o.box and o.box.y_center - box.y_center < (1 + _NEXT_ROW) * box.height]
    return any(
        is_capitals(other.text, 0.9)
        and bool(regex.search(r"\p{Lu}{3}", other.text))
        and is_beside_title(other, line)
        and all(other is not known for known, _ in others)
        for other in near
    )


def or_deputy(line: TextLine, stated: SigningLine, axis: float | None) -> SigningLine:
    """A head's title with specks before it is the deputy's if it is as wide: the seal has eaten 'PHÓ'."""
    deputy = positions().get(stated.rest)
    printed = strip_titles(line.text)
    known = printed.startswith(stated.rest) or contradicts(printed, deputy or "") or stated.score < SURE
    if stated.power or deputy is None or known:
        return stated
    wider = hidden_title(line, axis)
    return wider if wider and wider.power is None and wider.rest == deputy else stated


def may_follow(title: SigningLine, stated: Sequence[Stated]) -> bool:
    """Whether a title of which the end is read may be that of who signs: below 'KT.' it is the head's deputy's."""
    heads = [s.rest for _, s in stated if s.power in {"KT.", "K/T"}]
    return not (title.power and stated) and all(is_deputy(title.rest, head) for head in heads[-1:])


def _doubted_head(
    line: TextLine, stated: SigningLine, others: Sequence[Stated], lines: Sequence[TextLine]
) -> SigningLine:
    """A head's title that may be what a seal has left of the deputy's: withheld, for either may sign.

    So it is where something unread stands before it, unless it is in the middle above the name; and where it begins to
    the right of the middle by half of 'PHÓ ', and no other line of the signature does.
    """
    deputy = positions().get(stated.rest) or ""
    if stated.power or stated.score < SURE or line.box is None or not deputy.endswith(f" {stated.rest}"):
        return stated
    if any(other is not line and (s.rest == stated.rest or is_deputy(s.rest, stated.rest)) for other, s in others):
        return stated
    middle = axis_of_signer(lines) or axis_of([other for other in others if other[0] is not line])
    size = line.box.width / max(1, advance(line.text))
    off = None if middle is None else (line.box.x_center - middle) / (size * _HALF_OF_DEPUTY)
    unread = (_is_led_by_specks(line, stated.rest) or _is_beside_specks(line, lines)) and (
        off is None or abs(off) > _CENTRED
    )
    shifted = off is not None and abs(off - 1) < _SHIFTED and not _has_axis(line, others, size)
    return replace(stated, score=NOT_SURE) if unread or shifted else stated


def _is_led_by_specks(line: TextLine, title: str) -> bool:
    """Whether before the title stands what is neither a word nor its first word's end: a pen's 'KT.', a seal's ring."""
    read = [word.raw or word.text for word in line.words if word.origin.recognised]
    letters = read[0].strip("\"'“”*-_.") if read else ""
    if not read or (letters and title.split(maxsplit=1)[0].endswith(letters)):
        return False
    return bool(
        regex.match(r"[^\p{L}]*[^\p{L}\s_-]$|[^\p{L}\s_-]*\p{Ll}{0,2}\p{Lu}?$|[\p{Ll}\d]{1,2}\p{Lu}{2}", read[0])
    )


def _is_beside_specks(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Whether just left of a title, on its row, stands what is no word and was read by itself."""
    box = line.box
    if box is None:
        return False
    left = [
        other
        for other in lines
        if other.page == line.page
        and other.box
        and abs(other.box.y_center - box.y_center) < box.height / 2
        and 0 <= box.x0 - other.box.x1 < 1.5 * box.height
    ]
    return any(not any(is_well_spelt(w) for w in regex.findall(r"\p{L}{3,}", o.text)) for o in left)


def _has_axis(line: TextLine, others: Sequence[Stated], size: float) -> bool:
    """Whether another line of the signature has the same middle as ``line``."""
    boxes = [other.box for other, _ in others if other is not line and other.page == line.page]
    slack = _CENTRED * size * _HALF_OF_DEPUTY
    return line.box is not None and any(box and abs(box.x_center - line.box.x_center) < slack for box in boxes)
