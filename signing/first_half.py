"""The first half of a signature: a copy of the file with one more revision, which holds an empty place for the signature."""

from __future__ import annotations

import asyncio
import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

from asn1crypto.algos import RSASSAPSSParams, SignedDigestAlgorithm
from asn1crypto.x509 import Certificate
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from domain.errors import Refused
from signing.appearance import Shown, style
from signing.certificates import Signatory
from signing.certifying import check, wanted
from signing.keys import Scheme
from signing.page import field_rotation
from signing.pdf import reading_pdf
from signing.prepared import PreparedSignature
from signing.revision import CHUNK, PdfaSigner, PdfaWriter, reserved
from signing.values import SALT, usual

DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class SignatureSpec:
    """Which prepared field is signed, and what its visible block says. `reason` goes into the signature dictionary."""

    field: str
    block: Shown
    reason: str | None = None


def prepare_revision(source: Path, target: Path, signatory: Signatory, spec: SignatureSpec) -> PreparedSignature:
    """Writes `target`: `source` with the revision. `source` must hold the empty field that `spec` names.

    Raises Unreadable for a file that is no PDF, Refused `no_field` if the field is missing or already signed,
    `certified` for what an earlier certification forbids. The value is to be made in the way that every key of its kind can.
    """
    return asyncio.run(_prepare(source, target, signatory, spec))


async def _prepare(source: Path, target: Path, signatory: Signatory, spec: SignatureSpec) -> PreparedSignature:
    scheme = usual(signatory.certificate)
    signer = external_signer(signatory.certificate, signatory.chain, scheme)
    painted = spec.block.painted()
    shutil.copyfile(source, target)
    with target.open("r+b") as file, reading_pdf():
        writer = PdfaWriter(file)
        permits = wanted(writer.prev, spec.field)
        check(writer.prev, spec.field, permits)
        stamp_style = style(painted, field_rotation(writer.prev, spec.field))
        pdf_signer = PdfaSigner(_metadata(spec, permits), signer, stamp_style=stamp_style)
        try:
            prepared, _, _ = await pdf_signer.async_digest_doc_for_signing(
                writer,
                existing_fields_only=True,
                bytes_reserved=reserved(signatory.certificate, signatory.chain),
                in_place=True,
                chunk_size=CHUNK,
            )
        except SigningError as error:
            raise _no_field() from error
    attributes = await signer.signed_attrs(prepared.document_digest, DIGEST, use_pades=True)
    return PreparedSignature(
        spec.field,
        prepared.document_digest,
        prepared.reserved_region_start,
        prepared.reserved_region_end,
        attributes.dump(),
        signatory.certificate,
        signatory.chain,
        scheme,
        permits.value if permits else None,
    )


def _metadata(spec: SignatureSpec, permits: MDPPerm | None) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=spec.field,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm=DIGEST,
        name=spec.block.name,
        reason=spec.reason,
        certify=permits is not None,
        docmdp_permissions=permits or MDPPerm.FILL_FORMS,
    )


def external_signer(
    certificate: bytes, chain: tuple[bytes, ...], scheme: Scheme, value: bytes | None = None
) -> ExternalSigner:  # fmt: skip
    """A signer whose signature value comes from elsewhere; without a value it has one that is long enough."""
    own = Certificate.load(certificate)
    known = SimpleCertificateStore()
    known.register_multiple([Certificate.load(one) for one in chain])
    size = own.public_key.byte_size if scheme is not Scheme.ECDSA else 2 * own.public_key.byte_size + 9
    mechanism = SignedDigestAlgorithm.load(_pss()) if scheme is Scheme.PSS else None
    return ExternalSigner(own, known, signature_value=value or size, signature_mechanism=mechanism, embed_roots=False)


@functools.cache
def _pss() -> bytes:
    """RFC 4056, 3: the parameters say hash, mask and salt; SHA-256 throughout, a salt as long as the hash. DER."""
    sha256 = {"algorithm": DIGEST}
    mask = {"algorithm": "mgf1", "parameters": sha256}
    parameters = RSASSAPSSParams({"hash_algorithm": sha256, "mask_gen_algorithm": mask, "salt_length": SALT})
    return bytes(SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters}).dump())


def _no_field() -> Refused:
    return Refused(
        "no_field",
        "Ô chữ ký này không có trong tài liệu hoặc đã được ký.",
        "This signature field is not in the document, or it is signed already.",
    )
