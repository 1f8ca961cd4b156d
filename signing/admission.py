"""Who may sign with which certificate: the checks of `certificates.py` against the trust list, the account, and what an
administrator said of both.

1. Nobody signs with a certificate that is not theirs: by name, and by the number of their identity card.
2. Where one of the two has a number and the other has none, or neither has and two people have that name, an administrator is
   asked, once for each certificate; the answer is kept with the certificate's fingerprint. A yes writes the number down, so that
   the next certificate needs no question.
3. All is asked before anything is prepared (13 checks, with fresh revocation data); what asks nobody else is asked again when a
   value comes back. Between the two lie minutes; who was revoked meanwhile is found out when the proof is made (`upgrade.py`).
4. Every refusal of a person's certificate is in the audit log, with its number and the certificate's fingerprint; nothing else
   happens.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from asn1crypto.x509 import Certificate

from domain.errors import Refused
from domain.people import Person
from domain.trust import Claim
from signing.certificates import NotFit, Signatory, belongs_to, fit, load, may_sign, refused
from signing.identity import bears, citizen_id, common_name
from signing.network import network_of
from signing.offered import face_of
from signing.settings import SigningSettings
from signing.trust import reached
from signing.trusted import trust_of
from storage.signing import Signature
from storage.store import Store, Transaction
from storage.trust_bindings import Binding, Bindings

ACT = "refuse_certificate"
_NUMBER = re.compile(r"\d{12}|\d{9}")


def admitted(store: Store, settings: SigningSettings, person: Person, certificate: bytes) -> Signatory:
    """All checks of a person's certificate (DER), online. Raises Refused `certificate_…`, PartAway, PartMissing."""
    with noted(store, [person], certificate):
        with store.read() as tx:
            trust = trust_of(tx, settings.trust)
            fit(certificate)
            _theirs(tx, person, certificate)
        return may_sign(certificate, trust, network_of(settings))


def presented(store: Store, person: Person, certificate: bytes) -> None:
    """The checks that ask no authority, before anything is sent to be prepared. Raises Refused `certificate_…`."""
    with noted(store, [person], certificate), store.read() as tx:
        fit(certificate)
        _theirs(tx, person, certificate)


def still_admitted(tx: Transaction, settings: SigningSettings, person: Person, signature: Signature) -> None:
    """Rule 3, when a value comes back: what asks nobody else. Raises Refused `certificate_…`, PartMissing."""
    half, certificate = signature.prepared or {}, prepared_with(signature)
    loaded = fit(certificate)
    _theirs(tx, person, certificate)
    trust = trust_of(tx, settings.trust).at(datetime.now(UTC))
    chain = [Certificate.load(base64.b64decode(one)) for one in half.get("chain", [])]
    if not reached(loaded, (*chain, *trust.others), trust.signers):
        raise refused(
            8,
            "untrusted",
            "Nơi cấp chứng thư số này vừa bị thôi tin cậy cho chữ ký mới. Hãy hỏi người quản trị.",
            "The authority of this certificate is no longer trusted for new signatures. Ask the administrator.",
        )


def paired(tx: Transaction, person: Person, certificate: bytes) -> bool:
    """A person's agent shows a certificate (DER): checks 1 and 10 to 12, and whether an administrator has to be asked, which
    then is done. Raises Refused `certificate_…`.
    """
    book = Bindings(tx.connection)
    belongs_to(certificate, person.name, book.citizen_id(person.id))
    fingerprint = hashlib.sha256(certificate).hexdigest()
    known = book.get(person.id, fingerprint)
    if known is not None or not _to_be_asked(tx, person, certificate):
        return False
    book.ask(person.id, fingerprint, certificate)
    tx.audit.add(person.login, "ask_binding", person.id, sha256=fingerprint)
    return True


