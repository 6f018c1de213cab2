"""Retraining with what was confirmed: how the pairs are parted, when a model is taken, the channel. Without torch."""

import json
from argparse import Namespace
from dataclasses import replace

import cv2
import numpy as np
import pytest

from training.corrections import channel, digits
from training.corrections.__main__ import hands, run
from training.corrections.gate import Exams, Report, Score, chosen, table
from training.corrections.parting import HELD_OUT, is_held_out, merged, parted
from training.corrections.simulate import hand, letters
from training.corrections.slots import Sample, drawn, samples, score, to_learn
from training.digits.strings import TRIALS, inked_by
from vndoc.archive.corrections.pairs import PAIRS, InkCut, SlotPair, TextPair, Withdrawn
from vndoc.errors import FormatError
from vndoc.ocr.handwriting.cut import Cut
from vndoc.ocr.handwriting.network import Network, trained
from vndoc.repair.corrector import Corrector
from vndoc.repair.model import load
from vndoc.repair.profile import Profile
from vndoc.slots import SlotForm, SlotKind


def text_pair(number, raw, truth, context=None, change=1):
    return TextPair(
        id=f"text {number}", document=f"document {number}", office="Sở", change=change, pointer="/subject", page=1,
        box=(0, 0, 9, 9), raw=raw, truth=truth, context=context,
    )  # fmt: skip


def slot_pair(number, truth, cuts=()):
    return SlotPair(
        id=f"slot {number}", document=f"document {number}", office=None, change=1, pointer="/code_number", page=1,
        box=(0, 0, 9, 9), raw=None, truth=truth, form=SlotForm.DISPATCH, slot=SlotKind.NUMBER, written=(truth,),
        cuts=cuts,
    )  # fmt: skip


def write(folder, *pairs):
    folder.mkdir(exist_ok=True)
    (folder / PAIRS).write_text("".join(f"{pair.model_dump_json()}\n" for pair in pairs), encoding="utf-8")
    return folder


class TestParting:
    def test_a_document_is_kept_out_or_learnt_from_for_ever_and_never_both(self, tmp_path):
        pairs = [pair for n in range(200) for pair in (text_pair(n, "a", "b"), slot_pair(n, "12"))]
        located = merged([write(tmp_path / "a", *pairs)])
        learnt, held_out = parted(located, TextPair)
        assert 200 / HELD_OUT / 2 < len(held_out) < 2 * 200 / HELD_OUT
        kept = {pair.document for pair, _ in held_out}
        assert not kept & {pair.document for pair, _ in learnt}
        assert {pair.document for pair, _ in parted(located, SlotPair)[1]} == kept
        assert is_held_out(sorted(kept)[0])

    def test_the_latest_truth_counts_and_a_withdrawn_one_does_not(self, tmp_path):
        first = write(tmp_path / "a", text_pair(1, "x", "y"), text_pair(2, "x", "y"), text_pair(3, "x", "y"))
        second = write(tmp_path / "b", text_pair(1, "x", "z", change=5), Withdrawn(id="text 2", change=6))
        found = {located.pair.id: located.pair.truth for located in merged([second, first])}
        assert found == {"text 1": "z", "text 3": "y"}


def of(right, open_=0, wrong=0, loss=1.0):
    return Score(("right",) * right + ("open",) * open_ + ("wrong",) * wrong, loss)


