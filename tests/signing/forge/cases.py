"""All cases: a name, how the file is made, our verdict and the rule that catches it. EU DSS is asked too by `bench verdicts`."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pikepdf
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field

from domain.signatures import Verdict
from tests.signing.forge import attacks
from tests.signing.forge.authority import BORN, NOW, SIGNED, SIGNING, Authority, Holder, Wish, issue
from tests.signing.forge.signed import (
    HOUR,
    Cms,
    LyingStamper,
    Manner,
    blank,
    by_hand,
    good_evidence,
    sign,
    stamped,
    with_evidence,
)

GOOD, BAD, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDETERMINED
NOTHING, CLOSED = Verdict.UNSIGNED, Verdict.UNREADABLE
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """`rule`: the number of one rule that does not pass; None where all do, or none is asked. `why`: where DSS says otherwise."""

    name: str
    make: Callable[[World], bytes]
    verdict: Verdict
    rule: int | None = None
    why: str = ""


class World:
    """An authority that is trusted, one that is not, and files that many cases begin with."""

    def __init__(self) -> None:
        self.authority = Authority()
        self.stranger = Authority("Giả Mạo")
        self.doctor = self.authority.signer()
        self.head = self.authority.signer("TS.BS. Trần Đình Dũng", kind="p384")

    @functools.cached_property
    def proven(self) -> bytes:
        """B-LTA, one signature, three pages."""
        return sign(self.authority, self.doctor, blank())

    @functools.cached_property
    def timed(self) -> bytes:
        """B-T."""
        return sign(self.authority, self.doctor, blank(), Manner(level="T"))

    @functools.cached_property
    def twice(self) -> bytes:
        """Two signatures, both B-LTA."""
        second = Manner("TruongKhoa", at=SIGNED + DAY, box=(300, 100, 480, 150))
        return sign(self.authority, self.head, self.proven, second)

    def by(self, who: Holder, **how: Any) -> bytes:
        """Signed by somebody else."""
        return sign(self.authority, who, blank(), Manner(**how))

    def evidence(
        self, *, at: datetime = SIGNED + HOUR, crls: tuple[Any, ...] | None = None, **how: Any
    ) -> Callable[..., dict[str, Any]]:
        """An OCSP answer about the signer of another kind, beside a good CRL of the root."""

        def made(authority: Authority, who: Holder, _: datetime) -> dict[str, Any]:
            more = list(crls) if crls is not None else [authority.crl(authority.root, at)]
            return {"ocsps": [authority.answer(who, at, **how)] if how.pop("ocsp", True) else [], "crls": more}

        return made


def levels() -> Iterator[Case]:
    """Levels, algorithms, kinds of dictionaries, several signers."""
    yield Case("B-B, no evidence", lambda w: w.by(w.doctor, level="B"), OPEN, 5)
    yield Case("B-T, no evidence", lambda w: w.timed, OPEN, 5)
    yield Case("B-LT", lambda w: w.by(w.doctor, level="LT"), GOOD)
    yield Case("B-LTA", lambda w: w.proven, GOOD)
    yield Case("B-LTA, renewed twice", _renewed, GOOD)
    for kind in ("rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521"):
        yield Case(f"key {kind}", lambda w, kind=kind: w.by(w.authority.signer("BS. Lê Thị Hoa", kind=kind)), GOOD)  # type: ignore[misc]
    for kind in ("rsa2048", "rsa3072"):
        yield Case(f"RSA-PSS, {kind}", lambda w, kind=kind: w.by(w.authority.signer("BS. Lê Thị Hoa", kind=kind), pss=True), GOOD)  # type: ignore[misc]
    yield Case("key rsa1024", lambda w: w.by(w.authority.signer("BS. Lê Thị Hoa", kind="rsa1024")), OPEN, 5)
    for digest in ("sha384", "sha512"):
        yield Case(f"digest {digest}", lambda w, digest=digest: w.by(w.doctor, digest=digest), GOOD)  # type: ignore[misc]
    yield Case("digest sha1", _sha1, OPEN, 5)
    yield Case("two signers", lambda w: w.twice, GOOD)
    yield Case("five signers", _five, GOOD)
    yield Case("invisible", lambda w: w.by(w.doctor, box=None), GOOD)
    yield Case("adbe.pkcs7.detached", lambda w: w.by(w.doctor, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED), GOOD)
    yield Case("document timestamp alone", lambda w: stamped(w.authority, blank(), SIGNED), NOTHING)
    yield Case("no signature", lambda _: blank(), NOTHING)
    yield Case("an empty field", _empty_field, NOTHING)
    yield Case("a place for a signature that was not made", _place, OPEN)
    yield Case(
        "linearised, then signed", lambda w: sign(w.authority, w.doctor, attacks.saved_anew(blank(), linearize=True)), GOOD
    )
    yield Case("encrypted without a password to open, signed", _encrypted, GOOD)
    yield Case("saved again: time of change and program only", lambda w: attacks.updated(_lt(w), attacks.saved_again), GOOD)
    yield Case("timestamp first, then evidence (DSS after the last)", _dss_after, GOOD)


def _lt(world: World) -> bytes:
    return world.by(world.doctor, level="LT")


def _renewed(world: World) -> bytes:
    data = world.proven
    for days in (2, 4):
        data = with_evidence(data, {"crls": [world.authority.crl(world.authority.root, SIGNED + days * DAY)]}, world.authority)
        data = stamped(world.authority, data, SIGNED + days * DAY + HOUR)
    return data


def _sha1(world: World) -> bytes:
    data = by_hand(blank(), world.authority.signer("BS. Lê Thị Hoa", kind="rsa2048"), Cms("sha1"))
    return with_evidence(data, good_evidence(world.authority, world.doctor, SIGNED), world.authority)


def _five(world: World) -> bytes:
    data = blank()
    for number in range(5):
        who = world.authority.signer(f"BS. Người Thứ {number}")
        how = Manner(f"Ky{number}", at=SIGNED + number * DAY, box=(40 + 100 * number, 100, 130 + 100 * number, 140))
        data = sign(world.authority, who, data, how)
    return data


def _empty_field(_: World) -> bytes:
    return with_field(blank(), "TacGia")


def _place(world: World) -> bytes:
    """What is there between the halves of a signature: zeros."""
    data = world.timed
    start = data.index(b"/Contents <3") + 11
    end = data.index(b">", start)
    return data[:start] + b"0" * (end - start) + data[end:]


def with_field(data: bytes, name: str, box: tuple[int, int, int, int] = (72, 100, 250, 150)) -> bytes:
    """The file with a place to sign in."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    append_signature_field(writer, SigFieldSpec(name, box=box))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _encrypted(world: World) -> bytes:
    with pikepdf.open(io.BytesIO(blank())) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="chu", user="", R=6))
    return sign(world.authority, world.doctor, out.getvalue(), Manner(level="LT"))


