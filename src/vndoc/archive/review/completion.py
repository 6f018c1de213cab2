"""What may be meant while one types: values that the archive has already, with or without diacritics."""

import sqlite3

from vndoc.parse.fold import fold


def completions(db: sqlite3.Connection, pointer: str, typed: str, limit: int = 8) -> list[str]:
    """Values of the field that begin with what is typed, then those with a word that does; confirmed ones first."""
    folded = fold(typed.strip())
    if not folded:
        return []
    rows = db.execute(
        """SELECT value, folded LIKE :begin ESCAPE '!' AS begins FROM name WHERE pointer = :pointer
           AND (folded LIKE :begin ESCAPE '!' OR folded LIKE :word ESCAPE '!')
           ORDER BY human DESC, begins DESC, length(value), value LIMIT :limit""",
        {"pointer": pointer, "begin": f"{_literal(folded)}%", "word": f"% {_literal(folded)}%", "limit": limit},
    )
    return [row["value"] for row in rows]


def _literal(text: str) -> str:
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in text)
