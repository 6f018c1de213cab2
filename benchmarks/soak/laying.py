"""The folder tree that the batch reads, laid out in waves, and what is true of each file in it."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.soak import documents, hostile
from benchmarks.soak.documents import Content

SPECIAL_KINDS = 5
_KINDS = {"text": ".txt", "html": ".html", "mail": ".eml", "word": ".docx", "digital": ".pdf"}
_WEIGHTS = (36, 24, 14, 18, 8)


@dataclass(frozen=True, slots=True)
class Known:
    """A good document: the SHA-256 by which an archive knows it, its number and its own word."""

    sha256: str
    code: str
    mark: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A file of the tree, and what must be found of it: ``good`` documents in it, or nothing where it is hostile."""

    path: str
    kind: str
    sha256: str = ""
    good: Sequence[Known] = ()
    marks: Sequence[str] = field(default=())
    """Words of its body, by which a log would betray it."""


def lay(root: Path, seed: int, numbers: range) -> Iterator[Laid]:
    """Write the files of these numbers below ``root``; the same files again where they are there already."""
    for number in numbers:
        rng = random.Random(f"{seed}:{number}")
        folder = root / f"{number // 1000:03d}" / f"{number // 100 % 10}"
        folder.mkdir(parents=True, exist_ok=True)
        yield _one(folder, seed, number, rng)


def _one(folder: Path, seed: int, number: int, rng: random.Random) -> Laid:
    content = documents.content(seed, number)
    share = number % 10
    if share == 0:
        return _hostile(folder, seed, number, rng, content)
    if share == 1:
        data, shown = documents.scan(seed, number)
        return _write(folder / f"scan-{number}.pdf", "scan", data, [_known(data, shown)])
    if number % 100 == 2 and number > 100:  # the bytes of another once more
        kind, data, content = _plain(seed, number - 49)
        return _write(folder / f"copy-{number}{_KINDS[kind]}", "copy", data, [_known(data, content)])
    if number % 100 == 3:
        return _several(folder, seed, number, content)
    kind, data, content = _plain(seed, number)
    return _write(folder / f"{kind}-{number}{_KINDS[kind]}", kind, data, [_known(data, content)])


def _plain(seed: int, number: int) -> tuple[str, bytes, Content]:
    """The document of a number, in the format that its number gives it."""
    content = documents.content(seed, number)
    (kind,) = random.Random(f"{seed}.{number}").choices(list(_KINDS), _WEIGHTS)
    make = {
        "text": documents.text,
        "html": documents.html,
        "mail": documents.mail,
        "word": documents.word,
        "digital": documents.digital,
    }[kind]
    return kind, make(content), content


def _several(folder: Path, seed: int, number: int, content: Content) -> Laid:
    """A ZIP file, or a mail with a text attached to it; numbers beyond all others make the documents in it."""
    inner = [documents.content(seed, 1_000_000 + 2 * number + k) for k in range(2)]
    known = [_known(documents.text(document), document) for document in inner]
    if number % 200 == 3:
        return _write(folder / f"packed-{number}.zip", "packed", documents.packed(inner), known)
    data = documents.mail(content, inner[:1])
    return _write(folder / f"post-{number}.eml", "post", data, [_known(data, content), known[0]])


def _hostile(folder: Path, seed: int, number: int, rng: random.Random, content: Content) -> Laid:
    if number % 200 == 0:
        path = folder / f"special-{number}.pdf"
        hostile.special_file(path, number // 200 % SPECIAL_KINDS)
        return Laid(str(path), "special")
    if number % 400 == 10:
        return _write(folder / f"empty-{number}.pdf", "empty", b"", [])
    suffix, data = hostile.hostile(seed, number, content)
    name = f"hostile-{number}{suffix}"
    if number % 70 == 20:
        name = hostile.odd_name(rng, name)
    return _write(folder / name, "hostile", data, [], marks=[content.mark])


def _known(data: bytes, content: Content) -> Known:
    return Known(hashlib.sha256(data).hexdigest(), content.code, content.mark)


def _write(path: Path, kind: str, data: bytes, good: list[Known], marks: Sequence[str] = ()) -> Laid:
    if path.is_file():  # from a run that was cut off: another time of change would have it read again
        data = path.read_bytes()
    else:
        fresh = path.with_name(".new")
        fresh.write_bytes(data)
        fresh.replace(path)
    marks = marks or [known.mark for known in good]
    return Laid(str(path), kind, hashlib.sha256(data).hexdigest(), good, marks)


def save(path: Path, laid: Sequence[Laid]) -> None:
    """Keep what is true of a wave; the file is whole or not there."""
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in laid), encoding="ascii")
    fresh.replace(path)


def load(path: Path) -> Iterator[Laid]:
    """What :func:`save` kept."""
    for line in path.read_text(encoding="ascii").splitlines():
        row = json.loads(line)
        yield Laid(**{**row, "good": [Known(**known) for known in row["good"]]})