class ClaimDesk:
    """What an administrator sees of certificates that people paired, and answers (rule 2)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listed(self) -> list[Claim]:
        """Those that wait for an answer first."""
        with self._store.read() as tx:
            book = Bindings(tx.connection)
            people, numbers = {one.id: one for one in tx.people.listed()}, book.citizen_ids()
            return [_claim(one, people[one.person_id], numbers.get(one.person_id)) for one in book.listed()]

    def answer(self, person_id: str, sha256: str, actor: str, *, confirmed: bool) -> None:
        """Say whether a certificate is a person's. Raises Refused `no_claim`."""
        with self._store.write() as tx:
            book = Bindings(tx.connection)
            binding = book.get(person_id, sha256)
            if binding is None:
                raise Refused("no_claim", "Không có chứng thư này để xác nhận.", "There is no such certificate to confirm.")
            book.answer(binding, actor, confirmed=confirmed)
            number = citizen_id(load(binding.certificate))
            if confirmed and number and book.citizen_id(person_id) is None:
                book.set_citizen_id(person_id, number)
            tx.audit.add(actor, "confirm_binding" if confirmed else "deny_binding", person_id, sha256=sha256)
            tx.events.add("signing", person_id=person_id, certificate="confirmed" if confirmed else "denied")

    def set_number(self, person_id: str, text: str, actor: str) -> None:
        """Write down the number of a person's identity card; nothing: it is not known. Raises Refused `number`."""
        number = re.sub(r"[\s.]", "", text)
        if number and not _NUMBER.fullmatch(number):
            raise Refused("number", "Số CCCD có 12 chữ số (CMND cũ: 9).", "An identity number has 12 digits (the old one: 9).")
        with self._store.write() as tx:
            Bindings(tx.connection).set_citizen_id(person_id, number or None)
            tx.audit.add(actor, "set_identity_number", person_id, known=bool(number))


def _claim(binding: Binding, person: Person, number: str | None) -> Claim:
    certificate = load(binding.certificate)
    return Claim(
        person.id,
        person.login,
        person.name,
        number,
        binding.sha256,
        common_name(certificate),
        citizen_id(certificate),
        face_of(certificate).issuer,
        certificate.not_valid_after,
        binding.asked_at,
        binding.confirmed,
        binding.answered_at,
        binding.answered_by,
    )


def _theirs(tx: Transaction, person: Person, certificate: bytes) -> None:
    """Rules 1 and 2."""
    book = Bindings(tx.connection)
    number = book.citizen_id(person.id)
    belongs_to(certificate, person.name, number)
    known = book.get(person.id, hashlib.sha256(certificate).hexdigest())
    if known is not None and known.confirmed is False:
        raise refused(
            13,
            "denied",
            "Người quản trị đã trả lời rằng chứng thư số này không phải của bạn. Cắm đúng USB ký số của bạn rồi ghép lại.",
            "An administrator has said that this certificate is not yours. Plug in your own token and pair again.",
        )
    if (known is None or known.confirmed is None) and _to_be_asked(tx, person, certificate):
        raise refused(
            13,
            "unconfirmed",
            "Chứng thư số này chờ người quản trị xác nhận là của bạn (Quản trị → Chứng thư). Việc này chỉ làm một lần.",
            "This certificate waits for an administrator to confirm that it is yours (Administration → Certificates). Once is "
            "enough.",
        )


def _to_be_asked(tx: Transaction, person: Person, certificate: bytes) -> bool:
    """Rule 2."""
    loaded, number = load(certificate), Bindings(tx.connection).citizen_id(person.id)
    if citizen_id(loaded) is not None and number is not None:
        return False
    if citizen_id(loaded) is not None or number is not None:
        return True
    return any(one.id != person.id and one.active and bears(loaded, one.name) for one in tx.people.listed())


@contextmanager
def noted(store: Store, whose: list[Person], certificate: bytes) -> Iterator[None]:
    """Rule 4. `whose`: the person, as soon as it is known."""
    try:
        yield
    except NotFit as error:
        if whose:
            with store.write() as tx:
                note(tx, whose[0], certificate, error)
        raise


def note(tx: Transaction, person: Person, certificate: bytes, why: NotFit) -> None:
    """Rule 4, where the transaction is at hand."""
    fingerprint = hashlib.sha256(certificate).hexdigest()
    tx.audit.add(person.login, ACT, person.id, sha256=fingerprint, code=why.message.code, check=why.check)


def prepared_with(signature: Signature) -> bytes:
    """The certificate (DER) in a prepared half."""
    half: dict[str, Any] = signature.prepared or {}
    return base64.b64decode(half["certificate"])
