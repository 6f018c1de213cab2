"""How far each value of the identity can be trusted, by all that speaks for and against it.

The reader of a field knows how well its rule fits and how well the words were read on average. What tells a wrong
value from a right one is rather the one word in it that nobody could read, a scrap of a stamp between two words, or
another place in the document that says the same or something else. These are the signals; what each is worth, field by
field, was fitted to outcomes on documents with known truth, with whole offices kept out (``python -m training.trust``,
logistic regression), and is in ``data/trust.json``. A signal that contradicts a value withholds it, however well its
letters were read: outcomes of that kind are too rare to learn from, and a clerk must not meet one.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log
from typing import Any, TypeVar

import regex

from vndoc.dispatch import Signature
from vndoc.parse.corroboration import is_certified_organ
from vndoc.parse.evidence import NOT_SURE, SURE, FieldValue
from vndoc.parse.form.foot.names import lacks_end
from vndoc.parse.form.foot.signature import SignatureBlock
from vndoc.parse.form.foot.signing import heads_of
from vndoc.parse.identity import Form, Identity
from vndoc.parse.knowledge import bare, load
from vndoc.parse.misreading import is_syllable
from vndoc.parse.notation import in_order, parse_notation
from vndoc.trace import note

logger = logging.getLogger(__name__)

T = TypeVar("T")

Signals = Mapping[str, float]
"""Signals of one value by name: ``score`` is the logit of the confidence so far, all others are -1 to 1."""

_LEAST, _MOST = 0.02, 0.98
"""Confidences beyond these say no more than these."""
_AGAINST: Mapping[str, Mapping[str, float]] = {
    "subject": {"scraps": 0.5},
    "signer/position": {"leads": -1.0},
    "signer/full_name": {"cut": 1.0},
}
"""Signals that contradict a value of a field when they come to this much."""
_READ_WHOLE = 0.9
"""Confidence of a title from which on it is the body that may be unusual."""
_HARDLY = 0.5
"""Confidence of a word below which it was hardly read."""
_CODE = regex.compile(r"[\p{Lu}\d&./()–-]+")
_WORD = regex.compile(r"[\p{L}\d]")
_SIGN = regex.compile(r"\p{L}[~|«»_^]\p{L}")
_LETTER_AND_DIGIT = regex.compile(r"\p{Ll}\d|\d\p{Ll}")
_CONSONANT = regex.compile(r"[b-df-hj-np-tvwxz]")
_UNIT = regex.compile(r"[\d.,]*(?:[kcmd]?m[23²³]?|ha|kg|km|[a-eđ])")


def weighed(identity: Identity, form: Form, signatures: Sequence[Signature]) -> Identity:
    """The identity, each value as sure as its signals make it."""
    fields: Mapping[str, Any] | None = None if _is_recognised(form) else {}
    rows = judged(identity, form, signatures)
    found = {pointer: trusted(pointer, value, signals, fields) for pointer, value, signals in rows}
    lead, *others = identity.signers
    lead = replace(lead, position=found["signer/position"], full_name=found["signer/full_name"])
    return replace(
        identity,
        type_name=found["type_name"],
        number=found["code_number"],
        notation=found["code_notation"],
        issued_date=found["issued_date"],
        place=found["place"],
        issuer=replace(identity.issuer, organ=found["organ_name"]),
        subject=found["subject"],
        signers=(lead, *others),
    )


def judged(
    identity: Identity, form: Form, signatures: Sequence[Signature]
) -> list[tuple[str, FieldValue[Any], Signals]]:
    """Every value that is weighed here, by its pointer, with its signals."""
    lead, organ, notation = identity.signers[0], identity.issuer.organ, identity.notation
    certified = float(organ.value is not None and is_certified_organ(organ.value, signatures))
    abbreviated = abbreviates(notation.value, organ.value)
    more: dict[str, tuple[FieldValue[Any], dict[str, float]]] = {
        "type_name": (identity.type_name, {}),
        "code_notation": (notation, {"abbreviates": abbreviated, "known": float(_is_known(notation.value))}),
        "organ_name": (organ, {"abbreviates": abbreviated, "certified": certified}),
        "place": (identity.place, {}),
        "subject": (identity.subject, {"short": float(len((identity.subject.value or "").split()) < 4)}),
        "signer/position": (lead.position, {"leads": _leads(lead, organ.value)}),
        "signer/full_name": (lead.full_name, {"cut": float(lacks_end(lead.full_name.value or ""))}),
    }
    digits: list[tuple[str, FieldValue[Any]]] = [
        ("code_number", identity.number),
        ("issued_date", identity.issued_date),
    ]
    rows = [(pointer, found, {**signals_of(found), **own}) for pointer, (found, own) in more.items()]
    return rows + [(pointer, found, {"score": signals_of(found)["score"]}) for pointer, found in digits]


def signals_of(found: FieldValue[Any]) -> dict[str, float]:
    """The signals that any value has: its score, and what its words look like."""
    words = [word for word in found.words if _WORD.search(word.text)]
    confidences = [word.confidence for word in words]
    likely = min(_MOST, max(_LEAST, found.confidence))
    return {
        "score": log(likely / (1 - likely)),
        "weakest": 1 - min(confidences, default=1.0),
        "hardly": sum(c < _HARDLY for c in confidences) / max(1, len(words)),
        "scraps": min(1.0, sum(map(is_scrap, str(found.value or "").split())) / 2),
        "inferred": float(found.method != "rule"),
    }


def is_scrap(word: str) -> bool:
    """Whether a word is none in any language, but what strokes of stamps and pens are read as.

    >>> is_scrap("3nhân"), is_scrap("Internet"), is_scrap("TT-BTM"), is_scrap("100m2")
    (True, False, False, False)
    """
    core = word.strip(".,;:()[]\"“”'’/-–")
    if _CODE.fullmatch(core) or _UNIT.fullmatch(core):
        return False
    parts = regex.split(r"[,;:]", core)
    glued = len(parts) > 1 and not all(_CODE.fullmatch(part) or is_syllable(part) for part in parts)
    return bool(glued or _SIGN.search(core) or _LETTER_AND_DIGIT.search(core) or _CONSONANT.fullmatch(core))


def _is_recognised(form: Form) -> bool:
    """Whether the form was read from an image: on such the weights were fitted, letters of a text are what they are."""
    zones = form.zones
    lines = (*zones.issuer, *zones.number, *zones.title, *zones.signature)
    return any(word.box is not None and word.origin.recognised for line in lines for word in line.words)


def trusted(
    pointer: str, found: FieldValue[T], signals: Signals, fields: Mapping[str, Any] | None = None
) -> FieldValue[T]:
    """The value, as sure as its signals make it by :func:`confidence_of`."""
    if found.value is None:
        return found
    sure = confidence_of(pointer, found.confidence, signals, fields)
    if sure < SURE <= found.confidence:
        against = ", ".join(_against(pointer, signals)) or "all signals together"
        note(logger, f"/{pointer}", f"withheld: '{found.value}' at {found.confidence:.2f}", against)
    return replace(found, confidence=sure)


def confidence_of(pointer: str, confidence: float, signals: Signals, fields: Mapping[str, Any] | None = None) -> float:
    """How likely a value is right, 0–1; under 0.5 where a signal contradicts it.

    Args:
        pointer: of its field.
        confidence: that of the field's reader.
        signals: see :func:`judged`.
        fields: bias and weights by pointer; those of ``data/trust.json`` without.
    """
    fitted = (load("trust")["fields"] if fields is None else fields).get(pointer)
    if fitted is not None:
        total = fitted["bias"] + sum(worth * signals[name] for name, worth in fitted["weights"].items())
        sure = 1 / (1 + exp(-total))
        confidence = min(sure, NOT_SURE) if confidence < SURE else sure
    return min(confidence, NOT_SURE) if _against(pointer, signals) else confidence


def _against(pointer: str, signals: Signals) -> list[str]:
    """The signals that contradict a value."""
    return [name for name, least in _AGAINST.get(pointer, {}).items() if signals[name] / least >= 1]


def _is_known(notation: str | None) -> bool:
    known = parse_notation(f"1/{notation}") if notation else None
    return known is not None and known.kind is not None


def abbreviates(notation: str | None, organ: str | None) -> float:
    """1 if the notation names the body, as 'SGDĐT' Sở Giáo dục và Đào tạo, else 0: bodies abbreviate as they like."""
    known = parse_notation(f"1/{notation}") if notation else None
    if known is None or not organ:
        return 0.0
    named = next((body for body in load("organs")["named"] if f"{organ} ".startswith(f"{body['name']} ")), None)
    own = {bare(abbreviation) for abbreviation in named["abbreviations"]} if named else set()
    initials = "".join(word[0] for word in bare(organ).split())
    parts = [bare(part).replace(" ", "") for part in regex.split(r"[-/.&(]", known.issuer) if part]
    return float(any(part in own or (len(part) > 1 and in_order(part, initials)) for part in parts))


def _leads(lead: SignatureBlock, organ: str | None) -> float:
    """:func:`leads`; 0 for who signs by order or by proxy (TL., TUQ.), and for a title that was read whole."""
    by_order = any((line.value or "").startswith(("TL", "T/L", "TUQ")) for line in lead.authority)
    fits = 0.0 if by_order else leads(lead.position.value, organ)
    return fits if fits > 0 or lead.position.confidence < _READ_WHOLE else 0.0


def leads(position: str | None, organ: str | None) -> float:
    """1 if who holds the position leads bodies of this kind or is a deputy there, -1 if not, 0 if that is not known.

    >>> leads("THỨ TRƯỞNG", "Bộ Y tế"), leads("PHÓ HIỆU TRƯỞNG", "Bộ Y tế"), leads("TRƯỞNG THÔN", "Thôn Đông")
    (1.0, -1.0, 0.0)
    """
    if not position or not organ:
        return 0.0
    heads = heads_of(organ)
    if not heads:
        return 0.0
    return 1.0 if any(bare(head) in bare(position) for head in heads) else -1.0
