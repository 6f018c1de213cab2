"""Pages with ruled tables, read whole: scans by an engine, born-digital ones by their layer, typed forms by both."""

import io

import numpy as np
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from samples.fonts import Fonts
from tests.conftest import draw_lines
from tests.ocr.tables.drawing import Plan, draw, spans, write
from vndoc.ocr.engines.lines.engine import Lines
from vndoc.ocr.engines.tesseract import Tesseract
from vndoc.ocr.reader import PageReader
from vndoc.ocr.recognition import read_image
from vndoc.ocr.tables import find_grids, with_tables
from vndoc.ocr.tables.filling import cell_lines
from vndoc.ocr.text_layer import Verdict, with_typed
from vndoc.page import BlockKind, Box, Layer, Line, Method, Origin, Page, Word
from vndoc.sources import load_file, open_file

PLAN = Plan((9.0, 16.0, 9.0, 9.0), (14.0, 60.0, 40.0, 30.0), Plan.plain(4, 4, merged=[(2, 1, 2, 1)]).cells)
TEXTS = [
    *("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn"),
    *("1", "Rà soát hồ sơ, báo cáo\nỦy ban nhân dân tỉnh", "Phòng Nội vụ", "05/11/2024"),
    *("2", "Tổng hợp kết quả", "Văn phòng", "15/11/2024"),
    *("3", "Sở Tài chính", "20/12/2024"),
]
ABOVE, BELOW = "Phân công nhiệm vụ như sau:", "Các đơn vị báo cáo kết quả đúng thời hạn."


@pytest.fixture(scope="module")
def page():
    table = write(draw(PLAN, at=(20, 60)), PLAN.boxes(240, (20, 60)), TEXTS, points=13)
    size = table.shape[::-1]
    text = np.minimum(
        *(draw_lines([row], size=size, top=top, left=200)[..., 0] for row, top in ((ABOVE, 400), (BELOW, 1150)))
    )
    return np.minimum(table, text)


@pytest.mark.parametrize("engine", [Lines, pytest.param(Tesseract, marks=pytest.mark.slow)])
def test_a_scan(page, engine):
    read = read_image(page, 2, 240, engine())

    above, table, below = read.blocks
    assert (above.text, below.text) == (ABOVE, BELOW)
    assert table.kind is BlockKind.TABLE
    assert spans(table.grid) == PLAN.cells
    assert [" ".join(line.text for line in lines) for lines in cell_lines(table).values()] == [
        text.replace("\n", " ") for text in TEXTS
    ]
    assert not read.warnings


def test_a_born_digital_page_has_the_words_of_its_layer():
    with open_file(load_file(_digital()))[0] as file:
        read = PageReader(file, Tesseract()).page(1)

    assert read.method is Method.TEXT_LAYER
    (table,) = [block for block in read.blocks if block.grid]
    assert spans(table.grid) == PLAN.cells
    assert [line.text for line in table.lines] == [line for text in TEXTS for line in text.split("\n")]
    assert [block.text for block in read.blocks if not block.grid] == [ABOVE, BELOW]
    for cell, box in zip(table.grid.cells, PLAN.boxes(240), strict=True):
        assert np.allclose(cell.box, box, atol=10)


def _digital():
    pdfmetrics.registerFont(TTFont("serif", str(Fonts().file())))
    out = io.BytesIO()
    pen = canvas.Canvas(out, pagesize=(595.3, 841.9))
    pen.setFont("serif", 11)
    pen.setLineWidth(0.5)
    pen.drawString(70, 760, ABOVE)
    pen.drawString(70, 520, BELOW)
    scale = 72 / 240
    for box, text in zip(PLAN.boxes(240), TEXTS, strict=True):
        x0, y0, x1, y1 = (edge * scale for edge in box)
        pen.rect(x0, 841.9 - y1, x1 - x0, y1 - y0)
        for row, line in enumerate(text.split("\n")):
            pen.drawString(x0 + 5, 841.9 - y0 - 15 - 14 * row, line)
    pen.save()
    return out.getvalue()


def test_what_is_typed_into_a_scanned_table_stands_in_its_cell(page):
    boxes = PLAN.boxes(240, (20, 60))
    (grid,) = find_grids(page, 2, 240)

    def word(number, text):
        return Word(
            text, Box(boxes[number].x0 + 20, boxes[number].y0 + 10, boxes[number].x0 + 90, boxes[number].y0 + 40), 0.5
        )

    height, width = page.shape
    blocks = with_tables([Line((word(2, "Đơn"),)), Line((word(6, "Phonq"),))], [grid])
    read = Page(2, blocks, width, height, 240, Layer.PARTIAL, Method.OCR)

    typed = with_typed(read, Verdict(Layer.PARTIAL, typed=(Line((word(6, "Phòng"),)),)), 1.0)

    (table,) = typed.blocks
    assert table.grid.rows == 4
    assert [line.text for line in cell_lines(table)[6]] == ["Phòng"]
    assert cell_lines(table)[6][0].words[0].origin is Origin.TYPED
    assert [line.text for line in cell_lines(table)[2]] == ["Đơn"]


def test_a_small_table_with_days_is_no_arrival_stamp():
    plan = Plan((9.0, 8.0, 8.0, 8.0), (12.0, 34.0, 30.0), Plan.plain(4, 3).cells)
    rows = (
        ("TT", "Họ và tên", "Ngày đến"),
        ("1", "Lê Hoa", "06/02/1999"),
        ("2", "Lý Long", "9/10/1984"),
        ("3", "Võ Sơn", "1/7/1972"),
    )
    texts = [text for row in rows for text in row]
    image = write(draw(plan, at=(60, 50)), plan.boxes(240, (60, 50)), texts, points=13)

    read = read_image(image, 1, 240, Lines())

    assert [block.kind for block in read.blocks] == [BlockKind.TABLE]
    assert [line.text for line in read.lines] == texts