class TestGate:
    """A model is a number here: the share of new weights."""

    def choose(self, held_out, base, kept=None):
        report = Report("model")
        return chosen(report, 0.0, lambda share: share, Exams(held_out, base, kept)), report

    def test_better_on_what_was_kept_out_and_no_worse_on_the_base_is_taken(self):
        model, report = self.choose(lambda m: of(8 + (m > 0), 2 - (m > 0)), lambda m: of(10))
        assert (model, report.taken, report.share) == (1.0, True, 1.0)
        assert (report.before["held out"]["right"], report.after["held out"]["right"]) == (8, 9)

    def test_no_better_is_not_taken(self):
        model, report = self.choose(lambda m: of(8, 2), lambda m: of(10))
        assert (model, report.taken) == (None, False)
        assert "no better" in report.reason

    def test_more_right_but_more_wrong_is_not_better(self):
        assert not of(9, 0, 1).better_than(of(8, 2))
        assert of(8, 2, loss=0.9).better_than(of(8, 2))

    def test_where_all_of_it_forgets_a_part_of_it_is_taken(self):
        model, _ = self.choose(lambda m: of(8 + (m > 0), 2 - (m > 0)), lambda m: of(10 - (m > 0.7), int(m > 0.7)))
        assert model == 0.6

    def test_what_forgets_in_any_share_is_not_taken(self):
        model, report = self.choose(lambda m: of(8 + (m > 0), 2 - (m > 0)), lambda m: of(10 - (m > 0), int(m > 0)))
        assert model is None
        assert "loses" in report.reason

    def test_one_that_had_to_stay_refuses_all_though_another_came_right(self):
        def kept(model):
            return Score(("open", "right") if model else ("right", "open"), 1.0)

        model, report = self.choose(lambda m: of(8 + (m > 0), 2 - (m > 0)), lambda m: of(10), kept)
        assert model is None
        assert "had to stay" in report.reason
        assert "base" not in report.after  # no more is asked
        assert Score(("open", "right"), 1).none_worse_than(Score(("wrong", "open"), 1))
        assert not Score(("wrong",), 1).none_worse_than(Score(("open",), 1))
        assert not Score(("open",), 1).none_worse_than(Score(("right",), 1))
        on_edge = Score(("right",), 1, frozenset({0}))
        assert Score(("open",), 1).none_worse_than(on_edge)
        assert not Score(("wrong",), 1).none_worse_than(on_edge)

    def test_the_table_has_before_and_after_and_the_verdict(self):
        _, good = self.choose(lambda m: of(8 + (m > 0), 2 - (m > 0)), lambda m: of(10))
        _, bad = self.choose(lambda m: of(8, 2), lambda m: of(10))
        told = table([good, bad])
        assert "| model | held out | 10 | 8 → 9 |" in told
        assert "not taken: it reads" in told


@pytest.fixture(scope="module")
def trials():
    """Blanks that the package reads."""
    found = drawn(hands(None, held_out=True), 10, TRIALS, 3)
    return [one for one in found if score([one], trained()).count("right")]


class TestDigits:
    def test_a_crop_is_read_as_the_slot_was(self, tmp_path, trials):
        cut = trials[0].cuts[0][0]
        cv2.imwrite(str(tmp_path / "a.png"), np.rint(255 * cut.ink).astype(np.uint8))
        row = InkCut(weight=1.0, crop="a.png", body=cut.body, unended=True, end=7)
        pair = slot_pair(1, trials[0].truths[0], (row, InkCut(weight=0.5, crop=None)))
        (sample,) = samples([(pair, tmp_path)])
        again, weight = sample.cuts[0]
        assert np.abs(again.ink - cut.ink).max() < 1 / 255
        assert (again.body, again.unended, again.end, weight) == (cut.body, True, 7, 1.0)
        assert sample.cuts[1] == (None, 0.5)
        (tmp_path / "a.png").unlink()
        with pytest.raises(FormatError, match="export the corrections again"):
            samples([(pair, tmp_path)])

    def test_the_package_reads_most_of_the_base(self, trials):
        assert len(trials) >= 8
        assert score(trials, trained()).outcomes == ("right",) * len(trials)

    def test_a_number_on_a_stamp_is_given_only_when_it_is_surer(self, trials):
        number = next(t for t in trials if t.kind is SlotKind.NUMBER)
        stamped = replace(number, form=SlotForm.ARRIVAL_STAMP)
        assert (number.given, stamped.given) == (0.5, 0.86)
        assert replace(stamped, kind=SlotKind.DAY).given == 0.5

    def test_what_was_cut_in_the_wrong_place_is_not_learnt_from(self, trials):
        right = next(t for t in trials if t.cuts[0][0] and not t.cuts[0][0].doubtful)
        wrong = Sample(SlotKind.NUMBER, right.cuts, (f"{right.truths[0]}98",))
        torn = Sample(SlotKind.NUMBER, [(replace(right.cuts[0][0], torn=True), 1.0)], right.truths)
        found = list(to_learn([right, wrong, torn, Sample(SlotKind.NUMBER, [(None, 1.0)], ("1",))], trained()))
        assert [text for _, text in found] == [right.truths[0]]

    def test_a_trainer_that_spoils_the_networks_is_not_believed(self, trials):
        def spoil(network, slots):
            assert all(isinstance(cut, Cut) for cut, _ in slots)
            return Network(tuple(0 * w for w in network.weights), network.biases)

        report, better = digits.retrained(trials[:4], trials[4:6], trials[:2], [], trained(), spoil)
        assert better is None
        assert report.learnt_from
        assert not report.taken

    def test_a_trainer_that_puts_the_networks_right_is(self, trials):
        good = trained()
        dim = replace(good, networks=tuple(_dimmed(network) for network in good.networks))
        healed = iter(good.networks)
        report, better = digits.retrained(trials, trials[:6], trials[:2], trials[:2], dim, lambda *_: next(healed))
        assert better is not None
        assert report.taken
        assert report.after["held out"]["right"] > report.before["held out"]["right"]
        assert better.temperature == good.temperature

    def test_nothing_to_test_with_is_said(self, trials):
        report, better = digits.retrained(trials, [], trials, [], trained(), lambda network, _: network)
        assert (better, report.taken) == (None, False)
        assert "kept out" in report.reason


