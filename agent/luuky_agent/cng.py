"""Windows' own key storage through its libraries, as few calls as signing needs: CNG, and CryptoAPI for keys of older drivers.

Structures and constants are those of wincrypt.h, ncrypt.h and bcrypt.h (Windows SDK). The libraries are handed in, so that all
but Windows itself can be tried anywhere. Many tokens bring a CryptoAPI provider (CSP) only: Windows is asked for a CNG key first,
and gives the older kind where there is no other.
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
PREFER_NCRYPT = 0x0002_0000
"""CRYPT_ACQUIRE_PREFER_NCRYPT_KEY_FLAG."""
NCRYPT_KEY = 0xFFFF_FFFF
"""CERT_NCRYPT_KEY_SPEC: the handle is one of CNG; any other number names the key within a CryptoAPI provider."""
PAD_PKCS1, PAD_PSS = 0x2, 0x8
"""BCRYPT_PAD_PKCS1, BCRYPT_PAD_PSS."""
SHA256 = "SHA256"
"""BCRYPT_SHA256_ALGORITHM."""
CALG_SHA_256, HASH_VALUE = 0x800C, 2
"""CALG_SHA_256, HP_HASHVAL."""
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


class ProviderInfo(ctypes.Structure):
    """CRYPT_KEY_PROV_INFO. `type` 0: a provider of CNG."""

    _fields_ = [
        ("container", c_wchar_p), ("provider", c_wchar_p), ("type", c_uint32), ("flags", c_uint32),
        ("count", c_uint32), ("parameters", c_void_p), ("key", c_uint32),
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
    """crypt32.dll, ncrypt.dll, advapi32.dll, and where the first and the last leave their errors."""

    crypt32: Any
    ncrypt: Any
    advapi32: Any
    last_error: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Stored:
    """A certificate of the person that has a private key; `old`: in a CryptoAPI provider."""

    der: bytes
    provider: str
    old: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A handle of CNG, or of a CryptoAPI provider and then which of its keys (`spec`); `ours`: to be let go by us."""

    handle: int
    spec: int
    ours: bool


def libraries() -> Libraries:
    """Those of this Windows. Raises OSError anywhere else."""
    if sys.platform != "win32":
        raise OSError("there is no CNG outside Windows")
    crypt32, advapi32 = (ctypes.WinDLL(name, use_last_error=True) for name in ("crypt32", "advapi32"))
    ncrypt = ctypes.WinDLL("ncrypt")
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
        (advapi32, "CryptCreateHash", c_int, (c_size_t, c_uint32, c_size_t, c_uint32, c_void_p)),
        (advapi32, "CryptSetHashParam", c_int, (c_size_t, c_uint32, c_void_p, c_uint32)),
        (advapi32, "CryptSignHashW", c_int, (c_size_t, c_uint32, c_void_p, c_uint32, c_void_p, c_void_p)),
        (advapi32, "CryptDestroyHash", c_int, (c_size_t,)),
        (advapi32, "CryptReleaseContext", c_int, (c_size_t, c_uint32)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return Libraries(crypt32, ncrypt, advapi32, ctypes.get_last_error)


def certificates(system: Libraries) -> list[Stored]:
    """The person's certificates that have a private key. Raises CngError."""
    return [Stored(_der(context), *_provider(system, context)) for context in _contexts(system)]


def key_of(system: Libraries, certificate: bytes) -> Key:
    """The certificate's key, to be let go with `free`. Raises CngError."""
    for context in _contexts(system):
        if _der(context) == certificate:
            key, spec, ours = c_size_t(), c_uint32(), c_int()
            given = (context, PREFER_NCRYPT, None, byref(key), byref(spec), byref(ours))
            if not system.crypt32.CryptAcquireCertificatePrivateKey(*given):
                raise CngError(system.last_error())
            return Key(key.value, spec.value, bool(ours.value))
    raise CngError(0x8009_2004)


def sign(system: Libraries, key: Key, digest: bytes, padding: Pkcs1Padding | PssPadding | None) -> bytes:
    """The value over a SHA-256 digest: of RSA with a padding, of ECDSA (r and s side by side) without. Raises CngError."""
    if key.spec != NCRYPT_KEY:
        return _sign_old(system, key, digest, padding)
    flags = PAD_PKCS1 if isinstance(padding, Pkcs1Padding) else PAD_PSS if isinstance(padding, PssPadding) else 0
    told = byref(padding) if padding is not None else None
    data = _buffer(digest)
    size = c_uint32()
    _done(system.ncrypt.NCryptSignHash(key.handle, told, data, len(digest), None, 0, byref(size), flags))
    value = (c_ubyte * size.value)()
    _done(system.ncrypt.NCryptSignHash(key.handle, told, data, len(digest), value, size.value, byref(size), flags))
    return bytes(value[: size.value])


def _sign_old(system: Libraries, key: Key, digest: bytes, padding: Pkcs1Padding | PssPadding | None) -> bytes:
    """CryptoAPI knows RSA with PKCS #1 v1.5 alone, and turns the value round (its first byte last)."""
    if not isinstance(padding, Pkcs1Padding):
        raise CngError(0x8009_0008)
    api, digester, size = system.advapi32, c_size_t(), c_uint32()
    _holds(system, api.CryptCreateHash(key.handle, CALG_SHA_256, 0, 0, byref(digester)))
    try:
        _holds(system, api.CryptSetHashParam(digester.value, HASH_VALUE, _buffer(digest), 0))
        _holds(system, api.CryptSignHashW(digester.value, key.spec, None, 0, None, byref(size)))
        value = (c_ubyte * size.value)()
        _holds(system, api.CryptSignHashW(digester.value, key.spec, None, 0, value, byref(size)))
        return bytes(value[: size.value])[::-1]
    finally:
        api.CryptDestroyHash(digester.value)


def free(system: Libraries, key: Key) -> None:
    """Let a key go."""
    if key.ours and key.spec == NCRYPT_KEY:
        system.ncrypt.NCryptFreeObject(key.handle)
    elif key.ours:
        system.advapi32.CryptReleaseContext(key.handle, 0)


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


def _provider(system: Libraries, context: Any) -> tuple[str, bool]:
    """What holds the key, and whether it is of the older kind."""
    size = c_uint32()
    system.crypt32.CertGetCertificateContextProperty(context, PROVIDER_INFO, None, byref(size))
    told = ctypes.create_string_buffer(max(size.value, ctypes.sizeof(ProviderInfo)))
    if not system.crypt32.CertGetCertificateContextProperty(context, PROVIDER_INFO, told, byref(size)):
        raise CngError(system.last_error())
    info = ProviderInfo.from_buffer(told)
    return info.provider or "", bool(info.type)


def _buffer(data: bytes) -> Any:
    return (c_ubyte * len(data)).from_buffer_copy(data)


def _holds(system: Libraries, done: int) -> None:
    if not done:
        raise CngError(system.last_error())


def _done(status: int) -> None:
    if status:
        raise CngError(status)
