"""The rows of a damaged archive, table by table, whichever of its pages can still be read."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vndoc.archive.care.pages import PageFile, Row, Value
from vndoc.archive.connection import Connection

SAVED = (
    "pipeline",
    "document",
    "change",
    "fact",
    "reading",
    "dispatch",
    "review",
    "file",
    "left_out",
    "name",
    "hook",
    "delivery",
    "link",
    "calendar",
)
"""Tables whose rows are saved, what people have said first; what the others hold follows from these."""


@dataclass(slots=True, frozen=True)
class _Column:
    name: str
    kind: str
    required: bool
    rowid: bool
    """Whether it stands for the number of the row, and is stored as nothing."""

    def takes(self, value: Value) -> bool:
        """Whether a stored value can be one of this column."""
        if self.rowid or value is None:
            return value is None and (self.rowid or not self.required)
        return isinstance(value, _KINDS[self.kind])


_KINDS: Mapping[str, tuple[type, ...]] = {
    "INTEGER": (int,),
    "REAL": (int, float),
    "TEXT": (str,),
    "BLOB": (bytes,),
    "ANY": (str, bytes),
}


@dataclass(slots=True, frozen=True)
class Table:
    """A table as the new archive has it."""

    name: str
    columns: tuple[_Column, ...]
    has_rowid: bool

    @classmethod
    def of(cls, db: Connection, name: str) -> "Table":
        """The table of this name; of the version that ``db`` is of."""
        rows = db.execute(f"PRAGMA table_info('{name}')").fetchall()
        (script,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        has_rowid = "WITHOUT ROWID" not in script
        keys = [row["name"] for row in rows if row["pk"]]
        columns = tuple(
            _Column(
                row["name"],
                row["type"],
                bool(row["notnull"] or row["pk"]),
                has_rowid and keys == [row["name"]] and row["type"] == "INTEGER",
            )
            for row in rows
        )
        return cls(name, columns, has_rowid)

    def values(self, row: Row) -> dict[str, Value] | None:
        """The row by its columns; None where it cannot be one of this table."""
        if len(row.values) > len(self.columns) or self.has_rowid != (row.rowid is not None):
            return None
        # A column that was added later is missing in older rows.
        padded = row.values + (None,) * (len(self.columns) - len(row.values))
        if not all(column.takes(value) for column, value in zip(self.columns, padded, strict=True)):
            return None
        return {c.name: row.rowid if c.rowid else value for c, value in zip(self.columns, padded, strict=True)}


class Recovered:
    """Rows by their table. Those that a tree leads to come as they are asked for; the others are kept ready.

    Args:
        file: the damaged archive.
        db: a new one of the same version.
    """

    def __init__(self, file: PageFile, db: Connection) -> None:
        self._file = file
        self._tables = {name: Table.of(db, name) for name in SAVED if _has(db, name)}
        self._orphans: dict[str, list[dict[str, Value]]] = defaultdict(list)
        self.unfit: Counter[str] = Counter()
        """Rows that are none of their table."""
        self.lost_rows = 0
        """Rows that were in their table and could not be read."""
        self._roots = self._found_roots()

    def _found_roots(self) -> dict[str, int]:
        """Where the trees of all tables and indexes begin."""
        roots: dict[str, int] = {}
        for row in self._file.rows(1):
            if len(row.values) == 5 and isinstance(row.values[1], str) and isinstance(row.values[3], int):
                roots |= {row.values[1]: row.values[3]} if row.values[3] > 0 else {}  # 0: a view, a trigger
        return roots

    def find_orphans(self) -> None:
        """Walk every tree, then look for rows that none leads to; needed where a tree is broken."""
        for root in self._roots.values():
            for _ in self._file.rows(root):
                pass
        whole = not self._file.broken and set(self._tables) <= self._roots.keys()
        if not whole:
            for has_rowid, row in self._file.orphans():
                self._sort_in(row, has_rowid)
        self.lost_rows = self._file.lost_cells
        self._file.visited.clear()

    def _sort_in(self, row: Row, has_rowid: bool) -> None:
        fitting = [
            (table, values)
            for table in self._tables.values()
            if table.has_rowid == has_rowid
            and len(row.values) == len(table.columns)
            and (values := table.values(row)) is not None
        ]
        if len(fitting) == 1:
            table, values = fitting[0]
            self._orphans[table.name].append(values)

    def rows(self, name: str) -> Iterator[dict[str, Value]]:
        """The rows of a table that can be read, each by its columns."""
        table = self._tables[name]
        if root := self._roots.get(name):
            for row in self._file.rows(root):
                values = table.values(row)
                if values is None:
                    self.unfit[name] += 1
                else:
                    yield values
        yield from self._orphans.pop(name, [])

    @property
    def tables(self) -> list[str]:
        """The names of the tables that rows are saved of, in their order."""
        return list(self._tables)


def _has(db: Connection, name: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None
