"""Links that another system makes for its users: each opens one document at one field, once."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from vndoc.web.api.common import WRITING
from vndoc.web.deps import Admin, Config, Key, OpenArchive, guarded_router
from vndoc.web.security.users import LONGEST_NAME, normal_name
from vndoc.web.work.links import make

router = guarded_router(tags=["links"])
MOST_MINUTES = 24 * 60


class LinkWish(BaseModel):
    """Whom the link is for, and how long it can be used for the first and only time."""

    model_config = ConfigDict(extra="forbid")

    pointer: str | None = Field(
        default=None, max_length=100, pattern="^/", description="The field to begin at.", examples=["/code_number"]
    )
    minutes: int = Field(default=15, ge=1, le=MOST_MINUTES)
    person: Annotated[str, AfterValidator(normal_name)] | None = Field(
        default=None,
        max_length=LONGEST_NAME,
        description="Who will open it: the audit names them beside the user who made the link.",
    )


class NewLink(BaseModel):
    """The link's address, which is told this once."""

    url: str
    expires_at: datetime


@router.post("/documents/{key}/links", status_code=201, responses=WRITING)
def make_link(key: Key, config: Config, archive: OpenArchive, user: Admin, wish: LinkWish | None = None) -> NewLink:
    """Make a link for a person of another system, who can then see and correct this document and no other."""
    wish = wish or LinkWish()
    secret, expires = make(archive, key, user.name, wish.person, wish.pointer, 60.0 * wish.minutes)
    return NewLink(url=f"{config.url}/open/{secret}", expires_at=datetime.fromtimestamp(expires, UTC))
