"""Proof for decades: what is needed to judge every signature later, and a document timestamp over all of it (B-LTA).

One last revision holds the DSS (certificates, OCSP answers, CRLs of all signers, authorities and time-stamp services, roots
included) and the document timestamp, which thus covers the whole file. No VRI: it would need a revision after the timestamp.

Refused where it can no longer help: a signature without its own timestamp, a revoked or expired certificate of a signer.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from domain.errors import PartAway, Refused
from signing.first_half import DIGEST
from signing.network import AWAY, Network
from signing.pdf import reading_pdf
from signing.revision import CHUNK, PdfaWriter
from signing.timestamps import Stamper, Timestamps
from signing.trust import TrustList

_TOGETHER = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


def prove(source: Path, target: Path, trust: TrustList, network: Network, timestamps: Timestamps) -> None:
    """Writes `target`: `source`, whose signatures are B-T, with the last revision.

    Raises Refused `too_late` or `not_signed`, Unreadable, PartAway if an authority or the time-stamp service does not answer.
    """
    shutil.copyfile(source, target)
    asyncio.run(_prove(target, trust, network, timestamps))


async def _prove(path: Path, trust: TrustList, network: Network, timestamps: Timestamps) -> None:
    with path.open("r+b") as file:
        with reading_pdf():
            reader = PdfFileReader(file)
            signatures = list(reader.embedded_signatures)
            _check_timestamps(reader.embedded_regular_signatures)
        async with network.context(trust) as context:
            paths = [path for one in signatures for path in await _evidence(one, context)]
            writer = PdfaWriter.from_reader(reader)
            DocumentSecurityStore.supply_dss_in_writer(writer, None, validation_context=context, paths=paths, embed_roots=True)
            await PdfTimeStamper(Stamper(timestamps)).async_timestamp_pdf(
                writer, DIGEST, context, in_place=True, chunk_size=CHUNK, embed_roots=True, dss_settings=_TOGETHER
            )


def _check_timestamps(signatures: list[EmbeddedPdfSignature]) -> None:
    if not signatures:
        raise Refused("not_signed", "Tài liệu chưa có chữ ký nào.", "The document has no signature.")
    for one in signatures:
        kinds = {attribute["type"].native for attribute in one.signer_info["unsigned_attrs"]}
        if "signature_time_stamp_token" not in kinds:
            raise _too_late("một chữ ký không có dấu thời gian", "a signature has no timestamp of its own")


async def _evidence(signature: EmbeddedPdfSignature, context: ValidationContext) -> list[ValidationPath]:
    try:
        found: list[ValidationPath] = await collect_validation_info(signature, context)
    except (*AWAY, InsufficientRevinfoError) as error:
        raise PartAway(
            "ocsp_away",
            "Nhà cung cấp chứng thư không trả lời; bằng chứng dài hạn sẽ được lấy khi dịch vụ trở lại.",
            "A certification authority does not answer; the long-term evidence will be fetched when it is back.",
        ) from error
    except (PathBuildingError, PathValidationError) as error:
        raise _too_late(
            "một chứng thư đã bị thu hồi, hết hạn hoặc không được tin cậy", "a certificate is revoked, expired or untrusted"
        ) from error
    return found


def _too_late(vi: str, en: str) -> Refused:
    return Refused(
        "too_late",
        f"Không thể tạo bằng chứng dài hạn: {vi}. Tài liệu phải được ký lại.",
        f"Long-term proof is no longer possible: {en}. The document must be signed again.",
    )
