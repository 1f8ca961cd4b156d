"""Two readings of the same page made one: of each place, the words that are surer."""

from __future__ import annotations

from collections.abc import Sequence

from domain.pages import Box, Word

_SAME_PLACE = 0.3
"""Part of the smaller word's area from which two words stand in the same place."""
_SURE_ENOUGH = 0.4
"""Confidence from which a word that only one reading saw is believed."""


def merged(first: Sequence[Word], second: Sequence[Word]) -> list[Word]:
    """The words of `first`; those of `second` where nothing stands, or where they are surer than all they replace."""
    kept = list(first)
    for word in second:
        rivals = [other for other in kept if _overlap(word.box, other.box) > _SAME_PLACE]
        least = max((rival.confidence for rival in rivals), default=_SURE_ENOUGH)
        if len(rivals) <= 1 and word.confidence > least:
            kept = [other for other in kept if other not in rivals]
            kept.append(word)
    return kept


def _overlap(one: Box, other: Box) -> float:
    smaller = min(one.area, other.area)
    return one.shared(other) / smaller if smaller > 0 else 0.0
