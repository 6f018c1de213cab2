"""What several routes share: filters and limits as parameters, problems in the description, names without paths."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query

from vndoc.archive.search import Filters
from vndoc.filenames import readable
from vndoc.web.api import models
from vndoc.web.security.problem import MEDIA_TYPE, phrase

BIGGEST = 2**53
"""Of numbers in requests: what JSON holds exactly."""

Limit = Annotated[int, Query(ge=1, le=500, description="Most of them in one answer.")]
Number = Annotated[int, Path(ge=1, le=BIGGEST)]
PageNumber = Annotated[int, Path(ge=1, le=100_000, description="Of the page, as the file counts them.")]
Text = Annotated[str | None, Query(max_length=500)]
CausedBy = Annotated[
    str | None,
    Header(
        alias="Vndoc-Caused-By",
        max_length=100,
        description="Webhook-Id of the delivery that made a receiver ask for this; it is not told of it again.",
    ),
]

_READ = (401, 403, 404, 422, 503)
_WRITE = (400, 401, 403, 404, 408, 409, 413, 422, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Answers that are problems, as the description of a route has them."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": phrase(status), "content": content} for status in statuses}


READING = problems(*_READ)
WRITING = problems(*_WRITE)


def described(status: int, media_types: Sequence[str], what: str) -> dict[int | str, dict[str, Any]]:
    """An answer that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {status: {"description": what, "content": content}}


def _filters(
    type_name: Annotated[Text, Query(description="Type of document, with or without diacritics.")] = None,
    organ: Annotated[Text, Query(description="Part of the issuer's name or of its superior's.")] = None,
    year: Annotated[int | None, Query(ge=1, le=9999, description="Of issue.")] = None,
    urgency: Text = None,
    due_before: Annotated[date | None, Query(description="Due on this day or earlier.")] = None,
    since: Annotated[date | None, Query(description="Arrived then or later; issued, where that is not known.")] = None,
    until: Annotated[date | None, Query(description="… then or earlier.")] = None,
) -> Filters:
    return Filters(type_name, organ, year, urgency, due_before, since, until)


Filtered = Annotated[Filters, Depends(_filters)]
"""Which documents, by the parameters of the request."""


def name_of(path: str) -> str:
    """The name of a file, without the folders of the server."""
    return readable(path.rpartition("/")[2])


def without_paths(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a row in which the name of the file stands in place of its path."""
    return {**{name: value for name, value in fields.items() if name != "path"}, "name": name_of(fields["path"])}


PROBLEM_SCHEMA = {"Problem": models.Problem.model_json_schema()}
