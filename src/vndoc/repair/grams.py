"""What the language model counts: words in lower case, two kinds of punctuation, one token for all that has digits.

The same cut is used for counting and for repairing, so it lives here and not in ``training``.
"""

import re

from vndoc.repair.syllable import fold_tone

UNKNOWN, STOP, NUMBER, COMMA = range(4)
SPECIAL = ("<unk>", ".", "#", ",")
_PIECE = re.compile(r"([^\W\d_]+)|([.;:!?])|(,)")


def pieces(chunk: str) -> list[str]:
    """Tokens of one blank-free chunk of NFC text: words folded, or names out of :data:`SPECIAL`."""
    if any(c.isdigit() for c in chunk):
        return [SPECIAL[NUMBER]]
    out = []
    for word, stop, comma in _PIECE.findall(chunk):
        if word:
            out.append(fold_tone(word.lower()))
        elif not (stop and out and out[-1] == SPECIAL[STOP]):
            out.append(SPECIAL[STOP] if stop else comma)
    return out
