"""First pages of dispatches of an office, with the role of every piece of their heads.

A page is placed line by line as a word processor would, then read as OCR reads: now and then with a letter confused, a
label lost, two columns in one line, specks and stamps between. What a form says comes from texts that are given.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from training.zones import offices
from training.zones.offices import Office
from vndoc.page import Block, Box, Line, Method, Page, Word, page_from_text
from vndoc.parse.form.weighing import Role
from vndoc.parse.knowledge import load

WIDTH, HEIGHT, DPI = 2480, 3508, 300
_CAPITAL, _SMALL, _BLANK = 0.66, 0.46, 0.25  # widths in type sizes
_BODY_LINES = 7
_SIDE_BY_SIDE = ("issuer", "number", "national", "motto", "date")
_RULES = ("Quyết định", "Nghị quyết", "Thông tư", "Nghị định")
_PARTS = ("I. MỤC ĐÍCH, YÊU CẦU", "Phần I", "I. TÌNH HÌNH CHUNG", "1. Mục đích", "Điều 1. Phạm vi điều chỉnh")
_ADDRESSEES = (
    "Các sở, ban, ngành tỉnh", "UBND các xã, phường", "Các đơn vị trực thuộc", "Văn phòng UBND tỉnh",
    "Chủ tịch UBND các xã, phường, đặc khu", "Ông Nguyễn Văn An, Chủ tịch Hội đồng quản trị", "Bộ Y tế", "Sở Nội vụ",
    "Hiệu trưởng các trường THPT, trường trực thuộc", "Các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ",
)  # fmt: skip
_REMARKS = ("(Sau đây gọi chung là thủ trưởng các đơn vị)", "(gọi chung là các đơn vị)")
_STAMP = (
    "VĂN PHÒNG", "ĐẾN Số: ........", "Ngày: ..../..../....", "Chuyển: ......", "Lưu hồ sơ số: ...", "CÔNG VĂN ĐẾN",
    "Số và ký hiệu", "ĐẾN",
)  # fmt: skip
_URGENT = ("HỎA TỐC", "KHẨN", "THƯỢNG KHẨN", "MẬT")
_ABOVE = ("1", "BM-01/QT-VP", "Mẫu 1.2", "qy 0/", "Trang 1", "QT.HC.04")
_SPECKS = "abcđeghiklmnoprstuvxyý0123456789.,:;/()-…"
_CITED = ("QĐ-TTg", "NĐ-CP", "UBND-KT", "KH-UBND", "TT-BYT")

Rows = list[list[tuple[str, Role]]]
"""For every line its pieces with their roles."""


@dataclass(slots=True, frozen=True)
class Texts:
    """What forms are about, and paragraphs for their bodies."""

    subjects: Sequence[str]
    paragraphs: Sequence[str]


@dataclass(slots=True)
class _Placed:
    text: str
    role: Role
    x: float
    y: float
    em: float
    confidence: float = 0.96
    right: float | None = None
    """Where a justified line ends."""


@dataclass(slots=True)
class _Sheet:
    """A page being set, from top to bottom."""

    office: Office
    rng: random.Random
    texts: Texts
    y: float = 0.0
    lines: list[_Placed] = field(default_factory=list)

    @property
    def pitch(self) -> float:
        return self.office.pitch * self.office.em

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def put(self, text: str, role: Role, x: float, y: float, em: float, confidence: float = 0.96) -> None:
        self.lines.append(_Placed(text, role, x, y, em, confidence))

    def centred(self, text: str, role: Role, axis: float, y: float, size: float = 1.0) -> None:
        """A line about an axis (share of the width), read as OCR reads."""
        em, read = self.office.em * size, misread(text, self.office.noise, self.rng)
        self.put(read, role, axis * WIDTH - width(read, em) / 2 + self.rng.gauss(0, 6), y, em)

    def column(self, texts: Sequence[str], role: Role, axis: float, y: float, size: float, room: float) -> float:
        """Centred lines, wrapped where they are wider than ``room``; returns where the next would be."""
        for text in texts:
            for part in wrapped(text, room * WIDTH, self.office.em * size):
                self.centred(part, role, axis, y, size)
                y += self.pitch * size
        return y


def form(office: Office, texts: Texts, seed: int) -> tuple[Page, Rows]:
    """A page of an office and the roles of its lines; the same seed gives the same page."""
    rng = random.Random(seed)
    sheet = _Sheet(office, rng, texts, y=rng.uniform(150, 420))
    letter = sheet.chance(0.45)
    types = [entry["name"] for entry in load("document_types")["types"] if entry["name"] != "Công văn"]
    kind = rng.choice(types[:30] if sheet.chance(0.8) else types)
    subject = _subject(sheet)
    if sheet.chance(office.specks):
        sheet.put(rng.choice(_ABOVE), "furniture", rng.uniform(0.1, 0.8) * WIDTH, sheet.y - 100, office.em * 0.8)
    _letterhead(sheet, kind, letter, subject)
    if sheet.chance(office.stamps):
        _stamp(sheet)
    sheet.y += sheet.pitch * office.gap * rng.uniform(0.8, 1.2)
    if letter:
        _addressees(sheet)
    else:
        _title(sheet, kind, subject)
    sheet.y += sheet.pitch * rng.choice([0.3, 0.6, 1])
    _body(sheet, kind, letter)
    if sheet.chance(office.specks):
        _speck(sheet)
    sheet.lines.sort(key=lambda line: line.y)
    return _as_text(sheet) if office.text else _as_page(sheet)


def _subject(sheet: _Sheet) -> str:
    rng, subject = sheet.rng, sheet.rng.choice(sheet.texts.subjects)
    if sheet.chance(0.25):
        day = f"ngày {rng.randint(1, 28)} tháng {rng.randint(1, 12)} năm {rng.randint(2008, 2025)}"
        cited = f"{rng.randint(1, 3000)}/{rng.choice(_CITED)} {day} của Thủ tướng Chính phủ về {subject}"
        subject = rng.choice(["bãi bỏ toàn bộ Quyết định số ", "thực hiện Nghị định số ", "góp ý Thông tư số "]) + cited
    if sheet.chance(0.15):
        subject += rng.choice([" giai đoạn 2021 - 2025", " năm 2024", " (lần 2)", f" tỉnh {offices.place(rng)}"])
    return subject


def _letterhead(sheet: _Sheet, kind: str, letter: bool, subject: str) -> None:
    """Issuer and number at the left, national title, place and date at the right, the subject of a letter."""
    office, rng, pitch = sheet.office, sheet.rng, sheet.pitch
    above, own = office.names
    left = sheet.column(above, "issuer", office.left, sheet.y + pitch * rng.choice([0, 0, 0.3, -0.3]), 0.92, 0.36)
    left = sheet.column(own, "issuer", office.left, left, 0.95, 0.36)
    titles = {title["group"]: title for title in load("marks")["national_titles"]}
    title = titles["party" if office.party else "state"]
    right = sheet.column([title["name"]], "national", office.right, sheet.y, 0.92, 0.6)
    if title["motto"]:
        right = sheet.column([title["motto"]], "motto", office.right, right, 0.95, 0.6)
    at = max(left, right) if office.date_row == "same" else left
    below = _number(sheet, at + pitch * rng.uniform(0.2, 0.7), kind, letter)
    day = {"same": below - pitch, "above": max(right, below - pitch * 1.6), "below": below - pitch * 0.4}
    sheet.y = max(below, _date(sheet, day[office.date_row]))
    if letter:
        lead = office.about or ("" if office.party else "V/v ")
        room = rng.choice([0.28, 0.33, 0.36])
        about = sheet.column([lead + subject], "about", office.left, below + pitch * rng.uniform(-0.1, 0.5), 0.85, room)
        sheet.y = max(sheet.y, about)


def _number(sheet: _Sheet, y: float, kind: str, letter: bool) -> float:
    office, rng = sheet.office, sheet.rng
    sign = "-" if office.party else "/"
    short = "".join(word[0] for word in kind.split()).upper()
    forms = [office.code, f"{office.code}-VP"] if letter else [f"{short}-{office.code}", f"2024/{short}-{office.code}"]
    code = f"{'CV' if letter else short}/{office.code}" if office.party else rng.choice(forms)
    digits = rng.choice(["", "  ", "12", "345", "1024", "0", "07"])
    if sheet.chance(0.04):
        sheet.centred("Số:", "number", office.left, y)
        sheet.centred(f"{digits}{sign}{code}", "number", office.left, y + 0.4 * sheet.pitch)
        return y + 1.4 * sheet.pitch
    sheet.centred(f"{office.number}{digits}{rng.choice(['', ' '])}{sign}{code}", "number", office.left, y)
    return y + sheet.pitch


def _date(sheet: _Sheet, y: float) -> float:
    """Place and date, now and then on two lines, or unread."""
    rng, right = sheet.rng, sheet.office.right
    year = rng.choice(["2012", "2017", "2023", "2024", "2025"])
    head = f"{sheet.office.place}, ngày {rng.choice(['', '05', '3', '12', '28', '4t', 'đ'])}".rstrip()
    tail = f"tháng {rng.choice(['01', '4', '11'])} năm {year}"
    if sheet.chance(0.03):
        sheet.centred(head, "date", right, y)
        y += sheet.pitch
        sheet.centred(tail, "date", right, y)
    elif sheet.chance(0.97):
        sheet.centred(f"{head} {tail}", "date", right, y)
    return y + sheet.pitch


def _stamp(sheet: _Sheet) -> None:
    """An urgency mark, the stamp of who received it, or a portal's, at the left between letterhead and title."""
    rng, em = sheet.rng, sheet.office.em
    x, y = rng.uniform(0.06, 0.2) * WIDTH, sheet.y + rng.uniform(-1, 0.8) * sheet.pitch
    which = rng.choice(["urgent", "office", "office", "portal", "written"])
    if which == "urgent":
        sheet.put(rng.choice(_URGENT), "stamp", x, y, em)
    elif which == "portal":
        sheet.put("CỔNG THÔNG TIN ĐIỆN TỬ CHÍNH PHỦ", "stamp", x, y, em * 0.7, 0.6)
    elif which == "written":
        sheet.put(rng.choice(["0044", "52", "ý", "A 9", ".:,", "°"]), "furniture", x, y, em * 0.6, 0.4)
    else:
        for k, text in enumerate(rng.sample(_STAMP, rng.randint(2, 4))):
            row = y + k * 0.8 * sheet.pitch
            sheet.put(text, "stamp", x + rng.uniform(-20, 20), row, em * 0.75, rng.choice([0.4, 0.7, 0.9]))


