"""The keeper (`keeper.py`) of those who take files in: what opens and unpacks them may kill or never end."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from domain.errors import Broken
from ingest import refusals
from ingest.attached import Attached, unpack
from ingest.inspect import Inspection, inspect
from ingest.settings import IngestSettings
from pipeline.keeper import Keeper
from pipeline.page_pool import Died


class Guard(Keeper):
    """A keeper that knows what is asked of it when a file comes in."""

    def inspect(self, path: Path, settings: IngestSettings, seconds: float) -> Inspection:
        """As `ingest.inspect`; a file that kills what looks at it is refused too."""
        try:
            return self.do([partial(inspect, path, settings)], seconds)
        except Died:
            raise refusals.deadly() from None

    def unpack(self, path: Path, folder: Path, settings: IngestSettings, seconds: float) -> tuple[Attached, ...]:
        """As `ingest.attached`; of a file that kills what unpacks it, nothing is taken out."""
        try:
            return self.do([partial(unpack, path, folder, settings)], seconds)
        except Died:
            return ()


def killed() -> Broken:
    """What to say of a file that kills what works on it, though it could be opened."""
    return Broken(
        "killed_process",
        "Tệp này làm chương trình dừng đột ngột hoặc chạy mãi không xong, nên không có gì được ghi. Hãy quét hoặc xuất lại tệp.",
        "The file made the program stop or go on for ever; nothing was written. Scan it again, or export it again.",
    )
