"""How many bits a driver is made for, read from its own header: a 64-bit process cannot load a 32-bit DLL, nor the reverse."""

from __future__ import annotations

import struct
from pathlib import Path

OWN_BITS = struct.calcsize("P") * 8
_PE = {0x014C: 32, 0x01C4: 32, 0x8664: 64, 0xAA64: 64}
"""IMAGE_FILE_MACHINE: I386, ARMNT, AMD64, ARM64 (Microsoft PE format, "Machine Types")."""
_ELF = {1: 32, 2: 64}
"""EI_CLASS (ELF, "ELF Identification")."""


def bits(path: Path) -> int | None:
    """32 or 64; None for a file that cannot be read or is neither PE nor ELF."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
            if head[:4] == b"\x7fELF":
                return _ELF.get(head[4])
            if head[:2] != b"MZ" or len(head) < 64:
                return None
            file.seek(struct.unpack_from("<I", head, 0x3C)[0])
            signature = file.read(6)
    except (OSError, IndexError):
        return None
    if len(signature) < 6 or signature[:4] != b"PE\0\0":
        return None
    return _PE.get(struct.unpack_from("<H", signature, 4)[0])
