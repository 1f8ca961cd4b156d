"""Which driver is found, which is passed over, and that a PIN goes to one token only."""

from __future__ import annotations

import shutil
import stat
import struct
import sys
from pathlib import Path

import pytest
from luuky_agent import token
from luuky_agent.binary import OWN_BITS, bits
from luuky_agent.drawer import Drawer
from luuky_agent.errors import AgentError
from luuky_agent.modules import candidates
from luuky_agent.token import Token

from signing.demo_authority import module
from tests.agent.drivers import driver
from tests.agent.token_maker import MadeToken, make

VENDORS = [
    *(f"vnptca_p11_v{number}.dll" for number in range(6, 11)), "vnpt-ca_csp11.dll", "vnpt-ca_v34.dll", "vnpt-ca_cl_v1.dll",
    *(f"viettel-ca_v{number}.dll" for number in range(1, 7)), "viettel-ca.dll", "BkavCAv2S.dll", "BkavCA.dll", "bkavcaetoken.dll",
    *(f"fptca_v{number}.dll" for number in range(3, 7)), "fpt-ca.dll", "fpt-ca-stx.dll", "CA2_csp11.dll", "CA2_v34.dll",
    *(f"nca_v{number}.dll" for number in range(4, 10)), "ncca_csp11_v1.dll", *(f"Vina-CAv{number}.dll" for number in range(3, 6)),
    "ica_csp11_v1.dll", "safe-ca.dll", "fca_v1.dll", "gclib.dll", "eTPKCS11.dll", "eps2003csp11.dll", "ShuttleCsp11_3003.dll",
    "ngp11v211.dll", "st3csp11.dll", "wdpkcs.dll",
]  # fmt: skip


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeToken, MadeToken]:
    folder = tmp_path_factory.mktemp("two")
    return make(folder, "mot"), make(folder, "hai", "ec")


@pytest.mark.parametrize("name", VENDORS)
def test_each_vendors_driver_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "Vendor").mkdir()
    (tmp_path / "Vendor" / name).touch()
    assert candidates(None, [str(tmp_path), str(tmp_path / "*")]) == [str(tmp_path / "Vendor" / name)]


def test_windows_folders_come_from_the_systems_own_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fptca_v6.dll").touch()
    monkeypatch.setenv("PLACE", str(tmp_path))
    assert candidates(None, ["$PLACE"]) == [str(tmp_path / "fptca_v6.dll")]


