"""The lines of ``pairs.jsonl``: one pair each, of a blank, of a text or of a line of print."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vndoc.errors import FormatError, MissingFileError
from vndoc.slots import SlotForm, SlotKind

PAIRS, ABOUT = "pairs.jsonl", "export.json"
"""Files of an export: the pairs, written last, and what they were taken from."""

Box = tuple[int, int, int, int]


class _Pair(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """The same for the same thing on the same page: a later pair takes the place of an earlier one."""
    document: str
    """The document's key: the SHA-256 of its bytes, for a part of a bundle with its first page behind it."""
    office: str | None
    """Who issued the document."""
    change: int
    """Number of the change in the archive by which the truth was said."""
    pointer: str
    """The field, or the word: ``/code_number``, ``/pages/1/words/372,344,494,399``."""
    page: int
    box: Box
    """In pixels of the page as it was read."""
    raw: str | None
    """What was read, before any repair; None: nothing."""
    truth: str


class InkCut(BaseModel):
    """The ink of a blank as the reader cuts it: see :class:`vndoc.ocr.handwriting.cut.Cut`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float
    crop: str | None
    """A PNG beside the list, ink 255 on 0; None: so cut, the blank is empty."""
    body: tuple[int, int] = (0, 0)
    torn: bool = False
    unended: bool = False
    end: int | None = None


class SlotPair(_Pair):
    """A blank of the form. ``written`` are the ways in which the truth may stand there: ``06``, ``6``."""

    kind: Literal["slot"] = "slot"
    form: SlotForm
    slot: SlotKind
    written: tuple[str, ...]
    cuts: tuple[InkCut, ...]


class TextPair(_Pair):
    """A word, or the whole text of a field. ``context`` is the line of a word as it was read."""

    kind: Literal["text"] = "text"
    context: str | None = None


class LinePair(_Pair):
    """A line of print of which each word is confirmed, or was read surely; ``crop`` as the network of lines sees it."""

    kind: Literal["line"] = "line"
    crop: str


class Withdrawn(BaseModel):
    """What was said is said no longer: pairs of this ``id`` in earlier exports do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["withdrawn"] = "withdrawn"
    id: str
    change: int


Pair = Annotated[SlotPair | TextPair | LinePair | Withdrawn, Field(discriminator="kind")]
_PAIR: TypeAdapter[Pair] = TypeAdapter(Pair)


def identity(document: str, kind: str, pointer: str) -> str:
    """The ``id`` of a pair."""
    return hashlib.sha256(f"{document} {kind} {pointer}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


def load(folder: Path) -> Iterator[Pair]:
    """The pairs of an export.

    Raises:
        MissingFileError: the folder holds no export, or one that was not finished.
        FormatError: a line is no pair.
    """
    path = folder / PAIRS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise MissingFileError(f"{path}: cannot be read ({error.strerror}); export the corrections again") from None
    for number, line in enumerate(lines, 1):
        try:
            yield _PAIR.validate_json(line)
        except ValidationError:
            raise FormatError(f"{path}: line {number} is no pair; export the corrections again") from None
