"""Whom the parts of a store trust: each asks anew, so that a change of the list counts at once in every process; and what renews
proofs by it.
"""

from __future__ import annotations

from pipeline.settings import Settings
from pipeline.wiring import signing_settings
from signing.renew import Renewer
from signing.trust import TrustList
from signing.trusted import TrustDesk
from storage.clock import now
from storage.store import Store


def trust_desk(opened: Store, settings: Settings) -> TrustDesk:
    """The list, for those who look at it and change it."""
    return TrustDesk(opened, signing_settings(opened, settings))


def trusted(opened: Store, settings: Settings) -> TrustList:
    """The list as it is now. Nobody where none is given: files can be judged without, nothing can be signed."""
    return trust_desk(opened, settings).known()


def renewer(opened: Store, settings: Settings) -> Renewer:
    """Renews proofs."""
    return Renewer(signing_settings(opened, settings), now, trust_desk(opened, settings).trust)
