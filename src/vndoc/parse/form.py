"""Cuts the lines of a document into the zones of its form.

Three passes, each over what the one before has left: the furniture and whatever stands behind the signature are put
aside; the signature and Nơi nhận are found from the bottom; the head is read from the top until the body begins.
Where words have boxes, columns and gaps decide; where they have none, the words alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from vndoc.parse import anchors
from vndoc.parse.columns import cut_at_words, split_header, split_signature, wide_gaps
from vndoc.parse.knowledge import bare, is_capitals
from vndoc.parse.lines import TextLine
from vndoc.parse.signing import is_name, is_signing_line, read_name
from vndoc.parse.zones import Zones

_HEAD_LINES = 40
"""The head of a dispatch, stamps and overlays included, ends within so many lines."""

_SUBJECT_GAP = 8.3 / 210
"""Share of the page width (8.3 mm on A4): more than this between two lines, and the subject has ended."""

_OPENING = regex.compile(
    r"^\W{0,3}(C[ăâaă]n\.? c[ứửừưu]|Th[ựu]c\.? hi[ệê]n|Theo |Trong |Tr[êe]n c[ơo] s[ởơ]|X[éeê]t |[ĐD][ểeêề] |Qua |Nh[ằa]m |Sau khi|V[ừu]a qua|"
    r"Hi[ệê]n nay|Th[ờo]i gian qua|Ti[ếê]p |Ng[àa]y \d|N[ăa]m \d|Đi[ềê]u \d|[IVX]{1,4}\s?[.-]|\d{1,2}[.-]\s|[ƯU][ửu]? ban|[ỦUƯ][ỷyỶY] ban|"
    r"UBND |S[ởơ] \p{Lu}|B[ộô] \p{Lu}|Ch[íi]nh ph[ủu]|Th[ủu] t[ưu][ớơ]ng|K[íi]nh th[ưu]a|Ph[áa]t huy|Ph[ầa]n [IVX\d]|Nay )",
)
"""How the body of a dispatch begins."""


@dataclass(slots=True)
class _Form:
    """Zones being filled."""

    zones: dict[str, list[TextLine]] = field(default_factory=dict)

    def put(self, zone: str, *lines: TextLine) -> None:
        self.zones.setdefault(zone, []).extend(lines)

    def done(self) -> Zones:
        return Zones(**{name: tuple(lines) for name, lines in self.zones.items()})


def find_zones(lines: Sequence[TextLine]) -> Zones:
    """The zones of a document from all its lines in reading order; every letter ends in exactly one zone."""
    form = _Form()
    kept = _without_furniture(lines, form)
    kept, annex = _part_second_head(kept)
    head_end = _head_end(kept)
    sign_start = _signature_start(kept, head_end)
    behind = _read_signature(kept, sign_start, form)
    body_start = _read_head(kept[:sign_start], head_end, form)
    form.put("body", *kept[body_start:sign_start])
    form.put("annex", *kept[behind:], *annex)
    return form.done()


def _without_furniture(lines: Sequence[TextLine], form: _Form) -> list[TextLine]:
    kept = []
    for i, line in enumerate(lines):
        edge = i == 0 or i + 1 == len(lines) or lines[i - 1].page != line.page or lines[i + 1].page != line.page
        if anchors.is_noise(line.text) and not anchors.is_page_number(line.text):
            form.put("furniture", line)
        elif anchors.is_overlay(line.text) or (
            edge and line.page > lines[0].page and anchors.is_page_number(line.text)
        ):
            form.put("furniture", line)
        else:
            kept.append(line)
    return kept


def _part_second_head(lines: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Cuts off an attached document: a page with a national title, or 'Phụ lục', of its own after the first page."""
    for i, line in enumerate(lines):
        if line.page == lines[0].page:
            continue
        top = lines[i - 1].page != line.page
        headed = (
            any(anchors.is_national_title(p.text) for p in split_header(line)) if _near_top(line, lines, i) else False
        )
        if headed or (top and anchors.is_annex_title(line.text)):
            first = next(k for k, other in enumerate(lines) if other.page == line.page)
            return lines[:first], lines[first:]
    return lines, []


def _near_top(line: TextLine, lines: list[TextLine], index: int) -> bool:
    return index < 6 or lines[index - 6].page != line.page


