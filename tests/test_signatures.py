"""Digital signatures, made by an independent library with a certificate of a minute's life."""

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

import vndoc
from tests.conftest import GOLDEN, pdf_of
from vndoc.signatures import pdf_date, read_signatures


def _certified(key, name, *usages):
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tỉnh Vạn An")]
    )
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 4711)
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(minutes=5))
    )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=True)
    certificate = builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(der),
    )


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def sign(data, key, name, *, pss=False, stamping=None, **about):
    certificate, private = _certified(key, name)
    signer = signers.SimpleSigner(
        signing_cert=certificate, signing_key=private, cert_registry=SimpleCertificateStore(), prefer_pss=pss
    )
    stamper = None
    if stamping:
        stamper = DummyTimeStamper(*_certified(stamping, "TSA", ExtendedKeyUsageOID.TIME_STAMPING))
    field = about.pop("field_name")
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)),
        signers.PdfSignatureMetadata(field_name=field, **about),
        signer=signer,
        timestamper=stamper,
    )
    return out.getvalue()


@pytest.fixture(scope="module")
def plain():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(np.full((60, 40), 255, np.uint8)))) as pdf:
        pdf.save(out)  # pyHanko does not like what Pillow writes
    return out.getvalue()


@pytest.fixture(scope="module")
def signed(plain, rsa_key):
    return sign(plain, rsa_key, "Nguyễn Văn Bình", field_name="So", md_algorithm="sha256")


def test_fields_in_a_circle_are_walked_once():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pikepdf.Dictionary()))
    field.Kids = pikepdf.Array([field] * 3)
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field, field]))
    out = io.BytesIO()
    pdf.save(out)
    signatures, notices = read_signatures(out.getvalue())
    assert signatures == []
    assert [notice.code for notice in notices] == ["signature-unreadable"]


def test_who_signed_and_when(signed):
    (found,), notices = read_signatures(signed)
    assert notices == []
    assert (found.name, found.organ_name) == ("Nguyễn Văn Bình", "Tỉnh Vạn An")
    assert abs(found.signed_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert (found.stamped_at, found.sub_filter) == (None, "adbe.pkcs7.detached")
    assert found.covers_whole_file
    assert found.intact is True


def test_a_second_signature_leaves_the_first_intact(signed, rsa_key):
    key = ec.generate_private_key(ec.SECP256R1())
    both = sign(
        signed,
        key,
        "UBND tỉnh Vạn An",
        stamping=rsa_key,
        field_name="Van thu",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    (first, second), notices = read_signatures(both)
    assert notices == []
    assert (first.covers_whole_file, first.intact) == (False, True)
    assert (second.covers_whole_file, second.intact) == (True, True)
    assert second.sub_filter == "ETSI.CAdES.detached"
    assert abs(second.stamped_at - second.signed_at) < timedelta(minutes=1)


def test_other_padding(plain, rsa_key):
    (found,), _ = read_signatures(sign(plain, rsa_key, "A", pss=True, field_name="S", md_algorithm="sha512"))
    assert found.intact is True


def test_time_stamp_of_the_document(plain, rsa_key):
    stamper = DummyTimeStamper(*_certified(rsa_key, "Máy chủ thời gian", ExtendedKeyUsageOID.TIME_STAMPING))
    out = signers.PdfTimeStamper(stamper).timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(plain)), "sha256")
    (found,), notices = read_signatures(out.getvalue())
    assert (notices, found.sub_filter, found.intact) == ([], "ETSI.RFC3161", True)
    assert found.name == "Máy chủ thời gian"
    assert abs(found.stamped_at - found.signed_at) < timedelta(minutes=1)


def test_a_changed_byte_is_seen(signed):
    at = signed.index(b"/MediaBox") + 12
    changed = signed[:at] + b"1" + signed[at + 1 :]
    assert changed != signed
    (found,), _ = read_signatures(changed)
    assert found.intact is False


def test_a_changed_signature_is_seen(signed):
    """The digest still fits, the signature over it does not."""
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        der = bytes(pdf.Root.AcroForm.Fields[0].V.Contents).rstrip(b"\0")
    value = cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signature"].native
    printed, other = (v.hex().encode() for v in (value, value[:-1] + bytes([value[-1] ^ 1])))
    forged = re.sub(printed, other, signed, flags=re.IGNORECASE)
    assert forged != signed
    (found,), _ = read_signatures(forged)
    assert found.intact is False


def _replaced(signed, **entries):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.Root.AcroForm.Fields[0].V.update({f"/{k}": v for k, v in entries.items()})
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "entries",
    [
        {"Contents": pikepdf.String(b"\x30\x03no")},
        {"Contents": pikepdf.String("")},
        {"ByteRange": pikepdf.Array([0, 10, 20, 10**9])},
        {"ByteRange": pikepdf.Array([0, 10, 20])},
        {"ByteRange": pikepdf.Array([])},
        {"ByteRange": pikepdf.Name.Odd},
    ],
)
def test_malformed_signatures_are_notices(signed, entries):
    found, (notice,) = read_signatures(_replaced(signed, **entries))
    assert found == []
    assert (notice.code, notice.pointer) == ("signature-unreadable", "/signatures")


