"""Going on from the weights of the digit networks; skipped where torch is not installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.digits.refine import folded, real, unfolded  # noqa: E402
from training.digits.strings import WIDTH  # noqa: E402
from vndoc.ocr.handwriting.cut import Cut  # noqa: E402
from vndoc.ocr.handwriting.network import trained  # noqa: E402


def test_going_on_begins_where_the_package_is():
    images = np.random.default_rng(1).random((2, 32, 64)).astype(np.float32)
    for network in trained().networks:
        model = unfolded(network).eval()
        with torch.no_grad():
            logits = model(torch.from_numpy(images)[:, None])[:, :, 0].permute(0, 2, 1)
        assert np.abs(logits.log_softmax(2).numpy() - network.log_likelihoods(images)).max() < 1e-3
        arrays = folded(model)
        assert all((arrays[f"w{k}"] == weight).all() for k, weight in enumerate(network.weights))


def test_a_real_slot_is_shown_as_drawn_strings_are():
    ink = np.zeros((40, 70), np.float32)
    ink[:, 10:14] = ink[:, 50:54] = 1
    for seed in range(5):
        seen = real(Cut(ink, (0, 40), False), np.random.default_rng(seed))
        assert seen.shape == (32, WIDTH)
        assert seen.max() > 200
