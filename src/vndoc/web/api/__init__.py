"""The archive for programs, below ``/api/v1``."""

from vndoc.web.deps import guarded_router

router = guarded_router(prefix="/api/v1")
