"""The choice of providers of signature values, for the processes that ask them: workers, the dispatcher, the web."""

from __future__ import annotations

from functools import partial

from domain.signers import Sealing
from pipeline.orders import OrderRunner, OrderWatch
from pipeline.preparing import Preparer, to_the_desk
from pipeline.settings import Settings
from pipeline.wiring import sealing, signing_settings
from pipeline.worker_name import owner
from signing.order_desk import OrderDesk
from signing.ordering import Ordering, hand_over, signatory_of
from signing.providers import Providers
from storage.signing import Job
from storage.store import Store, Transaction


def providers(opened: Store, settings: Settings) -> Providers:
    """This process's own."""
    return Providers(signing_settings(opened, settings), settings.storage.data)


def ordering(opened: Store, settings: Settings, asked: Providers) -> Ordering:
    """What a person signs with a provider."""
    return Ordering(opened, signing_settings(opened, settings), asked, owner())


def preparer(opened: Store, settings: Settings, asked: Providers) -> Preparer:
    """Prepares what was sent, for the desk and for providers."""
    signing = signing_settings(opened, settings)
    return Preparer(opened, signing, owner(), hand_over_to, partial(signatory_of, opened, signing, asked))


def runner(opened: Store, settings: Settings, asked: Providers) -> OrderRunner:
    """The worker's part of orders."""
    return OrderRunner(opened, signing_settings(opened, settings), asked, owner())


def watch(opened: Store, settings: Settings) -> OrderWatch:
    """The dispatcher's part of orders."""
    made = ordering(opened, settings, providers(opened, settings))
    return OrderWatch(made, seals_itself=sealing(opened, settings) is Sealing.ITSELF)


def desk(opened: Store, settings: Settings) -> OrderDesk:
    """What screens do about orders, and about the seal."""
    asked = providers(opened, settings)
    return OrderDesk(ordering(opened, settings, asked), asked, sealing(opened, settings))


def hand_over_to(tx: Transaction, job: Job) -> None:
    """A job that is ready goes to the person's provider, or to the agent on the desk."""
    if not hand_over(tx, job):
        to_the_desk(tx, job)
