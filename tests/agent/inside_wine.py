"""Runs within the Windows Python of `agent/packaging/under_wine.sh`, one deed a start: what no test can do from outside.

`store KEY CERTIFICATE` puts a key into a CryptoAPI provider and its certificate into the person's store; `cng KEY` signs
`attributes` with a key in CNG, by PKCS #1 v1.5 and by PSS, and prints both values; `busy` holds the settings folder until its
input ends; `held` hands in a value whose file another program has open.
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import struct
import sys
import threading
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p, c_wchar_p
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from luuky_agent import cng, settings
from luuky_agent.outbox import Outbox

CONTAINER, PROVIDER, RSA_AES = "luuky-test", "Microsoft Enhanced RSA and AES Cryptographic Provider", 24
NEW, DELETE, SIGNATURE, USER_STORE = 0x08, 0x10, 2, "MY"
"""CRYPT_NEWKEYSET, CRYPT_DELETEKEYSET, AT_SIGNATURE."""


def dll(name: str) -> Any:
    if sys.platform != "win32":
        raise OSError("only for Windows")
    return ctypes.WinDLL(name, use_last_error=True)


def private(path: str) -> rsa.RSAPrivateNumbers:
    key = load_pem_private_key(Path(path).read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.private_numbers()


def old_blob(key: rsa.RSAPrivateNumbers) -> bytes:
    """PRIVATEKEYBLOB of a 2048-bit key: little-endian."""
    head = struct.pack("<BBHIIII", 7, 2, 0, 0x2400, 0x32415352, 2048, key.public_numbers.e)
    parts = ((key.public_numbers.n, 256), *((part, 128) for part in (key.p, key.q, key.dmp1, key.dmq1, key.iqmp)), (key.d, 256))
    return head + b"".join(part.to_bytes(size, "little") for part, size in parts)


def new_blob(key: rsa.RSAPrivateNumbers) -> bytes:
    """BCRYPT_RSAPRIVATE_BLOB of a 2048-bit key: big-endian."""
    head = struct.pack("<6I", 0x32415352, 2048, 3, 256, 128, 128) + b"\1\0\1"
    return head + key.public_numbers.n.to_bytes(256, "big") + key.p.to_bytes(128, "big") + key.q.to_bytes(128, "big")


def store(key: str, certificate: str) -> None:
    advapi32, crypt32 = dll("advapi32"), dll("crypt32")
    advapi32.CryptAcquireContextW.argtypes = [c_void_p, c_wchar_p, c_wchar_p, c_uint32, c_uint32]
    advapi32.CryptImportKey.argtypes = [c_size_t, c_char_p, c_uint32, c_size_t, c_uint32, c_void_p]
    crypt32.CertOpenSystemStoreW.restype, crypt32.CertOpenSystemStoreW.argtypes = c_void_p, [c_void_p, c_wchar_p]
    crypt32.CertAddEncodedCertificateToStore.argtypes = [c_void_p, c_uint32, c_char_p, c_uint32, c_uint32, c_void_p]
    crypt32.CertSetCertificateContextProperty.argtypes = [c_void_p, c_uint32, c_uint32, c_void_p]
    crypt32.CertFreeCertificateContext.argtypes = [c_void_p]
    crypt32.CertCloseStore.argtypes = [c_void_p, c_uint32]
    provider, imported, blob, der = c_size_t(), c_size_t(), old_blob(private(key)), Path(certificate).read_bytes()
    advapi32.CryptAcquireContextW(byref(provider), CONTAINER, PROVIDER, RSA_AES, DELETE)
    assert advapi32.CryptAcquireContextW(byref(provider), CONTAINER, PROVIDER, RSA_AES, NEW)
    assert advapi32.CryptImportKey(provider.value, blob, len(blob), 0, 0, byref(imported))
    mine, context = crypt32.CertOpenSystemStoreW(None, USER_STORE), c_void_p()
    assert crypt32.CertAddEncodedCertificateToStore(mine, 1, der, len(der), 3, byref(context))
    info = cng.ProviderInfo(CONTAINER, PROVIDER, RSA_AES, 0, 0, None, SIGNATURE)
    assert crypt32.CertSetCertificateContextProperty(context, cng.PROVIDER_INFO, 0, byref(info))
    crypt32.CertFreeCertificateContext(context)  # Wine writes a store down when the last of its certificates is let go
    crypt32.CertCloseStore(mine, 0)


def in_cng(key: str) -> None:
    ncrypt, blob = dll("ncrypt"), new_blob(private(key))
    ncrypt.NCryptOpenStorageProvider.argtypes = [c_void_p, c_wchar_p, c_uint32]
    ncrypt.NCryptImportKey.restype = c_int
    ncrypt.NCryptImportKey.argtypes = [c_size_t, c_size_t, c_wchar_p, c_void_p, c_void_p, c_char_p, c_uint32, c_uint32]
    provider, handle = c_size_t(), c_size_t()
    assert ncrypt.NCryptOpenStorageProvider(byref(provider), "Microsoft Software Key Storage Provider", 0) == 0
    given = (provider.value, 0, "RSAPRIVATEBLOB", None, byref(handle), blob, len(blob), 0)
    assert ncrypt.NCryptImportKey(*given) == 0
    digest = hashlib.sha256(b"attributes").digest()
    system, made = cng.libraries(), cng.Key(handle.value, cng.NCRYPT_KEY, ours=True)
    for padding in (cng.Pkcs1Padding(cng.SHA256), cng.PssPadding(cng.SHA256, 32)):
        sys.stdout.write(base64.b64encode(cng.sign(system, made, digest, padding)).decode() + "\n")
    cng.free(system, made)


def busy() -> None:
    with settings.alone(settings.folder()):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.read()


def held() -> None:
    """A value is handed in while another program has its file open, as Windows opens files: nobody may move them."""
    outbox = Outbox(settings.folder())
    outbox.keep("job", "item", b"value")
    reader = (settings.folder() / "unsent" / "job~item").open("rb")
    try:
        (settings.folder() / "unsent" / "job~item").unlink()
    except PermissionError:
        sys.stdout.write("held ")
    threading.Timer(0.7, reader.close).start()
    outbox.handed_in("job", "item")
    sys.stdout.write(str(outbox.state("job", "item")))


def main() -> None:
    match sys.argv[1:]:
        case ["store", key, certificate]:
            store(key, certificate)
        case ["cng", key]:
            in_cng(key)
        case ["busy"]:
            busy()
        case ["held"]:
            held()
        case other:
            raise SystemExit(f"unknown: {other}")


if __name__ == "__main__":
    main()
