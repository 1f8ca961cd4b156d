"""What this room can be told from outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from signing.keys import Scheme


class RsaFirst(StrEnum):
    """How RSA keys sign by preference."""

    PSS = "rsa-pss"
    PKCS1 = "rsa-pkcs1"


class CscVersion(StrEnum):
    """Of the Cloud Signature Consortium's interface."""

    V1 = "v1"
    V2 = "v2"


class CscLogin(StrEnum):
    """How this server makes itself known."""

    CLIENT = "client"
    BASIC = "basic"
    CODE = "code"


AGENTS_TAKE = 200
"""Documents in one job (`docs/reference/signing-job.schema.json`)."""


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Settings of the room that signs."""

    tsa_url: str = ""
    """The RFC 3161 time-stamp service of the certification authority (`http://…` or `https://…`)."""
    trust: Path | None = None
    """Folder with the roots that are trusted from the start, PEM or DER; administrators manage what comes on top."""
    most: int = 200
    """How many documents go to the desk at once, for one PIN: 1 to 200, which is what agents take."""
    rsa: RsaFirst = RsaFirst.PSS
    """How RSA keys sign: `rsa-pss` where the token can (TT 15/2025/TT-BKHCN), else PKCS #1 v1.5; or `rsa-pkcs1` always, for a
    house whose partners' programs cannot read RSA-PSS.
    """
    network_seconds: float = 15.0
    """How long a time-stamp service, an OCSP responder or a CRL server may take to answer."""
    tsa_login: Path | None = None
    """File with `NAME:PASSWORD` for a time-stamp service that asks for them (HTTP Basic, over `https://` only), which only the
    account that runs Lưu Ký may read.
    """
    tsa_ca: Path | None = None
    """PEM file with the authorities that may have issued its TLS certificate; None: the system's."""
    proxy: str = ""
    """HTTP proxy that leads to time-stamp services, OCSP responders, CRLs and signing services (`http://HOST:PORT`); empty: none.
    """
    tsa_policy: str = ""
    """The policy that time stamps must be given under, an OID such as `1.3.6.1.4.1.13762.3`; empty: any."""
    tsa_clock_seconds: float = 300.0
    """How far the time in a time stamp may be from this machine's."""
    renew_months: int = 12
    """How long before anything about a document's last time stamp ends it gets another."""
    trust_months: int = 6
    """How long before a trusted authority's certificate ends an administrator is told."""
    renew_per_minute: int = 60
    """How many documents at most are renewed in a minute."""
    sunsets: tuple[str, ...] = ()
    """Ends of algorithms that this house knows better than the table (`signing/sunsets.py`): `sha256=2035-01-01,…`."""
    provider_seconds: float = 30.0
    """How long a signing service may take to answer a question that asks nobody."""
    approval_seconds: float = 180.0
    """How long a signing service may take that answers only when the person has approved."""
    seal_module: Path | None = None
    """PKCS#11 module (`.so`) of the token with the hospital's seal; None: no seal."""
    seal_token: str = ""
    """Label of that token."""
    seal_pin: Path | None = None
    """File with its PIN, which only the account that runs Lưu Ký may read."""
    seal_automatic: bool = True
    """Whether the seal puts itself as soon as the rules name it next; no: who keeps it presses *Đóng dấu*."""
    csc_url: str = ""
    """Cloud Signature Consortium service: what stands before `/csc/v1` or `/csc/v2` (`https://…`); empty: none. Not tried
    against a live service.
    """
    csc_version: CscVersion = CscVersion.V1
    """Its version of the interface: `v1` (1.0.4) or `v2`."""
    csc_login: CscLogin = CscLogin.CLIENT
    """How this server logs in there: `client` (OAuth 2.0 client credentials), `basic` (`auth/login`) or `code` (each person
    at the service's page).
    """
    csc_oauth_url: str = ""
    """What stands before `/oauth2/token` and `/oauth2/authorize`; empty: the service's own path."""
    csc_client: str = ""
    """Our name there."""
    csc_secret: Path | None = None
    """File with our password there, which only the account that runs Lưu Ký may read."""
    csc_ca: Path | None = None
    """PEM file with the authorities that may have issued its TLS certificate; None: the system's."""
    csc_return_url: str = ""
    """Address of ours to which its pages send the browser back, as registered there."""
    csc_tokens: Path | None = None
    """Folder for the persons' refresh tokens; with `code` only."""
    smartca_url: str = ""
    """VNPT SmartCA: what stands before `/v1/credentials/…`; empty: none. Not tried against the live service."""
    smartca_sp: str = ""
    """Our `sp_id` there."""
    smartca_secret: Path | None = None
    """File with our `sp_password` there, which only the account that runs Lưu Ký may read."""
    smartca_ca: Path | None = None
    """PEM file with the authorities that may have issued its TLS certificate; None: the system's."""
    mysign_url: str = ""
    """Viettel MySign: what stands before `/v1/login` and `/csc/v1/…`; empty: none. Not tried against the live service."""
    mysign_client: str = ""
    """Our `client_id` there."""
    mysign_profile: str = "adss:ras:profile:001"
    """Our `profile_id` there."""
    mysign_secret: Path | None = None
    """File with our `client_secret` there, which only the account that runs Lưu Ký may read."""
    mysign_ca: Path | None = None
    """PEM file with the authorities that may have issued its TLS certificate; None: the system's."""

    @property
    def rsa_first(self) -> Scheme:
        """`rsa` as a scheme."""
        return Scheme(self.rsa.value)

    @property
    def at_most(self) -> int:
        """`most`, within what agents take."""
        return min(max(self.most, 1), AGENTS_TAKE)