def _title(sheet: _Sheet, kind: str, subject: str) -> None:
    office, rng, lead = sheet.office, sheet.rng, sheet.office.subject
    sent = rng.choice(["before", "behind", *["nobody"] * 6])
    if sent == "before":
        _addressees(sheet)
        sheet.y += 0.5 * sheet.pitch
    by = f" CỦA {' '.join(office.names[1])[:40]}" if sheet.chance(0.05) else ""
    sheet.centred(kind.upper() + by, "type", office.axis, sheet.y, rng.choice([1, 1.1, 1.3]))
    sheet.y += sheet.pitch * rng.uniform(0.95, 1.2)
    text = f"{lead}{subject if lead else subject[0].upper() + subject[1:]}{')' if lead.startswith('(') else ''}"
    if sheet.chance(0.94):
        shown = [text.upper() if office.capital_subject else text]
        sheet.y = sheet.column(shown, "subject", office.axis, sheet.y, 1.0, office.filled)
    sheet.y += sheet.pitch * rng.choice([0.4, 0.8, 1.4])
    if sent == "behind":
        _addressees(sheet)


def _addressees(sheet: _Sheet) -> None:
    office, rng = sheet.office, sheet.rng
    if office.sent == "one":
        for k, part in enumerate(
            wrapped(f"Kính gửi: {rng.choice(_ADDRESSEES)}{rng.choice(['.', ''])}", 1500, office.em)
        ):
            sheet.centred(part, "addressees" if k else "sent to", office.axis + rng.uniform(-0.02, 0.04), sheet.y)
            sheet.y += sheet.pitch
    else:
        _list_of_addressees(sheet)
    if sheet.chance(0.12):
        sheet.centred(rng.choice(_REMARKS), "body", office.axis, sheet.y)
        sheet.y += sheet.pitch


