"""The hospital's seal: a key in a PKCS#11 token of this server, which signs whatever it is given, at once.

1. One session serves every batch of a process; a token that was away is looked for again, once.
2. A PIN that was refused is not tried a second time until the file says another, by no process of this machine, after no restart
   (`pin_ledger.py`): three tries lock most tokens.
"""

from __future__ import annotations

import threading
from pathlib import Path

from domain.errors import LuukyError, PartAway, PartMissing, Refused
from signing import outcomes
from signing.keys import Credential, Health, Order, Stage, Told, Transaction, health_of
from signing.pin_ledger import PinLedger
from signing.pkcs11 import Pkcs11Key, look_again
from signing.secret_files import secret
from signing.values import checked, valid_until

MOST = 1000
"""Documents in one batch."""
PIN_SETTING = "LUUKY_SIGNING_SEAL_PIN"


class Seal:
    """A `Provider`. `pin`: the file with the PIN; `ledger`: what was refused. Users are not told apart: who may order the seal is
    settled before.
    """

    name = "seal"

    def __init__(self, module: Path | None, token: str, pin: Path | None, ledger: PinLedger) -> None:
        if module is None or not token:
            raise PartMissing(
                "seal",
                "Chưa cấu hình con dấu số (LUUKY_SIGNING_SEAL_MODULE, LUUKY_SIGNING_SEAL_TOKEN).",
                "No seal is configured (LUUKY_SIGNING_SEAL_MODULE, LUUKY_SIGNING_SEAL_TOKEN).",
            )
        self._module, self._token, self._pin, self._ledger = module, token, pin, ledger
        self._key: Pkcs11Key | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Leave the token."""
        with self._lock:
            self._leave()

    def certificates(self, user: str) -> tuple[Credential, ...]:  # noqa: ARG002 - the seal is everybody's
        """See `Provider`."""
        with self._lock:
            key = self._opened()
            return (Credential(self._token, key.certificate, (), MOST, key.schemes),)

    def begin(self, order: Order, told: Told) -> Transaction:  # noqa: ARG002 - nobody is asked
        """See `Provider`; signs. Asked again it signs again, which does no harm."""
        with self._lock:
            key = self._opened()
            outcomes.settled(order, MOST, key.schemes)
            if key.certificate != order.certificate:
                raise outcomes.other_certificate()
            values = {item: self._sign(digest, order) for item, digest in order.digests.items()}
        good = checked(order.certificate, order.scheme, order.digests, values)
        return outcomes.opened(self.name, order, self._token, stage=Stage.SIGNED, values=good)

    def send_otp(self, user: str, certificate: bytes) -> None:
        """See `Provider`: there is none."""

    def poll(self, transaction: Transaction, told: Told) -> Transaction:  # noqa: ARG002 - the end was at the beginning
        """See `Provider`."""
        return transaction

    def cancel(self, transaction: Transaction) -> bool:
        """See `Provider`."""
        return transaction.stage is not Stage.SIGNED

    def check(self, user: str = "") -> Health:
        """See `Provider`."""
        try:
            credential = self.certificates(user)[0]
        except LuukyError as error:
            return health_of(error, reachable=isinstance(error, Refused))
        return Health(reachable=True, authenticated=True, valid_until=valid_until(credential.certificate))

    def _sign(self, digest: bytes, order: Order) -> bytes:
        """Rule 1."""
        try:
            return self._opened().sign_digest(digest, order.scheme)
        except PartAway:
            self._leave()
            key = self._opened()
            if key.certificate != order.certificate:
                raise outcomes.other_certificate() from None
            return key.sign_digest(digest, order.scheme)

    def _opened(self) -> Pkcs11Key:
        if self._key is None:
            pin = secret(self._pin, PIN_SETTING)
            try:
                self._key = self._open(pin)
            except PartMissing:
                look_again(self._module)
                self._key = self._found_again(pin)
        return self._key

    def _found_again(self, pin: str) -> Pkcs11Key:
        try:
            return self._open(pin)
        except PartMissing as error:
            raise PartAway("token_away", error.message.vi, error.message.en) from error

    def _open(self, pin: str) -> Pkcs11Key:
        """Rule 2."""
        with self._ledger.trying() as trial:
            if trial.refused(self._token, pin):
                raise Refused(
                    "pin",
                    f"Mã PIN của con dấu số không đúng và không được thử lại. Hãy sửa tệp của {PIN_SETTING}.",
                    f"The PIN of the seal is wrong and is not tried again. Correct the file of {PIN_SETTING}.",
                )
            try:
                return Pkcs11Key(self._module, self._token, pin)
            except Refused as error:
                if error.message.code == "pin":
                    trial.note(self._token, pin)
                raise

    def _leave(self) -> None:
        if self._key is not None:
            self._key.close()
            self._key = None
