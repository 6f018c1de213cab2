"""The trainers of what was confirmed; skipped where torch is not installed."""

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.corrections.__main__ import hands  # noqa: E402
from training.corrections.digits import retrained  # noqa: E402
from training.corrections.digits_torch import trainer  # noqa: E402
from training.corrections.simulate import hand  # noqa: E402
from training.corrections.slots import Sample, drawn  # noqa: E402
from training.digits.strings import TRIALS, Manner, as_cut, inked_by  # noqa: E402
from vndoc.ocr.handwriting.network import trained  # noqa: E402
from vndoc.slots import SlotKind  # noqa: E402

STEEP = Manner(slant=0.5, wide=0.9, turn=0.0, gap=1.0, drift=0.0, uneven=0.05)


def by_the_writer(count, seed):
    rng = np.random.default_rng(seed)
    texts = [str(rng.integers(10, 4000)) for _ in range(count)]
    return [
        Sample(SlotKind.NUMBER, [(as_cut(inked_by(hand(), text, rng, TRIALS, STEEP)), 1.0)], (text,)) for text in texts
    ]


def test_a_few_steps_give_networks_of_the_same_shape_and_the_same_seed_the_same_ones():
    learn = trainer(hands(None, held_out=False), None, steps=2, drawn=64)
    slots = [(sample.cuts[0][0], sample.truths[0]) for sample in by_the_writer(4, 1)]
    network = trained().networks[0]
    first, second = learn(network, slots), learn(network, slots)
    for old, a, b in zip(network.weights, first.weights, second.weights, strict=True):
        assert old.shape == a.shape
        assert (a == b).all()
    assert any((old != a).any() for old, a in zip(network.weights, first.weights, strict=True))


@pytest.mark.slow
def test_an_odd_hand_that_was_confirmed_is_read_better_and_others_no_worse():
    learn = trainer(hands(None, held_out=False), None, steps=40, drawn=600)
    base = drawn(hands(None, held_out=True), 20, TRIALS, 4)
    report, better = retrained(by_the_writer(40, 1), by_the_writer(20, 2), base, [], trained(), learn)
    assert report.after["held out"]["right"] > report.before["held out"]["right"]
    assert better is not None


class TestLines:
    """What the network itself knows of where the characters of a confirmed line are, and how it goes on."""

    @pytest.fixture(autouse=True)
    def _with_onnx(self):
        pytest.importorskip("onnx")

    def test_characters_are_placed_by_the_likeliest_way_to_write_them(self):
        from training.corrections.lines import aligned  # noqa: PLC0415

        scores = np.full((9, 4), -5.0)
        for column, number in enumerate((0, 2, 2, 0, 2, 0, 0, 3, 3)):
            scores[column, number] = 0.0
        assert aligned(scores, [2, 2, 3]).tolist() == [1, 4, 7]  # the middle ones of 1 and 2, of 4, of 7 and 8
        assert aligned(scores, [2, 1, 3]).tolist()[0] < 4

    @pytest.mark.slow
    def test_confirmed_lines_are_learnt_from_among_made_ones(self, tmp_path, monkeypatch):
        from tests.ocr.engines.lines.drawing import drawn as printed  # noqa: PLC0415
        from tests.ocr.engines.lines.drawing import xheight  # noqa: PLC0415
        from training.corrections import lines  # noqa: PLC0415
        from vndoc.archive.corrections.pairs import LinePair  # noqa: PLC0415
        from vndoc.ocr.engines.lines.network import trained as reader_of  # noqa: PLC0415
        from vndoc.ocr.engines.lines.strips import contrasted, placed  # noqa: PLC0415

        for name, value in (("MADE", 12), ("TRIALS", 4), ("_SCALED_BY", 2), ("TIMES", 1), ("_SHARES", (1.0,))):
            monkeypatch.setattr(lines, name, value)
        texts = ["Ủy ban nhân dân huyện", "báo cáo kết quả trước ngày", "các phòng, ban thuộc huyện"]
        pairs = []
        for number, text in enumerate(texts):
            image, (base,) = printed([text], 40)
            strip = contrasted(placed(image, base, xheight(40)))
            cv2.imwrite(str(tmp_path / f"{number}.png"), strip)
            pair = LinePair(
                id=str(number), document=str(number), office=None, change=1, pointer="/pages/1/lines/0,0,9,9",
                page=1, box=(0, 0, 9, 9), raw=text, truth=text, crop=f"{number}.png",
            )  # fmt: skip
            pairs.append((pair, tmp_path))
        found = lines.lines_of(pairs, reader_of())
        assert [line.text for line in found] == texts
        assert all((np.diff(line.columns) > 0).all() for line in found)
        assert lines.score(found, reader_of()).count("right") == 3
        passages = tmp_path / "passages.txt"
        row = "Các cơ quan, đơn vị báo cáo kết quả về Ủy ban nhân dân huyện để tổng hợp."
        passages.write_text("".join(f"{kind}\t{row}\n" for kind in ("official", "kept")), encoding="utf-8")
        report = lines.retrained(pairs[:2], pairs[2:], passages, None, tmp_path, 1)
        assert report.learnt_from == 2
        assert (tmp_path / lines.LINES).exists() == report.taken
