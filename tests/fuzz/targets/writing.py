"""Texts: the repair by itself, and the parser on the pages of a text."""

from tests.fuzz.promises import demand, kept
from vndoc.dispatch import Source
from vndoc.page import page_from_text
from vndoc.pipeline import parse_again
from vndoc.reading import Reading
from vndoc.repair import PROFILES, repair

_SOURCE = Source(name="a.txt", sha256="0" * 64, media_type="text/plain", page_amount=1)
LETTERS = 20_000
"""Of a text at most: longer ones are for who measures that time grows in step with them."""


def text_of(data: bytes) -> str:
    """Any bytes as a text; bytes that are no letters become lone surrogates, as they come from names of files."""
    return data.decode("utf-8", "surrogateescape")[:LETTERS]


def parsed(data: bytes) -> None:
    """The parser, on pages without boxes."""
    text = data.decode("utf-8", "replace")[:LETTERS]
    pages = [page_from_text(page, number) for number, page in enumerate(text.split("\f"), 1)]
    reading = Reading(_SOURCE, tuple(pages), {})
    dispatch = parse_again(reading)
    kept(dispatch)
    demand(Reading.from_bytes(reading.to_bytes()) == reading, "pages are others after they were kept")


def repaired(data: bytes) -> None:
    """The repair: what it gives can be put together from its words, and blanks stay as they were."""
    profile, text = PROFILES[data[0] % len(PROFILES)] if data else "auto", text_of(data[1:])
    result = repair(text, profile)
    at = raw_at = 0
    for word in result.words:
        demand(raw_at <= word.raw_start < word.raw_end <= len(text), "a word outside the text")
        demand(at <= word.start < word.end <= len(result.text), "a word outside the repaired text")
        demand(result.text[word.start : word.end] == word.repaired, "a word that does not stand where it says")
        demand(result.text[at : word.start] == text[raw_at : word.raw_start], "blanks between words were changed")
        demand(0 <= word.confidence <= 1, "a confidence outside 0 to 1")
        demand(all(0 <= share <= 1 for _, share in word.alternatives), "a share outside 0 to 1")
        at, raw_at = word.end, word.raw_end
    demand(result.text[at:] == text[raw_at:], "blanks at the end were changed")
