"""Lays a :class:`~samples.letter.Letter` out on A4 after Decree 30/2020/NĐ-CP, Appendix I; 36-HD/VPTW for the Party.

The numbers of boxes in the comments are those of the decree's plan (Appendix I, part IV). Text comes out in reading
order: left heading, right heading, title, recipients, body, Nơi nhận, signature.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from samples import ink
from samples.fonts import Fonts, Style
from samples.letter import Letter, Paragraph, Signer
from samples.typeset import (
    HEIGHT,
    WIDTH,
    Line,
    Piece,
    Rule,
    Sheet,
    Sketch,
    Sticker,
    Words,
    set_centred,
    set_justified,
    set_line,
    width_of,
    words_of,
    wrap,
)

MM = 72 / 25.4
TOP, BOTTOM, LEFT, RIGHT = 20 * MM, 20 * MM, 30 * MM, 17 * MM
TEXT_WIDTH = WIDTH - LEFT - RIGHT
LEFT_MIDDLE = LEFT + 0.19 * TEXT_WIDTH  # of boxes 2, 3, 5b
RIGHT_MIDDLE = LEFT + 0.69 * TEXT_WIDTH  # of boxes 1, 4
SIGN_MIDDLE = LEFT + 0.75 * TEXT_WIDTH  # of box 7
INDENT = 12.7 * MM
LEADING = 1.16
GAP = 6.0
SMALL_SEAL = 102.0

Pen = Callable[[str, float], Sketch]
"""Writes digits, so many points tall."""


@dataclass
class Composer:
    """The pages so far and the place of the next line. ``y`` is the top of the free space, in points."""

    letter: Letter
    fonts: Fonts
    pen: Pen = ink.handwriting
    sheets: list[Sheet] = field(default_factory=lambda: [Sheet(1)])
    y: float = TOP

    @property
    def sheet(self) -> Sheet:
        """The page being filled."""
        return self.sheets[-1]

    def turn(self) -> None:
        """Start a new page, with its number in the middle of the top margin."""
        number = len(self.sheets) + 1
        folio = set_centred(words_of(str(number), Style(14)), WIDTH / 2, TOP - 4 * MM, self.fonts)
        self.sheets.append(Sheet(number, folio=folio))
        self.y = TOP

    def fits(self, height: float) -> bool:
        """Whether so much can still stand on this page."""
        return self.y + height <= HEIGHT - BOTTOM

    def baseline(self, size: float) -> float:
        """Claim a line of ``size`` points, on a new page where this one is full."""
        if not self.fits(size * LEADING):
            self.turn()
        self.y += size * LEADING
        return self.y - size * (LEADING - 0.89)

    def centred(self, text: str, style: Style, middle: float = LEFT + TEXT_WIDTH / 2) -> Line:
        """Add one centred line."""
        line = set_centred(words_of(text, style), middle, self.baseline(style.size), self.fonts)
        self.sheet.lines.append(line)
        return line

    def rule(self, middle: float, length: float) -> None:
        """Add a rule under the last line."""
        self.sheet.rules.append(Rule(middle - length / 2, middle + length / 2, self.y + 2))
        self.y += 4

    def stick(self, x: float, y: float, sketch: Sketch) -> None:
        """Put a stamp or a signature on the page, its centre at ``x``, ``y``."""
        self.sheet.stickers.append(Sticker(x, y, sketch))


def compose(letter: Letter, fonts: Fonts | None = None, pen: Pen = ink.handwriting) -> list[Sheet]:
    """Lay out all pages. Raises :class:`~samples.fonts.FontError` when the typeface is missing.

    ``pen`` writes what is filled in by hand.
    """
    page = Composer(letter, fonts or Fonts(), pen)
    _heading(page)
    _title(page)
    _recipients(page)
    paragraphs = letter.paragraphs
    for k, paragraph in enumerate(paragraphs):
        lines = _lines(page, paragraph)
        # A signature never stands alone on a page: the last paragraph goes with it.
        alone = paragraph is paragraphs[-1] and not page.fits(
            len(lines) * letter.printed.body_size * LEADING + GAP + _closing_height(page)
        )
        if k in letter.printed.breaks or alone:
            page.turn()
        _paragraph(page, paragraph, lines)
    _closing(page)
    _annexes(page)
    return page.sheets


def _heading(page: Composer) -> None:
    left = _issuer(page)
    page.y = TOP
    _national_title(page)
    page.y = max(left, page.y)


def _issuer(page: Composer) -> float:
    """Boxes 2, 3 and 5b; returns where they end."""
    letter, printed = page.letter, page.letter.printed
    party = printed.form == "party"
    for row in printed.parent_organ:
        page.centred(row, Style(12), LEFT_MIDDLE)
    for row in printed.organ:
        last = page.centred(row, Style(12 if len(row) > 24 else 12.5, bold=True), LEFT_MIDDLE)
    if party:
        page.centred("*", Style(13), LEFT_MIDDLE)
    else:
        page.rule(LEFT_MIDDLE, 0.45 * (last.pieces[-1].x - last.pieces[0].x + 30))
    page.y = max(page.y, TOP + 3 * 13.5 * LEADING)
    number = _number_words(letter)
    page.sheet.lines.append(set_centred(number, LEFT_MIDDLE, page.baseline(13), page.fonts))
    _pen_marks(page, page.sheet.lines[-1])
    if letter.type_name == "Công văn":
        page.y += 3
        for row in printed.subject:
            page.centred(row, Style(12), LEFT_MIDDLE)
    return page.y


def _number_words(letter: Letter) -> Words:
    style = Style(13)
    party = letter.printed.form == "party"
    label, joint = ("Số", "-") if party else ("Số:", "/")
    if "code_number" in letter.printed.handwritten:
        slot = [Piece(letter.code_number, style, pen=True)]
        return [[Piece(label, style)], slot, [Piece(f"{joint}{letter.code_notation}", style)]]
    return words_of(f"{label} {letter.code_number}{joint}{letter.code_notation}", style)


def _national_title(page: Composer) -> None:
    """Boxes 1 and 4."""
    letter, printed = page.letter, page.letter.printed
    if printed.form == "party":
        title = page.centred("ĐẢNG CỘNG SẢN VIỆT NAM", Style(14.5, bold=True), RIGHT_MIDDLE)
        page.rule(RIGHT_MIDDLE, title.pieces[-1].x - title.pieces[0].x + 30)
    else:
        page.centred(printed.national_title, Style(12, bold=True), RIGHT_MIDDLE)
        page.centred("Độc lập - Tự do - Hạnh phúc", Style(13, bold=True), RIGHT_MIDDLE)
        page.rule(RIGHT_MIDDLE, page.fonts.width("Độc lập - Tự do - Hạnh phúc", Style(13, bold=True)))
    page.y = max(page.y, TOP + 3 * 13.5 * LEADING)
    style = Style(13.5, italic=True)
    words: Words = words_of(f"{letter.place}, ngày", style)
    for slot, value in (("day", letter.issued_date.day), ("month", letter.issued_date.month)):
        if slot == "month":
            words += words_of("tháng", style)
        short = value < 10 and (slot == "day" or value < 3)
        words.append([Piece(f"0{value}" if short else str(value), style, pen=slot in printed.handwritten)])
    words += words_of(f"năm {letter.issued_date.year}", style)
    page.sheet.lines.append(set_centred(words, RIGHT_MIDDLE, page.baseline(13.5), page.fonts))
    _pen_marks(page, page.sheet.lines[-1])


def _pen_marks(page: Composer, line: Line) -> None:
    for piece in line.pieces:
        if piece.pen:
            middle = piece.x + width_of(piece, page.fonts) / 2
            page.stick(middle, line.y - 4.5, page.pen(piece.text, 11.5))


def _title(page: Composer) -> None:
    """Box 5a, and the stamps 10b and ĐẾN that stand left of it."""
    letter, printed = page.letter, page.letter.printed
    marks = [letter.urgency, letter.secrecy, letter.circulation]
    if printed.typed_marks:
        for mark in filter(None, marks):
            page.y += 6
            page.centred(mark.upper(), Style(13, bold=True), LEFT_MIDDLE)
    elif letter.urgency:
        page.stick(LEFT_MIDDLE, page.y + 22, ink.framed([letter.urgency.upper()], 13, page.fonts))
        page.y += 18
    if letter.arrival.number and letter.arrival.date:
        rows = ["ĐẾN", f"Số: {letter.arrival.number}", f"Ngày: {letter.arrival.date:%d/%m/%Y}"]
        page.stick(LEFT + 0.06 * TEXT_WIDTH, page.y + 48, ink.framed(rows, 9, page.fonts, ink.PEN_BLUE, width=70))
    page.y += 16
    if letter.type_name == "Công văn":
        return
    page.centred(letter.type_name.upper(), Style(14, bold=True))
    for row in printed.subject:
        last = page.centred(row, Style(14, bold=True))
    if printed.form == "party":
        page.centred("-----", Style(13))
    else:
        page.rule(LEFT + TEXT_WIDTH / 2, 0.4 * (last.pieces[-1].x - last.pieces[0].x + 30))
    page.y += 10


def _recipients(page: Composer) -> None:
    """Box 9a."""
    names, size = page.letter.recipients, page.letter.printed.body_size
    if not names:
        return
    style = Style(size)
    if len(names) == 1:
        page.centred(f"Kính gửi: {names[0]}.", style)
    else:
        x = LEFT + 0.27 * TEXT_WIDTH
        rows = ["Kính gửi:", *(f"- {n}{'.' if n is names[-1] else ';'}" for n in names)]
        for k, row in enumerate(rows):
            at = x if k == 0 else x + 58
            for part in wrap(words_of(row, style), LEFT + TEXT_WIDTH - at, 0, page.fonts):
                page.sheet.lines.append(set_line(part, at, page.baseline(size), page.fonts))
    page.y += 12


def _style(page: Composer, paragraph: Paragraph) -> Style:
    bold = paragraph.style in ("heading", "centred")
    return Style(page.letter.printed.body_size, bold=bold, italic=paragraph.style == "basis")


def _lines(page: Composer, paragraph: Paragraph) -> list[Words]:
    """The lines of one paragraph of box 6."""
    style = _style(page, paragraph)
    if "\n" in paragraph.text or paragraph.style == "centred":
        return _forced(paragraph.text, style)
    return wrap(words_of(paragraph.text, style), TEXT_WIDTH, INDENT, page.fonts)


def _paragraph(page: Composer, paragraph: Paragraph, lines: list[Words]) -> None:
    """Set one paragraph of box 6: justified, its first line indented, its last as long as it is."""
    size = page.letter.printed.body_size
    for k, words in enumerate(lines):
        indent = INDENT if k == 0 else 0
        x, width = LEFT + indent, TEXT_WIDTH - indent
        y = page.baseline(size)
        if paragraph.style == "centred":
            line = set_centred(words, LEFT + TEXT_WIDTH / 2, y, page.fonts)
        elif k == len(lines) - 1:
            line = set_line(words, x, y, page.fonts)
        else:
            line = set_justified(words, x, y, width, page.fonts)
        page.sheet.lines.append(line)
    page.y += GAP


def _forced(text: str, style: Style) -> list[Words]:
    """Lines as given, with the switches of bold and italic alive over their ends."""
    lines: list[Words] = [[]]
    for row in text.split("\n"):
        lines[-1] = words_of(row, style)
        style = style._replace(bold=style.bold ^ (row.count("**") % 2 == 1))
        lines.append([])
    return lines[:-1]


def _closing_height(page: Composer) -> float:
    letter = page.letter
    places = len(_to_places(letter, page.fonts)) * 11 * LEADING
    signature = (len(letter.signer.authority) + 6) * 14 * LEADING
    return 20 + (places + signature + 40 if letter.co_signer else max(places, signature))


def _closing(page: Composer) -> None:
    """Boxes 7, 8 and 9b, kept together on one page."""
    letter, fonts = page.letter, page.fonts
    if not page.fits(_closing_height(page)):
        page.turn()
    page.y += 10
    if letter.co_signer:
        _two_signers(page, letter.signer, letter.co_signer)
    top = page.y
    for words in _to_places(letter, fonts):
        size = words[0][0].style.size
        page.sheet.lines.append(set_line(words, LEFT, page.baseline(size), fonts))
    if letter.co_signer is None:
        page.y = top
        _signer(page)


def _to_places(letter: Letter, fonts: Fonts) -> list[Words]:
    party = letter.printed.form == "party"
    head = "Nơi nhận" if party else "Nơi nhận:"
    lines = [words_of(head, Style(12.5 if party else 12, bold=not party, italic=not party))]
    for name in letter.to_places:
        end = "." if name is letter.to_places[-1] else ";" if not party else ","
        lines += wrap(words_of(f"- {name}{end}", Style(11.5 if party else 11)), 0.46 * TEXT_WIDTH, 0, fonts)
    return lines


def _signer(page: Composer) -> None:
    letter, fonts = page.letter, page.fonts
    bold = Style(13.5, bold=True)
    party = letter.printed.form == "party"
    for row in letter.signer.authority:
        page.centred(row, bold, SIGN_MIDDLE)
    page.centred(letter.signer.position, Style(13.5, bold=not party), SIGN_MIDDLE)
    middle = page.y + 40
    page.stick(SIGN_MIDDLE + 12, middle, ink.signature(150, 66))
    if letter.printed.seal:
        rim = letter.printed.seal_rim or " ".join(letter.printed.organ)
        page.stick(SIGN_MIDDLE - 52, middle - 6, ink.seal(rim, letter.printed.seal_centre, fonts, diameter=SMALL_SEAL))
    page.y += 76
    if letter.signer.full_name:
        page.centred(letter.signer.full_name, Style(13.5, bold=True), SIGN_MIDDLE)


def _two_signers(page: Composer, first: Signer, second: Signer) -> None:
    """Two signatures side by side, the leading one on the right, line by line as they are read."""
    columns = [[*s.authority, s.position] for s in (second, first)]
    middles = (LEFT + 0.22 * TEXT_WIDTH, SIGN_MIDDLE)
    for k in range(max(map(len, columns))):
        titles = [(rows[k], middle) for rows, middle in zip(columns, middles, strict=True) if k < len(rows)]
        _beside(page, titles)
    page.y += 70
    _beside(page, [(s.full_name or "", middle) for s, middle in zip((second, first), middles, strict=True)])
    page.y += 14


def _beside(page: Composer, texts: list[tuple[str, float]]) -> None:
    """Texts on one baseline, each centred about its middle."""
    style = Style(12.5, bold=True)
    y = page.baseline(style.size)
    page.sheet.lines += [set_centred(words_of(text, style), middle, y, page.fonts) for text, middle in texts if text]


def _annexes(page: Composer) -> None:
    """Phụ lục, each on a page of its own (Appendix I, III.1)."""
    letter = page.letter
    for annex in letter.annexes:
        page.turn()
        page.centred(annex.label, Style(14, bold=True))
        page.centred(annex.title.upper(), Style(14, bold=True))
        number = f"{letter.code_number}/{letter.code_notation}"
        page.centred(
            f"(Kèm theo {letter.type_name} số {number} ngày {letter.issued_date:%d/%m/%Y})", Style(13, italic=True)
        )
        page.y += 10
        for text in annex.body:
            paragraph = Paragraph(text=text)
            _paragraph(page, paragraph, _lines(page, paragraph))
