"""What was recognised in a document, before it is parsed: enough to parse it again without its file.

An archive keeps it beside each dispatch, so that a word that a person mends, or a date, changes all that follows.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from vndoc.dispatch import Notice, Signature, Source
from vndoc.page import Page
from vndoc.slots import Candidates, Readings, SlotForm, SlotKey, SlotKind

_PAGES = TypeAdapter(tuple[Page, ...])
_SIGNATURES = TypeAdapter(tuple[Signature, ...])
_NOTICES = TypeAdapter(tuple[Notice, ...])
_LEVEL = 6  # of zlib: the highest takes thrice the time for two in a hundred


@dataclass(slots=True, frozen=True)
class Reading:
    """The repaired pages of a document, what is written in the blanks of its form, and its electronic signatures."""

    source: Source
    pages: tuple[Page, ...]
    slots: Readings
    signatures: tuple[Signature, ...] = ()
    notices: tuple[Notice, ...] = ()
    """Those on the file and on how it was read; those on a page stand at the page."""

    def to_bytes(self) -> bytes:
        """JSON, compressed: about 15 kB a page."""
        parts = {
            "source": self.source.model_dump(mode="json"),
            "pages": _PAGES.dump_python(self.pages, mode="json", exclude_defaults=True),
            "slots": [[key.form, key.kind, list(found)] for key, found in self.slots.items()],
            "signatures": _SIGNATURES.dump_python(self.signatures, mode="json"),
            "notices": _NOTICES.dump_python(self.notices, mode="json"),
        }
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Reading":
        """Inverse of :meth:`to_bytes`."""
        parts: dict[str, Any] = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        slots: Mapping[SlotKey, Candidates] = {
            SlotKey(SlotForm(form), SlotKind(kind)): [(text, p) for text, p in found]
            for form, kind, found in parts["slots"]
        }
        return cls(
            Source.model_validate(parts["source"]),
            _PAGES.validate_python(parts["pages"]),
            slots,
            _SIGNATURES.validate_python(parts["signatures"]),
            _NOTICES.validate_python(parts["notices"]),
        )
