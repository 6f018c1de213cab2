"""The repair from outside: garbled, stripped and well-read text, offsets, what must stay, what must not break it."""

import sys
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from vndoc.page import Block, Box, Line, Page, Word, page_from_text
from vndoc.repair import Repaired, repair, repair_page
from vndoc.repair.syllable import fold_tone, strip_marks
from vndoc.repair.tokens import Kind, pieces_of

SAMPLES = Path(__file__).parents[2] / "samples"
GOOD = (
    "Thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Ban Thường vụ Tỉnh ủy về thực hiện Kết luận số 57-KL/TW, "
    "Chủ tịch Ủy ban nhân dân huyện yêu cầu Thủ trưởng các cơ quan, đơn vị, địa phương nghiêm túc triển khai thực hiện "
    "và báo cáo kết quả cho UBND huyện (qua Phòng Văn hóa và Thông tin) trước ngày 05/11/2024./."
)
GARBLED = "UBND tinh vé viéc trién khai thuc hién Ké hoach sb 254-KH/TU ngay 19/01/2024 ctia Ban Thudng vu Tinh uy"


def words_of(text):
    return [fold_tone(word) for word in unicodedata.normalize("NFC", text).split()]


def test_garbled_line():
    want = "UBND tỉnh về việc triển khai thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Ban Thường vụ Tỉnh ủy"
    assert repair(GARBLED).text == want


def test_letter_of_the_samples():
    read = (SAMPLES / "cv815" / "ocr.txt").read_text(encoding="utf-8")
    true = words_of((SAMPLES / "cv815" / "truth.txt").read_text(encoding="utf-8"))
    repaired = repair(read).text
    assert Levenshtein.distance(words_of(read), true) > 0.5 * len(true)
    assert Levenshtein.distance(words_of(repaired), true) < 0.005 * len(true)


def test_codes_and_dates_of_the_letter_stay():
    read = (SAMPLES / "cv815" / "ocr.txt").read_text(encoding="utf-8")
    fixed = [w for w in read.split() if sum(c.isdigit() for c in w) > 2 and ("/" in w or "-" in w)]
    repaired = repair(read).text
    assert len(fixed) > 20
    for code in fixed:
        assert repaired.count(code.removeprefix("S6:")) >= read.count(code.removeprefix("S6:")), code


def test_stripped_text():
    assert repair(strip_marks(GOOD), "stripped").text == GOOD
    assert repair(strip_marks(GOOD)).text == GOOD


@pytest.mark.parametrize("profile", ["auto", "vie", "clean"])
def test_good_text_stays(profile):
    assert repair(GOOD, profile).text == GOOD


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("các tô chức, cá nhân kinh doanh", "các tổ chức, cá nhân kinh doanh"),
        ("trường hợp vượt thâm quyền, kịp thời báo cáo", "trường hợp vượt thẩm quyền, kịp thời báo cáo"),
        ("đảm bảo đây đủ cơ sở hạ tầng kỹ thuật", "đảm bảo đầy đủ cơ sở hạ tầng kỹ thuật"),
    ],
)  # fmt: skip
def test_vietnamese_reading(read, printed):
    assert repair(read, "vie").text == printed


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog while nobody in the little town was watching.",
        "Monsieur le Président de la République, je vous fais une lettre que vous lirez si vous avez le temps",
        "1.846 tổ chức; 5,3%; 12:30; 1.500.000 đồng; 0255.3822.789",
        "ubnd@quangngai.gov.vn https://chinhphu.vn/van-ban",
        "144/2020/NĐ-CP, 254-KH/TU, 01/CT-UBND, 57-KL/TW, 22/NQ-HĐND",
        "XXVII, XX, IV, II",
        "هذا نص عربي من اليمين إلى اليسار",
        "👍🏽 🇻🇳 👨‍👩‍👧",
        "12 34 56\n78 90 11\n\n5 6 7",
        "\x00\x01\x02 \x7f",
        "",
        "   \n\t\n ",
    ],
)
@pytest.mark.parametrize("profile", ["auto", "vie", "eng"])
def test_what_is_not_vietnamese_stays(text, profile):
    if profile == "eng" and text[:3] in ("The", "Mon", "1.8"):
        pytest.skip("asked to read it as garbled Vietnamese, it may")
    assert repair(text, profile).text == text


def test_unknown_profile():
    with pytest.raises(ValueError, match="no profile 'deu'"):
        repair("x", "deu")


def check_offsets(text, result):
    assert isinstance(result, Repaired)
    assert [w.raw for w in result.words] == text.split()
    for word in result.words:
        assert text[word.raw_start : word.raw_end] == word.raw
        assert result.text[word.start : word.end] == word.repaired
        assert 0 <= word.confidence <= 1
        assert all(0 <= p <= 1 and isinstance(form, str) for form, p in word.alternatives)