# --- the signature and Nơi nhận -------------------------------------------------------------------------------------


def _signature_start(lines: list[TextLine], head_end: int) -> int:
    """Index of the first line of the block that holds Nơi nhận and the signature; ``len(lines)`` if there is none."""
    for test in (anchors.is_to_places, anchors.is_as_above):
        for i in range(head_end + 1, len(lines)):
            if test(anchors.without_bullet(lines[i].text) if test is anchors.is_as_above else lines[i].text):
                return _with_signing_above(lines, i)
    return _from_below(lines, head_end)


def _from_below(lines: list[TextLine], head_end: int) -> int:
    """The closing block where neither 'Nơi nhận' nor 'Như trên' can be read: by 'Lưu: VT', or by the signature alone."""
    stored = [i for i in range(head_end + 1, len(lines)) if anchors.is_stored(lines[i].text)]
    signing = [i for i in range(head_end + 1, len(lines)) if _is_signing(lines[i])]
    if not stored and not signing:
        return len(lines)
    first = stored[-1] if stored else signing[-1]
    while first > head_end + 1 and lines[first - 1].page == lines[first].page:
        above = lines[first - 1]
        if not (
            anchors.is_bullet(above.text) or _is_signing(above) or (len(above.text) < 40 and above.text[-1:] in ";,:")
        ):
            break
        first -= 1
    return _with_signing_above(lines, first) if stored else first


def _is_signing(line: TextLine) -> bool:
    return len(line.text) < 60 and is_capitals(line.text) and is_signing_line(line.text)


def _with_signing_above(lines: list[TextLine], index: int) -> int:
    """Takes in the lines of authority read before 'Nơi nhận', and those that stand beside it."""
    first = index
    heading = lines[index].box
    for i in range(index - 1, max(index - 8, -1), -1):
        line = lines[i]
        if line.page != lines[index].page:
            break
        beside = (
            heading
            and line.box
            and line.box.y_center > heading.y0 - heading.height
            and line.box.x0 > 0.35 * line.page_width
        )
        if beside or any(_is_signing(piece) or is_name(piece.text) for piece in split_signature(line)):
            first = i
        elif len(line.text) > 25:
            break
    return first


def _read_signature(lines: list[TextLine], start: int, form: _Form) -> int:
    """Parts the block into Nơi nhận and signature; returns the index of the first line behind it."""
    if start >= len(lines):
        return len(lines)
    end = start
    page = lines[start].page
    while end < len(lines) and lines[end].page == page and not (end > start + 2 and _opens_another(lines[end])):
        end += 1
    headed = any(
        anchors.is_to_places(line.text) or anchors.is_as_above(anchors.without_bullet(line.text))
        for line in lines[start:end]
    )
    state = "before" if headed else "open"
    for line in lines[start:end]:
        ended = False
        for piece in split_signature(line):
            zone, state = _zone_of(piece, state)
            # Behind an entry's semicolon and a gap stands the seal, not another entry.
            form.put("furniture" if ended and zone == "to_places" else zone, piece)
            ended = piece.text[-1:] == ";"
    if end < len(lines) and not any(read_name(p.text) for p in form.zones.get("signature", [])):
        end = _over_the_page(lines, end, form)
    return end


def _opens_another(line: TextLine) -> bool:
    return anchors.is_annex_title(line.text) or any(anchors.is_national_title(p.text) for p in split_header(line))


def _over_the_page(lines: list[TextLine], end: int, form: _Form) -> int:
    """A signature that runs over to a page with little else on it."""
    page = [line for line in lines[end:] if line.page == lines[end].page]
    if len(page) > 8 or not any(_is_signing(line) or is_name(line.text) for line in page):
        return end
    form.put("signature", *page)
    return end + len(page)


def _zone_of(piece: TextLine, state: str) -> tuple[str, str]:
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
    if right or signing or (not anchors.is_bullet(text) and is_name(text) and text[-1:] not in ",;"):
        return "signature", state
    if state == "closed" or state == "before":
        return "furniture", state
    closed = anchors.is_stored(text) and text.rstrip()[-1:] in ".,;"
    return "to_places", "closed" if closed else state


# --- the head --------------------------------------------------------------------------------------------------------


