"""An opened file held to its word: whatever a backend raises costs a page, and says which format failed."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

import numpy as np

from vndoc.damage import raise_if_grave, reason
from vndoc.errors import EngineError
from vndoc.page import Page
from vndoc.sources.backend import Image8, Layout, OpenFile, Remark, TextLayer

_T = TypeVar("_T")


class GuardedFile:
    """See :class:`~vndoc.sources.backend.OpenFile`; what is not promised there is raised as :class:`EngineError`.

    Args:
        file: the opened file.
        kind: its media type, for messages.
    """

    def __init__(self, file: OpenFile, kind: str) -> None:
        self._file, self._kind = file, kind
        self.page_amount = guarded(kind, "its pages", lambda: int(file.page_amount))

    def page(self, number: int) -> Page | None:
        """See :meth:`OpenFile.page`."""
        return guarded(self._kind, f"page {number}", lambda: self._file.page(number))

    def layout(self, number: int, dpi: int) -> Layout:
        """See :meth:`OpenFile.layout`."""
        return guarded(self._kind, f"page {number}", lambda: self._file.layout(number, dpi))

    def image(self, number: int, dpi: int, *, marks: bool = False) -> Image8:
        """See :meth:`OpenFile.image`."""
        image = guarded(self._kind, f"page {number}", lambda: self._file.image(number, dpi, marks=marks))
        drawn = isinstance(image, np.ndarray) and image.dtype == np.uint8 and image.size > 0
        if not drawn or not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
            raise EngineError(f"the format '{self._kind}' gave no image of page {number}")
        return image

    def text_layer(self, number: int, dpi: int) -> TextLayer | None:
        """See :meth:`OpenFile.text_layer`."""
        return guarded(self._kind, f"the text of page {number}", lambda: self._file.text_layer(number, dpi))

    def remarks(self) -> Sequence[Remark]:
        """See :meth:`OpenFile.remarks`."""
        return guarded(self._kind, "its remarks", self._file.remarks)

    def __enter__(self) -> Self:
        """Use as a context."""
        guarded(self._kind, "the file", self._file.__enter__)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.__exit__(kind, error, traceback)


def guarded(kind: str, what: str, call: Callable[[], _T]) -> _T:
    """What ``call`` gives; an error that is not vndoc's own becomes :class:`EngineError` with the format's name.

    Raises:
        MachineError, MemoryLimitError: as :func:`vndoc.damage.raise_if_grave`.
    """
    try:
        return call()
    except Exception as error:
        raise_if_grave(error)
        raise EngineError(f"the format '{kind}' failed on {what} ({reason(error)})") from error
