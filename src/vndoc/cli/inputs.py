"""The documents in the files that a command was given: each file, and what is in it or attached to it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vndoc.errors import VndocError

if TYPE_CHECKING:
    from vndoc.settings import Settings
    from vndoc.sources import SourceFile


def inputs(
    files: Sequence[Path], settings: "Settings", *, attachments: bool
) -> "Iterator[tuple[Path, SourceFile | VndocError]]":
    """Each document with the file it is in; in place of one that cannot be read, why.

    Args:
        files: as they were given.
        settings: where and within which limits they are opened.
        attachments: whether files attached to PDFs are wanted.
    """
    from vndoc.isolated import parts  # noqa: PLC0415 -- takes a second to load
    from vndoc.sources.file import load_file  # noqa: PLC0415

    for path in files:
        try:
            file = load_file(path)
        except VndocError as error:
            yield path, error
            continue
        try:
            for part in parts(file, attachments=attachments, settings=settings):
                yield path, part
        except VndocError as error:  # what is in it ended the process that listed it, or needs too much
            yield path, error


def part_stem(name: str) -> str:
    """What a file made of a document in another is called, without its suffix.

    >>> part_stem("thư.eml/Phụ lục/bảng 1.docx")
    'thư.eml - Phụ lục - bảng 1'
    """
    return Path(name.replace("/", " - ")).stem