def _dss_after(world: World) -> bytes:
    data = stamped(world.authority, _lt(world), SIGNED + 2 * HOUR)
    return with_evidence(data, {"crls": [world.authority.crl(world.authority.root, SIGNED + DAY)]}, world.authority)


def certified() -> Iterator[Case]:
    """DocMDP and FieldMDP."""
    for permission in MDPPerm:
        yield Case(f"certified P={permission.value}", lambda w, p=permission: _certified(w, p), GOOD)  # type: ignore[misc]
    yield Case("certified P=1, then signed", _signed_in_spite, BAD, 7)
    yield Case(
        "certified P=2, then signed in a prepared field",
        lambda w: _then_signed(w, _certified(w, MDPPerm.FILL_FORMS, field=True)),
        GOOD,
    )
    yield Case("certified P=2, then signed in a new field", lambda w: _then_signed(w, _certified(w, MDPPerm.FILL_FORMS)), BAD, 7)
    yield Case("certified P=1, form filled", lambda w: _filled(w, MDPPerm.NO_CHANGES), BAD, 7)
    yield Case("certified P=2, form filled", lambda w: _filled(w, MDPPerm.FILL_FORMS), GOOD)
    yield Case(
        "certified P=3, an annotation", lambda w: attacks.updated(_certified(w, MDPPerm.ANNOTATE), attacks.annotation), BAD, 7
    )
    yield Case("form filled, not certified", lambda w: _filled(w, None), BAD, 7, "a value that nobody signed")
    yield Case(
        "form field shows what is not its value", lambda w: attacks.updated(_with_form(w, None), attacks.look_of_form), BAD, 7
    )
    yield Case("certified P=2, field shows what is not its value", _look_certified, BAD, 7, "the look of a field, not its value")
    yield Case("locked field (FieldMDP) filled", _locked, BAD, 7)


