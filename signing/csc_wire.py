"""What travels to and from a Cloud Signature Consortium service, as versions 1.0.4 and 2 spell it. Values in, values out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from asn1crypto.algos import RSASSAPSSParams
from asn1crypto.x509 import Certificate

from domain.errors import Refused
from signing.keys import Asks, Credential, Scheme, Told
from signing.settings import CscVersion
from signing.values import SALT, schemes_of

SHA256 = "2.16.840.1.101.3.4.2.1"
RSA = "1.2.840.113549.1.1.1"
RSA_SHA256 = "1.2.840.113549.1.1.11"
RSA_PSS = "1.2.840.113549.1.1.10"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
OVER = frozenset({"expired", "revoked", "suspended"})
"""`cert.status` of a certificate that cannot sign."""
BOUND = "2"
"""`SCAL` of a key whose approval is bound to the hashes."""
PSS_PARAMETERS = base64.b64encode(
    RSASSAPSSParams(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
            "salt_length": SALT,
        }
    ).dump()
).decode()


@dataclass(frozen=True, slots=True)
class Described:
    """A key as `credentials/info` tells of it. `objects`: in version 2, which authentication object asks for what."""

    credential: Credential
    algorithms: tuple[str, ...]
    bound: bool
    objects: Mapping[str, Asks]


def described(version: CscVersion, name: str, info: Mapping[str, Any]) -> Described | None:
    """What is told of the key `name`; None for one that cannot sign now, or cannot be understood."""
    key, cert = _object(info, "key"), _object(info, "cert")
    certificates = _certificates(_list(cert, "certificates"))
    if not certificates or key.get("status") != "enabled" or str(cert.get("status")) in OVER:
        return None
    algorithms = tuple(one for one in _list(key, "algo") if isinstance(one, str))
    try:
        schemes = _schemes(certificates[0], algorithms)
    except Refused:
        return None
    objects = _objects(info) if version is CscVersion.V2 else {}
    asks = _asked_v2(info, objects) if version is CscVersion.V2 else _asked_v1(info)
    many = info.get("multisign")
    credential = Credential(
        name, certificates[0], tuple(certificates[1:]), many if isinstance(many, int) and many > 0 else 1, schemes, asks
    )
    return Described(credential, algorithms, str(info.get("SCAL", "1")) == BOUND, objects)


def authorize(version: CscVersion, key: Described, hashes: Iterable[bytes], told: Told, mark: str) -> dict[str, Any]:
    """The body of `credentials/authorize`. The hashes are always told, so that an approval can be bound to them."""
    listed = [_text(one) for one in hashes]
    body = {
        "credentialID": key.credential.id,
        "numSignatures": len(listed),
        "description": told.description,
        "clientData": mark,
        **_hashes(version, listed),
    }
    if version is CscVersion.V2:
        given = {Asks.PIN: told.pin, Asks.OTP: told.otp}
        objects = [{"id": name, "value": given[asks]} if asks in given else {"id": name} for name, asks in key.objects.items()]
        return {**body, "authData": objects} if objects else body
    pin, otp = Asks.PIN in key.credential.asks, Asks.OTP in key.credential.asks
    return {**body, **({"PIN": told.pin} if pin else {}), **({"OTP": told.otp} if otp else {})}


def extend(version: CscVersion, key: Described, hashes: Iterable[bytes], sad: str) -> dict[str, Any]:
    """The body of `credentials/extendTransaction`."""
    return {"credentialID": key.credential.id, "SAD": sad, **_hashes(version, [_text(one) for one in hashes])}


def sign(version: CscVersion, key: Described, hashes: Iterable[bytes], sad: str, scheme: Scheme) -> dict[str, Any]:
    """The body of `signatures/signHash`."""
    listed = [_text(one) for one in hashes]
    parameters = {"signAlgoParams": PSS_PARAMETERS} if scheme is Scheme.PSS else {}
    body = {"credentialID": key.credential.id, "SAD": sad, "signAlgo": _algorithm(key, scheme), **parameters}
    if version is CscVersion.V2:
        return {**body, "hashes": listed, "hashAlgorithmOID": SHA256}
    return {**body, "hash": listed, "hashAlgo": SHA256}


def challenge(version: CscVersion, key: Described) -> tuple[str, dict[str, Any]]:
    """Path and body that have a one-time password sent."""
    if version is CscVersion.V1:
        return "credentials/sendOTP", {"credentialID": key.credential.id}
    name = next((name for name, asks in key.objects.items() if asks is Asks.OTP), "")
    return "credentials/getChallenge", {"credentialID": key.credential.id, "authObjectID": name}


def visit(version: CscVersion, key: Described, hashes: Iterable[bytes], told: Told) -> dict[str, str]:
    """The parameters of `oauth2/authorize` that tell what is approved there."""
    listed = ",".join(base64.urlsafe_b64encode(one).decode() for one in hashes)
    many = listed.count(",") + 1
    common = {
        "scope": "credential",
        "credentialID": key.credential.id,
        "numSignatures": str(many),
        "description": told.description,
    }
    if version is CscVersion.V2:
        return {**common, "hashes": listed, "hashAlgorithmOID": SHA256}
    return {**common, "hash": listed}


def _hashes(version: CscVersion, listed: list[str]) -> dict[str, Any]:
    return {"hashes": listed, "hashAlgorithmOID": SHA256} if version is CscVersion.V2 else {"hash": listed}


def _algorithm(key: Described, scheme: Scheme) -> str:
    wanted = {Scheme.PSS: (RSA_PSS,), Scheme.ECDSA: (ECDSA_SHA256,), Scheme.PKCS1: (RSA_SHA256, RSA)}[scheme]
    offered = [one for one in wanted if one in key.algorithms]
    return offered[0] if offered else wanted[-1]


def _schemes(certificate: bytes, algorithms: tuple[str, ...]) -> tuple[Scheme, ...]:
    possible = schemes_of(certificate)
    if Scheme.ECDSA in possible:
        return possible
    return (Scheme.PSS, Scheme.PKCS1) if RSA_PSS in algorithms else (Scheme.PKCS1,)


def _asked_v1(info: Mapping[str, Any]) -> frozenset[Asks]:
    match info.get("authMode"):
        case "oauth2code":
            return frozenset({Asks.VISIT})
        case "explicit":
            wanted = {Asks.PIN: "PIN", Asks.OTP: "OTP"}
            return frozenset(
                asks for asks, name in wanted.items() if str(_object(info, name).get("presence")).casefold() == "true"
            )
        case _:
            return frozenset({Asks.PHONE})


def _asked_v2(info: Mapping[str, Any], objects: Mapping[str, Asks]) -> frozenset[Asks]:
    if _object(info, "auth").get("mode") == "oauth2code":
        return frozenset({Asks.VISIT})
    return frozenset(objects.values()) or frozenset({Asks.PHONE})


def _objects(info: Mapping[str, Any]) -> dict[str, Asks]:
    """A password that a device makes, or that answers a challenge, is a one-time one; one given out of band is the phone's."""
    listed = [one for one in _list(_object(info, "auth"), "objects") if isinstance(one, dict) and one.get("id")]
    found = {}
    for one in listed:
        name, kind = str(one["id"]), str(one.get("type"))
        once = kind.startswith("ChallengeResponse") or one.get("generator") or "OTP" in name.upper()
        found[name] = Asks.PHONE if kind.endswith("OOB") else Asks.OTP if once else Asks.PIN
    return found


def _certificates(listed: list[Any]) -> list[bytes]:
    try:
        found = [base64.b64decode("".join(one.split()), validate=True) for one in listed if isinstance(one, str)]
        for one in found:
            Certificate.load(one, strict=True).subject.native  # noqa: B018 - parses lazily
    except (binascii.Error, ValueError, TypeError):
        return []
    return found


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
