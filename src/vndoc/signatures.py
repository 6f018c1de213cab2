"""The digital signatures of a PDF: who signed, when, over which bytes, and whether those are still the same.

Decree 30/2020/NĐ-CP, Article 12 and Appendix I, II.8: electronic dispatches bear the signature of the competent person
and that of the organ. They are CMS structures (RFC 5652) in signature dictionaries (ISO 32000-1, 12.8). All is checked
on this machine alone: that bytes and signature fit the certificate that came along, never that this certificate was
issued by whom it names, was valid, or was not revoked.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
from asn1crypto import algos, cms, tsp, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from vndoc.damage import DamageError, raise_if_grave, reason
from vndoc.dispatch import Notice, Signature
from vndoc.sources.pdf.trees import walk

_MOST_SIGNATURES = 100
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?)?")
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def read_signatures(data: bytes) -> tuple[list[Signature], list[Notice]]:
    """Signatures of the PDF ``data`` in the order of their fields; what cannot be read gives a notice.

    Never raises for what the file holds: signatures of unknown kinds come with what could be read of them.

    Raises:
        MachineError, MemoryLimitError: as :func:`vndoc.damage.raise_if_grave`.
    """
    found: list[Signature] = []
    notices: list[Notice] = []
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for number, signed in enumerate(_signed_fields(pdf), 1):
                if number > _MOST_SIGNATURES:
                    raise DamageError(f"it has more than {_MOST_SIGNATURES} signatures")
                try:
                    found.append(_signature(signed, data))
                except Exception as error:
                    raise_if_grave(error)
                    notices.append(_unreadable(f"Signature {number}", error))
    except Exception as error:
        raise_if_grave(error)
        notices.append(_unreadable("The form of the PDF", error))
    return found, notices


def _unreadable(what: str, error: Exception) -> Notice:
    message = f"{what} cannot be read ({reason(error)})."
    return Notice(code="signature-unreadable", pointer="/signatures", message=message)


def _signed_fields(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Signature dictionaries: the values of the form's signature fields, each field once."""
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    for field, kind in walk(fields, "/FT"):
        value = field.get("/V")
        if kind == pikepdf.Name.Sig and isinstance(value, pikepdf.Dictionary):
            yield value


def _signature(signed: pikepdf.Object, data: bytes) -> Signature:
    """What one signature dictionary says, its CMS structure checked against the bytes it covers."""
    ranges = [int(n) for n in signed.get("/ByteRange", [])]
    covered = _covered(ranges, data)
    info = cms.ContentInfo.load(bytes(signed["/Contents"]))
    if info["content_type"].native != "signed_data":
        raise DamageError("its content is not signed data")
    package = info["content"]
    (signer,) = package["signer_infos"]
    certificate = _certificate(package, signer)
    subject = certificate.subject.native if certificate else {}
    stamped = _token_time(signer)
    kind = str(signed.get("/SubFilter", "")).removeprefix("/")
    if kind == "ETSI.RFC3161":
        stamped = package["encap_content_info"]["content"].parsed["gen_time"].native
    return Signature(
        name=_text(subject.get("common_name")),
        organ_name=_text(subject.get("organization_name")),
        signed_at=pdf_date(str(signed.get("/M", ""))) or _signing_time(signer) or stamped,
        stamped_at=stamped,
        sub_filter=kind,
        covers_whole_file=_covers_all(ranges, data),
        intact=_intact(package, signer, certificate, covered),
    )


def _text(value: object) -> str | None:
    """A name of the certificate's subject; several of one kind are joined."""
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value) if value else None


def pdf_date(text: str) -> datetime | None:
    """A date of ISO 32000-1, 7.9.4 (``D:20210105081524+07'00'``), aware; without a zone it is read as UTC."""
    match = _PDF_DATE.fullmatch(text.strip().rstrip("'"))
    if match is None:
        return None
    *parts, sign, hours, minutes = match.groups()
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        year, month, day, hour, minute, second = (int(p or 0) for p in parts)
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(away) if sign else UTC)
    except ValueError:
        return None


def _covered(ranges: list[int], data: bytes) -> bytes:
    """The bytes that were signed: all pieces of the byte range, offset and length each."""
    pairs = list(zip(ranges[::2], ranges[1::2], strict=True))
    if not pairs or any(start < 0 or length < 0 or start + length > len(data) for start, length in pairs):
        raise DamageError("its byte range lies outside the file")
    if sum(length for _, length in pairs) > len(data):
        raise DamageError("its byte range names parts of the file again")
    return b"".join(data[start : start + length] for start, length in pairs)


