"""An archive of made-up dispatches in a fair likeness of a registry's: what the measurements of the web are taken on.

The samples are read once; each document is one of them under another head: type, issuer, number, day, signer,
doubts, due date, urgency as they are spread in an office's register. They have only their result, as documents read by
an older vndoc do. One in fifty is a scan as it was read, with its words and boxes; the first scans have a file too, so
that their pages can be drawn.
"""

import hashlib
import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import vndoc
from vndoc.archive import Archive
from vndoc.archive.database import connect, transaction
from vndoc.archive.results import store
from vndoc.dispatch import Dispatch, Evidence, Reference, Source
from vndoc.pipeline import parse_again
from vndoc.reading import Reading

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = json.loads((SAMPLES / "names.json").read_text(encoding="utf-8"))

SCANS = ("to-trinh-145", "bao-cao-233", "cv815")
SCANNED, WITH_FILE = 50, 60
"""One document in so many is a scan; so many scans have a file."""

TYPES = {
    "Công văn": (55, "UBND"),
    "Quyết định": (12, "QĐ-UBND"),
    "Báo cáo": (8, "BC-UBND"),
    "Kế hoạch": (8, "KH-UBND"),
    "Thông báo": (7, "TB-UBND"),
    "Tờ trình": (5, "TTr-UBND"),
    "Giấy mời": (5, "GM-UBND"),
}


def person(rng: random.Random) -> str:
    """A made-up name."""
    return " ".join(rng.choice(NAMES[part]) for part in ("surnames", "middle", "given"))


def _some_day(rng: random.Random) -> str:
    return str(date(2024, 1, 1) + timedelta(days=rng.randrange(366)))


Make = Callable[[random.Random], str]
DOUBTED: dict[str, tuple[int, Make]] = {
    "/code_number": (30, lambda rng: str(rng.randint(1, 3000))),
    "/issued_date": (30, _some_day),
    "/arrival/number": (10, lambda rng: str(rng.randint(1, 3000))),
    "/arrival/date": (10, _some_day),
    "/signer/full_name": (12, person),
    "/subject": (5, lambda rng: "triển khai thực hiện Kế hoạch"),
    "/place": (3, lambda rng: rng.choice(list(NAMES["places"]))),
}
"""How often each field is doubted, and what else it may be."""

_BATCH = 1000
_PIPELINE = "0" * 64


@dataclass(frozen=True, slots=True)
class Base:
    """A sample as it was read, the file it was read from, what it was parsed from."""

    path: Path
    dispatch: Dispatch
    reading: Reading


def bases() -> tuple[list[Base], list[Base]]:
    """The samples as texts, and some of them as scans, which take some seconds a page: read well, and doubtfully."""
    texts = [_read(path) for path in sorted(SAMPLES.glob("*/text.txt"))]
    scans = [_read(SAMPLES / name / "scan.pdf") for name in SCANS]
    return texts, [*scans, *map(unsure, scans)]


def unsure(base: Base) -> Base:
    """The same, its number and day by a hand that is hard to read: likely what they are, but not surely."""
    slots = {key: [(text, 0.4 * p) for text, p in found] for key, found in base.reading.slots.items()}
    reading = replace(base.reading, slots=slots)
    return Base(base.path, parse_again(reading), reading)


def _read(path: Path) -> Base:
    document = vndoc.read(path)
    return Base(path, document.dispatch, document.reading)


def fill(path: Path, rows: int, originals: Path, *, seed: int = 815, today: date | None = None) -> list[str]:
    """Make an archive of so many documents; the keys of the scans that have a file, which lie in ``originals``."""
    rng, today = random.Random(seed), today or date.today()
    texts, scans = bases()
    db = connect(path, create=True)
    with_file: list[str] = []
    db.execute("PRAGMA synchronous = OFF")  # a benchmark's archive may be lost with the machine
    for first in range(0, rows, _BATCH):
        with transaction(db):
            if not first:
                db.execute("INSERT OR IGNORE INTO pipeline VALUES (?, '{}', ?)", (_PIPELINE, _moment(rng, today)))
            for number in range(first, min(rows, first + _BATCH)):
                scanned = number % SCANNED == 0
                base = rng.choice(scans if scanned else texts)
                place = originals / f"{number:06d}{base.path.suffix}"
                file = _copy(base.path, place, number) if scanned and len(with_file) < WITH_FILE else None
                key = hashlib.sha256(file or str(number).encode()).hexdigest()
                if file:
                    with_file.append(key)
                _add(db, number + 1, key, place, base, scanned, rng, today)
    with transaction(db):
        _audit(db, rng, today)
    db.execute("PRAGMA optimize")
    db.close()
    return with_file


def _copy(base: Path, place: Path, number: int) -> bytes:
    """Another file that shows the same: what follows the end of a PDF is not read."""
    data = base.read_bytes() + f"\n% {number}\n".encode()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return data


