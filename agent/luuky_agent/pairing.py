"""Pairing: a code from the doctor's screen makes this computer the doctor's desk."""

from __future__ import annotations

import base64
import platform
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from luuky_agent import server, settings
from luuky_agent.drawer import Drawer
from luuky_agent.errors import AgentError, away
from luuky_agent.keys import TokenCertificate
from luuky_agent.settings import Desk


def pair(place: Path, code: str, wanted: Desk, label: str | None) -> Desk:
    """Pair this desk and remember it. `wanted`: where, and with which driver; the server tells the rest. The certificate in the
    token (named `label`, if several) goes along. Raises AgentError.
    """
    certificate = _certificate(wanted, label)
    key = ec.generate_private_key(ec.SECP256R1())
    body: dict[str, Any] = {
        "code": code.strip().upper().replace("-", ""),
        "name": platform.node(),
        "public_key": server.public_text(key),
    }
    if certificate is not None:
        body["certificate"] = base64.b64encode(certificate.certificate).decode()
    answer = server.pair(wanted.server, wanted.authority, body)
    told = {name: str(answer[name]) for name in ("device", "person", "server_key")}
    desk = replace(wanted, **told)
    settings.save(place, desk, key)
    return desk


def _certificate(wanted: Desk, label: str | None) -> TokenCertificate | None:
    """The one certificate that can sign now. None if no token or driver is there yet: it can be paired again later."""
    try:
        with Drawer(wanted.module, wanted.helper) as drawer:
            found = [one for one in drawer.certificates() if one.valid and label in (None, one.label)]
    except AgentError as error:
        if wanted.module is not None or label is not None or error.code not in ("no_module", "module"):
            raise
        return None
    if label is not None and not found:
        raise away("token_missing", f"Không thấy USB ký số tên {label}.", f"There is no token named {label}.")
    if len(found) > 1:
        raise AgentError(
            "which_token",
            "Có nhiều chứng thư: chỉ cắm một USB, hoặc chọn bằng --token TÊN (" + ", ".join(one.label for one in found) + ").",
            "There are several certificates: plug in one token, or choose with --token NAME.",
        )
    return next(iter(found), None)
