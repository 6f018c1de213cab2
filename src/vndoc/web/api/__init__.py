"""The archive for programs, below ``/api/v1``; for those who watch over the server ``/healthz`` and ``/metrics``."""

from vndoc.web.api import documents, images, outputs, review
from vndoc.web.deps import guarded_router

router = guarded_router(prefix="/api/v1")
for part in (documents, images, review, outputs):
    router.include_router(part.router)