def _certified(world: World, permission: MDPPerm, *, field: bool = False) -> bytes:
    data = with_field(blank(), "TruongKhoa", (300, 100, 480, 150)) if field else blank()
    more = {"certify": True, "docmdp_permissions": permission}
    return sign(world.authority, world.doctor, data, Manner(level="LT", more=more))


def _then_signed(world: World, data: bytes) -> bytes:
    second = Manner("TruongKhoa", at=SIGNED + DAY, box=(300, 100, 480, 150))
    return sign(world.authority, world.head, data, second)


def _signed_in_spite(world: World) -> bytes:
    return by_hand(_certified(world, MDPPerm.NO_CHANGES, field=True), world.head, Cms(field="TruongKhoa"))


def _with_form(world: World, permission: MDPPerm | None) -> bytes:
    more = {"certify": True, "docmdp_permissions": permission} if permission else {}
    return sign(world.authority, world.doctor, blank(form=True), Manner(level="LT", more=more))


def _filled(world: World, permission: MDPPerm | None) -> bytes:
    return attacks.updated(_with_form(world, permission), attacks.form_filled)


def _look_certified(world: World) -> bytes:
    return attacks.updated(_with_form(world, MDPPerm.FILL_FORMS), attacks.look_of_form)


def _locked(world: World) -> bytes:
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["GhiChu"])
    writer = IncrementalPdfFileWriter(io.BytesIO(blank(form=True)))
    append_signature_field(writer, SigFieldSpec("TacGia", box=(72, 100, 250, 150), field_mdp_spec=lock))
    out = io.BytesIO()
    writer.write(out)
    return attacks.updated(sign(world.authority, world.doctor, out.getvalue(), Manner(level="LT")), attacks.form_filled)


