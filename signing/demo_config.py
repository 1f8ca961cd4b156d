"""The public key infrastructure of the demo, as certomancer's configuration: who there is, and what is issued to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

ARCH = "demo"
OWN_KEYS = ("root", "ica", "ocsp", "tsa")
"""Keys the authority holds itself; signers' keys stay in their tokens."""


@dataclass(frozen=True, slots=True)
class DemoSigner:
    """Somebody with a token. `label` names token and key; `key` is one that `demo_tokens.py` makes.

    `state`: `good`, `revoked` or `expired`.
    """

    label: str
    name: str
    key: str = "rsa"
    state: str = "good"


def configuration(signers: Sequence[DemoSigner], url: str, born: datetime) -> dict[str, Any]:
    """What certomancer reads. The same arguments give the same certificates, byte for byte; new signers go last."""
    keys = {name: {"path": f"{name}.pem"} for name in OWN_KEYS}
    public = {one.label: {"path": f"{one.label}.pub.pem", "public-only": True} for one in signers}
    return {
        "external-url-prefix": url,
        "keysets": {ARCH: {"path-prefix": "keys", "keys": {**keys, **public}}},
        "pki-architectures": {
            ARCH: {
                "keyset": ARCH,
                "entity-defaults": {"country-name": "VN", "organization-name": "Lưu Ký – MÔI TRƯỜNG THỬ"},
                "entities": {
                    "root": {"common-name": "Lưu Ký Demo Root CA"},
                    "ica": {"common-name": "Lưu Ký Demo CA"},
                    "ocsp": {"common-name": "Lưu Ký Demo OCSP"},
                    "tsa": {"common-name": "Lưu Ký Demo TSA"},
                    **{one.label: {"common-name": one.name} for one in signers},
                },
                "certs": {**_own_certificates(born), **{one.label: _certificate(one, born) for one in signers}},
                "services": _services(),
            }
        },
    }


def _own_certificates(born: datetime) -> dict[str, Any]:
    authority = [_critical("basic_constraints", {"ca": True}), _usage("digital_signature", "key_cert_sign", "crl_sign")]
    service = [_usage("digital_signature")]
    return {
        "root": {"subject": "root", "issuer": "root", "validity": _years(born, 20), "extensions": authority},
        "ica": {"issuer": "root", "validity": _years(born, 15), "extensions": [*authority, _crl("root")]},
        "ocsp": {
            "issuer": "ica",
            "validity": _years(born, 15),
            "extensions": [*service, _critical("extended_key_usage", ["ocsp_signing"]), {"id": "ocsp_no_check"}],
        },
        "tsa": {
            "issuer": "root",
            "validity": _years(born, 5),
            "extensions": [*service, _critical("extended_key_usage", ["time_stamping"]), _crl("root")],
        },
    }


def _certificate(signer: DemoSigner, born: datetime) -> dict[str, Any]:
    value: dict[str, Any] = {
        "issuer": "ica",
        "validity": _years(born - timedelta(days=800), 2) if signer.state == "expired" else _years(born, 3),
        "extensions": [
            _usage("digital_signature", "non_repudiation"),
            _crl("ica"),
            {
                "id": "authority_information_access",
                "smart-value": {
                    "schema": "aia-urls",
                    "params": {"ocsp-responder-names": ["ica"], "ca-issuer-links": [{"repo": "ica"}]},
                },
            },
        ],
    }
    if signer.state == "revoked":
        value["revocation"] = {"revoked-since": born.isoformat(), "reason": "key_compromise"}
    return value


def _services() -> dict[str, Any]:
    return {
        "ocsp": {"ica": {"for-issuer": "ica", "responder-cert": "ocsp", "signing-key": "ocsp"}},
        "crl-repo": {
            "root": {"for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P30D"},
            "ica": {"for-issuer": "ica", "signing-key": "ica", "simulated-update-schedule": "P1D"},
        },
        "cert-repo": {
            "root": {"for-issuer": "root", "publish-issued-certs": True},
            "ica": {"for-issuer": "ica", "publish-issued-certs": True},
        },
        "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
    }


def _years(start: datetime, years: int) -> dict[str, str]:
    return {"valid-from": start.isoformat(), "valid-to": (start + timedelta(days=365 * years)).isoformat()}


def _critical(name: str, value: object) -> dict[str, Any]:
    return {"id": name, "critical": True, "value": value}


def _usage(*usages: str) -> dict[str, Any]:
    return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": list(usages)}}


def _crl(issuer: str) -> dict[str, Any]:
    return {"id": "crl_distribution_points", "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": [issuer]}}}
