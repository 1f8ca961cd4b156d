"""Signs PDFs with what `authority.py` makes: every level, algorithm and kind of signature dictionary."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pikepdf
from asn1crypto import algos, cms, core, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing.forge.authority import SIGNED, Authority, Holder

HOUR = timedelta(hours=1)
_HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def blank(pages: int = 3, *, form: bool = False) -> bytes:
    """A PDF with words on each page, metadata and, if asked for, a text field."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 14 Tf 72 760 Td (Phieu dieu tri, to {number}) Tj ET".encode())
    if form:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="GhiChu", V="khong di ung", F=4,
            Rect=[72, 600, 300, 620], DA="/F1 10 Tf 0 g", P=pdf.pages[0].obj,
        )  # fmt: skip
        widget = pdf.make_indirect(note)
        pdf.pages[0].Annots = pikepdf.Array([widget])
        pdf.Root.AcroForm = pdf.make_indirect(
            pikepdf.Dictionary(Fields=[widget], DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)), DA="/F1 10 Tf 0 g")
        )
    pdf.docinfo["/Title"] = "Phieu dieu tri"
    with pdf.open_metadata() as data:
        data["dc:title"] = "Phieu dieu tri"
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Manner:
    """How to sign. `level` is B, T, LT or LTA; `at` is what the time-stamp service says."""

    field: str = "TacGia"
    level: str = "LTA"
    at: datetime = SIGNED
    digest: str = "sha256"
    pss: bool = False
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES
    box: tuple[int, int, int, int] | None = (72, 100, 250, 150)
    page: int = 0
    more: dict[str, Any] = dataclasses.field(default_factory=dict)
    """Further words of pyHanko's `PdfSignatureMetadata`."""
    tsa: Holder | None = None
    stamper: Any = None
    evidence: Callable[[Authority, Holder, datetime], dict[str, Any]] | None = None
    """Instead of what a good LT file holds."""


class _PastSigner(signers.PdfSigner):
    """Says that it signed at another time than now."""

    at = SIGNED

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """As the library has it, but for the time."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def sign(authority: Authority, who: Holder, data: bytes, how: Manner = Manner()) -> bytes:
    """One more signature."""
    registry = SimpleCertificateStore.from_certs([one.asn1 for one in who.chain])
    writer = _writer(data)
    signer = signers.SimpleSigner(who.asn1, who.asn1_key, registry, prefer_pss=how.pss)
    meta = signers.PdfSignatureMetadata(field_name=how.field, md_algorithm=how.digest, subfilter=how.subfilter, **how.more)
    stamper = None if how.level == "B" else how.stamper or authority.stamper(how.at, how.tsa)
    spec = SigFieldSpec(how.field, on_page=how.page, box=how.box) if not _has_field(data, how.field) else None
    worker = _PastSigner(meta, signer, timestamper=stamper, new_field_spec=spec)
    worker.at = how.at
    out = worker.sign_pdf(writer, bytes_reserved=16384).getvalue()
    if how.level in ("LT", "LTA"):
        tsa = how.tsa or authority.tsa
        out = with_evidence(out, (how.evidence or good_evidence)(authority, who, how.at + HOUR), authority, tsa)
    return stamped(authority, out, how.at + 2 * HOUR, how.tsa) if how.level == "LTA" else out


def _writer(data: bytes) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    if writer.prev.encrypted:
        writer.encrypt("")
    return writer


def _has_field(data: bytes, name: str) -> bool:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return any(str(one.get("/T", "")) == name for one in pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields", []))


def good_evidence(authority: Authority, who: Holder, at: datetime) -> dict[str, Any]:
    """What says that nobody in the chain was revoked at that time."""
    answers = [authority.answer(who, at)] if who.issuer is authority.ica else []
    return {"ocsps": answers, "crls": [authority.crl(authority.root, at)]}


def with_evidence(data: bytes, evidence: dict[str, Any], authority: Authority, *more: Holder) -> bytes:
    """The file with a DSS."""
    writer = _writer(data)
    certificates = [one.asn1 for one in (authority.root, authority.ica, authority.responder, *more)]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, **{"certs": certificates, **evidence})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stamped(authority: Authority, data: bytes, at: datetime, tsa: Holder | None = None, digest: str = "sha256") -> bytes:
    """The file with a document timestamp."""
    writer = _writer(data)
    stamp = signers.PdfTimeStamper(authority.stamper(at, tsa))
    return stamp.timestamp_pdf(writer, digest, bytes_reserved=16384).getvalue()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Cms:
    """What a CMS made by hand is like; `also` signs beside as a second SignerInfo."""

    digest: str = "sha256"
    without: Sequence[str] = ()
    names: Holder | None = None
    """Whose certificate signing-certificate-v2 names, if not the signer's."""
    also: Holder | None = None
    order: Callable[[list[bytes]], list[bytes]] | None = None
    """In what order the attributes are written; what is signed is in order."""
    content: bytes | None = None
    field: str = "TacGia"
    dated: bool = True
    """Whether the dictionary says when it was signed."""
    ber: bool = False
    """Whether its length is not said beforehand."""
    said: str = ""
    """How it says so, if not as the library does."""


