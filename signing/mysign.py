"""Viettel MySign as a `Provider`: the Consortium's interface 1.0.4 with a login of its own and approval in the phone's app.

After public descriptions; not tried against the live service. `credentials/authorize` answers when the person has approved.
"""

from __future__ import annotations

from signing.csc import Csc, Manner
from signing.csc_authorization import Kept, Token, token_of
from signing.service import Service

LOGIN = "/v1/login"


class MySignLogin(Kept):
    """A token for each user, given to our name, password and profile."""

    def __init__(self, service: Service, client: str, secret: str, profile: str) -> None:
        super().__init__()
        self._service, self._client, self._secret, self._profile = service, client, secret, profile

    def _key(self, user: str) -> str:
        return user

    def _fresh(self, user: str, old: Token | None) -> Token:  # noqa: ARG002
        body = {"client_id": self._client, "client_secret": self._secret, "profile_id": self._profile, "user_id": user}
        return token_of(self._service, self._service.post(LOGIN, body))


def mysign(service: Service, login: MySignLogin, approval: float = 180.0, pause: float = 1.0) -> Csc:
    """The provider. `approval`: seconds that the person may take."""
    return Csc(service, login, Manner(name="mysign", tells=False, door=LOGIN, lists=True, approval=approval, pause=pause))
