"""Renewing a proof: one more document timestamp, long before the last one ends.

1. The bytes are those of the register, the last timestamp is over all of them, its certificates hold and none is revoked, by what
   is fetched now. One that has ended can be followed by another, and nothing complains, but the file is never proven again.
2. The service's next stamp will hold longer than the last one; otherwise the work waits until it has a newer certificate.
3. The evidence about the old stamp and the new one are one revision, which leaves everything before it as it is.
4. Our own verdict passes the result, as of now and as of the day after the old stamp has ended.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.status import SignatureCoverageLevel

from domain.errors import Broken, PartAway, Refused
from domain.lasting import MONTH, Ends
from domain.signatures import Verdict
from signing.archive import Services, sample, write_last
from signing.asked import Recently, chain_of
from signing.digests import Digests
from signing.evidence import stamps_these_bytes, stored_certificates
from signing.network import network_of
from signing.pdf import reading_pdf
from signing.quickened import quicken
from signing.reading import Reader, Signature
from signing.revision import CHUNK
from signing.rfc3161 import service
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.tokens import Token, ends, token_of
from signing.trust import TrustList
from signing.upgrade import evidence
from signing.verify import verify_as_of

_SAMPLE_HOLDS = timedelta(minutes=10)
"""How long a service is believed to stamp as it did; stamps cost money."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Extended:
    """How the proof of a file ended `before`, and ends `after`. `begun`: digests of what it begins with, if that is still so."""

    before: Ends
    after: Ends
    begun: Digests | None


class Renewer:
    """Renews files. Keeps nothing but what the service's stamps were like, and what was said of its chains, lately; `clock` says
    what time it is.
    """

    def __init__(self, settings: SigningSettings, clock: Callable[[], datetime], trust: Callable[[], TrustList]) -> None:
        """`trust`: the list as it is whenever it is asked for."""
        self._settings = settings
        self._clock = clock
        self._trust = trust
        self._sunsets = Sunsets(settings.sunsets)
        self._lately: tuple[datetime, Token] | None = None
        self._recently = Recently()

    @property
    def now(self) -> datetime:
        """What time it is."""
        return self._clock()

    @property
    def before(self) -> datetime:
        """What ends by then is due."""
        return self._clock() + self._settings.renew_months * MONTH

    @property
    def soon(self) -> datetime:
        """What ends by then should have been renewed: half of the time for it is over."""
        return self._clock() + self._settings.renew_months / 2 * MONTH

    def last(self, path: Path) -> Ends:
        """How the proof in a file ends. Raises Broken `renewal_altered` for one without a document timestamp, PartMissing."""
        with path.open("rb") as file, reading_pdf():
            reader = Reader(file, Digests(file))
            stamp = _last(reader)
            return ends(token_of(stamp.signed_data), _known(reader, self._trust()), self._sunsets)

    def renew(self, source: Path, target: Path, sha256: str) -> Ends:
        """Writes `target`: `source`, of that SHA-256 (hex), with one more timestamp; returns how its proof ends.

        Raises Broken `renewal_altered`, `renewal_too_late`, `renewal_not_proven`; PartAway, PartMissing.
        """
        moment = self._clock()
        done = self.extend(source, target, sha256)
        old, new = done.before, done.after
        moments = (moment, min(old.dates + _DAY, new.dates - _DAY))
        for at, found in zip(moments, verify_as_of(target, self._trust(), moments, begun=done.begun), strict=True):
            if found.verdict is not Verdict.PASSED:
                raise _not_proven(at)
        return new

    def extend(self, source: Path, target: Path, sha256: str) -> Extended:
        """As `renew`, but for our verdict on the result (rules 1 to 3)."""
        quicken()
        settings = self._settings
        services = Services(self._trust(), network_of(settings), service(settings), self._clock())
        shutil.copyfile(source, target)
        with target.open("r+b") as file:
            digests = Digests(file)
            if digests.whole("sha256") != sha256:
                raise _altered()
            old, new = asyncio.run(self._write(file, digests, services))
            return Extended(old, new, digests if _begins_with(file, source) else None)

    async def _write(self, file: BinaryIO, digests: Digests, services: Services) -> tuple[Ends, Ends]:
        with reading_pdf():
            reader = Reader(file, digests)
            last = _last(reader)
            known = _known(reader, services.trust)
            if last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE or not stamps_these_bytes(last):
                raise _altered()
        old = ends(token_of(last.signed_data), known, self._sunsets)
        chain = chain_of(last, services.trust)
        asked = self._recently.about(chain, services.now)
        answers = (asked.ocsps, asked.crls) if asked else ()
        async with services.network.context(services.trust, services.moment, *answers) as context:
            try:
                paths = list(asked.paths) if asked else await evidence(last, context)
            except Refused as error:
                raise _too_late(old, services.now) from error
            guess = await self._sample(services)
            self._check_longer(ends(guess, known, self._sunsets), old, services.now)
            token = await write_last(reader, services, context, paths, guess)
            if asked is None:
                self._recently.remember(chain, context, paths, services.now)
        self._lately = (services.now, token)
        new = ends(token, known, self._sunsets)
        self._check_longer(new, old, services.now)
        return old, new

    async def _sample(self, services: Services) -> Token:
        if self._lately is None or not timedelta(0) <= services.now - self._lately[0] <= _SAMPLE_HOLDS:
            self._lately = (services.now, await sample(services))
        return self._lately[1]

    def _check_longer(self, new: Ends, old: Ends, moment: datetime) -> None:
        """Rule 2."""
        if not new.longer_than(old, moment, self.before):
            raise PartAway(
                "tsa_not_newer",
                f"Dịch vụ cấp dấu thời gian chưa có chứng thư dùng được lâu hơn ({new.what}, đến {new.at:%d/%m/%Y}); việc gia "
                "hạn chờ. Hãy hỏi nhà cung cấp dịch vụ khi nào có chứng thư mới.",
                f"The time-stamp service has no certificate yet that holds longer ({new.what}, until {new.at:%Y-%m-%d}); the "
                "renewal waits. Ask the service's provider when it will have a new one.",
                moment + _DAY,
            )


