"""The number of a document in the heads of its annexes."""

import pytest

from vndoc.page import Word
from vndoc.parse.form.attached import numbers_in_annexes
from vndoc.parse.lines import TextLine


def line(text: str, confidence: float = 0.9) -> TextLine:
    return TextLine(text, 0, 2, tuple(Word(part, None, confidence) for part in text.split()), 0)


@pytest.mark.parametrize(
    ("text", "notation", "number"),
    [
        ("(Kèm theo Công văn số 5710/UBND-KT ngày 12/8/2025 của UBND tỉnh)", "UBND-KT", "5710"),
        ("(Ban hành kèm theo Quyết định số 308 /QĐ-UBND ngày 18 tháng 02", "QĐ-UBND", "308"),
        ("(Ban hành kèm theo Oyết định 308 /QĐ-UBND ngày", "QĐ-UBND", "308"),
        ("(Kèm theo Kế hoạch số 12-KH/TU, ngày 01/3/2024)", "KH/TU", "12"),
        ("kèm theo Quyết định số 79/QĐ-UBND ngày 19/02/2021 của UBND tỉnh", "QĐ-UBND", None),
        ("(Kèm theo Quyết định số 79/QĐ-STC ngày 19/02/2021)", "QĐ-UBND", None),
        ("(Kèm theo Quyết định số      /QĐ-UBND ngày   /02/2021)", "QĐ-UBND", None),
    ],
)
def test_an_annex_names_its_document(text, notation, number):
    assert list(numbers_in_annexes([line(text)], notation)) == ([number] if number else [])


def test_the_surest_reading_counts():
    text = "(Kèm theo Công văn số 57/UBND ngày 12/8/2025)"
    assert numbers_in_annexes([line(text, 0.4), line(text, 0.8), line(text, 0.5)], "UBND") == {"57": 0.8}
