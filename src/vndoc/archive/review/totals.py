"""How much people have confirmed and mended, over all documents."""

import sqlite3
from collections import Counter
from collections.abc import Mapping


def totals(db: sqlite3.Connection) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Values that were confirmed or mended and still hold, by pointer, and by person, the most frequent first."""
    rows = db.execute(
        """SELECT json_extract(one.value, '$.pointer'), who, count(*) FROM change, json_each(change."values") AS one
           WHERE kind = 'confirm' AND NOT EXISTS (SELECT 1 FROM change AS undo WHERE undo.undoes = change.id)
           GROUP BY 1, 2"""
    )
    fields: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for pointer, who, n in rows:
        fields[pointer] += n
        people[who] += n
    return dict(fields.most_common()), dict(people.most_common())
