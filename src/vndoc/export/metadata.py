"""What a copy says of its original: title, the decree's fields, who had signed. Their marks stay as stamps."""

from collections.abc import Iterator
from datetime import date

import pikepdf

from vndoc.dispatch import Dispatch, Signature
from vndoc.export.markdown import printed_code
from vndoc.export.xmp import add_schema, set_simple

SIGNATURE_STATES = {True: "nguyên vẹn", False: "đã bị thay đổi", None: "chưa kiểm tra được"}
"""What :attr:`vndoc.Signature.intact` means, in Vietnamese."""

_DEPTH = 20  # fields nest a few levels; a damaged file may nest them in a circle
_FIELD_KEYS = ("/FT", "/V", "/T", "/TU", "/Parent", "/DA", "/MK", "/Ff", "/Lock", "/SV", "/A", "/AA")
_PRODUCER = "vndoc"
_CLAIMS = (
    "{http://www.aiim.org/pdfa/ns/id/}",
    "{http://www.aiim.org/pdfua/ns/id/}",
    "{http://www.aiim.org/pdfe/ns/id/}",
    "{http://www.npes.org/pdfx/ns/id/}",
)


def describe(pdf: pikepdf.Pdf, dispatch: Dispatch) -> None:
    """Write title, issuer and language of the dispatch into the metadata (XMP and the information dictionary)."""
    number, notation = dispatch.code_number, dispatch.code_notation
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title_of(dispatch)
        meta["dc:language"] = {"vi"}
        meta["dc:source"] = f"{dispatch.source.name} (SHA-256 {dispatch.source.sha256})"
        if dispatch.organ_name:
            meta["dc:creator"] = [dispatch.organ_name]
        if dispatch.subject:
            meta["dc:description"] = dispatch.subject
        if dispatch.issued_date:
            meta["dc:date"] = [dispatch.issued_date.isoformat()]
        if number and notation:
            meta["dc:identifier"] = printed_code(number, notation)
    if dispatch.signatures:
        pdf.docinfo["/Signatures"] = signed_by(dispatch)
    if "/Lang" not in pdf.Root:
        pdf.Root.Lang = pikepdf.String("vi-VN")


def add_decree_fields(pdf: pikepdf.Pdf, dispatch: Dispatch) -> None:
    """Write the fields of Decree 30/2020/NĐ-CP, Appendix VI, and the signatures into the XMP metadata, last of all.

    Other editors of XMP, pikepdf's preparation of PDF/A among them, would take them out again.
    """
    signer, arrival = dispatch.signer, dispatch.arrival
    add_schema(
        pdf,
        {
            "TypeName": dispatch.type_name,
            "CodeNumber": dispatch.code_number,
            "CodeNotation": dispatch.code_notation,
            "IssuedDate": _day(dispatch.issued_date),
            "OrganName": dispatch.organ_name,
            "Subject": dispatch.subject,
            "PageAmount": str(dispatch.source.page_amount),
            "SignerPosition": signer.position,
            "SignerFullName": signer.full_name,
            "ToPlaces": "; ".join(dispatch.to_places),
            "ArrivalNumber": arrival.number,
            "ArrivalDate": _day(arrival.date),
            "DueDate": _day(dispatch.due_date),
            "Signatures": signed_by(dispatch),
        },
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def sign_copy(pdf: pikepdf.Pdf) -> None:
    """Say that vndoc made the copy, and nothing of the hour: the same input gives the same bytes."""
    set_simple(pdf, {"pdf:Producer": _PRODUCER, "xmp:MetadataDate": None})
    pdf.docinfo["/Producer"] = pikepdf.String(_PRODUCER)


def withdraw_claim(pdf: pikepdf.Pdf) -> None:
    """Take out that the file keeps a norm: of the original that may have been true."""
    if "/Metadata" in pdf.Root:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            for name in [name for name in meta if name.startswith(_CLAIMS)]:
                del meta[name]


def signed_by(dispatch: Dispatch) -> str:
    """Who had signed, when, and whether the signed bytes were unchanged, in one line; empty where nobody had."""
    return "; ".join(map(_signed, dispatch.signatures))


def title_of(dispatch: Dispatch) -> str:
    """One line that names the dispatch: "Kế hoạch 203/KH-UBND: triển khai …", or the file's name."""
    number, notation = dispatch.code_number, dispatch.code_notation
    code = printed_code(number, notation) if number and notation else number or notation
    name = " ".join(filter(None, (dispatch.type_name, code)))
    return ": ".join(filter(None, (name, dispatch.subject))) or dispatch.source.name


def _signed(signature: Signature) -> str:
    who = signature.name or "?"
    organ = f" ({signature.organ_name})" if signature.organ_name else ""
    when = f", {signature.signed_at.isoformat()}" if signature.signed_at else ""
    return f"{who}{organ}{when}, {SIGNATURE_STATES[signature.intact]}"


def signatures_to_stamps(pdf: pikepdf.Pdf) -> None:
    """Turn the signature fields of a copy into stamps of the same look, so that no broken signature is shown."""
    for page in pdf.pages:
        annotations = page.get("/Annots")
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            if isinstance(annotation, pikepdf.Dictionary) and _is_signature(annotation):
                annotation["/Subtype"] = pikepdf.Name.Stamp
                for key in _FIELD_KEYS:
                    if key in annotation:
                        del annotation[key]
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        fields = list(_other_fields(form.get("/Fields"), _DEPTH, set()))
        if fields:
            form["/Fields"] = pikepdf.Array(fields)
            if "/SigFlags" in form:
                del form["/SigFlags"]
        else:
            del pdf.Root["/AcroForm"]
    for key in ("/Perms", "/DSS"):
        if key in pdf.Root:
            del pdf.Root[key]


def _is_signature(field: pikepdf.Object) -> bool:
    parent = field.get("/Parent")
    above = parent.get("/FT") if isinstance(parent, pikepdf.Dictionary) else None
    return field.get("/Subtype") == pikepdf.Name.Widget and field.get("/FT", above) == pikepdf.Name.Sig


def _other_fields(fields: pikepdf.Object | None, depth: int, done: set[tuple[int, int]]) -> Iterator[pikepdf.Object]:
    """The fields that are no signatures, each once; those above signatures lose them."""
    if not isinstance(fields, pikepdf.Array) or not depth or (fields.is_indirect and fields.objgen in done):
        return
    if fields.is_indirect:
        done.add(fields.objgen)  # or fields without a number of their own could lead back here
    for field in fields:
        if not isinstance(field, pikepdf.Dictionary) or field.get("/FT") == pikepdf.Name.Sig:
            continue
        if field.get("/Subtype") == pikepdf.Name.Stamp:
            continue  # was a signature until now
        if field.is_indirect and field.objgen in done:
            continue  # fields in a circle
        done.add(field.objgen)
        kids = field.get("/Kids")
        if isinstance(kids, pikepdf.Array) and len(kids):
            left = list(_other_fields(kids, depth - 1, done))
            if not left:
                continue
            field["/Kids"] = pikepdf.Array(left)
        yield field