def test_what_is_no_signature(plain):
    assert read_signatures(plain) == ([], [])
    found, (notice,) = read_signatures(b"%PDF-1.4 nothing")
    assert found == []
    assert notice.code == "signature-unreadable"
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        loop = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig))
        loop.Kids = pikepdf.Array([loop])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([loop, 3]))
        out = io.BytesIO()
        pdf.save(out)
    assert read_signatures(out.getvalue()) == ([], [])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_noise_in_the_signature_never_raises(signed, data):
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        der = bytes(pdf.Root.AcroForm.Fields[0].V.Contents).rstrip(b"\0")
    at = data.draw(st.integers(0, len(der) - 1))
    noisy = der[:at] + data.draw(st.binary(max_size=4)) + der[at + data.draw(st.integers(0, 6)) :]
    found, notices = read_signatures(_replaced(signed, Contents=pikepdf.String(noisy)))
    assert len(found) + len(notices) == 1


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("D:20210105081524+07'00'", "2021-01-05T08:15:24+07:00"),
        ("D:20210105081524+07'00", "2021-01-05T08:15:24+07:00"),
        ("D:20210105081524-0330", "2021-01-05T08:15:24-03:30"),
        ("D:20210105081524Z", "2021-01-05T08:15:24+00:00"),
        ("D:202101050815", "2021-01-05T08:15:00+00:00"),
    ],
)
def test_dates(text, iso):
    assert pdf_date(text).isoformat() == iso


@pytest.mark.parametrize("text", ["", "D:20211505081524Z", "2021-01-05", "D:20210105081524+99'00'"])
def test_no_dates(text):
    assert pdf_date(text) is None


def test_real_signatures():
    if not GOLDEN.is_dir():
        pytest.skip("the golden scans are not on this machine")
    for path in sorted((GOLDEN / "scans").glob("qn-*.pdf")):
        found, notices = read_signatures(path.read_bytes())
        assert found, path.name
        assert notices == []
        assert all(s.intact and s.name and s.signed_at for s in found), path.name
        assert found[-1].covers_whole_file
        # The two clocks agree: the signer's zone was read aright.
        assert all(abs(s.signed_at - s.stamped_at) < timedelta(hours=1) for s in found if s.stamped_at), path.name


def test_the_dispatch_names_them(signed):
    dispatch = vndoc.parse(signed)
    assert [s.name for s in dispatch.signatures] == ["Nguyễn Văn Bình"]
    assert vndoc.Dispatch.model_validate_json(dispatch.model_dump_json()) == dispatch


def _package(content, key, certificate, **about):
    """A CMS structure of a kind that pyHanko does not make, signed over ``content``: no signed attributes."""
    digest = about.get("digest", "sha256")
    hashing = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}.get(digest, hashes.SHA256)()
    how = (padding.PKCS1v15(), hashing) if isinstance(key, rsa.RSAPrivateKey) else ()
    value = key.sign(content, *how)
    number = certificate.serial_number + about.get("off", 0)
    by_number = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": number})
    sid = {"subject_key_identifier": about["key_id"]} if "key_id" in about else {"issuer_and_serial_number": by_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(sid),
        "digest_algorithm": {"algorithm": digest},
        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
        "signature": value,
    }
    signed_data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": digest}],
        "encap_content_info": {"content_type": "data", "content": about.get("inner")},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()


HEAD = slice(0, 8)  # "%PDF-1.x", the same in every copy of the file


def _with_package(signed, package, sub_filter="/adbe.pkcs7.detached"):
    ranges = pikepdf.Array([0, 4, 4, 4])
    data = _replaced(
        signed, Contents=pikepdf.String(package), ByteRange=ranges, SubFilter=pikepdf.Name(sub_filter), M="yesterday"
    )
    (found,), notices = read_signatures(data)
    assert notices == []
    assert not found.covers_whole_file
    assert found.signed_at is None
    return found


def test_signature_without_attributes(signed, rsa_key):
    certificate, _ = _certified(rsa_key, "A")
    assert _with_package(signed, _package(signed[HEAD], rsa_key, certificate)).intact is True
    assert _with_package(signed, _package(b"else", rsa_key, certificate)).intact is False


def test_the_old_kind_that_signs_a_digest(signed, rsa_key):
    certificate, _ = _certified(rsa_key, "A")
    for content, intact in ((signed[HEAD], True), (b"else", False)):
        digest = hashlib.sha1(content).digest()
        package = _package(digest, rsa_key, certificate, inner=digest, digest="sha1")
        assert _with_package(signed, package, "/adbe.pkcs7.sha1").intact is intact


def test_what_cannot_be_decided(signed, rsa_key):
    certificate, _ = _certified(rsa_key, "A")
    unknown = _with_package(signed, _package(signed[HEAD], rsa_key, certificate, off=1))
    assert (unknown.name, unknown.intact) == (None, None)  # its certificate did not come along
    assert _with_package(signed, _package(signed[HEAD], rsa_key, certificate, digest="md5")).intact is None
    other_id = _with_package(signed, _package(signed[HEAD], rsa_key, certificate, key_id=b"\1\2"))
    assert (other_id.name, other_id.intact) == (None, None)
    odd_key = ed25519.Ed25519PrivateKey.generate()
    odd, _ = _certified(odd_key, "B")
    found = _with_package(signed, _package(signed[HEAD], odd_key, odd))
    assert (found.name, found.intact) == ("B", None)


def test_a_package_of_another_kind(signed):
    other = cms.ContentInfo({"content_type": "data", "content": b"text"}).dump()
    found, (notice,) = read_signatures(
        _replaced(signed, Contents=pikepdf.String(other), ByteRange=pikepdf.Array([0, 8]))
    )
    assert found == []
    assert "not signed data" in notice.message
