"""Back through the timestamps over a document (after EN 319 102-1, 5.6.2.2 and 5.6.3): from the moment at which a file is judged
to the first timestamp over a signature.

1. A timestamp that holds at a moment, and covers its whole revision, proves that what came before it was there at its own time:
   what is older is judged as of then. One that does not hold proves nothing; what is older than it is passed by nobody.
2. What is known of revocation counts from when it is proven to have been there: it cannot be younger than that, and the
   certificate of its issuer had not ended by then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.evidence import Evidence, ended_by, stamped_at, together


@dataclass(frozen=True, slots=True)
class Known:
    """As of which `moment` something is judged, with what evidence. `since`: the revision of the timestamp that proves it, and
    None where nothing does but the judge's own clock. `broken`: a timestamp that came later does not hold.
    """

    moment: datetime
    evidence: Evidence
    since: int | None = None
    broken: bool = False


class Slide:
    """One for a file and a moment; `parts` is what each revision brought, `holds` whether a timestamp holds by what is known."""

    def __init__(
        self,
        stamps: Sequence[EmbeddedPdfSignature],
        parts: Mapping[int, Evidence],
        moment: datetime,
        holds: Callable[[EmbeddedPdfSignature, Known], Awaitable[bool]],
    ) -> None:
        self._left = list(stamps)
        self._parts = parts
        self._certificates = together(parts.values()).certificates
        self._holds = holds
        self._steps: list[tuple[int | None, datetime]] = [(None, moment)]
        self._known: Known | None = None

    async def back_to(self, revision: int) -> Known:
        """What is known where a revision came to be. Asked for the newest first. Bad evidence raises what bad files do."""
        self._known = self._known or self._now()
        while self._left and self._left[-1].signed_revision > revision:
            stamp = self._left.pop()
            if await self._holds(stamp, self._known):
                self._steps.append((stamp.signed_revision, stamped_at(stamp.signed_data)))
                self._known = replace(self._now(), broken=self._known.broken)
            else:
                self._known = replace(self._known, broken=True)
        return self._known

    def _now(self) -> Known:
        since, moment = self._steps[-1]
        proven = [(part, self._proof_of(revision)) for revision, part in self._parts.items()]
        ended = {at: ended_by(at, self._certificates) for at in {at for _, at in proven}}
        return Known(moment, together(part.issued_by(at).proven_by(at, ended[at]) for part, at in proven), since)

    def _proof_of(self, revision: int) -> datetime:
        """When a revision is proven to have been there."""
        return next(moment for since, moment in reversed(self._steps) if since is None or since >= revision)
