"""Lines to learn from, their text: the alphabet, what lines say, what is kept out of them, how readings are counted."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpus import is_held_out
from training.lines.passages import gather
from training.lines.scoring import Scores
from training.lines.texts import LONGEST, PHRASES, Texts, name, number
from vndoc.ocr.engines.lines.alphabet import (
    BLANK,
    CHARACTERS,
    CLASSES,
    DOUBLE,
    VIETNAMESE,
    collapsed,
    columns_needed,
    labels,
    normal,
)

texts = st.text(st.sampled_from(CHARACTERS), max_size=40)


def test_the_alphabet_holds_every_vietnamese_letter_and_its_capital_once():
    assert len(set(VIETNAMESE)) == 134
    assert len(CHARACTERS) == len(set(CHARACTERS)) == CLASSES - 1
    small = {c for c in VIETNAMESE if c.islower()}
    assert {c.upper() for c in small} == set(VIETNAMESE) - small
    assert {"ế", "Ự", "ổ"} <= DOUBLE | {"Ự"}
    assert not {"đ", "ê", "á"} & DOUBLE


def spread(text):
    """Columns in which a network could write the text: a blank between equal neighbours, characters twice."""
    columns = []
    for label in labels(text):
        columns += [BLANK] * (columns[-1:] == [label]) + [label, label]
    return columns


@given(texts)
def test_labels_come_back_from_columns(text):
    assert collapsed(spread(text)) == text
    assert columns_needed(text) == len(spread(text)) - len(text)


@given(st.text(max_size=30))
def test_normal_text_is_in_the_alphabet_and_stays(text):
    once = normal(text)
    assert set(once) <= set(CHARACTERS)
    assert normal(once) == once == once.strip()


def test_look_alikes_are_one_character():
    assert normal("Bố cục \u2014 a\u0301\u00a0 b\u2212c") == "Bố cục – á b-c"


def test_phrases_are_in_the_alphabet():
    for kind, phrases in PHRASES.items():
        for phrase in phrases:
            assert normal(phrase) == phrase.strip(), (kind, phrase)


@pytest.fixture(scope="module")
def lines():
    """Words for every letter: vowels with each mark, in passages of four words."""
    words = [f"ng{letter}" for letter in VIETNAMESE if letter.islower()]
    passages = [" ".join(words[k : k + 4]) for k in range(0, len(words), 4)]
    return Texts([f"official\t{p}" for p in passages] + ["kept\tđược giữ lại"], kept=False)


def test_every_letter_is_printed(lines):
    rng = random.Random(1)
    found = Counter("".join(lines.line(rng) for _ in range(1500)))
    assert not set(VIETNAMESE) - set(found)


def test_lines_are_short_and_in_the_alphabet(lines):
    rng = random.Random(2)
    for _ in range(500):
        text = lines.line(rng)
        assert 0 < len(text) <= LONGEST
        assert normal(text) == text
        assert "giữ" not in text


def test_kept_text_is_drawn_only_to_measure(lines):
    kept = Texts(["official\tkhác hẳn", "kept\tđược giữ lại"], kept=True)
    rng = random.Random(3)
    assert all(kept.passage(rng, 30) in "được giữ lại" for _ in range(20))
    with pytest.raises(ValueError, match=r"training\.lines\.passages"):
        Texts(["official\tkhác hẳn"], kept=True)


def test_numbers_and_names():
    rng = random.Random(4)
    for _ in range(300):
        assert any(c.isdigit() for c in number(rng))
        assert " " in name(rng)
        assert normal(text := number(rng)) == text.strip()


def test_passages_keep_out_what_is_set_aside_and_what_is_on_real_pages(tmp_path):
    corpus, real = tmp_path / "corpus", tmp_path / "real"
    corpus.mkdir()
    real.mkdir()
    secret = "căn cứ vào biên bản số một về việc giao nhận hồ sơ"
    rows = [f"đoạn văn thứ {k} của tệp này" for k in range(3000)]
    rows[7] = f"Ủy ban {secret} lưu trữ"
    (corpus / "admin_x.txt").write_text("\n".join(rows), encoding="utf-8")
    (corpus / "news_x.txt").write_text("tin tức trong ngày hôm nay\n" * 3, encoding="utf-8")
    (real / "page.json").write_text(f'{{"text": "{secret.upper()}, ngày"}}', encoding="utf-8")
    found = gather(corpus, [real], random.Random(1))
    assert set(found["kept"]) == {row for k, row in enumerate(rows) if is_held_out(k)}
    assert len(found["official"]) == len(rows) - len(found["kept"]) - 1
    assert not any(secret in text for kind in found.values() for text in kind)
    assert set(found["other"]) == {"tin tức trong ngày hôm nay"}


def test_scores():
    scores = Scores()
    scores.add("Số 12/QĐ tổ", "Số 12/QĐ tồ")
    scores.add("ổ ổ 7", "ổ ổ 7")
    scores.add("15 ngày", "ngày")
    assert (scores.lines, scores.exact, scores.edits) == (3, 1, 4)
    assert scores.cer == pytest.approx(4 / 23)
    assert scores.worst(1, least=1) == [("ổ", pytest.approx(2 / 3), 3)]
    assert (scores.numbers, scores.numbers_found) == (3, 2)
    assert "CER 17.39 %" in scores.report()