def _known(reader: PdfFileReader, trust: TrustList) -> list[Certificate]:
    return [*trust.roots, *trust.others, *stored_certificates(reader)]


def _last(reader: Reader) -> Signature:
    """The newest signature in the file, which must be a document timestamp; the others need not be read for that."""
    fields = [(name, field.get_object()) for name, _, field in enumerate_sig_fields(reader)]
    filled = [(name, field) for name, field in fields if "/V" in field]
    if filled:
        name, field = max(filled, key=lambda one: reader.xrefs.get_introducing_revision(one[1].raw_get("/V").reference))
        last = Signature(reader, field, name)
        if last.sig_object_type == "/DocTimeStamp":
            return last
    raise _altered()


def _begins_with(file: BinaryIO, source: Path) -> bool:
    """Read from both: whoever writes might have written elsewhere than at the end."""
    file.seek(0)
    with source.open("rb") as before:
        return all(file.read(len(block)) == block for block in iter(partial(before.read, CHUNK), b""))


def _altered() -> Broken:
    return Broken(
        "renewal_altered",
        "Tệp đã lưu bị thay đổi nên không gia hạn bằng chứng được. Khôi phục từ bản sao lưu rồi bấm “Thử lại”.",
        "The kept file is altered, so its proof cannot be renewed. Restore it from the backup, then press “Try again”.",
    )


def _too_late(old: Ends, moment: datetime) -> Broken:
    over = old.dates <= moment
    vi = f"hết hạn ngày {old.dates:%d/%m/%Y}" if over else "bị thu hồi hoặc không còn được tin cậy"
    en = f"ended on {old.dates:%Y-%m-%d}" if over else "revoked, or trusted no more"
    return Broken(
        "renewal_too_late",
        f"Không gia hạn được bằng chứng: chứng thư của dấu thời gian cuối ({old.authority}) đã {vi}. Bản gốc và chữ ký còn "
        "nguyên. Hãy báo người quản trị.",
        f"The proof cannot be renewed: the certificate of the last time stamp ({old.authority}) is {en}. The original and the "
        "signatures are safe. Call the administrator.",
    )


def _not_proven(at: datetime) -> Broken:
    return Broken(
        "renewal_not_proven",
        f"Bằng chứng vừa gia hạn không đạt kiểm tra (tính đến {at:%d/%m/%Y}). Bản đang lưu còn nguyên. Hãy báo người quản trị.",
        f"The proof just renewed does not pass (as of {at:%Y-%m-%d}). The kept file is as it was. Call the administrator.",
    )
