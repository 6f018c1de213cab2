"""Text engines by name."""

from collections.abc import Callable

from vndoc.ocr.engines.engine import TextEngine
from vndoc.registry import Registry
from vndoc.settings import Settings

ENGINES: Registry[Callable[[Settings], TextEngine]] = Registry(
    "vndoc.engines",
    "text engine",
    {
        "auto": "vndoc.ocr.engines.auto:Auto.from_settings",
        "lines": "vndoc.ocr.engines.lines.engine:Lines.from_settings",
        "tesseract": "vndoc.ocr.engines.tesseract:Tesseract.from_settings",
    },
)


def text_engine(settings: Settings) -> TextEngine:
    """The engine that the settings name, made as they say.

    Raises:
        SetupError: there is none of that name, or it cannot be loaded.
    """
    return ENGINES.get(settings.engine)(settings)
