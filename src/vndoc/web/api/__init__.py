"""The archive for programs, below ``/api/v1``; for those who watch over the server ``/healthz`` and ``/metrics``."""

from vndoc.web.api.calendars import router as calendars
from vndoc.web.api.documents import router as documents
from vndoc.web.api.health import root
from vndoc.web.api.health import router as health
from vndoc.web.api.images import router as images
from vndoc.web.api.links import router as links
from vndoc.web.api.outputs import router as outputs
from vndoc.web.api.review import router as review
from vndoc.web.deps import guarded_router

__all__ = ["root", "router"]

router = guarded_router(prefix="/api/v1")
for part in (documents, images, review, outputs, calendars, links, health):
    router.include_router(part)
