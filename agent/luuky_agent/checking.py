"""What you see is what you sign: each document is checked against what the token is asked to sign, before any PIN.

1. The signature's hole is the only part of the file left out: the ByteRange in the file says so and covers it to the end.
2. The SHA-256 over the rest is the digest in the job.
3. The signed attributes are those of a PDF signature over that digest and nothing more.
4. They bind the signature to the certificate in this token (signing-certificate-v2).
"""

from __future__ import annotations

import hashlib
import re

from asn1crypto import cms, tsp

from luuky_agent.errors import AgentError
from luuky_agent.job import Item

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_ALLOWED = frozenset({"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"})


def check(item: Item, document: bytes, certificate: bytes) -> None:
    """Raises AgentError `mismatch` for the first rule that does not hold. `certificate`: DER of the token's own."""
    if not _covers(item, document):
        raise _mismatch("1")
    digest = hashlib.sha256(memoryview(document)[: item.start])
    digest.update(memoryview(document)[item.end :])
    if digest.digest() != item.digest:
        raise _mismatch("2")
    try:
        found = {one["type"].native: one["values"] for one in cms.CMSAttributes.load(item.attributes, strict=True)}
        if not set(found) <= _ALLOWED or found["content_type"][0].native != "data":
            raise _mismatch("3")
        if found["message_digest"][0].native != item.digest:
            raise _mismatch("3")
        binding = found["signing_certificate_v2"][0]["certs"][0]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _mismatch("3") from error
    _check_binding(binding, item, certificate)


def _check_binding(binding: tsp.ESSCertIDv2, item: Item, certificate: bytes) -> None:
    algorithm = binding["hash_algorithm"]["algorithm"].native
    same = algorithm == "sha256" and binding["cert_hash"].native == hashlib.sha256(certificate).digest()
    if not same or item.certificate != certificate:
        raise _mismatch("4")


def _covers(item: Item, document: bytes) -> bool:
    """Rule 1. The last ByteRange in the file is this signature's: a signature's own revision is the last."""
    found = _BYTE_RANGE.findall(document)
    if not found:
        return False
    first, second, length = (int(number) for number in found[-1])
    hole = document[item.start : item.end]
    whole = first == item.start and second == item.end and second + length == len(document)
    return whole and hole[:1] == b"<" and hole[-1:] == b">" and not hole[1:-1].strip(b"0")


def _mismatch(rule: str) -> AgentError:
    return AgentError(
        "mismatch",
        f"Tài liệu tải về không khớp với nội dung sẽ ký (điều {rule}). Không ký tài liệu này. Hãy báo người quản trị.",
        f"The document does not match what would be signed (rule {rule}). It will not be signed. Tell the administrator.",
    )
