"""Windows' own key storage (CNG) through its two libraries, as few calls as signing needs.

Structures and constants are those of wincrypt.h, ncrypt.h and bcrypt.h (Windows SDK). The libraries are handed in, so that all
but Windows itself can be tried anywhere.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from ctypes import POINTER, byref, c_int, c_size_t, c_ubyte, c_uint32, c_void_p, c_wchar_p
from dataclasses import dataclass
from typing import Any

PROVIDER_INFO = 2
"""CERT_KEY_PROV_INFO_PROP_ID: a certificate with it has a private key somewhere."""
NCRYPT_ONLY = 0x0004_0000
"""CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG."""
PAD_PKCS1, PAD_PSS = 0x2, 0x8
"""BCRYPT_PAD_PKCS1, BCRYPT_PAD_PSS."""
SHA256 = "SHA256"
"""BCRYPT_SHA256_ALGORITHM."""
ERRORS = {
    0x8009_000D: "NoKey",  # NTE_NO_KEY
    0x8009_0016: "NoKey",  # NTE_BAD_KEYSET
    0x8009_2004: "NoKey",  # CRYPT_E_NOT_FOUND
    0x8009_200B: "NoKey",  # CRYPT_E_NO_KEY_PROPERTY
    0x8009_0008: "MechanismInvalid",  # NTE_BAD_ALGID
    0x8009_0029: "MechanismInvalid",  # NTE_NOT_SUPPORTED
    0x8009_000E: "HostMemory",  # NTE_NO_MEMORY
    0x8009_0010: "0x68",  # NTE_PERM: the key may not sign
    0x8009_0030: "TokenNotPresent",  # NTE_DEVICE_NOT_READY
    0x8009_0035: "TokenNotPresent",  # NTE_DEVICE_NOT_FOUND
    0x8010_000C: "TokenNotPresent",  # SCARD_E_NO_SMARTCARD
    0x8010_001D: "TokenNotPresent",  # SCARD_E_NO_SERVICE
    0x8010_002E: "TokenNotPresent",  # SCARD_E_NO_READERS_AVAILABLE
    0x8010_0069: "DeviceRemoved",  # SCARD_W_REMOVED_CARD
    0x8010_0068: "DeviceError",  # SCARD_W_RESET_CARD
    0x8010_006B: "PinIncorrect",  # SCARD_W_WRONG_CHV
    0x8010_006C: "PinLocked",  # SCARD_W_CHV_BLOCKED
    0x8010_006E: "FunctionCancelled",  # SCARD_W_CANCELLED_BY_USER
    0x8007_04C7: "FunctionCancelled",  # ERROR_CANCELLED
}
"""By status: names of `data/token_errors.csv`."""


class CertContext(ctypes.Structure):
    """CERT_CONTEXT."""

    _fields_ = [
        ("encoding", c_uint32), ("encoded", POINTER(c_ubyte)), ("size", c_uint32), ("info", c_void_p), ("store", c_void_p),
    ]  # fmt: skip


class Pkcs1Padding(ctypes.Structure):
    """BCRYPT_PKCS1_PADDING_INFO."""

    _fields_ = [("algorithm", c_wchar_p)]


class PssPadding(ctypes.Structure):
    """BCRYPT_PSS_PADDING_INFO."""

    _fields_ = [("algorithm", c_wchar_p), ("salt", c_uint32)]


class CngError(Exception):
    """A call that failed. `name`: as in `data/token_errors.csv`, or the status itself."""

    def __init__(self, status: int) -> None:
        self.name = ERRORS.get(status & 0xFFFF_FFFF, f"{status & 0xFFFF_FFFF:#010x}")
        super().__init__(self.name)


@dataclass(frozen=True, slots=True)
class Libraries:
    """crypt32.dll, ncrypt.dll, and where the first leaves its errors."""

    crypt32: Any
    ncrypt: Any
    last_error: Callable[[], int]


def libraries() -> Libraries:
    """Those of this Windows. Raises OSError anywhere else."""
    if sys.platform != "win32":
        raise OSError("there is no CNG outside Windows")
    crypt32, ncrypt = ctypes.WinDLL("crypt32", use_last_error=True), ctypes.WinDLL("ncrypt")
    context = POINTER(CertContext)
    for library, name, result, arguments in (
        (crypt32, "CertOpenSystemStoreW", c_void_p, (c_void_p, c_wchar_p)),
        (crypt32, "CertCloseStore", c_int, (c_void_p, c_uint32)),
        (crypt32, "CertEnumCertificatesInStore", context, (c_void_p, context)),
        (crypt32, "CertFreeCertificateContext", c_int, (context,)),
        (crypt32, "CertGetCertificateContextProperty", c_int, (context, c_uint32, c_void_p, c_void_p)),
        (crypt32, "CryptAcquireCertificatePrivateKey", c_int, (context, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p)),
        (ncrypt, "NCryptSignHash", c_uint32, (c_size_t, c_void_p, c_void_p, c_uint32, c_void_p, c_uint32, c_void_p, c_uint32)),
        (ncrypt, "NCryptFreeObject", c_uint32, (c_size_t,)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return Libraries(crypt32, ncrypt, ctypes.get_last_error)


def certificates(system: Libraries) -> list[bytes]:
    """DER of the person's certificates that have a private key. Raises CngError."""
    return [_der(context) for context in _contexts(system)]


