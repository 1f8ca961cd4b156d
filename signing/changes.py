"""What may follow a signature in a file, as rules of the library's comparison of revisions.

1. Other signatures in fields, their evidence (DSS), document timestamps: the library's rules, and those of `form_changes.py`.
2. What every program writes anew when it saves: the time of the change and its own name, in /Info and in the XMP metadata, and
   nothing else there. The library's two rules let all metadata change: with them another patient's name passes.
3. The DSS may grow, shrink and be ordered anew: entries by signature (VRI) are mere hints, and the library refuses what others
   write there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, Reference, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    ReferenceUpdate,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    WhitelistRule,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.rules_api import Context
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from signing.form_changes import FilledFieldRule, FormRule, SignedFieldRule

_DEEPEST = 7
"""/Root, /DSS, /VRI, the entry of a signature, its array, a stream, its length."""
_SAVED = frozenset({"/ModDate", "/Producer"})
_RDF, _XMP, _MM = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://ns.adobe.com/xap/1.0/", "http://ns.adobe.com/xap/1.0/mm/"
_SAVED_XMP = frozenset(
    {
        f"{{{_XMP}}}ModifyDate",
        f"{{{_XMP}}}MetadataDate",
        "{http://ns.adobe.com/pdf/1.3/}Producer",
        f"{{{_MM}}}InstanceID",
        f"{{{_MM}}}History",
        f"{{{_RDF}}}about",
        "{adobe:ns:meta/}xmptk",
    }
)
_FRAMES = frozenset({f"{{{_RDF}}}Description", f"{{{_RDF}}}RDF", "{adobe:ns:meta/}xmpmeta"})


class SavedInfoRule(WhitelistRule):
    """Rule 2 for the /Info dictionary."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Approves the new dictionary where all else in it is as it was."""
        now, before = (_reference(one) for one in (new, old))
        if now is None or _lasting(new, now) != _lasting(old, before):
            return
        yield ReferenceUpdate(now, context_checked=Context.from_absolute(old, RawPdfPath("/Info")))


class SavedMetadataRule(MetadataUpdateRule):
    """Rule 2 for the XMP metadata."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Approves the new stream where all else in it is as it was."""
        updates = list(super().apply(old, new))  # refuses what is no XMP, or has entities
        if _properties(old) == _properties(new):
            yield from updates


class EvidenceRule(WhitelistRule):
    """Rule 3. What is evidence is signed by its authority, so that nothing false can be put there: at worst some is missing."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Approves new objects that the DSS leads to, and old dictionaries and arrays of it; never an old stream."""
        if "/DSS" not in new.root:
            return
        for path, reference in _objects(new, new.root.raw_get("/DSS"), ("/Root", "/DSS")):
            if old.is_ref_unassignable(reference):
                yield ReferenceUpdate(reference)
            elif not isinstance(new(reference), StreamObject):
                yield ReferenceUpdate(reference, context_checked=Context.from_absolute(old, RawPdfPath(*path)))


def _objects(
    revision: HistoricalResolver, value: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Reference]]:
    """Objects that a DSS leads to: itself, its arrays, VRI, its entries, their arrays, streams and the lengths of these."""
    if isinstance(value, IndirectObject):
        yield path, value.reference
        value = revision(value.reference)
    if len(path) >= _DEEPEST:
        return
    keys = list(value) if isinstance(value, DictionaryObject) else range(len(value)) if isinstance(value, ArrayObject) else ()
    for key in keys:
        yield from _objects(revision, value.raw_get(key), (*path, key))


def _reference(revision: HistoricalResolver) -> Reference | None:
    found: Reference | None = revision.trailer_view.get_value_as_reference("/Info", optional=True)
    return found


def _lasting(revision: HistoricalResolver, info: Reference | None) -> dict[str, str]:
    values = revision(info) if info is not None else DictionaryObject()
    return {key: repr(values.raw_get(key)) for key in values if key not in _SAVED}


def _properties(revision: HistoricalResolver) -> Counter[tuple[tuple[str, ...], str]]:
    """Properties and values of the metadata, in whatever form XMP writes them."""
    stream = revision.root.get("/Metadata")
    while isinstance(stream, IndirectObject):
        stream = revision(stream.reference)
    if stream is None:
        return Counter()
    data = stream.read_data(DecodePurpose.XMP_METADATA)
    return Counter(_facts(ET.fromstring(data), ()))  # noqa: S314 - entities were refused before


def _facts(element: ET.Element, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if element.tag in _SAVED_XMP:
        return
    here = path if element.tag in _FRAMES else (*path, element.tag)
    for name, value in element.attrib.items():
        if name not in _SAVED_XMP:
            yield (*here, name), value.strip()
    text = (element.text or "").strip()
    if text or (not len(element) and element.tag not in _FRAMES):
        yield here, text
    for child in element:
        yield from _facts(child, here)


class OnlySignatures(StandardDiffPolicy):
    """What rule 7 of a verdict asks; one for each file. It remembers what it found: each signature asks about all others."""

    def __init__(self) -> None:
        levels = (XrefStreamRule(), ObjectStreamRule(), SavedInfoRule(), SavedMetadataRule(), EvidenceRule())  # type: ignore[no-untyped-call]
        super().__init__(
            global_rules=[CatalogModificationRule(), *(one.as_qualified(ModificationLevel.LTA_UPDATES) for one in levels)],
            form_rule=FormRule(
                field_rules=[
                    SignedFieldRule(allow_new_visible_after_certify=False),  # type: ignore[no-untyped-call]
                    SigFieldModificationRule(),
                    FilledFieldRule(),
                ]
            ),
        )
        self._found: dict[tuple[int, str, MDPPerm | None], DiffResult | SuspiciousModification] = {}

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        """What changed in a file after a revision."""
        number = base_revision if isinstance(base_revision, int) else base_revision.revision
        asked = (number, repr(field_mdp_spec), doc_mdp)
        if asked not in self._found:
            self._found[asked] = super().review_file(reader, base_revision, field_mdp_spec, doc_mdp)
        return self._found[asked]
