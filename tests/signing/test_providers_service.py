"""The way to a signing service: whom it trusts, what it does not follow, and where it stops listening."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from domain.errors import PartAway, PartMissing, Refused
from signing.demo_services import DemoServices
from signing.service import Service, Unanswered

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{"here": "x"}'


ROOM = Path(__file__).parents[2] / "signing"
FILES = ("service", "outcomes", "values", "seal", "pkcs11", "secret_files", "csc", "csc_authorization", "smartca", "mysign")


def own_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dịch vụ ký thử")])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = built.add_extension(here, critical=False).sign(key, hashes.SHA256())
    path = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own making; its address, and the file to trust it by."""
    pem = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as secured:
                    secured.recv(65_536)
                    secured.sendall(ANSWER)
            except OSError:
                plain.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"https://127.0.0.1:{listening.getsockname()[1]}", pem
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def test_a_service_is_believed_by_its_authority_and_by_no_other(tls: tuple[str, Path], tmp_path: Path) -> None:
    url, authority = tls
    assert Service("x", url, authority).post("/", {}).text("here") == "x"
    (tmp_path / "other").mkdir()
    for trusted in (None, own_certificate(tmp_path / "other")):
        with pytest.raises(PartAway, match="provider_away"):
            Service("x", url, trusted).post("/", {"secret": "never sent"})


def test_without_tls_only_this_machine_is_spoken_to() -> None:
    for url in ("http://ca.example.vn", "ftp://127.0.0.1", "ca.example.vn"):
        with pytest.raises(Refused, match="provider_url"):
            Service("x", url)
    with pytest.raises(PartMissing, match="not configured"):
        Service("x", "")
    Service("x", "http://127.0.0.1:1")
    Service("x", "https://ca.example.vn")


def test_a_file_of_authorities_that_cannot_be_read_is_a_missing_part(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing")
    for path in (tmp_path / "no.pem", tmp_path / "nowhere"):
        with pytest.raises(PartMissing, match="provider_ca"):
            Service("x", "https://ca.example.vn", path)


def test_every_way_that_an_order_can_end_is_in_the_reference() -> None:
    reference = (ROOM.parent / "docs" / "reference" / "providers.md").read_text(encoding="utf-8")
    text = "".join((ROOM / f"{name}.py").read_text(encoding="utf-8") for name in FILES)
    codes = set(re.findall(r'(?:Refused|PartAway|Unanswered|Message)\(\s*"([a-z_0-9]+)"', text))
    assert len(codes) > 15
    configuration = {"seal", "provider", "token"}
    assert [code for code in sorted(codes - configuration) if f"`{code}`" not in reference] == []


def test_a_redirect_is_not_followed(services: DemoServices) -> None:
    services.rule(faults=[{"path": "info", "kind": "redirect"}])
    with pytest.raises(Refused, match="provider_redirect"):
        Service("x", services.url).post("/csc/v1/info", {})


@pytest.mark.parametrize("what", ["garbage", "huge", "error", "lost"])
def test_an_answer_that_is_none_is_told_from_a_question_that_was_not_taken(services: DemoServices, what: str) -> None:
    services.rule(faults=[{"path": "info", "kind": what}])
    service = Service("x", services.url)
    with pytest.raises(Unanswered):
        service.post("/csc/v1/info", {})
    services.rule(faults=[{"path": "info", "kind": "busy"}])
    with pytest.raises(PartAway) as busy:
        service.post("/csc/v1/info", {})
    assert not isinstance(busy.value, Unanswered)
    assert service.post("/csc/v1/info", {}).text("name") == "Lưu Ký demo"


def test_an_answer_that_trickles_without_end_is_given_up() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    gone = threading.Event()

    def trickle() -> None:
        plain, _ = listening.accept()
        with plain:
            plain.recv(65_536)
            try:
                plain.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not gone.is_set():
                    plain.sendall(b" ")
                    time.sleep(0.05)
            except OSError:
                gone.set()

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        with pytest.raises(Unanswered):
            Service("x", f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=0.5).post("/", {})
        assert gone.wait(60)
    finally:
        gone.set()
        thread.join()
        listening.close()


def test_what_is_asked_and_answered_stands_in_no_log(services: DemoServices, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Service("x", services.url).post("/csc/v1/info", {"PIN": "4711-geheim"}, headers={"Authorization": "Bearer geheim"})
    assert "geheim" not in caplog.text
