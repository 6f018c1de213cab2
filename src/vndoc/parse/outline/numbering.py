"""Errors of numbering that stay as they are: labels left out or used twice."""

from collections.abc import Sequence

from vndoc.dispatch import Notice
from vndoc.parse.outline.labels import missed
from vndoc.parse.outline.sequence import Step


def numbering_error(step: Step, counted: Sequence[Step]) -> Notice | None:
    """A notice where ``step`` does not count on from the last unit of its level; ``counted`` holds that of every level.

    Articles count on through chapters and may begin anywhere where a document amends another.
    """
    before = counted[step.depth] if step.depth < len(counted) else None
    if before is None or before.kind != step.kind:
        gap = step.kind != "dieu" and missed(step.kind, 0, step.ordinal)
        return Notice(code="label-gap", message=f"the numbering begins with '{step.label}'") if gap else None
    if step.ordinal == before.ordinal:
        again = step.candidate.label == before.candidate.label  # 'Điều 12a' behind 'Điều 12' is another
        return Notice(code="label-repeated", message=f"label '{step.label}' stands twice") if again else None
    if missed(step.kind, before.ordinal, step.ordinal):
        message = f"label '{step.label}' stands behind '{before.label}': what is between was left out, or not read"
        return Notice(code="label-gap", message=message)
    return None
