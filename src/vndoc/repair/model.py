"""The trained data, loaded once on first use and shared by all threads."""

import threading
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from vndoc.errors import SetupError
from vndoc.models import read_model
from vndoc.repair.channel import Channel, Scored, Segments, UnitTable
from vndoc.repair.grams import SPECIAL, UNKNOWN, pieces
from vndoc.repair.language import LanguageModel
from vndoc.repair.syllable import fold_tone, split, strip_marks
from vndoc.repair.tokens import Kind, Piece

MODEL = Path(__file__).with_name("model")


@dataclass(frozen=True)
class Lexicon:
    """Words by number. Specials first, then syllables, then other frequent words, each by falling frequency."""

    words: tuple[str, ...]
    syllables: int
    capitalised: frozenset[str] = frozenset()
    """Words that stand in capitalised form as a rule: ``đảng``, ``việt``."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of every word."""
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def syllable_numbers(self) -> dict[str, int]:
        """Number of every syllable."""
        return {w: i for i, w in enumerate(self.words[: len(SPECIAL) + self.syllables]) if i >= len(SPECIAL)}

    @cached_property
    def rhymes_after(self) -> dict[str, set[str]]:
        """For every onset in small letters, capitals or with one capital, the rhymes that make a syllable with it."""
        out: dict[str, set[str]] = {}
        for word in self.syllable_numbers:
            cut = len(split(word)[0])
            for form in (word, word.title(), word.upper()):
                out.setdefault(form[:cut], set()).add(form[cut:])
        return out

    @cached_property
    def bare_syllables(self) -> frozenset[str]:
        """All syllables without their marks."""
        return frozenset(strip_marks(word) for word in self.syllable_numbers)

    @cached_property
    def by_skeleton(self) -> dict[str, list[str]]:
        """Words that become the same without their marks, most frequent first."""
        out: dict[str, list[str]] = {}
        for word in self.words[len(SPECIAL) :]:
            out.setdefault(strip_marks(word), []).append(word)
        return out

    def number_of(self, piece: Piece) -> int:
        """The word number of a piece as it was read; that of its last word where it holds several."""
        reading = piece.reading
        if piece.kind is Kind.WORD and reading.isalpha():
            return self.numbers.get(fold_tone(reading.lower()), UNKNOWN)
        names = pieces(reading)
        return self.numbers.get(names[-1], UNKNOWN) if names else UNKNOWN


@dataclass(frozen=True)
class Model:
    """All that the repair has learned."""

    lexicon: Lexicon
    language: LanguageModel
    channels: dict[str, Channel]


_lock = threading.Lock()
_loaded: dict[Path, Model] = {}


def load(folder: Path = MODEL) -> Model:
    """The model in ``folder``; later calls return the same object. SetupError where there is none."""
    with _lock:
        if folder not in _loaded:
            try:
                _loaded[folder] = _read(folder)
            except (OSError, ValueError, KeyError, IndexError, EOFError, BadZipFile) as error:
                raise SetupError(f"{folder}: holds no model that training.build has made ({error})") from error
        return _loaded[folder]


def _read(folder: Path) -> Model:
    def file(name: str) -> bytes:
        return read_model(folder, name, packaged=folder == MODEL)

    with np.load(BytesIO(file("language.npz"))) as arrays:
        language = LanguageModel({name: arrays[name] for name in arrays.files})
    words = tuple(file("words.txt").decode().splitlines())
    capitals = frozenset(file("capitals.txt").decode().splitlines())
    lexicon = Lexicon(words[1:], int(words[0]), capitals)
    names = sorted(path.name for path in folder.glob("channel_*.npz"))
    channels = {name[:-4].partition("_")[2]: _channel(file(name), lexicon) for name in names}
    return Model(lexicon, language, channels)


def _channel(data: bytes, lexicon: Lexicon) -> Channel:
    with np.load(BytesIO(data)) as arrays:
        segment_keys = str(arrays["segments"]).split("\n")
        values = (arrays["segment_scores"] / -16.0).tolist()
        table = {(a, b): v for (a, b), v in zip((k.split("\t") for k in segment_keys), values, strict=True)}
        segments = Segments(table)
        tables = [_unit_table(arrays, name, segments) for name in ("onset", "rhyme")]
    return Channel(tables[0], tables[1], lexicon.rhymes_after)


def _unit_table(arrays: "np.lib.npyio.NpzFile", name: str, segments: Segments) -> UnitTable:
    units = tuple(str(arrays[f"{name}_units"]).split("\n"))
    readings = str(arrays[f"{name}_readings"]).split("\n")
    sizes = arrays[f"{name}_sizes"].tolist()
    which = arrays[f"{name}_which"].tolist()
    scores = (arrays[f"{name}_scores"] / -16.0).tolist()
    seen: dict[str, Scored] = {}
    at = 0
    for reading, size in zip(readings, sizes, strict=True):
        seen[reading] = [(units[w], p) for w, p in zip(which[at : at + size], scores[at : at + size], strict=True)]
        at += size
    return UnitTable(seen, units, segments)
