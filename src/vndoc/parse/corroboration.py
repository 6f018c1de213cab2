"""What the electronic signatures of a file say of its issuer and its signer, beside what the page says.

A certificate names its bearer in letters that no seal hides (Decree 30/2020/NĐ-CP, Article 12): the person who signed,
or the body whose clerk has signed for it. Portals and gazettes sign what they publish; these say nothing of the issuer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from vndoc.dispatch import Signature
from vndoc.parse.evidence import SURE, FieldValue
from vndoc.parse.fold import fold
from vndoc.parse.form.foot.names import is_name
from vndoc.parse.knowledge import bare, likeness

_SAME = 0.99
"""How sure a name is that page and certificate have alike."""
_BY_CERTIFICATE = 0.95
"""How sure a certificate's name is where the page has what may be a misreading of it."""
_ALONE = 0.4
"""How sure it is where the page has no name: a clerk may have signed before the head."""
_ALIKE = 0.6
_PUBLISHERS = ("cong thong tin", "cong bao", "trung tam cong bao", "bao dien tu")


def signed_by(found: FieldValue[str], signatures: Sequence[Signature]) -> FieldValue[str]:
    """The signer's name in the light of the certificates: raised, its letters set right, or with one more candidate."""
    for person in _persons(signatures):
        if found.value and bare(found.value) == bare(person):
            return replace(found, value=person, confidence=max(found.confidence, _SAME))
        if found.confidence < SURE and max(likeness(read, person) for read in _read(found)) >= _ALIKE:
            return replace(found, value=person, confidence=_BY_CERTIFICATE, method="certificate")
        if found.value is None:
            return replace(found, value=person, confidence=_ALONE, method="certificate")
    return found


def is_certified_organ(organ: str, signatures: Sequence[Signature]) -> bool:
    """Whether a certificate names the body, with or without its place: 'Sở Y tế', 'Sở Y tế tỉnh An Giang'."""
    named = f"{fold(organ)} "
    return any(f"{fold(body)} ".startswith(named) or named.startswith(f"{fold(body)} ") for body in _bodies(signatures))


def _read(found: FieldValue[str]) -> list[str]:
    """All that was read where the name stands."""
    return [found.raw or "", found.value or "", *(text for text, _ in found.candidates)]


def _persons(signatures: Sequence[Signature]) -> Iterator[str]:
    names = (" ".join((s.name or "").split()) for s in signatures)
    yield from (name.title() if name.isupper() else name for name in names if is_name(name.title()))


def _bodies(signatures: Sequence[Signature]) -> Iterator[str]:
    for signature in signatures:
        if bare(signature.name or "").startswith(_PUBLISHERS):
            continue
        yield from (name for name in (signature.name, signature.organ_name) if name and not is_name(name.title()))
