"""Foreign words, names, initials and figures: read well, they stay as they are."""

import json
from pathlib import Path

import pytest

from vndoc.page import Block, Box, Line, Method, Origin, Page, Word
from vndoc.repair import repair, repair_page, repair_pages
from vndoc.repair.strangers import Trust, is_initials, nearness

HARD = json.loads(Path(__file__).with_name("data").joinpath("hard.json").read_text(encoding="utf-8"))
CASES = [
    pytest.param([context.replace("{}", word) for word in kind["words"]], id=f"{name}-{number}")
    for name, kind in HARD["kinds"].items()
    for number, context in enumerate(HARD["contexts"][kind["contexts"]])
]
ALONE = [kind["words"][i] for kind in HARD["kinds"].values() for i in range(0, len(kind["words"]), 12)]


def page_of(rows, confidence=0.98, origin=Origin.OCR, alternatives=()):
    """A page of lines; ``alternatives`` of its first word."""
    lines = []
    for at, row in enumerate(rows):
        words = [
            Word(text, Box(90 * i, 50 * at, 90 * i + 80, 50 * at + 40), confidence, origin=origin)
            for i, text in enumerate(row.split())
        ]
        lines.append(Block((Line(tuple(words)),)))
    first = lines[0].lines[0].words[0]
    weighed = Word(first.text, first.box, first.confidence, alternatives=alternatives, origin=origin)
    lines[0] = Block((Line((weighed, *lines[0].lines[0].words[1:])),))
    return Page(1, tuple(lines), 2000, 3000, 240, method=Method.OCR)


def changed(before, after):
    return [(a, b) for a, b in zip(before.split(), after.split(), strict=True) if a != b]


@pytest.mark.parametrize("rows", CASES)
def test_they_stay_in_text(rows):
    text = "\n\n".join(rows)
    assert changed(text, repair(text).text) == []


@pytest.mark.parametrize("rows", [case for case in CASES if "names" not in case.id])
def test_they_stay_in_what_an_ocr_is_said_to_have_read(rows):
    text = "\n\n".join(rows)
    assert changed(text, repair(text, "vie").text) == []


@pytest.mark.parametrize("rows", CASES)
def test_they_stay_where_the_ocr_is_sure(rows):
    text = "\n\n".join(rows)
    assert changed(text, repair_page(page_of(text.split("\n\n"))).text) == []


@pytest.mark.parametrize("rows", CASES)
def test_they_stay_in_a_text_layer(rows):
    page = page_of(rows, 1.0, Origin.TEXT_LAYER)
    page = Page(1, page.blocks, 2000, 3000, 240, method=Method.TEXT_LAYER)
    assert repair_pages([page]) == [page]


@pytest.mark.parametrize("word", ALONE)
def test_they_stay_in_a_sentence_by_itself(word):
    text = f"Ủy ban nhân dân tỉnh đề nghị các đơn vị báo cáo về {word} theo đúng quy định của pháp luật hiện hành."
    assert repair(text).text == text


@pytest.mark.parametrize("rows", [CASES[0].values[0], CASES[6].values[0]])
def test_what_the_ocr_doubts_may_be_anything(rows):
    options = {text for w in repair_page(page_of(rows, 0.7)).words for text, _ in w.alternatives}
    assert options


MISPRINTED = [
    "UBND tỉnh xem xét sữa đỗi, bổ sung Điều lệ của Hội theo quy định của pháp luật hiện hành.",
    "Sở Y tế thông báo dừng nghiên cứu văc xin phòng bệnh trên địa bàn tỉnh theo chỉ đạo của Bộ.",
    "Yêu cầu các đơn vị tăng cường kiểm tra, không để xẩy ra tiêu cực trong quá trình thực hiện.",
    "Giao Phòng Ngiệp vụ chủ trì, phối hợp với các phòng liên quan tham mưu Giám đốc Sở.",
]


@pytest.mark.parametrize("row", MISPRINTED)
def test_what_an_engine_that_weighs_is_sure_of_was_printed_so(row):
    weighed = page_of(["Kính gửi: Ủy ban", row], 0.991, alternatives=(("Kinh", 0.002),))
    assert repair_page(weighed).text.endswith(row)


def test_an_odd_word_that_is_certain_once_is_so_elsewhere():
    row = "Sở Y tế thông báo dừng nghiên cứu văc xin phòng bệnh trên địa bàn tỉnh theo chỉ đạo của Bộ."
    sure, unsure = (page_of(["Kính gửi: Ủy ban", row], c, alternatives=(("Kinh", 0.002),)) for c in (0.991, 0.975))
    assert "vắc" in repair_page(unsure).text
    assert all("văc xin" in page.text for page in repair_pages([unsure, sure]))


def test_marks_of_capitals_are_still_weighed():
    row = "BAN CHẤP HÀNH ĐẢNG BỘ TỈNH VÀ ỦY BAN KIỄM TRA TỈNH ỦY"
    assert "KIỂM TRA" in repair_page(page_of(["Kính gửi: Ủy ban", row], 0.991, alternatives=(("Kinh", 0.002),))).text


LONG = "Thực hiện Kế hoạch của Tỉnh ủy, Ủy ban nhân dân huyện yêu cầu các cơ quan, đơn vị nghiêm túc triển khai. " * 80


def test_a_writer_s_misprint_in_typed_text_stays_and_an_ocr_s_misreading_does_not():
    typed = f"{LONG}Cơ quan có thầm quyền xem xét, quyết định theo quy đinh của pháp luật."
    assert repair(typed).text == typed
    assert "thẩm quyền" in repair_page(page_of(typed.split(". "), 0.93)).text


@pytest.mark.parametrize(
    ("reading", "initials"),
    [
        ("PVSơn", True),
        ("NTHòa", True),
        ("NVĐức", True),
        ("THực", False),
        ("NHân", False),
        ("tÔ", False),
        ("MACĐ", False),
    ],
)
def test_initials(reading, initials):
    assert is_initials(reading) is initials


@pytest.mark.parametrize(
    ("reading", "form", "trust", "near"),
    [
        ("balô", "bay", Trust.SOME, False),
        ("êkíp", "kíp", Trust.SOME, False),
        ("êkíp", "kíp", Trust.LITTLE, True),
        ("hoăc", "hoặc", Trust.SOME, True),
        ("thâm", "thẩm", Trust.FULL, True),
    ],
)
def test_nearness(reading, form, trust, near):
    assert nearness(reading, trust)(form) is near
