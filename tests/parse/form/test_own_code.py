"""The own notation, settled by the same code elsewhere in the document."""

import pytest

from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.head.own_code import agree_with_text

NOWHERE = range(0)


@pytest.mark.parametrize(
    ("read", "text", "meant"),
    [
        ("QĐ-BCA-H0I", "- Lưu: VT, H01.", "QĐ-BCA-H01"),
        ("QĐ-BCA-H0I", "", "QĐ-BCA-H01"),
        ("PAS3-Đ2", "- Lưu: VT, PA83.", "PA83-Đ2"),
        ("PAS3", "- Lưu: VT.", "PAS3"),
        ("QĐ.UBND", "(Kèm theo Quyết định số 1805/QĐ-UBND ngày 18/11/2025)", "QĐ-UBND"),
        ("QĐ.UBND", "(Kèm theo Quyết định số 77/QĐ-UBND ngày 18/11/2025)", "QĐ.UBND"),
        ("QĐ-UBND", "Quyết định số 1805/QĐ-UBND", "QĐ-UBND"),
        ("BC-P8", "- Lưu: VT, P3.", "BC-P8"),
        ("VP-TH1", "- Lưu: VT, TH1, TH2.", "VP-TH1"),
        ("2025/QH15", "các Luật số 31/2024/QH15", "2025/QH15"),
    ],
)
def test_the_text_settles_what_looks_alike(read: str, text: str, meant: str) -> None:
    assert agree_with_text(FieldValue(read, 0.95), "1805", text, NOWHERE).value == meant


def test_the_own_line_is_no_witness() -> None:
    text = "Số: 1805/QĐ-UBND"
    assert agree_with_text(FieldValue("QĐ.UBND", 0.95), "1805", text, range(len(text))).value == "QĐ.UBND"


def test_without_a_notation_nothing_is_made_up() -> None:
    assert agree_with_text(FieldValue(None, 0.0), "1805", "Quyết định số 1805/QĐ-UBND", NOWHERE).value is None
