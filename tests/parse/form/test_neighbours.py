"""Two documents on one sheet: the first is read, the second is told of."""

from tests.parse.form_builder import HEIGHT, LETTER, WIDTH
from vndoc.page import Block, Box, Line, Method, Page, Word
from vndoc.parse import parse_pages


def line(text: str, x: int, y: int) -> Line:
    words = []
    for part in text.split():
        words.append(Word(part, Box(x, y - 40, x + LETTER * len(part), y), 0.96))
        x += LETTER * (len(part) + 1)
    return Line(tuple(words))


def letter(number: str, subject: str, left: int) -> list[Line]:
    return [
        line("SỞ NỘI VỤ", left + 200, 300),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", left + 1100, 300),
        line(f"Số: {number}", left + 150, 368),
        line("Độc lập - Tự do - Hạnh phúc", left + 1200, 368),
        line(f"V/v {subject}", left + 150, 436),
        line("An Giang, ngày 14 tháng 8 năm 2025", left + 1150, 436),
        line("Kính gửi: Các sở, ban, ngành", left + 600, 560),
        line(f"Đề nghị các sở thực hiện việc {subject} trước ngày 20/8/2025./.", left + 150, 700),
        line("Nơi nhận:", left + 150, 900),
        line("- Lưu: VT.", left + 150, 968),
        line("GIÁM ĐỐC", left + 1400, 900),
        line("Nguyễn Văn An", left + 1350, 1200),
    ]


def test_the_letter_beside_fills_no_field() -> None:
    lines = [*letter("12/SNV-VP", "rà soát hồ sơ", 0), *letter("77/SNV-TC", "chi trả lương", 2200)]
    sheet = Page(1, tuple(Block((row,)) for row in lines), 4400, WIDTH, 300, method=Method.OCR)
    found = parse_pages([sheet])
    assert (found.code_number, found.code_notation, found.subject) == ("12", "SNV-VP", "rà soát hồ sơ")
    assert [notice.code for notice in found.warnings] == ["annex-left-out"]
    assert [annex.type_name for annex in found.annexes] == ["Công văn"]


def test_a_letter_alone_is_not_cut() -> None:
    sheet = Page(1, tuple(Block((row,)) for row in letter("12/SNV-VP", "rà soát hồ sơ", 0)), WIDTH, HEIGHT, 300)
    assert not parse_pages([sheet]).annexes
