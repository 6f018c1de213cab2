"""The typed dispatch: what vndoc returns for one document.

Names follow Decree 30/2020/NĐ-CP, Appendix VI part II (``CodeNumber``, ``IssuedDate``, ``OrganName`` …), in
snake_case. Values are plain; where each is on the page and how sure it is, is in :attr:`Dispatch.evidence`, keyed by
JSON pointer (RFC 6901). A value whose confidence is under 0.5 is ``None`` and its candidates stand in the evidence.
Offsets count characters (code points) of :attr:`Dispatch.text`; boxes are in pixels of the page as read.
"""

import datetime
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from vndoc.characters import lawful

SCHEMA_VERSION: Literal["1"] = "1"
WITHHELD_BELOW = 0.5
"""Confidence below which a value is ``None`` and its candidates stand in the evidence."""


Text = Annotated[str, BeforeValidator(lambda value: lawful(value) if isinstance(value, str) else value)]
"""A string in which nothing steers a terminal or breaks a file, whatever it was made of: see :func:`lawful`."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Source(_Model):
    """The file that was read."""

    name: Text = Field(description="File name without its folder; '<bytes>' for bytes.")
    sha256: Text = Field(description="SHA-256 of the file's bytes, hexadecimal.")
    media_type: Text = Field(description="Media type by content, such as application/pdf.")
    page_amount: int = Field(ge=0, description="PageAmount: pages of the whole source, read or not.")


class Signer(_Model):
    """Người ký (Decree 30, Article 8 clause 2 g; ``SignerInfo``)."""

    authority: list[Text] = Field(
        default_factory=list, description="Quyền hạn ký, a line each: 'TM. ỦY BAN NHÂN DÂN', 'KT. CHỦ TỊCH'."
    )
    position: Text | None = Field(default=None, description="Chức vụ as printed: 'PHÓ CHỦ TỊCH'.")
    full_name: Text | None = Field(default=None, description="Họ và tên, without titles.")


class Filing(_Model):
    """The last line of Nơi nhận, 'Lưu: VT, KGVX.th50', in its parts (Decree 30, Appendix I, II.9 d and III.3)."""

    text: Text = Field(description="What stands behind 'Lưu:', as printed.")
    units: list[Text] = Field(
        default_factory=list, description="Who keeps a copy: 'VT', then the unit that drafted it."
    )
    drafter: Text | None = Field(default=None, description="Ký hiệu người soạn thảo: 'th50', 'nvanh'.")
    copies: int | None = Field(default=None, ge=0, description="Copies kept: 'VT, NN (3b)'.")
    issued_amount: int | None = Field(default=None, ge=0, description="IssuedAmount: copies sent out: 'PL.(300)'.")


class JointIssuer(_Model):
    """One of the bodies that issue a document together (liên tịch, liên ngành), the leading one first."""

    organ_name: Text
    code_number: Text | None = Field(default=None, description="Its own number, where each body gives one.")
    code_notation: Text | None = Field(default=None, description="Its own notation, where each body gives one.")


class CertifiedCopy(_Model):
    """Bản sao: what the office that copied the document has put on it (Decree 30, Articles 25 and 26, form 3.1)."""

    type_name: Literal["Bản sao y", "Bản sao lục", "Bản trích sao"]
    organ_name: Text | None = None
    code_number: Text | None = None
    code_notation: Text | None = None
    issued_date: date | None = None
    signer: Signer = Field(default_factory=Signer)


class Annex(_Model):
    """Phụ lục, form or document sent along: what stands behind the signature; only its tables of tasks fill a field."""

    label: Text | None = Field(default=None, description="'Phụ lục I', 'Mẫu số 02'; null for a document sent along.")
    title: Text | None = Field(default=None, description="Its title, or the subject of a document sent along.")
    type_name: Text | None = Field(default=None, description="Tên loại of a document sent along, with its own head.")
    draft: bool = Field(default=False, description="It is marked DỰ THẢO.")
    page: int = Field(ge=1)
    start: int = Field(ge=0, description="Offsets in Dispatch.text, the end exclusive.")
    end: int = Field(ge=0)


class Overlay(_Model):
    """A note typed over the page after the document was issued: a chief's orders (bút phê), a registry's remark."""

    text: Text = Field(description="Its lines, joined with line feeds.")
    page: int = Field(ge=1)
    box: tuple[int, int, int, int] | None = None


class Arrival(_Model):
    """Dấu ĐẾN: the incoming stamp (``ArrivalNumber``, ``ArrivalDate``)."""

    number: Text | None = None
    date: datetime.date | None = None  # the bare name would be this field itself


RelationName = Literal[
    "based_on",
    "implements",
    "according_to",
    "proposed_in",
    "considered",
    "amends",
    "amended_by",
    "repeals",
    "repealed_by",
    "replaces",
    "replaced_by",
    "revokes",
    "suspends",
    "extends",
    "corrects",
    "approves",
    "guides",
    "answers",
    "follows_up",
    "received",
    "issued_with",
    "attached_to",
    "forwards",
]
"""What one document does with another it cites; the phrases that say so stand in ``parse/data/relations.json``."""


class Mention(_Model):
    """One place in the text: offsets of the first and one past the last character of ``Dispatch.text``."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: Text
    relation: RelationName | None = Field(default=None, description="What is said here to be done with the document.")
    relation_of: Text | None = Field(
        default=None,
        description="JSON pointer of the cited document that does it ('/references/0'); null: this dispatch itself.",
    )
    alternatives: list[Text] = Field(
        default_factory=list,
        description="JSON pointers of other documents that these words may as well mean ('Quyết định nêu trên').",
    )


