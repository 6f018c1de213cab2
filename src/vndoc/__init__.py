"""Scanned Vietnamese official dispatches (công văn, quyết định, kế hoạch …) into correct text and typed data.

>>> import vndoc
>>> dispatch = vndoc.parse("scan.pdf")          # doctest: +SKIP
>>> dispatch.code_number, dispatch.issued_date  # doctest: +SKIP

:func:`parse` reads a file, :func:`read_all` each document of one that holds several, :func:`repair` mends a text,
:class:`Archive` keeps thousands of documents. Everything raised on purpose is a :class:`VndocError`.
The functions stand before the sub-packages of the same names: import from those with ``from vndoc.repair import …``.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from vndoc.lazily import loader, modules_of

if TYPE_CHECKING:
    from vndoc.archive import Archive
    from vndoc.bundles import Boundary, Part
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
        MachineError,
        MemoryLimitError,
        MissingFileError,
        SetupError,
        TimeLimitError,
        TooLargeError,
        VndocError,
    )
    from vndoc.isolated import parse, parts, read, read_all, read_each
    from vndoc.notices import NOTICE_CODES
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
    "MachineError",
    "MemoryLimitError",
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
    "TimeLimitError",
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

_PLACES = {
    "archive": "Archive",
    "bundles": "Boundary Part",
    "dispatch": "Annex Arrival CertifiedCopy Dispatch Evidence Filing Item JointIssuer Mention NamedReference Notice "
    "PageText Provision Reference Section Signature Signer Source Table TableCell TablePart TableRow Task "
    "Term",
    "document": "Document",
    "errors": "EmptyFileError EncryptedError EngineError FormatError InputError MachineError MemoryLimitError "
    "MissingFileError SetupError TimeLimitError TooLargeError VndocError",
    "notices": "NOTICE_CODES",
    "isolated": "parse parts read read_all read_each",
    "repair": "Repaired RepairedWord repair",
    "settings": "Limits Settings",
}
"""Modules of this package, and what each gives to it: loaded when it is first asked for."""

__getattr__ = loader(__name__, _PLACES)
_MODULE_OF = modules_of(_PLACES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps the functions before the sub-packages of the same names, which are set when they are imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _MODULE_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
