"""RTF into paragraphs and tables: one pass over its tokens, with the state that each group inherits."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from vndoc.sources.flow import Block, Cell, Edge, Row, Table, by_edges
from vndoc.sources.rtf.tokens import Token, tokens

_SILENT = frozenset({
    "colortbl", "stylesheet", "info", "pict", "object", "objdata", "fldinst", "headerl", "footerl", "listtable",
    "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "themedata", "datastore", "latentstyles",
    "nonshppict", "shprslt", "annotation", "atnid", "atnauthor", "revtbl", "filetbl", "bkmkstart", "bkmkend",
    "pn", "sp", "background", "template", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "xe", "tc", "upr",
    "nonesttables", "mmathPr", "pgdsctbl", "private", "passwordhash", "falt",
})  # fmt: skip
"""Groups that hold nothing printed."""
_MARGINS = frozenset({"header", "headerr", "headerf", "footer", "footerr", "footerf"})
_APART = frozenset({"shptxt", "dptxbxtext", "footnote", *_MARGINS})
"""Groups with paragraphs of their own, that stand elsewhere on the page."""
_SHOWN = frozenset({"shpinst", "ud", "do", *_APART})
"""Of the groups that a reader may ignore, those that hold printed text."""
_LETTERS = {"tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ",
            "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
            "nobreak": "\xa0", "hyphen": "-", "page": "\f", "pagebb": "\f", "column": "\n"}  # fmt: skip
_CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
             163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
             238: "cp1250"}  # fmt: skip
_DEEPEST = 5000


@dataclass(slots=True, frozen=True)
class _State:
    """What a group hands down."""

    silent: bool = False
    fonts: bool = False
    hidden: bool = False
    upper: bool = False
    in_table: bool = False
    font: int | None = None
    skip: int = 1
    apart: bool = False
    """Whether the group began paragraphs of its own."""


@dataclass(slots=True)
class _Flow:
    """Paragraphs and tables as they come: of the text, a box, a note or a header."""

    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    cell: list[Block] = field(default_factory=list)
    row: list[Cell] = field(default_factory=list)
    rows: list[tuple[Row, tuple[Edge, ...]]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    """Of the row, as it was last defined."""
    ruled: bool = False
    header_rows: int = 0
    is_head: bool = False
    merge: tuple[bool, bool] = (False, False)
    """Whether the cell that is being defined goes on with the one above, and with the one to the left."""

    def define(self, word: str, number: int | None) -> None:
        if word == "trowd":
            self.edges, self.is_head, self.merge = [], False, (False, False)
        elif word == "trhdr":
            self.is_head = True
        elif word in ("clvmrg", "clmrg"):
            self.merge = (self.merge[0] or word == "clvmrg", self.merge[1] or word == "clmrg")
        elif word == "cellx":
            self.edges.append(Edge(number or 0, *self.merge))
            self.merge = (False, False)

    def end_paragraph(self, *, in_table: bool) -> None:
        if not in_table:
            self.end_table()
        (self.cell if in_table else self.blocks).append("".join(self.line))
        (self.cell if in_table else self.blocks).extend(self.boxes)
        self.line.clear()
        self.boxes.clear()

    def end_cell(self) -> None:
        self.end_paragraph(in_table=True)
        self.row.append(Cell(tuple(self.cell)))
        self.cell.clear()

    def end_row(self) -> None:
        if self.row:
            self.header_rows += self.is_head and self.header_rows == len(self.rows)
            self.rows.append((tuple(self.row), tuple(self.edges)))
        self.row.clear()

    def end_table(self) -> None:
        self.end_row()
        if self.rows:
            self.blocks.append(Table(by_edges(self.rows), self.ruled, self.header_rows))
        self.rows.clear()
        self.ruled, self.header_rows = False, 0

    def end(self) -> list[Block]:
        if self.cell:
            self.row.append(Cell(tuple(self.cell)))
        if "".join(self.line).strip() or self.boxes:
            self.end_paragraph(in_table=False)
        self.end_table()
        return self.blocks


_CHANGES: dict[str, Callable[[_State, int | None], _State]] = {
    "v": lambda state, n: replace(state, hidden=n != 0),
    "deleted": lambda state, n: replace(state, hidden=n != 0),
    "caps": lambda state, n: replace(state, upper=n != 0),
    "plain": lambda state, n: replace(state, hidden=False, upper=False),
    "pard": lambda state, n: replace(state, in_table=False),
    "intbl": lambda state, n: replace(state, in_table=True),
    "itap": lambda state, n: replace(state, in_table=bool(n)),
    "f": lambda state, n: replace(state, font=n),
    "uc": lambda state, n: replace(state, skip=max(0, min(1 if n is None else n, 8))),
    "fonttbl": lambda state, n: replace(state, fonts=True),
}
"""Words that change what follows in their group."""


class _Reader:
    """What has been read, and the state of the group that is being read."""

    def __init__(self) -> None:
        self.state = _State()
        self.stack: list[_State] = []
        self.flows = [_Flow()]
        self.head: list[Block] = []
        self.foot: list[Block] = []
        self.notes: list[Block] = []
        self.kinds: list[str] = []
        self.code_page = "cp1252"
        self.charsets: dict[int, str] = {}
        self.skip = 0
        self.raw = bytearray()
        self.may_ignore = False
        self.border = False

    @property
    def flow(self) -> _Flow:
        return self.flows[-1]

    def take(self, token: Token) -> None:
        if token.letters:
            self._raw(token.letters)
            return
        self._decode()
        if token.brace:
            self.skip = 0
            self._open() if token.brace == "{" else self._close()
        else:
            self._word(token.word, token.number)

    def end(self) -> None:
        """Take the letters that are left."""
        self._decode()

    # --- letters --------------------------------------------------------------------------------------------

    def _raw(self, letters: bytes) -> None:
        """Bytes are kept until all of a run are there: a letter may have two."""
        passed = min(self.skip, len(letters))
        self.skip -= passed
        self.raw += letters[passed:]
        self.may_ignore = False

    def _decode(self) -> None:
        raw, self.raw = self.raw, bytearray()
        if raw:
            codec = self.charsets.get(self.state.font or 0, self.code_page)
            self._write(raw.decode(codec, "replace"))

    def _write(self, text: str) -> None:
        state = self.state
        if not (state.silent or state.hidden or state.fonts):
            self.flow.line.append(text.upper() if state.upper else text)

    # --- groups ---------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if len(self.stack) < _DEEPEST:
            self.stack.append(self.state)
            self.state = replace(self.state, apart=False)

    def _close(self) -> None:
        if self.state.apart:
            blocks, kind = self.flows.pop().end(), self.kinds.pop()
            if kind in _MARGINS:
                margin = self.head if kind.startswith("header") else self.foot
                margin += [block for block in blocks if block not in margin and _is_text(block)]
            elif kind == "footnote":
                first, *rest = blocks or [""]
                number = len(self.notes) + 1
                self.notes += [f"[{number}] {first.strip()}" if isinstance(first, str) else first, *rest]
            else:
                self.flow.boxes += blocks
        self.state = self.stack.pop() if self.stack else self.state

    # --- words ----------------------------------------------------------------------------------------------

    def _word(self, word: str, number: int | None) -> None:
        ignorable, self.may_ignore = self.may_ignore, word == "ignorable"
        if word == "u":
            code = (number or 0) % 0x10000
            self._write("" if 0xD800 <= code < 0xE000 else chr(code))  # halves of signs that are no letters
            self.skip = self.state.skip
        elif ignorable and word not in _SHOWN:
            self.state = replace(self.state, silent=True)
        elif word in _APART and not self.state.silent:
            self.flows.append(_Flow())
            self.kinds.append(word)
            self.state = replace(self.state, apart=True, in_table=False)
        elif word == "ud":
            self.state = replace(self.state, silent=False)
        elif word in _SILENT:
            self.state = replace(self.state, silent=True)
        elif word in _LETTERS:
            self._write(_LETTERS[word])
        elif not self.state.silent:
            self._format(word, number)

    def _format(self, word: str, number: int | None) -> None:
        if word in _CHANGES:
            self.state = _CHANGES[word](self.state, number)
        elif word == "fcharset" and self.state.fonts:
            self.charsets[self.state.font or 0] = _CHARSETS.get(number or 0, self.code_page)
        elif word == "ansicpg":
            self.code_page = _codec(number)
        elif word in ("trowd", "trhdr", "clvmrg", "clmrg", "cellx"):
            self.flow.define(word, number)
        else:
            self._break(word)

    def _break(self, word: str) -> None:
        if word in ("par", "sect"):
            self.flow.end_paragraph(in_table=self.state.in_table)
        elif word == "cell":
            self.flow.end_cell()
        elif word == "nestcell":
            self.flow.end_paragraph(in_table=True)
        elif word == "row":
            self.flow.end_row()
        elif word.startswith("clbrdr"):
            self.border = word in ("clbrdrl", "clbrdrr")
        elif word in ("brdrs", "brdrdb", "brdrdot", "brdrdash", "brdrth") and self.border:
            self.flow.ruled = True


def read_rtf(data: bytes) -> list[Block]:
    """The blocks of a file: the header of its first page, the text, the notes. Damage costs what it hides."""
    reader = _Reader()
    for token in tokens(data):
        reader.take(token)
    reader.end()
    while len(reader.flows) > 1:  # cut off within a box
        reader.flows[-2].boxes += reader.flows.pop().end()
    return [*reader.head, *reader.flow.end(), *reader.notes, *reader.foot]


def _is_text(block: Block) -> bool:
    """Whether it is more than the number of a page ('Trang 2')."""
    return not isinstance(block, str) or sum(word.isalpha() for word in block.split()) > 1


def _codec(page: int | None) -> str:
    name = "utf-8" if page == 65001 else f"cp{page}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
