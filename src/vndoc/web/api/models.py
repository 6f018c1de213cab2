"""What the API takes and gives, where that is not a type of the library itself."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vndoc.archive.jobs import Category
from vndoc.archive.ledger import State
from vndoc.dispatch import Dispatch
from vndoc.facts import Fact

EXAMPLE_KEY = "2f0c9ad6c5d6f3f6f2f0b9a1f8f1d1f0e6b0f6a5a1c1e2d3f4b5c6d7e8f90a1b"
MOST_FACTS = 500


class _Model(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What stands in the way of an answer (RFC 9457). ``type`` is for programs, ``detail`` for people."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:vndoc:conflict", "about:blank"])
    title: str
    status: int
    detail: str | None = None


class TakenIn(_Model):
    """A document that was handed in."""

    key: str = Field(description="By which it is addressed.", examples=[EXAMPLE_KEY])
    name: str = Field(description="Its name in the file that was handed in.")
    state: State
    known: bool = Field(description="The archive had it before; it is not read again.")


class LeftOutFile(_Model):
    """A member of a ZIP file that could not be taken in."""

    name: str
    category: Category


class Upload(_Model):
    """What became of a file that was handed in."""

    sha256: str = Field(description="Of the file.")
    name: str = Field(description="Under which it is kept.")
    kind: Literal["file", "zip"]
    documents: list[TakenIn] = Field(description="The file itself, or the documents in a ZIP file.")
    left_out: list[str] = Field(description="Members of a ZIP file of formats that are not read.")
    failed: list[LeftOutFile] = Field(description="Members of a ZIP file that cannot be opened.")


class Progress(_Model):
    """How far reading is."""

    done: int = Field(ge=0)
    total: int = Field(ge=1)


class Failure(_Model):
    """Why a document could not be read."""

    category: Category
    title: str
    advice: str


class Doubt(_Model):
    """A value to look at, with the likely ones and its place on the page."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the dispatch.", examples=["/code_number"])
    label: str = Field(description="What a clerk calls the field, in Vietnamese.")
    value: Any = Field(description="As the dispatch has it; null where it is withheld.")
    confidence: float = Field(ge=0, le=1)
    page: int | None
    box: tuple[int, int, int, int] | None = Field(description="Pixels of the page as read.")
    raw: str | None = Field(description="The text as read.")
    candidates: list[tuple[str, float]]


class Part(_Model):
    """One document of a file that holds several; pages as the file counts them, both included."""

    key: str
    first_page: int
    last_page: int


class Document(_Model):
    """A document: where it stands, and once it is read, what it says."""

    key: str = Field(examples=[EXAMPLE_KEY])
    name: str = Field(description="Of its file.")
    state: State
    progress: Progress | None = Field(description="While it is being read here.")
    failure: Failure | None
    revision: int = Field(description="To be given with corrections; goes up with every reading and every change.")
    closed_at: str | None = Field(description="When a person was done with it.")
    closed_by: str | None
    dispatch: Dispatch | None = Field(description="Null until it is read. With the facts that people have given.")
    facts: list[Fact] = Field(description="What people have said of it.")
    doubts: list[Doubt]
    parts: list[Part] = Field(description="The documents of its file; itself alone where that holds one.")


class Listed(_Model):
    """A document in a list."""

    key: str
    name: str
    state: State
    category: Category | None = Field(description="Why it could not be read.")
    queued_at: str
    finished_at: str | None
    pages: int | None
    code: str | None = Field(description="Number and notation.")
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None
    urgency: str | None
    due_date: date | None
    doubts: int
    closed_at: str | None
    closed_by: str | None


class DocumentPage(BaseModel):
    """Some documents, and where the next ones begin."""

    documents: list[Listed]
    next: str | None = Field(description="Give it as 'after' for the next ones; null: these were the last.")


class Revised(_Body):
    """Which revision of the document the caller has seen: where it is another now, the answer is 409."""

    revision: int = Field(ge=0, le=2**53)


class Corrections(Revised):
    """What a person says of a document."""

    facts: list[Fact] = Field(min_length=1, max_length=MOST_FACTS)
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"revision": 1, "facts": [{"kind": "value", "pointer": "/code_number", "value": "815"}]}]
        },
    )


