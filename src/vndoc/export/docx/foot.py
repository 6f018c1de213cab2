"""What stands below the body after the decree's form: signers and places to send, and the block of a certified copy."""

import regex
from docx.shared import Mm
from docx.table import _Cell

from vndoc.dispatch import CertifiedCopy, Dispatch, Signer
from vndoc.export.docx.doubts import Doubts
from vndoc.export.docx.head import BLANK, LEFT, RIGHT, is_of_party, rule
from vndoc.export.docx.writing import Piece, Writer
from vndoc.export.markdown import printed_code, printed_date

_PLACES, _SIGNATURE = Mm(78), Mm(87)
_ROOM = 4
"""Empty lines for the signature and the seal."""
_COPIES = {"Bản sao y": ("SAO Y", "SY"), "Bản sao lục": ("SAO LỤC", "SL"), "Bản trích sao": ("TRÍCH SAO", "TrS")}
"""Heading and abbreviation of the kinds of copies (form 3.1)."""
_DRAFTER = regex.compile(r"\.\s?\w{1,8}$")


def write_foot(writer: Writer, dispatch: Dispatch, doubts: Doubts) -> None:
    """Signers to the right of the places to send; several signers side by side above these."""
    signers = [(signer, "/signer" if k == 0 else f"/signers/{k}") for k, signer in enumerate(dispatch.signers)]
    if not signers and doubts.field("/signer/full_name"):
        signers = [(dispatch.signer, "/signer")]
    if not signers and not dispatch.to_places:
        return
    writer.paragraph(writer.word, "Normal")
    alone, party = len(signers) <= 1, is_of_party(dispatch)
    if not alone:
        # The first of them, whose office issues the document, stands to the right.
        for k in range(0, len(signers), 2):
            cells = reversed(writer.columns(_PLACES, _SIGNATURE).row())
            for cell, (signer, pointer) in zip(cells, signers[k : k + 2], strict=False):
                _signer(writer, cell, signer, pointer, doubts, party=party)
        writer.paragraph(writer.word, "Normal")
    left, right = writer.columns(_PLACES, _SIGNATURE).row()
    _to_places(writer, left, dispatch, doubts)
    if alone and signers:
        _signer(writer, right, *signers[0], doubts, party=party)


def _signer(writer: Writer, place: _Cell, signer: Signer, pointer: str, doubts: Doubts, *, party: bool = False) -> None:
    """Authority, position, room for the signature, name; the Party's positions are not bold."""
    for k, line in enumerate(signer.authority):
        writer.paragraph(place, "Chữ ký", Piece(line, doubts.field(f"{pointer}/authority/{k}", line)))
    said = doubts.field(f"{pointer}/position", signer.position)
    if signer.position or said:
        writer.paragraph(place, "Chữ ký", Piece(signer.position or BLANK, said, bold=False if party else None))
    for _ in range(_ROOM):
        writer.paragraph(place, "Chữ ký").add_run()
    said = doubts.field(f"{pointer}/full_name", signer.full_name)
    if signer.full_name or said:
        writer.paragraph(place, "Chữ ký", Piece(signer.full_name or BLANK, said))


def _to_places(writer: Writer, place: _Cell, dispatch: Dispatch, doubts: Doubts) -> None:
    if not dispatch.to_places:
        return
    if is_of_party(dispatch):
        writer.paragraph(place, "Normal", "Nơi nhận:").runs[0].underline = True
    else:
        writer.paragraph(place, "Nơi nhận (đầu)", "Nơi nhận:")
    last = len(dispatch.to_places) - 1
    for k, name in enumerate(dispatch.to_places):
        said = doubts.field(f"/to_places/{k}", name)
        end = ";" if k < last else "" if _DRAFTER.search(name) else "."
        writer.paragraph(place, "Nơi nhận", "- ", Piece(name, said), end)


def write_copy(writer: Writer, copy: CertifiedCopy, doubts: Doubts) -> None:
    """What the office that certified a copy has put below the signature (form 3.1), or at the head (form 3.2)."""
    kind, short = _COPIES[copy.type_name]
    if not copy.code_number and not copy.code_notation and copy.signer == Signer():
        parts = (kind, copy.organ_name, f"{copy.issued_date:%d/%m/%Y}" if copy.issued_date else None)
        writer.paragraph(writer.word, "Nơi nhận", "; ".join(filter(None, parts)))
        return
    rule(writer, writer.word, LEFT + RIGHT, Mm(165))
    left, right = writer.columns(LEFT, RIGHT).row()
    writer.paragraph(left, "Cơ quan ban hành", (copy.organ_name or BLANK).upper())
    rule(writer, left, LEFT, Mm(22))
    writer.paragraph(
        left, "Số, ký hiệu", f"Số: {printed_code(copy.code_number or BLANK, copy.code_notation or f'{short}-{BLANK}')}"
    )
    writer.paragraph(right, "Quốc hiệu", kind)
    when = printed_date(copy.issued_date) if copy.issued_date else "ngày … tháng … năm …"
    writer.paragraph(right, "Địa danh, thời gian", when)
    writer.paragraph(writer.word, "Normal")
    _, signature = writer.columns(_PLACES, _SIGNATURE).row()
    _signer(writer, signature, copy.signer, "/certified_copy/signer", doubts)
