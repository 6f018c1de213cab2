"""The identity with what a person has said of it, so that all that depends on it (references, deadlines) follows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from vndoc.parse.evidence import FieldValue
from vndoc.parse.form.foot.signature import SignatureBlock
from vndoc.parse.identity import Identity

T = TypeVar("T")

HUMAN = "human"
"""The method in the evidence of what a person has said."""


def with_values(identity: Identity, values: Mapping[str, str | None]) -> Identity:
    """The identity with these values by JSON pointer, each certain; pointers of other fields are passed over.

    Dates are ISO 8601. None takes a value away.
    """
    issuer, (lead, *others) = identity.issuer, identity.signers
    if values.get("/organ_name", issuer.organ.sure) != issuer.organ.sure:
        issuer = replace(issuer, joint=())  # one name was given for what had been read as several
    return replace(
        identity,
        type_name=_said(identity.type_name, "/type_name", values),
        number=_said(identity.number, "/code_number", values),
        notation=_said(identity.notation, "/code_notation", values),
        issued_date=_day(identity.issued_date, "/issued_date", values),
        place=_said(identity.place, "/place", values),
        issuer=replace(
            issuer,
            organ=_said(issuer.organ, "/organ_name", values),
            parent=_said(issuer.parent, "/parent_organ_name", values),
        ),
        subject=_said(identity.subject, "/subject", values),
        signers=(_signer(lead, values), *others),
        arrival_number=_said(identity.arrival_number, "/arrival/number", values),
        arrival_date=_day(identity.arrival_date, "/arrival/date", values),
    )


def _signer(lead: SignatureBlock, values: Mapping[str, str | None]) -> SignatureBlock:
    return replace(
        lead,
        position=_said(lead.position, "/signer/position", values),
        full_name=_said(lead.full_name, "/signer/full_name", values),
    )


def _said(found: FieldValue[str], pointer: str, values: Mapping[str, str | None]) -> FieldValue[str]:
    return _certain(found, values[pointer]) if pointer in values else found


def _day(found: FieldValue[date], pointer: str, values: Mapping[str, str | None]) -> FieldValue[date]:
    if pointer not in values:
        return found
    text = values[pointer]
    return _certain(found, date.fromisoformat(text) if text is not None else None)


def _certain(found: FieldValue[Any], value: T | None) -> FieldValue[T]:
    return replace(found, value=value, confidence=1.0, reading=None, rule=None, method=HUMAN)
