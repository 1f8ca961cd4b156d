"""Proof for decades: what is needed to judge every signature later, and a document timestamp over all of it (B-LTA).

1. What is known of a signer's certificate must have been issued when the signature was there already (EN 319 102-1, 5.2.5.4): an
   older answer could not know of a theft of the key that was told since. Until there is one the work waits.
2. An OCSP responder that does not know a certificate says nothing good of it, whatever a CRL says: the work waits.
3. Refused where it can no longer help: a signature without its own timestamp, a revoked or expired certificate of a signer.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import collect_validation_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from domain.errors import PartAway, Refused
from signing.archive import Services, ocsp_away, write_last
from signing.digests import Digests
from signing.network import AWAY, Network
from signing.pdf import reading_pdf
from signing.published import answers
from signing.reading import Reader
from signing.timestamps import Timestamps
from signing.tokens import Token, token_of
from signing.trust import TrustList


def prove(  # noqa: PLR0917 - told in the order in which they are needed
    source: Path,
    target: Path,
    trust: TrustList,
    network: Network,
    timestamps: Timestamps,
    moment: datetime | None = None,
) -> Token:
    """Writes `target`: `source`, whose signatures are B-T, with the last revision, as of `moment` (None: now); returns its stamp.

    Raises Refused `too_late` or `not_signed`, Unreadable, PartAway if an authority or the time-stamp service does not answer, or
    does not answer as it must.
    """
    shutil.copyfile(source, target)
    return asyncio.run(_prove(target, Services(trust, network, timestamps, moment)))


async def _prove(path: Path, services: Services) -> Token:
    with path.open("r+b") as file:
        with reading_pdf():
            reader = Reader(file, Digests(file))
            signatures = list(reader.embedded_signatures)
            stamps = {one.field_name: _stamp(one) for one in _signed(reader)}
        async with services.network.context(services.trust, services.moment) as context:
            paths = [path for one in signatures for path in await evidence(one, context)]
            for one in reader.embedded_regular_signatures:
                _check_fresh(one.signer_cert, stamps[one.field_name].time, context)
            return await write_last(reader, services, context, paths, list(stamps.values())[-1])


def _signed(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    found = list(reader.embedded_regular_signatures)
    if not found:
        raise Refused("not_signed", "Tài liệu chưa có chữ ký nào.", "The document has no signature.")
    return found


def _stamp(signature: EmbeddedPdfSignature) -> Token:
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            return token_of(attribute["values"][0]["content"])
    raise _too_late("một chữ ký không có dấu thời gian", "a signature has no timestamp of its own")


async def evidence(signature: EmbeddedPdfSignature, context: ValidationContext) -> list[ValidationPath]:
    """Fetches what is needed to judge a signature, or a document timestamp, into `context`; returns the chains.

    Raises PartAway, Refused `too_late`.
    """
    try:
        found: list[ValidationPath] = await collect_validation_info(signature, context)
    except (*AWAY, InsufficientRevinfoError) as error:
        if any(one.unknown for one in answers(signature.signer_cert, context)):
            raise _unknown() from error
        raise ocsp_away() from error
    except (PathBuildingError, PathValidationError) as error:
        raise _too_late(
            "một chứng thư đã bị thu hồi, hết hạn hoặc không được tin cậy", "a certificate is revoked, expired or untrusted"
        ) from error
    return found


def _check_fresh(certificate: Certificate, signed: datetime, context: ValidationContext) -> None:
    """Rules 1 and 2; whole seconds, since many authorities know no less."""
    found = answers(certificate, context)
    if any(one.unknown for one in found):
        raise _unknown()
    if not any(one.at >= signed.replace(microsecond=0) for one in found):
        raise PartAway(
            "evidence_early",
            "Tình trạng chứng thư số mà nhà cung cấp công bố còn cũ hơn chữ ký; bằng chứng dài hạn chờ bản công bố mới.",
            "What the authority has published about the certificate is older than the signature; the long-term proof waits for "
            "its next publication.",
            min((one.next_at for one in found if one.next_at), default=None),
        )


def _unknown() -> PartAway:
    return PartAway(
        "ocsp_unknown",
        "Nhà cung cấp chứng thư trả lời rằng không biết chứng thư này; bằng chứng dài hạn chờ. Hãy hỏi nhà cung cấp.",
        "The certification authority answers that it does not know this certificate; the long-term proof waits. Ask it why.",
    )


def _too_late(vi: str, en: str) -> Refused:
    return Refused(
        "too_late",
        f"Không thể tạo bằng chứng dài hạn: {vi}. Tài liệu phải được ký lại.",
        f"Long-term proof is no longer possible: {en}. The document must be signed again.",
    )
