"""An export taken into an archive, empty or not: nothing stands in it twice, nothing that was said in it is lost.

A file that the archive does not know comes in whole: its documents, results, pages, facts, audit. Of one that it knows,
all comes in where the archive has no result of it, or where people have spoken of it there and nobody has here; else
what is here stays. Places are added in any case.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from vndoc.archive.care import portable
from vndoc.archive.care.portable import (
    COLUMNS,
    ChangeLine,
    DocumentLine,
    FactLine,
    PlaceLine,
    Source,
    dumped,
    packed,
    reading,
)
from vndoc.archive.connection import Connection, DamagedError
from vndoc.archive.database import WHOLE, connect, path_to_sql, transaction
from vndoc.archive.results import remove, store
from vndoc.archive.review.bundle import AUTOMATIC
from vndoc.archive.review.facts import fact_of
from vndoc.archive.runner import alone
from vndoc.archive.stored import dispatch_of, reading_from
from vndoc.errors import FormatError, MissingFileError


@dataclass(slots=True, frozen=True)
class Taken:
    """What an import did; counts of documents."""

    added: int
    replaced: int
    """Known here without a result, or without what people have said of them."""
    kept: int
    """Left as they are here."""
    changes: int
    """Of the audit."""


def import_archive(source: Path, archive: Path) -> Taken:
    """Take an export into an archive, which is made where it is not there; all of it or nothing.

    Raises:
        MissingFileError: no such export, or the archive cannot be written.
        FormatError: it is no export, or a line of it is damaged; nothing was taken in.
        BusyError: a batch or a server is at work on the archive.
        MachineError: no room is left.
    """
    with reading(source) as export, alone(archive), closing(connect(archive, create=True)) as db:
        if db.read_only:
            raise MissingFileError(f"{archive}: cannot be written; check the rights of the file and of its folder")
        with transaction(db):
            return _Import(export, db).run()


@dataclass(slots=True)
class _File:
    """A file of the export with the documents in it, by their lines."""

    sha256: str | None
    lines: list[int]
    has_result: bool
    paths: list[str]
    said: bool = False


@dataclass
class _Import:
    export: Source
    db: Connection
    ids: dict[int, int] = field(default_factory=dict)
    """The documents of the lines here, kept ones too."""
    taken: set[int] = field(default_factory=set)
    """Lines that come in."""

    def run(self) -> Taken:
        """All files of the export, in the order in which they refer to each other."""
        files = self._files()
        replaced, kept = self._choose(files)
        for line in self.export.lines(portable.PIPELINES, portable.PipelineLine):
            self.db.execute(
                "INSERT OR IGNORE INTO pipeline VALUES (?, ?, ?)", (line.fingerprint, line.described, line.first_used)
            )
        self._documents()
        self.db.execute(  # of an archive that had lost its result
            f"""UPDATE document SET state = 'queued' WHERE state = 'done' AND {WHOLE}
                AND NOT EXISTS (SELECT 1 FROM dispatch WHERE document_id = document.id)"""
        )
        changes = self._changes()
        self._facts(changes)
        for container in self.export.lines(portable.CONTAINERS, portable.ContainerLine):
            place = PlaceLine(path=container.path, kind="zip", size=container.size, stamp=container.stamp)
            self._place(None, place)
        for left in self.export.lines(portable.LEFT_OUT, portable.LeftOutLine):
            path = path_to_sql(left.path)
            inside = None if left.container is None else path_to_sql(left.container)
            self.db.execute(
                "INSERT OR IGNORE INTO left_out SELECT ?1, ?2, ?3 WHERE ?1 NOT IN (SELECT path FROM file)",
                (path, left.kind, inside),
            )
        return Taken(len(self.taken) - replaced, replaced, kept, len(changes))

    def _files(self) -> list[_File]:
        """What the export has of each file."""
        whole: dict[int, _File] = {}
        seen: set[tuple[object, object]] = set()
        for number, line in enumerate(self.export.lines(portable.DOCUMENTS, DocumentLine), 1):
            known = (
                (line.bundle, line.first_page) if line.bundle else (line.sha256, number if not line.sha256 else None)
            )
            if known in seen:
                raise self._wrong(portable.DOCUMENTS, number)
            seen.add(known)
            if line.bundle is None:
                paths = [place.path for place in line.places]
                whole[number] = _File(line.sha256, [number], line.dispatch is not None, paths)
            elif line.bundle in whole and whole[line.bundle].lines[0] == line.bundle:
                whole[line.bundle].lines.append(number)
                whole[line.bundle].has_result |= line.dispatch is not None
                whole[number] = whole[line.bundle]
            else:
                raise self._wrong(portable.DOCUMENTS, number)
        for number, change in enumerate(self.export.lines(portable.CHANGES, ChangeLine), 1):
            if change.document not in whole:
                raise self._wrong(portable.CHANGES, number)
            whole[change.document].said |= change.who != AUTOMATIC
        return [file for number, file in whole.items() if file.lines[0] == number]

    def _choose(self, files: list[_File]) -> tuple[int, int]:
        """Which files come in; documents that take the place of others, and that do not come in."""
        replaced = kept = 0
        for file in files:
            here = self._known(file)
            if here is None:
                self.taken.update(file.lines)
                continue
            self.ids[file.lines[0]] = here
            if self._is_wanted(file, here):
                self.taken.update(file.lines)
                replaced += len(file.lines)
                self._clear(here)
            else:
                kept += len(file.lines)
        return replaced, kept

    def _known(self, file: _File) -> int | None:
        """The document here that stands for the file: of the same content, or one of none at the same place."""
        if file.sha256 is not None:
            row = self.db.execute("SELECT id FROM document WHERE sha256 = ?", (file.sha256,)).fetchone()
            return int(row["id"]) if row else None
        for path in file.paths:
            row = self.db.execute("SELECT document_id FROM file WHERE path = ?", (path_to_sql(path),)).fetchone()
            if row and row["document_id"] is not None:
                return int(row["document_id"])
        return None

    def _is_wanted(self, file: _File, here: int) -> bool:
        own = "SELECT id FROM document WHERE id = ?1 OR bundle_id = ?1"
        row = self.db.execute(
            f"""SELECT EXISTS (SELECT 1 FROM dispatch WHERE document_id IN ({own})) AS read,
                EXISTS (SELECT 1 FROM change WHERE document_id IN ({own}) AND who != ?2) AS said""",
            (here, AUTOMATIC),
        ).fetchone()
        return not row["said"] and ((file.has_result and not row["read"]) or file.said)

    def _clear(self, here: int) -> None:
        """Take away what is here of a file; its document stays, under its number."""
        own = "SELECT id FROM document WHERE id = ? OR bundle_id = ?"
        for (number,) in self.db.execute(own, (here, here)).fetchall():
            remove(self.db, number)
            for table in ("fact", "change", "reading", "review"):
                self.db.execute(f"DELETE FROM {table} WHERE document_id = ?", (number,))
        self.db.execute("DELETE FROM document WHERE bundle_id = ?", (here,))

    def _documents(self) -> None:
        for number, line in enumerate(self.export.lines(portable.DOCUMENTS, DocumentLine), 1):
            if number in self.taken:
                self._document(number, line)
            if number in self.ids:
                for place in line.places:
                    self._place(self.ids[number], place)

    def _document(self, number: int, line: DocumentLine) -> None:
        values = {name: getattr(line, name) for name in COLUMNS}
        values |= {"sha256": line.sha256, "revision": line.revision}
        values["bundle_id"] = self.ids[line.bundle] if line.bundle else None
        values["fingerprint"] = self._pipeline(line.fingerprint)
        if number in self.ids:
            sets = ", ".join(f"{name} = :{name}" for name in values)
            sets = sets.replace("= :revision", "= max(revision + 1, :revision)")
            self.db.execute(f"UPDATE document SET {sets} WHERE id = :id", {**values, "id": self.ids[number]})
        else:
            placed = ", ".join(f":{name}" for name in values)
            added = self.db.execute(f"INSERT INTO document ({', '.join(values)}) VALUES ({placed})", values)
            assert added.lastrowid is not None
            self.ids[number] = added.lastrowid
        document = self.ids[number]
        if line.reading is not None or line.as_read is not None:
            pages = packed(line.reading) if line.reading is not None else None
            text = dumped(line.as_read) if line.as_read is not None and pages is None else None
            with self._sound(portable.DOCUMENTS, number):
                if pages is not None:
                    reading_from(pages)
                elif text is not None:
                    dispatch_of(text)
            self.db.execute("INSERT INTO reading (document_id, pages, json) VALUES (?, ?, ?)", (document, pages, text))
        if line.dispatch is not None and line.result_fingerprint is not None:
            text = dumped(line.dispatch)
            with self._sound(portable.DOCUMENTS, number):
                dispatch = dispatch_of(text)
            store(self.db, document, dispatch, text, self._pipeline(line.result_fingerprint) or "")
            self.db.execute(
                "UPDATE review SET closed_at = ?, closed_by = ? WHERE document_id = ?",
                (line.closed_at, line.closed_by, document),
            )

    def _pipeline(self, fingerprint: str | None) -> str | None:
        """A pipeline that is known, whether the export describes it or not."""
        if fingerprint is not None:
            self.db.execute("INSERT OR IGNORE INTO pipeline VALUES (?, '{}', '')", (fingerprint,))
        return fingerprint

    def _place(self, document: int | None, place: PlaceLine) -> None:
        container = None if place.container is None else path_to_sql(place.container)
        self.db.execute(
            "INSERT OR IGNORE INTO file (path, kind, container, size, stamp, document_id) VALUES (?, ?, ?, ?, ?, ?)",
            (path_to_sql(place.path), place.kind, container, place.size, place.stamp, document),
        )

    def _changes(self) -> dict[int, int]:
        """The audit of what comes in; the number here of each of its lines."""
        numbers: dict[int, int] = {}
        for number, line in enumerate(self.export.lines(portable.CHANGES, ChangeLine), 1):
            if line.document not in self.taken:
                continue
            added = self.db.execute(
                """INSERT INTO change (document_id, at, who, kind, revision, facts, "values", undoes)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    self.ids[line.document],
                    line.at,
                    line.who,
                    line.kind,
                    line.revision,
                    dumped([fact.model_dump() for fact in line.facts]),
                    dumped([value.model_dump() for value in line.values]),
                    numbers.get(line.undoes) if line.undoes else None,
                ),
            )
            assert added.lastrowid is not None
            numbers[number] = added.lastrowid
        return numbers

    def _facts(self, changes: Mapping[int, int]) -> None:
        """What holds of what comes in; ``changes`` are the numbers here of the lines of the audit."""
        for number, line in enumerate(self.export.lines(portable.FACTS, FactLine), 1):
            if line.document not in self.taken:
                continue
            with self._sound(portable.FACTS, number):
                fact = fact_of(dumped(line.fact))
                change = changes[line.change]
            self.db.execute(
                "INSERT OR REPLACE INTO fact (document_id, key, json, change_id) VALUES (?, ?, ?, ?)",
                (self.ids[line.document], fact.key, fact.model_dump_json(), change),
            )

    @contextmanager
    def _sound(self, name: str, number: int) -> Iterator[None]:
        """What does not load inside is a fault of this line."""
        try:
            yield
        except (DamagedError, KeyError):
            raise self._wrong(name, number) from None

    def _wrong(self, name: str, number: int) -> FormatError:
        return FormatError(
            f"{self.export.path}: line {number} of {name} is not as 'vndoc archive export' writes it; export again"
        )
