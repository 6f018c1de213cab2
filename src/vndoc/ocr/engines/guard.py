"""A text engine held to its word: whatever it raises or returns, a page fails with its name and not the document."""

from collections.abc import Iterable, Sequence
from math import isfinite

from vndoc.damage import raise_if_grave
from vndoc.errors import EngineError, VndocError
from vndoc.ocr.engines.engine import ImageKind, TextEngine
from vndoc.ocr.imaging.image import Image8
from vndoc.page import Box, Line, Word


class GuardedEngine:
    """An engine whose failures are :class:`EngineError` and whose readings are what :class:`TextEngine` promises."""

    def __init__(self, engine: TextEngine) -> None:
        self._engine = engine
        self.name = str(engine.name)

    @property
    def remark(self) -> str | None:
        """What a user should know of the engine and of how it read, if it says anything."""
        remark = getattr(self._engine, "remark", None)
        return str(remark) if remark else None

    @property
    def version(self) -> str:
        """That of the engine."""
        return str(self._engine.version)

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """See :meth:`TextEngine.read`; EngineError for everything that is not as promised there."""
        try:
            read = self._engine.read(images, kind, dpi)
        except VndocError:
            raise
        except Exception as error:
            raise_if_grave(error)
            raise EngineError(f"the text engine '{self.name}' failed ({type(error).__name__})") from error
        wrong = _wrong(read, len(images))
        if wrong:
            raise EngineError(f"the text engine '{self.name}' returned {wrong}")
        return read


def _wrong(read: object, amount: int) -> str | None:
    """What is wrong with the readings of so many images, None if nothing is."""
    if not isinstance(read, list | tuple) or len(read) != amount:
        given = len(read) if isinstance(read, list | tuple) else type(read).__name__
        return f"{given} readings for {amount} images"
    for lines in read:
        if not isinstance(lines, list | tuple) or not all(isinstance(line, Line) for line in lines):
            return "what are no lists of lines"
        wrong = next((found for line in lines if (found := _wrong_word(line.words))), None)
        if wrong:
            return wrong
    return None


def _wrong_word(words: Iterable[object]) -> str | None:
    for word in words:
        if not isinstance(word, Word) or not isinstance(word.text, str) or not word.text.strip():
            return f"what is no word: {word!r}"[:200]
        if not isfinite(word.confidence) or not 0 <= word.confidence <= 1:
            return f"a confidence of {word.confidence}, which is not between 0 and 1"
        if word.box is not None and not isinstance(word.box, Box):
            return f"what is no box: {word.box!r}"[:200]
    return None