def by_hand(data: bytes, who: Holder, how: Cms = Cms(), subfilter: str = "/ETSI.CAdES.detached") -> bytes:
    """A B-B signature whose CMS is made here and not by a library."""
    spec = None if _has_field(data, how.field) else SigFieldSpec(how.field, box=(72, 100, 250, 150))
    writing = PdfCMSEmbedder(new_field_spec=spec).write_cms(how.field, _writer(data))
    next(writing)
    placeholder = SignatureObject(SIGNED if how.dated else None, subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    placeholder["/SubFilter"] = pdf_name(subfilter)
    if how.said:
        placeholder["/M"] = pdf_string(how.said)
    writing.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, out = writing.send(SigIOSetup(md_algorithm=how.digest))
    if how.content == b"digest":
        how = replace(how, content=prepared.document_digest)
    writing.send(cms_of(prepared.document_digest, who, how))
    return bytes(out.getvalue())


def cms_of(digest: bytes, who: Holder, how: Cms) -> bytes:
    """The DER of a CMS over a digest."""
    signed = [_signer_info(digest, one, how) for one in (who, *([how.also] if how.also else []))]
    content: dict[str, Any] = {"content_type": "data"}
    if how.content is not None:
        content["content"] = core.OctetString(how.content)
    value = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": how.digest}],
            "encap_content_info": content,
            "certificates": [one.asn1 for one in (who, *who.chain, *([how.also] if how.also else []))],
            "signer_infos": signed,
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": value})
    der = bytes(whole.dump())
    return b"\x30\x80" + bytes(whole.contents) + b"\0\0" if how.ber else der


def _signer_info(digest: bytes, who: Holder, how: Cms) -> cms.SignerInfo:
    named = as_signing_certificate_v2((how.names or who).asn1)
    values = {
        "content_type": cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
        "message_digest": cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
        "signing_certificate_v2": cms.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}),
    }
    attributes = cms.CMSAttributes([value for name, value in values.items() if name not in how.without])
    info: dict[str, Any] = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": who.asn1.issuer, "serial_number": who.asn1.serial_number}},
        "digest_algorithm": {"algorithm": how.digest},
        "signature_algorithm": _algorithm(who, how.digest),
        "signature": _value(who, attributes.dump(), how.digest),
        "signed_attrs": attributes,
    }
    if how.order:
        parts = how.order([one.dump() for one in attributes])
        body = b"".join(parts)
        info["signed_attrs"] = cms.CMSAttributes.load(b"\x31\x82" + len(body).to_bytes(2, "big") + body)
    return cms.SignerInfo(info)


def _algorithm(who: Holder, digest: str) -> dict[str, Any]:
    return {"algorithm": f"{digest}_ecdsa" if isinstance(who.key, ec.EllipticCurvePrivateKey) else "rsassa_pkcs1v15"}


def _value(who: Holder, data: bytes, digest: str) -> bytes:
    if isinstance(who.key, ec.EllipticCurvePrivateKey):
        return bytes(who.key.sign(data, ec.ECDSA(_HASHES[digest])))
    return bytes(who.key.sign(data, padding.PKCS1v15(), _HASHES[digest]))


class LyingStamper:
    """Wraps a time-stamp service whose imprint is of something else."""

    def __new__(cls, inner: Any) -> Any:
        """The service itself, which lies from now on."""
        build = inner._build_tst_info

        def lie(imprint: tsp.MessageImprint, when: datetime, request: Any) -> tsp.TSTInfo:
            other = tsp.MessageImprint(
                {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": b"\1" * 32}
            )
            return build(other if imprint is not None else imprint, when, request)

        inner._build_tst_info = lie
        inner.include_nonce = False
        return inner
