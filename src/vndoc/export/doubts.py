"""What of a document a clerk must look at before a row of a table is relied on, told by the columns of that table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vndoc.dispatch import WITHHELD_BELOW, Dispatch, Evidence, Notice
from vndoc.export.labels import candidate_text
from vndoc.export.reviews import in_words, to_review

FIELD_NAMES: Mapping[str, str] = {
    "/arrival/date": "ngày đến",
    "/arrival/number": "số đến",
    "/organ_name": "cơ quan ban hành",
    "/code_number": "số",
    "/code_notation": "ký hiệu",
    "/issued_date": "ngày ban hành",
    "/type_name": "tên loại",
    "/subject": "trích yếu",
    "/recipients": "nơi nhận (Kính gửi)",
}
"""What a clerk calls the fields."""


def doubts(dispatch: Dispatch, pointers: Mapping[str, Sequence[str]], remarks: str) -> dict[str, list[str]]:
    """By column: the fields that were withheld with their candidates, else what a notice says about them.

    Args:
        dispatch: the document.
        pointers: the columns of the table, each with the JSON pointers of the fields in it.
        remarks: the column for what is about a page, or about a field without a column.
    """
    found = {
        column: [
            f"{FIELD_NAMES[p]}: {candidates_in_words(evidence)}"
            for p in own
            if (evidence := dispatch.evidence.get(p)) and evidence.confidence < WITHHELD_BELOW
        ]
        for column, own in pointers.items()
    }
    columns = {pointer: column for column, own in pointers.items() for pointer in own}
    reviewed: dict[str, list[Notice]] = defaultdict(list)
    for notice in to_review(dispatch):
        column = _column(notice, columns, remarks)
        if not found.get(column):
            reviewed[column].append(notice)
    found |= {column: in_words(notices) for column, notices in reviewed.items()}
    return {column: notes for column, notes in found.items() if notes}


def _column(notice: Notice, columns: Mapping[str, str], remarks: str) -> str:
    """The column of the field that the notice points to."""
    pointer = notice.pointer or ""
    return columns.get("/arrival/number" if pointer == "/arrival" else pointer, remarks)


def candidates_in_words(evidence: Evidence) -> str:
    """'chưa chắc; có thể là 21/03/2024 (50 %) hoặc 27/03/2024 (40 %); trang 1; đọc được: "2/"'."""
    readings = [
        f"{candidate_text(value)} ({probability:.0%})".replace("%", " %") for value, probability in evidence.candidates
    ]
    parts = ["chưa chắc"]
    if readings:
        parts.append(f"có thể là {' hoặc '.join(readings[:5])}")
    if evidence.page:
        parts.append(f"trang {evidence.page}")
    if evidence.raw:
        parts.append(f"đọc được: “{' '.join(evidence.raw.split())[:80]}”")
    return "; ".join(parts)
