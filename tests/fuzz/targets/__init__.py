"""What is fuzzed, by its name: a function of bytes that raises only where a promise is broken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.fuzz.seeds import LETTER, seeds
from tests.fuzz.targets import files, pages, web, writing


@dataclass(frozen=True, slots=True)
class Target:
    """A function, and what it is given to begin with."""

    run: Callable[[bytes], None]
    kinds: Sequence[str] = ()
    """Kinds of files, each with its seeds and mutations."""
    texts: Sequence[bytes] = ()
    """Seeds that are no files, damaged as texts are."""

    def seeds(self) -> list[tuple[str, bytes]]:
        """Each with its kind."""
        own = [(kind, data) for kind in self.kinds for data in seeds()[kind]]
        return own + [("text", data) for data in self.texts]


_BODIES = (
    b"\x00\x00{}",
    b'\x01\x00{"values": {"/subject": "a"}, "revision": 1}',
    b'\x02\x00{"/issued_date": "2024-02-30", "revision": -1}',
    b'\x03\x01--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nSo 12\r\n--b--\r\n',
    b"\x04\x02name=a&password=b&next=%2F%2Fa.vn",
)
TARGETS: Mapping[str, Target] = {
    "text": Target(writing.parsed, ["text"]),
    "repair": Target(writing.repaired, texts=[b"\0" + LETTER.encode(), b"\1UY BAN NHAN DAN XA BEN TRUC"]),
    "pages": Target(pages.pages, texts=[bytes(range(256)) * 4, LETTER.encode(), bytes(200)]),
    "pdf": Target(files.file, ["pdf"]),
    "images": Target(files.file, ["png", "jpeg", "tiff", "webp", "gif", "jp2", "heic", "avif"]),
    "docx": Target(files.file, ["docx"]),
    "office": Target(files.file, ["doc", "odt", "rtf", "html"]),
    "mail": Target(files.file, ["eml", "msg", "mht"]),
    "containers": Target(files.file, ["zip", "7z", "rar"]),
    "http": Target(web.body, texts=_BODIES),
}
"""All of them."""
