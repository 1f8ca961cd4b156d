"""The choice of judges, of PDF/A and of signatures. Apart from `wiring.py`, since most commands need none of them."""

from __future__ import annotations

from functools import cache, partial

from pdfa.pikepdf_check import PikepdfCheck
from pdfa.validator import Validator
from pdfa.verapdf import VeraPdf
from pipeline.court import Court, Examiner
from pipeline.server_key import server_key
from pipeline.settings import Settings
from pipeline.verifying import Verifier, in_register
from pipeline.wiring import signing_settings, store
from pipeline.wiring_trust import trusted
from signing.desk import SigningDesk
from signing.network import network_of
from signing.trust import TrustList
from storage.store import Store


def validators(settings: Settings) -> tuple[Validator, ...]:
    """The judges of PDF/A, the best first."""
    judges: list[Validator] = [VeraPdf(settings.pdfa)] if settings.pdfa.verapdf else []
    return (*judges, PikepdfCheck())


def verifier(opened: Store, settings: Settings) -> Verifier:
    """The judge of the store's own documents."""
    return Verifier(partial(trusted, opened, settings), validators(settings), opened, sunsets=settings.signing.sunsets)


def verifier_for(settings: Settings, trust: TrustList | None, *, online: bool) -> Verifier:
    """The judge of any file: with `trust` by that alone and no register, otherwise the store's trust list and register."""
    network = network_of(settings.signing) if online else None
    if trust is not None:
        return Verifier(trust, validators(settings), None, network, settings.signing.sunsets)
    opened = store(settings)
    return Verifier(partial(trusted, opened, settings), validators(settings), opened, network, settings.signing.sunsets)


def court(settings: Settings) -> Court:
    """The judges of files that people bring, each a process; to be called before there are threads and connections."""
    return Court(settings.storage.data / "judging", partial(_in_court, settings))


def _in_court(settings: Settings, trust: TrustList) -> Verifier:
    return Verifier(trust, _kept(settings), sunsets=settings.signing.sunsets)


@cache
def _kept(settings: Settings) -> tuple[Validator, ...]:
    return validators(settings)


def examiner(judges: Court, opened: Store, settings: Settings) -> Examiner:
    """How the web has files judged that people bring: by the store's register and its trust list as they are then."""
    return Examiner(judges, partial(trusted, opened, settings), partial(in_register, opened))


def signer(opened: Store, settings: Settings) -> SigningDesk:
    """Both halves of signing."""
    return SigningDesk(opened, signing_settings(opened, settings), server_key(settings.storage.data).private)
