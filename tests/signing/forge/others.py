"""Files signed by other programs than ours, with the key of a doctor of the tests' authority: B-B, without evidence. Each is made
when it is asked for, by the program itself: of Debian (OpenSSL, poppler, PoDoFo, LibreOffice), PyPI (pyHanko) or Maven Central
(PDFBox, OpenPDF: `tests/judges/java/signers`).
"""

from __future__ import annotations

import functools
import io
import os
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests import judges
from tests.signing.forge.authority import NOW, Holder
from tests.signing.forge.cases import World
from tests.signing.forge.signed import blank

_OFFICE = Path(__file__).with_name("office.py")


def pyhanko(world: World, _: Path) -> bytes:
    """pyHanko as it comes: it writes the metadata anew."""
    registry = SimpleCertificateStore.from_certs([one.asn1 for one in world.doctor.chain])
    signer = signers.SimpleSigner(world.doctor.asn1, world.doctor.asn1_key, registry)
    meta = signers.PdfSignatureMetadata(field_name="Ky", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(blank())), meta, signer)
    return bytes(out.getvalue())


def openssl(world: World, folder: Path) -> bytes:
    """OpenSSL makes the CMS."""
    _pem(world.doctor, folder)
    writing = PdfCMSEmbedder(new_field_spec=SigFieldSpec("Ky", box=(72, 100, 250, 150))).write_cms(
        "Ky", IncrementalPdfFileWriter(io.BytesIO(blank()))
    )
    next(writing)
    place = SignatureObject(NOW, subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    place["/SubFilter"] = pdf_name("/ETSI.CAdES.detached")
    writing.send(SigObjSetup(sig_placeholder=place))
    prepared, out = writing.send(SigIOSetup(md_algorithm="sha256"))
    data = out.getvalue()
    (folder / "signed.bin").write_bytes(data[: prepared.reserved_region_start] + data[prepared.reserved_region_end :])
    command = "openssl cms -sign -binary -cades -md sha256 -outform DER -in signed.bin -signer own.pem -inkey key.pem"
    writing.send(_run(folder, *command.split(), "-certfile", "chain.pem"))
    return bytes(out.getvalue())


def poppler(world: World, folder: Path) -> bytes:
    """`pdfsig` of poppler, with the key in a database of NSS."""
    _run(folder, "pdfsig", "-add-signature", "-nssdir", _nss(world, folder), "-nick", "bs", "plain.pdf", "signed.pdf")
    return (folder / "signed.pdf").read_bytes()


def podofo(world: World, folder: Path) -> bytes:
    """`podofosign` of PoDoFo, which lets OpenSSL make the CMS."""
    _store(world, folder)
    command = "podofosign -in plain.pdf -out podofo.pdf -cert own.pem -pkey key.pem -digest SHA256 -field-name Ky"
    _run(folder, *command.split())
    return (folder / "podofo.pdf").read_bytes()


def libreoffice(version: int, world: World, folder: Path) -> bytes:
    """LibreOffice, where it exports a document: version 0 is PDF 1.7, 2 is PDF/A-2b."""
    pipe, base, out = f"luuky{os.getpid()}", _nss(world, folder), folder / f"office-{version}.pdf"
    options = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation={(folder / 'office').as_uri()}"]
    environment = {**os.environ, "MOZILLA_CERTIFICATE_FOLDER": f"sql:{folder / base}"}
    with subprocess.Popen(
        ["soffice", *options, f"--accept=pipe,name={pipe};urp;"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as office:
        try:
            _run(folder, "/usr/bin/python3", str(_OFFICE), pipe, out.as_uri(), str(version))  # who has LibreOffice's own module
        finally:
            office.terminate()
    return out.read_bytes()


def java(program: str, how: str, world: World, folder: Path) -> bytes:
    """A program of `tests/judges/java/signers`."""
    _store(world, folder)
    jars, out = f"{judges.home('signers')}/*", f"{program}-{how}.pdf"
    _run(folder, "java", "-cp", jars, f"signers.{program}", "bs.p12", "1", how, "plain.pdf", out)
    return (folder / out).read_bytes()


@functools.cache
def colleague(world: World) -> Holder:
    """A doctor with an RSA key: some programs know no other, some want to know beforehand how long a value will be."""
    return world.authority.signer("BS. Lê Thị Hoa", kind="rsa2048")


def _nss(world: World, folder: Path) -> str:
    """The name of a folder with a database of NSS that holds the colleague's key."""
    _store(world, folder)
    base = Path(tempfile.mkdtemp(dir=folder)).name
    _run(folder, "certutil", "-N", "-d", f"sql:{base}", "--empty-password")
    _run(folder, "pk12util", "-i", "bs.p12", "-d", f"sql:{base}", "-W", "1", "-K", "")
    _run(folder, "certutil", "-A", "-d", f"sql:{base}", "-n", "root", "-t", "CT,C,C", "-i", "root.pem")
    return base


def _store(world: World, folder: Path) -> None:
    """The colleague's key in the forms that programs take, and a file to sign."""
    holder = colleague(world)
    _pem(holder, folder)
    chain = [one.certificate for one in holder.chain]
    locked = serialization.BestAvailableEncryption(b"1")
    (folder / "bs.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"bs", holder.key, holder.certificate, chain, locked))
    (folder / "plain.pdf").write_bytes(blank())


def _pem(holder: Holder, folder: Path) -> None:
    form = serialization.Encoding.PEM
    key = holder.key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain = [one.certificate.public_bytes(form) for one in holder.chain]
    (folder / "key.pem").write_bytes(key)
    (folder / "own.pem").write_bytes(holder.certificate.public_bytes(form))
    (folder / "chain.pem").write_bytes(b"".join(chain))
    (folder / "root.pem").write_bytes(chain[-1])


def _run(folder: Path, *command: str) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout


PROGRAMS: dict[str, Callable[[World, Path], bytes]] = {
    "pyHanko": pyhanko,
    "OpenSSL": openssl,
    "poppler": poppler,
    "PoDoFo": podofo,
    "LibreOffice": partial(libreoffice, 0),
    "LibreOffice, PDF-A": partial(libreoffice, 2),
    "PDFBox": partial(java, "PdfBoxSigner", "adbe.pkcs7.detached"),
    "OpenPDF": partial(java, "OpenPdfSigner", "cms"),
    "OpenPDF, adbe.pkcs7.sha1": partial(java, "OpenPdfSigner", "own"),
}
