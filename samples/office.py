"""Writes a :class:`~samples.letter.Letter` as offices type it: letterhead and signature are tables without rules.

Written by python-docx, so that what is read back has passed through nobody's own code.
"""

import html
import re
from email.message import EmailMessage
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from samples.letter import Letter, Signer

_MARKS = re.compile(r"(\*\*.+?\*\*|__.+?__)")


Layout = Literal["cells", "rows", "tabs"]
"""How texts are set side by side: all lines of a side in one cell, a row for each line, or by tabs without a table."""


def write_docx(letter: Letter, path: Path, layout: Layout = "cells") -> None:
    """Write the letter as a Word file."""
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    style = word.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(letter.printed.body_size)
    _heading(word, letter)
    _title(word, letter)
    _recipients(word, letter)
    for paragraph in letter.paragraphs:
        _add(word.add_paragraph(), paragraph.text, bold=paragraph.style in ("heading", "centred"),
             italic=paragraph.style == "basis", centred=paragraph.style == "centred")  # fmt: skip
    _closing(word, letter)
    _annexes(word, letter)
    if layout != "cells":
        for table in list(word.tables):
            _set_again(word, table, layout)
    word.save(str(path))


def _set_again(word: WordFile, table: Table, layout: Layout) -> None:
    """Set the lines of a table of two columns in another way, in its place."""
    cells = ([[p.text for p in cell.paragraphs] for cell in row.cells] for row in table.rows)
    lines = [pair for left, right in cells for pair in zip_longest(left, right, fillvalue="")]
    if layout == "rows":
        rows = word.add_table(rows=len(lines), cols=2)
        for row, pair in zip(rows.rows, lines, strict=True):
            for cell, text in zip(row.cells, pair, strict=True):
                cell.text = text
        table._tbl.addprevious(rows._tbl)
    else:
        for left, right in lines:
            table._tbl.addprevious(word.add_paragraph(f"{left}\t{right}" if right else left)._p)
    word.element.body.remove(table._tbl)


def _add(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False, centred: bool = False) -> None:
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in _MARKS.split(text):
        marked = _MARKS.fullmatch(piece)
        run = paragraph.add_run(piece[2:-2] if marked else piece)
        run.bold = bold or (bool(marked) and piece.startswith("**"))
        run.italic = italic or (bool(marked) and piece.startswith("__"))


def _fill(cell: _Cell, rows: list[tuple[str, bool]]) -> None:
    """One paragraph for each row, bold or not, in the middle."""
    for k, (text, bold) in enumerate(rows):
        _add(cell.paragraphs[0] if k == 0 else cell.add_paragraph(), text, bold=bold, centred=True)


def _table(word: WordFile, rows: int) -> Table:
    table: Table = word.add_table(rows=rows, cols=2)
    return table


def _heading(word: WordFile, letter: Letter) -> None:
    printed = letter.printed
    party = printed.form == "party"
    table = _table(word, 2)
    issuer = [(row, False) for row in printed.parent_organ] + [(row, True) for row in printed.organ]
    _fill(table.cell(0, 0), [*issuer, ("*", False)] if party else issuer)
    motto = [] if party else [("Độc lập - Tự do - Hạnh phúc", True)]
    title = "ĐẢNG CỘNG SẢN VIỆT NAM" if party else printed.national_title
    _fill(table.cell(0, 1), [(title, True), *motto])
    label, joint = ("Số", "-") if party else ("Số:", "/")
    number = [(f"{label} {letter.code_number}{joint}{letter.code_notation}", False)]
    if letter.type_name == "Công văn":
        number += [(row, False) for row in printed.subject]
    if printed.typed_marks:
        number += [(mark.upper(), True) for mark in (letter.urgency, letter.secrecy, letter.circulation) if mark]
    _fill(table.cell(1, 0), number)
    day, month = letter.issued_date.day, letter.issued_date.month
    written = f"ngày {day:02} tháng {month:02}" if month < 3 else f"ngày {day:02} tháng {month}"
    _fill(table.cell(1, 1), [(f"{letter.place}, {written} năm {letter.issued_date.year}", False)])


def _title(word: WordFile, letter: Letter) -> None:
    word.add_paragraph()
    if letter.type_name == "Công văn":
        return
    for row in (letter.type_name.upper(), *letter.printed.subject):
        _add(word.add_paragraph(), row, bold=True, centred=True)
    if letter.printed.form == "party":
        _add(word.add_paragraph(), "-----", centred=True)
    word.add_paragraph()


