"""Word files put together part by part, so that each holds just what a test is about."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def element(name, inner):
    return (
        f'<w:{name} xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">{inner}</w:{name}>'
    )


def relations(*of):
    """Relations from (identifier, kind, target) or (identifier, kind, target, "External")."""
    rows = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"/>' if mode else "/>")
        for key, kind, target, *mode in of
    )
    return f'<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'


def word_file(body, related=(), compression=zipfile.ZIP_DEFLATED, **parts):
    """A DOCX with this body; ``parts`` are further ones by their names in ``word/``, with ``__`` for a dot."""
    named = {name.replace("__", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", relations(("r1", "officeDocument", "word/document.xml")))
        package.writestr(
            "word/document.xml", body if body.startswith("<?") else element("document", f"<w:body>{body}</w:body>")
        )
        package.writestr("word/_rels/document.xml.rels", relations(*related))
        for name, part in named.items():
            package.writestr(f"word/{name}", part)
    return out.getvalue()


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs, properties=""):
    inner = "".join(r if r.startswith("<") else run(r) for r in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def table(*rows, borders="none"):
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row) + "</w:tr>"
        for row in rows
    )
    return f'<w:tbl><w:tblPr><w:tblBorders><w:insideV w:val="{borders}"/></w:tblBorders></w:tblPr>{cells}</w:tbl>'
