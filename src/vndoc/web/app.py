"""The application put together: routes, the gate before them, what goes around every answer."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from vndoc import __version__
from vndoc.archive import Archive
from vndoc.web import api, pages, work
from vndoc.web.api.common import WRITING
from vndoc.web.config import WebConfig
from vndoc.web.deps import route_roles
from vndoc.web.security import routes as session_routes
from vndoc.web.security.around import AccessLog, Doorkeeper, HeadFromGet, LastResort, SafeHeaders
from vndoc.web.security.gate import Gate
from vndoc.web.security.limits import FORM_FIELDS, FORM_FILES, FORM_PART
from vndoc.web.security.problem import handle_errors
from vndoc.web.work.metrics import Counting, Requests


def create_app(config: WebConfig) -> FastAPI:
    """The server as an ASGI application.

    Raises:
        VndocError: the archive cannot be opened.
        TypeError: a route asks for no role: an oversight of whoever wrote it.
    """
    Archive(config.archive, create=False).close()
    gate = Gate(config)
    app = FastAPI(
        title="vndoc",
        version=__version__,
        openapi_url=None,  # the API tells it, to those who may read
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would take the address from the request
        lifespan=_lifespan,
        form_limits={"max_fields": FORM_FIELDS, "max_files": FORM_FILES, "max_part_size": FORM_PART},
        middleware=[
            Middleware(Counting),
            Middleware(AccessLog),
            Middleware(SafeHeaders, config=config),
            Middleware(HeadFromGet),
            Middleware(LastResort),
            Middleware(Doorkeeper, config=config),
        ],
    )
    app.state.config, app.state.gate = config, gate
    app.state.work, app.state.requests = work.Work.of(config), Requests()
    handle_errors(app)
    app.include_router(session_routes.router, responses=WRITING)
    app.include_router(api.router)
    app.include_router(api.root)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    route_roles(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start what works in the background, and stop it in turn."""
    with ExitStack() as stack:
        for service in work.services(app):
            stack.enter_context(service)
        yield