class Reference(_Model):
    """A document that the dispatch cites by its notation, once, with all its mentions."""

    type_name: Text | None = None
    notation: Text = Field(description="Number and notation, normalised: '254-KH/TU', '203/KH-UBND'.")
    as_printed: Text | None = Field(default=None, description="As printed, where that differs from the notation.")
    title: Text | None = Field(default=None, description="Name of an act without its type: 'Đất đai'.")
    issued_date: date | None = None
    organ_name: Text | None = Field(default=None, description="Issuer as the text names it: 'UBND tỉnh'.")
    relations: list[RelationName] = Field(
        default_factory=list, description="What this dispatch does with it, of all mentions, each once."
    )
    mentions: list[Mention] = Field(default_factory=list)
    alternatives: dict[Text, list[Text]] = Field(
        default_factory=dict, description="Field to other values as likely: {'type_name': ['Quy định']}."
    )


class NamedReference(_Model):
    """A document cited without a notation: by its name ('Luật Đất đai năm 2024') or its bare number ('Nghị định 30').

    What the text elsewhere calls by its notation is a mention of that :class:`Reference` instead.
    """

    type_name: Text
    title: Text | None = Field(default=None, description="Name without the type: 'Đất đai', 'Tổ chức Chính phủ'.")
    number: Text | None = Field(default=None, description="Number without its notation: '30'.")
    year: int | None = None
    issued_date: date | None = None
    organ_name: Text | None = None
    relations: list[RelationName] = Field(default_factory=list)
    mentions: list[Mention] = Field(default_factory=list)