def _list_of_addressees(sheet: _Sheet) -> None:
    office, rng = sheet.office, sheet.rng
    x = rng.uniform(0.34, 0.42) * WIDTH
    entries = rng.sample(_ADDRESSEES, rng.randint(2, 6))
    ended = [*(entry + ";" for entry in entries[:-1]), entries[-1] + "."]
    parts = [wrapped(entry, office.margins[1] * WIDTH - x - 80, office.em) for entry in ended]
    rows = [f"- {part}" if not k and office.sent == "dash" else part for entry in parts for k, part in enumerate(entry)]
    label = rng.choice(["Kính gửi:", "Kính gửi:", "Kính gởi:", "Kính gửi"])
    beside = [rows.pop(0)] if sheet.chance(0.4) else []
    sheet.put(" ".join([label, *beside]), "sent to", x - width("Kính gửi: ", office.em), sheet.y, office.em)
    for row in rows:
        sheet.y += sheet.pitch
        sheet.put(misread(row, office.noise * 0.6, rng), "addressees", x, sheet.y, office.em)
    sheet.y += sheet.pitch


def _body(sheet: _Sheet, kind: str, letter: bool) -> None:
    """Who decides, or a heading, and the first lines of the body."""
    office, rng = sheet.office, sheet.rng
    begun = len(sheet.lines)
    rules = not letter and (kind in _RULES or sheet.chance(0.25))
    texts = [rng.choice(sheet.texts.paragraphs) for _ in range(3)]
    if rules and office.authority is not None:
        name = f"{office.authority} {' '.join(office.names[1])}".strip().upper()
        sheet.y = sheet.column([name], "body", office.axis, sheet.y, 1.0, 0.6) + 0.3 * sheet.pitch
    if rules:
        bases = (
            "Luật ",
            "Nghị định số 12/2021/NĐ-CP ngày 03 tháng 2 năm 2021 của Chính phủ ",
            "Quyết định số 8/QĐ-UBND ",
        )
        lead = rng.choice(["Căn cứ ", "- Căn cứ "])
        texts = [f"{lead}{rng.choice(bases)}{rng.choice(sheet.texts.subjects)};" for _ in range(3)]
    elif not letter and sheet.chance(0.3):
        texts.insert(0, rng.choice(_PARTS))
    elif sheet.chance(0.6):
        opening = rng.choice([phrase for phrase in load("openings")["phrases"] if phrase[0].isupper()])
        texts[0] = f"{opening} {texts[0][0].lower()}{texts[0][1:]}"
    for text in texts:
        _paragraph(sheet, text)
        if len(sheet.lines) - begun >= _BODY_LINES:
            break