def certificates() -> Iterator[Case]:
    """Who signed, and what is known of the certificate."""
    yield Case("untrusted root", lambda w: sign(w.stranger, w.stranger.signer(), blank()), OPEN, 5)
    yield Case("certificate ended before signing", lambda w: w.by(w.authority.signer(end=SIGNED - DAY)), OPEN, 5)
    yield Case("certificate ended after signing", lambda w: w.by(w.authority.signer(end=SIGNED + 3 * DAY)), GOOD)
    yield Case(
        "certificate ended after signing, B-T", lambda w: w.by(w.authority.signer(end=SIGNED + 3 * DAY), level="T"), OPEN, 5
    )
    yield Case("certificate began after signing", lambda w: w.by(w.authority.signer(start=SIGNED + DAY)), OPEN, 5)
    yield Case("wrong key usage (encipherment)", lambda w: w.by(w.authority.signer(usages=("key_encipherment",))), OPEN, 5)
    yield Case("a server's certificate", _server, OPEN, 5, "no document's signature is meant")
    yield Case("a CA signs", _ca_signs, OPEN, 5)
    yield Case("self-signed", lambda w: sign(w.authority, issue(Wish("BS. Tự Ký")), blank(), Manner(level="T")), OPEN, 5)
    yield Case("issuer is no CA", _no_ca, OPEN, 5)
    yield Case("revoked before signing", lambda w: w.by(w.doctor, evidence=w.evidence(revoked=SIGNED - DAY)), OPEN, 5)
    yield Case(
        "revoked after signing",
        lambda w: w.by(w.doctor, evidence=w.evidence(at=SIGNED + 3 * DAY, revoked=SIGNED + 2 * DAY)),
        OPEN,
        5,
    )
    yield Case("OCSP says unknown", lambda w: w.by(w.doctor, evidence=w.evidence(unknown=True)), OPEN, 5)
    yield Case("OCSP signed by the wrong one", lambda w: w.by(w.doctor, evidence=w.evidence(by=w.head)), OPEN, 5)
    yield Case("OCSP by a stranger", lambda w: w.by(w.doctor, evidence=w.evidence(by=w.stranger.responder)), OPEN, 5)
    yield Case(
        "OCSP answer older than the signature", lambda w: w.by(w.doctor, evidence=w.evidence(at=SIGNED - 60 * DAY)), OPEN, 10
    )
    yield Case("CRL only", lambda w: w.by(w.doctor, evidence=_crl_only), GOOD)
    yield Case("CRL only, revoked before", lambda w: w.by(w.doctor, evidence=_crl_revoked), OPEN, 5)
    yield Case("no revocation data at all", lambda w: w.by(w.doctor, evidence=lambda *_: {}), OPEN, 5)
    yield Case("no revocation data of the signer", lambda w: w.by(w.doctor, evidence=_crl_of_root), OPEN, 5)
    yield Case("evidence from before the signature", _evidence_before, OPEN, 5)
    yield Case("a good answer about another certificate", lambda w: w.by(w.doctor, evidence=_of_another), OPEN, 5)


def ended() -> Iterator[Case]:
    """A certificate that ended after it signed, and what its authority says of it later (two days after the end)."""
    yield Case("ended, OCSP answer from later", _ended(), OPEN, 5)
    yield Case("ended, OCSP answer from later that reaches back", _ended(kept=SIGNED), GOOD)
    yield Case("ended, OCSP answer from later that reaches back to the end", _ended(kept=_END), GOOD)
    yield Case("ended, OCSP answer from later that reaches back, B-LT", _ended(stamp=False, kept=SIGNED), GOOD)
    yield Case("ended, OCSP answer from later that reaches back less far", _ended(kept=_END + DAY), OPEN, 5)
    yield Case("ended, OCSP answer from later: revoked before signing", _ended(kept=SIGNED, revoked=SIGNED - DAY), OPEN, 5)
    yield Case("ended, OCSP answer from later: revoked after signing", _ended(kept=SIGNED, revoked=SIGNED + DAY), GOOD)
    yield Case("ended, OCSP answer from later: unknown", _ended(kept=SIGNED, unknown=True), OPEN, 5)
    yield Case("ended, OCSP answer from later, by the wrong one", lambda w: _ended(kept=SIGNED, by=w.head)(w), OPEN, 5)
    yield Case("ended, CRL from later", _ended_on_list(), OPEN, 5)
    yield Case("ended, CRL from later that reaches back", _ended_on_list(kept=SIGNED), GOOD)
    yield Case("ended, CRL from later that reaches back less far", _ended_on_list(kept=_END + DAY), OPEN, 5)
    yield Case("ended, CRL from later: revoked before signing", _ended_on_list(SIGNED - DAY, kept=SIGNED), OPEN, 5)
    yield Case("ended, CRL from later: revoked after signing", _ended_on_list(SIGNED + DAY, kept=SIGNED), GOOD)
    yield Case("ended, a CRL says otherwise than the OCSP answer", _ended_in_doubt, OPEN, 5)
    yield Case("ended, wrong key usage", _ended(kept=SIGNED, usages=("key_encipherment",)), OPEN, 5)
    yield Case("ended before signing, OCSP answer from later that reaches back", _ended(end=SIGNED - DAY, kept=BORN), OPEN, 9)


