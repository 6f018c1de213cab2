"""Names that senders give their files, made safe to be names of files here; of a path in them nothing is kept."""

import re
import unicodedata

from vndoc.filenames import readable

LONGEST = 180
"""Bytes of a name in UTF-8: file systems take 255."""

_FOREIGN = re.compile(r'[<>:"|?*]')
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_name(given: str) -> str:
    """The last part of a name, in letters that any system takes; "document" where nothing is left of it.

    >>> safe_name("../../etc/Công văn 815.pdf"), safe_name("C:\\\\scan\\\\.a?b.pdf"), safe_name("..")
    ('Công văn 815.pdf', 'a_b.pdf', 'document')
    """
    last = re.split(r"[/\\]", readable(given))[-1]
    letters = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", last))
    # Control characters, and those that turn the direction of writing: a name that looks like another.
    seen = "".join(c for c in letters if not unicodedata.category(c).startswith("C"))
    name = " ".join(_FOREIGN.sub("_", seen).split()).strip(" .")
    return _shortened(name) or "document"


def _shortened(name: str) -> str:
    suffix = found[0] if (found := _SUFFIX.search(name)) else ""
    stem = name.removesuffix(suffix).encode()[: LONGEST - len(suffix)].decode(errors="ignore")
    return stem.rstrip(" .") + suffix
