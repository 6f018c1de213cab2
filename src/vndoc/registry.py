"""Things that are found by name: those of vndoc and those that other packages register as entry points.

A package adds a text engine, a reader of slots or a format by an entry point in its ``pyproject.toml``::

    [project.entry-points."vndoc.engines"]
    mine = "my_package:MyEngine.from_settings"

What vndoc itself brings is listed beside each registry, so that it works from a folder of sources too.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from vndoc.errors import SetupError

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(slots=True, frozen=True)
class Registry(Generic[T]):
    """Objects by name.

    Attributes:
        group: entry-point group, such as ``vndoc.engines``.
        what: what they are, for messages: ``text engine``.
        own: those of vndoc itself, as ``module:object``, imported only when asked for.
    """

    group: str
    what: str
    own: Mapping[str, str]

    def names(self) -> list[str]:
        """All names, vndoc's own first."""
        return [*self.own, *sorted({found.name for found in entry_points(group=self.group)} - set(self.own))]

    def get(self, name: str) -> T:
        """The object of that name; vndoc's own wins over another of its name.

        Raises:
            SetupError: nothing has that name, or it cannot be imported.
        """
        known = [point for point in self._points() if point.name == name]
        found = known[0] if known else None
        if len({point.value for point in known}) > 1:
            logger.warning("several packages bring a %s '%s'; %s is used", self.what, name, known[0].value)
        if found is None:
            raise SetupError(f"there is no {self.what} '{name}'; there are: {', '.join(self.names())}")
        try:
            return cast("T", found.load())
        except Exception as error:
            raise SetupError(f"the {self.what} '{name}' ({found.value}) cannot be loaded: {error!r}") from error

    def all(self) -> Iterator[T]:
        """All objects, in the order of :meth:`names`; one that cannot be loaded is passed over with a warning."""
        for name in self.names():
            try:
                yield self.get(name)
            except SetupError as error:
                logger.warning("%s; it is passed over", error)

    def _points(self) -> Iterator[EntryPoint]:
        yield from (EntryPoint(name, value, self.group) for name, value in self.own.items())
        yield from entry_points(group=self.group)
