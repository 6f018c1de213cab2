"""How the model is made: counting, smoothing, pruning, and what is kept apart to measure with."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from training.corpus import HELD_OUT_EVERY, RUN, capitalised, is_held_out
from training.language import ORDER, arrays, merged, tables_of, train
from training.render import broken, held_out_sample, paragraphs_of, sample
from vndoc.repair.language import LanguageModel

WORDS = [f"w{i}" for i in range(9)]
texts = st.lists(st.integers(0, len(WORDS) - 1), min_size=12, max_size=200)


def model_of(kinds, least_gain):
    return LanguageModel(arrays(train(kinds, WORDS, least_gain)))


def every_word_after(model, history):
    every = np.arange(len(WORDS))
    return model.score(np.tile(history, (len(every), 1)), every)


@given(texts, texts, st.sampled_from([(0, 0, 0, 0), (0, 1, 2, 3)]), st.lists(st.integers(0, 8), min_size=3, max_size=3))
@settings(max_examples=40)
def test_distributions_of_a_mixed_model_sum_to_one(first, second, least_gain, history):
    kinds = [(np.array(first, dtype=np.uint16), 5.0), (np.array(second, dtype=np.uint16), 1.0)]
    total = np.exp(every_word_after(model_of(kinds, least_gain), history).astype(float)).sum()
    assert total == pytest.approx(1.0, abs=0.15)  # probabilities are kept in steps of an eighth of a nat


def test_the_kind_that_weighs_more_decides():
    one, other = [1, 2, 3, 4] * 20, [1, 2, 3, 5] * 20
    ids = [np.array(text, dtype=np.uint16) for text in (one, other)]
    scores = every_word_after(model_of([(ids[0], 5.0), (ids[1], 1.0)], (0, 0, 0, 0)), [1, 2, 3])
    assert scores[4] > scores[5] + 1
    scores = every_word_after(model_of([(ids[0], 1.0), (ids[1], 5.0)], (0, 0, 0, 0)), [1, 2, 3])
    assert scores[5] > scores[4] + 1


@given(texts, texts)
def test_merged_counts_are_the_sums(first, second):
    tables = [tables_of(np.array(text, dtype=np.uint16), weight) for text, weight in ((first, 2.0), (second, 1.0))]
    for order in range(ORDER):
        both = merged([table[order] for table in tables])
        assert list(both.keys) == sorted(set(tables[0][order].keys) | set(tables[1][order].keys))
        assert both.counts.sum() == pytest.approx(sum(table[order].counts.sum() for table in tables))


def test_pruning_leaves_fewer_ngrams():
    ids = np.array(random.Random(1).choices(range(9), k=2000), dtype=np.uint16)
    full, pruned = (train([(ids, 1.0)], WORDS, gain) for gain in ((0, 0, 0, 0), (0, 2, 2, 2)))
    assert len(pruned[3].keys) < len(full[3].keys) / 4


def test_words_printed_with_a_capital():
    lines = ["Nghị quyết của Đảng bộ huyện", "thuộc Đảng bộ xã", "của Đảng và Nhà nước"] * 30
    assert capitalised(lines) == ["nhà", "đảng"]


def test_one_run_in_fifty_is_set_aside():
    numbers = [n for n in range(RUN * HELD_OUT_EVERY * 3) if is_held_out(n)]
    assert len(numbers) == 3 * RUN
    assert not is_held_out(0)


@pytest.fixture
def corpus(tmp_path):
    lines = [f"Điều khoản số {n} của văn bản này được thi hành kể từ ngày ký." for n in range(5000)]
    (tmp_path / "admin_one.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "admin_one.txt"


def test_pages_to_train_on_and_to_measure_with_share_nothing(corpus):
    kept_out = {p for page in held_out_sample([corpus], random.Random(1), 50) for p in page}
    printed = {p for page in sample([corpus], random.Random(1), 50) for p in page}
    assert kept_out == set(paragraphs_of(corpus, held_out=True))
    assert not {p.lower() for p in kept_out} & {p.lower() for p in printed}


def test_lines_are_no_wider_than_the_page():
    fonts = [p for p in Path("/usr/share/fonts").rglob("*.ttf") if p.stem.startswith(("Tinos", "DejaVuSerif"))]
    if not fonts:
        pytest.skip("no font to print with")
    face = ImageFont.truetype(str(fonts[0]), 30)
    text = "Ủy ban nhân dân tỉnh yêu cầu các cơ quan, đơn vị, địa phương triển khai thực hiện nghiêm túc"
    lines = list(broken(text, face, 400))
    assert " ".join(lines) == text
    assert len(lines) > 2
    assert all(face.getlength(line) <= 400 for line in lines)
