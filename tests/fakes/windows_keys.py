"""What crypt32.dll, ncrypt.dll and advapi32.dll do for signing, with keys of this process: Windows itself is at hand nowhere.

The functions take the very structures and pointers that `luuky_agent.cng` hands to Windows, and read them as Windows would.
"""

# ruff: noqa: N802, PLR0917 - the names and parameters are those of Windows
from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int, c_size_t, c_ubyte, c_uint32, cast
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from luuky_agent.cng import (
    CALG_SHA_256,
    HASH_VALUE,
    NCRYPT_KEY,
    PAD_PKCS1,
    PAD_PSS,
    PREFER_NCRYPT,
    CertContext,
    Libraries,
    Pkcs1Padding,
    ProviderInfo,
    PssPadding,
)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Windows:
    """The certificates in "MY", each with its key or without; `status` is what the next signature answers.

    `old`: their keys lie in a provider of CryptoAPI. `lent`: Windows keeps the handle for itself.
    """

    def __init__(self, *entries: tuple[bytes, Key | None], old: bool = False, lent: bool = False) -> None:
        self.entries = entries
        self.status = 0
        self.open_stores, self.open_contexts, self.open_keys, self.open_hashes = 0, 0, 0, 0
        self._old, self._lent = old, lent
        self._hashed: dict[int, tuple[int, bytes]] = {}
        self._error = 0
        self._buffers: list[Any] = [ctypes.create_string_buffer(der, len(der)) for der, _ in entries]
        self._contexts = [
            CertContext(1, cast(buffer, POINTER(c_ubyte)), len(der), None, None)
            for buffer, (der, _) in zip(self._buffers, entries, strict=True)
        ]

    @property
    def libraries(self) -> Libraries:
        return Libraries(self, self, self, lambda: self._error)

    def CertOpenSystemStoreW(self, _: None, name: str) -> int:
        assert name == "MY"
        self.open_stores += 1
        return 77

    def CertCloseStore(self, store: int, _: int) -> int:
        assert store == 77
        self.open_stores -= 1
        return 1

    def CertEnumCertificatesInStore(self, store: int, before: Any) -> Any:
        """The context before is freed by asking for the next, as Windows does."""
        assert store == 77
        index = 0 if before is None else self._index(before) + 1
        self.open_contexts -= before is not None
        if index == len(self._contexts):
            return None
        self.open_contexts += 1
        return ctypes.pointer(self._contexts[index])

    def CertFreeCertificateContext(self, _: Any) -> int:
        self.open_contexts -= 1
        return 1

    def CertGetCertificateContextProperty(self, context: Any, name: int, out: Any, size: Any) -> int:
        assert name == 2
        info = ProviderInfo("7", "ePass CSP" if self._old else "ePass KSP", int(self._old), 0, 0, None, 2 if self._old else 0)
        room = cast(size, POINTER(c_uint32)).contents
        if out is not None:
            assert room.value == ctypes.sizeof(info)
            ctypes.memmove(out, ctypes.addressof(info), room.value)
            self._buffers.append(info)
        room.value = ctypes.sizeof(info)
        return int(self.entries[self._index(context)][1] is not None)

    def CryptAcquireCertificatePrivateKey(self, context: Any, flags: int, _: None, key: Any, spec: Any, ours: Any) -> int:
        assert flags == PREFER_NCRYPT
        if self.status:
            self._error = self.status
            return 0
        cast(key, POINTER(c_size_t)).contents.value = 1000 + self._index(context)
        cast(spec, POINTER(c_uint32)).contents.value = 2 if self._old else NCRYPT_KEY
        cast(ours, POINTER(c_int)).contents.value = int(not self._lent)
        self.open_keys += 1
        return 1

    def NCryptSignHash(
        self, key: int, told: Any, data: Any, length: int, out: Any, room: int, size: Any, flags: int
    ) -> int:  # fmt: skip
        if self.status:
            return self.status
        value = self._signed(key, told, bytes(data[:length]), flags)
        cast(size, POINTER(c_uint32)).contents.value = len(value)
        if out is not None:
            assert room >= len(value)
            ctypes.memmove(out, value, len(value))
        return 0

    def NCryptFreeObject(self, _: int) -> int:
        assert not self._old
        self.open_keys -= 1
        return 0

    def CryptReleaseContext(self, _: int, flags: int) -> int:
        assert self._old
        assert flags == 0
        self.open_keys -= 1
        return 1

    def CryptCreateHash(self, provider: int, algorithm: int, key: int, flags: int, out: Any) -> int:
        assert (algorithm, key, flags) == (CALG_SHA_256, 0, 0)
        self.open_hashes += 1
        cast(out, POINTER(c_size_t)).contents.value = self.open_hashes
        self._hashed[self.open_hashes] = provider, b""
        return 1

    def CryptSetHashParam(self, hash_: int, name: int, data: Any, flags: int) -> int:
        assert (name, flags) == (HASH_VALUE, 0)
        self._hashed[hash_] = self._hashed[hash_][0], bytes(data[:32])
        return 1

    def CryptSignHashW(self, hash_: int, spec: int, text: None, flags: int, out: Any, size: Any) -> int:
        assert (spec, text, flags) == (2, None, 0)
        if self.status:
            self._error = self.status
            return 0
        provider, digest = self._hashed[hash_]
        value = self._signed(provider, ctypes.pointer(Pkcs1Padding("SHA256")), digest, PAD_PKCS1)[::-1]
        cast(size, POINTER(c_uint32)).contents.value = len(value)
        if out is not None:
            ctypes.memmove(out, value, len(value))
        return 1

    def CryptDestroyHash(self, _: int) -> int:
        self.open_hashes -= 1
        return 1

    def _signed(self, key: int, told: Any, digest: bytes, flags: int) -> bytes:
        private = self.entries[key - 1000][1]
        ready = utils.Prehashed(hashes.SHA256())
        if isinstance(private, ec.EllipticCurvePrivateKey):
            assert (told, flags) == (None, 0)
            r, s = utils.decode_dss_signature(private.sign(digest, ec.ECDSA(ready)))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        assert isinstance(private, rsa.RSAPrivateKey)
        if flags == PAD_PKCS1:
            assert cast(told, POINTER(Pkcs1Padding)).contents.algorithm == "SHA256"
            return private.sign(digest, padding.PKCS1v15(), ready)
        assert flags == PAD_PSS
        given = cast(told, POINTER(PssPadding)).contents
        assert given.algorithm == "SHA256"
        return private.sign(digest, padding.PSS(padding.MGF1(hashes.SHA256()), given.salt), ready)

    def _index(self, context: Any) -> int:
        there = ctypes.addressof(context.contents.encoded.contents)
        return next(i for i, buffer in enumerate(self._buffers[: len(self.entries)]) if ctypes.addressof(buffer) == there)