def _recipients(word: WordFile, letter: Letter) -> None:
    names = letter.recipients
    if len(names) == 1:
        _add(word.add_paragraph(), f"Kính gửi: {names[0]}.", centred=True)
    elif names:
        word.add_paragraph("Kính gửi:")
        for name in names:
            word.add_paragraph(f"- {name}{'.' if name is names[-1] else ';'}")


def _closing(word: WordFile, letter: Letter) -> None:
    if letter.co_signer:
        two = _table(word, 1)
        _fill(two.cell(0, 0), _signing(letter.co_signer))
        _fill(two.cell(0, 1), _signing(letter.signer))
    table = _table(word, 1)
    left, party = table.cell(0, 0), letter.printed.form == "party"
    _add(left.paragraphs[0], "Nơi nhận" if party else "Nơi nhận:", bold=not party, italic=not party)
    for name in letter.to_places:
        end = "." if name is letter.to_places[-1] else "," if party else ";"
        left.add_paragraph(f"- {name}{end}")
    if letter.co_signer is None:
        _fill(table.cell(0, 1), _signing(letter.signer))


def _signing(signer: Signer) -> list[tuple[str, bool]]:
    above = [(row, True) for row in (*signer.authority, signer.position)]
    return [*above, ("", False), ("", False), ("", False), (signer.full_name or "", True)]


def _annexes(word: WordFile, letter: Letter) -> None:
    for annex in letter.annexes:
        word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for row in (annex.label, annex.title.upper()):
            _add(word.add_paragraph(), row, bold=True, centred=True)
        number = f"{letter.code_number}/{letter.code_notation}"
        by = f"(Kèm theo {letter.type_name} số {number} ngày {letter.issued_date:%d/%m/%Y})"
        _add(word.add_paragraph(), by, italic=True, centred=True)
        for text in annex.body:
            _add(word.add_paragraph(), text)


def write_rtf(letter: Letter, path: Path) -> None:
    """Write the letter as an RTF file, of the paragraphs and tables of its Word file."""
    rows = "".join(_rtf(block) for block in _written(letter, path))
    head = r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\froman\fcharset163 Times New Roman;}}\f0\fs28 "
    path.write_text(f"{head}{rows}}}", encoding="ascii")


def write_html(letter: Letter, path: Path) -> None:
    """Write the letter as a web page, of the paragraphs and tables of its Word file."""
    rows = "".join(_html(block) for block in _written(letter, path))
    head = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Văn bản</title></head>'
    path.write_text(f"{head}<body>{rows}</body></html>", encoding="utf-8")


def write_mail(letter: Letter, path: Path) -> None:
    """Write the letter as the text of a mail that its Word file is attached to."""
    docx = path.with_suffix(".docx")
    blocks = _written(letter, docx)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Văn thư <vt@example.vn>", "so@example.vn", letter.subject
    message.set_content("\n".join(_plain(block) for block in blocks))
    kind = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    message.add_attachment(docx.read_bytes(), maintype="application", subtype=kind, filename=docx.name)
    path.write_bytes(message.as_bytes())


def _written(letter: Letter, path: Path) -> list[Paragraph | Table]:
    """Paragraphs and tables of the letter's Word file, which is written beside ``path``."""
    docx = path.with_suffix(".docx")
    write_docx(letter, docx)
    return list(Document(str(docx)).iter_inner_content())


def _rtf(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return _rtf_letters(block.text) + "\\par\n"
    rows = []
    for row in block.rows:
        cells = ("\\par ".join(_rtf_letters(p.text) for p in cell.paragraphs) + "\\cell " for cell in row.cells)
        rows.append("\\trowd\\cellx4500\\cellx9000\\pard\\intbl " + "".join(cells) + "\\row\\pard\n")
    return "".join(rows)


def _rtf_letters(text: str) -> str:
    marks = {"\\": r"\\", "{": r"\{", "}": r"\}", "\n": r"\line ", "\f": r"\page "}
    return "".join(marks.get(c) or (c if c.isascii() else f"\\u{ord(c) - 0x10000 * (ord(c) > 0x7FFF)}?") for c in text)


def _html(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        broken = ' style="page-break-before:always"' if block.contains_page_break or "\f" in block.text else ""
        return f"<p{broken}>{html.escape(block.text).replace(chr(10), '<br>')}</p>\n"
    rows = ("".join(f"<td>{''.join(map(_html, cell.paragraphs))}</td>" for cell in row.cells) for row in block.rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>\n"


def _plain(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return block.text
    columns = (cell.text for column in block.columns for cell in column.cells)
    return "\n".join(columns)
