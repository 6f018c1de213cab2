"""What is taken out of the archive: search, register, duties, references."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Query, Response

from vndoc.archive import Archive
from vndoc.archive.calendar import to_ics
from vndoc.archive.cites import Link
from vndoc.archive.duties import Duty
from vndoc.archive.duties import to_csv as duties_to_csv
from vndoc.archive.register import Row
from vndoc.archive.register import to_csv as register_to_csv
from vndoc.archive.workbook import write_workbook
from vndoc.sandbox.scratch import temporary_folder
from vndoc.web.api import models
from vndoc.web.api.common import BIGGEST, READING, Filtered, Text, described, name_of, without_paths
from vndoc.web.deps import OpenArchive, Reader, guarded_router

router = guarded_router(tags=["outputs"])
CSV, XLSX, ICS = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/calendar",
)
Day = Annotated[date | None, Query()]
Offset = Annotated[int, Query(ge=0, le=BIGGEST)]
Many = Annotated[int, Query(ge=1, le=10_000)]


@router.get("/search", responses=READING)
def search(
    archive: OpenArchive,
    user: Reader,
    filters: Filtered,
    q: Annotated[str, Query(max_length=500, description='Words, "phrases", beginnings*; diacritics or none.')] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[models.Hit]:
    """Documents that hold all the words, best first; without words the latest."""
    return [_hit(archive, asdict(hit)) for hit in archive.search(q, filters, limit)]


def _hit(archive: Archive, fields: dict[str, object]) -> models.Hit:
    number = fields.pop("document_id")
    assert isinstance(number, int)
    return models.Hit.model_validate({**without_paths(fields), "key": archive.key(number)})


@router.get(
    "/register",
    response_model=list[models.RegisterRow],
    responses={**READING, **described(200, [CSV, XLSX], "The register")},
)
def register(
    archive: OpenArchive,
    user: Reader,
    filters: Filtered,
    format: Annotated[Literal["json", "csv", "xlsx"], Query()] = "json",
    offset: Annotated[Offset, Query(description="Of JSON: rows to pass over.")] = 0,
    limit: Annotated[Many, Query(description="Of JSON: most rows.")] = 1000,
) -> Response:
    """The register of incoming documents (sổ đăng ký văn bản đến), in the order of arrival."""
    rows = archive.register(filters)
    if format == "csv":
        return _file("\ufeff" + register_to_csv(rows), CSV, "register.csv")
    if format == "xlsx":
        return _file(_workbook(rows), XLSX, "register.xlsx")
    found = [_register_row(archive, row) for row in islice(rows, offset, offset + limit)]
    return _json([row.model_dump(mode="json") for row in found])


def _register_row(archive: Archive, row: Row) -> models.RegisterRow:
    columns = {name: getattr(row, name) for name in models.RegisterRow.model_fields if name != "key"}
    return models.RegisterRow(key=archive.key(row.document_id), **columns)


def _workbook(rows: Iterator[Row]) -> bytes:
    with temporary_folder() as folder:
        path = Path(folder, "register.xlsx")
        write_workbook(rows, path)
        return path.read_bytes()


@router.get(
    "/tasks", response_model=list[models.Duty], responses={**READING, **described(200, [CSV, ICS], "The duties")}
)
def tasks(
    archive: OpenArchive,
    user: Reader,
    due_before: Annotated[Day, Query(description="Due on this day or earlier.")] = None,
    due_after: Annotated[Day, Query(description="Due on this day or later.")] = None,
    assignee: Annotated[Text, Query(description="Part of the name of who is bound.")] = None,
    format: Annotated[Literal["json", "csv", "ics"], Query()] = "json",
    offset: Annotated[Offset, Query(description="Of JSON: duties to pass over.")] = 0,
    limit: Annotated[Many, Query(description="Of JSON: most duties.")] = 1000,
) -> Response:
    """Duties by their day, those without one last."""
    found = told_duties(archive, due_before, due_after, assignee)
    if format == "csv":
        return _file("\ufeff" + duties_to_csv(found), CSV, "tasks.csv")
    if format == "ics":
        return _file(to_ics(found), ICS, "tasks.ics")
    return _json([_duty(duty).model_dump(mode="json") for duty in islice(found, offset, offset + limit)])


def told_duties(
    archive: Archive, due_before: date | None = None, due_after: date | None = None, assignee: str | None = None
) -> Iterator[Duty]:
    """Duties with the names of their files, without the folders of the server."""
    return (replace(duty, path=name_of(duty.path)) for duty in archive.tasks(due_before, due_after, assignee))


def _duty(duty: Duty) -> models.Duty:
    fields = without_paths(asdict(duty))
    return models.Duty.model_validate(
        {**fields, "due_time": f"{duty.due_time:%H:%M}" if duty.due_time else None, "key": duty.key}
    )


@router.get("/cites", responses=READING)
def cites(
    archive: OpenArchive,
    user: Reader,
    notation: Annotated[str, Query(min_length=1, max_length=200, examples=["57-KL/TW"])],
    issued: Annotated[Day, Query(description="Tells the document from others of the same notation.")] = None,
) -> models.Citations:
    """What refers to the document of a notation, and what it refers to."""
    found = archive.cites(notation, issued)
    return models.Citations(
        notation=found.notation,
        documents=[_cited(archive, link) for link in found.documents],
        cited_by=[_cited(archive, link) for link in found.cited_by],
        cites=[_cited(archive, link) for link in found.cites],
    )


def _cited(archive: Archive, link: Link) -> models.CitedDocument:
    fields = {name: value for name, value in asdict(link).items() if name not in ("document_id", "path")}
    key = archive.key(link.document_id) if link.document_id is not None else None
    return models.CitedDocument.model_validate({**fields, "key": key})


def _json(rows: list[dict[str, object]]) -> Response:
    return Response(json.dumps(rows, ensure_ascii=False), media_type="application/json")


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
