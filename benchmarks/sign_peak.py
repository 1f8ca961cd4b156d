"""The memory that signing takes: python -m benchmarks.sign_peak AUTHORITY CHART, a process of its own for `benchmarks.sign`.

Prints the peak in MiB after importing, and after a signature from its field to B-LTA and our own verdict.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from signing.appearance import Block
from signing.certificates import may_sign
from signing.demo_authority import load, module
from signing.fields import prepare_fields
from signing.first_half import SignatureSpec, prepare_revision
from signing.network import Network
from signing.pkcs11 import Pkcs11Key
from signing.rfc3161 import Rfc3161
from signing.second_half import complete_revision
from signing.trust import load_trust
from signing.upgrade import prove
from signing.verify import verify_file


def peak() -> int:
    """Of this program alone: `getrusage` would count what its parent had when it was started."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) // 1024


def main(home: Path, chart: Path) -> None:
    authority, imported = load(home), peak()
    trust, network, stamps = load_trust(authority.trust), Network(10), Rfc3161(authority.tsa_url)
    token = authority.tokens[0]
    signatory = may_sign(token.certificate, trust, network)
    with tempfile.TemporaryDirectory() as name, Pkcs11Key(module(), token.signer.label, token.pin) as key:
        fields, signed, proven = (Path(name) / part for part in ("fields.pdf", "signed.pdf", "proven.pdf"))
        prepare_fields(chart, fields, ["TacGia"])
        asked = SignatureSpec("TacGia", Block(signatory.name, "Người lập hồ sơ", datetime(2026, 1, 1, tzinfo=UTC)))
        half = prepare_revision(fields, signed, signatory, asked)
        complete_revision(signed, half, key.sign(half.attributes), stamps)
        prove(signed, proven, trust, network, stamps)
        verdict = verify_file(proven, trust).verdict
        assert verdict == "passed", verdict
    print(imported, peak())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
