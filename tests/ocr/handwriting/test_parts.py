"""The parts of the reader of handwriting: network, string scores, edges, cutting, what the form allows."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vndoc.ocr.handwriting.cut import Cut, body_of_most, cut_out, one_channel
from vndoc.ocr.handwriting.edges import BoxedSlot, Window, advance, beside, measure, type_size
from vndoc.ocr.handwriting.network import BLANK, trained
from vndoc.ocr.handwriting.reading import VIEWS, candidates, read, trust_in_end, views
from vndoc.ocr.handwriting.scoring import string_probabilities
from vndoc.page import Box, Word
from vndoc.slots import SlotKind

DATA = Path(__file__).parent / "data"


def test_numpy_gives_what_torch_gave():
    with np.load(DATA / "digits_torch.npz") as saved:
        assert {f"logs{n}" for n in range(len(trained().networks))} | {"images"} == set(saved.files)
        for n, network in enumerate(trained().networks):
            found = network.log_likelihoods(saved["images"])
            assert found.shape == saved[f"logs{n}"].shape
            assert np.abs(found - saved[f"logs{n}"]).max() < 1e-3


def _read(likelihoods, **kwargs):
    """The strings of one image."""
    return string_probabilities(np.log(likelihoods).astype(np.float32)[None], **kwargs)[0]


def _by_all_paths(likelihoods):
    """Connectionist temporal classification as its definition says it: every path, one by one."""
    totals = {}
    columns, symbols = likelihoods.shape
    for path in product(range(symbols), repeat=columns):
        text = "".join(str(a) for a, b in zip(path, (BLANK, *path), strict=False) if a not in (BLANK, b))
        totals[text] = totals.get(text, 0.0) + float(np.prod(likelihoods[range(columns), path]))
    return totals


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), columns=st.integers(1, 4))
def test_scores_are_the_sums_over_all_paths(seed, columns):
    logits = np.random.default_rng(seed).normal(0, 3, (columns, 11))
    likelihoods = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found = _read(likelihoods)
    slow = _by_all_paths(likelihoods)
    assert set(found) <= set(slow)
    for text, p in slow.items():
        assert found.get(text, 0.0) == pytest.approx(p, abs=2e-4)


def test_equal_digits_need_a_blank_between():
    likelihoods = np.full((3, 11), 1e-9)
    likelihoods[[0, 2], 5] = likelihoods[1, BLANK] = 1
    assert max(_read(likelihoods).items(), key=lambda c: c[1])[0] == "55"


def test_strings_longer_than_asked_for_are_left_out():
    likelihoods = np.full((6, 11), 1e-9)
    for t, digit in enumerate((1, 2, 3, 4, 5, 6)):
        likelihoods[t, digit] = 1
    assert "123456" in _read(likelihoods)
    assert _read(likelihoods, longest=3) == {"": pytest.approx(0, abs=1e-6)}


def test_images_are_scored_each_for_itself():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 2, (4, 12, 11))
    likelihoods = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    together = string_probabilities(np.log(likelihoods).astype(np.float32))
    assert together == [pytest.approx(_read(one)) for one in likelihoods]


TEXTS = st.dictionaries(st.text("0123456789", max_size=5), st.floats(0.001, 1), max_size=8)


@given(weights=TEXTS, kind=st.sampled_from(["number", "day", "month", "year"]))
def test_only_what_the_form_allows(weights, kind):
    total = max(1.0, sum(weights.values()))
    found = candidates(kind, {text: w / total for text, w in weights.items()}, 1.0)
    assert sum(p for _, p in found) <= 1
    for text, _ in found:
        value = int(text)
        if kind == "number":
            assert text in weights
            assert value > 0
        else:
            low, high, length = {"day": (1, 31, 2), "month": (1, 12, 2), "year": (1945, 2099, 4)}[kind]
            assert low <= value <= high
            assert len(text) == length


def test_what_cannot_be_a_day_takes_from_what_can():
    sure = candidates("day", {"15": 0.5}, 1.0)[0][1]
    unlawful = candidates("day", {"15": 0.5, "45": 0.5}, 1.0)
    assert [text for text, _ in unlawful] == ["15"]
    assert 0.5 < unlawful[0][1] < 0.9
    assert unlawful[0][1] == pytest.approx(sure, abs=1e-3)


def test_a_day_without_its_zero_is_less_likely_than_with_it():
    with_zero = dict(candidates("day", {"05": 0.5, "15": 0.5}, 1.0))
    without = dict(candidates("day", {"5": 0.5, "15": 0.5}, 1.0))
    assert with_zero["05"] == pytest.approx(with_zero["15"])
    assert without["05"] < 0.5 * without["15"]


def test_temperature_softens():
    sharp = candidates("number", {"12": 0.9, "17": 0.1}, 1.0)
    soft = candidates("number", {"12": 0.9, "17": 0.1}, 2.0)
    assert soft[0][1] < sharp[0][1]
    assert soft[0][0] == sharp[0][0]


LINE = [
    Word("Số:", Box(100, 110, 157, 150), 0.96),
    Word("/UBND-VP", Box(260, 118, 472, 150), 0.96),
    Word("ngày", Box(800, 118, 885, 160), 0.96),
    Word("tháng", Box(960, 118, 1058, 160), 0.96),
    Word("01", Box(1070, 118, 1108, 150), 0.96),
    Word("năm", Box(1120, 118, 1195, 150), 0.96),
    Word("2025", Box(1206, 118, 1292, 150), 0.96),
]


def test_type_size_is_that_of_the_untouched_words():
    assert type_size(LINE, 240) == pytest.approx(45, rel=0.05)
    assert type_size([], 240) == 45
    assert type_size([Word("2025", Box(0, 0, 400, 30), 0.96)], 240) == 45


def test_a_word_not_in_the_table_has_no_width():
    assert advance("ngày") == pytest.approx(1.944)
    assert advance("→") is None


def test_edges_stay_where_a_swollen_word_must_end():
    slot = BoxedSlot(SlotKind.DAY, Box(885, 112, 960, 166))
    whole = measure(slot, LINE, 44.5)[0][0]
    swollen = [w if w.text != "ngày" else Word("ngày", Box(800, 118, 920, 160), 0.7) for w in LINE]
    again = measure(BoxedSlot(SlotKind.DAY, Box(920, 112, 960, 166)), swollen, 44.5)[0][0]
    assert abs(again.x0 - whole.x0) <= 4
    glued = [w if w.text != "tháng" else Word("15tháng", Box(905, 118, 1058, 160), 0.7) for w in LINE]
    again = measure(BoxedSlot(SlotKind.DAY, Box(885, 112, 935, 166)), glued, 44.5)[0][0]
    assert abs(again.x1 - whole.x1) <= 6


def test_a_party_code_begins_with_its_hyphen():
    line = [Word("Số", Box(100, 110, 142, 150), 0.96), Word("-KH/TU", Box(230, 118, 364, 150), 0.96)]
    window = measure(BoxedSlot(SlotKind.NUMBER, Box(142, 105, 230, 160)), line, 45)[0][0]
    assert window.x1 == pytest.approx(226, abs=4)
    assert window.lean == 0
    assert measure(BoxedSlot(SlotKind.NUMBER, Box(157, 105, 260, 160)), LINE, 45)[0][0].lean > 0


def test_windows_weigh_one_together():
    for slot in (BoxedSlot(SlotKind.DAY, Box(885, 112, 960, 166)), BoxedSlot(SlotKind.NUMBER, Box(157, 105, 260, 160))):
        assert sum(weight for _, weight in measure(slot, LINE, 45)) == pytest.approx(1)


def test_without_words_the_box_is_the_window():
    window = measure(BoxedSlot(SlotKind.MONTH, Box(10, 10, 60, 50)), [], 40)[0][0]
    assert (window.x0, window.x1) == (10, 60)
    assert beside(Box(10, 10, 60, 50), LINE) == []


WINDOW = Window(100, 200, 150, 45.0, 0.42)


def test_a_stamp_s_slot_has_its_own_size_and_base_line():
    window = measure(BoxedSlot(SlotKind.DAY, Box(190, 105, 260, 155), 145.0, 40.0), [], 60)[0][0]
    assert (window.x0, window.x1, window.base, window.em, window.dense) == (190, 260, 145, 40, True)


def _page():
    return np.full((240, 400), 255, np.uint8)


def test_a_slash_a_rule_and_specks_are_not_cut_out():
    page = _page()
    page[118:150, 130:134] = 0  # a digit
    page[165:168, 60:380] = 0  # a rule
    page[120:123, 170:173] = 0  # a speck
    for y in range(119, 151):
        x = 204 + round((150 - y) * 0.42)
        page[y, x : x + 3] = 0  # the printed slash
    found = cut_out(page, WINDOW)
    assert found is not None
    assert found.ink.shape == (32, 4)
    assert not found.doubtful


def test_digits_on_a_rule_come_off_it():
    page, ruled = _page(), _page()
    for image in (page, ruled):
        image[118:150, 130:136] = image[118:150, 160:166] = 0
    ruled[148:151, 60:260] = 0
    with_rule, without = cut_out(ruled, WINDOW), cut_out(page, WINDOW)
    assert not with_rule.doubtful
    assert with_rule.ink.shape[1] == without.ink.shape[1]
    assert abs(with_rule.ink.shape[0] - without.ink.shape[0]) <= 2


def test_a_blot_does_not_make_pale_digits_paper():
    page = _page()
    for x in (120, 140, 160):
        page[118:150, x : x + 5] = 190
    page[118:124, 140:158] = 0
    found = cut_out(page, WINDOW)
    assert found.ink.shape[1] >= 44
    assert found.ink[16, 2] > 0.8


def test_a_digit_that_touches_print_is_cut_and_doubted():
    page = _page()
    page[118:150, 150:160] = 0
    page[128:140, 150:300] = 0  # joined, by more than a rule is thick, with
    page[118:150, 290:300] = 0  # something far to the right
    found = cut_out(page, WINDOW)
    assert found is not None
    assert found.doubtful
    assert found.ink.shape[1] < 100


def test_in_a_stamp_the_strokes_that_are_together_are_cut_out():
    page = _page()
    page[100:240, 370:374] = 0  # the frame
    page[118:150, 110:116] = 0  # a letter of the label
    page[118:150, 200:206] = page[118:150, 215:221] = 0  # digits
    page[80:101, 200:230] = 0  # the line above
    window = Window(100, 380, 150, 45.0, 0.0, True)
    found = cut_out(page, window)
    assert found is not None
    assert found.ink.shape == (32, 21)
    assert cut_out(_page(), window) is None


def test_nothing_to_cut():
    assert cut_out(_page(), WINDOW) is None
    assert cut_out(_page(), Window(1000, 1100, 150, 45.0, 0.0)) is None


def test_views_are_of_the_network_s_size():
    page = _page()
    page[118:150, 130:134] = 0
    found = cut_out(page, WINDOW)
    assert found is not None
    seen = views(found)
    assert seen.shape[:2] == (len(VIEWS), 32)
    assert seen.shape[2] % 4 == 0
    assert 0 <= seen.min() <= seen.max() <= 1
    assert found.same(found)


def test_disagreeing_windows_share_the_probability():
    page = _page()
    page[118:150, 130:134] = 0
    one = cut_out(page, WINDOW)
    whole = read([(one, 1.0)], trained())
    half = read([(one, 0.5), (None, 0.5)], trained())
    best = max(filter(None, whole), key=lambda text: whole[text])
    assert half[best] == pytest.approx(whole[best] / 2)
    assert half[""] >= 0.5


def test_a_number_torn_where_no_slash_was_found_is_doubted():
    ink, body = np.ones((30, 20), np.float32), (0, 30)
    sure, torn = Cut(ink, body), Cut(ink, body, torn=True)
    unended, ended = Cut(ink, body, unended=True), Cut(ink, body, unended=True, end=200)
    assert trust_in_end([(unended, 0.8), (torn, 0.1), (sure, 0.1)]) < 0.6
    assert trust_in_end([(unended, 0.8), (sure, 0.2)]) == 1.0
    assert trust_in_end([(torn, 0.8), (unended, 0.2)]) == 1.0  # as in a date, whose blanks no slash ends
    assert trust_in_end([(unended, 0.8), (torn, 0.1), (ended, 0.1)]) == 1.0


@pytest.mark.parametrize("others", [1, 2, 4])
def test_a_tail_does_not_make_the_other_digits_small(others):
    keep = np.zeros((80, 150), dtype=bool)
    for k in range(others):
        keep[:50, 30 * k : 30 * k + 8] = True
    assert body_of_most(keep, (0, 50)) == (0, 50)
    keep[:80, 30 * others : 30 * others + 8] = True
    assert body_of_most(keep, (0, 80)) == ((0, 50) if others > 1 else (0, 80))


def test_blue_ink_is_darker_than_a_red_seal():
    colours = np.array([[[34, 48, 130], [205, 38, 44]]], np.uint8)
    blue, red = one_channel(colours)[0]
    assert blue < 60
    assert red > 200
