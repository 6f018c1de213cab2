"""The typed dispatch: what vndoc returns for one document.

Names follow Decree 30/2020/NĐ-CP, Appendix VI part II (``CodeNumber``, ``IssuedDate``, ``OrganName`` …), in
snake_case. Values are plain; where each one stands and how sure it is, is told by :attr:`Dispatch.evidence`, keyed by
JSON pointer (RFC 6901). A value whose confidence is under 0.5 is ``None`` and its candidates stand in the evidence.
Offsets count characters (code points) of :attr:`Dispatch.text`; boxes are in pixels of the page as read.
"""

import datetime
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Literal["1"] = "1"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Source(_Model):
    """The file that was read."""

    name: str = Field(description="File name without its folder; '<bytes>' for bytes.")
    sha256: str = Field(description="SHA-256 of the file's bytes, hexadecimal.")
    media_type: str = Field(description="Media type by content, such as application/pdf.")
    page_amount: int = Field(ge=0, description="PageAmount: pages of the whole source, read or not.")


class Signer(_Model):
    """Người ký (Decree 30, Article 8 clause 2 g; ``SignerInfo``)."""

    authority: list[str] = Field(
        default_factory=list, description="Quyền hạn ký, a line each: 'TM. ỦY BAN NHÂN DÂN', 'KT. CHỦ TỊCH'."
    )
    position: str | None = Field(default=None, description="Chức vụ as printed: 'PHÓ CHỦ TỊCH'.")
    full_name: str | None = Field(default=None, description="Họ và tên, without titles.")


class Arrival(_Model):
    """Dấu ĐẾN: the incoming stamp (``ArrivalNumber``, ``ArrivalDate``)."""

    number: str | None = None
    date: datetime.date | None = None  # the bare name would be this field itself


class Mention(_Model):
    """One place in the text: offsets of the first and one past the last character of ``Dispatch.text``."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class Reference(_Model):
    """A document that the dispatch cites, once, with all its mentions."""

    type_name: str | None = None
    notation: str = Field(description="Number and notation, normalised: '254-KH/TU', '203/KH-UBND'.")
    as_printed: str | None = Field(default=None, description="As printed, where that differs from the notation.")
    issued_date: date | None = None
    organ_name: str | None = Field(default=None, description="Issuer as the text names it: 'UBND tỉnh'.")
    mentions: list[Mention] = Field(default_factory=list)


class Section(_Model):
    """A numbered unit of the body: phần, chương, mục, điều, khoản, điểm (Decree 30, Appendix I)."""

    label: str = Field(description="'I', '1', 'a', 'Điều 1', 'Chương II'.")
    label_as_read: str | None = Field(default=None, description="The label as read, where sequence repaired it.")
    style: Literal["phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "la_ma"]
    title: str | None = None
    text: str = Field(default="", description="Own text, without title and children.")
    start: int = Field(ge=0, description="Offset of the label in Dispatch.text.")
    children: list["Section"] = Field(default_factory=list)


class Task(_Model):
    """A duty: who must do what, by when, and to whom to report."""

    section: str | None = Field(default=None, description="Path of labels: '6.d'; None outside numbered sections.")
    assignee: str | None = None
    text: str
    due_date: date | None = None
    recurrence: str | None = Field(default=None, description="'hằng năm', 'hằng quý', 'hằng tháng' … as printed.")
    report_to: str | None = None
    via: str | None = Field(default=None, description="The unit through which the report goes ('qua Phòng …').")
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Evidence(_Model):
    """Where a value comes from and how sure it is."""

    confidence: float = Field(ge=0, le=1)
    page: int | None = Field(default=None, ge=1)
    box: tuple[int, int, int, int] | None = None
    raw: str | None = Field(default=None, description="The text as read, before repair and normalisation.")
    candidates: list[tuple[str, float]] = Field(default_factory=list)
    method: str = Field(description="'rule', 'inferred', 'slot' …: which way of reading gave it.")


class Notice(_Model):
    """Something a person or a program should know; ``code`` is stable, ``message`` is for people."""

    code: str
    pointer: str | None = None
    message: str


class Signature(_Model):
    """A digital signature of the PDF, as far as it can be checked without a network: the chain of trust is not."""

    name: str | None = Field(default=None, description="Common name in the signer's certificate: a person or an organ.")
    organ_name: str | None = Field(default=None, description="Organisation in the signer's certificate.")
    signed_at: datetime.datetime | None = Field(
        default=None, description="Time of signing by the signer's own clock, with its offset."
    )
    stamped_at: datetime.datetime | None = Field(
        default=None, description="Time in the time-stamp token (RFC 3161), if there is one."
    )
    sub_filter: str = Field(description="Kind of signature: 'adbe.pkcs7.detached', 'ETSI.CAdES.detached' …")
    covers_whole_file: bool = Field(
        description="Nothing was added to the file after this signature; false is usual for all but the last one."
    )
    intact: bool | None = Field(
        default=None,
        description="The signed bytes are unchanged and the signature fits the certificate that came along. "
        "null: not to be told. Whether that certificate can be trusted is not checked.",
    )


class PageText(_Model):
    """One page's repaired text and how it was read."""

    number: int = Field(ge=1)
    text: str
    layer: str
    method: str
    width: int = Field(default=0, ge=0, description="Pixels of the page as read, those of the boxes; 0 for text.")
    height: int = Field(default=0, ge=0)


class Dispatch(_Model):
    """One official dispatch (công văn, quyết định, kế hoạch …)."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    source: Source
    type_name: str | None = Field(default=None, description="TypeName: tên loại (Decree 30, Article 7).")
    code_number: str | None = Field(default=None, description="CodeNumber: số, digits as printed.")
    code_notation: str | None = Field(default=None, description="CodeNotation: ký hiệu after the number.")
    organ_name: str | None = Field(default=None, description="OrganName: issuing body, in ordinary capitals.")
    parent_organ_name: str | None = Field(default=None, description="Cơ quan chủ quản, the line above the issuer.")
    place: str | None = Field(default=None, description="Địa danh.")
    issued_date: date | None = Field(default=None, description="IssuedDate.")
    subject: str | None = Field(default=None, description="Trích yếu, without 'V/v' or 'Về việc'.")
    urgency: Literal["Hỏa tốc", "Thượng khẩn", "Khẩn"] | None = None
    secrecy: Literal["Mật", "Tối mật", "Tuyệt mật"] | None = None
    recipients: list[str] = Field(default_factory=list, description="Kính gửi.")
    to_places: list[str] = Field(default_factory=list, description="ToPlaces: Nơi nhận.")
    signer: Signer = Field(default_factory=Signer)
    arrival: Arrival = Field(default_factory=Arrival)
    references: list[Reference] = Field(default_factory=list)
    sections: list[Section] = Field(default_factory=list)
    tasks: list[Task] = Field(default_factory=list)
    due_date: date | None = Field(default=None, description="DueDate: the earliest dated duty.")
    signatures: list[Signature] = Field(default_factory=list, description="Digital signatures of the PDF.")
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    warnings: list[Notice] = Field(default_factory=list)
    text: str = Field(default="", description="The repaired text, whole.")
    pages: list[PageText] = Field(default_factory=list)