def _head_end(lines: list[TextLine]) -> int:
    """Index of the last line with a national title, number or place-and-date at the head of the document; -1: none."""
    last = -1
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if line.page != lines[0].page:
            break
        if anchors.SENT_TO.match(line.text) or (last >= 0 and anchors.type_of_title(line.text)):
            break
        if any(_head_zone(piece) for piece in split_header(line)):
            last = i
    return last


def _head_zone(piece: TextLine) -> str | None:
    if anchors.is_national_title(piece.text) or anchors.is_motto(piece.text):
        return "national_title"
    if anchors.is_number_line(piece.text):
        return "number"
    return "place_date" if anchors.is_place_date(piece.text) else None


def _read_head(lines: list[TextLine], head_end: int, form: _Form) -> int:
    """Fills the zones of the head; returns the index at which the body begins."""
    _read_letterhead(lines[: head_end + 1], form)
    return _read_title(lines, head_end + 1, form)


def _read_letterhead(lines: list[TextLine], form: _Form) -> None:
    pieces = [piece for line in lines for piece in split_header(line)]
    titles = [p for p in pieces if anchors.is_national_title(p.text)]
    top = titles[0].box.y0 - 2 * titles[0].box.height if titles and titles[0].box else None
    state = "issuer"
    for piece in pieces:
        zone = _head_zone(piece)
        if zone:
            form.put(zone, piece)
            state = "number" if zone == "number" else state
        elif anchors.mark_of(piece.text):
            form.put("stamps", piece)
        elif anchors.SUBJECT_START.match(piece.text) or (state == "subject" and not _is_right(piece)):
            form.put("title", piece)
            state = "subject"
        elif state == "issuer" and _may_be_issuer(piece, top):
            form.put("issuer", piece)
        else:
            form.put("furniture", piece)


def _is_right(piece: TextLine) -> bool:
    return piece.box is not None and piece.box.x_center > 0.5 * piece.page_width


def _may_be_issuer(piece: TextLine, top: float | None) -> bool:
    if top is not None and piece.box is not None and piece.box.y1 < top:
        return False
    return is_capitals(piece.text, 0.7) and len(bare(piece.text)) >= 4 and not _is_right(piece)


def _read_title(lines: list[TextLine], start: int, form: _Form) -> int:
    """Tên loại, trích yếu, Kính gửi and marks below the letterhead; returns where the body begins."""
    i, state = start, "open"
    previous: TextLine | None = None
    axis: float | None = None
    if form.zones.get("title"):
        state = "v/v"
    stamped = any(_is_stamp(line.text) for line in lines[start : start + 12])
    while i < len(lines):
        line = lines[i]
        if line.page != lines[start].page or i > start + _HEAD_LINES:
            break
        text = line.text
        if anchors.SENT_TO.match(text):
            return _read_recipients(lines, i, form)
        if state == "open" and (mark := _leading_mark(line)):
            form.put("stamps", mark[0])
            line, text = mark[1], mark[1].text
        if anchors.mark_of(text) or not text:
            form.put("stamps", line)
        elif state in {"open", "v/v"} and anchors.type_of_title(text):
            form.put("title", line)
            axis = line.box.x_center if line.box else None
            state = "title"
        elif state == "open" and anchors.SUBJECT_START.match(text):
            form.put("title", line)
            state = "v/v"
        elif state == "open":
            if _OPENING.match(text) or i > start + 12 or len(text) > 75:
                break
            form.put("stamps" if _is_stamp(text) else "furniture", line)
        else:
            stray, rest = _off_axis(line, axis) if stamped else ([], line)
            if axis and rest.box and abs(rest.box.x_center - axis) > 0.15 * rest.page_width and rest.box.x1 < axis:
                form.put("stamps", line)
                i += 1
                continue
            if not _goes_on(previous, rest, state, len(form.zones["title"])):
                break
            form.put("stamps", *stray)
            form.put("title", rest)
            line = rest
        previous = line if form.zones.get("title") and form.zones["title"][-1] is line else previous
        i += 1
    return _skim_stamps(lines, i, form)


