"""The benchmark of the parser composes what it says, and its table gives pages a second."""

from benchmarks.parse import LINES, Measured, document, main, measure
from vndoc.parse import parse_pages


def test_documents_are_as_long_as_asked_and_read_whole():
    pages = document(3)
    assert [page.number for page in pages] == [1, 2, 3]
    assert all(len(list(page.lines)) <= LINES + 1 for page in pages)
    dispatch = parse_pages(pages)
    assert [section.label for section in dispatch.sections] == [
        f"Điều {n}" for n in range(1, len(dispatch.sections) + 1)
    ]
    assert dispatch.signer.full_name == "Nguyễn Văn Minh"
    assert dispatch.tasks


def test_figures():
    assert Measured(10, 20_000, 0.5).pages_a_second == 20
    measured = measure(2, runs=1)
    assert measured.pages == 2
    assert measured.seconds > 0
    assert measured.characters == len(parse_pages(document(2)).text)


def test_table(capsys):
    main(["--pages", "1", "2", "--runs", "1"])
    shown = capsys.readouterr().out
    assert "pages/s" in shown
    assert "ms/page" in shown
