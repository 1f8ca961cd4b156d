"""Makes the file of a certified copy: the pages of a kept document, signed with the hospital's seal. Keeps nothing.

1. The kept file is never touched: what is signed is made of its pages anew, and names its SHA-256.
2. The copy is proven like any other signed file, and judged. What does not pass is not given away.
3. Made again it is another file: whoever asks sees to it that one of them is issued.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from domain.copies import CopyRequest
from domain.errors import Broken
from domain.signatures import Verdict
from signing.batch import Waiting, order_for
from signing.copy_field import FIELD, CopyBlock, add_copy_field
from signing.fields import Drawing
from signing.first_half import SignatureSpec, prepare_revision
from signing.keys import Provider, Told
from signing.network import network_of
from signing.rfc3161 import service
from signing.sealing import seal_with
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.trust import TrustList
from signing.upgrade import prove
from signing.verify import verify_file


@dataclass(frozen=True, slots=True)
class Derived:
    """What a copy is made of: the file, which pages (from 1), and what it says about itself."""

    source: Path
    pages: Sequence[int]
    title: str
    copy_id: str
    sha256: str
    kind_code: str | None
    made: datetime


@dataclass(frozen=True, slots=True)
class CopyMaker:
    """`derive` writes the file to be signed; `draw` tells where a page has ink; `judged` whether a file is PDF/A, if known."""

    settings: SigningSettings
    providers: Callable[[str], Provider]
    derive: Callable[[Derived, Path], None]
    draw: Drawing
    judged: Callable[[Path], bool | None]

    def make(self, wanted: Derived, request: CopyRequest, trust: TrustList, folder: Path) -> Path:
        """The copy, a file in `folder`. Raises Unreadable and Broken for what cannot be copied; PartAway, PartMissing and Refused
        where the seal or the service of time cannot be used now.
        """
        self.derive(wanted, folder / "derived.pdf")
        seal, network, timestamps = self.providers("seal"), network_of(self.settings), service(self.settings)
        _, signatory, scheme = seal_with(seal, "", trust, self.settings)
        block = CopyBlock(request.form.words, signatory.name, wanted.made)
        add_copy_field(folder / "derived.pdf", folder / "field.pdf", block.size, self.draw)
        reason = f"{request.form.words} từ tệp có SHA-256 {wanted.sha256}. Nơi nhận: {request.recipient}"
        spec = SignatureSpec(FIELD, block, reason)
        half = replace(prepare_revision(folder / "field.pdf", folder / "signed.pdf", signatory, spec), scheme=scheme)
        order = order_for(wanted.copy_id, "", [Waiting(wanted.copy_id, folder / "signed.pdf", half)])
        complete_revision(folder / "signed.pdf", half, seal.begin(order, Told()).values[wanted.copy_id], timestamps)
        prove(folder / "signed.pdf", folder / "proven.pdf", trust, network, timestamps)
        verdict = verify_file(folder / "proven.pdf", trust)
        if verdict.verdict is not Verdict.PASSED or self.judged(folder / "proven.pdf") is False:
            raise Broken(
                "copy_not_valid",
                "Bản sao vừa tạo không đạt kiểm tra nên không được cấp. Hãy báo người quản trị.",
                "The copy just made does not pass its checks and is not issued. Call the administrator.",
            )
        return folder / "proven.pdf"
