"""The XMP packet of a bound file: what it is, where it came from, where it stands in the archive, and which PDF/A it is.

Properties that XMP does not predefine are described by an extension schema inside the packet (ISO 19005-2, 6.6.2.3): those that
are there, no others. The packet is terse and never compressed: whoever finds the file in decades can read it with anything.
`docs/reference/bound.md` lists every property.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pdfa.record import BindRecord

NAMESPACE = "urn:luuky:record:1#"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "luuky": NAMESPACE,
}


@dataclass(frozen=True, slots=True)
class Property:
    """One of our own: its name, value, and description in the extension schema. A sequence of values is an ordered array."""

    name: str
    value: str | int | Sequence[str] | None
    description: str

    @property
    def value_type(self) -> str:
        """As the extension schema names it (ISO 19005-2, 6.6.2.3.3)."""
        if isinstance(self.value, int):
            return "Integer"
        return "Text" if isinstance(self.value, str) else "seq Text"


def properties(record: BindRecord, pages: int) -> list[Property]:
    """Those that have a value. Names as an implementation of TT 05/2025/TT-BNV uses them where it has one."""
    shelf, scan, patient = record.shelf, record.scan, record.patient
    every = [
        Property("kindCode", record.kind_code, "Code of the form"),
        Property("organId", shelf.organ_id, "Organisation code"),
        Property("fondsCode", shelf.fonds_code, "Fonds code"),
        Property("fileCatalog", shelf.file_catalog, "Series"),
        Property("arcFileCode", shelf.file_code, "File code"),
        Property("paperFileCode", shelf.archive_number, "Archive number of the paper file"),
        Property("mode", shelf.mode, "Access"),
        Property("numberOfPage", pages, "Pages"),
        Property("scanner", scan.scanner, "Scanner"),
        Property("operator", scan.operator, "Who scanned"),
        Property("department", scan.department, "Department"),
        Property("scanned", scan.at.isoformat(timespec="seconds") if scan.at else None, "Time of the scan"),
        Property("converter", record.conversion.converter if record.conversion else None, "Who converted it from paper"),
        Property("originalSha256", record.original_sha256, "SHA-256 of the originals, in order"),
        Property("engines", record.engines, "What read the pages"),
        Property("replacesSha256", record.replaces, "SHA-256 of the version this one replaces"),
        Property("replacesReason", record.reason, "Why, as a code"),
        Property("patientName", patient.name if patient else None, "Patient"),
        Property("patientBirth", patient.birth if patient else None, "Patient's birth"),
        Property("patientCodes", patient.codes if patient else None, "Patient's codes"),
    ]
    return [one for one in every if one.value not in (None, "", ())]


def packet(record: BindRecord, pages: int, part: int = 2, level: str = "U") -> bytes:
    """The whole packet, UTF-8, of a document of `pages` pages. Dates are the record's alone."""
    date = record.created.isoformat(timespec="seconds")
    own = properties(record, pages)
    simple = {
        "pdfaid:part": str(part),
        "pdfaid:conformance": level,
        "dc:format": "application/pdf",
        "dc:identifier": record.document_id,
        "xmp:CreateDate": date,
        "xmp:ModifyDate": date,
        "xmp:MetadataDate": date,
        "xmp:CreatorTool": record.producer,
        "pdf:Producer": record.producer,
        **{f"luuky:{one.name}": str(one.value) for one in own if isinstance(one.value, str | int)},
    }
    lists = [
        _list("dc:title", "Alt", [record.title], ' xml:lang="x-default"'),
        _list("dc:language", "Bag", [record.language]),
        _list("dc:creator", "Seq", [record.organisation]) if record.organisation else "",
        *(_list(f"luuky:{one.name}", "Seq", one.value) for one in own if not isinstance(one.value, str | int) and one.value),
        _extension_schema(own),
    ]
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    attributes = "".join(f"\n{name}={_quoted(text)}" for name, text in simple.items())
    body = "\n".join(part for part in lists if part)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about=""{names}{attributes}>\n{body}\n</rdf:Description>\n'
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def _list(name: str, form: str, items: Iterable[str], attribute: str = "") -> str:
    rows = "".join(f"<rdf:li{attribute}>{escape(clean(item))}</rdf:li>" for item in items)
    return f"<{name}><rdf:{form}>{rows}</rdf:{form}></{name}>"


def clean(text: str) -> str:
    """Text without what XML 1.0 cannot hold: control characters, and the halves of surrogate pairs that file names can have."""
    return "".join(char for char in text if char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")


def _quoted(text: str) -> str:
    return quoteattr(clean(text))


def _extension_schema(own: Sequence[Property]) -> str:
    rows = "\n".join(
        f'<rdf:li pdfaProperty:name="{one.name}" pdfaProperty:valueType="{one.value_type}"'
        f' pdfaProperty:category="external" pdfaProperty:description="{one.description}"/>'
        for one in own
    )
    schema = (
        '<rdf:li><rdf:Description pdfaSchema:schema="Lưu Ký record"'
        f' pdfaSchema:namespaceURI="{NAMESPACE}" pdfaSchema:prefix="luuky">'
        f"<pdfaSchema:property><rdf:Seq>\n{rows}\n</rdf:Seq></pdfaSchema:property></rdf:Description></rdf:li>"
    )
    return f"<pdfaExtension:schemas><rdf:Bag>{schema}</rdf:Bag></pdfaExtension:schemas>"
