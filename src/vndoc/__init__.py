"""Scanned Vietnamese official dispatches (công văn, quyết định, kế hoạch …) into correct text and typed data.

>>> import vndoc
>>> dispatch = vndoc.parse("scan.pdf")          # doctest: +SKIP
>>> dispatch.code_number, dispatch.issued_date  # doctest: +SKIP

:func:`parse` reads a file, :func:`read_all` each document of one that holds several, :func:`repair` mends a text,
:class:`Archive` keeps thousands of documents. Everything raised on purpose is a :class:`VndocError`.
The functions stand before the sub-packages of the same names: import from those with ``from vndoc.repair import …``.
"""

from vndoc.archive import Archive
from vndoc.bundles import Boundary, Part
from vndoc.containers import parts
from vndoc.dispatch import (
    Annex,
    Arrival,
    CertifiedCopy,
    Dispatch,
    Evidence,
    Filing,
    Item,
    JointIssuer,
    Mention,
    NamedReference,
    Notice,
    PageText,
    Provision,
    Reference,
    Section,
    Signature,
    Signer,
    Source,
    Table,
    TableCell,
    TablePart,
    TableRow,
    Task,
    Term,
)
from vndoc.document import Document
from vndoc.errors import (
    EmptyFileError,
    EncryptedError,
    EngineError,
    FormatError,
    InputError,
    MissingFileError,
    SetupError,
    TooLargeError,
    VndocError,
)
from vndoc.notices import NOTICE_CODES
from vndoc.pipeline import parse, read, read_all, read_each
from vndoc.repair import Repaired, RepairedWord, repair
from vndoc.settings import Limits, Settings

__version__ = "0.1.0"

__all__ = [
    "NOTICE_CODES",
    "Annex",
    "Archive",
    "Arrival",
    "Boundary",
    "CertifiedCopy",
    "Dispatch",
    "Document",
    "EmptyFileError",
    "EncryptedError",
    "EngineError",
    "Evidence",
    "Filing",
    "FormatError",
    "InputError",
    "Item",
    "JointIssuer",
    "Limits",
    "Mention",
    "MissingFileError",
    "NamedReference",
    "Notice",
    "PageText",
    "Part",
    "Provision",
    "Reference",
    "Repaired",
    "RepairedWord",
    "Section",
    "Settings",
    "SetupError",
    "Signature",
    "Signer",
    "Source",
    "Table",
    "TableCell",
    "TablePart",
    "TableRow",
    "Task",
    "Term",
    "TooLargeError",
    "VndocError",
    "__version__",
    "parse",
    "parts",
    "read",
    "read_all",
    "read_each",
    "repair",
]
