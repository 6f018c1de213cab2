"""What a person has said of a document: a fact wins over every reading, and holds when the document is read again.

>>> from vndoc.facts import ValueFact
>>> ValueFact(pointer="/code_number", value="815").key
'/code_number'
"""

import json
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

ValuePointer = Literal[
    "/type_name",
    "/code_number",
    "/code_notation",
    "/organ_name",
    "/parent_organ_name",
    "/place",
    "/issued_date",
    "/subject",
    "/urgency",
    "/secrecy",
    "/circulation",
    "/signer/position",
    "/signer/full_name",
    "/arrival/number",
    "/arrival/date",
    "/due_date",
]
VALUES: tuple[str, ...] = get_args(ValuePointer)
"""Pointers of the single values that are read from a page, in the order of the form."""

STRING_LISTS = ("/recipients", "/signer/authority", "/to_places")
OBJECT_LISTS = ("/references", "/named_references", "/sections", "/tasks")
LONGEST = 20_000
"""Characters that a value may have."""

DATES = ("/issued_date", "/arrival/date", "/due_date")
CHOICES = {"/urgency": ("Hỏa tốc", "Thượng khẩn", "Khẩn"), "/secrecy": ("Tuyệt mật", "Tối mật", "Mật")}
"""Values that are one of a few (Decree 30/2020/NĐ-CP, Appendix I)."""


def _plain(text: str) -> str:
    """Composed letters, no blanks around, nothing that cannot be stored or shown."""
    text = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise ValueError("control characters are no text")
    return text


Text = Annotated[str, Field(max_length=LONGEST), AfterValidator(_plain)]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueFact(_Fact):
    """A single value. None: the page does not have it, or, where ``unreadable``, nobody can read it."""

    kind: Literal["value"] = "value"
    pointer: ValuePointer
    value: Text | None = None
    unreadable: bool = False

    @model_validator(mode="after")
    def _either(self) -> "ValueFact":
        if self.unreadable and self.value is not None:
            raise ValueError("what cannot be read has no value")
        if self.value == "":
            raise ValueError("an empty value: give null where the page has none")
        if self.value is not None and self.pointer in DATES:
            date.fromisoformat(self.value)
        if self.value is not None and self.value not in CHOICES.get(self.pointer, (self.value,)):
            raise ValueError(f"{self.pointer} is one of {', '.join(CHOICES[self.pointer])}")
        return self

    @property
    def key(self) -> str:
        """What the fact is about: a later one of the same key takes its place."""
        return self.pointer


class EntryFact(_Fact):
    """An entry of a list: added (no ``before``), removed (no ``after``), changed, or confirmed (both alike).

    ``before`` is the entry as it was read; after another reading it is found again by its words, as far as they are
    alike. ``at`` is the place of an added one.
    """

    kind: Literal["entry"] = "entry"
    pointer: str = Field(
        pattern=r"^(/recipients|/to_places|/signer/authority|/references|/named_references|/tasks|/sections(/\d+/children)*)$"
    )
    before: Text | dict[str, Any] | None = None
    after: Text | dict[str, Any] | None = None
    at: int | None = Field(default=None, ge=0, le=10_000)

    @model_validator(mode="after")
    def _either(self) -> "EntryFact":
        if self.before is None and self.after is None:
            raise ValueError("an entry is added, changed or removed: 'before', 'after' or both are needed")
        kind = str if self.pointer in STRING_LISTS else dict
        if not all(isinstance(entry, kind) for entry in (self.before, self.after) if entry is not None):
            raise ValueError(f"entries of {self.pointer} are {'text' if kind is str else 'objects'}")
        return self

    @property
    def key(self) -> str:
        """What the fact is about: a later one of the same key takes its place."""
        entry = self.after if self.before is None else self.before
        return f"{self.pointer} {json.dumps(entry, sort_keys=True, ensure_ascii=False)}"


class WordFact(_Fact):
    """A word of a page: ``after`` may be several words, or nothing. ``box`` is in pixels of the page as it was read."""

    kind: Literal["word"] = "word"
    page: int = Field(ge=1)
    box: tuple[int, int, int, int]
    before: Text
    after: Text

    @property
    def key(self) -> str:
        """What the fact is about: a later one of the same key takes its place."""
        return f"/pages/{self.page}/words {','.join(map(str, self.box))}"


Fact = Annotated[ValueFact | EntryFact | WordFact, Field(discriminator="kind")]
FACTS: TypeAdapter[list[Fact]] = TypeAdapter(list[Fact])
"""Lists of facts from JSON and to it."""
