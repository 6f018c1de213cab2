"""Which notices a clerk must act on before a row of a register can be relied on, and how a row says so."""

from collections import defaultdict
from collections.abc import Sequence

from vndoc.dispatch import Dispatch, Notice
from vndoc.export.labels import notice_page, notice_text

REVIEWED = frozenset(
    {
        "page-failed",
        "page-doubtful",
        "page-placeholder",
        "attachments-unread",
        "parts-unread",
        "boundary-doubtful",
        "several-documents",
        "sheet-shared",
        "number-missing",
        "number-unsure",
        "date-unsure",
        "arrival-unsure",
        "signature-missing",
        "signature-unreadable",
    }
)
"""Codes of :data:`vndoc.NOTICE_CODES` that mark a row: something on the paper was not read, or not surely.

A withheld field ("value-withheld") is marked where it stands, by its evidence. The other codes tell what kind of
paper it is, or are about the text alone, of which a register holds nothing.
"""


def to_review(dispatch: Dispatch) -> list[Notice]:
    """The notices that mark the row of this dispatch, in their order."""
    return [notice for notice in dispatch.warnings if notice.code in REVIEWED]


def in_words(notices: Sequence[Notice]) -> list[str]:
    """The reasons in Vietnamese, each once, with the pages it is about.

    >>> in_words([Notice(code="page-doubtful", pointer=f"/pages/{n}", message="") for n in (2, 5)])
    ['trang 2, 5: trang này đọc chưa chắc']
    """
    pages: dict[str, list[str]] = defaultdict(list)
    for notice in notices:
        sentence = notice_text(notice).rstrip(".")
        pages[sentence[:1].lower() + sentence[1:]] += filter(None, [notice_page(notice)])
    return [f"trang {', '.join(some)}: {words}" if some else words for words, some in pages.items()]


def kind_of_paper(dispatch: Dispatch) -> list[str]:
    """What a remark says of the paper itself, where a table has no column for it."""
    copy = dispatch.certified_copy
    return [
        *([f"Độ mật: {dispatch.secrecy}"] if dispatch.secrecy else []),
        *([dispatch.circulation] if dispatch.circulation else []),
        *([copy.type_name] if copy else []),
        *(["Dự thảo"] if dispatch.draft else []),
    ]
