"""An empty Word file after the decree's form, and how one is saved.

Page, margins and styles are those of Decree 30/2020/NĐ-CP, Appendix I, part I; the number of the page stands in the
middle of the top margin from the second page on. python-docx's own template is not used: it brings the styles of all
of Word, a picture, and the name of a program.
"""

import io
import zipfile
from importlib import resources
from typing import Literal

from docx import Document
from docx.document import Document as WordFile
from docx.shared import Mm, Pt

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = f"{_PACKAGE}/relationships/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_PARTS = ("styles", "numbering", "settings", "header")
_DAY = (1980, 1, 1, 0, 0, 0)
"""The day of all parts in the file: the same dispatch gives the same bytes."""

TEXT_WIDTH = Mm(165)
"""Between the margins of 30 and 15 mm."""

BodySize = Literal[13, 14]
"""Type size of the body in points; the decree allows either, and the letterhead goes with it."""

_SMALLER = {
    "Quốc hiệu": 12,
    "Tiêu ngữ": 13,
    "Cơ quan chủ quản": 12,
    "Trích yếu công văn": 12,
}
"""Sizes of the letterhead above a body of 13 points, where they differ from those above one of 14."""


def new_file(size: BodySize) -> WordFile:
    """An empty file with its styles, on A4."""
    word = Document(_template())
    if size == 13:
        defaults = word.styles.element.find(f".//{{{_MAIN}}}rPrDefault/{{{_MAIN}}}rPr")
        for name in ("sz", "szCs"):
            defaults.find(f"{{{_MAIN}}}{name}").set(f"{{{_MAIN}}}val", str(2 * size))
        for style, points in _SMALLER.items():
            word.styles[style].font.size = Pt(points)
    return word


def saved(word: WordFile) -> bytes:
    """The bytes of the file, the same at any time."""
    made, out = io.BytesIO(), io.BytesIO()
    word.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(info, parts.read(name))
    return out.getvalue()


def _template() -> io.BytesIO:
    styles = resources.files("vndoc.export").joinpath("data", "word_styles.xml").read_text(encoding="utf-8")
    override = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name}+xml"/>' for name in _PARTS)
    related = "".join(
        f'<Relationship Id="rId{k}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
        for k, name in enumerate(_PARTS, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{_CORE_TYPE}"/>'
        f"{override}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_CORE}" Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
        "word/styles.xml": styles,
        "word/numbering.xml": f'<w:numbering xmlns:w="{_MAIN}"/>',
        "word/settings.xml": f'<w:settings xmlns:w="{_MAIN}"><w:defaultTabStop w:val="720"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/>'
        '<w:listSeparator w:val=";"/></w:settings>',
        "word/header.xml": f'<w:hdr xmlns:w="{_MAIN}"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple></w:p></w:hdr>',
        "word/document.xml": f'<w:document xmlns:w="{_MAIN}" xmlns:r="{_RELATIONS}"><w:body><w:sectPr>'
        '<w:headerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="567"'
        ' w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    out.seek(0)
    return out
