"""Pairing: a code from the doctor's screen makes this computer the doctor's desk."""

from __future__ import annotations

import base64
import platform
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from luuky_agent import modules, server, settings
from luuky_agent.errors import AgentError, away
from luuky_agent.settings import Desk
from luuky_agent.token import Token, TokenCertificate


def pair(place: Path, code: str, address: str, *, module: str | None, label: str | None, authority: str | None) -> Desk:
    """Pair this desk and remember it. The certificate in the token (named `label`, if several) goes along. Raises AgentError."""
    certificate = _certificate(module, label)
    key = ec.generate_private_key(ec.SECP256R1())
    body = {"code": code.strip().upper().replace("-", ""), "name": platform.node(), "public_key": server.public_text(key)}
    if certificate is not None:
        body["certificate"] = base64.b64encode(certificate.certificate).decode()
    answer = server.pair(address, authority, body)
    desk = Desk(address, str(answer["device"]), str(answer["person"]), str(answer["server_key"]), module, authority)
    settings.save(place, desk, key)
    return desk


def _certificate(module: str | None, label: str | None) -> TokenCertificate | None:
    """The one certificate that can sign now. None if no token or driver is there yet: it can be paired again later."""
    try:
        with Token(modules.find(module)) as token:
            found = [one for one in token.certificates() if one.valid and label in (None, one.label)]
    except AgentError as error:
        if module is not None or label is not None:
            raise
        if error.code in ("no_module", "module"):
            return None
        raise
    if label is not None and not found:
        raise away("token_missing", f"Không thấy USB ký số tên {label}.", f"There is no token named {label}.")
    if len(found) > 1:
        raise AgentError(
            "which_token",
            "Có nhiều chứng thư: chỉ cắm một USB, hoặc chọn bằng --token TÊN (" + ", ".join(one.label for one in found) + ").",
            "There are several certificates: plug in one token, or choose with --token NAME.",
        )
    return next(iter(found), None)