def key_of(system: Libraries, certificate: bytes) -> int:
    """A handle of the certificate's key, to be let go with `free`. Raises CngError."""
    for context in _contexts(system):
        if _der(context) == certificate:
            key, kind, ours = c_size_t(), c_uint32(), c_int()
            given = (context, NCRYPT_ONLY, None, byref(key), byref(kind), byref(ours))
            if not system.crypt32.CryptAcquireCertificatePrivateKey(*given):
                raise CngError(system.last_error())
            return key.value
    raise CngError(0x8009_2004)


def sign(system: Libraries, key: int, digest: bytes, padding: Pkcs1Padding | PssPadding | None) -> bytes:
    """The value over a SHA-256 digest: of RSA with a padding, of ECDSA (r and s side by side) without. Raises CngError."""
    flags = PAD_PKCS1 if isinstance(padding, Pkcs1Padding) else PAD_PSS if isinstance(padding, PssPadding) else 0
    told = byref(padding) if padding is not None else None
    data = (c_ubyte * len(digest)).from_buffer_copy(digest)
    size = c_uint32()
    _done(system.ncrypt.NCryptSignHash(key, told, data, len(digest), None, 0, byref(size), flags))
    value = (c_ubyte * size.value)()
    _done(system.ncrypt.NCryptSignHash(key, told, data, len(digest), value, size.value, byref(size), flags))
    return bytes(value[: size.value])


def free(system: Libraries, key: int) -> None:
    """Let a key go."""
    system.ncrypt.NCryptFreeObject(key)


def _contexts(system: Libraries) -> Iterator[Any]:
    """The contexts of "MY" that have a key; each lives until the next is asked for."""
    store = system.crypt32.CertOpenSystemStoreW(None, "MY")
    if not store:
        raise CngError(system.last_error())
    context = None
    try:
        while context := system.crypt32.CertEnumCertificatesInStore(store, context):
            size = c_uint32()
            if system.crypt32.CertGetCertificateContextProperty(context, PROVIDER_INFO, None, byref(size)):
                yield context
    finally:
        if context:
            system.crypt32.CertFreeCertificateContext(context)
        system.crypt32.CertCloseStore(store, 0)


def _der(context: Any) -> bytes:
    return ctypes.string_at(context.contents.encoded, context.contents.size)


def _done(status: int) -> None:
    if status:
        raise CngError(status)
