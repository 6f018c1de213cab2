"""The parts of the repair: syllables, pieces, channel, language model, search."""

import itertools
import json
import math
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vndoc.repair.conventions import _CODE, _CODE_PART, _code_parts
from vndoc.repair.decoder import Decoder, Island
from vndoc.repair.grams import COMMA, pieces
from vndoc.repair.language import NO_WORD
from vndoc.repair.model import load
from vndoc.repair.profile import Profile, detect
from vndoc.repair.syllable import fold_tone, is_syllable, split, strip_marks, unfold_tone
from vndoc.repair.tokens import Kind, pieces_of


@pytest.fixture(scope="module")
def model():
    return load()


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "giếng",
        "gì",
        "giữa",
        "quốc",
        "khuỷu",
        "thuở",
        "hòa",
        "ủy",
        "quý",
        "xoong",
        "đường",
        "yếu",
        "ở",
        "oản",
        "gịa",
        "quét",
        "quýt",
        "huýt",
    ],
)
def test_syllables(word):
    assert is_syllable(word)
    assert "".join(split(word)) == word


@pytest.mark.parametrize("word", ["thưc", "đắk", "hoă", "được̣", "ubnd", "wifi", "xyz", "aa", "phúe", "hỳng"])
def test_no_syllables(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(("new", "old"), [("hoà", "hòa"), ("uỷ", "ủy"), ("Thuý", "Thúy"), ("KHOẺ", "KHỎE")])
def test_tone_placement(new, old):
    assert fold_tone(new) == old
    assert unfold_tone(old) == new


@pytest.mark.parametrize("word", ["quý", "hoàn", "quỳ", "toàn", "a", ""])
def test_tone_placement_without_choice(word):
    assert fold_tone(word) == word


def test_marks():
    assert strip_marks("Đường về Ủy ban") == "Duong ve Uy ban"


def test_grams():
    assert pieces("hoà,") == ["hòa", ","]
    assert pieces("15/6/2023.") == ["#"]
    assert pieces("UBND-KGVX;") == ["ubnd", "kgvx", "."]


@pytest.mark.parametrize(
    "code",
    [
        "254-KH/TU",
        "203/KH-UBND",
        "UBND-KGVX",
        "KH-HU",
        "15/6/2023",
        "1.846",
        "12:30",
        "XXVII",
        "TTXVN",
        "a@b.vn",
        "chinhphu.vn",
    ],
)
def test_frozen(code):
    for text in (code, f"({code})", f"{code};"):
        assert [(p.reading, p.kind) for p in pieces_of([text], [0])] == [(code, Kind.FROZEN)]


@pytest.mark.parametrize("word", ["s6", "t6", "c6", "1am", "d01", "h¢", "tr¢", "xã"])
def test_not_frozen(word):
    assert [(p.reading, p.kind) for p in pieces_of([f"{word},"], [0])] == [(word, Kind.WORD)]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='aăđ6¢’"(),.-/&?!1XV:…', max_size=12))
def test_pieces_cut_their_chunk(chunk):
    chunk = chunk.strip()
    found = pieces_of([chunk], [0])
    assert all(chunk[p.start : p.end] == p.reading for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_channel_finds_what_was_printed(model):
    channel = model.channels["eng"]
    for read, printed in [
        ("trwéc", "trước"),
        ("dugc", "được"),
        ("ctia", "của"),
        ("Pai", "Đại"),
        ("h¢", "hệ"),
        ("1a", "là"),
    ]:
        forms = [form for form, _ in channel.candidates(read)]
        assert printed in forms, read
    scores = [p for _, p in channel.candidates("dugc")]
    assert scores == sorted(scores, reverse=True)
    assert all(p < 1e-3 for p in scores)


def test_language_model_sums_to_one(model):
    number = model.lexicon.numbers
    words = np.arange(len(model.lexicon.words))
    for context in ("ủy ban nhân", "của bộ chính", "xyzzy", "trên địa"):
        ids = [number.get(w, 0) for w in context.split()]
        history = np.array([([NO_WORD] * 3 + ids)[-3:]] * len(words))
        assert np.exp(model.language.score(history, words).astype(np.float64)).sum() == pytest.approx(1, abs=0.12)


def test_language_model_prefers_what_is_written(model):
    number = model.lexicon.numbers

    def score(text):
        return float(model.language.score_text(np.array([number[w] for w in text.split()])).sum())

    assert score("ủy ban nhân dân tỉnh") > score("ủy ban nhận dân tỉnh") + 5


def exhaustive(model, island, weight=1.0):
    """All readings of an island with their probabilities: the slow oracle."""
    total = {}
    for choice in itertools.product(*(range(len(ids)) for ids in island.ids)):
        history = list(island.history)
        score = 0.0
        for t, option in enumerate(choice):
            word = island.ids[t][option]
            score += weight * float(model.language.score(np.array([history]), np.array([word]))[0])
            score += island.scores[t][option]
            history = [*history[1:], word]
        total[choice] = score
    peak = max(total.values())
    mass = sum(math.exp(s - peak) for s in total.values())
    return {c: math.exp(s - peak) / mass for c, s in total.items()}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(4, 400), min_size=1, max_size=3, unique=True), min_size=1, max_size=4), st.randoms()
)
def test_search_against_all_readings(places, rng):
    model = load()
    scores = [[-rng.random() for _ in ids] for ids in places]
    islands = [Island((NO_WORD, NO_WORD, NO_WORD), places, scores), Island((5, 6, 7), places[:1], scores[:1])]
    Decoder(model.language, beam=100).decode(islands)
    for island in islands:
        want = exhaustive(model, island)
        best = max(want.values())
        assert want[tuple(island.choice)] == pytest.approx(best, abs=1e-3)
        for t, posteriors in enumerate(island.posteriors):
            for option, p in enumerate(posteriors):
                marginal = sum(q for c, q in want.items() if c[t] == option)
                assert p == pytest.approx(marginal, abs=5e-3)


def test_nothing_to_decide(model):
    islands = []
    Decoder(model.language).decode(islands)
    assert islands == []


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("thuc hién Ké hoach s6 254-KH/TU ngay 19/01/2024 ctia Ban Thudng vu Tinh uy vé viéc nay", Profile.ENG),
        ("thuc hien Ke hoach so 254-KH/TU ngay 19/01/2024 cua Ban Thuong vu Tinh uy ve viec nay", Profile.STRIPPED),
        ("thực hiện Kế hoạch số 254-KH/TU ngày 19/01/2024 của Ban Thường vụ Tỉnh ủy về việc này", Profile.VIE),
        ("the committee asked every member of its staff for a report before the end of this month", Profile.CLEAN),
        ("12 34", None),
    ],
)  # fmt: skip
def test_profiles(model, text, profile):
    assert detect(text.split(), model.lexicon) == profile


def test_codes_data():
    text = json.loads(files("vndoc.repair").joinpath("data/codes.json").read_text(encoding="utf-8"))
    for read, printed in text["examples"].items():
        assert _CODE.search(read)
        assert _CODE_PART.sub(lambda m: _code_parts().get(m.group(), m.group()), read) == printed
    assert all("Đ" in part for part in text["parts"])


def test_spaced_dash_parts_what_is_on_its_sides():
    first, second = pieces_of(["Truyền", "thống", "-", "Văn", "hóa"], [0] * 5)[1:3]
    assert (first.before, second.before) == ((), (COMMA,))


@pytest.mark.parametrize("measure", ["24h", "15mm", "50kg", "10ha"])
def test_measures_stay(measure):
    assert [p.kind for p in pieces_of([measure], [0])] == [Kind.FROZEN]
