"""Text with the marks of Markdown or of a copied web page: its letters without them, cells of tables on own lines.

Converters and browsers leave a letterhead as a table of two columns: with bars between the cells, with ``<br>`` between
their lines, with stars for bold print. None of that was on the page.
"""

import html
import re

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*|\s*\|\s*:?-+:?\s*\|\s*")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(
    r"</?(?:b|i|u|p|em|strong|span|div|center|font|sup|sub|table|thead|tbody|tr|td|th|a)(?:\s[^<>]*)?>", re.I
)
_BOLD = re.compile(r"\*\*[^\s*][^*\n]*\*\*|(?<![\w_])__[^\W_][^_\n]*__(?!\w)")
_ESCAPED = 3  # signs behind strokes, of which fewer may be slips of the keyboard
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)$")
_LONGEST_STRONG = 1000
"""Letters of emphasis: from each run of stars on so many are looked through for its end."""
_STRONG = re.compile(
    rf"((?<!\*)\*{{1,3}}|(?<![\w_])_{{1,3}}(?=[^\W_]))(?=\S)(.{{1,{_LONGEST_STRONG}}}?)(?<=\S)\1(?![\w*])"
)
_NESTED = 4
"""Emphasis within one another."""
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_EMPTY = re.compile(r"\s*(?:__|\*\*)\s*(?:__|\*\*)\s*")
_BAR_ONLY = re.compile(r"\s*\|[\s|]*")
_BAR = re.compile(r"(?<!\\)\|")


def without_markup(text: str) -> str:
    """The text without markup; one that has none comes back as it is.

    >>> without_markup("|**BỘ TÀI CHÍNH**<br>Số: 12/BTC-TCT|*Hà Nội, ngày 5 tháng 6 năm 2025*|\\n|:-:|:-:|")
    'BỘ TÀI CHÍNH\\nSố: 12/BTC-TCT\\nHà Nội, ngày 5 tháng 6 năm 2025'
    """
    marked = _is_markdown(text)
    if not marked and not any(_BAR_ONLY.fullmatch(row) for row in text.splitlines()):
        return text
    return "\n".join(line for row in text.split("\n") for line in _lines(row, marked))


def _is_markdown(text: str) -> bool:
    """Whether some line is what only Markdown or HTML writes."""
    rows = text.splitlines()
    ruled = any("|" in row and _RULE.fullmatch(row) for row in rows)
    return ruled or bool(_BREAK.search(text)) or len(_BOLD.findall(text)) > 1 or len(_ESCAPE.findall(text)) > _ESCAPED


def _lines(row: str, marked: bool) -> list[str]:
    """The lines that one row of the source makes; none where it is markup alone."""
    if _BAR_ONLY.fullmatch(row) or ("|" in row and _RULE.fullmatch(row)):
        return []
    table = row.lstrip().startswith("|")
    cells = [cell.strip() for cell in _BAR.split(row.strip().removeprefix("|").removesuffix("|"))] if table else [row]
    parts = [_BREAK.split(cell) for cell in cells]
    if len(cells) > 2 and all(len(lines) == 1 for lines in parts):
        parts = [[" | ".join(cells)]]  # a row of figures is one line
    lines = [line for part in parts for line in part]
    return [_plain(line) for line in lines] if marked else lines


def _plain(line: str) -> str:
    """The line without signs of emphasis, headings, links, tags and entities."""
    line = "" if _EMPTY.fullmatch(line) else _TAG.sub("", line)
    if heading := _HEADING.match(line):
        line = heading[1].rstrip().rstrip("#").rstrip()
    line = _LINK.sub(r"\1", line)
    for _ in range(_NESTED):
        line = _STRONG.sub(r"\2", line)
    return html.unescape(_ESCAPE.sub(r"\1", line)).rstrip()