def test_layout_and_offsets():
    text = f"  {GARBLED}\n\n\t- {GARBLED}\r\n  "
    result = repair(text)
    check_offsets(text, result)
    assert result.text.startswith("  UBND tỉnh")
    assert result.text.endswith("\r\n  ")
    assert result.text.count("\n") == 3


def test_alternatives_are_best_first():
    result = repair("gui ban Lan va anh Binh", "stripped")
    assert any(word.alternatives for word in result.words)
    for word in result.words:
        chances = [p for _, p in word.alternatives]
        assert chances == sorted(chances, reverse=True)


LETTERS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
TEXTS = st.lists(
    st.one_of(LETTERS, st.sampled_from([GARBLED, GOOD, "¢)", "S6:815", "HDND&UBND", "187-\nKH-HU"])), max_size=5
)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@RELAXED
@given(TEXTS.map(" ".join), st.sampled_from(["auto", "eng", "stripped", "vie", "clean"]))
def test_any_text(text, profile):
    check_offsets(text, repair(text, profile))


@RELAXED
@given(st.text(alphabet="0123456789/-.,: \n", max_size=80))
def test_numbers_stay(text):
    assert repair(text, "vie").text == text


@RELAXED
@given(st.sampled_from(GOOD.split(". ")), st.sampled_from(["NFC", "NFD"]))
def test_normal_forms(text, form):
    assert repair(unicodedata.normalize(form, text)).text == text


def test_one_long_line():
    text = " ".join([GARBLED] * 40)
    result = repair(text)
    check_offsets(text, result)
    assert result.text.count("triển khai thực hiện Kế hoạch số 254-KH/TU") == 40


@pytest.mark.parametrize(("text", "profile"), [(GARBLED, "eng"), (strip_marks(GOOD), "stripped"), (GOOD, "vie")])
def test_work_grows_with_the_length(text, profile):
    def work(times):
        """Bytecode calls of the interpreter, which no other program on the machine makes more or less."""
        long = "\n".join([text] * times)
        repair(long, profile)  # fills what is remembered of single readings
        calls = 0

        def count(frame, event, argument):
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            repair(long, profile)
        finally:
            sys.setprofile(None)
        return calls

    once, twice, four = work(8), work(16), work(32)
    assert twice < 2.3 * once
    assert four < 4.6 * once


def test_twice_is_once():
    once = repair(GARBLED).text
    assert repair(once).text == once


