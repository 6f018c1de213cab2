"""The head of a dispatch: letterhead, title and subject, Kính gửi, and the marks stamped among them (boxes 1 to 5, 9a).

Read from the top line by line until the body begins. A subject is centred below its title, or stands under 'V/v' in
the left column; its lines follow each other closely, and a gap, or a phrase with which bodies open, ends it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import regex

from vndoc.parse.form import anchors
from vndoc.parse.form.columns import MAX_LINE, cut_at_words, split_header, wide_gaps
from vndoc.parse.form.signing import names_signer
from vndoc.parse.form.zones import Collector, ZoneName
from vndoc.parse.knowledge import bare, is_capitals, load
from vndoc.parse.lines import TextLine

HEAD_LINES = 40
"""The head of a dispatch, stamps and overlays included, ends within so many lines."""

_SUBJECT_GAP = 8.3 / 210
"""Share of the page width (8.3 mm on A4): more than this between two lines, and the subject has ended."""

_FAR_IN = 0.34
"""Share of the page width from which the list of Kính gửi begins."""

_ENUMERATED = regex.compile(r"^\W{0,3}(?:[IVX]{1,4}\s?[.-]|\d{1,2}[.-]\s)")
_STAMPED = regex.compile(r"\b(?:ĐẾN|ĐỀN|ĐÉN|Chuy[ểê]n|CV)\b|\.{4,}")


def head_end(lines: list[TextLine]) -> int:
    """Index of the last line with a national title, number or place-and-date at the head of the document; -1: none."""
    last = -1
    for i, line in enumerate(lines[:HEAD_LINES]):
        if line.page != lines[0].page or len(line.text) > MAX_LINE:
            break
        titled = anchors.type_of_title(line.text) or anchors.type_and_subject(line.text)
        if anchors.SENT_TO.match(line.text) or (last >= 0 and (titled or _is_basis(line.text))):
            break
        if any(letterhead_zone(piece) for piece in split_header(line)):
            last = i
    return last


def read_head(lines: list[TextLine], header: int, form: Collector) -> int:
    """Fills the zones of the head; ``header`` is :func:`head_end`. Returns the index at which the body begins."""
    _read_letterhead(lines[: header + 1], form)
    return _read_title(lines, header + 1, form)


def letterhead_zone(piece: TextLine) -> ZoneName | None:
    """The zone of a piece that can stand only in a letterhead: national title, number, place and date."""
    if anchors.is_national_title(piece.text) or anchors.is_motto(piece.text):
        return "national_title"
    if anchors.is_number_line(piece.text):
        return "number"
    return "place_date" if anchors.is_place_date(piece.text) else None


def _read_letterhead(lines: list[TextLine], form: Collector) -> None:
    pieces = [piece for line in lines for piece in split_header(line)]
    titles = [box for piece in pieces if anchors.is_national_title(piece.text) and (box := piece.box)]
    top = titles[0].y0 - 2 * titles[0].height if titles else None
    party = any(anchors.is_party_title(piece.text) for piece in pieces)
    state: Literal["issuer", "number", "subject"] = "issuer"
    for piece in pieces:
        if zone := letterhead_zone(piece):
            form.put(zone, piece)
            state = "number" if zone == "number" else state
        elif anchors.mark_of(piece.text):
            form.put("stamps", piece)
        elif (anchors.starts_subject(piece.text) or state == "subject" or (party and state == "number")) and (
            not _is_right(piece)
        ):
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


# --- title and subject --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Title:
    """Progress through the lines below the letterhead: no title yet, a subject below a title, or one behind 'V/v'."""

    state: Literal["open", "titled", "v/v"]
    stamped: bool
    issuer: tuple[str, ...] = ()
    axis: float | None = None
    previous: TextLine | None = None

    def take(self, line: TextLine, form: Collector) -> bool:
        """Puts one line into its zone; False where the body begins instead."""
        if self.state == "open" and (mark := _leading_mark(line)):
            form.put("stamps", mark[0])
            line = mark[1]
        if anchors.mark_of(line.text):
            form.put("stamps", line)
            return True
        if self.state != "titled" and (anchors.type_of_title(line.text) or anchors.type_and_subject(line.text)):
            self.state, self.axis = "titled", line.box.x_center if line.box else None
        elif self.state == "open":
            return self._before_title(line, form)
        else:
            stray, line = _off_axis(line, self.axis) if self.stamped else ([], line)
            if self._is_beside(line):
                form.put("stamps", *stray, line)
                return True
            named = line.box is None and bare(line.text).startswith(self.issuer) and line.text[:1].isupper()
            if named or not _goes_on(self.previous, line, self.state, len(form.lines["title"])):
                return False
            form.put("stamps", *stray)
        form.put("title", line)
        self.previous = line
        return True

    def _before_title(self, line: TextLine, form: Collector) -> bool:
        if anchors.starts_subject(line.text):
            form.put("title", line)
            self.state, self.previous = "v/v", line
            return True
        if _is_opening(line.text) or len(line.text) > 75:
            return False
        form.put("stamps" if _STAMPED.search(line.text) else "furniture", line)
        return True

    def _is_beside(self, line: TextLine) -> bool:
        """Whether the line stands wholly left of a centred title: part of a stamp, if it is no heading of the body."""
        left = self.axis is not None and line.box is not None and line.box.x1 < self.axis
        return left and not _ENUMERATED.match(line.text)


def _read_title(lines: list[TextLine], start: int, form: Collector) -> int:
    """Tên loại, trích yếu, Kính gửi and marks below the letterhead; returns where the body begins."""
    stamped = bool(form.lines.get("stamps")) or any(_STAMPED.search(line.text) for line in lines[start : start + 12])
    state: Literal["open", "v/v"] = "v/v" if form.lines.get("title") else "open"
    title = _Title(state, stamped, _own_names(form), previous=form.last("title"))
    i = start
    while i < min(len(lines), start + HEAD_LINES) and lines[i].page == lines[start].page:
        if len(lines[i].text) > MAX_LINE:
            break
        if anchors.SENT_TO.match(lines[i].text) or (title.state != "open" and _is_addressee(lines[i])):
            return _read_recipients(lines, i, form)
        if (title.state == "open" and i > start + 12) or not title.take(lines[i], form):
            break
        i += 1
    return _skim_stamps(lines, i, form)


def _is_addressee(line: TextLine) -> bool:
    """Whether an entry of Kính gửi stands there, the words themselves being lost: the body's are not set so far in."""
    return anchors.is_bullet(line.text) and line.box is not None and line.box.x0 > _FAR_IN * line.page_width


