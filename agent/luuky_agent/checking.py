"""What you see is what you sign: each document is checked against what the token is asked to sign, before any PIN.

1. The signature's hole is the only part of the file left out: it is the /Contents of a signature, empty, and the ByteRange in the
   file leaves out nothing else and reaches the end.
2. The SHA-256 over the rest is the digest in the job.
3. The signed attributes are those of a PDF signature over that digest and nothing more.
4. They bind the signature to one certificate, that of the job and of this token (signing-certificate-v2).
5. What is shown later is byte for byte what was checked (`batch.py`).
"""

from __future__ import annotations

import hashlib
import re

from asn1crypto import cms, tsp

from luuky_agent.errors import AgentError
from luuky_agent.job import Item

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_WANTED = frozenset({"content_type", "message_digest", "signing_certificate_v2"})


def check(item: Item, document: bytes, certificate: bytes) -> None:
    """Raises AgentError `mismatch` for the first rule that does not hold. `certificate`: DER of the token's own."""
    if not _covers(item, document):
        raise mismatch("1")
    digest = hashlib.sha256(memoryview(document)[: item.start])
    digest.update(memoryview(document)[item.end :])
    if digest.digest() != item.digest:
        raise mismatch("2")
    try:
        found = {one["type"].native: one["values"] for one in cms.CMSAttributes.load(item.attributes, strict=True)}
        if set(found) != _WANTED or any(len(values) != 1 for values in found.values()):
            raise mismatch("3")
        if found["content_type"][0].native != "data" or found["message_digest"][0].native != item.digest:
            raise mismatch("3")
        bindings = found["signing_certificate_v2"][0]["certs"]
        binding, others = bindings[0], len(bindings) - 1
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise mismatch("3") from error
    if others:
        raise mismatch("4")
    _check_binding(binding, item, certificate)


def _check_binding(binding: tsp.ESSCertIDv2, item: Item, certificate: bytes) -> None:
    algorithm = binding["hash_algorithm"]["algorithm"].native
    same = algorithm == "sha256" and binding["cert_hash"].native == hashlib.sha256(certificate).digest()
    if not same or item.certificate != certificate:
        raise mismatch("4")


def _covers(item: Item, document: bytes) -> bool:
    """Rule 1. The last ByteRange in the file is this signature's: a signature's own revision is the last."""
    found = _BYTE_RANGE.findall(document)
    if not found:
        return False
    first, second, length = (int(number) for number in found[-1])
    hole = document[item.start : item.end]
    whole = first == item.start and second == item.end and second + length == len(document)
    before = document[max(item.start - 64, 0) : item.start].rstrip()
    return whole and before.endswith(b"/Contents") and hole[:1] == b"<" and hole[-1:] == b">" and not hole[1:-1].strip(b"0")


def mismatch(rule: str) -> AgentError:
    """What is said of a document that is not what would be signed."""
    return AgentError(
        "mismatch",
        f"Tài liệu tải về không khớp với nội dung sẽ ký (điều {rule}). Không ký tài liệu này. Hãy báo người quản trị.",
        f"The document does not match what would be signed (rule {rule}). It will not be signed. Tell the administrator.",
    )
