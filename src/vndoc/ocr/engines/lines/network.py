"""The trained network in OpenCV: from the strip of a line to the likelihood of each character in every column.

The network is the one of ``training/lines/network.py``, its normalisations folded into the convolutions, as an ONNX
file that ``training/lines/export.py`` writes. It is run by ``cv2.dnn``, which every installation has.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from vndoc.errors import SetupError
from vndoc.ocr.engines.lines.alphabet import CLASSES
from vndoc.ocr.engines.lines.strips import HEIGHT, STRIDE
from vndoc.ocr.imaging.image import Image8

Floats = NDArray[np.float32]

_STEP = 32  # strips are filled up to a multiple of so many columns, for training filled them up too
_guard = Lock()
_calls: list[int] = []  # for each call that is going on, the threads that OpenCV had before the first of them


class LineNetwork:
    """A network that reads lines; safe to share between threads.

    Args:
        model: an ONNX file; ``(1, 1, 48, width)``, paper 0 and ink 1, to scores ``(1, CLASSES, 1, width / 4)``.

    Raises:
        ValueError: The model gives something else.
        cv2.error: It is no model that OpenCV can run.
    """

    def __init__(self, model: bytes) -> None:
        self.version = hashlib.sha256(model).hexdigest()[:12]
        """Differs between networks of other weights."""
        self._model = np.frombuffer(model, np.uint8)
        self._idle: list[Any] = []
        """Copies of the network that no thread uses at the moment: each keeps state of its own while it reads."""
        with _one_thread():
            shape = self._raw(np.zeros((1, 1, HEIGHT, _STEP), np.float32)).shape
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
        with _one_thread():
            return [self._read(strip) for strip in strips]

    def _read(self, strip: Image8) -> Floats:
        height, width = strip.shape
        if height != HEIGHT or not width:
            raise ValueError(f"a strip of {height} rows and {width} columns in place of {HEIGHT} rows")
        filled = np.zeros((1, 1, HEIGHT, -(-width // _STEP) * _STEP), np.float32)
        np.divide(strip, np.float32(255), out=filled[0, 0, :, :width])
        logits = np.ascontiguousarray(self._raw(filled)[0, :, 0, : -(-width // STRIDE)].T)
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return logits

    def _raw(self, strip: Floats) -> Floats:
        """What the network itself gives."""
        try:
            network = self._idle.pop()
        except IndexError:
            network = cv2.dnn.readNetFromONNX(self._model)
        network.setInput(strip)
        scores = np.asarray(network.forward(), np.float32)
        self._idle.append(network)
        return scores


@contextmanager
def _one_thread() -> Iterator[None]:
    """OpenCV kept to one thread, a setting of the whole process, until the last call that needs it is done.

    Pages are read on several threads already, and two threads for one line cost a fifth more of the processors' time.
    """
    with _guard:
        if not _calls:
            _calls.append(cv2.getNumThreads())
            cv2.setNumThreads(1)
        else:
            _calls.append(_calls[0])
    try:
        yield
    finally:
        with _guard:
            before = _calls.pop()
            if not _calls:
                cv2.setNumThreads(before)


@cache
def trained(path: Path | None = None) -> LineNetwork:
    """The network of a file; without one, that which comes with the package. SetupError where it holds none.

    The file is numpy's (``*.npz``), so that damage is noticed; its array ``model`` is the ONNX file.
    """
    source = path or files("vndoc.ocr.engines.lines").joinpath("lines.npz")
    try:
        with source.open("rb") as file, np.load(file) as arrays:
            return LineNetwork(arrays["model"].tobytes())
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, cv2.error) as error:
        reason = " ".join(str(error).split())
        raise SetupError(f"{source}: holds no network that training/lines has made ({reason})") from error
