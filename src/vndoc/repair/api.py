"""The doors of the repair: text, page, and the pages of a document."""

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from vndoc.figures import differ
from vndoc.page import Box, Line, Method, Origin, Page, Word
from vndoc.repair.conventions import Verdict
from vndoc.repair.corrector import Corrector
from vndoc.repair.draft import Draft
from vndoc.repair.glyphs import is_miswritten, other_readings
from vndoc.repair.ink import Alternatives
from vndoc.repair.model import MODEL, load
from vndoc.repair.profile import Profile
from vndoc.repair.strangers import CERTAIN

PROFILES = ("auto", *Profile)
_PRINTED = 0.986  # confidence from which a word without other readings is printed so; marks of capitals look alike
_CHUNK = re.compile(r"\S+")
_lock = threading.Lock()
_correctors: dict[Path, Corrector] = {}


@dataclass(slots=True, frozen=True)
class RepairedWord:
    """One blank-free stretch of the text before and after; in ``raw`` a blank stands where OCR has parted a word.

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
    """A repaired text and its words, in order. Blanks and line feeds between words are those of the text given."""

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
    spans = _spans(text, chosen)
    ends = [0, *(end for _, end in spans)]
    gaps = [text[end:start] for end, (start, _) in zip(ends, spans, strict=False)]
    read = [text[start:end] for start, end in spans]
    whole = ["".join(chunk.split()) for chunk in read]
    verdicts = _corrector().repair(whole, [gap.count("\n") for gap in gaps], chosen)
    parts: list[str] = []
    words: list[RepairedWord] = []
    at = 0
    for (raw_start, raw_end), raw, gap, verdict in zip(spans, read, gaps, verdicts, strict=True):
        start = at + len(gap)
        at = start + len(verdict.repaired)
        parts += [gap, verdict.repaired]
        words.append(
            RepairedWord(raw, verdict.repaired, verdict.confidence, verdict.alternatives, raw_start, raw_end, start, at)
        )
    parts.append(text[ends[-1] :])
    return Repaired("".join(parts), tuple(words))


def _spans(text: str, profile: Profile | None) -> list[tuple[int, int]]:
    """Start and end of every word of the text, those that OCR has parted as one."""
    found = list(_CHUNK.finditer(text))
    ends = [0, *(m.end() for m in found)]
    breaks = [text.count("\n", end, m.start()) for end, m in zip(ends, found, strict=False)]
    rests = set(_corrector().parted([m.group() for m in found], breaks, profile))
    return [
        (m.start(), found[i + 1].end() if i + 1 in rests else m.end()) for i, m in enumerate(found) if i not in rests
    ]


def repair_page(page: Page, profile: str = "auto", models: Path | None = None) -> Page:
    """A copy of ``page``, the only one of its document, repaired: see :func:`repair_pages`."""
    (repaired,) = repair_pages([page], profile, models)
    return repaired


def repair_pages(pages: Iterable[Page], profile: str = "auto", models: Path | None = None) -> list[Page]:
    """Copies of the pages of one document with their words repaired; blocks, lines and boxes stay as they are.

    Each page is searched as it comes; what is doubtful is settled when all are there, by what the whole document says.
    Pages that a program wrote (text layers) stay as they are and count as evidence, unless letters of them came out as
    others (:mod:`vndoc.repair.glyphs`).

    ``Word.raw`` is the reading before. ``Word.confidence`` joins that of the OCR with the repair's: of a word left as
    it was read both must hold, a word that was changed is as sure as the repair, and so is one whose engine hands over
    its other readings: they are what the repair chooses from (:mod:`vndoc.repair.ink`). ``models`` is a folder with a
    ``language`` of its own. Raises ValueError like :func:`repair`.
    """
    chosen = _profile(profile)
    corrector = _corrector(models)
    known: dict[_Passage, Draft] = {}
    drafted = [_drafted(page, chosen, corrector, known) for page in pages]
    corrector.settle([draft for _, draft in drafted])
    return [page if _is_sound(page) else _replaced(page, draft.verdicts()) for page, draft in drafted]


def _is_sound(page: Page) -> bool:
    """Whether a program wrote the page, and wrote it right."""
    return page.method is Method.TEXT_LAYER and not is_miswritten(page.text)


_Passage = tuple[tuple[str, ...], tuple[int, ...], tuple[float, ...], tuple[Alternatives, ...]]
"""All that a draft is made of, but for the profile: chunks, line feeds before them, doubts, other readings."""


def _drafted(
    page: Page, profile: Profile | None, corrector: Corrector, known: dict[_Passage, Draft]
) -> tuple[Page, Draft]:
    """A page with words put right that OCR has run together or parted, and its draft; ``known`` are those of others.

    A page that says what another does, such as a form feed too many, is not searched again.
    """
    if _is_sound(page):
        words, breaks = _words_and_breaks(page)
        return page, corrector.typed([w.text for w in words], breaks)
    if page.method in (Method.TEXT_LAYER, Method.PLAIN_TEXT) and is_miswritten(page.text):
        page = _with_other_readings(page)
    page = _rejoined(_separated(page, corrector), profile, corrector)
    words, breaks = _words_and_breaks(page)
    chunks = ["".join(word.text.split()) for word in words]
    weighs = any(word.alternatives for word in words)
    doubts = [_doubt(word, weighs) for word in words]
    alternatives = [word.alternatives for word in words]
    passage = tuple(chunks), tuple(breaks), tuple(doubts), tuple(alternatives)
    if passage in known:
        return page, known[passage].twin()
    known[passage] = corrector.draft(chunks, breaks, profile, doubts, alternatives)
    return page, known[passage]


def _with_other_readings(page: Page) -> Page:
    """The page of a text whose letters came out as others, with what each of its words may have been."""
    blocks = tuple(
        replace(
            block,
            lines=tuple(
                replace(line, words=tuple(replace(w, alternatives=tuple(other_readings(w.text))) for w in line.words))
                for line in block.lines
            ),
        )
        for block in page.blocks
    )
    return replace(page, blocks=blocks)


def _replaced(page: Page, verdicts: Sequence[Verdict]) -> Page:
    """The page with a verdict on each of its words carried out."""
    left = iter(verdicts)
    blocks = tuple(
        replace(
            block,
            lines=tuple(
                replace(line, words=tuple(w for word in line.words for w in _words(word, next(left))))
                for line in block.lines
            ),
        )
        for block in page.blocks
    )
    return replace(page, blocks=blocks)


def _words_and_breaks(page: Page) -> tuple[list[Word], list[int]]:
    """All words of a page, and before each the line feeds: one for a new line, two for a new block."""
    words: list[Word] = []
    breaks: list[int] = []
    for block in page.blocks:
        feeds = 2
        for line in block.lines:
            for word in line.words:
                words.append(word)
                breaks.append(feeds if len(words) > 1 else 0)
                feeds = 0
            feeds = max(feeds, 1)
    return words, breaks


def _separated(page: Page, corrector: Corrector) -> Page:
    """The page with words as two that OCR has run together, by its own other readings."""
    words = list(page.words)
    pairs = corrector.separated([w.text for w in words], [w.alternatives for w in words])
    if not pairs:
        return page
    number = count()
    blocks = [
        replace(block, lines=tuple(_with_pairs(line, pairs, number) for line in block.lines)) for block in page.blocks
    ]
    return replace(page, blocks=tuple(blocks))


def _with_pairs(line: Line, pairs: Mapping[int, str], number: Iterator[int]) -> Line:
    """The line with some words as two; ``number`` counts the words of the page."""
    words: list[Word] = []
    for word in line.words:
        text = pairs.get(next(number))
        words += [word] if text is None else _two(word, text)
    return replace(line, words=tuple(words))


def _two(word: Word, text: str) -> list[Word]:
    """The two words of ``text``, one of the other readings of ``word``; each keeps those that differ in it alone."""
    readings = dict(word.alternatives)
    left, right = text.split()
    pairs = [text.split() for text in readings if text.count(" ") == 1]
    share = readings[text]
    others = (
        tuple((a, readings[f"{a} {b}"] / share) for a, b in pairs if b == right and a != left),
        tuple((b, readings[f"{a} {b}"] / share) for a, b in pairs if a == left and b != right),
    )
    return [replace(part, alternatives=other) for part, other in zip(_parts(word, text), others, strict=True)]


def _rejoined(page: Page, profile: Profile | None, corrector: Corrector) -> Page:
    """The page with words that OCR has parted as one, a blank in its text and a box around both parts."""
    words, breaks = _words_and_breaks(page)
    rests = set(corrector.parted([w.text for w in words], breaks, profile))
    if not rests:
        return page
    number = count()
    blocks = [replace(b, lines=tuple(_line(line, rests, number) for line in b.lines)) for b in page.blocks]
    return replace(page, blocks=tuple(blocks))


def _line(line: Line, rests: Set[int], number: Iterator[int]) -> Line:
    """The line with words joined that are rests of the word before; ``number`` counts the words of the page."""
    words: list[Word] = []
    for word in line.words:
        if next(number) in rests:
            words[-1] = _both(words[-1], word)
        else:
            words.append(word)
    return replace(line, words=tuple(words))


def _both(left: Word, right: Word) -> Word:
    """Two parts of a word as one."""
    box = Box.around([left.box, right.box]) if left.box and right.box else None
    others = [(text + right.text, share) for text, share in left.alternatives]
    others += [(left.text + text, share) for text, share in right.alternatives]
    others.sort(key=lambda pair: -pair[1])
    confidence = min(left.confidence, right.confidence)
    return replace(left, text=f"{left.text} {right.text}", box=box, confidence=confidence, alternatives=tuple(others))


def _words(word: Word, verdict: Verdict) -> list[Word]:
    """The repaired word, or words where the repair put a blank ("S6:815"): each then has its share of the box."""
    joined = _joined(word, verdict)
    if word.origin is not Origin.OCR and any(verdict.repaired == text for text, _ in word.alternatives):
        joined = replace(joined, raw=None)  # the other letters were never anybody's reading
    return _parts(joined, joined.text)


def _parts(word: Word, text: str) -> list[Word]:
    """The word once for each part of a text between blanks, with its share of the box."""
    parts = text.split()
    if len(parts) < 2:
        return [replace(word, text=text)]
    at, words = 0, []
    for part in parts:
        start = text.index(part, at)
        at = start + len(part)
        words.append(replace(word, text=part, box=word.box and _share(word.box, start, at, len(text))))
    return words


def _share(box: Box, start: int, end: int, length: int) -> Box:
    """The part of a box that the characters ``start`` to ``end`` of ``length`` take, all of one width."""
    return Box(box.x0 + box.width * start // length, box.y0, box.x0 + box.width * end // length, box.y1)


def _doubt(word: Word, weighs: bool) -> float:
    """How much sooner a word may be changed, in nats, by the engine's confidence; that of a text says nothing.

    On real pages Tesseract is wrong in one word of 50 from 0.97 on, in one of ten at 0.96, in every second below 0.88.
    ``weighs``: the engine hands over other readings where it has any. What it is sure of then is printed so: of 35 such
    words on real scans that make no sense 31 are misprints.
    """
    if not word.origin.recognised:
        return 0.0
    if weighs and word.confidence >= _PRINTED and not word.alternatives and not word.text.isupper():
        return CERTAIN
    return -1.5 if word.confidence >= 0.97 else min(max((0.96 - word.confidence) * 25, 0.0), 2.0)


def _joined(word: Word, verdict: Verdict) -> Word:
    same = verdict.repaired == "".join(word.text.split())
    confidence = word.confidence * verdict.confidence if same and not verdict.weighed else verdict.confidence
    others = verdict.alternatives or (_other_numbers(word) if same else ())
    return replace(word, text=verdict.repaired, raw=word.text, confidence=confidence, alternatives=others)


def _other_numbers(word: Word) -> tuple[tuple[str, float], ...]:
    """What else a number may be by its engine, with probabilities: none is changed here, and none of it is hidden."""
    total = 1 + sum(share for _, share in word.alternatives)
    return tuple((text, share / total) for text, share in word.alternatives if differ(word.text, text))
