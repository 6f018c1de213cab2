"""The grammar of notations: as printed, as OCR leaves it, and back from the model."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vndoc.parse.knowledge import load
from vndoc.parse.notation import Notation, find_notations, parse_notation

TYPES = load("document_types")["types"]
KINDS = sorted({k for record in TYPES for k in record["abbreviations"] if k.isalpha()})
ISSUERS = ["UBND", "HĐND", "TTg", "CP", "SNV", "BGTVT", "STNMT", "UBND-KGVX", "BQL"]
PARTY = ["TU", "HU", "TW", "BTCTU", "ĐUK", "BTCTU-BDVTU"]


@pytest.mark.parametrize(("form", "code"), [(f["name"], e) for f in load("notations")["forms"] for e in f["examples"]])
def test_every_form_reads_its_examples(form: str, code: str) -> None:
    notation = parse_notation(code)
    assert notation is not None
    assert (notation.form, str(notation)) == (form, code)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("96-KH-HU", "96-KH/HU"),
        ("17/NQ- CP", "17/NQ-CP"),
        ("1744/QĐ-\nBXD", "1744/QĐ-BXD"),
        ("10/CT-\n\n\n   TTg", "10/CT-TTg"),
        ("174/HĐÐND-VHXH", "174/HĐND-VHXH"),
        ("815 /UBND", "815/UBND"),
        ("88/QD-UBND", "88/QĐ-UBND"),
        ("88/OĐ-UBND", "88/QĐ-UBND"),
        ("2269/QĐÐ- -TTg", "2269/QĐ-TTg"),
        ("13⁄BC-STNMT", "13/BC-STNMT"),
        ("1594-1B/TU", "1594-TB/TU"),
        ("1424/T Tr-BQL", "1424/TTr-BQL"),
        ("29/2023/QHI5", "29/2023/QH15"),
        ("08/TTR-SNV", "08/TTr-SNV"),
        ("02/2010/QĐ - TTg", "02/2010/QĐ-TTg"),
        ("10/2022/TTBNNPTNT", "10/2022/TT-BNNPTNT"),
        ("55/2005/QH 11", "55/2005/QH11"),
        ("15972/SXD-QLN & TTBĐS", "15972/SXD-QLN&TTBĐS"),
        ("187-KH-UBND", "187/KH-UBND"),
        ("25-HD/TƯ", "25-HD/TW"),
        ("1763/QB-UBND", "1763/QĐ-UBND"),
        ("41/2014/QDB-UBND", "41/2014/QĐ-UBND"),
        ("118/2025/NBD-CP", "118/2025/NĐ-CP"),
        ("118/2025/NDCP", "118/2025/NĐ-CP"),
        ("22/2025/NQ-HPND", "22/2025/NQ-HĐND"),
        ("38/2010/QD-TT¢g", "38/2010/QĐ-TTg"),
        ("146/2025/QHI15", "146/2025/QH15"),
        ("21/2008/TTLT-BQP-BLDTBXH-BTC", "21/2008/TTLT-BQP-BLĐTBXH-BTC"),
        ("3253/QD-BVHTIDL", "3253/QĐ-BVHTTDL"),
        ("174/HĐÐĐND-VHXH", "174/HĐND-VHXH"),
        ("12/QĐ-HĐĐH", "12/QĐ-HĐĐH"),
        ("908 / QĐ - UBND", "908/QĐ-UBND"),
        ("1501/UBND - NC", "1501/UBND-NC"),
        ("30 / 2020 / NĐ - CP", "30/2020/NĐ-CP"),
        ("301 /TTr\u00a0-\u00a0SNV", "301/TTr-SNV"),
        ("82/2005-QĐ-UBND", "82/2005/QĐ-UBND"),
        ("19-2004/QĐ-UB", "19/2004/QĐ-UB"),
        ("19/2004 - QĐ - UB", "19/2004/QĐ-UB"),
        ("12 - KH / TU", "12-KH/TU"),
        ("88∕SNV‐VTLT", "88/SNV-VTLT"),
    ],
)
def test_what_ocr_leaves_is_mended(read: str, meant: str) -> None:
    assert str(parse_notation(read)) == meant


def test_a_blank_behind_the_number_word_joins_a_code() -> None:
    texts = ("Quyết định số 34 QĐ/UB", "Chỉ thị số\n 07\n CT/TU", "trang 34 QĐ/UB")
    assert [[str(m.notation) for m in find_notations(text)] for text in texts] == [["34/QĐ/UB"], ["07-CT/TU"], []]


def test_digits_apart_are_joined_only_behind_the_number_word() -> None:
    assert [str(m.notation) for m in find_notations("Quyết định số 1 466/QĐ-UBND")] == ["1466/QĐ-UBND"]
    assert [str(m.notation) for m in find_notations("Nghị định số ] 02/2024/NĐ-CP")] == ["102/2024/NĐ-CP"]
    assert [str(m.notation) for m in find_notations("khoản 1 466/QĐ-UBND")] == ["466/QĐ-UBND"]


@pytest.mark.parametrize(
    "text",
    ["19/01/2024", "10.522,6 triệu", "số 3 và số 5", "24/7", "0912.345.678", "đường 3/2", "08h30/T2", "5-UBND", "1/2",
     "thị trấn 12/A", "https://a.vn/12/b"],
)  # fmt: skip
def test_numbers_that_are_no_notations(text: str) -> None:
    assert list(find_notations(text)) == []


def test_a_bullet_behind_a_code_is_not_part_of_it() -> None:
    assert [m.read for m in find_notations("815/UBND\n- Các phòng\n-UBND xã")] == ["815/UBND"]
    assert [m.read for m in find_notations("57-KL/TW - Bộ Chính trị")] == ["57-KL/TW"]


def test_offsets_are_those_of_the_text() -> None:
    text = "theo Kế hoạch số 12-\nKH/TU và Công văn 7/UBND-NC"
    assert [text[m.start : m.end] for m in find_notations(text)] == ["12-\nKH/TU", "7/UBND-NC"]


def test_the_number_of_a_form_is_not_sure() -> None:
    (form,) = find_notations("Mẫu 03-HĐ-BTC")
    assert not form.sure


def test_a_number_by_itself_is_no_notation() -> None:
    assert parse_notation("815") is None
    assert parse_notation("") is None
    assert parse_notation("x 12/QĐ-UBND") is None


numbers = st.integers(1, 99999).map(str) | st.integers(1, 9).map("0{}".format)
state = st.builds(
    Notation,
    number=numbers,
    issuer=st.sampled_from(ISSUERS),
    kind=st.sampled_from(KINDS),
    year=st.none() | st.integers(1990, 2035).map(str),
)
letters = st.builds(Notation, number=numbers, issuer=st.sampled_from(["UBND-NC", "HĐND-VP", "VPCP-KTTH", "STC-HCSN"]))
party = st.builds(
    Notation,
    number=numbers,
    issuer=st.sampled_from(PARTY),
    kind=st.sampled_from(["KH", "QĐ", "KL", "CV"]),
    party=st.just(True),
)


@given(state | letters | party)
def test_a_notation_printed_reads_back_equal(notation: Notation) -> None:
    assert parse_notation(str(notation)) == notation


@given(st.text() | st.text(alphabet="0123456789/-–.QĐUBNDTWg \nsố", max_size=200))
def test_any_text_is_read_without_failing(text: str) -> None:
    for match in find_notations(text):
        assert 0 <= match.start < match.end <= len(text)
        assert str(match.notation)


@pytest.mark.parametrize(
    "unit", ["1", "12/", "số 1 ", "1/2024/", "A-", "1-KH/", "12/QĐ-UBND, ", "số " + " " * 30, "1 \n"]
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        for _ in find_notations(text):
            pass
        return time.process_time() - start

    seconds(1000)
    assert seconds(80_000) < 12 * seconds(20_000) + 1  # four times the text; sixteen would be quadratic


@pytest.mark.parametrize(
    "text",
    ["Công văn số 12/UBND - UBND tỉnh", "Công văn số 12/UBND - Sở Nội vụ", "CÔNG VĂN SỐ 12/UBND - GIAI ĐOẠN 2"],
)
def test_a_dash_between_blanks_joins_codes_alone(text: str) -> None:
    assert [str(m.notation) for m in find_notations(text)] == ["12/UBND"]
