"""Pages of lines and tables for tests: tables as rows of texts, merged cells by '<' (left) and '^' (above)."""

from vndoc.page import Block, BlockKind, Box, Grid, GridCell, Line, Page, Word, page_from_text

WIDTH, ROW = 1000, 40


def table(*rows, header_rows=0, boxes=False, top=0):
    """A block of a table; with ``boxes`` every column is equally wide."""
    columns, lines, cells = len(rows[0]), [], []
    size = WIDTH // columns
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            wide = next((k for k in range(c + 1, columns) if row[k] != "<"), columns) - c
            tall = next((k for k in range(r + 1, len(rows)) if rows[k][c] != "^"), len(rows)) - r
            box = Box(c * size, top + r * ROW, (c + wide) * size, top + (r + tall) * ROW) if boxes else None
            own = [Line(tuple(Word(word, box) for word in line.split())) for line in text.split("\n") if line]
            cells.append(GridCell(r, c, tall, wide, len(lines), len(lines) + len(own), box))
            lines += own
    return Block(tuple(lines), BlockKind.TABLE, Grid(len(rows), columns, tuple(cells), header_rows=header_rows))


def page(number, *parts):
    """A page of texts and tables."""
    blocks = []
    for part in parts:
        blocks += page_from_text(part).blocks if isinstance(part, str) else [part]
    return Page(number, tuple(blocks), WIDTH, 1400)


def shown(found):
    """Rows of a typed table as (column, rows, columns, text)."""
    return [[(c.column, c.row_span, c.column_span, c.text) for c in row.cells] for row in found.rows]


def texts(found):
    return [[cell.text for cell in row.cells] for row in found.rows]