def test_the_path_that_was_named_comes_first_and_no_file_twice(tmp_path: Path) -> None:
    for name in ("fptca_v6.dll", "vnptca_p11_v8.dll"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    named = str(tmp_path / "fptca_v6.dll")
    places = [str(tmp_path), str(tmp_path / "link")]
    assert candidates(named, places) == [named, str(tmp_path / "vnptca_p11_v8.dll")]


def test_of_several_drivers_the_one_whose_token_holds_the_certificate_is_taken(
    tmp_path: Path, two: tuple[MadeToken, MadeToken]
) -> None:
    first = driver(tmp_path / "vnptca_p11_v8.dll", two[0].conf)
    second = driver(tmp_path / "fptca_v6.dll", two[1].conf)
    with Drawer(None, folders=[str(tmp_path)]) as drawer:
        assert [one.label for one in drawer.certificates()] == ["mot", "hai"]
        wanted = drawer.certificates()[1]
        keys, chosen = drawer.holding(wanted.certificate)
        keys.login(chosen, two[1].pin)
        assert keys.sign(b"attributes")
    assert "C_Login" in second.calls
    assert "C_Login" not in first.calls


@pytest.mark.parametrize("rules", ["load:1:crash", "load:1:hang", "C_GetSlotList:1:crash", "C_GetSlotList:1:hang"])
def test_a_driver_that_crashes_or_hangs_is_passed_over_with_a_note(
    tmp_path: Path, two: tuple[MadeToken, MadeToken], rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token, "LOADS_WITHIN", 5.0)
    driver(tmp_path / "vnptca_p11_v8.dll", two[0].conf, rules)
    driver(tmp_path / "fptca_v6.dll", two[1].conf)
    with Drawer(None, folders=[str(tmp_path)]) as drawer:
        assert [one.label for one in drawer.certificates()] == ["hai"]
        assert [note.code for note in drawer.notes] == ["token_crashed"]


def test_a_file_that_is_no_driver_is_passed_over_with_a_note(tmp_path: Path, two: tuple[MadeToken, MadeToken]) -> None:
    (tmp_path / "vnptca_p11_v8.dll").write_text("no driver")
    driver(tmp_path / "fptca_v6.dll", two[1].conf)
    with Drawer(None, folders=[str(tmp_path)]) as drawer:
        assert [one.label for one in drawer.certificates()] == ["hai"]
        assert "vnptca_p11_v8.dll" in drawer.notes[0].vi


def test_a_broken_slot_does_not_hide_the_others(tmp_path: Path, two: tuple[MadeToken, MadeToken]) -> None:
    both = tmp_path / "both"
    both.mkdir()
    for one in two:
        shutil.copytree(one.conf.parent / "tokens", both, dirs_exist_ok=True)
    conf = tmp_path / "both.conf"
    conf.write_text(f"directories.tokendir = {both}\nobjectstore.backend = file\n")
    broken = driver(tmp_path / "fptca_v6.dll", conf, "C_GetTokenInfo:1:0x30")
    with Token(str(broken.path)) as opened:
        assert len(opened.certificates()) == 1


def test_a_pin_is_never_tried_on_another_token_than_the_one_with_the_certificate(
    tmp_path: Path, two: tuple[MadeToken, MadeToken]
) -> None:
    moved = tmp_path / "tokens"
    shutil.copytree(two[0].conf.parent / "tokens", moved)
    conf = tmp_path / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {moved}\nobjectstore.backend = file\n")
    with Token(str(driver(tmp_path / "before.so", conf).path)) as opened:
        seen = opened.certificates()[0]
    shutil.rmtree(moved)
    shutil.copytree(two[1].conf.parent / "tokens", moved)
    after = driver(tmp_path / "after.so", conf)
    with Token(str(after.path)) as opened, pytest.raises(AgentError) as refused:
        opened.login(seen, two[0].pin)
    assert refused.value.code == "token_missing"
    assert "C_Login" not in after.calls


def test_no_token_with_the_certificate_is_said_with_what_was_passed_over(
    tmp_path: Path, two: tuple[MadeToken, MadeToken]
) -> None:
    (tmp_path / "vnptca_p11_v8.dll").write_text("no driver")
    driver(tmp_path / "fptca_v6.dll", two[1].conf)
    with Drawer(None, folders=[str(tmp_path)]) as drawer, pytest.raises(AgentError) as refused:
        drawer.holding(b"another certificate")
    assert refused.value.code == "token_missing"
    assert "vnptca_p11_v8.dll" in refused.value.vi


def test_without_any_driver_it_is_said_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(AgentError) as refused:
        Drawer(None, folders=[str(tmp_path)])
    assert refused.value.code == "no_module"
    assert refused.value.status == 5


def portable_executable(machine: int) -> bytes:
    """The header of a DLL: MZ, the offset of the PE signature, the machine."""
    return b"MZ" + bytes(58) + struct.pack("<I", 0x80) + bytes(64) + b"PE\0\0" + struct.pack("<HH", machine, 0) + bytes(64)


@pytest.mark.parametrize(("machine", "found"), [(0x014C, 32), (0x8664, 64), (0xAA64, 64), (0x01C4, 32), (0x0200, None)])
def test_the_bits_of_a_dll_are_read_from_its_header(tmp_path: Path, machine: int, found: int | None) -> None:
    path = tmp_path / "driver.dll"
    path.write_bytes(portable_executable(machine))
    assert bits(path) == found


def test_the_bits_of_this_machines_own_drivers_are_its_own() -> None:
    assert bits(module()) == OWN_BITS


@pytest.mark.parametrize("data", [b"", b"MZ", b"MZ" + bytes(62), b"MZ" + bytes(58) + b"\xff\xff\xff\x7f", b"\x7fELF", b"PK\3\4"])
def test_a_file_without_such_a_header_has_no_bits(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "driver.dll"
    path.write_bytes(data)
    assert bits(path) is None


def test_a_32_bit_driver_is_served_by_the_helper_that_the_settings_name(tmp_path: Path, two: tuple[MadeToken, MadeToken]) -> None:
    old = tmp_path / "viettel-ca_v6.dll"
    old.write_bytes(portable_executable(0x014C))
    behind = driver(tmp_path / "behind.so", two[0].conf)
    helper = tmp_path / "luuky-token-32.exe"
    asked = tmp_path / "asked"
    helper.write_text(f'#!/bin/sh\necho "$@" >{asked}\nexec {sys.executable} -m luuky_agent.token_process {behind.path}\n')
    helper.chmod(helper.stat().st_mode | stat.S_IXUSR)
    with Drawer(None, str(helper), [str(tmp_path)]) as drawer:
        keys, chosen = drawer.holding(drawer.certificates()[0].certificate)
        keys.login(chosen, two[0].pin)
        assert keys.sign(b"attributes")
    assert asked.read_text().strip() == str(old)


def test_a_helper_that_is_an_interpreter_runs_the_same_process(tmp_path: Path) -> None:
    old = tmp_path / "viettel-ca_v6.dll"
    old.write_bytes(portable_executable(0x014C))
    helper = tmp_path / "python32"
    asked = tmp_path / "asked"
    helper.write_text(f'#!/bin/sh\necho "$@" >{asked}\n')
    helper.chmod(helper.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(AgentError):
        Token(str(old), str(helper))
    assert asked.read_text().strip() == f"-m luuky_agent.token_process {old}"


def test_without_a_helper_a_32_bit_driver_is_passed_over_and_the_helper_is_named(tmp_path: Path) -> None:
    (tmp_path / "viettel-ca_v6.dll").write_bytes(portable_executable(0x014C))
    with pytest.raises(AgentError) as refused:
        Drawer(None, folders=[str(tmp_path)])
    assert "luuky-token-32.exe" in refused.value.vi
