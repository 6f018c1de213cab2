"""Files of every format, read in this process: opened, parsed and written out again. Text engines are left out.

The pages' images are decoded and cleaned as ever, but a stand-in reads them: recognition is the same for any image, and
takes most of the time.
"""

from collections.abc import Sequence
from itertools import islice

from tests.fuzz.promises import demand, kept, one_line
from vndoc.containers import parts
from vndoc.document import Document
from vndoc.errors import VndocError
from vndoc.export.edxml import to_edxml
from vndoc.export.markdown import to_markdown
from vndoc.export.register import to_register
from vndoc.ocr.engines.engine import ImageKind
from vndoc.page import Box, Line, Word
from vndoc.pipeline import read_each
from vndoc.settings import Limits, Settings
from vndoc.sources import SourceFile
from vndoc.sources.backend import Image8

SETTINGS = Settings(jobs=1, dpi=72, limits=Limits(page_pixels=2_000_000))
PARTS, DOCUMENTS, BYTES = 5, 3, 1024**2
"""How much of a file with others in it is read, and of what size: what is behind that is like what is before."""


class StandIn:
    """An engine that reads the same number in every image."""

    name, version = "stand-in", "1"

    def read(self, images: Sequence[Image8], kind: ImageKind, dpi: int) -> list[list[Line]]:
        """One line, which fills the upper half."""
        found = []
        for image in images:
            height, width = image.shape
            left, right = (
                Box(0, 0, max(1, width // 2), max(1, height // 2)),
                Box(width // 2, 0, width, max(1, height // 2)),
            )
            found.append([Line((Word("Số:", left, 0.9), Word("12/UBND", right, 0.9)))])
        return found


def file(data: bytes) -> None:
    """What is in it, and each document of that: an error of vndoc, or dispatches as promised, in every format."""
    if not data:
        return
    try:
        for part in islice(parts(SourceFile("a", data), attachments=True), PARTS):
            if isinstance(part, VndocError):
                one_line(part)
            elif len(part.data) <= BYTES:
                _document(part)
    except VndocError as error:
        one_line(error)


def _document(part: SourceFile) -> None:
    try:
        for document in islice(read_each(part, settings=SETTINGS, engine=StandIn()), DOCUMENTS):
            kept(document.dispatch)
            _written(document)
    except VndocError as error:
        one_line(error)


def _written(document: Document) -> None:
    dispatch = document.dispatch
    for text in (to_markdown(dispatch), to_register([dispatch]), to_edxml(dispatch)):
        text.encode("utf-8")
    demand(document.to_docx().startswith(b"PK"), "a Word file that is none")