def test_threads_share_one_model():
    results = []
    threads = [threading.Thread(target=lambda: results.append(repair(GARBLED).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1


def test_line_end_does_not_cut_the_context():
    assert repair("vuot tham\nquyen", "stripped").text == "vượt thẩm\nquyền"


def test_code_over_a_line_end():
    assert "số 187-\nKH-HU ngày" in repair("thuc hién Ké hoach s6 187-\nKH-HU ngay 09/11/2023 ctua Ban Thuong vu").text


def test_conventions():
    text = repair("cong tac thong tin doi ngoai (TTDN) theo Nghi dinh s6 144/2020/ND-CP; thuc hién TTDN hiéu qua").text
    assert "(TTĐN)" in text
    assert "144/2020/NĐ-CP" in text
    assert "thực hiện TTĐN" in text
    labels = repair("¢) Chu dong cung cap\nd) Chu tri thuc hién\nd) Phdi hop véi cac co quan", "eng").text
    assert [line[:2] for line in labels.split("\n")] == ["c)", "d)", "đ)"]


def page_of(*rows):
    lines = tuple(
        Line(tuple(Word(word, Box(10 * i, 20 * j, 10 * i + 9, 20 * j + 15), 0.9) for i, word in enumerate(row.split())))
        for j, row in enumerate(rows)
    )
    return Page(1, (Block(lines),), 1000, 1000, 300)


def test_page_keeps_its_build():
    page = page_of("Thực hiện tốt công tác này; các tô chức", "phải báo cáo")
    repaired = repair_page(page, "vie")
    assert [w.box for w in repaired.words] == [w.box for w in page.words]
    assert [w.raw for w in repaired.words] == [w.text for w in page.words]
    assert [len(line.words) for line in repaired.lines] == [9, 3]
    assert "các tổ chức" in repaired.text
    assert all(w.confidence <= 0.9 for w in repaired.words if w.raw == w.text)


def test_page_like_text():
    text = f"{GARBLED}\n{GARBLED}\n\n- {GARBLED}"
    assert repair_page(page_from_text(text)).text == repair(text).text


def test_page_shares_the_box_of_a_word_that_becomes_two():
    repaired = repair_page(page_of("S6:815 /UBND Binh Son, ngay 2 thang 3", "Kinh giri: Cac phong, ban"), "eng")
    first, second = list(repaired.words)[:2]
    assert (first.text, second.text) == ("Số:", "815")
    assert first.box.x0 == 0
    assert first.box.x1 <= second.box.x0
    assert second.box.x1 == 9


def test_doubtful_ink_is_changed_sooner():
    def chance(confidence):
        words = ("phải", "chuyên", "sang", "sử", "dụng", "hóa", "đơn")
        page = Page(1, (Block((Line(tuple(Word(w, None, confidence) for w in words)),)),))
        return dict(list(repair_page(page, "vie").words)[1].alternatives).get("chuyển", 0)

    assert chance(0.5) > chance(0.95) > chance(0.98) > 0


def test_what_the_ocr_doubts_is_decided_however_well_it_fits():
    def considered(confidence):
        words = ["Chính", "phủ", "quy", "định", "chỉ", "tiết", "thi", "hành", "một", "số", "điều", "của", "Luật"]
        page = Page(1, (Block((Line(tuple(Word(w, None, confidence) for w in words)),)),))
        read = list(repair_page(page, "vie").words)[4]
        return {read.text, *(text for text, _ in read.alternatives)}

    assert "chi" in considered(0.9)
    assert considered(0.98) == {"chỉ"}


def test_empty_page():
    page = Page(3, ())
    assert repair_page(page) == page


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Phòng Tổ chức hành chí nh của Sở Nội vụ", "Phòng Tổ chức hành chính của Sở Nội vụ"),
        ("phát tri ển kinh tế và xã h ội của huyện", "phát triển kinh tế và xã hội của huyện"),
        ("theo nh kế hoạch của xã", "theo nh kế hoạch của xã"),
    ],
)
def test_a_parted_word_is_joined_and_a_speck_is_not(read: str, meant: str) -> None:
    before = "Ủy ban nhân dân tỉnh đề nghị các sở, ban, ngành thực hiện đúng quy định. "
    repaired = repair(before + read, "vie")
    assert repaired.text == before + meant
    assert all(
        read_word.raw == (before + read)[read_word.raw_start : read_word.raw_end] for read_word in repaired.words
    )


HARD = [
    *("balô", "bêtông", "càphê", "sôcôla", "micrô", "xêmina", "ôtô", "rađa", "ghiđông", "vắcxin", "căngtin", "tuynen"),
    *("PVSơn", "LVHùng", "MACĐ", "GAVI", "OCOP", "VNeID", "Krông", "Pắk", "M'gar", "H'Phik", "Ksor", "Rmah"),
    *("logistics", "website", "Facebook"),
]


@pytest.mark.parametrize("word", HARD)
def test_what_is_no_syllable_stays_in_well_read_text(word: str) -> None:
    text = f"Ủy ban nhân dân tỉnh đề nghị các đơn vị báo cáo về {word} theo đúng quy định của pháp luật hiện hành."
    assert repair(text).text == text


def test_a_word_parted_on_a_page_has_one_box() -> None:
    said = ["Phòng", "Tổ", "chức", "hành", "chí", "nh", "của", "Sở", "Nội", "vụ", "thực", "hiện", "đúng", "quy", "định"]
    words = tuple(Word(text, Box(100 * i, 0, 100 * i + 90, 40), 0.9) for i, text in enumerate(said))
    page = replace(page_from_text("x"), blocks=(Block((Line(words),)),))
    (line,) = repair_page(page).blocks[0].lines
    (whole,) = [word for word in line.words if word.text == "chính"]
    assert (whole.raw, whole.box) == ("chí nh", Box(400, 0, 590, 40))
    assert len(line.words) == len(said) - 1


@pytest.mark.parametrize("piece", ["1/" + "abc/" * 3000 + "abc", "/".join(map(str, range(9000))), "ab-cd/" * 3000])
def test_a_chunk_without_end_is_cut_without_end(piece):
    """Words behind strokes one after the other: each was cut off within the cutting of the one before."""
    assert repair(f"Số: {piece}.").text == f"Số: {piece}."


def test_words_behind_strokes_are_read_and_what_is_before_stays():
    pieces = [(piece.reading, piece.kind) for piece in pieces_of(["m3/ngày,", "500/thang/người"], [0, 0])]
    assert pieces == [
        ("m3", Kind.FROZEN), ("ngày", Kind.WORD), ("500", Kind.FROZEN), ("thang", Kind.WORD), ("người", Kind.WORD)
    ]  # fmt: skip
