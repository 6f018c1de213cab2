"""A dispatch as data: the fields a reader should find again, the body, and how it stands on paper."""

import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Slot = Literal["code_number", "day", "month"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Signer(_Model):
    """Người ký: authority lines, position and name as printed; no name leaves the place empty."""

    authority: list[str] = []
    position: str
    full_name: str | None = None


class Arrival(_Model):
    """Dấu ĐẾN of the office that received the paper."""

    number: str | None = None
    date: datetime.date | None = None


class Cited(_Model):
    """A document that the body cites."""

    type_name: str
    notation: str
    printed_as: str | None = None
    issued_date: datetime.date | None = None
    organ_name: str | None = None


class Deadline(_Model):
    """A duty with its date or its recurrence."""

    due_date: datetime.date | None = None
    recurrence: str | None = None
    quote: str
    assignee: str | None = None
    report_to: str | None = None
    via: str | None = None


class Paragraph(_Model):
    """A paragraph of the body. ``**bold**`` and ``__italic__`` work inside; a line feed forces a new line."""

    text: str
    style: Literal["plain", "heading", "centred", "basis"] = "plain"


class Annex(_Model):
    """Phụ lục on pages of its own behind the signature."""

    label: str
    title: str
    body: list[str] = []


class Printed(_Model):
    """What stands on paper beside the fields.

    ``organ`` and ``parent_organ`` are the lines in the top left corner; ``subject`` those of the subject with its
    "V/v" or "Về việc". ``handwritten`` names the slots filled in by pen. ``breaks`` lists the indexes of body
    paragraphs that start a new page. ``scans`` maps each file to make to the scanner (``scanners.json``) that makes it,
    to "digital" for a PDF with its own text, or to "signed" for a scan whose only text is an electronic signature's.
    """

    form: Literal["state", "party"] = "state"
    organ: list[str]
    parent_organ: list[str] = []
    subject: list[str]
    national_title: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    handwritten: list[Slot] = []
    body_size: float = Field(default=14, ge=10, le=16)
    seal_rim: str | None = None
    seal_centre: list[str] = []
    seal: bool = True
    breaks: list[int] = []
    scans: dict[str, str] = {}
    typed_marks: bool = False


class Letter(_Model):
    """One dispatch. Field names are those of ``vndoc.Dispatch``, so that a test compares like with like."""

    doc: str
    file: str = "scan.pdf"
    pages: int = 1
    type_name: str
    code_number: str
    code_notation: str
    parent_organ_name: str | None = None
    organ_name: str
    place: str
    issued_date: datetime.date
    subject: str
    urgency: Literal["Hỏa tốc", "Thượng khẩn", "Khẩn"] | None = None
    secrecy: Literal["Mật", "Tối mật", "Tuyệt mật"] | None = None
    circulation: str | None = None
    recipients: list[str] = []
    to_places: list[str] = []
    signer: Signer
    co_signer: Signer | None = None
    """Who signs beside the signer, for the other body or party; both then stand above Nơi nhận."""
    annexes: list[Annex] = []
    arrival: Arrival = Arrival()
    references: list[Cited] = []
    outline: list[str] = []
    deadlines: list[Deadline] = []
    notes: str = ""
    printed: Printed
    body: list[Paragraph | str]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``dispatch.json``; raises ``pydantic.ValidationError`` naming the field that is wrong."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The body with plain strings made into plain paragraphs."""
        return [Paragraph(text=p) if isinstance(p, str) else p for p in self.body]
