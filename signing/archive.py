"""The last revision of a file that is to last: what is needed to judge it (DSS), and a document timestamp over all of it.

Both stand in one revision, so that the timestamp covers the whole file. No VRI: it would need a revision after the timestamp.

The evidence about the service's certificate must be there before its stamp is. Which certificate it will be is guessed from an
earlier stamp; where another one stamps after all, the revision is taken back and written again with the evidence about that.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PreparedByteRangeDigest
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    InvalidCertificateError,
    PathBuildingError,
    PathValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from domain.errors import PartAway
from signing.digests import Digests
from signing.identity import common_name
from signing.network import AWAY, Network
from signing.pdf import reading_pdf
from signing.reading import Reader
from signing.revision import PdfaWriter
from signing.timestamps import Stamper, Timestamps, tsa_away
from signing.tokens import Token, token_of
from signing.trust import TrustList, reached

SLACK = 512
"""Bytes by which a stamp may be larger than the one it was guessed from; what is kept free is read again each time."""
TRIES = 3
"""A service may stamp with several certificates in turn."""


@dataclass(frozen=True, slots=True)
class Services:
    """Whom to trust, how to ask authorities, and who stamps; all of it as of `moment` (None: now)."""

    trust: TrustList
    network: Network
    timestamps: Timestamps
    moment: datetime | None = None

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.moment or datetime.now(UTC)


async def sample(services: Services) -> Token:
    """A stamp over nothing: what the service's stamps are like just now. Raises PartAway."""
    return await _Watched(services).over(secrets.token_bytes(32), "sha256")


async def write_last(
    reader: Reader, services: Services, context: ValidationContext, paths: list[ValidationPath], guess: Token
) -> Token:
    """Appends the revision in place to the file that `reader` has read; `context` and `paths` (more may be added) hold the
    evidence, `guess` is what its stamp may be like.

    Returns the stamp, with the certificates of all chains. Raises Unreadable, PartAway.
    """
    file = reader.stream
    size = file.seek(0, 2)
    known = {certificate.sha256 for path in paths for certificate in path}
    for attempt in range(TRIES):
        if guess.certificate.sha256 not in known:
            paths.append(await _path(guess, context))
            known.add(guess.certificate.sha256)
        _check_vouched(guess, services, [certificate for path in paths for certificate in path])
        with reading_pdf():
            writer = PdfaWriter.from_reader(reader if attempt == 0 else Reader(file, reader.digests))
        DocumentSecurityStore.supply_dss_in_writer(writer, None, validation_context=context, paths=paths, embed_roots=True)
        stamper = _Watched(services, known, reserved := 2 * (guess.size + SLACK))
        try:
            await _append(writer, _Hole(reader.digests, reserved), stamper, services.timestamps.terms.digest)
        except _AnotherError as another:
            file.truncate(size)
            guess = another.token
        else:
            chain = tuple(certificate for path in paths for certificate in path)
            return replace(stamper.got or guess, others=chain)
    raise tsa_away()


def _check_vouched(token: Token, services: Services, known: list[Certificate]) -> None:
    """Who is to stamp now must lead to a root that is trusted for new stamps."""
    trust = services.trust.at(services.now)
    if not reached(token.certificate, (*token.others, *trust.others, *known), trust.stamps):
        raise _untrusted(common_name(token.certificate))


async def _path(token: Token, context: ValidationContext) -> ValidationPath:
    validator = CertificateValidator(token.certificate, intermediate_certs=token.others, validation_context=context)
    try:
        found: ValidationPath = await validator.async_validate_usage(set(), {"time_stamping"})
    except (*AWAY, InsufficientRevinfoError) as error:
        raise ocsp_away() from error
    except (PathBuildingError, PathValidationError, InvalidCertificateError) as error:
        raise _untrusted(common_name(token.certificate)) from error
    return found


def ocsp_away() -> PartAway:
    """What is said when nobody tells whether a certificate still holds."""
    return PartAway(
        "ocsp_away",
        "Nhà cung cấp chứng thư không trả lời; bằng chứng dài hạn sẽ được lấy khi dịch vụ trở lại.",
        "A certification authority does not answer; the long-term evidence will be fetched when it is back.",
    )


def _untrusted(name: str) -> PartAway:
    return PartAway(
        "tsa_untrusted",
        f"Chứng thư của dịch vụ cấp dấu thời gian ({name}) đã hết hạn, bị thu hồi hoặc không được tin cậy; công việc chờ. Hãy "
        "xem Quản trị → Nơi tin cậy và hỏi nhà cung cấp dịch vụ.",
        f"The time-stamp service's certificate ({name}) has ended, is revoked or not trusted; work waits. Look at Administration "
        "→ Trust and ask the service's provider.",
    )


async def _append(writer: IncrementalPdfFileWriter, hole: _Hole, stamper: Stamper, algorithm: str) -> None:
    """Writes the revision in place, and the stamp over all into its hole."""
    writer.ensure_output_version(version=(1, 7))
    writer.register_extension(ESIC_EXTENSION_1)
    field = SigFieldSpec(f"Timestamp-{uuid.uuid4()}", invis_sig_settings=InvisSigSettings(), readable_field_name="Timestamp")
    steps = PdfCMSEmbedder(field).write_cms(field.sig_field_name, writer)
    next(steps)
    steps.send(SigObjSetup(hole))
    prepared, _ = steps.send(SigIOSetup(algorithm, in_place=True))
    steps.send(await stamper.async_timestamp(prepared.document_digest, algorithm))


class _Hole(DocumentTimestamp):
    """For a stamp over a file that grows; what was there before is not hashed again."""

    def __init__(self, digests: Digests, size: int) -> None:
        super().__init__(bytes_reserved=size)  # type: ignore[no-untyped-call]
        self._digests = digests

    def fill(  # type: ignore[override]
        self, writer: IncrementalPdfFileWriter, md_algorithm: str, **_: Any
    ) -> Generator[tuple[PreparedByteRangeDigest, BinaryIO] | bytes, cms.ContentInfo, None]:
        """See the library."""
        file = writer.prev.stream
        writer.write_in_place()
        end = file.tell()
        start, after = self.contents.offsets
        self.byte_range.fill_offsets(file, start, after, end)
        digest = self._digests.grown(file).over((0, start, after, end - after), md_algorithm)
        prepared = PreparedByteRangeDigest(digest, start, after)
        stamp = yield prepared, file
        yield prepared.fill_with_cms(file, stamp)


class _AnotherError(Exception):
    """The stamp that came is not like the one that was expected."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self.token = token


class _Watched(Stamper):
    """Takes only stamps by a certificate that is `known` (SHA-256), and that fit into so many hex digits; None: any."""

    def __init__(self, services: Services, known: set[bytes] | None = None, reserved: int = 0) -> None:
        super().__init__(services.timestamps, services.moment)
        self._known = known
        self._reserved = reserved
        self.got: Token | None = None

    async def over(self, digest: bytes, algorithm: str) -> Token:
        return token_of((await self.async_timestamp(digest, algorithm))["content"])

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        answer = await super().async_timestamp(message_digest, md_algorithm)
        try:
            self.got = token_of(answer["content"])
        except (LookupError, ValueError, AttributeError) as error:
            raise tsa_away() from error
        fits = 2 * len(answer.dump()) <= self._reserved and self.got.certificate.sha256 in (self._known or ())
        if self._known is not None and not fits:
            raise _AnotherError(self.got)
        return answer
