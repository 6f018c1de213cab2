"""The two doors of the repair: text and page."""

import re
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from vndoc.page import Box, Page, Word
from vndoc.repair.conventions import Verdict
from vndoc.repair.corrector import Corrector
from vndoc.repair.model import MODEL, load
from vndoc.repair.profile import Profile

PROFILES = ("auto", *Profile)
_CHUNK = re.compile(r"\S+")
_lock = threading.Lock()
_correctors: dict[Path, Corrector] = {}


@dataclass(slots=True, frozen=True)
class RepairedWord:
    """One blank-free stretch of the text before and after.

    ``raw_start:raw_end`` cut ``raw`` out of the text given, ``start:end`` cut ``repaired`` out of the repaired text.
    ``confidence`` is the probability that ``repaired`` is what was printed; ``alternatives`` are the next-best
    readings with theirs, best first.
    """

    raw: str
    repaired: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    raw_start: int
    raw_end: int
    start: int
    end: int


@dataclass(slots=True, frozen=True)
class Repaired:
    """A repaired text and its words, in order. All blanks and line feeds are those of the text given."""

    text: str
    words: tuple[RepairedWord, ...]


def _corrector(models: Path | None = None) -> Corrector:
    """The corrector with the model in ``models/language``, if that folder is there, else with that of the package."""
    own = Path(models, "language") if models else MODEL
    folder = own if own.is_dir() else MODEL
    with _lock:
        if folder not in _correctors:
            _correctors[folder] = Corrector(load(folder))
        return _correctors[folder]


def _profile(name: str) -> Profile | None:
    if name not in PROFILES:
        raise ValueError(f"no profile {name!r}: use one of {', '.join(PROFILES)}")
    return None if name == "auto" else Profile(name)


def repair(text: str, profile: str = "auto") -> Repaired:
    """Repair a text.

    ``profile`` names what garbled it: ``eng`` (Tesseract's English data on a Vietnamese page), ``stripped`` (no marks
    at all), ``vie`` (Tesseract's Vietnamese data, mostly right), ``clean`` (hardly touch it), or ``auto``: judged
    for each passage from its own letters. Raises ValueError for any other name.
    """
    chosen = _profile(profile)
    found = list(_CHUNK.finditer(text))
    ends = [0, *(m.end() for m in found)]
    gaps = [text[end : m.start()] for end, m in zip(ends, found, strict=False)]
    verdicts = _corrector().repair([m.group() for m in found], [gap.count("\n") for gap in gaps], chosen)
    parts: list[str] = []
    words: list[RepairedWord] = []
    at = 0
    for match, gap, verdict in zip(found, gaps, verdicts, strict=True):
        start = at + len(gap)
        at = start + len(verdict.repaired)
        parts += [gap, verdict.repaired]
        words.append(
            RepairedWord(
                match.group(), verdict.repaired, verdict.confidence, verdict.alternatives,
                match.start(), match.end(), start, at,
            )
        )  # fmt: skip
    parts.append(text[ends[-1] :])
    return Repaired("".join(parts), tuple(words))


def repair_page(page: Page, profile: str = "auto", models: Path | None = None) -> Page:
    """A copy of ``page`` with its words repaired; blocks, lines and boxes stay as they are.

    ``Word.raw`` is the reading before. ``Word.confidence`` joins that of the OCR with the repair's: of a word left as
    it was read both must hold, a word that was changed is as sure as the repair. ``models`` is a folder with a
    ``language`` of its own. Raises ValueError like :func:`repair`.
    """
    chosen = _profile(profile)
    words: list[Word] = []
    breaks: list[int] = []
    for block in page.blocks:
        feeds = 2
        for line in block.lines:
            for word in line.words:
                words.append(word)
                breaks.append(feeds if words[1:] else 0)
                feeds = 0
            feeds = max(feeds, 1)
    doubts = [_doubt(word) for word in words]
    verdicts = iter(_corrector(models).repair([w.text for w in words], breaks, chosen, doubts))
    blocks = tuple(
        replace(
            block,
            lines=tuple(
                replace(line, words=tuple(w for word in line.words for w in _words(word, next(verdicts))))
                for line in block.lines
            ),
        )
        for block in page.blocks
    )
    return replace(page, blocks=blocks)


def _words(word: Word, verdict: Verdict) -> list[Word]:
    """The repaired word, or words where the repair put a blank ("S6:815"): each then has its share of the box."""
    joined = _joined(word, verdict)
    parts = joined.text.split()
    if len(parts) < 2:
        return [joined]
    at, words = 0, []
    for part in parts:
        start = joined.text.index(part, at)
        at = start + len(part)
        words.append(replace(joined, text=part, box=word.box and _share(word.box, start, at, len(joined.text))))
    return words


def _share(box: Box, start: int, end: int, length: int) -> Box:
    """The part of a box that the characters ``start`` to ``end`` of ``length`` take, all of one width."""
    return Box(box.x0 + box.width * start // length, box.y0, box.x0 + box.width * end // length, box.y1)


def _doubt(word: Word) -> float:
    """How much sooner a word may be changed, in nats, by the engine's confidence; that of a text says nothing.

    On real pages Tesseract is wrong in one word of 50 from 0.97 on, in one of ten at 0.96, in every second below 0.88.
    """
    if not word.origin.recognised:
        return 0.0
    return -1.5 if word.confidence >= 0.97 else min(max((0.96 - word.confidence) * 25, 0.0), 2.0)


def _joined(word: Word, verdict: Verdict) -> Word:
    same = verdict.repaired == word.text
    confidence = word.confidence * verdict.confidence if same else verdict.confidence
    return replace(word, text=verdict.repaired, raw=word.text, confidence=confidence, alternatives=verdict.alternatives)
