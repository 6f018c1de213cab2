"""Running heads and feet do not come between the lines of the body."""

from vndoc.page import Page, page_from_text
from vndoc.parse import parse_pages
from vndoc.parse.form.running import running_lines
from vndoc.parse.lines import document_lines


def pages(*texts: str) -> list[Page]:
    return [page_from_text(text, number) for number, text in enumerate(texts, 1)]


def test_lines_that_return_at_the_edge_are_running() -> None:
    read = pages(*(f"CÔNG BÁO/Số {n}/Ngày 0{n}-3-2025\n{n}\nNội dung trang {n}.\nDòng cuối {n}" for n in range(1, 5)))
    lines = document_lines(read)
    assert [lines[i].text for i in sorted(running_lines(lines))] == [
        text
        for n in range(1, 5)
        for text in (f"CÔNG BÁO/Số {n}/Ngày 0{n}-3-2025", f"Nội dung trang {n}.", f"Dòng cuối {n}")
    ]


def test_two_pages_or_the_middle_of_a_page_are_not_enough() -> None:
    assert running_lines(document_lines(pages("Đầu trang\nMột\nHai", "Đầu trang\nBa\nBốn"))) == set()
    rows = [
        [f"{n * 'một'} đầu", f"{n * 'hai'} đầu", "Giữa trang", f"{n * 'bốn'} cuối", f"{n * 'năm'} cuối"]
        for n in range(1, 5)
    ]
    assert running_lines(document_lines(pages(*("\n".join(row) for row in rows)))) == set()
    assert running_lines([]) == set()
    rare = [f"{'Công báo tỉnh' if n % 3 == 1 else n * 'ăn'}\nGiữa\n{n * 'một'}\n{n * 'hai'}" for n in range(1, 10)]
    assert running_lines(document_lines(pages(*rare))) == set()


def test_a_sentence_broken_by_a_running_head_is_whole() -> None:
    head = "ỦY BAN NHÂN DÂN TỈNH LAM GIANG\nSố: 12/KH-UBND Lam Giang, ngày 05 tháng 3 năm 2025\nKẾ HOẠCH\nVề kiểm tra"
    rest = [f"Công báo tỉnh số {n}\nviệc {n * 'ăn '}uống.\n{n + 1}. Sở Y tế báo cáo kết quả" for n in range(1, 4)]
    sections = parse_pages(pages(f"{head}\n1. Sở Nội vụ chủ trì kiểm tra", *rest)).sections
    assert [s.label for s in sections] == ["1", "2", "3", "4"]
    assert sections[0].text == "Sở Nội vụ chủ trì kiểm tra việc ăn uống."
