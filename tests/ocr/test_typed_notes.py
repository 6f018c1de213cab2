"""Notes typed over a scan, apart from what is typed into its blanks."""

from vndoc.ocr.text_layer.notes import part_notes
from vndoc.page import BlockKind, Box, Line, Word


def line(text: str, x: int, y: int) -> Line:
    words = []
    for part in text.split():
        words.append(Word(part, Box(x, y, x + 12 * len(part), y + 24)))
        x += 12 * len(part) + 12
    return Line(tuple(words))


READ = [line("Thực hiện Công văn số 2114 của Bộ về việc bảo đảm trật tự", 100, 400 + 40 * n) for n in range(6)]
ORDERS = [
    line("1. Phòng Hành chính gửi các đơn vị;", 600, 200),
    line("CB-GV;", 600, 230),
    line("2. Báo cáo.", 600, 260),
]


def test_lines_below_one_another_are_one_note() -> None:
    own, notes = part_notes(ORDERS, READ)
    assert own == []
    assert [(note.kind, note.text) for note in notes] == [(BlockKind.NOTE, "\n".join(row.text for row in ORDERS))]


def test_what_fills_a_blank_stays_with_the_page() -> None:
    number, day = line("1595", 200, 100), line("31", 800, 100)
    own, notes = part_notes([number, day, *ORDERS], READ)
    assert own == [number, day]
    assert len(notes) == 1


def test_a_page_that_is_typed_throughout_has_no_notes() -> None:
    assert part_notes(READ, ORDERS) == (READ, [])
