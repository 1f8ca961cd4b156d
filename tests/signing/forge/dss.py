"""Files that EU DSS itself signs, at each level, with time stamps and answers of an authority that is asked over HTTP."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import ocsp, tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from tests import judges
from tests.signing.forge.authority import NOW, Authority, Holder, Wish, issue
from tests.signing.forge.cases import World
from tests.signing.forge.signed import blank, good_evidence, with_evidence

_SIGNER = Path(judges.__file__).with_name("java") / "judges" / "DssSigner.java"
_CA = ("digital_signature", "key_cert_sign", "crl_sign")
LEVELS = ("B", "T", "LT", "LTA")


class _Desk(ThreadingHTTPServer):
    """Answers about whom it `knows`, and stamps as `tsa`."""

    def __init__(self, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.authority = authority
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.tsa = authority.new_tsa("TSA của DSS", urls=self.url)
        self.ica = issue(Wish("CA của DSS", ca=True, usages=_CA, urls=self.url), authority.root)
        self.knows = {self.tsa.asn1.serial_number: self.tsa, self.ica.asn1.serial_number: self.ica}

    def doctor(self, kind: str) -> Holder:
        """Somebody whom it knows."""
        holder = issue(Wish("BS. Vũ Thị Lan", kind=kind, urls=self.url), self.ica)
        self.knows[holder.asn1.serial_number] = holder
        return holder


class _Counter(BaseHTTPRequestHandler):
    server: _Desk

    def do_POST(self) -> None:
        """A time stamp, or an OCSP answer."""
        body, now = self.rfile.read(int(self.headers["Content-Length"])), datetime.now(UTC)
        desk = self.server
        if self.path == "/tsa":
            stamper = desk.authority.stamper(now, desk.tsa)
            self._say(stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump())
            return
        number = ocsp.OCSPRequest.load(body)["tbs_request"]["request_list"][0]["req_cert"]["serial_number"].native
        about = desk.knows[number]
        self._say(desk.authority.answer(about, now.replace(microsecond=0), by=about.issuer).dump())

    def do_GET(self) -> None:
        """The list of revoked certificates of the root."""
        self._say(self.server.authority.crl(self.server.authority.root, NOW).dump())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        """Says nothing."""

    def _say(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def _open(authority: Authority) -> Iterator[_Desk]:
    with _Desk(authority) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        yield desk
        desk.shutdown()


def signed_by_dss(level: str, kind: str, world: World, folder: Path) -> bytes:
    """A file signed by EU DSS at a level; B and T get their evidence afterwards."""
    with _open(world.authority) as desk:
        holder = desk.doctor(kind)
        store, plain, out = folder / f"{level}-{kind}.p12", folder / "unsigned.pdf", folder / f"dss-{level}-{kind}.pdf"
        chain = [one.certificate for one in holder.chain]
        locked = serialization.BestAvailableEncryption(b"1")
        store.write_bytes(pkcs12.serialize_key_and_certificates(b"bs", holder.key, holder.certificate, chain, locked))
        plain.write_bytes(blank())
        java = ["java", "-cp", f"{judges.home('dss')}/*", str(_SIGNER)]
        stamps = [] if level == "B" else [f"{desk.url}tsa"]
        subprocess.run([*java, store, "1", level, plain, out, *stamps], check=True, capture_output=True)
        data = out.read_bytes()
        if level in ("LT", "LTA"):
            return data
        now = datetime.now(UTC).replace(microsecond=0)
        evidence = good_evidence(world.authority, desk.tsa, now)
        evidence["ocsps"] = [desk.authority.answer(one, now, by=one.issuer) for one in (holder, desk.ica, desk.tsa)]
        return with_evidence(data, evidence, world.authority, desk.ica, desk.tsa)


PROGRAMS = {
    f"EU DSS {level}, {kind}": partial(signed_by_dss, level, kind)
    for level in LEVELS
    for kind in (("rsa2048", "p256") if level == "LTA" else ("p256",))
}
