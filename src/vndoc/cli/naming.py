"""The option ``--name``: what the files that a command writes are called, by the values of their documents."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vndoc.errors import unwritable
from vndoc.filenames import FreeNames

if TYPE_CHECKING:
    from vndoc.document import Document
    from vndoc.export.naming import NameTemplate

NameOption = Annotated[
    str | None,
    typer.Option(
        "--name", help="Names of the files: '{issued_date} {organ} {code}'. Fields: docs/commands.", show_default=False
    ),
]


class Names:
    """Names for the documents that are written into a folder, which is made with the first of them."""

    def __init__(self, template: "NameTemplate", folder: Path) -> None:
        self._template, self._folder = template, folder
        self._free: dict[Path, FreeNames] = {}

    def path(self, document: "Document", place: int, suffix: str, data: bytes, folder: Path | None = None) -> Path:
        """Where the file goes that is made of a document, the ``place``-th (from 1) of its file.

        Args:
            document: gives the values.
            place: of it.
            suffix: of the file, with its dot.
            data: its bytes; no file of others is written over.
            folder: another one than that of the whole.

        Raises:
            MissingFileError, MachineError: the folder cannot be made or read.
        """
        from vndoc.export.naming import Named  # noqa: PLC0415

        into = folder or self._folder
        try:
            into.mkdir(parents=True, exist_ok=True)
            if into not in self._free:
                self._free[into] = FreeNames(into)
        except OSError as error:
            raise unwritable(error, into) from None
        pages = document.part.pages if document.part else [page.number for page in document.pages]
        return self._free[into].of(self._template.fill(Named(document.dispatch, pages, place)), suffix, data)


def names_of(template: str | None, output: Path | None) -> Names | None:
    """The names by a template; :class:`typer.BadParameter` before anything is read where it or the folder is wrong."""
    from vndoc.export.naming import NameTemplate  # noqa: PLC0415 -- pydantic would slow down 'vndoc --help'

    if template is None:
        return None
    if output is None or (output.exists() and not output.is_dir()):
        raise typer.BadParameter("must name a folder where --name is given", param_hint="--output")
    try:
        return Names(NameTemplate(template), output)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--name") from None
