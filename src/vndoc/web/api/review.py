"""What a person does with a document, and what waits for one: corrections, the audit, the queue, one field of many."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import ValidationError

from vndoc.archive.review import Change
from vndoc.archive.review.queue import Wanted
from vndoc.errors import InputError
from vndoc.facts import VALUES
from vndoc.web.api import models
from vndoc.web.api.common import BIGGEST, READING, WRITING, CausedBy, Filtered, Limit, Number, Text
from vndoc.web.deps import Clerk, GuestClerk, GuestReader, Key, OpenArchive, Reader, guarded_router
from vndoc.web.security.problem import Problem
from vndoc.web.work.webhooks import untold

router = guarded_router(tags=["review"])
Before = Annotated[int | None, Query(ge=1, le=BIGGEST, description="'next' of the answer before.")]
Pointer = Annotated[str, Query(max_length=100, pattern="^/", examples=["/organ_name"])]


@contextmanager
def _fitting() -> Iterator[None]:
    """Facts that do not fit the document are the caller's fault, and not told in the caller's words."""
    try:
        yield
    except (ValueError, ValidationError):
        raise Problem(422, "what is given does not fit this document", kind="fact") from None


@router.post("/documents/{key}/corrections", responses=WRITING)
def correct(
    key: Key, given: models.Corrections, archive: OpenArchive, user: GuestClerk, caused_by: CausedBy = None
) -> models.Change:
    """Say what a document says: values, entries of lists, words. All of it, or where one does not fit nothing."""
    number = archive.document_id(key)
    with _fitting(), untold(archive, number, caused_by):
        return _told(archive.desk.confirm(number, given.facts, user.name, given.revision))


@router.post("/documents/{key}/close", responses=WRITING)
def close(
    key: Key, given: models.Revised, archive: OpenArchive, user: GuestClerk, caused_by: CausedBy = None
) -> models.Change:
    """Say that a person is done with a document."""
    number = archive.document_id(key)
    with untold(archive, number, caused_by):
        return _told(archive.desk.close(number, user.name, given.revision))


@router.post("/documents/{key}/reopen", responses=WRITING)
def reopen(key: Key, given: models.Revised, archive: OpenArchive, user: GuestClerk) -> models.Change:
    """Put a document back among those that wait for a person."""
    return _told(archive.desk.reopen(archive.document_id(key), user.name, given.revision))


@router.post("/documents/{key}/recut", responses=WRITING)
def recut(key: Key, given: models.Cut, archive: OpenArchive, user: Clerk) -> models.Change:
    """Part the file of a document so that documents begin on these pages; parts that are new are read."""
    try:
        with _fitting():
            return _told(archive.desk.recut(archive.document_id(key), given.starts, user.name, given.revision))
    except InputError as error:
        if type(error) is InputError:
            raise Problem(409, "the file is being read; cut it when that is done", kind="state") from None
        raise


@router.get("/documents/{key}/changes", responses=READING)
def changes_of(
    key: Key, archive: OpenArchive, user: GuestReader, before: Before = None, limit: Limit = 50
) -> models.ChangePage:
    """What people have done with a document, the latest first."""
    return _some(archive.desk.changes(archive.document_id(key), before=before, limit=limit), limit)


@router.get("/audit", responses=READING)
def audit(
    archive: OpenArchive, user: Reader, who: Text = None, before: Before = None, limit: Limit = 50
) -> models.ChangePage:
    """What people have done, the latest first."""
    return _some(archive.desk.changes(who=who, before=before, limit=limit), limit)


@router.post("/changes/{number}/undo", responses=WRITING)
def undo(
    number: Number, archive: OpenArchive, user: Clerk, given: models.Undo | None = None, caused_by: CausedBy = None
) -> models.Change:
    """Take a change back, an undoing too. Where something it did has been changed since, the answer is 409."""
    with _fitting(), untold(archive, archive.desk.change(number).document_id, caused_by):
        return _told(archive.desk.undo(number, user.name, given.revision if given else None))


@router.get("/queue", responses=READING)
def queue(
    archive: OpenArchive,
    user: Reader,
    filters: Filtered,
    wanted: Annotated[Wanted, Query(description="Those that wait, those done with, or both.")] = "open",
    after: Annotated[str | None, Query(max_length=200, description="'next' of the answer before.")] = None,
    limit: Limit = 50,
) -> models.QueuePage:
    """The documents that wait for a person, the most pressing first, and how much that is."""
    try:
        found = archive.queue(filters, wanted, after, limit)
    except ValueError:
        raise Problem(422, "'after' is not 'next' of an answer before", kind="invalid") from None
    return models.QueuePage(
        documents=[models.QueueRow.model_validate(row) for row in found],
        next=found[-1].cursor if len(found) == limit else None,
        counts=models.QueueCounts.model_validate(archive.queue_counts(date.today())),
    )


@router.get("/completions", responses=READING)
def completions(
    pointer: Pointer,
    typed: Annotated[str, Query(max_length=500)],
    archive: OpenArchive,
    user: Reader,
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> list[str]:
    """Values of a field that the archive has and that may be meant, with or without diacritics."""
    return archive.completions(pointer, typed, limit)


@router.get("/grid", responses=READING)
def grid(
    pointer: Annotated[str, Query(max_length=100, description=f"One of {', '.join(VALUES)}.")],
    archive: OpenArchive,
    user: Reader,
    after: Annotated[int, Query(ge=0, le=BIGGEST, description="'next' of the answer before.")] = 0,
    limit: Limit = 30,
) -> models.GridPage:
    """One field of the documents in which it is in doubt, beside each other."""
    found = archive.grid(pointer, limit, after)
    return models.GridPage(
        items=[models.GridItem.model_validate(item) for item in found],
        next=found[-1].document_id if len(found) == limit else None,
    )


def _told(change: Change) -> models.Change:
    return models.Change.model_validate(change)


def _some(found: Iterator[Change], limit: int) -> models.ChangePage:
    changes = [_told(change) for change in found]
    return models.ChangePage(changes=changes, next=changes[-1].id if len(changes) == limit else None)