_END = SIGNED + 3 * DAY


def _ended(*, end: datetime = _END, stamp: bool = True, usages: Sequence[str] = SIGNING, **how: Any) -> Callable[[World], bytes]:
    def made(world: World) -> bytes:
        who = world.authority.signer(end=end, usages=usages)
        return _said_later(world, who, {"ocsps": [world.authority.answer(who, _END + 2 * DAY, **how)]}, stamp=stamp)

    return made


def _ended_on_list(revoked: datetime | None = None, kept: datetime | None = None) -> Callable[[World], bytes]:
    def made(world: World) -> bytes:
        who = world.authority.signer(end=_END)
        entries = [(who, revoked)] if revoked else []
        return _said_later(world, who, {"crls": [world.authority.crl(world.authority.ica, _END + 2 * DAY, entries, kept)]})

    return made


def _ended_in_doubt(world: World) -> bytes:
    who, later = world.authority.signer(end=_END), _END + 2 * DAY
    listed = world.authority.crl(world.authority.ica, later, [(who, SIGNED - DAY)], SIGNED)
    return _said_later(world, who, {"ocsps": [world.authority.answer(who, later, kept=SIGNED)], "crls": [listed]})


def _said_later(world: World, who: Holder, said: dict[str, Any], *, stamp: bool = True) -> bytes:
    crls = [world.authority.crl(world.authority.root, _END + 2 * DAY), *said.get("crls", ())]
    data = sign(world.authority, who, blank(), Manner(level="T"))
    data = with_evidence(data, {**said, "crls": crls}, world.authority, world.authority.tsa)
    return stamped(world.authority, data, _END + 2 * DAY + HOUR) if stamp else data


def _evidence_before(world: World) -> bytes:
    before = with_evidence(blank(), good_evidence(world.authority, world.doctor, SIGNED - HOUR), world.authority)
    return sign(world.authority, world.doctor, before, Manner(level="T"))


def _server(world: World) -> bytes:
    return world.by(world.authority.signer(usages=("digital_signature",), extended=[ExtendedKeyUsageOID.SERVER_AUTH]))


def _ca_signs(world: World) -> bytes:
    def known(authority: Authority, _: Holder, at: datetime) -> dict[str, Any]:
        return {"crls": [authority.crl(authority.root, at)]}

    return sign(world.authority, world.authority.ica, blank(), Manner(evidence=known))


def _no_ca(world: World) -> bytes:
    below = issue(Wish("BS. Cấp Dưới", urls=world.authority.urls), world.doctor)

    def known(authority: Authority, who: Holder, at: datetime) -> dict[str, Any]:
        good = good_evidence(authority, world.doctor, at)
        return {**good, "ocsps": [*good["ocsps"], authority.answer(who, at)], "certs": [world.doctor.asn1, authority.ica.asn1]}

    return sign(world.authority, below, blank(), Manner(evidence=known))


def _crl_only(authority: Authority, _: Holder, at: datetime) -> dict[str, Any]:
    return {"crls": [authority.crl(authority.root, at), authority.crl(authority.ica, at)]}


def _crl_revoked(authority: Authority, who: Holder, at: datetime) -> dict[str, Any]:
    return {"crls": [authority.crl(authority.root, at), authority.crl(authority.ica, at, [(who, SIGNED - DAY)])]}


def _crl_of_root(authority: Authority, _: Holder, at: datetime) -> dict[str, Any]:
    return {"crls": [authority.crl(authority.root, at)]}


def _of_another(authority: Authority, _: Holder, at: datetime) -> dict[str, Any]:
    return {"ocsps": [authority.answer(authority.signer("BS. Người Khác"), at)], "crls": [authority.crl(authority.root, at)]}


