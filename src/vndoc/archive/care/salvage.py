"""What can be read of a damaged archive, into a new one: first what people have said, then what can be read again.

Only the rows that nothing else tells are taken over; references, duties, doubts and the index of words are made anew
from the results. A document whose result is lost is parsed again from its pages as they were read, or queued to be read
again where it lies. The damaged file is only read.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from vndoc.archive.care.check import check
from vndoc.archive.care.mending import Mender
from vndoc.archive.care.pages import PageFile, Value
from vndoc.archive.care.recovered import Recovered
from vndoc.archive.care.unfinished import unfinished
from vndoc.archive.connection import Connection, DamagedError, LockedError
from vndoc.archive.database import SCHEMA_VERSION, blank, connect, transaction
from vndoc.archive.review.facts import fact_of
from vndoc.archive.stored import dispatch_of, loading, plain_of, reading_from
from vndoc.errors import FormatError, MachineError, MissingFileError, TooLargeError, VndocError

_ROWS_BETWEEN_COMMITS = 500


@dataclass(slots=True, frozen=True)
class Salvaged:
    """What a salvage brought into the new archive, and what it could not."""

    path: Path
    """The new archive."""
    pages: int
    broken_pages: int
    """Pages of the damaged file of which something could not be read."""
    lost_rows: int
    saved: Mapping[str, int]
    """Rows by their table."""
    again: tuple[str, ...]
    """Where documents lie that are queued to be read again."""
    parsed: int
    """Results that were lost, and made again from the pages as they were read."""
    lost: tuple[str, ...]
    """What could not be saved, in words; documents by their paths."""


def salvage(archive: Path, target: Path, progress: Callable[[str], None] = lambda table: None) -> Salvaged:
    """Write what can be read of an archive into a new one, which passes :func:`check` and gets its name last.

    Args:
        archive: the damaged one; whole ones are copied all the same.
        target: the new one.
        progress: told the name of each table as it begins.

    Raises:
        MissingFileError: no such archive, the new one is there already, or cannot be made.
        FormatError: nothing of an archive is in the file.
        MachineError: no room is left for the new one.
    """
    if not archive.is_file():
        raise MissingFileError(f"{archive}: no such archive")
    if target.exists():
        raise MissingFileError(f"{target}: is there already; give the new archive another name")
    with unfinished(target) as part, PageFile(archive) as file:
        version = file.number(60)
        with closing(blank(part, version if 0 < version <= SCHEMA_VERSION else SCHEMA_VERSION)) as db:
            recovered = Recovered(file, db)
            recovered.find_orphans()
            saved, lost = _copied(recovered, db, progress)
        if not saved:
            raise FormatError(f"{archive}: nothing of an archive is in it; take the last copy that was made")
        with closing(connect(part, create=False)) as db:
            mended = Mender(db, damaged=bool(file.broken or recovered.lost_rows or lost))
            mended.mend()
        findings = check(part).findings
    told = [f"{n} rows of '{name}' that hold no such thing any more" for name, n in lost.items()]
    told += [f"the {finding.kind} of a document: {finding.message}" for finding in findings]
    return Salvaged(
        target,
        file.count,
        len(file.broken),
        recovered.lost_rows,
        saved,
        tuple(mended.again),
        mended.parsed,
        (*mended.lost, *told),
    )


def _copied(
    recovered: Recovered, db: Connection, progress: Callable[[str], None]
) -> tuple[dict[str, int], dict[str, int]]:
    """Copy the tables; rows copied and rows that were no good, by table."""
    saved: dict[str, int] = {}
    bad: dict[str, int] = {}
    for name in recovered.tables:
        progress(name)
        good = failed = 0
        rows = recovered.rows(name)
        more = True
        while more:
            more = False
            with transaction(db):
                for number, row in enumerate(rows, 1):
                    written = _is_sound(name, row) and _written(db, name, row)
                    good, failed = good + written, failed + (not written)
                    if number == _ROWS_BETWEEN_COMMITS:
                        more = True
                        break
        saved |= {name: good} if good else {}
        failed += recovered.unfit[name]
        bad |= {name: failed} if failed else {}
    return saved, bad


def _written(db: Connection, name: str, row: Mapping[str, Value]) -> bool:
    """Write a row; of two results of one document the later stays, of other rows the first."""
    names = ", ".join(f'"{column}"' for column in row)
    placed = ", ".join("?" * len(row))
    how = "IGNORE"
    if name == "dispatch":
        older = db.execute("SELECT id FROM dispatch WHERE document_id = ?", (row["document_id"],)).fetchone()
        number = row["id"]
        how = "REPLACE" if older and isinstance(number, int) and number > older["id"] else "IGNORE"
    try:
        written = db.execute(f"INSERT OR {how} INTO {name} ({names}) VALUES ({placed})", tuple(row.values())).rowcount
    except (MachineError, LockedError, MissingFileError, TooLargeError):
        raise
    except VndocError:  # a value that its column does not take
        return False
    return bool(written)


def _is_sound(name: str, row: Mapping[str, Value]) -> bool:
    """Whether what a row holds can be loaded."""
    with suppress(DamagedError), loading():
        if name == "dispatch":
            dispatch_of(str(row["json"]))
        elif name == "reading" and isinstance(row["pages"], bytes):
            reading_from(row["pages"])
        elif name == "reading":
            dispatch_of(str(row["json"]))
        elif name == "pipeline":
            plain_of(str(row["described"]))
        elif name == "fact":
            fact_of(str(row["json"]))
        elif name == "change":
            for step in plain_of(str(row["facts"])):
                for held in (step["before"], step["after"]):
                    if held is not None:
                        fact_of(json.dumps(held))
            plain_of(str(row["values"]))
        return True
    return False
