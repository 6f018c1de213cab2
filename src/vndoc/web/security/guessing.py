"""Guessing of passwords is slowed down: after some failures each further one makes the next wait twice as long."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil

FREE_TRIES = 5
"""Failures without a wait."""
FORGOTTEN_AFTER = 3600.0
"""Seconds without a failure after which all is as if there had been none."""
MOST_KEPT = 20_000
"""Names and addresses that are remembered; the longest unused are forgotten first."""

Key = tuple[str, str]
_LONGEST = {"address": 900.0, "name": 30.0}
"""The longest wait in seconds. By name it is short: whoever fails on purpose must not lock another out."""


@dataclass
class _Record:
    failures: int = 0
    last: float = 0.0
    until: float = 0.0


class Guessing:
    """Failures by name and by address, each counted before the password is looked at, so that none is free.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._records: OrderedDict[Key, _Record] = OrderedDict()

    def attempt(self, name: str, address: str) -> int | None:
        """Count an attempt as failed for now; whole seconds to wait where it must not be made yet."""
        now, keys = self._clock(), _keys(name, address)
        with self._lock:
            wait = max(self._records[key].until - now if key in self._records else 0.0 for key in keys)
            if wait > 0:
                return ceil(wait)
            self._count(keys, now)
            return None

    def succeeded(self, name: str, address: str) -> None:
        """The attempt was right: take back what counting it did, and forget the failures of its name."""
        with self._lock:
            by_name, by_address = _keys(name, address)
            self._records.pop(by_name, None)
            record = self._records.get(by_address)
            if record is not None:
                record.failures -= 1
                record.until = 0.0

    def _count(self, keys: Sequence[Key], now: float) -> None:
        for key in keys:
            record = self._records.pop(key, None)
            if record is None or now - record.last > FORGOTTEN_AFTER:
                record = _Record()
            record.failures, record.last = record.failures + 1, now
            beyond = record.failures - FREE_TRIES
            record.until = now + min(2.0 ** min(beyond, 20), _LONGEST[key[0]]) if beyond >= 0 else 0.0
            self._records[key] = record
        while len(self._records) > MOST_KEPT:
            self._records.popitem(last=False)


def _keys(name: str, address: str) -> tuple[Key, Key]:
    return ("name", name.casefold()[:100]), ("address", _network(address))


def _network(address: str) -> str:
    """The address; of IPv6 the first half, for one customer has all that begin with it."""
    try:
        return str(ip_network((address, 64), strict=False)) if ip_address(address).version == 6 else address
    except ValueError:
        return address