def _own_names(form: Collector) -> tuple[str, ...]:
    """How the issuer may call itself where the body begins: its lines in the letterhead, joined from each one on."""
    lines = [line.text for line in form.lines.get("issuer", [])]
    names = (bare(" ".join(lines[i:])) for i in range(len(lines)))
    return tuple(f"{name} " for name in names if len(name) > 5)


def _is_basis(text: str) -> bool:
    """'Căn cứ …': the body has begun, and what looks like a place and date is a law's."""
    return bool(regex.match(r"^\W{0,3}Căn cứ ", text))


@cache
def _openings() -> tuple[str, ...]:
    return tuple(f"{bare(phrase)} " for phrase in load("openings")["phrases"])


def _is_opening(text: str) -> bool:
    """Whether the line begins as bodies do: 'Căn cứ …', 'Thực hiện …', '1. …'."""
    first = regex.search(r"\p{L}", text)
    worded = bool(first) and first is not None and first.group().isupper() and bare(text).startswith(_openings())
    return worded or bool(_ENUMERATED.match(text))


def _leading_mark(line: TextLine) -> tuple[TextLine, TextLine] | None:
    """An urgency mark stamped beside the title and read into its line: 'HỎA TỐC | KẾ HOẠCH'."""
    for size in (1, 2, 3):
        pieces = cut_at_words(line, [size])
        if len(pieces) == 2 and anchors.mark_of(pieces[0].text) and anchors.type_of_title(pieces[1].text):
            return pieces[0], pieces[1]
    return None


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
    if state == "titled" and anchors.is_bullet(line.text):
        return False
    # A subject may be set in capitals; so is the body's 'BỘ TRƯỞNG BỘ TÀI CHÍNH', but that does not say what about.
    shouted = is_capitals(line.text) and len(line.text) > 12 and not bare(line.text).startswith(("ve ", "cua "))
    said = previous.text if previous else ""
    if (
        is_capitals(line.text)
        and is_capitals(said)
        and (bare(said).startswith("ve ") or anchors.type_and_subject(said))
    ):
        shouted = opening = False
    else:
        opening = shouted or _is_opening(line.text)
    if previous is None:
        return not opening
    if state == "titled" and anchors.type_of_title(previous.text):
        # 'BỘ TRƯỞNG BỘ TÀI CHÍNH' decides; other capitals below a title say what about.
        return not names_signer(line.text) if shouted else not opening and not _is_text(previous.text, line)
    return _is_near(previous, line, state, taken, opening) and not (shouted and line.box)