def _dimmed(network):
    """A network that is never sure."""
    weights = (*network.weights[:-1], 0.3 * network.weights[-1])
    return Network(weights, tuple(0.3 * b if k == len(weights) - 1 else b for k, b in enumerate(network.biases)))


class TestChannel:
    def test_a_misreading_that_was_mended_often_is_expected(self):
        old = load().channels["vie"]
        new = channel.learnt(old, [("hoạch", "hoạeh")] * 20)
        assert dict(new.candidates("hoạeh"))["hoạch"] > dict(old.candidates("hoạeh"))["hoạch"] + 3
        assert dict(new.candidates("của"))["của"] == pytest.approx(dict(old.candidates("của"))["của"], abs=0.01)

    def test_what_was_confirmed_as_read_makes_its_misreading_less_likely(self):
        old = load().channels["vie"]
        new = channel.learnt(old, [("tổ", "tổ")] * 200)
        assert dict(new.candidates("tô"))["tổ"] < dict(old.candidates("tô"))["tổ"]

    def test_words_of_fields_have_the_capitals_of_the_page(self):
        pairs = [text_pair(1, "UỶ BAN NHẢN DÂN", "Ủy ban nhân dân"), text_pair(2, "hoạeh", "hoạch", "kế hoạeh này")]
        assert channel.words_of(pairs) == [
            ("ỦY", "UỶ"), ("BAN", "BAN"), ("NHÂN", "NHẢN"), ("DÂN", "DÂN"), ("hoạch", "hoạeh"),
        ]  # fmt: skip
        rows = channel.rows_of(pairs)
        assert rows[0].truths == ["ỦY", "BAN", "NHÂN", "DÂN"]
        assert rows[1].truths == [None, "hoạch", None]

    def test_one_command_writes_a_language_that_repairs_the_offices_misreading(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr(channel, "sample_texts", lambda _: ["Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo."])
        held_out = [n for n in range(100) if is_held_out(f"document {n}")][:6]
        learnt = [n for n in range(100) if not is_held_out(f"document {n}")][:24]
        line = "ban hành theo kế hxach số của huyện"
        pairs = [text_pair(n, "hxach", "hoạch", line) for n in (*held_out, *learnt)]
        options = Namespace(
            exports=[write(tmp_path / "export", *pairs)], keep=[], out=tmp_path / "models", base=None,
            what=["channel", "lines"], passages=None,
        )  # fmt: skip
        report, lines = run(options)
        assert report.taken
        assert report.before["held out"]["right"] < report.after["held out"]["right"] == 6
        assert report.after["base"]["right"] >= report.before["base"]["right"]
        assert "--passages" in lines.reason
        corrector = Corrector(load(tmp_path / "models" / "language"))
        draft = corrector.draft(line.split(), [0] * 8, Profile.VIE, [1.0] * 8)
        assert draft.verdicts()[4].repaired == "hoạch"
        assert json.loads((tmp_path / "models" / "report.json").read_text("utf-8"))[0]["learnt_from"] == 24
        assert "| channel | held out |" in capsys.readouterr().out

    def test_a_channel_that_is_no_better_is_not_written(self, tmp_path, monkeypatch):
        monkeypatch.setattr(channel, "sample_texts", lambda _: ["Ủy ban nhân dân huyện yêu cầu các đơn vị báo cáo."])
        pairs = [text_pair(n, "của", "của", "kế hoạch của huyện") for n in range(40)]
        options = Namespace(
            exports=[write(tmp_path / "export", *pairs)], keep=[], out=tmp_path / "models", base=None,
            what=["channel"], passages=None,
        )  # fmt: skip
        (report,) = run(options)
        assert not report.taken
        assert [path.name for path in (tmp_path / "models").iterdir()] == ["report.json"]


class TestSimulatedWriter:
    def test_the_writer_has_one_hand_and_letters_of_their_own_number(self):
        found = list(letters(5, seed=1))
        assert found == list(letters(5, seed=1))
        assert len({letter.code_number for letter in found}) == 5
        ink = inked_by(hand(), "4079", np.random.default_rng(1), TRIALS)
        assert ink.shape[1] > ink.shape[0]
