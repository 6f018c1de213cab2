"""The rows of a damaged SQLite file, read past SQLite: page by page, each row by itself.

SQLite stops at the first broken page of a table, and without its root finds nothing of it. Here the tree of a table is
walked as far as it goes; leaves that no tree leads to any more are found by looking at every page. The format is at
https://www.sqlite.org/fileformat2.html, chapters 1 (pages), 2 (records) and 4 (the write-ahead log).
"""

import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from vndoc.archive.connection import beside, is_open_here
from vndoc.archive.database import MAGIC
from vndoc.errors import EmptyFileError, MissingFileError

Value = int | float | str | bytes | None

_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
_HEAD = 100  # bytes before the tree of page 1
_SIZES = tuple(2**power for power in range(9, 17))
_USUAL_SIZE = 4096
_WAL_HEAD, _FRAME_HEAD = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_MOST = 10**9  # bytes that SQLite lets a value have
_INTEGERS = (0, 1, 2, 3, 4, 6, 8)  # bytes of an integer, by its serial type


class _BrokenError(Exception):
    """A page, a cell or a record that is not what its place asks for."""


@dataclass(slots=True, frozen=True)
class Row:
    """One row as its table stores it; ``rowid`` is None in tables without one."""

    rowid: int | None
    values: tuple[Value, ...]


