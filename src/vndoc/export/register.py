"""Rows of the register of incoming documents: the input data of Decree 30/2020/NĐ-CP, Appendix VI, part II.

One row for each dispatch, one column for each field, under the decree's English names; the parts of a grouped field
stand behind a dot (``SignerInfo.Position``). What only the receiving office knows (its file, its notes on handling)
stays empty, for the clerk to fill in.
"""

import csv
import io
from collections.abc import Iterable, Mapping

from vndoc.dispatch import Dispatch
from vndoc.export.cells import plain
from vndoc.export.reviews import in_words, kind_of_paper, to_review

COLUMNS: Mapping[str, int | None] = {
    "FileCode.OrganId": 13,
    "FileCode.FileCatalog": 4,
    "FileCode.FileNotation": 20,
    "DocOrdinal": 3,
    "TypeName": 100,
    "CodeNumber": 11,
    "CodeNotation": 30,
    "IssuedDate": 10,
    "OrganName": 200,
    "Subject": 500,
    "Language": 30,
    "PageAmount": 3,
    "Description": 500,
    "ArrivalDate": 10,
    "ArrivalNumber": 10,
    "SignerInfo.Position": 100,
    "SignerInfo.FullName": 50,
    "Priority": 1,
    "ToPlaces": 1000,
    "TraceHeaderList": None,
    "DueDate": 10,
}
"""The columns in the decree's order, each with the length that the decree gives its values (None: any)."""

PRIORITIES: Mapping[str | None, int] = {None: 0, "Khẩn": 1, "Thượng khẩn": 2, "Hỏa tốc": 3}
"""Mức độ khẩn as a digit. The decree asks for one and does not say which; these are the ones edXML systems exchange."""

COLUMN_OF: Mapping[str, str] = {
    "/type_name": "TypeName",
    "/code_number": "CodeNumber",
    "/code_notation": "CodeNotation",
    "/issued_date": "IssuedDate",
    "/organ_name": "OrganName",
    "/subject": "Subject",
    "/signer/position": "SignerInfo.Position",
    "/signer/full_name": "SignerInfo.FullName",
}
"""Fields that every dispatch has, and their columns: where one is left open, the remarks say so."""


def to_register(dispatches: Iterable[Dispatch]) -> str:
    """CSV (RFC 4180, lines end in CR LF) with a header row and a row for each dispatch.

    Dates are ISO 8601, which every spreadsheet reads alike; lists are joined with '; '. Values longer than the decree
    allows are cut and end in '…'; no value is one that a spreadsheet takes for a formula.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(register_row(dispatch) for dispatch in dispatches)
    return out.getvalue()


def register_row(dispatch: Dispatch) -> dict[str, str]:
    """The known values of one dispatch by column, at most as long as the decree allows."""
    signer, arrival = dispatch.signer, dispatch.arrival
    known = {
        "TypeName": dispatch.type_name,
        "CodeNumber": dispatch.code_number,
        "CodeNotation": dispatch.code_notation,
        "IssuedDate": dispatch.issued_date,
        "OrganName": dispatch.organ_name,
        "Subject": dispatch.subject,
        "Language": "Tiếng Việt",
        "PageAmount": dispatch.source.page_amount,
        "Description": "; ".join(_remarks(dispatch)),
        "ArrivalDate": arrival.date,
        "ArrivalNumber": arrival.number,
        "SignerInfo.Position": signer.position,
        "SignerInfo.FullName": signer.full_name,
        "Priority": PRIORITIES[dispatch.urgency],
        "ToPlaces": "; ".join(dispatch.recipients),
        "DueDate": dispatch.due_date,
    }
    return {name: _cut(plain(value), COLUMNS[name]) for name, value in known.items() if value is not None}


def _remarks(dispatch: Dispatch) -> list[str]:
    """Ghi chú: what the register has no column for and a clerk must not overlook."""
    doubtful = [COLUMN_OF[p] for p in COLUMN_OF if _withheld(dispatch, p)]
    reasons = in_words([notice for notice in to_review(dispatch) if notice.pointer not in COLUMN_OF])
    return [
        *kind_of_paper(dispatch),
        *([f"Cần xem lại: {', '.join(doubtful)}"] if doubtful else []),
        *reasons,
    ]


def _withheld(dispatch: Dispatch, pointer: str) -> bool:
    owner: object = dispatch
    for key in pointer.split("/")[1:]:
        owner = getattr(owner, key)
    return owner is None


def _cut(value: str, length: int | None) -> str:
    return value if length is None or len(value) <= length else value[: length - 1] + "…"
