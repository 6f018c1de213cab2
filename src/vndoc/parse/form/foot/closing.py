"""The closing block of a dispatch: Nơi nhận on the left, the signature on the right (boxes 7 and 9b of the layout)."""

import regex

from vndoc.parse.form import anchors
from vndoc.parse.form.columns import cut_signers, split_header, split_signature
from vndoc.parse.form.foot.names import has_names_case, is_name, read_name
from vndoc.parse.form.foot.signing import is_signing_line
from vndoc.parse.form.zones import Collector, ZoneName
from vndoc.parse.knowledge import is_capitals
from vndoc.parse.lines import TextLine

_TRANSLATED = regex.compile(
    r"SOCIALIST\s+REPUBLIC\s+OF\s+VIET\s?NAM|Independence\W+Freedom\W+Happiness|\btranslation\b", regex.I
)
_HEADING = 160
"""Characters of the longest line in the title of an annex."""
_ABOVE = 16
"""Lines that signatures beside each other may take above 'Nơi nhận', what was made of seals and pens included."""


def closing_start(lines: list[TextLine], head_end: int) -> int:
    """Index of the first line of the block that holds Nơi nhận and the signature; ``len(lines)`` if there is none."""
    for test in (anchors.is_to_places, anchors.is_as_above):
        for i in range(head_end + 1, len(lines)):
            if test(anchors.without_bullet(lines[i].text) if test is anchors.is_as_above else lines[i].text):
                return _with_signing_above(lines, i)
    return _from_below(lines, head_end)


def _from_below(lines: list[TextLine], head_end: int) -> int:
    """The closing block where neither 'Nơi nhận' nor 'Như trên' can be read: by 'Lưu: VT', or the signature."""
    signing = [i for i in range(head_end + 1, len(lines)) if _is_signing(lines[i]) and not _heads_bases(lines, i)]
    end = _another_start(lines, signing[0] + 1, len(lines)) if signing else len(lines)
    signing = [i for i in signing if i < end]  # what is signed behind the signature is an annex
    stored = [i for i in range(head_end + 1, end) if anchors.is_stored(lines[i].text)]
    if not stored and not signing:
        return len(lines)
    first = stored[-1] if stored else signing[-1]
    while first > head_end + 1 and lines[first - 1].page == lines[first].page:
        above = lines[first - 1]
        if not (
            anchors.is_bullet(above.text)
            or _is_signing(above)
            or _is_signed_above(lines, first - 1)
            or (len(above.text) < 40 and above.text[-1:] in ";,:")
        ):
            break
        first -= 1
    return _with_signing_above(lines, first) if stored else first


def _is_signed_above(lines: list[TextLine], index: int) -> bool:
    """Whether the line is the name of another signer, below the title of his own."""
    return is_name(lines[index].text) and any(_is_signing(line) for line in lines[max(0, index - 2) : index])


def _heads_bases(lines: list[TextLine], index: int) -> bool:
    """Whether the line is the heading of who decides, above 'Căn cứ …', and no signature."""
    return any(regex.match(r"\W{0,2}C[aă]n c[uứ]\b", line.text, regex.I) for line in lines[index + 1 : index + 4])


def _is_signing(line: TextLine) -> bool:
    if len(line.text) >= 90 or not is_capitals(line.text):
        return False
    pieces = cut_signers(line)
    return len(pieces) > 1 or (len(line.text) < 60 and is_signing_line(line.text))


def _pieces(line: TextLine) -> list[TextLine]:
    """The columns of a line of the closing block: an entry of Nơi nhận, one signer's line or two signers'."""
    return [part for piece in split_signature(line) for part in cut_signers(piece)]


def _with_signing_above(lines: list[TextLine], index: int) -> int:
    """Takes in the lines of authority read before 'Nơi nhận', and those that stand beside it."""
    first = index
    heading = lines[index].box
    for i in range(index - 1, max(index - _ABOVE, -1), -1):
        line = lines[i]
        if line.page != lines[index].page:
            break
        beside = (
            heading
            and line.box
            and line.box.y_center > heading.y0 - heading.height
            and line.box.x0 > 0.35 * line.page_width
        )
        if beside or any(_is_signing(piece) or is_name(piece.text) for piece in _pieces(line)):
            first = i
        elif len(line.text) > 25 and not (first < index and is_capitals(line.text, 0.9)):
            break
    return first


