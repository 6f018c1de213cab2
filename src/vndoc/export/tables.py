"""Tables as HTML, and as Markdown where that has them: cells over several rows or columns it has not."""

from collections.abc import Callable
from html import escape

from vndoc.dispatch import Table, TableCell


def table_html(table: Table) -> str:
    """The table as an HTML ``table``, its head in ``th``."""
    rows = []
    for number, row in enumerate(table.rows):
        tag = "th" if number < table.header_rows else "td"
        rows.append("<tr>" + "".join(_cell(cell, tag) for cell in row.cells) + "</tr>")
    head, body = "\n".join(rows[: table.header_rows]), "\n".join(rows[table.header_rows :])
    parts = [f"<thead>\n{head}\n</thead>" if head else "", f"<tbody>\n{body}\n</tbody>" if body else ""]
    return "\n".join(["<table>", *filter(None, parts), "</table>"])


def _cell(cell: TableCell, tag: str) -> str:
    spans = (("rowspan", cell.row_span), ("colspan", cell.column_span))
    about = "".join(f' {name}="{span}"' for name, span in spans if span > 1)
    return f"<{tag}{about}>{escape(cell.text, quote=False).replace(chr(10), '<br>')}</{tag}>"


def table_markdown(table: Table, plain: Callable[[str], str]) -> str:
    """The table with pipes; one with merged cells, or a head of other than one row, as HTML, which Markdown takes over.

    ``plain`` makes a text one in which nothing is markup.
    """
    cells = [row.cells for row in table.rows]
    merged = any(cell.row_span > 1 or cell.column_span > 1 for row in cells for cell in row)
    if merged or table.header_rows != 1 or any(len(row) != table.columns for row in cells):
        return table_html(table)
    rows = ["| " + " | ".join(_pipe(cell.text, plain) for cell in row) + " |" for row in cells]
    return "\n".join([rows[0], "| " + " | ".join(["---"] * table.columns) + " |", *rows[1:]])


def _pipe(text: str, plain: Callable[[str], str]) -> str:
    return "<br>".join(plain(line).replace("|", "\\|") for line in text.split("\n"))
