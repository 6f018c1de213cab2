"""The fit of boundaries, on documents of two lines."""

from dataclasses import replace

import pytest

from training.boundaries import cases, cross_validated, fitted, table
from vndoc.bundles.signs import Head, PageSigns
from vndoc.page import Method

HEAD = Head(national=True, motto=True, number_line=True, number="1", notation="QĐ-UBND", dated=True, issuer="Sở Y tế")


@pytest.fixture
def known():
    first = PageSigns(1, False, method=Method.OCR, head=HEAD)
    second = PageSigns(2, False, method=Method.OCR, folios=(2,), signed=True, text="noi nhan")
    blank = PageSigns(3, True)
    return {
        f"d{n}": [replace(first, head=replace(HEAD, notation=f"TB-X{n}", issuer=f"Sở {n}")), second, blank]
        for n in range(8)
    }


def test_heads_are_told_from_pages_that_go_on(known):
    rows = list(cases(known, {name: name for name in known}))
    assert sum(row.weight for row in rows if row.begins) == pytest.approx(8)
    assert [row.page for row in rows if not row.begins] == [2] * 8
    data = fitted(rows)
    assert data["weights"]["national"] > 0 > data["weights"]["next folio"]
    assert data["bias"] < 0
    sure = cross_validated(rows)
    assert min(p for row, p in zip(rows, sure, strict=True) if row.begins) > 0.9
    assert max(p for row, p in zip(rows, sure, strict=True) if not row.begins) < 0.1
    assert "| 0.90 | 1.0000 | 0 |" in table(rows, sure)


def test_a_document_that_sends_itself_along_is_not_learnt_from(known):
    own = replace(known["d1"][0], codes=frozenset({"1 tb x0"}))
    rows = list(cases({**known, "d1": [replace(own, text="gui kem theo"), *known["d1"][1:]]}, {}))
    hard = [row for row in rows if row.found["cited"]]
    assert hard
    assert 0 < fitted(rows)["contradicted"] < 1
