"""Training of the reader of lines itself; skipped where torch is not installed."""

import random
import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.lines.evaluate import read, scores  # noqa: E402
from training.lines.network import fold, network  # noqa: E402
from training.lines.parts import batched, part_path, save  # noqa: E402
from training.lines.strips import Line  # noqa: E402
from training.lines.train import (  # noqa: E402
    MakerEndedError,
    Plan,
    Progress,
    Trainer,
    forget,
    losses,
    stream,
    write_start,
)
from vndoc.ocr.engines.lines.alphabet import CLASSES, labels  # noqa: E402
from vndoc.ocr.engines.lines.network import LineNetwork, filled  # noqa: E402
from vndoc.ocr.engines.lines.strips import HEIGHT  # noqa: E402

PLAN = Plan(lines=1000, minutes=1e6, rate=1e-3, pixels=400, memory=0.9, seed=1, device="cpu")
TINY = {"channels": (4, 6, 8), "wide": 12, "kernels": (3, 3)}


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


def lines(count=12, seed=0):
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        width = int(rng.integers(50, 90))
        text = "".join(rng.choice(list("nđổ"), 3))
        found.append(Line(rng.integers(0, 255, (HEIGHT, width), dtype=np.uint8), text, np.array([2, 6, 10])))
    return found


@pytest.mark.parametrize("width", [4, 61, 64, 130])
def test_a_column_for_every_four_pixels(width):
    model = network(**TINY).eval()
    assert model(torch.zeros(2, 1, HEIGHT, width)).shape == (2, CLASSES, 1, -(-width // 4))


def test_the_network_is_of_the_size_that_was_planned():
    assert 1_000_000 < sum(w.numel() for w in network().parameters()) < 3_000_000


def test_folding_changes_nothing():
    model = network(**TINY)
    x = torch.rand(4, 1, HEIGHT, 100)
    for _ in range(3):
        model(x)  # so that the means are not those of the beginning
    model.eval()
    with torch.inference_mode():
        before = model(x)
    folded = fold(model)
    with torch.inference_mode():
        assert torch.allclose(folded(x), before, atol=1e-4)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in folded.modules())


def test_the_exported_model_gives_nearly_the_same_scores():
    pytest.importorskip("onnx")
    from training.lines.export import exact, quantised  # noqa: PLC0415

    model = network(**TINY)
    for seed in range(3):
        model(torch.from_numpy(batched(lines(seed=seed)).strips)[:, None] / 255)
    folded = fold(model)
    strips = [line.strip for line in lines(20)]
    written = quantised(exact(folded), strips)
    assert written == quantised(exact(folded), strips)
    with torch.inference_mode():
        expected = [folded(torch.from_numpy(filled(strip))).log_softmax(1)[0, :, 0].T.numpy() for strip in strips]
    for found, scores_ in zip(LineNetwork(written).scores(strips), expected, strict=True):
        assert np.allclose(found, scores_[: len(found)], atol=0.3)


def test_the_losses_fall_where_the_glyphs_are_found():
    batch = batched([Line(np.zeros((HEIGHT, 64), np.uint8), "nđổ", np.array([2, 6, 10]))])
    right, wrong = (torch.full((16, 1, CLASSES), -5.0) for _ in range(2))
    right[:, :, 0] = wrong[:, :, 0] = 0
    for column, label in zip(batch.columns, labels("nđổ"), strict=True):
        right[column, 0, label] = wrong[column - 1, 0, label] = 5
    found, missed = (losses(x.log_softmax(2), batch) for x in (right, wrong))
    assert found[0] == pytest.approx(float(missed[0]), rel=0.05)  # CTC does not mind where
    assert found[1] < missed[1] - 4


def test_going_on_takes_the_same_step(tmp_path):
    steps = [batched(lines(seed=k)) for k in range(4)]
    straight = Trainer(network(**TINY), PLAN)
    for batch in steps[:2]:
        straight.step(batch)
    straight.save(tmp_path / "state.pt")
    resumed = Trainer(network(**TINY), PLAN)
    resumed.load(tmp_path / "state.pt")
    assert resumed.progress == straight.progress
    for batch in steps[2:]:
        assert straight.step(batch) == resumed.step(batch)
    for part in ("model", "mean"):
        first, second = (getattr(t, part).state_dict() for t in (straight, resumed))
        assert all(torch.equal(first[name], second[name]) for name in first)


def test_another_training_starts_from_the_weights_of_one(tmp_path):
    first = Trainer(network(**TINY), PLAN)
    first.step(batched(lines(seed=1)))
    write_start(first.mean.module.state_dict(), tmp_path / "start.npz")
    second = Trainer(network(**TINY), PLAN)
    second.start(tmp_path / "start.npz")
    assert second.progress == Progress()
    for model in (second.model, second.mean.module):
        for name, weights in first.mean.module.state_dict().items():
            assert torch.allclose(model.state_dict()[name].float(), weights.float(), rtol=1e-3, atol=1e-6)


def test_the_stream_goes_on_at_the_batch_it_stopped_at(tmp_path):
    for k in range(3):
        save(part_path(tmp_path, k), lines(30, k))
    progress = Progress()
    straight = []
    for batch in stream(tmp_path, PLAN, progress):
        straight.append((progress.round, progress.batch, batch.labels.tolist()))
        progress.batch += 1
        if progress.round == 2 and progress.batch == 3:
            break
    round_, number, _ = straight[-2]
    batch = next(stream(tmp_path, PLAN, Progress(round=round_, batch=number)))
    assert batch.labels.tolist() == straight[-2][2]
    assert (tmp_path / "round").read_text() == "2"


def test_training_stops_where_no_one_makes_lines(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
        with pytest.raises(MakerEndedError):
            next(stream(tmp_path, PLAN, Progress(), [ended]))


def test_parts_used_up_are_forgotten(tmp_path):
    for k in (0, 16, 17, 20):
        part_path(tmp_path, k).touch()
    (tmp_path / "trials-200-seen.npz").touch()
    forget(tmp_path, 20)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["part-000017.npz", "part-000020.npz", "trials-200-seen.npz"]


def test_the_rate_rises_stays_and_falls():
    rates = [PLAN.rate_at(Progress(step=s, seen=n)) for s, n in ((0, 0), (400, 500), (900, 800), (999, 1000))]
    assert rates[0] < rates[3] < rates[2] < rates[1] == PLAN.rate
    timed = Plan(10**9, minutes=10, rate=1e-3, pixels=400, memory=0.9, seed=1, device="cpu")
    assert timed.share(Progress(seen=10, seconds=300)) == pytest.approx(0.5)


def test_reading_gives_every_line_its_own_text():
    found = lines(30)
    random.Random(1).shuffle(found)
    model = network(**TINY)
    assert read(model, found) == [read(model, [item])[0] for item in found]
    assert scores(model, found).lines == 30
