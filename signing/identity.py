"""Who a certificate says its owner is: a person's name and number, or an organisation.

Vietnamese authorities write the number of the identity card into the subject's UID or serial number, as `CCCD:001…`, `CMND:…`,
`CMND/CCCD: …`, ETSI's `IDCVN-…` or `PNOVN-…` (EN 319 412-1, 5.1.3), or bare; an organisation's tax code as `MST:…`, or in
`organizationIdentifier` (`VATVN-…`, `MST:…`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from asn1crypto.x509 import Certificate, Name, NameTypeAndValue

from domain.names import has_tones, same_name, same_without_tones
from domain.text import fold, squeeze

_NUMBERED = ("serial_number", "user_id")
_CARD = re.compile(r"(?:cccd|cmnd|cmt|cc|id|idcvn|pnovn)[\s:./-]*(\d{12}|\d{9})(?!\d)")
_BARE_CARD = re.compile(r"0\d{11}")
_TAX = re.compile(r"(?:mst|vatvn|taxvn|ntrvn)[\s:./-]*\d{10}")
_TITLES = frozenset(
    {"bs", "ths", "ts", "pgs", "gs", "ck1", "ck2", "cki", "ckii", "bsck1", "bsck2", "bscki", "bsckii", "bsnt", "dd", "ktv"}
    | {"ds", "dsck1", "dsck2", "dscki", "dsckii", "cndd"}
)
"""Words before a name, folded."""
_SHORT = {
    "common_name": "CN", "surname": "SN", "given_name": "GN", "organization_name": "O", "organizational_unit_name": "OU",
    "country_name": "C", "state_or_province_name": "ST", "locality_name": "L", "street_address": "STREET", "user_id": "UID",
    "domain_component": "DC",
}  # fmt: skip
"""As OpenSSL calls them too; others by their names in X.520, such as `serialNumber`."""
_SPELT = (("bac", "si"), ("thac", "si"), ("tien", "si"), ("duoc", "si"), ("dieu", "duong"))


def common_name(certificate: Certificate) -> str:
    """What its owner is called."""
    return called(certificate.subject)


def called(name: Name) -> str:
    """The CN of a distinguished name, else the whole of it."""
    return next(_values(name, "common_name"), "") or distinguished(name)


def distinguished(name: Name) -> str:
    """A distinguished name as a string, the last part first (RFC 4514): `CN=BS. A,O=Bệnh viện Đa khoa Sông Mây,C=VN`."""
    return ",".join("+".join(map(_part, relative)) for relative in reversed(list(name.chosen)))


def _part(one: NameTypeAndValue) -> str:
    """RFC 4514, 2.3 and 2.4; a kind that has no name keeps its number, and its value as it is encoded."""
    kind = str(one["type"].native)
    if kind == one["type"].dotted:
        return f"{kind}=#{one['value'].dump().hex().upper()}"
    first, *others = kind.split("_")
    return f"{_SHORT.get(kind) or first + ''.join(map(str.capitalize, others))}={_escaped(str(one['value'].native))}"


def _escaped(value: str) -> str:
    inner = "".join(map(_letter, value))
    inner = f"\\{inner}" if value.startswith(("#", " ")) else inner
    return f"{inner[:-1]}\\ " if value.endswith(" ") and len(value) > 1 else inner


def _letter(one: str) -> str:
    if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp"):  # what would break a line or turn it round
        return "".join(f"\\{byte:02X}" for byte in one.encode())
    return f"\\{one}" if one in '"+,;<>\\' else one


def citizen_id(certificate: Certificate) -> str | None:
    """The number of the owner's identity card, 12 digits or the old 9; None where the certificate names none."""
    for value in (one for name in _NUMBERED for one in _values(certificate.subject, name)):
        plain = fold(value)
        found = _CARD.search(plain)
        if found:
            return found.group(1)
        if _BARE_CARD.fullmatch(plain.strip()):
            return plain.strip()
    return None


def of_organisation(certificate: Certificate) -> bool:
    """Whether it is an organisation's own, such as a hospital's seal, and no person's."""
    if citizen_id(certificate) is not None or any(_values(certificate.subject, "surname")):
        return False
    taxed = any(_TAX.search(fold(value)) for name in _NUMBERED for value in _values(certificate.subject, name))
    named = squeeze(common_name(certificate)).casefold()
    same = any(squeeze(one).casefold() == named for one in _values(certificate.subject, "organization_name"))
    return taxed or same or any(_values(certificate.subject, "organization_identifier"))


def bears(certificate: Certificate, person: str) -> bool:
    """Whether its name is the person's: the same words in the same order, titles and what stands in brackets aside.

    Tones count, where a tone stands does not; a certificate whose name was typed without any is compared without.
    """
    own, name = bare_name(common_name(certificate)), bare_name(person)
    if not own or not name:
        return False
    return same_name(own, name) or (not has_tones(own) and same_without_tones(own, name))


def bare_name(text: str) -> str:
    """A name without titles before it, and without what follows behind a bracket, a comma or a dash with spaces."""
    words = re.split(r"[(\[,;]|\s[-–]\s", squeeze(text))[0].replace(".", ". ").split()
    while words and (words[0].endswith(".") or fold(words[0]) in _TITLES or _spelt(words)):
        words = words[_spelt(words) or 1 :]
    return " ".join(words)


def _spelt(words: list[str]) -> int:
    """How many of the first words are a title that is spelt out."""
    first = tuple(fold(word) for word in words[:2])
    return 2 if first in _SPELT else 0


def _values(name: Name, kind: str) -> Iterator[str]:
    for relative in name.chosen:
        for pair in relative:
            if pair["type"].native == kind:
                yield str(pair["value"].native)
