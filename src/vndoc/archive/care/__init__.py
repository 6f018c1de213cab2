"""An archive looked after: what is damaged, what can be saved, its space, and its way to another place.

::

    check       what is damaged or contradicts itself             vacuum      space back
    pages       rows past SQLite, page by page                    portable    the lines of an export
    salvage     rows that can be read into a new archive          giving, taking    export and import
"""

from vndoc.archive.care.check import Finding, Report, check
from vndoc.archive.care.giving import Given, export_archive
from vndoc.archive.care.salvage import Salvaged, salvage
from vndoc.archive.care.taking import Taken, import_archive
from vndoc.archive.care.vacuum import Vacuumed, vacuum

__all__ = [
    "Finding",
    "Given",
    "Report",
    "Salvaged",
    "Taken",
    "Vacuumed",
    "check",
    "export_archive",
    "import_archive",
    "salvage",
    "vacuum",
]
