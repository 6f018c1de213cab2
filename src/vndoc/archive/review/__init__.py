"""What the machine doubts is checked by a person: facts, the desk where they are given, the audit of who said what.

::

    facts       what holds of what people have said, and the result with it    applying, words, entries
    desk        confirm, undo, close: one transaction each, no one's work overwritten     changes: the audit
    bundle      a file cut into its documents
    sheet       all that one needs to check a document       queue, grid, completion    what to check next, with what
"""

from vndoc.archive.review.changes import Change, ValueChange
from vndoc.archive.review.completion import completions
from vndoc.archive.review.desk import ConflictError, Desk
from vndoc.archive.review.grid import GridItem, grid
from vndoc.archive.review.queue import QueueCounts, QueueRow, queue, queue_counts
from vndoc.archive.review.sheet import Doubt, PageView, Sheet, WordView

__all__ = [
    "Change",
    "ConflictError",
    "Desk",
    "Doubt",
    "GridItem",
    "PageView",
    "QueueCounts",
    "QueueRow",
    "Sheet",
    "ValueChange",
    "WordView",
    "completions",
    "grid",
    "queue",
    "queue_counts",
]
