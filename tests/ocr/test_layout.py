from hypothesis import given
from hypothesis import strategies as st

from vndoc.ocr.layout import _rows, arrange, quarter_turns
from vndoc.page import Box, Line, Word


def line(x, y, text, height=40, advance=22):
    words = []
    for token in text.split():
        width = advance * len(token)
        words.append(Word(token, Box(x, y, x + width, y + height)))
        x += width + 12
    return Line(tuple(words))


def joined(*lines):
    return Line(tuple(w for piece in lines for w in piece.words))


def texts(blocks):
    return [part.text for block in blocks for part in block.lines]


HEAD_LEFT = ["ỦY BAN NHÂN DÂN", "HUYỆN VẠN AN", "Số: 12/KH-UBND", "V/v rà soát", "hồ sơ lưu trữ"]
HEAD_RIGHT = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Vạn An, ngày 14 tháng 5 năm 2024"]
BODY = ["Thực hiện Kế hoạch số 58 của Ủy ban nhân dân tỉnh về rà soát hồ sơ lưu trữ, Ủy ban nhân", "dân huyện yêu cầu:"]


def page(split):
    lines = []
    for i in range(5):
        left = line(100, 100 + 60 * i, HEAD_LEFT[i])
        if i < 3:
            right = line(900, 100 + 60 * i, HEAD_RIGHT[i])
            lines += [left, right] if split else [joined(left, right)]
        else:
            lines.append(left)
    return lines + [line(100, 500 + 60 * i, text) for i, text in enumerate(BODY)]


def test_two_columns_are_read_one_after_the_other():
    for split in (True, False):
        assert texts(arrange(page(split))) == [*HEAD_LEFT, *HEAD_RIGHT, *BODY]


def test_gutter_continues_upwards_where_boxes_are_stretched():
    lines = page(split=False)
    words = list(lines[0].words)
    first_right = next(i for i, w in enumerate(words) if w.text == "CỘNG")
    b = words[first_right].box
    stretched = Box(words[first_right - 1].box.x1 + 45, b.y0, b.x1, b.y1)
    words[first_right] = Word("CỘNG", stretched)
    lines[0] = Line(tuple(words))
    assert texts(arrange(lines))[:2] == HEAD_LEFT[:2]


def test_tables_are_read_row_by_row():
    rows = [joined(line(100, y, "Một"), line(500, y, "Hai"), line(900, y, "Ba")) for y in range(100, 700, 60)]
    assert texts(arrange(rows)) == ["Một Hai Ba"] * 10


def test_blank_space_parts_blocks():
    lines = [line(100, y, "các cơ quan đơn vị") for y in (100, 160, 220, 420, 480)]
    assert [len(block.lines) for block in arrange(lines)] == [3, 2]


def test_words_without_boxes_are_kept():
    assert texts(arrange([Line((Word("không"), Word("khung")))])) == ["không khung"]
    assert arrange([]) == ()


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2800), st.integers(1, 6)), max_size=40))
def test_every_word_comes_out_once(specs):
    lines = [line(x, y, " ".join(f"w{i}x{k}" for k in range(n))) for i, (x, y, n) in enumerate(specs)]
    before = sorted(w.text for piece in lines for w in piece.words)
    after = sorted(w.text for block in arrange(lines) for piece in block.lines for w in piece.words)
    assert before == after


def slow_rows(placed, height):
    """Rows as :func:`_rows` makes them, but each piece is held against all rows so far, not the last ones alone."""
    rows = []
    for piece, box in sorted(placed, key=lambda p: (p[1].y_center, p[1].x0)):
        near = []
        for row in rows:
            centre = sum(b.y_center for _, b in row) / len(row)
            if abs(centre - box.y_center) < 0.45 * height and all(b.x1 <= box.x0 or box.x1 <= b.x0 for _, b in row):
                near.append((abs(centre - box.y_center), row))
        if near:
            min(near, key=lambda pair: pair[0])[1].append((piece, box))
        else:
            rows.append([(piece, box)])
    rows.sort(key=lambda row: sum(b.y_center for _, b in row) / len(row))
    return [[piece.text for piece, _ in sorted(row, key=lambda p: p[1].x0)] for row in rows]


PLACES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 40)), max_size=25, unique_by=lambda p: (p[0] // 2, p[1] // 4)
)


@given(PLACES)
def test_rows_are_those_found_by_trying_all(places):
    """Pieces in a jittered grid: two at most lie over each other, as in skewed print."""
    pieces = [line(150 * x, 10 * y, f"w{k}") for k, (x, y) in enumerate(places)]
    placed = [(piece, piece.box) for piece in pieces]
    assert [[piece.text for piece in row.pieces] for row in _rows(placed, 33.0)] == slow_rows(placed, 33.0)


def test_pages_on_their_side_are_recognised():
    upright = [line(100, 100, "thực hiện nhiệm vụ được giao")]

    def turned(piece, down):
        return Line(tuple(
            Word(w.text, Box(b.y0, b.x0, b.y1, b.x1) if down else Box(b.y0, 3000 - b.x1, b.y1, 3000 - b.x0))
            for w in piece.words if (b := w.box)
        ))  # fmt: skip

    assert quarter_turns(upright) == 0
    assert quarter_turns([turned(upright[0], down=True)]) == 1
    assert quarter_turns([turned(upright[0], down=False)]) == 3
    assert quarter_turns([]) == 0
