"""Until when algorithms are trusted: ETSI TS 119 312 V1.5.1, clause 7 and 8, with the dates that the EU's DSS 6.4 has of it.

Names: the digest (`sha256`), `rsa` (PKCS #1 v1.5), `rsa-pss`, `ecdsa`, each with a least size of key in bits where that matters
(`rsa-pss/3000`). What is not listed has no known end. A house may set dates of its own (`LUUKY_SIGNING_SUNSETS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate

from domain.errors import Refused

NEVER = datetime.max.replace(tzinfo=UTC)
_OVER = datetime(2019, 10, 1, tzinfo=UTC)
_LEGACY = datetime(2029, 1, 1, tzinfo=UTC)
TABLE: Mapping[str, datetime] = {
    "md5": datetime(2004, 8, 1, tzinfo=UTC),
    "sha1": datetime(2012, 8, 1, tzinfo=UTC),
    "sha224": _LEGACY,
    "rsa": _OVER,
    "rsa/1900": _LEGACY,
    "rsa-pss": _OVER,
    "rsa-pss/1900": _LEGACY,
    "rsa-pss/3000": NEVER,
    "ecdsa": datetime(2021, 10, 1, tzinfo=UTC),
    "ecdsa/256": NEVER,
}
DIGESTS = ("sha256", "sha512")
_FAMILIES = {"rsassa_pkcs1v15": "rsa", "rsassa_pss": "rsa-pss"}


class Sunsets:
    """The table, with a house's own dates: `sha256=2035-01-01`. Raises Refused `setting` for one that is none."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._dates = {**TABLE, **dict(map(_dated, own))}

    def of(self, name: str, bits: int = 0) -> datetime:
        """When an algorithm ends, by the entry with the greatest least size that a key of so many bits has."""
        sized = [(_least(entry), date) for entry, date in self._dates.items() if entry.partition("/")[0] == name]
        return max((one for one in sized if one[0] <= bits), default=(0, NEVER))[1]

    def of_signature(self, algorithm: SignedDigestAlgorithm, signer: Certificate, digest: str) -> tuple[datetime, str]:
        """When a signature by the key of `signer` ends, and the name of what ends first: its scheme or its digest."""
        scheme, bits = algorithm.signature_algo, signer.public_key.bit_size
        family = _FAMILIES.get(scheme, scheme)
        return min((self.of(family, bits), f"{family}/{bits}"), (self.of(digest), digest))

    def digest(self, moment: datetime) -> str:
        """What to hash with: the first of `DIGESTS` that has not ended at `moment`."""
        return next((name for name in DIGESTS if self.of(name) > moment), DIGESTS[-1])


def _dated(text: str) -> tuple[str, datetime]:
    name, _, date = text.partition("=")
    try:
        return name.strip().lower(), datetime.fromisoformat(date.strip()).replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused(
            "setting",
            f"LUUKY_SIGNING_SUNSETS: “{text}” không có dạng thuật toán=ngày.",
            f"LUUKY_SIGNING_SUNSETS: “{text}” is not an algorithm=date, such as sha256=2035-01-01.",
        ) from error


def _least(entry: str) -> int:
    return int(entry.partition("/")[2] or 0)