def read_closing(lines: list[TextLine], start: int, form: Collector) -> int:
    """Parts the block into Nơi nhận and signature; returns the index of the first line behind it."""
    if start >= len(lines):
        return len(lines)
    end = start
    page = lines[start].page
    while end < len(lines) and lines[end].page == page:
        end += 1
    end = _another_start(lines, start + 3, end)
    headed = any(
        anchors.is_to_places(line.text) or anchors.is_as_above(anchors.without_bullet(line.text))
        for line in lines[start:end]
    )
    state = "before" if headed else "open"
    for line in lines[start:end]:
        ended = False
        for piece in _pieces(line):
            zone, state = _zone_of(piece, state)
            # Behind an entry's semicolon and a gap stands the seal, not another entry.
            form.put("furniture" if ended and zone == "to_places" else zone, piece)
            ended = piece.text[-1:] == ";"
    if end < len(lines) and not any(read_name(p.text) for p in form.lines.get("signature", [])):
        end = _over_the_page(lines, end, form)
    return end


def _another_start(lines: list[TextLine], start: int, end: int) -> int:
    """Index of the first line from ``start`` on of an annex, a form or a translation; ``end`` if there is none.

    '(Ban hành kèm theo …)' and a national title have what they belong to above them.
    """
    for i in range(start, end):
        line = lines[i]
        if anchors.is_annex_title(line.text):
            return i
        if anchors.is_attached_to(line.text) or _is_translation(line) or _is_headed(line):
            first, foreign = i, _is_translation(line)
            while first > start and _heads_another(lines[first - 1], foreign):
                first -= 1
            return first
    return end


def _heads_another(line: TextLine, foreign: bool) -> bool:
    """Whether a line may stand above the national title or reference that shows where another document begins."""
    if is_name(line.text) or _is_signing(line) or anchors.is_bullet(line.text) or len(line.text) > _HEADING:
        return False
    return line.text.isascii() if foreign else not is_name(line.text.title())


def _is_headed(line: TextLine) -> bool:
    return any(anchors.is_national_title(piece.text) for piece in split_header(line))


def _is_translation(line: TextLine) -> bool:
    """Whether the line belongs to an English translation below the document."""
    return bool(_TRANSLATED.search(line.text))


def _over_the_page(lines: list[TextLine], end: int, form: Collector) -> int:
    """A signature that runs over to a page with little else on it."""
    page = [line for line in lines[end:] if line.page == lines[end].page]
    if len(page) > 8 or not any(_is_signing(line) or is_name(line.text) for line in page):
        return end
    form.put("signature", *page)
    return end + len(page)


def _zone_of(piece: TextLine, state: str) -> tuple[ZoneName, str]:
    """Zone of a piece of the closing block and the state behind it: before, open or closed list of Nơi nhận."""
    text = piece.text
    if anchors.is_to_places(text) or (state == "before" and anchors.is_as_above(anchors.without_bullet(text))):
        return "to_places", "open"
    right = piece.box is not None and piece.box.x0 > 0.5 * piece.page_width
    signing = _is_signing(piece) or (
        is_capitals(text)
        and not anchors.is_bullet(text)
        and len(text) > 6
        and text.isupper()
        and not regex.search(r"[,;:]", text)
    )
    # A name on no list is told by its case behind the end of Nơi nhận, where lines without boxes have no column.
    unlisted = state == "closed" and piece.box is None and has_names_case(text)
    if right or signing or unlisted or (not anchors.is_bullet(text) and is_name(text) and text[-1:] not in ",;"):
        return "signature", state
    if state in {"closed", "before"}:
        return "furniture", state
    closed = anchors.is_stored(text) and text.rstrip()[-1:] in ".,;"
    return "to_places", "closed" if closed else state
