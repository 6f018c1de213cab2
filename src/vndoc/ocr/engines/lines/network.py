"""The trained network in onnxruntime: from the strip of a line to the likelihood of each character in every column.

The network is the one of ``training/lines/network.py``, its normalisations folded into the convolutions, as an ONNX
file that ``training/lines/export.py`` writes. It counts in 8 bits, all but its last layer.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from vndoc.errors import SetupError
from vndoc.models import read_model
from vndoc.ocr.engines.lines.alphabet import CLASSES
from vndoc.ocr.engines.lines.strips import HEIGHT, STRIDE
from vndoc.ocr.imaging.image import Image8

Floats = NDArray[np.float32]

_STEP = 32  # strips are filled up to a multiple of so many columns, for training filled them up too
_SILENT = 4  # below what ends the process; errors are raised, and need not be printed too


class LineNetwork:
    """A network that reads lines; safe to share between threads.

    Args:
        model: an ONNX file; ``(1, 1, 48, width)``, paper 0 and ink 1, to scores ``(1, CLASSES, 1, width / 4)``.

    Raises:
        ValueError: It is no model that onnxruntime can run, or gives something else.
    """

    def __init__(self, model: bytes) -> None:
        self.version = hashlib.sha256(model).hexdigest()[:12]
        """Differs between networks of other weights."""
        try:
            self._session = _session(model)
            shape = self._raw(np.zeros((HEIGHT, 1), np.uint8)).shape
        except Exception as error:  # onnxruntime's have no common base
            raise ValueError(str(error)) from error
        if shape != (1, CLASSES, 1, _STEP // STRIDE):
            raise ValueError(f"scores of the shape {shape}")

    def scores(self, strips: Sequence[Image8]) -> list[Floats]:
        """Natural logarithms of the likelihoods of CTC's blank and the characters of the alphabet.

        Every strip is read alone, so what else is in the call makes no difference; together they are no faster.

        Args:
            strips: each ``(48, width)``, paper 0 and ink 255, of any width from 1 on.

        Returns:
            For each strip ``(ceil(width / 4), CLASSES)``; each column's likelihoods sum to 1.

        Raises:
            ValueError: A strip has another height, or no column.
        """
        return [self._read(strip) for strip in strips]

    def _read(self, strip: Image8) -> Floats:
        height, width = strip.shape
        if height != HEIGHT or not width:
            raise ValueError(f"a strip of {height} rows and {width} columns in place of {HEIGHT} rows")
        logits = np.ascontiguousarray(self._raw(strip)[0, :, 0, : -(-width // STRIDE)].T)
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return logits

    def _raw(self, strip: Image8) -> Floats:
        """What the network itself gives."""
        (scores,) = self._session.run(["scores"], {"strips": filled(strip)})
        return np.asarray(scores, np.float32)


def filled(strip: Image8) -> Floats:
    """A strip as the network takes it: ``(1, 1, 48, columns)``, filled up with paper; paper is 0, ink 1."""
    width = strip.shape[1]
    whole = np.zeros((1, 1, HEIGHT, -(-width // _STEP) * _STEP), np.float32)
    np.divide(strip, np.float32(255), out=whole[0, 0, :, :width])
    return whole


def _session(model: bytes) -> Any:
    """onnxruntime on the caller's thread alone: pages are read on several threads, or processes, already."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = _SILENT
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def trained(path: Path | None = None) -> LineNetwork:
    """The network of a file; without one, that which comes with the package. SetupError where it holds none.

    The file is numpy's (``*.npz``), so that damage is noticed; its array ``model`` is the ONNX file.
    """
    folder = path.parent if path else files("vndoc.ocr.engines.lines")
    name = path.name if path else "lines.npz"
    try:
        with np.load(BytesIO(read_model(folder, name, packaged=path is None))) as arrays:
            return LineNetwork(arrays["model"].tobytes())
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        reason = " ".join(str(error).split())
        raise SetupError(f"{folder / name}: holds no network that training/lines has made ({reason})") from error