class Cut(Revised):
    """The pages of the file on which documents begin, the first among them."""

    starts: list[Annotated[int, Field(ge=1, le=100_000)]] = Field(min_length=1, max_length=10_000)


class Undo(_Body):
    """Which revision the caller has seen; without, only what the change itself did must be as it left it."""

    revision: int | None = Field(default=None, ge=0, le=2**53)


class ValueChange(_Model):
    """A value before and after."""

    pointer: str
    before: Any
    after: Any


class Change(_Model):
    """One transaction of a person."""

    id: int
    key: str | None = Field(description="Of the document; null where its file is no longer there.")
    at: str = Field(description="ISO 8601, UTC.")
    who: str
    kind: Literal["confirm", "undo", "close", "reopen", "recut"]
    revision: int = Field(description="Of the document, after it.")
    values: list[ValueChange]
    undoes: int | None
    undone_by: int | None


class ChangePage(BaseModel):
    """Some changes, the latest first, and where the next ones begin."""

    changes: list[Change]
    next: int | None = Field(description="Give it as 'before' for the next ones; null: these were the last.")


class QueueRow(_Model):
    """A document that waits for a person, or that one is done with."""

    key: str
    name: str
    code: str | None
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None
    urgency: str | None
    due_date: date | None
    doubts: int
    pages: int
    closed_at: str | None
    closed_by: str | None


class QueueCounts(_Model):
    """How much waits, and what has been done today."""

    open: int
    doubtful: int
    closed: int
    overdue: int
    due_soon: int
    closed_today: int
    closed_today_by: dict[str, int]


class QueuePage(BaseModel):
    """Some documents, the most pressing first, and where the next ones begin."""

    documents: list[QueueRow]
    next: str | None = Field(description="Give it as 'after' for the next ones; null: these were the last.")
    counts: QueueCounts


class GridItem(_Model):
    """One doubtful field of a document: what is proposed, and where it stands."""

    key: str
    revision: int
    pointer: str
    value: Any
    confidence: float
    page: int | None
    box: tuple[int, int, int, int] | None
    candidates: list[tuple[str, float]]


class GridPage(BaseModel):
    """One field of several documents, and where the next ones begin."""

    items: list[GridItem]
    next: int | None = Field(description="Give it as 'after' for the next ones; null: these were the last.")


class Hit(BaseModel):
    """A document found, and the passage in which the words stand."""

    key: str
    name: str
    code: str | None
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    due_date: date | None
    subject: str | None
    field: str = Field(description="In which the words stand: 'code', 'subject', 'organ_name' …, or 'text'.")
    page: int | None
    snippet: str
    marks: list[tuple[int, int]] = Field(description="Start and end of the words found, in the snippet.")
    rank: int = Field(ge=0, le=3)


class Duty(BaseModel):
    """Who must do what, by when, and which document says so."""

    key: str
    name: str
    due_date: date | None
    due_time: str | None = Field(description="HH:MM")
    assignee: str | None
    coordinators: list[str]
    text: str
    recurrence: str | None
    recurrence_rules: list[str] = Field(description="RRULEs of RFC 5545.")
    report_to: str | None
    via: str | None
    section: str | None
    code: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None


class RegisterRow(BaseModel):
    """One line of the register of incoming documents (Decree 30/2020/NĐ-CP, Appendix IV)."""

    key: str
    arrival_date: date | None
    arrival_number: str | None
    author: str | None
    code: str | None
    issued_date: date | None
    subject: str | None
    recipient: str | None
    remarks: str
    doubts: dict[str, str] = Field(description="By column: what a clerk must look at, and why.")


class CitedDocument(BaseModel):
    """A document on the other side of a reference; without ``key`` the archive does not have it."""

    key: str | None
    notation: str
    type_name: str | None
    organ_name: str | None
    issued_date: date | None
    subject: str | None
    cited_date: date | None = Field(description="The date under which the one refers to the other.")
    certain: bool = Field(description="That is the date of the document referred to.")
    relations: list[str]


class Citations(BaseModel):
    """All that the archive knows of one notation."""

    notation: str
    documents: list[CitedDocument]
    cited_by: list[CitedDocument]
    cites: list[CitedDocument]
