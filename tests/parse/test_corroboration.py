"""What certificates say of signer and issuer, beside what the page says."""

from datetime import UTC, datetime

import pytest

from vndoc.dispatch import Signature
from vndoc.parse.corroboration import is_certified_organ, signed_by
from vndoc.parse.evidence import FieldValue

NOTHING: FieldValue[str] = FieldValue(None, 0.0)


def signature(name: str | None, organ: str | None = None) -> Signature:
    return Signature(
        name=name,
        organ_name=organ,
        signed_at=datetime(2025, 3, 4, tzinfo=UTC),
        sub_filter="adbe.pkcs7.detached",
        covers_whole_file=True,
    )


def test_page_and_certificate_alike_make_a_name_sure() -> None:
    found = signed_by(FieldValue("Phùng Tô Long", 0.6), [signature("PHÙNG TÔ LONG")])
    assert (found.value, found.confidence) == ("Phùng Tô Long", 0.99)


def test_the_certificate_has_the_marks_that_a_pen_stroke_has_hidden() -> None:
    found = signed_by(FieldValue("Trần Thị Chinh", 0.9), [signature("Trần Thị Chỉnh")])
    assert (found.value, found.confidence) == ("Trần Thị Chỉnh", 0.99)


def test_a_name_that_a_seal_has_spoilt_is_the_certificate_s() -> None:
    spoilt = FieldValue("Trần Thị Diễm", 0.3, raw="xan Thị Diễm", candidates=[("Trần Thị Diễm", 0.3)])
    found = signed_by(spoilt, [signature("Phan Thị Diễm")])
    assert (found.sure, found.method) == ("Phan Thị Diễm", "certificate")


@pytest.mark.parametrize("name", ["Lê Quốc Bảo", "LÊ QUỐC BẢO"])
def test_without_a_name_on_the_page_the_certificate_s_is_a_candidate(name: str) -> None:
    found = signed_by(NOTHING, [signature(name)])
    assert found.sure is None
    assert found.evidence().candidates == [("Lê Quốc Bảo", 0.4)]


def test_a_clerk_s_certificate_does_not_replace_the_name_on_the_page() -> None:
    printed = FieldValue("Phạm Trường Thọ", 0.95)
    assert signed_by(printed, [signature("Đỗ Thị Hòa"), signature("Văn phòng", "Tỉnh An Giang")]) == printed
    doubtful = FieldValue("Phạm Trường Thọ", 0.45)
    assert signed_by(doubtful, [signature("Đỗ Thị Hòa")]) == doubtful


def test_certified_bodies() -> None:
    signatures = [signature("SỞ Y TẾ TỈNH AN GIANG", "TỈNH AN GIANG")]
    assert is_certified_organ("Sở Y tế", signatures)
    assert is_certified_organ("Sở Y tế tỉnh An Giang", signatures)
    assert not is_certified_organ("Sở Nội vụ", signatures)


def test_who_publishes_has_not_issued() -> None:
    assert not is_certified_organ("Văn phòng Chính phủ", [signature("CỔNG THÔNG TIN ĐIỆN TỬ", "VĂN PHÒNG CHÍNH PHỦ")])