def _covers_all(ranges: list[int], data: bytes) -> bool:
    """True where the byte range leaves out nothing but the hexadecimal string of the signature itself."""
    if len(ranges) != 4 or ranges[0] != 0 or ranges[2] + ranges[3] != len(data):
        return False
    return re.fullmatch(rb"<[0-9A-Fa-f\s]*>", data[ranges[1] : ranges[2]]) is not None


def _certificate(package: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate | None:
    """The signer's certificate among those that came along (RFC 5652, 5.3)."""
    sid = signer["sid"]
    for choice in package["certificates"] or ():
        certificate = choice.chosen
        if not isinstance(certificate, x509.Certificate):
            continue
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            same = certificate.serial_number == wanted["serial_number"].native
            if same and certificate.issuer == wanted["issuer"]:
                return certificate
        elif certificate.key_identifier == sid.chosen.native:
            return certificate
    return None


def _attribute(attributes: cms.CMSAttributes | None, name: str) -> object:
    """First value of a CMS attribute, as asn1crypto's object; None where there is none."""
    for attribute in attributes or ():
        if attribute["type"].native == name:
            return attribute["values"][0]
    return None


def _signing_time(signer: cms.SignerInfo) -> datetime | None:
    """The signing time of the CMS attributes. Second choice: wide-spread signing software of Vietnamese offices writes
    local time there and calls it UTC, seven hours ahead of the time stamp, while /M has the right offset."""
    value = _attribute(signer["signed_attrs"], "signing_time")
    time = getattr(value, "native", None)
    return time if isinstance(time, datetime) else None


def _token_time(signer: cms.SignerInfo) -> datetime | None:
    """Time of the time-stamp token (RFC 3161) among the unsigned attributes."""
    token = _attribute(signer["unsigned_attrs"], "signature_time_stamp_token")
    if not isinstance(token, cms.ContentInfo):
        return None
    content = token["content"]["encap_content_info"]["content"].parsed
    return content["gen_time"].native if isinstance(content, tsp.TSTInfo) else None


def _intact(
    package: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate | None, covered: bytes
) -> bool | None:
    """Whether the digest fits the bytes and the signature fits digest and certificate; None if it cannot be checked."""
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _DIGESTS:
        return None
    inner = package["encap_content_info"]["content"]
    content = covered
    if isinstance(getattr(inner, "parsed", None), tsp.TSTInfo):
        imprint = inner.parsed["message_imprint"]
        if _digest(imprint["hash_algorithm"]["algorithm"].native, covered) != imprint["hashed_message"].native:
            return False
        content = inner.contents
    elif inner.native:  # adbe.pkcs7.sha1 signs the digest of the bytes
        if inner.native != hashlib.sha1(covered, usedforsecurity=False).digest():
            return False
        content = inner.native
    attributes = signer["signed_attrs"]
    if not len(attributes or ()):
        return _fits(certificate, signer, content, name)
    digest = _attribute(attributes, "message_digest")
    if getattr(digest, "native", None) != _digest(name, content):
        return False
    return _fits(certificate, signer, attributes.untag().dump(), name)


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.new(name, content, usedforsecurity=False).digest()


def _fits(certificate: x509.Certificate | None, signer: cms.SignerInfo, message: bytes, digest: str) -> bool | None:
    """Whether the signature over ``message`` is that of the certificate's key; None for keys not known here."""
    if certificate is None:
        return None
    algorithm = signer["signature_algorithm"]
    signature = signer["signature"].native
    try:
        key = serialization.load_der_public_key(certificate.public_key.dump())
        hashing = _DIGESTS[digest]
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, _padding(algorithm, hashing), hashing)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashing))
        else:
            return None
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def _padding(algorithm: algos.SignedDigestAlgorithm, hashing: hashes.HashAlgorithm) -> padding.PSS | padding.PKCS1v15:
    if algorithm.signature_algo == "rsassa_pss":
        salt = algorithm["parameters"]["salt_length"].native
        return padding.PSS(padding.MGF1(hashing), salt)
    return padding.PKCS1v15()
