"""'Lưu: …' taken apart: who keeps it, who drafted it, how many copies."""

import pytest

from vndoc.dispatch import Filing
from vndoc.page import page_from_text
from vndoc.parse.form.foot.filing import read_filing
from vndoc.parse.lines import document_lines


def filed(entry: str, *below: str) -> Filing | None:
    return read_filing([entry], document_lines([page_from_text("\n".join(["- " + entry, *below]))]))


@pytest.mark.parametrize(
    ("entry", "units", "drafter", "copies"),
    [
        ("Lưu: VT", ["VT"], None, None),
        ("Lưu: VT, NVĐP", ["VT", "NVĐP"], None, None),
        ("Lưu: VT, KGVX.th50", ["VT", "KGVX"], "th50", None),
        ("Lưu: VT, NCbdv205", ["VT", "NC"], "bdv205", None),
        ("Lưu: VT, TTHC(Thu)", ["VT", "TTHC"], "Thu", None),
        ("Lưu: VT, P.KTTHTien31", ["VT", "P.KTTH"], "Tien31", None),
        ("Lưu: VT, csthuan", ["VT"], "csthuan", None),
        ("Lưu: VT, NN (3b)", ["VT", "NN"], None, 3),
        ("Lưu: VT, CN (Th-12b)", ["VT", "CN"], "Th", 12),
        ("Lưu: VT, KT (05)", ["VT", "KT"], None, 5),
        ("Lưu: VT, TM; H08", ["VT", "TM"], "H08", None),
        ("Lưu: VT, TCCB, 15 bản (15 bản)", ["VT", "TCCB", "15 bản"], None, 15),
        ("Lưu VT", ["VT"], None, None),
        ("Lưu Văn phòng Tỉnh ủy", ["Văn phòng Tỉnh ủy"], None, None),
        ("Lưu: VT, VP4", ["VT", "VP4"], None, None),
    ],
)
def test_the_parts(entry: str, units: list[str], drafter: str | None, copies: int | None) -> None:
    found = filed(entry)
    assert found is not None
    assert (found.units, found.drafter, found.copies) == (units, drafter, copies)
    assert found.text in entry


def test_the_drafter_s_sign_and_the_copies_issued_are_below() -> None:
    found = filed("Lưu: VT, TCCB.", "PL.(300)")
    assert found is not None
    assert (found.units, found.drafter, found.issued_amount, found.copies) == (["VT", "TCCB"], "PL", 300, None)


def test_nothing_is_filed_where_nothing_is_said() -> None:
    assert filed("Như trên") is None
    assert read_filing([], []) is None
