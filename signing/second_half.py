"""The second half of a signature: check the value that came back, wrap it, add trusted time, and fill the hole (B-T).

1. The value is a signature by the certificate's key over the prepared attributes, made in the very way that was asked for.
2. The file is still the prepared one: the same digest outside the hole, and the hole is empty.
3. A signature timestamp is there before anything is written: a signature without one can never be proven later.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from asn1crypto import cms
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest

from domain.errors import Broken, Refused
from signing.first_half import DIGEST, external_signer
from signing.prepared import PreparedSignature
from signing.revision import CHUNK
from signing.timestamps import Stamper, Timestamps
from signing.values import fits


def complete_revision(
    path: Path, prepared: PreparedSignature, value: bytes, timestamps: Timestamps, moment: datetime | None = None
) -> None:
    """Fills the hole of the file at `path` in place, as of `moment` (None: now). `value`: over the attributes, by the prepared
    scheme.

    Raises Refused `wrong_signature`, Broken `altered` or `no_room`, PartAway; then the file is as it was.
    """
    check_value(prepared, value)
    asyncio.run(_complete(path, prepared, value, Stamper(timestamps, moment)))


def check_value(prepared: PreparedSignature, value: bytes) -> None:
    """Rule 1. Raises Refused `wrong_signature`."""
    digest = hashlib.sha256(prepared.attributes).digest()
    if not fits(prepared.certificate, prepared.scheme, digest, value):
        raise Refused(
            "wrong_signature",
            "Chữ ký nhận được không khớp với tài liệu và chứng thư số. Hãy ký lại tài liệu này.",
            "The signature that came back does not fit the document and the certificate. Sign this document again.",
        )


async def _complete(path: Path, prepared: PreparedSignature, value: bytes, stamper: Stamper) -> None:
    with path.open("r+b") as file:
        if not _as_prepared(file, prepared):
            raise Broken(
                "altered",
                "Tệp đã chuẩn bị để ký bị thay đổi. Hãy gửi tài liệu đi ký lại.",
                "The file prepared for signing was altered. Send the document for signing again.",
            )
        signer = external_signer(prepared.certificate, prepared.chain, prepared.scheme, value)
        attributes = cms.CMSAttributes.load(prepared.attributes)
        signature = await signer.async_sign_prescribed_attributes(DIGEST, attributes, timestamper=stamper)
        try:
            PreparedByteRangeDigest(prepared.digest, prepared.start, prepared.end).fill_with_cms(file, signature)
        except SigningError as error:
            raise Broken(
                "no_room",
                "Chữ ký kèm chứng thư và dấu thời gian lớn hơn chỗ dành sẵn trong tệp. Hãy báo người quản trị.",
                "The signature with certificates and time stamp is larger than its place in the file. Call the administrator.",
            ) from error


def _as_prepared(file: BinaryIO, prepared: PreparedSignature) -> bool:
    """Rule 2."""
    digest = hashlib.sha256()
    for start, end in ((0, prepared.start), (prepared.end, file.seek(0, 2))):
        file.seek(start)
        left = end - start
        while left > 0 and (block := file.read(min(left, CHUNK))):
            digest.update(block)
            left -= len(block)
    file.seek(prepared.start)
    hole = file.read(prepared.end - prepared.start)
    return digest.digest() == prepared.digest and not hole.strip(b"<0>")