class Provision(_Model):
    """A part of a document that the text points to: 'điểm a khoản 4 Điều 14 Nghị định số 30/2020/NĐ-CP'.

    Several parts named in one breath ('khoản 1, 2 Điều 5') are several provisions with the same offsets.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: Text = Field(description="The words that name the part, without those that name the document.")
    annex: Text | None = Field(default=None, description="Phụ lục: 'I'; '' where the document has but one.")
    part: Text | None = Field(default=None, description="Phần.")
    chapter: Text | None = Field(default=None, description="Chương.")
    section: Text | None = Field(default=None, description="Mục or tiểu mục.")
    article: Text | None = Field(default=None, description="Điều: '14', '7a'.")
    clause: Text | None = Field(default=None, description="Khoản: '4'.")
    point: Text | None = Field(default=None, description="Điểm: 'đ'.")
    document: Text | None = Field(
        default=None,
        description="JSON pointer of the document it belongs to: '/references/2', '/named_references/0', '' for this "
        "dispatch itself; null where the text does not tell.",
    )


class Item(_Model):
    """An item of a list without numbers: a dash, with the pluses below it."""

    mark: Text = Field(description="As printed: '-', '+', '•'.")
    text: Text
    start: int = Field(ge=0, description="Offset of the mark in Dispatch.text.")
    items: list["Item"] = Field(default_factory=list)


class Section(_Model):
    """A numbered unit of the body: phần, chương, mục, điều, khoản, điểm (Decree 30, Appendix I)."""

    label: Text = Field(description="'I', '1', 'a', 'Điều 1', 'Chương II'.")
    label_as_read: Text | None = Field(default=None, description="The label as read, where sequence repaired it.")
    style: Literal["phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "la_ma"]
    title: Text | None = None
    text: Text = Field(default="", description="Own text, without title and children.")
    start: int = Field(ge=0, description="Offset of the label in Dispatch.text.")
    items: list[Item] = Field(default_factory=list, description="The dashes and pluses of its text, as a tree.")
    children: list["Section"] = Field(default_factory=list)


class Term(_Model):
    """A term counted from an event: 'trong 05 ngày làm việc kể từ ngày nhận được Công văn này'."""

    model_config = ConfigDict(frozen=True)

    amount: int = Field(ge=0)
    unit: Literal["hour", "working_day", "day", "week", "month", "year"]
    before: bool = Field(default=False, description="Counted back: 'chậm nhất 03 ngày trước ngày khai mạc'.")
    event: Literal["issued", "arrived", "effective", "dated", "other"] | None = Field(
        default=None,
        description="What it is counted from: the issue, arrival or effect of this dispatch, a date named in the text, "
        "something else; null where the text does not say.",
    )
    base: Text | None = Field(default=None, description="The event as printed: 'ngày nhận được Công văn này'.")
    base_date: date | None = Field(default=None, description="Day of the event, where it is known.")


class Task(_Model):
    """A duty: who must do what, by when, and to whom to report."""

    section: Text | None = Field(default=None, description="Path of labels: '6.d'; None outside numbered sections.")
    assignee: Text | None = None
    coordinators: list[Text] = Field(default_factory=list, description="Units to act with: 'phối hợp với …'.")
    text: Text
    due_date: date | None = Field(
        default=None,
        description="Last day: as printed, the last of a month, quarter or year, or the end of the term if its base "
        "is known (Civil Code 2015, Articles 147 and 148).",
    )
    due_time: datetime.time | None = Field(default=None, description="Hour on that day: 'trước 16h00 ngày …'.")
    term: Term | None = Field(default=None, description="The term, where the deadline is one.")
    recurrence: Text | None = Field(default=None, description="'hằng năm', 'hằng quý', 'hằng tháng' … as printed.")
    recurrence_rules: list[Text] = Field(
        default_factory=list,
        description="RRULEs of RFC 5545: 'trước ngày 20 hằng tháng' is 'FREQ=MONTHLY;BYMONTHDAY=20'.",
    )
    report_to: Text | None = None
    via: Text | None = Field(default=None, description="The unit through which the report goes ('qua Phòng …').")
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Evidence(_Model):
    """Where a value comes from and how sure it is."""

    confidence: float = Field(ge=0, le=1, description="How sure the value is, made of the reading and the rule.")
    reading: float | None = Field(
        default=None, ge=0, le=1, description="How well its words were read: OCR and repair, weighed by length."
    )
    rule: float | None = Field(default=None, ge=0, le=1, description="How sure the rule is that found it in the words.")
    page: int | None = Field(default=None, ge=1)
    box: tuple[int, int, int, int] | None = None
    raw: Text | None = Field(default=None, description="The text as read, before repair and normalisation.")
    candidates: list[tuple[Text, float]] = Field(default_factory=list)
    method: Text = Field(description="'rule', 'inferred', 'slot' …: which way of reading gave it.")


class Notice(_Model):
    """Something a person or a program should know: one of :data:`vndoc.NOTICE_CODES`, and a message for people."""

    code: Text
    pointer: Text | None = None
    message: Text


class TableCell(_Model):
    """A cell of a table. Cells that are merged are one cell, at the upper left of those it goes over."""

    column: int = Field(ge=0, description="First of its columns, from 0.")
    row_span: int = Field(default=1, ge=1, description="Rows that it goes over.")
    column_span: int = Field(default=1, ge=1, description="Columns that it goes over.")
    text: Text = Field(default="", description="Its text as it runs on; lines that begin with a dash stay lines.")
    confidence: float = Field(default=1.0, ge=0, le=1, description="How well its words were read, weighed by length.")
    page: int = Field(ge=1)
    box: tuple[int, int, int, int] | None = None
    start: int = Field(ge=0, description="Offsets in Dispatch.text, the end exclusive; the same if it is empty.")
    end: int = Field(ge=0)


class TableRow(_Model):
    """A row of a table: the cells that begin in it, from left to right, empty ones too."""

    cells: list[TableCell] = Field(default_factory=list)


class TablePart(_Model):
    """What stands of a table on one page."""

    page: int = Field(ge=1)
    box: tuple[int, int, int, int] | None = None
    start: int = Field(ge=0, description="Offsets in Dispatch.text, the end exclusive.")
    end: int = Field(ge=0)


class Table(_Model):
    """A table of the body or of an annex. A head that is repeated on later pages stands in `rows` once."""

    page: int = Field(ge=1, description="The page that it begins on.")
    box: tuple[int, int, int, int] | None = Field(default=None, description="Its place on that page.")
    parts: list[TablePart] = Field(default_factory=list, description="All of it, a part for each page.")
    columns: int = Field(ge=1, description="How many columns there are.")
    header_rows: int = Field(default=0, ge=0, description="How many of the first rows are the head of the table.")
    rows: list[TableRow] = Field(default_factory=list)
    ruled: bool = Field(default=True, description="Lines are drawn between its cells.")
    section: Text | None = Field(default=None, description="Path of labels of the section that it stands in: '6.d'.")


class Signature(_Model):
    """A digital signature of the PDF, as far as it can be checked without a network: the chain of trust is not."""

    name: Text | None = Field(
        default=None, description="Common name in the signer's certificate: a person or an organ."
    )
    organ_name: Text | None = Field(default=None, description="Organisation in the signer's certificate.")
    signed_at: datetime.datetime | None = Field(
        default=None, description="Time of signing by the signer's own clock, with its offset."
    )
    stamped_at: datetime.datetime | None = Field(
        default=None, description="Time in the time-stamp token (RFC 3161), if there is one."
    )
    sub_filter: Text = Field(description="Kind of signature: 'adbe.pkcs7.detached', 'ETSI.CAdES.detached' …")
    covers_whole_file: bool = Field(
        description="Nothing was added to the file after this signature; false is usual for all but the last one."
    )
    intact: bool | None = Field(
        default=None,
        description="The signed bytes are unchanged and the signature fits the certificate that came along. "
        "null: could not be checked. Whether that certificate can be trusted is not checked.",
    )


class PageText(_Model):
    """One page's repaired text and how it was read."""

    number: int = Field(ge=1)
    text: Text
    layer: Text
    method: Text
    width: int = Field(default=0, ge=0, description="Pixels of the page as read, those of the boxes; 0 for text.")
    height: int = Field(default=0, ge=0)
    dpi: int = Field(default=0, ge=0, description="Of these pixels: the size of the paper follows; 0 for text.")


