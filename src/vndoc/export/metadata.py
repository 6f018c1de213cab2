"""What a searchable copy says of its original: title, language, who had signed. Their marks stay as stamps."""

from collections.abc import Iterator

import pikepdf

from vndoc.dispatch import Dispatch, Signature
from vndoc.export.markdown import printed_code

SIGNATURE_STATES = {True: "nguyên vẹn", False: "đã bị thay đổi", None: "chưa kiểm tra được"}
"""What :attr:`vndoc.Signature.intact` means, in Vietnamese."""

_DEPTH = 20  # fields nest a few levels; a damaged file may nest them in a circle
_FIELD_KEYS = ("/FT", "/V", "/T", "/TU", "/Parent", "/DA", "/MK", "/Ff", "/Lock", "/SV", "/A", "/AA")


def describe(pdf: pikepdf.Pdf, dispatch: Dispatch) -> None:
    """Write title, language and signatures of the dispatch into the metadata (XMP and the information dictionary)."""
    signed = "; ".join(map(_signed, dispatch.signatures))
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title_of(dispatch)
        meta["dc:language"] = {"vi"}
        meta["dc:source"] = f"{dispatch.source.name} (SHA-256 {dispatch.source.sha256})"
        if signed:
            meta["pdfx:Signatures"] = signed
    if signed:
        pdf.docinfo["/Signatures"] = signed
    if "/Lang" not in pdf.Root:
        pdf.Root.Lang = pikepdf.String("vi-VN")


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
        fields = list(_other_fields(form.get("/Fields"), _DEPTH))
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


def _other_fields(fields: pikepdf.Object | None, depth: int) -> Iterator[pikepdf.Object]:
    """The fields that are no signatures; those above signatures lose them."""
    for field in fields if isinstance(fields, pikepdf.Array) and depth else ():
        if not isinstance(field, pikepdf.Dictionary) or field.get("/FT") == pikepdf.Name.Sig:
            continue
        if field.get("/Subtype") == pikepdf.Name.Stamp:
            continue  # was a signature until now
        kids = field.get("/Kids")
        if isinstance(kids, pikepdf.Array) and len(kids):
            left = list(_other_fields(kids, depth - 1))
            if not left:
                continue
            field["/Kids"] = pikepdf.Array(left)
        yield field
