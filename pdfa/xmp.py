"""The XMP packet of a bound file: what it is, where it came from, and that it is PDF/A-2u.

Properties that XMP does not predefine are described by an extension schema inside the packet (ISO 19005-2, 6.6.2.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from pdfa.record import BindRecord

NAMESPACE = "urn:luuky:record:1#"
_PROPERTIES = (
    ("documentId", "Text", "Identifier of the document in the archive that made this file"),
    ("kindCode", "Text", "Code of the form in the catalogue of medical record forms"),
    ("originalSha256", "seq Text", "SHA-256 of each file that the pages came from, in order"),
    ("engines", "seq Text", "Programs, with versions, that read the pages"),
)
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "luuky": NAMESPACE,
}


def packet(record: BindRecord, level: str = "U") -> bytes:
    """The whole packet, UTF-8. Dates are the record's alone."""
    date = record.created.isoformat(timespec="seconds")
    parts = [
        _simple("pdfaid:part", "2"),
        _simple("pdfaid:conformance", level),
        _list("dc:title", "Alt", [record.title], ' xml:lang="x-default"'),
        _list("dc:language", "Bag", [record.language]),
        _simple("dc:format", "application/pdf"),
        _simple("dc:identifier", record.document_id),
        *(_simple(f"xmp:{name}", date) for name in ("CreateDate", "ModifyDate", "MetadataDate")),
        _simple("xmp:CreatorTool", record.producer),
        _simple("pdf:Producer", record.producer),
        _simple("xmpMM:DocumentID", f"urn:luuky:document:{record.document_id}"),
        _simple("luuky:documentId", record.document_id),
        _simple("luuky:kindCode", record.kind_code) if record.kind_code else "",
        _list("luuky:originalSha256", "Seq", record.original_sha256),
        _list("luuky:engines", "Seq", record.engines) if record.engines else "",
        _extension_schema(),
    ]
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    body = "\n".join(part for part in parts if part)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about=""{names}>\n{body}\n</rdf:Description>\n'
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def _simple(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _list(name: str, form: str, items: Iterable[str], attribute: str = "") -> str:
    rows = "".join(f"<rdf:li{attribute}>{_text(item)}</rdf:li>" for item in items)
    return f"<{name}><rdf:{form}>{rows}</rdf:{form}></{name}>"


def clean(text: str) -> str:
    """Text without what XML 1.0 cannot hold: control characters, and the halves of surrogate pairs that file names can have."""
    return "".join(char for char in text if char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")


def _text(text: str) -> str:
    return escape(clean(text))


def _extension_schema() -> str:
    rows = "".join(
        '<rdf:li rdf:parseType="Resource">'
        + _simple("pdfaProperty:name", name)
        + _simple("pdfaProperty:valueType", value_type)
        + _simple("pdfaProperty:category", "external")
        + _simple("pdfaProperty:description", description)
        + "</rdf:li>"
        for name, value_type, description in _PROPERTIES
    )
    schema = (
        _simple("pdfaSchema:schema", "Lưu Ký record")
        + _simple("pdfaSchema:namespaceURI", NAMESPACE)
        + _simple("pdfaSchema:prefix", "luuky")
        + f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property>"
    )
    schemas = f'<rdf:Bag><rdf:li rdf:parseType="Resource">{schema}</rdf:li></rdf:Bag>'
    return f"<pdfaExtension:schemas>{schemas}</pdfaExtension:schemas>"
