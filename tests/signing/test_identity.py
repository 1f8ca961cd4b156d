"""How names in certificates are written out."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.x509.oid import NameOID, ObjectIdentifier
from luuky_agent.keys import TokenCertificate

from signing.identity import common_name, distinguished
from tests.signing.forge.authority import Holder, Wish, issue

HOSPITAL = "O=Bệnh viện Đa khoa Sông Mây,C=VN"


def as_openssl_has_it(holder: Holder) -> str:
    """RFC 2253, whose strings are those of RFC 4514, with letters as they are."""
    asked = ("openssl", "x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb")
    return str(subprocess.run(asked, input=holder.asn1.dump(), check=True, capture_output=True).stdout.decode().strip())


@pytest.mark.parametrize(
    ("common", "more"),
    [
        ("BS. Nguyễn Thị Phương Thảo", ()),
        ("A, O=Bệnh viện Khác", ()),
        ('#1 "Số+Hai"; <ba>\\', ()),
        (" trống hai đầu ", ()),
        (" ", ()),
        ("xuống\ndòng", ()),
        ("CN", ((NameOID.USER_ID, "CCCD:001085000123"), (NameOID.SERIAL_NUMBER, "MST:0101234567"), (NameOID.TITLE, "Bác sĩ"))),
        ("ETSI", ((NameOID.ORGANIZATION_IDENTIFIER, "VATVN-0101234567"), (NameOID.EMAIL_ADDRESS, "bs@benhvien.vn"))),
        ("lạ", ((ObjectIdentifier("1.2.3.4.5"), "không ai biết"), (NameOID.ORGANIZATIONAL_UNIT_NAME, "Khoa Nội"))),
    ],
)
def test_a_distinguished_name_is_written_as_openssl_writes_it(
    common: str, more: tuple[tuple[ObjectIdentifier, str], ...]
) -> None:
    holder = issue(Wish(common, more=more))
    written = distinguished(holder.asn1.subject)
    assert f"subject={written}" == as_openssl_has_it(holder)
    assert written.endswith(HOSPITAL)


def test_letters_that_turn_a_line_round_are_shown_as_numbers() -> None:
    assert distinguished(issue(Wish("a\u202eb")).asn1.subject) == rf"CN=a\E2\80\AEb,{HOSPITAL}"


def test_whose_certificate_names_nobody_is_called_by_all_of_it() -> None:
    nobody = issue(Wish("x")).asn1
    del nobody.subject.chosen[2]
    assert common_name(nobody) == HOSPITAL
    at_the_desk = TokenCertificate("", "", (), nobody.dump(force=True))
    assert at_the_desk.subject == ", ".join(part.partition("=")[2] for part in HOSPITAL.split(","))
