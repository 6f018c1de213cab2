"""Parts of a file that is a ZIP: read one at a time, each within a limit, whatever its directory promises."""

import io
import zipfile

from vndoc.damage import edge
from vndoc.errors import EncryptedError, FormatError, TooLargeError

MAX_PART_BYTES = 64 * 1024**2
"""Of one part, unpacked. The text of a thousand pages takes less than a tenth of it."""
MAX_PARTS = 20_000
_ENCRYPTED_FLAG = 1
_DAMAGED = "the file is damaged or cut off"


class Zipped:
    """The parts of a document that is kept as a ZIP file, by name."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        with edge(name, _DAMAGED):
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._infos = {info.filename.lstrip("/").lower(): info for info in self._zip.infolist()}
        if len(self._infos) > MAX_PARTS:
            raise TooLargeError(f"{name}: has more than {MAX_PARTS} parts; it is not read")

    def __contains__(self, part: str) -> bool:
        """Whether it has a part."""
        return part.lstrip("/").lower() in self._infos

    def names(self) -> list[str]:
        """Of all parts, as they are written."""
        return [info.filename for info in self._infos.values()]

    def read(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            FormatError: it is not there, or damaged.
            TooLargeError: it unpacks to more than :data:`MAX_PART_BYTES`.
            EncryptedError: it asks for a password.
        """
        info = self._infos.get(part.lstrip("/").lower())
        if info is None:
            raise FormatError(f"{self._name}: its part {part} is missing; open it in Word and save it again")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise EncryptedError(f"{self._name}: asks for a password; save a copy without one and give that")
        with edge(self._name, _DAMAGED), self._zip.open(info) as source:
            data = source.read(MAX_PART_BYTES + 1)
        if len(data) > MAX_PART_BYTES:
            limit = MAX_PART_BYTES // 1024**2
            raise TooLargeError(f"{self._name}: its part {part} unpacks to more than {limit} MiB; it is not read")
        return data
