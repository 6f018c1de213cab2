"""What goes on behind the answers: originals that come in, the thread that reads, images, hooks that are told."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from vndoc.archive.archive import processors
from vndoc.archive.pool import LocalPool
from vndoc.web.config import WebConfig
from vndoc.web.work.cache import Cache
from vndoc.web.work.images import Images
from vndoc.web.work.reader import Reader
from vndoc.web.work.uploads import Uploads
from vndoc.web.work.webhooks import Hooks


@dataclass(frozen=True)
class Work:
    """All of it; one for each application."""

    uploads: Uploads
    reader: Reader
    images: Images
    hooks: Hooks

    @classmethod
    def of(cls, config: WebConfig) -> "Work":
        """What this configuration asks for, not yet started."""
        uploads = Uploads(config.files)
        cache = Cache(config.cache, config.cache_mb * 1024**2)
        hooks = Hooks(config.archive, config.hooks)
        jobs = config.jobs or max(1, processors() - 1)
        reader = Reader(config.archive, uploads, config.settings, lambda: LocalPool(jobs, ahead=0))
        return cls(uploads, reader, Images(cache), hooks)


def services(app: FastAPI) -> Sequence[AbstractContextManager[object]]:
    """What runs as long as the server does, in the order of starting."""
    work: Work = app.state.work
    return [work.images, work.hooks, work.reader]


def _work_of(request: Request) -> Work:
    work: Work = request.app.state.work
    return work


Handles = Annotated[Work, Depends(_work_of)]
"""The work behind the application that was asked."""
