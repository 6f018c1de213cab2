"""What a worker and the process that started it say to each other, pickled, over the worker's standard streams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


@dataclass(slots=True, frozen=True)
class Request:
    """A function to call, importable by name; of one that gives an iterator, each item is sent when it comes."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    memory_mb: int | None = None
    """MiB of data that it may hold, in each process; None: no limit."""
    seconds: float | None = None
    """That it may take, as long as it sets no clock by itself; None: no limit."""
    about: str | None = None
    """What it is about, a file's name: messages of vndoc's own making begin with it."""
    log_level: int = 30
    """From which on its log is sent; 30 is WARNING."""


class Kind(Enum):
    """Of an answer."""

    READY = "it has started"
    CLOCK = "it ends itself after so many seconds"
    TOLD = "what the function says on the way"
    LOG = "a record of its log: name, level, text"
    ITEM = "an item of the iterator"
    VALUE = "what the function gave; the last answer"
    ERROR = "what it raised; the last answer"


Answer = tuple[Kind, Any]
