"""From what people corrected in this house, words and facts, to lines that the recogniser can learn, document by document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from domain.corrections import taught
from domain.errors import LuukyError
from domain.findings import Facts, Finding, present
from domain.pages import Reading
from filing.printed import as_printed
from ocr.recogniser import Recogniser
from ocr.settings import OcrSettings
from ocr.training.corrections import Correction, samples
from ocr.training.strips import Sample
from storage.store import Store

NO_PLACE, NOT_AS_PRINTED, TEXT_LAYER, UNREADABLE = "no_place", "not_as_printed", "text_layer", "unreadable"
"""Why a correction teaches nothing: it points to no words of the page; what stands there cannot be said; the page was not read
from its picture; the picture is damaged. The others stand in `ocr/training/corrections.py`.
"""
_MOST = 1000
"""Documents at most, the newest: about 300 MB of strips."""


@dataclass
class Gathered:
    """The lines of each document, and how often a correction was left out for what reason."""

    documents: dict[str, list[Sample]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


class Gatherer:
    """Reads corrected pages again."""

    def __init__(self, store: Store, recogniser: Recogniser, settings: OcrSettings) -> None:
        self._store = store
        self._tools = recogniser, settings.dpi

    def gather(self, tell: Callable[[int, int], None]) -> Gathered:
        """Everything there is to learn; `tell(done, all)` counts documents."""
        found = Gathered()
        with self._store.read() as tx:
            named = tx.documents.corrected()
            wanted = sorted({*named, *tx.words.documents()}, reverse=True)[:_MOST]
        for number, document_id in enumerate(wanted, start=1):
            with self._store.read() as tx:
                pages = _words_by_page(tx.pages.reading(document_id))
                left_out = _add_facts(pages, tx.documents.facts(document_id), named.get(document_id, ()))
            found.left_out.update(left_out)
            for page, corrections in pages.items():
                lines, left_out = self._page(document_id, page, corrections)
                found.documents.setdefault(document_id, []).extend(lines)
                found.left_out.update(left_out)
            tell(number, len(wanted))
        return found

    def _page(self, document_id: str, number: int, corrections: list[Correction]) -> tuple[list[Sample], list[str]]:
        with self._store.read() as tx:
            page, reading = tx.pages.get(document_id, number), tx.pages.page_reading(document_id, number)
        if reading is None or reading.engine == "text layer":
            return [], [TEXT_LAYER] * len(corrections)
        try:
            return samples(page.picture(self._store.objects.get(page.image)), reading, corrections, self._tools)
        except LuukyError:
            return [], [UNREADABLE] * len(corrections)


def _words_by_page(reading: Reading) -> dict[int, list[Correction]]:
    found = {page.number: [Correction(one.box, one.read, one.text) for one in taught(page)] for page in reading.pages}
    return {number: corrections for number, corrections in found.items() if corrections}


def _add_facts(pages: dict[int, list[Correction]], facts: Facts, names: Iterable[str]) -> list[str]:
    """What facts teach comes after what words teach: where both tell of a place, the words are nearer to the paper. Returns why
    some teach nothing.
    """
    known: dict[str, Finding[str] | Finding[int]] = {**present(facts.patient), **present(facts.episode)}
    left_out = []
    for name in sorted(names):
        finding = known.get(name)
        if finding is None or not finding.evidence:
            left_out.append(NO_PLACE)
            continue
        printed = as_printed(name, str(finding.value), finding.evidence)
        if printed is None:
            left_out.append(NOT_AS_PRINTED)
        else:
            pages.setdefault(finding.page, []).append(Correction(finding.box, finding.evidence, printed))
    return left_out
