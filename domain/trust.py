"""Whom a house trusts: certificates of authorities, for what, since when and until when."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import Message


class Purpose(enum.StrEnum):
    """What an authority is trusted for."""

    SIGNERS = "signers"
    STAMPS = "stamps"
    BOTH = "both"

    @property
    def signers(self) -> bool:
        """Certificates of persons and organisations."""
        return self is not Purpose.STAMPS

    @property
    def stamps(self) -> bool:
        """Certificates of time-stamp services."""
        return self is not Purpose.SIGNERS


@dataclass(frozen=True, slots=True)
class Trusted:
    """An entry of the list. `sha256` (hex) of `certificate` (DER) names it.

    `until`: no longer trusted for what is made from then on; what was made before stays proven. `removed`: not trusted for
    anything. `ended_*` say who decided so, when and why. `added_at` None: it is in the folder that the settings name.
    """

    sha256: str
    certificate: bytes
    purpose: Purpose
    added_at: datetime | None
    added_by: str
    reason: str
    until: datetime | None = None
    removed: bool = False
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_reason: str | None = None

    @property
    def given(self) -> bool:
        """Whether the settings gave it, and nobody here."""
        return self.added_at is None


@dataclass(frozen=True, slots=True)
class Face:
    """What can be seen of an authority's certificate. `key`: such as `RSA 2048`; `digest`: what it was signed with (`sha256`).

    `root`: it is its own issuer, so that trust begins with it; otherwise it only helps to build chains.
    """

    sha256: str
    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    key: str
    digest: str
    root: bool
    authority: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A certificate that somebody wants to add: `wrong` says why it cannot be, `notes` what to look at before."""

    certificate: bytes
    face: Face
    wrong: Message | None = None
    notes: tuple[Message, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Claim:
    """A certificate that somebody paired, beside their account, for an administrator to say whether it is theirs.

    `number`, `known_number`: of the identity card, as the certificate and as the account has it; None: neither says.
    `confirmed`: the answer; None: not yet.
    """

    person_id: str
    login: str
    account: str
    known_number: str | None
    sha256: str
    name: str
    number: str | None
    issuer: str
    ends: datetime
    asked_at: datetime
    confirmed: bool | None
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Rests:
    """How many documents' newest proofs rest on an authority, and of how many that is not known yet."""

    documents: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it is shown."""

    entry: Trusted
    face: Face

    def standing(self, moment: datetime) -> str:
        """`removed`, `withdrawn` (no longer for new ones), `ended` (its certificate has), or `trusted`."""
        if self.entry.removed:
            return "removed"
        if self.entry.until is not None and self.entry.until <= moment:
            return "withdrawn"
        return "ended" if self.face.ends <= moment else "trusted"


def alarms(listed: list[Listed], moment: datetime, soon: datetime) -> list[Message]:
    """Authorities that are still trusted for new signatures and whose certificates end by `soon`; the first to end first."""
    active = [one for one in listed if one.standing(moment) in ("trusted", "ended")]
    late = sorted((one for one in active if one.face.ends <= soon), key=lambda one: one.face.ends)
    found = [_ends(one.face, moment) for one in late]
    if not any(one.standing(moment) == "trusted" and one.face.root for one in listed):
        found.insert(0, NOBODY)
    return found


NOBODY = Message(
    "trust_empty",
    "Chưa tin cậy chứng thư gốc nào nên không ai ký được. Thêm chứng thư gốc ở Quản trị → Nơi tin cậy.",
    "No root certificate is trusted, so nobody can sign. Add one in Administration → Trust.",
)


def _ends(face: Face, moment: datetime) -> Message:
    over = face.ends <= moment
    return Message(
        "trust_ended" if over else "trust_ends_soon",
        f"Chứng thư {face.subject} {'đã hết hạn' if over else 'sẽ hết hạn'} ngày {face.ends:%d/%m/%Y}. Xin nơi cấp bản mới và "
        "thêm ở Quản trị → Nơi tin cậy; nếu không thì sẽ không ký mới được.",
        f"The certificate {face.subject} {'ended' if over else 'ends'} on {face.ends:%Y-%m-%d}. Get the new one from its "
        "authority and add it in Administration → Trust, or new signatures will not be possible.",
    )