def _add(
    db: sqlite3.Connection,
    document: int,
    key: str,
    place: Path,
    base: Base,
    scanned: bool,
    rng: random.Random,
    today: date,
) -> None:
    source = Source(
        name=place.name,
        sha256=key,
        media_type=base.dispatch.source.media_type,
        page_amount=base.dispatch.source.page_amount,
    )
    if scanned:  # as its words say, so that it stays so when it is parsed again
        dispatch = base.dispatch.model_copy(update={"source": source})
    else:
        dispatch = _headed(base.dispatch, source, rng, today)
    db.execute(
        """INSERT INTO document (id, sha256, state, attempts, seconds, memory_mb, page_amount, fingerprint, queued_at,
           finished_at) VALUES (?, ?, 'done', 1, ?, 300, ?, ?, ?, ?)""",
        (document, key, round(rng.uniform(0.2, 9), 3), source.page_amount, _PIPELINE, *[_moment(rng, today)] * 2),
    )
    size = place.stat().st_size if place.exists() else rng.randint(50_000, 900_000)
    db.execute(
        "INSERT INTO file (path, kind, size, stamp, document_id) VALUES (?, 'file', ?, ?, ?)",
        (str(place), size, place.stat().st_mtime_ns if place.exists() else document, document),
    )
    if scanned:
        reading = replace(base.reading, source=source).to_bytes()
        db.execute("INSERT INTO reading (document_id, pages) VALUES (?, ?)", (document, reading))
    store(db, document, dispatch, dispatch.model_dump_json(), _PIPELINE)


def _headed(base: Dispatch, source: Source, rng: random.Random, today: date) -> Dispatch:
    """The dispatch under another head; the newer the day, the more documents."""
    (kind,) = rng.choices(list(TYPES), [weight for weight, _ in TYPES.values()])
    issued = today - timedelta(days=int(3650 * rng.random() ** 1.2))
    place = rng.choice(list(NAMES["places"]))
    organ = f"Ủy ban nhân dân xã {rng.choice(NAMES['places'][place])} {rng.randint(1, 12)}"
    due = issued + timedelta(days=rng.randint(3, 90)) if rng.random() < 0.35 else None
    tasks = [task.model_copy(update={"due_date": due if k == 0 else None}) for k, task in enumerate(base.tasks)]
    values: dict[str, Any] = {
        "source": source,
        "type_name": kind,
        "code_number": str(rng.randint(1, 3000)),
        "code_notation": TYPES[kind][1],
        "organ_name": organ,
        "place": place,
        "issued_date": issued,
        "subject": f"{base.subject} năm {issued.year} tại {place}",
        "urgency": rng.choice(["Hỏa tốc", "Khẩn"]) if rng.random() < 0.03 else None,
        "signer": base.signer.model_copy(update={"full_name": person(rng)}),
        "arrival": base.arrival.model_copy(
            update={"number": str(rng.randint(1, 9000)), "date": issued + timedelta(days=rng.randint(0, 6))}
        ),
        "due_date": due,
        "tasks": tasks,
        "references": [*base.references, *_references(rng, issued)],
        "evidence": dict(base.evidence),
    }
    _doubt(values, rng)
    return base.model_copy(update=values)


def _references(rng: random.Random, issued: date) -> Iterator[Reference]:
    for _ in range(rng.randrange(3)):
        kind = rng.choice(list(TYPES))
        yield Reference(
            type_name=kind,
            notation=f"{rng.randint(1, 3000)}/{TYPES[kind][1]}",
            issued_date=issued - timedelta(days=rng.randrange(400)) if rng.random() < 0.8 else None,
        )


def _doubt(values: dict[str, Any], rng: random.Random) -> None:
    """Make some values doubtful: none in two documents of five, else one to four."""
    amount = rng.choices(range(5), (40, 30, 18, 8, 4))[0]
    for pointer in set(rng.choices(list(DOUBTED), [weight for weight, _ in DOUBTED.values()], k=amount)):
        confidence, make = round(rng.uniform(0.15, 0.79), 3), DOUBTED[pointer][1]
        top, left = rng.randint(200, 900), rng.randint(200, 900)
        values["evidence"][pointer] = Evidence(
            confidence=confidence,
            page=1,
            box=(left, top, left + 180, top + 50),
            raw="8l5",
            candidates=[(make(rng), round(confidence * share, 3)) for share in (0.6, 0.25, 0.1)],
            method="handwriting",
        )
        name, _, inner = pointer[1:].partition("/")
        if confidence < 0.5:
            values[name] = values[name].model_copy(update={inner: None}) if inner else None


def _audit(db: sqlite3.Connection, rng: random.Random, today: date) -> None:
    """Three documents of five are closed, each after a change or two; the older, the likelier."""
    people = [person(rng) for _ in range(6)]
    documents = [row[0] for row in db.execute("SELECT document_id FROM review ORDER BY document_id")]
    for document in rng.sample(documents, 3 * len(documents) // 5):
        who, at = rng.choice(people), _moment(rng, today)
        facts = json.dumps([{"key": "/code_number", "before": None, "after": None}])
        values = json.dumps([{"pointer": "/code_number", "before": None, "after": str(rng.randint(1, 3000))}])
        for revision, kind in enumerate(("confirm", "close"), 1):
            given = (facts, values) if kind == "confirm" else ("[]", "[]")
            db.execute(
                """INSERT INTO change (document_id, at, who, kind, revision, facts, "values")
                   VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (document, at, who, kind, revision, *given),
            )
        db.execute("UPDATE document SET revision = 2 WHERE id = ?", (document,))
        db.execute("UPDATE review SET closed_at = ?, closed_by = ? WHERE document_id = ?", (at, who, document))


def _moment(rng: random.Random, today: date) -> str:
    moment = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(minutes=rng.randrange(600_000))
    return moment.isoformat(timespec="seconds")


def sample_keys(path: Path, amount: int, seed: int = 815) -> Sequence[str]:
    """Keys of some documents, the same for the same archive."""
    with Archive(path, create=False) as archive:
        total = sum(archive.counts().values())
        numbers = random.Random(seed).sample(range(1, total + 1), min(amount, total))
        return [archive.key(number) for number in numbers]