class Dispatch(_Model):
    """One official dispatch (công văn, quyết định, kế hoạch …)."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    source: Source
    type_name: Text | None = Field(default=None, description="TypeName: tên loại (Decree 30, Article 7).")
    code_number: Text | None = Field(default=None, description="CodeNumber: số, digits as printed.")
    code_notation: Text | None = Field(default=None, description="CodeNotation: ký hiệu after the number.")
    organ_name: Text | None = Field(
        default=None, description="OrganName: issuing body or bodies, in ordinary capitals."
    )
    parent_organ_name: Text | None = Field(default=None, description="Cơ quan chủ quản, the line above the issuer.")
    place: Text | None = Field(default=None, description="Địa danh.")
    issued_date: date | None = Field(default=None, description="IssuedDate.")
    subject: Text | None = Field(default=None, description="Trích yếu, without 'V/v' or 'Về việc'.")
    urgency: Literal["Hỏa tốc", "Thượng khẩn", "Khẩn"] | None = None
    secrecy: Literal["Mật", "Tối mật", "Tuyệt mật"] | None = None
    recipients: list[Text] = Field(default_factory=list, description="Kính gửi.")
    to_places: list[Text] = Field(default_factory=list, description="ToPlaces: Nơi nhận.")
    filing: Filing | None = Field(default=None, description="'Lưu: …', the last of Nơi nhận, in its parts.")
    signer: Signer = Field(default_factory=Signer, description="SignerInfo: who signed, or the first of several.")
    signers: list[Signer] = Field(default_factory=list, description="All who signed; the first is `signer`.")
    joint_issuers: list[JointIssuer] = Field(
        default_factory=list, description="The issuing bodies where there are several; empty for one body alone."
    )
    circulation: Text | None = Field(default=None, description="Chỉ dẫn về phạm vi lưu hành: 'Lưu hành nội bộ'.")
    draft: bool = Field(default=False, description="The document is marked DỰ THẢO: not issued yet.")
    certified_copy: CertifiedCopy | None = Field(default=None, description="Set where the paper is a certified copy.")
    annexes: list[Annex] = Field(default_factory=list, description="What stands behind the signature, in order.")
    arrival: Arrival = Field(default_factory=Arrival)
    overlays: list[Overlay] = Field(
        default_factory=list, description="Notes typed over a scanned page later, which fill no other field."
    )
    references: list[Reference] = Field(default_factory=list)
    named_references: list[NamedReference] = Field(
        default_factory=list, description="Documents cited without a notation: acts by name, others by bare number."
    )
    provisions: list[Provision] = Field(
        default_factory=list, description="Parts of documents that the text points to: điều, khoản, điểm …"
    )
    self_mentions: list[Mention] = Field(
        default_factory=list, description="Where the dispatch speaks of itself: 'Quyết định này'."
    )
    opening: list[Text] = Field(
        default_factory=list, description="Paragraphs of the body before its first section; all, where it has none."
    )
    sections: list[Section] = Field(default_factory=list)
    closing: list[Text] = Field(default_factory=list, description="Paragraphs of the body behind its last section.")
    tables: list[Table] = Field(
        default_factory=list, description="The tables of body and annexes; their text is in no section or paragraph."
    )
    tasks: list[Task] = Field(default_factory=list)
    due_date: date | None = Field(default=None, description="DueDate: the earliest dated duty.")
    signatures: list[Signature] = Field(default_factory=list, description="Digital signatures of the PDF.")
    evidence: dict[Text, Evidence] = Field(default_factory=dict)
    warnings: list[Notice] = Field(default_factory=list)
    text: Text = Field(default="", description="The repaired text, whole.")
    pages: list[PageText] = Field(default_factory=list)