class _Bytes:
    """A file by places. It is not mapped: a disk that fails at one page would end the process, and so would a cut."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size

    def read(self, start: int, amount: int) -> bytes:
        """So many bytes from a place on, as far as they can be had."""
        pieces = []
        with suppress(OSError):
            self._file.seek(start)
            while amount > 0 and (piece := self._file.read(amount)):
                pieces.append(piece)
                amount -= len(piece)
        return b"".join(pieces)


@dataclass
class PageFile:
    """The pages of a database, with what stands in its log over them. Nothing is written.

    Raises:
        MissingFileError: the file cannot be read.
        EmptyFileError: it has no bytes.
    """

    path: Path
    broken: set[int] = field(default_factory=set)
    """Pages of which something could not be read."""
    visited: set[int] = field(default_factory=set)
    """Pages that a tree, the list of free pages or a long value led to."""
    lost_cells: int = 0
    """Rows that were there and could not be read."""

    def __enter__(self) -> Self:
        """Open it."""
        if is_open_here(self.path):
            raise MissingFileError(f"{self.path}: is open in this program; close it first")
        self._stack = ExitStack()
        try:
            self._data = self._opened(self.path)
        except OSError as error:
            self._stack.close()
            raise MissingFileError(f"{self.path}: cannot be read ({error.strerror}); check the path") from None
        if not self._data.size:
            self._stack.close()
            raise EmptyFileError(f"{self.path}: is empty (0 bytes); nothing can be saved from it")
        head = self._data.read(0, _HEAD).ljust(_HEAD, b"\0")
        self.page_size = _page_size(head)
        self._usable = self.page_size - (head[20] if head.startswith(MAGIC) and head[20] <= 64 else 0)
        self._log, self._over = self._read_log()
        self.count = max(-(-self._data.size // self.page_size), max(self._over, default=0))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self._stack.close()

    def _opened(self, path: Path) -> "_Bytes":
        return _Bytes(self._stack.enter_context(path.open("rb", buffering=0)))

    def _read_log(self) -> "tuple[_Bytes | None, dict[int, int]]":
        """The log, and where in it the last committed content of each of its pages begins."""
        try:
            log = self._opened(beside(self.path, "-wal"))
        except OSError:
            return None, {}
        head = log.read(0, _WAL_HEAD)
        if len(head) < _WAL_HEAD:
            return None, {}
        magic, _, size, _, salts = struct.unpack(">IIII8s8x", head)
        if magic not in _WAL_MAGIC or size != self.page_size:
            return None, {}
        over: dict[int, int] = {}
        since: dict[int, int] = {}
        for start in range(_WAL_HEAD, log.size - _FRAME_HEAD - size + 1, _FRAME_HEAD + size):
            number, committed, own = struct.unpack(">II8s", log.read(start, 16).ljust(16, b"\0"))
            if own != salts:
                break
            since[number] = start + _FRAME_HEAD
            if committed:
                over |= since
                since = {}
        return log, over

    def number(self, offset: int) -> int:
        """A number of four bytes from the head of the file, such as the version at 60."""
        head = self.page(1)[:_HEAD].ljust(_HEAD, b"\0")
        return int(struct.unpack_from(">I", head, offset)[0]) if head.startswith(MAGIC) else 0

    def page(self, number: int) -> bytes:
        """The bytes of a page, counted from 1; fewer where the file is cut off, none where the disk fails."""
        if number in self._over and self._log is not None:
            return self._log.read(self._over[number], self.page_size)
        return self._data.read((number - 1) * self.page_size, self.page_size) if number > 0 else b""

    def rows(self, root: int) -> Iterator[Row]:
        """All rows of the table whose tree begins at this page, as far as they can be read, in their order."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in self.visited:
                continue
            self.visited.add(number)
            try:
                kind, cells, children = self._tree_page(number)
            except _BrokenError:
                self.broken.add(number)
                continue
            waiting += reversed(children)
            if kind != _TABLE_INNER:
                yield from self._cells(number, kind, cells)

    def orphans(self) -> Iterator[tuple[bool, Row]]:
        """Rows of the leaves that no tree has led to, and whether their table has row numbers.

        Once all trees that can be found are walked. Pages that the file lists as free are left out.
        """
        self._skip_free()
        for number in range(1, self.count + 1):
            if number in self.visited:
                continue
            try:
                kind, cells, _ = self._tree_page(number)
            except _BrokenError:
                continue
            if kind == _TABLE_INNER:
                continue
            self.visited.add(number)
            for row in self._cells(number, kind, cells):
                yield kind == _TABLE_LEAF, row

    def _skip_free(self) -> None:
        trunk = self.number(32)
        while 0 < trunk <= self.count and trunk not in self.visited:
            self.visited.add(trunk)
            page = self.page(trunk)
            if len(page) < 8:
                return
            following, amount = struct.unpack_from(">II", page)
            amount = min(amount, (len(page) - 8) // 4)
            self.visited.update(struct.unpack_from(f">{amount}I", page, 8))
            trunk = following

    def _tree_page(self, number: int) -> tuple[int, tuple[int, ...], list[int]]:
        """The kind of a page, where its cells begin, and the pages below it."""
        page = self.page(number)
        start = _HEAD if number == 1 else 0
        if len(page) < self.page_size:
            raise _BrokenError
        kind, amount = page[start], int.from_bytes(page[start + 3 : start + 5])
        inner = kind in (_TABLE_INNER, _INDEX_INNER)
        first = start + (12 if inner else 8)
        if kind not in (_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER) or first + 2 * amount > self._usable:
            raise _BrokenError
        cells = struct.unpack_from(f">{amount}H", page, first)
        if any(not first <= cell <= self._usable - 4 for cell in cells):
            raise _BrokenError
        children = []
        if inner:
            children = [int(struct.unpack_from(">I", page, cell)[0]) for cell in cells]
            children.append(int(struct.unpack_from(">I", page, start + 8)[0]))
            if any(not 0 < child <= self.count for child in children):
                self.broken.add(number)
                children = [child for child in children if 0 < child <= self.count]
        return kind, cells, children

    def _cells(self, number: int, kind: int, cells: tuple[int, ...]) -> Iterator[Row]:
        page = self.page(number)
        for cell in cells:
            try:
                yield self._row(page, cell, kind)
            except (_BrokenError, IndexError, struct.error, UnicodeDecodeError):
                self.broken.add(number)
                self.lost_cells += 1

    def _row(self, page: bytes, at: int, kind: int) -> Row:
        rowid = None
        if kind == _INDEX_INNER:
            at += 4
        size, at = _varint(page, at)
        if kind == _TABLE_LEAF:
            rowid, at = _varint(page, at)
        return Row(rowid, _record(self._payload(page, at, size, kind)))

    def _payload(self, page: bytes, at: int, size: int, kind: int) -> bytes:
        """All bytes of a record, those on overflow pages too."""
        if size > _MOST:
            raise _BrokenError
        usable = self._usable
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if size <= most:
            if at + size > usable:
                raise _BrokenError
            return page[at : at + size]
        least = (usable - 12) * 32 // 255 - 23
        here = least + (size - least) % (usable - 4)
        here = here if here <= most else least
        pieces, left = [page[at : at + here]], size - here
        following = int(struct.unpack_from(">I", page, at + here)[0])
        while left > 0:
            if not 0 < following <= self.count or following in self.visited:
                raise _BrokenError
            self.visited.add(following)
            more = self.page(following)
            if len(more) < self.page_size:
                raise _BrokenError
            pieces.append(more[4 : min(usable, 4 + left)])
            left -= usable - 4
            following = int(struct.unpack_from(">I", more)[0])
        return b"".join(pieces)


def _page_size(head: bytes) -> int:
    if head.startswith(MAGIC):
        size = int.from_bytes(head[16:18])
        size = 65536 if size == 1 else size
        if size in _SIZES:
            return size
    return _USUAL_SIZE


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >= 1 << 63 else value, at + 9


def _record(payload: bytes) -> tuple[Value, ...]:
    """The values of a record."""
    end, at = _varint(payload, 0)
    if not 0 < end <= len(payload):
        raise _BrokenError
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    at = end
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise _BrokenError
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind < 0 or kind in (10, 11):
        raise _BrokenError
    if kind in (8, 9):
        return kind - 8, at
    size = _INTEGERS[kind] if kind < 7 else 8 if kind == 7 else (kind - 12) // 2
    if at + size > len(payload):
        raise _BrokenError
    data = payload[at : at + size]
    if kind == 0:
        return None, at
    if kind < 7:
        return int.from_bytes(data, signed=True), at + size
    if kind == 7:
        return float(struct.unpack(">d", data)[0]), at + size
    return (data.decode("utf-8") if kind % 2 else data), at + size