def _paragraph(sheet: _Sheet, text: str) -> None:
    """A justified paragraph, of which the first lines count."""
    left, right = (edge * WIDTH for edge in sheet.office.margins)
    indent = sheet.office.indent * WIDTH
    rows = wrapped(text, right - left, sheet.office.em, indent)
    for k, row in enumerate(rows[:4]):
        end = right if k + 1 < len(rows) else None
        sheet.lines.append(_Placed(row, "body", left + (0 if k else indent), sheet.y, sheet.office.em, right=end))
        sheet.y += sheet.pitch
    sheet.y += sheet.pitch * sheet.rng.choice([0, 0.1, 0.3])


def _speck(sheet: _Sheet) -> None:
    """Strokes of a pen or dirt somewhere in the head, read as letters."""
    rng = sheet.rng
    near = rng.choice(sheet.lines[:-3])
    read = "".join(rng.choice(_SPECKS) for _ in range(rng.choice([1, 2, 2, 3, 5, 8])))
    y, em = near.y + near.em * rng.uniform(0.5, 0.9), near.em * rng.uniform(0.5, 1)
    sheet.put(read, "furniture", rng.uniform(0.05, 0.85) * WIDTH, y, em, rng.choice([0.2, 0.3, 0.45]))


# --- what OCR makes of it -----------------------------------------------------------------------------------


def width(text: str, em: float) -> float:
    """Width of a text in a type of size ``em``, about."""
    return sum(_CAPITAL if c.isupper() else _BLANK if c == " " else _SMALL for c in text) * em


def wrapped(text: str, room: float, em: float, indent: float = 0.0) -> list[str]:
    """The lines that a text takes where there is ``room`` for each, the first indented."""
    rows: list[str] = []
    row = ""
    for word in text.split():
        longer = f"{row} {word}".strip()
        if row and width(longer, em) > room - (0 if rows else indent):
            rows.append(row)
            row = word
        else:
            row = longer
    return [*rows, row] if row else rows


def misread(text: str, share: float, rng: random.Random) -> str:
    """The text as read: in this share of cases with letters confused, or a speck in front of it."""
    if rng.random() >= share or len(text) < 4:
        return text
    data = load("confusions")
    pairs = [*data["letters"], *(data["capitals"] if text.isupper() else []), *data["groups"]]
    for _ in range(rng.choice([1, 1, 2, 4])):
        one, other = rng.choice([pair for pair in pairs if pair[0] in text.lower()] or [("", "")])
        shown = other.upper() if text.isupper() else other
        text = text.replace(one.upper() if text.isupper() else one, shown, 1) if one else text
    return rng.choice([". ", ", ", "- ", "j "]) + text if rng.random() < 0.1 else text


