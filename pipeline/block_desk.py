"""What the administration makes of blocks of signatures, for a process that serves: drawn apart from it."""

from __future__ import annotations

from domain.blocks import Look, SmallPicture
from pipeline.apart import apart


class BlockDesk:
    """See `api.services.BlockTools`."""

    def picture(self, data: bytes) -> SmallPicture:
        """A picture as blocks show it. Raises Refused `picture`."""
        made: SmallPicture = apart("pipeline.block_drawn:picture", data)
        return made

    def shown(self, look: Look) -> bytes:
        """A PNG of an invented person's block. Raises Refused `glyph`."""
        png: bytes = apart("pipeline.block_drawn:shown", look)
        return png