def times() -> Iterator[Case]:
    """Time stamps."""
    yield Case("timestamp with a wrong imprint", _wrong_imprint, OPEN, 5)
    yield Case("timestamp by an untrusted service", lambda w: w.by(w.doctor, tsa=w.stranger.tsa), OPEN, 5)
    yield Case("timestamp by a service that had ended", _tsa(end=SIGNED - DAY), OPEN, 5)
    yield Case("timestamp by a service that had not begun", _tsa(start=SIGNED + DAY), OPEN, 8)
    yield Case("timestamp by a service that has ended since", _tsa(end=SIGNED + 2 * DAY), OPEN, 5)
    yield Case("timestamp by who is no service", _tsa(extended=[], usages=("digital_signature", "content_commitment")), OPEN, 5)
    yield Case("timestamp by a weak key", _tsa(kind="rsa1024"), OPEN, 5)
    yield Case("timestamp from the future", lambda w: w.by(w.doctor, level="LT", at=NOW + 30 * DAY), OPEN, 8)
    yield Case("document timestamp with SHA-1", lambda w: stamped(w.authority, _lt(w), SIGNED + 2 * HOUR, digest="sha1"), OPEN, 5)
    yield Case("document timestamp before the signature", lambda w: stamped(w.authority, _lt(w), SIGNED - 5 * DAY), OPEN, 8)


def _wrong_imprint(world: World) -> bytes:
    return world.by(world.doctor, level="LT", stamper=LyingStamper(world.authority.stamper()))


def _tsa(**wishes: Any) -> Callable[[World], bytes]:
    def made(world: World) -> bytes:
        return world.by(world.doctor, tsa=world.authority.new_tsa("TSA khác", **wishes))

    return made


def containers() -> Iterator[Case]:
    """CMS made by hand."""
    yield Case("CMS by hand", _hand, GOOD)
    yield Case("no time of signing is said", lambda w: _hand(w, dated=False), OPEN, 8)
    yield Case("the time of signing ends as LibreOffice writes it", lambda w: _hand(w, said="D:20261130220330Z'"), GOOD)
    yield Case("CMS whose length is not said beforehand", lambda w: _hand(w, ber=True), GOOD)
    yield Case("a time of signing that is none", lambda w: _hand(w, said="D:20261130220330Z''"), OPEN, 8)
    yield Case("CMS with two SignerInfos", lambda w: _hand(w, also=w.head), BAD, 3)
    yield Case("CMS without message-digest", lambda w: _hand(w, without=["message_digest"]), BAD, 4)
    yield Case("CMS without content-type", lambda w: _hand(w, without=["content_type"]), BAD, 5)
    yield Case("CMS without signing-certificate-v2", lambda w: _hand(w, without=["signing_certificate_v2"]), GOOD)
    yield Case("signing-certificate-v2 of another", lambda w: _hand(w, names=w.head), OPEN, 3)
    yield Case("attributes in another order", lambda w: _hand(w, order=lambda parts: parts[::-1]), GOOD)
    yield Case("CMS that holds its content", lambda w: _hand(w, content=b"digest"), BAD, 5)
    yield Case("adbe.pkcs7.sha1", lambda w: _hand(w, subfilter="/adbe.pkcs7.sha1", digest="sha1", content=b"digest"), BAD, 5)


def _hand(world: World, subfilter: str = "/ETSI.CAdES.detached", **how: Any) -> bytes:
    data = by_hand(blank(), world.doctor, Cms(**how), subfilter)
    return with_evidence(data, good_evidence(world.authority, world.doctor, NOW - HOUR), world.authority)


