"""The network of lines at run time: the scores of plain sums, alone and in company, on one thread and on more."""

import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
import pytest

from vndoc.errors import SetupError
from vndoc.ocr.engines.lines.alphabet import CLASSES
from vndoc.ocr.engines.lines.network import LineNetwork, trained
from vndoc.ocr.engines.lines.strips import HEIGHT

SHIPPED = files("vndoc.ocr.engines.lines").joinpath("lines.npz")


def strip(width, seed=0):
    """Letters of a sort: dark strokes on paper."""
    rng = np.random.default_rng(seed)
    image = np.zeros((HEIGHT, width), np.uint8)
    image[20:38] = rng.integers(0, 2, width, dtype=np.uint8).repeat(3)[:width] * 255
    return cv2.GaussianBlur(image, (3, 3), 0)


@cache
def shipped_model():
    with SHIPPED.open("rb") as file, np.load(file) as arrays:
        return arrays["model"].tobytes()


# An ONNX file, read and computed as plainly as can be; protocol buffers are numbered fields.


def number(data, at):
    """A whole number of any length, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Numbers and values of a message of protocol buffers: whole numbers, or bytes."""
    at = 0
    while at < len(data):
        key, at = number(data, at)
        if key & 7 == 5:  # a 32-bit number
            at += 4
            continue
        value, at = number(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        yield key >> 3, value


def every(data, field):
    return [value for number, value in fields(data) if number == field]


TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64}


def tensor(data):
    dims, (kind,), raw = every(data, 1), every(data, 2), b"".join(every(data, 9) or every(data, 4))
    if raw:
        return np.frombuffer(raw, TYPES[kind]).reshape(dims)
    ((packed,), at, values) = every(data, 5), 0, []
    while at < len(packed):
        value, at = number(packed, at)
        values.append(value)
    return np.array(values).astype(TYPES[kind]).reshape(dims)


def node_of(data):
    settings = {every(a, 1)[0].decode(): every(a, 8) for a in every(data, 5)}
    settings |= {every(a, 1)[0].decode(): every(a, 3)[0] for a in every(data, 5) if every(a, 3)}
    return every(data, 4)[0].decode(), every(data, 1), every(data, 2)[0], settings


