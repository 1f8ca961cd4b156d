"""Whom the parts of a store trust: each asks anew, so that a change of the list counts at once in every process."""

from __future__ import annotations

from pipeline.settings import Settings
from pipeline.wiring import signing_settings
from signing.trust import TrustList
from signing.trusted import TrustDesk
from storage.store import Store


def trust_desk(opened: Store, settings: Settings) -> TrustDesk:
    """The list, for those who look at it and change it."""
    return TrustDesk(opened, signing_settings(opened, settings))


def trusted(opened: Store, settings: Settings) -> TrustList:
    """The list as it is now. Nobody where none is given: files can be judged without, nothing can be signed."""
    return trust_desk(opened, settings).known()
