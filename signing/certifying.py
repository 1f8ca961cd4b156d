"""What a signature forbids to all that comes after it: certification (DocMDP) and locks (FieldMDP), ISO 32000-1, 12.8.2.

1. The wish stands in the empty field, as the format has it: a seed value (/SV, /MDP) says that who signs here certifies, and what
   that permits; /Lock says which fields are locked. It is made with the fields, so nobody chooses anew when signing.
2. A certification is the first signature of its file, and there is one. Where it permits nothing, nothing is signed any more;
   where it permits signatures, they are made in fields that were there before it.
3. A lock names the fields that are there, but for the one that makes void. To lock all there ever may be would forbid document
   time stamps, whose fields are new: the EU's DSS then fails the signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SeedSignatureType,
    SigSeedValueSpec,
    enumerate_sig_fields,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from domain.certification import Permits
from domain.errors import Refused
from domain.signatures import SigningRule
from domain.signers import VOID
from signing.pdf import reading_pdf
from signing.reading import items
from signing.revision import PdfaWriter


def intend(path: Path, rules: Sequence[SigningRule]) -> None:
    """Rule 1: one revision more in the file at `path`, whose fields are there, where any of the rules certifies or locks."""
    wishes = {one.field: one for one in rules if one.certifies or one.locks}
    if not wishes:
        return
    with path.open("r+b") as file, reading_pdf():
        writer = PdfaWriter(file)
        there = {name: reference for name, _, reference in enumerate_sig_fields(writer)}
        lock = FieldMDPSpec(FieldMDPAction.INCLUDE, [name for name in there if name != VOID])
        for name, wish in wishes.items():
            if name in there:
                _write(writer, there[name], wish, lock)
        writer.write_in_place()  # type: ignore[no-untyped-call]


def wanted(handler: PdfHandler, field: str) -> MDPPerm | None:
    """What a signature in an empty field is to permit as a certification; None: it is to be no certification."""
    found: Any = next((one.get_object() for name, _, one in enumerate_sig_fields(handler) if name == field), {})
    kind = SigSeedValueSpec.from_pdf_object(found["/SV"]).seed_signature_type if "/SV" in found else None
    return kind.mdp_perm if kind is not None else None


def check(reader: PdfFileReader, field: str, permits: MDPPerm | None) -> None:
    """Rule 2 for a signature to be made. Raises Refused `certified`."""
    if permits is not None and any(enumerate_sig_fields(reader, filled_status=True)):
        raise _certified("Chữ ký chứng nhận phải là chữ ký đầu tiên.", "A certification must be the first signature.")
    certified = certification(reader)
    if certified is None:
        return
    level, revision = certified
    if level == Permits.NOTHING:
        raise _certified("Tài liệu đã được chứng nhận là không thay đổi nữa.", "The document was certified as final.")
    made = [one for name, _, one in enumerate_sig_fields(reader) if name == field]
    if any(reader.xrefs.get_introducing_revision(one.reference) > revision for one in made):
        raise _certified(
            "Ô chữ ký này không có từ trước khi tài liệu được chứng nhận.",
            "This signature field was not there before the document was certified.",
        )


def certification(reader: PdfFileReader) -> tuple[int, int] | None:
    """P of the certification that the catalog names, and the revision that brought it; None: there is none."""
    permissions: Any = reader.root["/Perms"] if "/Perms" in reader.root else {}  # noqa: SIM401 - `get` would give a reference
    if "/DocMDP" not in permissions:
        return None
    level = permitted(permissions["/DocMDP"])
    reference = permissions.raw_get("/DocMDP").reference
    return (level or MDPPerm.FILL_FORMS.value, reader.xrefs.get_introducing_revision(reference))


def permitted(signature: Any) -> int | None:
    """P of a signature dictionary that certifies; None for one that does not."""
    for entry in items(signature, "/Reference"):
        if entry["/TransformMethod"] == "/DocMDP":
            parameters = entry["/TransformParams"] if "/TransformParams" in entry else {}  # noqa: SIM401 - as above
            return int(parameters["/P"]) if "/P" in parameters else MDPPerm.FILL_FORMS.value
    return None


def misplaced(signature: EmbeddedPdfSignature) -> str:
    """What is wrong with a signature that certifies, though another was there before it; empty where nothing is."""
    if permitted(signature.sig_object) is None:
        return ""
    reader = signature.reader
    values = [
        field.raw_get("/V") for _, _, reference in enumerate_sig_fields(reader) if "/V" in (field := reference.get_object())
    ]
    revisions = [reader.xrefs.get_introducing_revision(one.reference) for one in values]
    return "certifies, but is not the first signature" if min(revisions) < signature.signed_revision else ""


def _write(writer: PdfaWriter, reference: Any, rule: SigningRule, lock: FieldMDPSpec) -> None:
    field = reference.get_object()
    if rule.certifies:
        kind = SeedSignatureType(MDPPerm(rule.certifies))
        field[pdf_name("/SV")] = SigSeedValueSpec(seed_signature_type=kind).as_pdf_object()
    if rule.locks:
        field[pdf_name("/Lock")] = lock.as_sig_field_lock()
    writer.mark_update(reference)


def _certified(vi: str, en: str) -> Refused:
    return Refused("certified", f"{vi} Không ký thêm được.", f"{en} Nothing more can be signed.")
