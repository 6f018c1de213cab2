"""Many documents into one SQLite file: the batch, and what is taken out again: register, search, duties, figures.

::

    intake      what lies in the folders                places      bytes, from disk, ZIP file or store
    ledger      which documents there are, their state  results     what was read, in its tables
    runner      from files to jobs to results           executor    who does the work: pool, cluster; worker
    register, workbook, luutru   search   cites   duties, calendar   stats    what is taken out
"""

from typing import TYPE_CHECKING

from vndoc.lazily import loader

if TYPE_CHECKING:
    from vndoc.archive.archive import Archive
    from vndoc.archive.events import Event, Summary
    from vndoc.archive.ledger import Refresh
    from vndoc.archive.pagefolder import ImageFolders
    from vndoc.archive.search import Filters

__all__ = ["Archive", "Event", "Filters", "ImageFolders", "Refresh", "Summary"]

__getattr__ = loader(
    __name__,
    {
        "archive": "Archive",
        "events": "Event Summary",
        "ledger": "Refresh",
        "pagefolder": "ImageFolders",
        "search": "Filters",
    },
)