def _is_near(previous: TextLine, line: TextLine, state: str, taken: int, opening: bool) -> bool:
    """Whether ``line`` stands so close below the subject's last line, and looks so much like it, that it goes on."""
    if is_capitals(previous.text) and not is_capitals(line.text) and line.text[:1].isupper():
        return anchors.starts_subject(line.text)
    if not (previous.box and line.box):
        another_block = previous.block != line.block and line.text[:1].isupper()
        return not opening and taken < 9 and not another_block
    apart = line.box.y_center - previous.box.y_center
    if apart > _SUBJECT_GAP * line.page_width or (state == "v/v" and _is_right(line)):
        return False
    return not (opening and apart > 0.85 * _SUBJECT_GAP * line.page_width)


def _is_text(title: str, line: TextLine) -> bool:
    """Whether the line below the title of a type that has no subject is the body's first: it is long, or a sentence."""
    found = anchors.type_of_title(title)
    if found is None or found[0] not in load("openings")["untitled"]:
        return False
    wide = line.box is not None and line.box.width > 0.6 * line.page_width
    return wide or len(line.text) > 75 or bool(regex.search(r"[.:,]$", line.text))


def _skim_stamps(lines: list[TextLine], start: int, form: Collector) -> int:
    """Takes an incoming stamp off the first lines below the title, where it is stamped beside or over them."""
    window = range(start, min(start + 9, len(lines)))
    last = max((i for i in window if _STAMPED.search(lines[i].text[:40]) and lines[i].box), default=-1)
    for i in range(start, last + 1):
        line = lines[i]
        gaps = [k for k in wide_gaps(line, 1.2) if (box := line.words[k].box) and 0.2 < box.x0 / line.page_width < 0.5]
        pieces = cut_at_words(line, gaps[:1])
        if _is_opening(line.text):
            return i
        if line.box and line.box.x1 < 0.48 * line.page_width:
            form.put("stamps", line)
        elif len(pieces) == 2 and _STAMPED.search(pieces[0].text):
            form.put("stamps", pieces[0])
            form.put("body", pieces[1])
        else:
            return i
    return max(start, last + 1)


# --- Kính gửi -----------------------------------------------------------------------------------------------


def _read_recipients(lines: list[TextLine], start: int, form: Collector) -> int:
    """Kính gửi and its list; returns where the body begins."""
    form.put("recipients", lines[start])
    listed = False
    for i in range(start + 1, min(len(lines), start + 60)):
        line, previous = lines[i], lines[i - 1]
        if len(line.text) > MAX_LINE:
            return i
        said = anchors.SENT_TO.sub("", previous.text).strip()
        if anchors.is_bullet(line.text):
            if said and not listed and not anchors.is_bullet(said) and said[-1] == ".":
                return i
            listed = True
        elif said and _is_body_after(previous, line, said[-1], listed):
            return i
        dated = anchors.is_place_date(line.text) and not form.lines.get("place_date")
        form.put("place_date" if dated else "recipients", line)
    return min(len(lines), start + 60)


def _is_body_after(previous: TextLine, line: TextLine, end: str, listed: bool) -> bool:
    """Whether ``line`` is the body's first, after an entry of Kính gửi that ended with the character ``end``."""
    if (end in ".;" and not regex.match(r"\p{Ll}|\(", line.text)) or _is_opening(line.text):
        return True
    if previous.box and line.box:
        apart = line.box.y_center - previous.box.y_center
        full = line.box.x0 < 0.26 * line.page_width and line.box.x1 > 0.8 * line.page_width
        return apart > _SUBJECT_GAP * line.page_width or full
    return not regex.match(r"\p{Ll}|\(", line.text) and (line.block != previous.block or not listed)