def tampering() -> Iterator[Case]:
    """What is done to a signed file."""
    for name, change in attacks.UPDATES.items():
        yield Case(name, lambda w, change=change: attacks.updated(w.proven, change), BAD, 7)  # type: ignore[misc]
    yield Case("another evidence store: garbage", lambda w: attacks.updated(_lt(w), attacks.poisoned), OPEN)
    yield Case("evidence store: foreign certificates", _foreign, GOOD)
    yield Case("evidence store: another's revocation", _anothers_revocation, GOOD)
    yield Case("a byte of the page", lambda w: attacks.byte_of_page(w.proven), BAD, 4)
    yield Case("a byte of the page, two signers", lambda w: attacks.byte_of_page(w.twice), BAD, 4)
    yield Case("signature over other pages", lambda w: attacks.wrapped(w.timed), BAD, 4)
    yield Case("signature wrapping", lambda w: attacks.wrapped_around(w.timed), CLOSED)
    yield Case("hole holds more than the signature", lambda w: attacks.contents_padded(w.timed), BAD)
    yield Case("ByteRange with a gap", lambda w: attacks.ranged(w.timed, lambda r: [0, r[1] - 60, r[2], r[3]]), BAD)
    yield Case("ByteRange that overlaps", lambda w: attacks.ranged(w.timed, lambda r: [0, r[1] + 60, r[2], r[3]]), BAD)
    yield Case("ByteRange, negative", lambda w: attacks.ranged(w.timed, lambda r: [0, -9, r[2], r[3]]), BAD)
    yield Case("ByteRange beyond the end", lambda w: attacks.ranged(w.timed, lambda r: [0, r[1], r[2], r[3] + 99]), BAD)
    yield Case("ByteRange from elsewhere", lambda w: attacks.ranged(w.timed, lambda r: [9, r[1] - 9, r[2], r[3]]), BAD)
    yield Case("ByteRange with two holes", lambda w: attacks.ranged(w.timed, lambda r: [0, 9, 19, 9, r[2], 9]), BAD)
    yield Case("ByteRange of one part", lambda w: attacks.ranged(w.timed, lambda r: [0, r[1]]), BAD)
    yield Case("an object again, listed", lambda w: attacks.object_again(w.timed), BAD, 7)
    yield Case("an object again, unlisted", lambda w: attacks.object_again_unlisted(w.timed), BAD, 6, "bytes after the end")
    yield Case("hidden table (hybrid)", lambda w: attacks.hybrid(w.timed), BAD)
    yield Case("tables written anew", lambda w: attacks.saved_anew(w.timed), BAD)
    yield Case("linearised after signing", lambda w: attacks.saved_anew(w.timed, linearize=True), BAD)
    yield Case("last revision cut off", lambda w: attacks.cut_back(w.proven), GOOD)
    yield Case("last revision cut in half", lambda w: w.proven[:-9000], CLOSED)
    yield Case("garbage after the end", lambda w: w.proven + b"\nrac\n", BAD, 6, "bytes after the end")
    yield Case("newlines after the end", lambda w: w.proven + b"\n\n", GOOD)
    yield Case("overlapping signatures", _overlapping, BAD, 12)
    yield Case("two fields with one signature", _shared, BAD)


def _foreign(world: World) -> bytes:
    return with_evidence(_lt(world), {"certs": [world.stranger.root.asn1, world.stranger.ica.asn1]}, world.authority)


def _anothers_revocation(world: World) -> bytes:
    other = world.authority.signer("BS. Người Khác")
    answer = world.authority.answer(other, SIGNED + HOUR, revoked=SIGNED - DAY)
    return with_evidence(_lt(world), {"ocsps": [answer]}, world.authority)


def _overlapping(world: World) -> bytes:
    return sign(world.authority, world.head, world.proven, Manner("TruongKhoa", at=SIGNED + DAY, box=(100, 120, 300, 170)))


def _shared(world: World) -> bytes:
    def again(writer: IncrementalPdfFileWriter) -> None:
        fields = writer.root["/AcroForm"]["/Fields"]
        first = fields[0]
        copy = type(first)({key: first.raw_get(key) for key in first if key != "/T"})
        copy["/T"] = pdf_string("TruongKhoa")
        fields.append(writer.add_object(copy))
        writer.update_container(fields)

    return attacks.updated(world.timed, again)


CASES = (*levels(), *certified(), *certificates(), *ended(), *times(), *containers(), *tampering())
