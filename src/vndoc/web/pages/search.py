"""Full text of the archive, with the passage of each hit and a way to its place on the scan."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response

from vndoc.archive import Archive
from vndoc.archive.search import Hit
from vndoc.web.deps import OpenArchive, Reader, guarded_router
from vndoc.web.pages.queue import chosen_filters
from vndoc.web.pages.render import address, render, words_of
from vndoc.web.pages.texts import Translate

router = guarded_router()
PAGE = 20
MOST = 200
"""Hits that are shown at most: whoever has not found it among these needs another word."""


@dataclass(slots=True, frozen=True)
class ShownHit:
    """A hit with its passage in pieces: text, and whether it is one of the words."""

    title: str
    link: str
    organ_name: str | None
    issued_date: date | None
    page: int | None
    pieces: tuple[tuple[str, bool], ...]


@router.get("/search")
def search_page(
    request: Request,
    archive: OpenArchive,
    user: Reader,
    q: Annotated[str, Query(max_length=400)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
) -> Response:
    """What holds the words and passes the filters."""
    t = words_of(request)
    chosen = chosen_filters(request.query_params, t)
    searched = bool(q.strip() or chosen.typed)
    hits = list(archive.search(q, chosen.filters, limit + 1)) if searched else []
    query = {"q": q, **chosen.typed}
    return render(
        request,
        "search.html",
        words=q,
        chosen=chosen.typed,
        problems=chosen.problems,
        searched=searched,
        hits=[_shown(archive, hit, q, t) for hit in hits[:limit]],
        more=address("/search", query | {"limit": limit + PAGE})
        if len(hits) > limit and limit + PAGE <= MOST
        else None,
        register=lambda kind: address("/api/v1/register", {"format": kind, **asdict(chosen.filters)}),
    )


def _shown(archive: Archive, hit: Hit, words: str, t: Translate) -> ShownHit:
    title = " ".join(filter(None, (hit.type_name, hit.code))) or t("queue.no_code")
    title = f"{title}: {hit.subject}" if hit.subject else title
    link = address(f"/documents/{archive.key(hit.document_id)}", {"page": hit.page, "find": words})
    return ShownHit(title, link, hit.organ_name, hit.issued_date, hit.page, tuple(_pieces(hit)))


def _pieces(hit: Hit) -> Iterator[tuple[str, bool]]:
    end = 0
    for start, stop in hit.marks:
        if start >= end:
            yield hit.snippet[end:start], False
            yield hit.snippet[start:stop], True
            end = stop
    yield hit.snippet[end:], False
