"""TLS for the hospital's network: the certificate that settings name, or one from an authority of the hospital's own, made here.

`tls/authority.crt` is what the IT department installs on the PCs, once; the server's certificate is renewed from it when it has
less than 30 days left or the machine's name has changed.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage.clock import now

_YEARS_AUTHORITY = dt.timedelta(days=3650)
_LASTS = dt.timedelta(days=397)
_RENEW_BEFORE = dt.timedelta(days=30)


def own_certificate(data: Path, hospital: str) -> tuple[Path, Path]:
    """Certificate chain and key (PEM files) for this machine, made or renewed if need be."""
    folder = data / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / "server.crt", folder / "server.key"
    if not _still_good(certificate):
        authority, authority_key = _authority(folder, hospital)
        server_key = ec.generate_private_key(ec.SECP256R1())
        issued = _server(authority, authority_key, server_key)
        _write(key, _pem(server_key), secret=True)
        _write(certificate, issued.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))
    return certificate, key


def _still_good(path: Path) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    here = socket.gethostname() in names.get_values_for_type(x509.DNSName)
    return here and certificate.not_valid_after_utc - now() > _RENEW_BEFORE


def _authority(folder: Path, hospital: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key_file = folder / "authority.crt", folder / "authority.key"
    if certificate.exists():
        key = load_pem_private_key(key_file.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{key_file} holds another kind of key")
        return x509.load_pem_x509_certificate(certificate.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Lưu Ký – {hospital}"[:64])])
    made = (
        _builder(name, name, key, _YEARS_AUTHORITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(key_file, _pem(key), secret=True)
    _write(certificate, made.public_bytes(Encoding.PEM))
    return made, key


def _server(
    authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    host = socket.gethostname()
    names = [x509.DNSName(name) for name in dict.fromkeys((host, socket.getfqdn(), "localhost"))]
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in _addresses(host)]
    return (
        _builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])]), authority.subject, key, _LASTS)
        .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: dt.timedelta
) -> x509.CertificateBuilder:
    start = now() - dt.timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lasts)
    )


def _addresses(host: str) -> list[str]:
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, socket.AF_INET)}
    except OSError:
        found = set()
    return sorted(found | {"127.0.0.1"})


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, data: bytes, *, secret: bool = False) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600 if secret else 0o644)
    draft.write_bytes(data)
    draft.replace(path)
