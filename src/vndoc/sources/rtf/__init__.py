"""RTF: the text that is printed. Pictures and embedded objects stay unread, nothing is run or fetched.

Read by an own reader: striprtf keeps what is hidden or struck out, and loses text boxes and the ends of pages.
"""

from vndoc.damage import edge
from vndoc.errors import FormatError
from vndoc.settings import Settings
from vndoc.sources.backend import OpenFile
from vndoc.sources.file import SourceFile
from vndoc.sources.flow import flowing, pages_of
from vndoc.sources.rtf.reader import read_rtf

RTF = "application/rtf"
MAX_BYTES = 256 * 1024**2
"""Of a file; nearly all of a large one is pictures."""


class RtfBackend:
    """See :class:`~vndoc.sources.backend.Backend`."""

    names = {RTF: "an RTF file"}  # noqa: RUF012 -- the protocol's read-only mapping
    suffixes = {".rtf": RTF}  # noqa: RUF012

    def probe(self, data: bytes) -> str | None:
        """By its first word."""
        return RTF if data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{\\rtf") else None

    def open(self, file: SourceFile, settings: Settings) -> OpenFile:
        """See :meth:`~vndoc.sources.backend.Backend.open`."""
        with edge(file.name, "the RTF file is damaged", "open it in Word and save it again"):
            if len(file.data) > MAX_BYTES:
                raise FormatError(f"{file.name}: an RTF file of more than {MAX_BYTES // 1024**2} MiB is not read")
            return flowing(file, pages_of(read_rtf(file.data)), settings)


BACKEND = RtfBackend()
