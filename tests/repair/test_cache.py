"""The document settles its own doubts: cache model, second search, pages of one document."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vndoc.page import Method, page_from_text
from vndoc.repair import repair, repair_page, repair_pages
from vndoc.repair.cache import Counts
from vndoc.repair.grams import NUMBER, UNKNOWN
from vndoc.repair.language import NO_WORD
from vndoc.repair.lattice import Position
from vndoc.repair.model import load
from vndoc.repair.tokens import pieces_of

LETTER = Path(__file__).parents[2] / "samples" / "cv815"
READ = (LETTER / "ocr.txt").read_text(encoding="utf-8")
PARAGRAPHS = [part for part in (LETTER / "truth.txt").read_text(encoding="utf-8").split("\n\n") if len(part) > 200]
SAID = "trién khai thyc hién cac noi dung cua Két luan s6 57-KL/TW ngay 15/6/2023 caa Bo Chinh tri"
DOUBT = "thong tin dbi ngoai trong tinh hinh méi, vé cac ndi dung ctua Két luan s6 57-KL/TW cua Bo Chinh tri, Ké hoach"


@pytest.fixture(scope="module")
def model():
    return load()


def counted(model, text, open_words=()):
    """Counts of a text whose words are sure, but for those in ``open_words``."""
    chunks = text.split()
    pieces = pieces_of(chunks, [0] * len(chunks))
    number = model.lexicon.number_of
    positions = [
        Position([number(p)] + [UNKNOWN] * (p.reading in open_words), [0.0], [p.reading], i)
        for i, p in enumerate(pieces)
    ]
    counts = Counts()
    counts.add(positions, pieces)
    return counts


def test_the_mixture_sums_to_one(model):
    cache = counted(model, "chủ động phổ biến kế hoạch và chủ động báo cáo").model(model.language)
    words = np.arange(len(model.lexicon.words))
    for context in ("và chủ", "hoạch và", "của bộ"):
        ids = [model.lexicon.numbers[w] for w in context.split()]
        history = np.array([[NO_WORD, *ids]] * len(words))
        assert np.exp(cache.score(history, words).astype(np.float64)).sum() == pytest.approx(1, abs=0.12)


def test_what_the_document_has_never_seen_is_left_to_the_4_grams(model):
    cache = counted(model, "chủ động phổ biến kế hoạch").model(model.language)
    history = np.array([[NO_WORD, *(model.lexicon.numbers[w] for w in ("ủy", "ban"))]] * 400)
    words = np.arange(4, 404)
    assert cache.score(history, words) == pytest.approx(model.language.score(history, words), abs=1e-4)


def test_what_the_document_says_is_likelier(model):
    cache = counted(model, "ông Báng báo cáo và ông Báng ký").model(model.language)
    number = model.lexicon.numbers
    history, words = np.array([[NO_WORD, NO_WORD, number["ông"]]]), np.array([number["báng"]])
    assert cache.score(history, words)[0] > model.language.score(history, words)[0] + 2
    assert cache.supports(number["ông"], number["báng"], NO_WORD)
    assert not cache.supports(number["ông"], number["ký"], NO_WORD)


def test_open_words_numbers_and_unknown_words_are_no_evidence(model):
    number = model.lexicon.numbers
    cache = counted(model, "chủ động phổ biến ngày 5 xyzzy", open_words=("động",)).model(model.language)
    assert cache.beside([number["chủ"], number["ngày"], NUMBER, UNKNOWN], []) == set()
    assert cache.beside([number["phổ"]], []) == {number["biến"]}
    assert cache.beside([], [number["biến"]]) == {number["phổ"]}


def test_readings_of_the_same_document_count(model):
    counts = Counts()
    pieces = pieces_of(["ctua"] * 5, [0] * 5)
    true, other = (model.lexicon.numbers[w] for w in ("của", "chưa"))
    counts.add([Position([true], [0.0], ["của"], i) for i in range(5)], pieces)
    before = [-9.0, -7.0]
    after = counts.mixed_readings("ctua", [true, other], before)
    assert after[0] > after[1]
    assert counts.mixed_readings("cfia", [true, other], before) == pytest.approx([s + np.log(0.7) for s in before])


def test_a_doubtful_word_is_settled_by_the_rest_of_the_document():
    assert "nội dung chưa Kết luận" in repair(DOUBT).text
    assert "nội dung của Kết luận" in repair(f"{SAID}\n\n{DOUBT}").text


def test_the_rest_of_the_document_may_be_on_another_page():
    said, doubt = page_from_text(SAID, 1), page_from_text(DOUBT, 2)
    assert "nội dung của Kết luận" not in repair_page(doubt).text
    first, second = repair_pages([said, doubt])
    assert "nội dung của Kết luận" in second.text
    assert repair_pages([doubt, said]) == [second, first]


def test_a_typed_page_is_evidence_and_stays():
    typed = replace(
        page_from_text("thực hiện các nội dung của Kết luận này; các nội dung ctua", 1), method=Method.TEXT_LAYER
    )
    kept, settled = repair_pages([typed, page_from_text(DOUBT, 2)])
    assert kept is typed
    assert "nội dung của Kết luận" in settled.text


def test_the_letter_mends_itself():
    text = repair(READ).text
    assert "các nội dung của Kết luận số 57-\nKL/TW" in text
    assert "UBND\ntỉnh về công tác" in text
    assert "Đẩy mạnh truyền thông quảng bá" in text
    assert "chưa\nchính xác" in text


def test_set_phrases():
    data = json.loads(files("vndoc.repair").joinpath("data/phrases.json").read_text(encoding="utf-8"))
    for read, printed in data["examples"].items():
        assert printed in repair(read, "eng").text
    assert all(len(phrase.split()) == 2 for phrase in data["phrases"])
    assert {word for phrase in data["phrases"] for word in phrase.split()} <= load().lexicon.numbers.keys()


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=6))
def test_a_document_without_doubt_is_unchanged(paragraphs):
    text = "\n\n".join(paragraphs)
    assert repair(text).text == text
    pages = [page_from_text(part, number) for number, part in enumerate(paragraphs, 1)]
    assert [page.text for page in repair_pages(pages)] == [page.text for page in pages]


@settings(max_examples=4, deadline=None)
@given(st.lists(st.sampled_from(READ.split("\n\n")), min_size=1, max_size=5))
def test_twice_is_once(paragraphs):
    once = repair("\n\n".join(paragraphs), "eng").text
    assert repair(once, "clean").text == once


@settings(max_examples=3, deadline=None)
@given(st.permutations(READ.split("\n\n")[:4]))
def test_the_order_of_pages_does_not_matter(parts):
    pages = [page_from_text(part, number) for number, part in enumerate(parts, 1)]
    together = repair_pages(pages)
    assert repair_pages(pages[::-1]) == together[::-1]


def test_no_page_at_all():
    assert repair_pages([]) == []
