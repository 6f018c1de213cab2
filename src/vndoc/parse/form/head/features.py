"""What a line of the head shows of its zone: its words, its letters and its place on the page, as features of 0 to 1.

Every feature holds for any office; what each is worth for a role is in ``data/zones.json``. A line of plain text has
no place, and the features of place are then all 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import regex
from rapidfuzz import fuzz

from vndoc.page import Box
from vndoc.parse.evidence import word_confidence
from vndoc.parse.form import anchors
from vndoc.parse.form.foot.signing import names_signer, positions
from vndoc.parse.form.stamps.arrival import is_heading
from vndoc.parse.knowledge import bare, is_capitals, load
from vndoc.parse.lines import TextLine

Features = dict[str, float]

_ABOUT = regex.compile(
    r"^\W{0,2}V(?:\W{0,3}[/⁄\\íìỉil|!1]*\W{0,2}[vwu]\b|\p{L}{0,2}\s?vi[ệêeẹ]c\b|[ềê]\s(?-i:\p{Ll}))", regex.I
)
"""'V/v' and 'Về việc' with what OCR makes of them: 'V⁄w', 'VW', 'Và việc'."""
_FIRST_HALF = regex.compile(
    r"(?<!\p{L})ng[àaâáạ]y\W{0,3}[\d.…_]{0,6}\W{0,3}(?:th[áaâ]ng\s?(?:\d{1,2})?\W{0,2}(?:n[ăa]m)?)?$", regex.I
)
_SECOND_HALF = regex.compile(
    r"^\W{0,3}(?:\d{1,2}\s)?th[áaâ]ng\s.{0,6}\sn[ăa]m\W{0,3}\d{2,4}\W{0,2}$|^\W{0,3}n[ăa]m\s\d{4}\W{0,2}$", regex.I
)
"""A date that is broken over two lines."""
_NOTATION = regex.compile(
    r"^(?=.*[/⁄\d]|\W{0,2}[-–])\W{0,3}(?:[\w:.]{1,4}\s)?[\w:.…]{0,6}\s?"
    r"(?:[/⁄-](?:(?:19|20)\d\d[/⁄])?\s?\p{Lu}{1,6}|(?<!\p{L})\p{Lu}{2,6}(?:\s?[/⁄]\s?|-)\p{Lu})"
    r"[\p{L}\d&./⁄-]{0,24}$"
)
_NUMBER_LABEL = regex.compile(r"^\W{0,3}S[ốôóoỐÔỎ6]\s?[:.]?[\s\d/⁄.…_-]{0,12}(?:(?<=\d\s?[-–]\s?)\p{Lu}\p{L}{1,4})?$")
_STAMPED = regex.compile(r"\b(?:ĐẾN|ĐỀN|ĐÉN|Chuy[ểê]n|CV)\b|\.{4,}")
_PORTAL = "thong tin dien tu"  # the portals of offices, which stamp what they publish
_ENUMERATED = regex.compile(r"^\W{0,3}(?:[IVX]{1,4}\s?[.-]|\d{1,2}[.-]\s)")
_BASIS = regex.compile(r"^\W{0,3}(?:C[ăa]n\W?c[ứưu]|Theo đề nghị|Xét đề nghị)(?!\p{L})")
_ENDS, _GOES_ON = frozenset(".;:"), frozenset(":;,")
_LETTER, _SMALL, _GOING_ON = regex.compile(r"\p{L}"), regex.compile(r"\W{0,2}\p{Ll}"), regex.compile(r"\W?\p{Ll}|\(")
_SENTENCE = regex.compile(r"[.:;,]$")
_CITED = 0.4  # 'số 12/KH-UBND', without a capital or colon
_WIDE, _EDGE, _LINES = 0.6, 0.018, 4
"""Shares of the page width from which a line is wide, and within which two edges are one; lines that make a column."""
_HEAD = 40  # lines within which a title stands
_FAR_IN = 0.34  # share of the page width from which entries of Kính gửi are set
_HARDLY = 0.55  # mean confidence of words that are hardly read
_ON_AXIS = 0.6  # how near the axis a heading is
_SHORT, _LONG, _OVERLONG = 25, 75, 120

_ROW = 8.3 / 210
"""Share of the page width (8.3 mm on A4): more than this between two lines, and they are not of one paragraph."""


@dataclass(slots=True, frozen=True)
class PageFrame:
    """What the lines of a page have in common: where its middle and its edges are."""

    page: int
    axis: float
    """Where centred lines have their middle, in pixels."""
    left: float = 0.0
    """Left edge of the column of text in pixels."""
    right: float = 0.0
    """Right edge of the column of text in pixels; 0 where the page has none."""
    titled: bool = False
    """Whether the axis is that of a title."""
    top: float | None = None
    """Upper edge of the national title in pixels."""
    date: float | None = None
    """Lower edge of place and date in pixels."""
    party: bool = False
    """Whether it is a paper of the Party, whose letters have no 'V/v'."""
    dated: bool = False
    """Whether place and date stand on one line, so that no half of a date is looked for."""
    names: tuple[str, ...] = ()
    """Beginnings of what the issuer calls itself, in bare letters, each with a blank behind it."""


def frame_of(lines: Sequence[TextLine], letterhead: Sequence[TextLine]) -> PageFrame:
    """The frame of a page by its lines, and by the pieces of the first ones, cut into columns."""
    width = lines[0].page_width if lines else 0
    titles = [box for piece in letterhead if (box := piece.box) and anchors.is_national_title(piece.text)]
    dates = [box for piece in letterhead if (box := piece.box) and anchors.is_place_date(piece.text)]
    named = [box for line in lines[:_HEAD] if (box := line.box) and _likeness_of_type(line.text) > 0.6]
    centred = [box.x_center for box in named if 0.4 * width < box.x_center < 0.65 * width]
    wide = [box for line in lines if (box := line.box) and box.width > _WIDE * width]
    edges = sorted(box.x0 for box in wide), sorted(box.x1 for box in wide)
    return PageFrame(
        page=lines[0].page if lines else 1,
        axis=centred[0] if centred else 0.52 * width,
        left=edges[0][len(wide) // 4] if len(wide) >= _LINES else 0.0,
        right=edges[1][len(wide) * 3 // 4] if len(wide) >= _LINES else 0.0,
        titled=bool(centred),
        top=titles[0].y0 - 2 * titles[0].height if titles else None,
        date=dates[0].y1 if dates and dates[0].x_center > 0.5 * width else None,
        party=any(anchors.is_party_title(piece.text) for piece in letterhead),
        dated=any(anchors.is_place_date(piece.text) for piece in letterhead),
        names=_names(letterhead),
    )


def _names(lines: Sequence[TextLine]) -> tuple[str, ...]:
    """The lines of the letterhead that open with a kind of body, each alone and with the next."""
    names = []
    for i, line in enumerate(lines):
        if opens_organ(line.text):
            names += [line.text, " ".join(other.text for other in lines[i : i + 2])]
    return tuple(f"{bare(name)} " for name in names if len(name) > 5)


def features_of(piece: TextLine, frame: PageFrame) -> Features:
    """The features of one line or piece of a line; those that are 0 are left out."""
    found = {"next page": float(piece.page != frame.page)}
    found |= {"own name": float(bare(piece.text).startswith(frame.names) and not anchors.is_bullet(piece.text))}
    found["half date"] = float(not frame.dated and (is_half_date(piece.text) or bool(_SECOND_HALF.match(piece.text))))
    found |= _words(piece.text) | (_place(piece, box, frame) if (box := piece.box) else {"unplaced": 1.0})
    if found.get("centred", 0.0) > _ON_AXIS and not found["wide"]:
        found["own name"] = 0.0  # a body begins with it, but as a paragraph does
    return {name: value for name, value in found.items() if value}


def _words(text: str) -> Features:
    """What the letters say."""
    letters = sum(c.isalpha() for c in text)
    capitals, organ = is_capitals(text, 0.7), opens_organ(text)
    return {
        "always": 1.0,
        "national": _national(text) if letters > 8 else 0.0,
        "motto": _motto(text) if letters > 4 and not capitals else 0.0,
        "number": anchors.is_number_line(text) * (_CITED if _SMALL.match(text) and ":" not in text[:6] else 1.0),
        "number label": float(is_bare_number(text)),
        "notation": float(bool(_NOTATION.match(text))),
        "date": float(anchors.is_place_date(text)),
        "about": _about(text),
        "type": _likeness_of_type(text),
        "type and subject": float(anchors.type_and_subject(text) is not None),
        "sent to": float(bool(anchors.SENT_TO.match(text))),
        "bullet": float(anchors.is_bullet(text)),
        "mark": float(anchors.mark_of(text) is not None),
        "stamped": float(is_stamped(text) and not _NOTATION.match(text)),  # 'CV' is a word of stamps and a type
        "basis": float(bool(_BASIS.match(text))),
        "opening": float(is_opening(text)),
        "numbered": float(bool(_ENUMERATED.match(text))),
        "list of places": float(anchors.is_to_places(text)),
        "signer": float(capitals and names_signer(text)),
        "body's name": float(organ),
        "unit of place": float(capitals and bare(text).startswith(_units())),
        "capitals": float(capitals and letters > 1),
        "small letters": float(not capitals and letters > 2),
        "small start": float(bool(_SMALL.match(text))),
        "ends sentence": float(bool(_SENTENCE.search(text))),
        "hardly a word": float(letters < 4 and not organ),
        "short": float(len(text) < _SHORT),
        "long": float(len(text) > _LONG),
        "overlong": float(len(text) > _OVERLONG),
    }


def _place(piece: TextLine, box: Box, frame: PageFrame) -> Features:
    """What its place on the page says."""
    width = piece.page_width or 1
    middle, span = box.x_center / width, box.width / width
    off = abs(box.x_center - frame.axis) / width
    wide = span > _WIDE
    to_the_right = wide and abs(box.x1 - frame.right) < _EDGE * width
    return {
        "left": float(middle < 0.46 and box.x1 < 0.56 * width),
        "right": float(middle > 0.55 and box.x0 > 0.36 * width),
        "centred": max(0.0, 1 - off / 0.05) if span < 0.8 else max(0.0, 0.5 - off / 0.1),
        "wide": float(wide),
        "fills the column": float(to_the_right and abs(box.x0 - frame.left) < _EDGE * width),
        "indented": float(to_the_right and _EDGE * width < box.x0 - frame.left < 0.12 * width),
        "at the margin": float(box.x1 < 0.36 * width and box.x0 < 0.12 * width),
        "dashed far in": float(box.x0 > _FAR_IN * width and anchors.is_bullet(piece.text)),
        "beside": float(frame.titled and box.x1 < frame.axis),
        "hardly read": float(word_confidence(piece.words) < _HARDLY),
        "far in": float(box.x0 > _FAR_IN * width),
        "above the title": float(frame.top is not None and box.y1 < frame.top),
        "below the date": float(frame.date is not None and box.y0 > frame.date),
        "low": float(box.y0 > 0.5 * piece.page_height),
    }


def relation(before: TextLine | None, piece: TextLine, frame: PageFrame) -> Features:
    """How a piece stands to the last one of its column: near or apart, on one axis, going on in one style."""
    if before is None:
        return {}
    a, b = before.box, piece.box
    ended = before.text.rstrip()[-1:]
    lists = anchors.is_bullet(piece.text) and (ended in _GOES_ON or anchors.is_bullet(before.text)) and ended != "."
    goes_on = ended not in _ENDS and bool(_GOING_ON.match(piece.text))
    turned = is_capitals(before.text) and not is_capitals(piece.text) and not goes_on and not _is_author(before.text)
    shouts = is_capitals(piece.text) and not is_capitals(before.text) and len(bare(piece.text)) > 8
    found = {"turns small": float(turned), "turns large": float(shouts), "open": float(_is_open(before.text))}
    found |= {"party's paper": float(frame.party), "closed": float(ended == "."), "listed": float(ended == ";")}
    found |= {"lists on": float(lists), "goes on": float(goes_on), "unended": float(ended not in _ENDS)}
    found["no subject"] = float(_has_no_subject(before.text) and _is_prose(piece))
    opens = is_opening(piece.text) and not found["open"]
    if a and b and before.page == piece.page:
        apart = b.y_center - a.y_center
        row = _ROW * (piece.page_width or 1)
        found["near"] = float(-0.3 * row < apart <= row)
        found["close"] = float(-0.3 * row < apart <= 0.85 * row)
        found["apart"] = min(1.0, max(0.0, apart / row - 1))
        found["opens"] = float(opens and apart > 0.85 * row)
        found["above"] = float(apart < -0.3 * row)
        found["one axis"] = float(abs(a.x_center - b.x_center) < 0.03 * (piece.page_width or 1))
        found["one edge"] = float(abs(a.x0 - b.x0) < 0.02 * (piece.page_width or 1))
        larger, smaller = max(a.height, b.height), min(a.height, b.height)
        found["other size"] = float(larger > 1.7 * smaller)
    else:
        found["opens"] = float(opens)
        found["new block"] = float(before.block != piece.block)
        found["same block"] = float(before.block == piece.block)
        found["runs on"] = float(before.block == piece.block and ended not in _ENDS and not opens)
    return {name: value for name, value in found.items() if value}


def _is_open(text: str) -> bool:
    """Whether the text cannot end there: with a comma, a dash, a word that joins, or a post."""
    words = text.casefold().split()
    if is_bare_number(text) or is_half_date(text) or f" {bare(text)}".endswith(_posts()):
        return True
    return text.rstrip()[-1:] in {",", "-", "–", "/"} or (bool(words) and words[-1] in _joining())


@cache
def _posts() -> tuple[str, ...]:
    """Posts in bare letters: behind one stands whose it is."""
    return tuple(f" {bare(post)}" for post in positions())


@lru_cache(maxsize=1_000)
def _has_no_subject(text: str) -> bool:
    """Whether the text is the title of a type that the decree prints without a subject: 'GIẤY GIỚI THIỆU'."""
    found = anchors.type_of_title(text)
    return found is not None and found[0] in load("openings")["untitled"]


def _is_prose(piece: TextLine) -> bool:
    """Whether the line is one of a text rather than of a heading: it is wide or long, or ends with a stop."""
    wide = piece.box is not None and piece.box.width > _WIDE * piece.page_width
    return wide or len(piece.text) > _LONG or bool(_SENTENCE.search(piece.text))


def _is_author(text: str) -> bool:
    """Whether the capitals end with whose paper it is, below which the subject is: 'QUYẾT ĐỊNH CỦA BỘ TRƯỞNG …'."""
    joined = anchors.type_and_subject(text)
    return bare(joined[1] if joined else text).startswith("cua ")


def is_half_date(text: str) -> bool:
    """Whether the text breaks off within a date: 'Hà Nội, ngày 27'."""
    return len(text) < _LONG and bool(_FIRST_HALF.search(text))


def is_bare_number(text: str) -> bool:
    """Whether the text is no more than the label of a number, perhaps its digits and type: 'Số:', 'Số 12-KH'."""
    return bool(_NUMBER_LABEL.match(text))


def is_stamped(text: str) -> bool:
    """Whether the text has a word of an incoming stamp, or the dots that are filled by hand."""
    return bool(_STAMPED.search(text)) or is_heading(text) or _PORTAL in bare(text)


def is_opening(text: str) -> bool:
    """Whether the line begins as bodies do: 'Căn cứ …', 'Trong thời gian qua …'."""
    first = _LETTER.search(text)
    if first is None or not first.group().isupper() or (is_capitals(text, 0.9) and not opens_organ(text)):
        return False  # 'TẠI CUỘC HỌP …' goes on a heading, 'BỘ TRƯỞNG …' may open the body
    return f"{bare(text)} ".startswith(_openings())


@cache
def _openings() -> tuple[str, ...]:
    return tuple(f"{bare(phrase)} " for phrase in load("openings")["phrases"])


@cache
def _joining() -> frozenset[str]:
    return frozenset(word for word in load("organs")["joining"] if len(word) > 1)


@cache
def _units() -> tuple[str, ...]:
    return tuple(f"{bare(unit)} " for unit in load("places")["units"])


@cache
def _organ_heads() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(bare(kind).split()) for kind in load("organs")["kinds"])


def opens_organ(text: str) -> bool:
    """Whether a line of capitals begins with a kind of body: 'SỞ …', 'TRƯỜNG ĐẠI HỌC …'."""
    if not is_capitals(text, 0.7) or anchors.is_number_line(text):
        return False
    words, heads = bare(text).split(), _organ_heads()
    return any(tuple(words[:size]) in heads for size in range(1, min(7, len(words)) + 1))


def _likeness_of_type(text: str) -> float:
    """1 for the name of a type as it is spelt, less for what is like one, 0 for what is none."""
    found = anchors.type_of_title(text)
    return 0.0 if found is None else max(0.1, (found[1] - 0.75) / 0.25)


def _about(text: str) -> float:
    """1 for 'V/v' and what is read for it, less for letters that may only be it."""
    if anchors.starts_subject(text) or _ABOUT.match(text):
        return 1.0
    return 0.6 if anchors.ruined_subject_start(text) else 0.0


def _national(text: str) -> float:
    """1 for a national title, less for one that is cut off or hardly legible."""
    if anchors.is_national_title(text):
        return 1.0
    plain = bare(text).replace(" ", "")
    names = (bare(title["name"]).replace(" ", "") for title in load("marks")["national_titles"])
    parts = max(fuzz.partial_ratio(plain, name) / 100 for name in names) if 9 < len(plain) < 40 else 0.0
    return max(0.0, (parts - 0.7) / 0.4)


def _motto(text: str) -> float:
    """1 for the motto, less for a part of it."""
    if anchors.is_motto(text):
        return 1.0
    plain = bare(text)
    parts = (fuzz.partial_ratio(plain, bare(t["motto"])) for t in load("marks")["national_titles"] if t["motto"])
    return max(0.0, (max(parts) / 100 - 0.75) / 0.3) if len(plain) < 30 else 0.0