def _as_page(sheet: _Sheet) -> tuple[Page, Rows]:
    """The lines with boxes; two columns on one height are now and then one line."""
    skew = sheet.rng.gauss(0, 0.002)
    blocks, rows = [], Rows()
    for group in _grouped(sheet):
        words = tuple(word for line in group for word in _words(line, skew, sheet.rng))
        blocks.append(Block((Line(words),)))
        rows.append([(" ".join(line.text.split()), line.role) for line in group])
    return Page(1, tuple(blocks), WIDTH, HEIGHT, DPI, method=Method.OCR), rows


def _grouped(sheet: _Sheet) -> Iterator[list[_Placed]]:
    left = list(sheet.lines)
    while left:
        first = left.pop(0)
        group = [first]
        if first.role in _SIDE_BY_SIDE and sheet.chance(sheet.office.joined):
            beside = [line for line in left[:2] if line.role in _SIDE_BY_SIDE and _is_beside(first, line)]
            for line in beside[:1]:
                left.remove(line)
                group.append(line)
        yield sorted(group, key=lambda line: line.x)


def _is_beside(one: _Placed, other: _Placed) -> bool:
    a, b = sorted((one, other), key=lambda line: line.x)
    return abs(a.y - b.y) < 20 and b.x > a.x + width(a.text, a.em) + 30


def _words(line: _Placed, skew: float, rng: random.Random) -> Iterator[Word]:
    texts = line.text.split()
    widths = [width(text, line.em) for text in texts]
    blank = _BLANK * line.em
    if line.right and len(texts) > 1:
        blank = max(0.2 * line.em, (line.right - line.x - sum(widths)) / (len(texts) - 1))
    x = line.x
    for text, wide in zip(texts, widths, strict=True):
        y = line.y + skew * (x - WIDTH / 2)
        sure = min(1.0, max(0.05, rng.gauss(line.confidence, 0.03)))
        yield Word(text, Box(int(x), int(y - 0.72 * line.em), int(x + wide), int(y)), sure)
        x += wide + blank


def _as_text(sheet: _Sheet) -> tuple[Page, Rows]:
    """The lines as a web page gives them: without boxes, column by column or row by row, paragraphs on one line."""
    side: Callable[[_Placed, tuple[str, ...]], bool] = lambda line, roles: line.role in roles  # noqa: E731
    left = [line for line in sheet.lines if side(line, ("issuer", "number", "about"))]
    right = [line for line in sheet.lines if side(line, ("national", "motto", "date"))]
    head = [line for line in sheet.lines if line in left or line in right]
    rows: Rows = []
    texts: list[str] = []

    def add(*lines: _Placed) -> None:
        rows.append([(" ".join(line.text.split()), line.role) for line in lines])
        texts.append("  ".join(line.text for line in lines))

    if sheet.office.text == "joined":
        for k in range(max(len(left), len(right))):
            pair = [*left[k : k + 1], *right[k : k + 1]]
            for group in [pair] if len(pair) == 2 and pair[0].role != "about" else [[line] for line in pair]:
                add(*group)
    else:
        for line in [*left, *right] if sheet.office.text == "columns" else head:
            add(line)
    for paragraph in _paragraphs([line for line in sheet.lines if line not in head], sheet.chance(0.5)):
        if texts and sheet.chance(0.3 if rows[-1][0][1] == paragraph.role else 0.7):
            texts.append("")
        add(paragraph)
    return page_from_text("\n".join(texts)), rows


def _paragraphs(lines: Sequence[_Placed], unwrapped: bool) -> list[_Placed]:
    """Lines of subject and body put together to paragraphs, if ``unwrapped``."""
    found: list[_Placed] = []
    for line in lines:
        before = found[-1] if found else None
        goes_on = before and before.role == line.role and (line.role == "subject" or before.right)
        if unwrapped and before and goes_on and line.role in ("subject", "body"):
            found[-1] = _Placed(f"{before.text} {line.text}", line.role, 0, before.y, line.em, right=line.right)
        else:
            found.append(line)
    return found
