"""Tables of text files: every cell in its place, whatever format they came in."""

import shutil
import subprocess

import pytest
from docx import Document as WordFile
from hypothesis import given
from hypothesis import strategies as st

from vndoc.settings import Settings
from vndoc.sources import SourceFile, load_file, open_file
from vndoc.sources.flow import Cell, Edge, Table, by_edges, merged, pages_of

PAGE = """<!doctype html><html><body><p>Danh sách như sau:</p><table border="1"><thead>
<tr><th rowspan="2">STT</th><th rowspan="2">Đơn vị</th><th colspan="2">Số lượng</th></tr>
<tr><th>Nam</th><th>Nữ</th></tr></thead>
<tr><td>1</td><td rowspan="2">Sở Y tế</td><td>3</td><td></td></tr><tr><td>2</td><td>5</td><td>7</td></tr>
<tr><td colspan="4">Tổng cộng</td></tr></table><p>Kính gửi quý cơ quan.</p></body></html>"""
WANTED = [
    (0, 0, 2, 1, "STT"), (0, 1, 2, 1, "Đơn vị"), (0, 2, 1, 2, "Số lượng"), (1, 2, 1, 1, "Nam"), (1, 3, 1, 1, "Nữ"),
    (2, 0, 1, 1, "1"), (2, 1, 2, 1, "Sở Y tế"), (2, 2, 1, 1, "3"), (2, 3, 1, 1, ""),
    (3, 0, 1, 1, "2"), (3, 2, 1, 1, "5"), (3, 3, 1, 1, "7"), (4, 0, 1, 4, "Tổng cộng"),
]  # fmt: skip
OFFICE = shutil.which("soffice")


def tables(pages):
    return [block for page in pages for block in page.blocks if block.grid]


def cells(block):
    return [
        (c.row, c.column, c.row_span, c.column_span, "\n".join(line.text for line in block.lines[c.first : c.last]))
        for c in block.grid.cells
    ]


def read(source):
    with open_file(load_file(source), Settings())[0] as opened:
        return [opened.page(number) for number in range(1, opened.page_amount + 1)]


def test_a_web_page():
    (page,) = read(PAGE.encode())
    (block,) = tables([page])
    assert cells(block) == WANTED
    assert (block.grid.ruled, block.grid.header_rows) == (True, 2)
    assert page.blocks[0].text == "Danh sách như sau:"
    assert page.blocks[-1].text == "Kính gửi quý cơ quan."


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_word_processors(tmp_path):
    (tmp_path / "t.html").write_text(PAGE, encoding="utf-8")

    def convert(name, kind):
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [
            OFFICE,
            "--headless",
            profile,
            "--writer",
            "--convert-to",
            kind,
            "--outdir",
            tmp_path,
            tmp_path / name,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)

    convert("t.html", "odt:writer8")
    for kind in ("docx", "doc", "rtf"):
        convert("t.odt", kind)
    for kind in ("odt", "docx", "doc", "rtf"):
        (block,) = tables(read(tmp_path / f"t.{kind}"))
        assert (kind, cells(block), block.grid.ruled) == (kind, WANTED, True)
        assert block.grid.header_rows == (0 if kind == "rtf" else 2)  # which LibreOffice does not write


def test_a_word_file_with_columns_left_out_at_the_sides(tmp_path):
    word = WordFile()
    table = word.add_table(rows=3, cols=3, style="Table Grid")
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            cell.text = f"{r}{c}"
    table.cell(0, 0).merge(table.cell(1, 1)).text = "chung"
    row = table.rows[2]._tr
    row.remove(row.tc_lst[0])
    row.get_or_add_trPr().append(row.makeelement(f"{{{row.nsmap['w']}}}gridBefore", {f"{{{row.nsmap['w']}}}val": "1"}))
    word.save(str(tmp_path / "t.docx"))
    (block,) = tables(read(tmp_path / "t.docx"))
    assert cells(block) == [
        (0, 0, 2, 2, "chung"), (0, 2, 1, 1, "02"), (1, 2, 1, 1, "12"), (2, 0, 1, 1, ""), (2, 1, 1, 1, "21"),
        (2, 2, 1, 1, "22"),
    ]  # fmt: skip


def test_cells_that_claim_more_than_there_is():
    page = "<html><table border=1><tr><td rowspan=60000 colspan=900>a</td></tr><tr><td>b</td></tr></table></html>"
    assert tables(read(page.encode())) == []
    page = "<html><table border=1><tr><td rowspan=0>a<td>b</tr><tr><td>c</td></tr></table></html>"
    assert cells(tables(read(page.encode()))[0]) == [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "c")]


@pytest.mark.parametrize("rows", [1, 13])
def test_letterheads_and_lists_of_one_column_are_no_tables(rows):
    column = Table(tuple((Cell((f"dòng {k}",)),) for k in range(rows)), ruled=True)
    head = Table(((Cell(("SỞ NỘI VỤ",)), Cell(("CỘNG HÒA",))),) * 2)
    assert tables(pages_of([head, column])) == []


def test_edges_that_do_not_fit_the_cells_are_left_alone():
    row = (Cell(("a",)), Cell(("b",)))
    assert by_edges([(row, (Edge(100),)), (row, ())]) == (row, row)


def test_a_cell_that_goes_on_with_nothing_stays():
    assert merged([[(Cell(("a",)), True)]]) == ((Cell(("a",)),),)


spans = st.tuples(st.integers(1, 4), st.integers(1, 4))


@given(st.lists(st.lists(spans, max_size=5), max_size=6))
def test_cells_never_overlap_and_none_is_lost(rows):
    made = Table(
        tuple(tuple(Cell((f"ô {r}.{c}",), *span) for c, span in enumerate(row)) for r, row in enumerate(rows)), True
    )
    found = tables(pages_of([made]))
    taken = set()
    for block in found:
        for row, column, tall, wide, _ in cells(block):
            own = {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
            assert not own & taken
            assert max(own) < (block.grid.rows, block.grid.columns)
            taken |= own
        assert len(block.grid.cells) == sum(map(len, rows))


def test_a_file_of_bytes_is_read_as_well():
    assert read(SourceFile("t.html", PAGE.encode()))[0].number == 1
