"""The archive for programs, below ``/api/v1``; for those who watch over the server ``/healthz`` and ``/metrics``."""

from vndoc.web.api import calendars, documents, health, images, links, outputs, review
from vndoc.web.api.health import root
from vndoc.web.deps import guarded_router

__all__ = ["root", "router"]

router = guarded_router(prefix="/api/v1")
for part in (documents, images, review, outputs, calendars, links, health):
    router.include_router(part.router)
