"""The visible marks of electronic signatures, taken off a copy."""

import io
from pathlib import Path

import pikepdf


def strip_signatures(data: bytes, target: Path) -> bool:
    """Write the PDF to ``target`` without its signature fields' appearances; return whether there were any."""
    found = False
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            annotations = page.get("/Annots")
            if not isinstance(annotations, pikepdf.Array):
                continue
            kept = [a for a in annotations if not _is_signature(a)]
            if len(kept) < len(annotations):
                found = True
                page["/Annots"] = pikepdf.Array(kept)
        if found or pdf.is_encrypted:
            pdf.save(target)
        else:
            target.write_bytes(data)
    return found


def _is_signature(annotation: pikepdf.Object) -> bool:
    if not isinstance(annotation, pikepdf.Dictionary):
        return False
    parent = annotation.get("/Parent", annotation)
    kinds = {annotation.get("/FT"), parent.get("/FT") if isinstance(parent, pikepdf.Dictionary) else None}
    return annotation.get("/Subtype") == "/Widget" and "/Sig" in {str(k) for k in kinds if k is not None}
