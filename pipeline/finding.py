"""What a look at a part of the installation found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """About one part: `state` is `ok`, `warning`, `away` or `missing`; `detail_vi` says in a sentence for people who are no
    engineers what was seen, what is wrong and what to do, `detail` the same in English.
    """

    part: str
    state: str
    detail_vi: str
    detail: str