def _skim_stamps(lines: list[TextLine], start: int, form: _Form) -> int:
    """Takes an incoming stamp off the first lines below the title, where it is stamped beside or over them."""
    window = range(start, min(start + 9, len(lines)))
    last = max((i for i in window if _is_stamp(lines[i].text[:40]) and lines[i].box), default=-1)
    i = start
    while i <= last:
        line = lines[i]
        left = [k for k in wide_gaps(line, 1.2) if (box := line.words[k].box) and 0.2 < box.x0 / line.page_width < 0.5]
        if line.box and line.box.x1 < 0.48 * line.page_width:
            form.put("stamps", line)
        elif left and _is_stamp(line.text[: line.text.find(line.words[left[0]].text)]):
            pieces = cut_at_words(line, left[:1])
            form.put("stamps", pieces[0])
            form.put("body", *pieces[1:])
        else:
            break
        i += 1
    return i


def _leading_mark(line: TextLine) -> tuple[TextLine, TextLine] | None:
    """An urgency mark stamped beside the title and read into its line: 'HỎA TỐC | KẾ HOẠCH'."""
    for size in (1, 2, 3):
        if size < len(line.words):
            pieces = cut_at_words(line, [size])
            if len(pieces) == 2 and anchors.mark_of(pieces[0].text) and anchors.type_of_title(pieces[1].text):
                return pieces[0], pieces[1]
    return None


def _is_stamp(text: str) -> bool:
    return bool(regex.search(r"\b(ĐẾN|ĐỀN|ĐÉN|Chuy[ểê]n|CV)\b|\.{4,}", text))


def _off_axis(line: TextLine, axis: float | None) -> tuple[list[TextLine], TextLine]:
    """Takes a stamp at the left margin off a centred line: the words that have no counterpart right of the axis."""
    boxes = [w.box for w in line.words if w.box]
    if axis is None or len(boxes) < len(line.words) or not boxes or boxes[-1].x1 < axis:
        return [], line
    left = 2 * axis - boxes[-1].x1
    if boxes[0].x0 > left - 0.06 * line.page_width:
        return [], line
    first = min(range(len(boxes)), key=lambda k: abs(boxes[k].x0 - left))
    pieces = cut_at_words(line, [first])
    return ([pieces[0]], pieces[1]) if len(pieces) == 2 else ([], line)


def _goes_on(previous: TextLine | None, line: TextLine, state: str, taken: int) -> bool:
    """Whether ``line`` continues the title block of which ``previous`` was the last line."""
    text = line.text
    if anchors.is_bullet(text) and state == "title":
        return False
    opening = bool(_OPENING.match(text)) or (is_capitals(text) and len(text) > 12)
    first = state == "title" and previous is not None and anchors.type_of_title(previous.text) is not None
    if first:
        return not opening
    if previous is None:
        return not opening
    if previous.box and line.box:
        apart = line.box.y_center - previous.box.y_center
        if apart > _SUBJECT_GAP * line.page_width:
            return False
        if state == "v/v" and line.box.x_center > 0.5 * line.page_width:
            return False
        return not (opening and apart > 0.85 * _SUBJECT_GAP * line.page_width) and not (opening and is_capitals(text))
    return not opening and taken < 9 and not (previous.block != line.block and text[:1].isupper())


def _read_recipients(lines: list[TextLine], start: int, form: _Form) -> int:
    """Kính gửi and its list; returns where the body begins."""
    form.put("recipients", lines[start])
    listed = False
    i = start + 1
    while i < len(lines) and i < start + 60:
        line, previous = lines[i], lines[i - 1]
        body = anchors.SENT_TO.sub("", previous.text).strip()
        if anchors.is_bullet(line.text):
            if body and not listed and not anchors.is_bullet(body) and body[-1] in ".":
                break
            listed = True
        elif body:
            ended = body[-1] in ".;:" and not line.text[:1].islower()
            if (ended and body[-1] != ":") or _OPENING.match(line.text) or _is_paragraph(previous, line, listed):
                break
        form.put("recipients", line)
        i += 1
    return i


def _is_paragraph(previous: TextLine, line: TextLine, listed: bool) -> bool:
    """Whether the body's first paragraph begins at ``line``."""
    if previous.box and line.box:
        if line.box.y_center - previous.box.y_center > _SUBJECT_GAP * line.page_width:
            return True
        return line.box.x0 < 0.26 * line.page_width and line.box.x1 > 0.8 * line.page_width
    if line.text[:1].islower():
        return False
    return line.block != previous.block or not listed