def convolved(x, weights, biases, strides, pads, group, **_):
    """``(channels, rows, columns)``, one place of the output after another."""
    top, left, bottom, right = pads
    x = np.pad(x, ((0, 0), (top, bottom), (left, right)))
    out, inside, rows, columns = weights.shape
    height = (x.shape[1] - rows) // strides[0] + 1
    width = (x.shape[2] - columns) // strides[1] + 1
    found = np.empty((out, height, width))
    grouped = weights.reshape(group, out // group, inside, rows, columns)
    for r in range(height):
        for c in range(width):
            seen = x[:, r * strides[0] : r * strides[0] + rows, c * strides[1] : c * strides[1] + columns]
            seen = seen.reshape(group, inside, rows, columns)
            found[:, r, c] = np.einsum("goirc,girc->go", grouped, seen).ravel() + biases
    return found


def scaled(x, scale, zero):
    """What numbers of 8 or 32 bits mean; each row of weights has a scale of its own."""
    rows = (-1,) + (1,) * (x.ndim - 1)
    return (x - zero.reshape(rows if zero.size > 1 else ())) * scale.reshape(rows if scale.size > 1 else ())


def computed(model, picture):
    """What the graph gives for a strip, in 64 bits: ``(columns, classes)``, each column's likelihoods in logarithms.

    Between the layers values are rounded to 8 bits, as the graph says.
    """
    (graph,) = every(model, 7)
    values = {every(t, 8)[0]: tensor(t).astype(np.float64) for t in every(graph, 5)}
    values[b"strips"] = picture[None] / 255
    for operation, inputs, output, settings in map(node_of, every(graph, 1)):
        first, *rest = (values[name] for name in inputs)
        match operation:
            case "QuantizeLinear":
                scale, zero = rest
                values[output] = np.clip(np.rint(first / scale) + zero, 0, 255)
            case "DequantizeLinear":
                values[output] = scaled(first, *rest)
            case "Identity":
                values[output] = first
            case "Conv":
                values[output] = convolved(first, *rest, **settings)
            case "Relu":
                values[output] = np.maximum(first, 0)
            case "Add":
                values[output] = first + rest[0]
            case "Reshape":
                values[output] = first.reshape(-1, 1, first.shape[-1])
    logits = values[b"scores"][:, 0].T
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def test_the_scores_are_what_plain_sums_give():
    picture = strip(96)
    found, expected = trained().scores([picture])[0], computed(shipped_model(), picture)
    # What lies halfway between two values of 8 bits may be rounded either way on another processor.
    assert np.allclose(np.exp(found), np.exp(expected), atol=0.02)
    assert np.array_equal(found.argmax(axis=1), expected.argmax(axis=1))


def test_weights_of_8_bits_use_7_so_that_no_processor_overflows():
    (graph,) = every(shipped_model(), 7)
    whole = [tensor(t) for t in every(graph, 5) if every(t, 2) == [3]]
    assert sum(weights.size for weights in whole) > 1_000_000
    assert all(np.abs(weights.astype(int)).max() <= 64 for weights in whole)


@pytest.mark.parametrize("width", [1, 4, 31, 32, 33, 130])
def test_a_column_for_every_four_pixels_and_its_likelihoods_sum_to_one(width):
    (scores,) = trained().scores([strip(width)])
    assert scores.shape == (-(-width // 4), CLASSES)
    assert scores.dtype == np.float32
    assert np.allclose(np.exp(scores).sum(axis=1), 1, atol=1e-4)


def test_what_else_is_read_changes_nothing():
    strips = [strip(width, seed) for seed, width in enumerate((300, 290, 64, 300, 21))]
    alone = [trained().scores([s])[0] for s in strips]
    for order in ([0, 1, 2, 3, 4], [4, 2, 3, 0, 1]):
        together = trained().scores([strips[k] for k in order])
        assert all(np.array_equal(scores, alone[k]) for scores, k in zip(together, order, strict=True))
    assert trained().scores([]) == []


def test_threads_read_what_one_reads():
    strips = [strip(width, seed) for seed, width in enumerate(range(40, 240, 20))]
    alone = trained().scores(strips)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: trained().scores(strips), range(8)))
    for scores in found:
        assert all(map(np.array_equal, scores, alone))


def test_the_version_is_of_the_weights():
    again = LineNetwork(shipped_model())
    assert again.version == trained().version
    assert again.version.isalnum()


@pytest.mark.parametrize("shape", [(47, 100), (HEIGHT, 0)])
def test_a_picture_that_is_no_strip_is_refused(shape):
    with pytest.raises(ValueError, match=f"{shape[0]} rows and {shape[1]} columns"):
        trained().scores([np.zeros(shape, np.uint8)])


def damaged(path, kind):
    data = SHIPPED.read_bytes()
    match kind:
        case "missing":
            return
        case "cut off":
            path.write_bytes(data[: len(data) // 2])
        case "one byte changed":
            at = len(data) // 2
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        case "something else":
            path.write_text("weights")
        case "no model":
            np.savez(path, weights=np.zeros(3))
        case "no member":
            with zipfile.ZipFile(path, "w"):
                pass


@pytest.mark.parametrize("kind", ["missing", "cut off", "one byte changed", "something else", "no model", "no member"])
def test_a_damaged_file_is_named(tmp_path, kind):
    path = tmp_path / "lines.npz"
    damaged(path, kind)
    with pytest.raises(SetupError, match=r"lines\.npz: holds no network") as caught:
        trained(path)
    assert "\n" not in str(caught.value)


def test_a_model_of_something_else_is_named(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, model=np.frombuffer(b"no model at all", np.uint8))
    with pytest.raises(SetupError, match=r"other\.npz: holds no network"):
        trained(path)


def test_the_weights_that_come_along_are_small():
    assert len(SHIPPED.read_bytes()) < 4e6


def test_nothing_is_sent_to_the_makers_of_onnxruntime(tmp_path):
    """What would be sent is begun with a number of the machine in the folder for temporary files."""
    code = "from vndoc.ocr.engines.lines.network import trained; trained()"
    around = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], check=True, env={**around, "TMPDIR": str(tmp_path)})
    assert not list(tmp_path.iterdir())
