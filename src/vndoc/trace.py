"""Why a result is as it is: decisions noted where they are made, for 'vndoc explain' and the log.

Whoever decides calls :func:`note`. That costs next to nothing unless :func:`traced` collects, or the logger of the
calling module is set to DEBUG.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Decision:
    """One decision.

    Attributes:
        subject: what it is about: a field's JSON pointer, or ``/pages/1``.
        by: the rule or reader: the module that decided.
        outcome: what was taken or rejected, with its value.
        why: the reason, in words.
    """

    subject: str
    by: str
    outcome: str
    why: str = ""


_collected: ContextVar[list[Decision] | None] = ContextVar("vndoc_decisions", default=None)


def note(logger: logging.Logger, subject: str, outcome: str, why: str = "") -> None:
    """Note a decision of the module that ``logger`` is named after."""
    decisions = _collected.get()
    if decisions is None and not logger.isEnabledFor(logging.DEBUG):
        return
    if decisions is not None:
        decisions.append(Decision(subject, logger.name.removeprefix("vndoc."), outcome, why))
    logger.debug("%s: %s%s", subject, outcome, f" ({why})" if why else "")


@contextmanager
def traced() -> Iterator[list[Decision]]:
    """Collect the decisions made inside, in threads too that run in a copy of this context."""
    decisions: list[Decision] = []
    token = _collected.set(decisions)
    try:
        yield decisions
    finally:
        _collected.reset(token)
