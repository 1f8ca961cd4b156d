"""What Windows needs and can be tried without it: its key storage, starting with the desk, the package."""

from __future__ import annotations

import base64
import ctypes
import os
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from luuky_agent import autostart, cng, settings, token_errors
from luuky_agent.helper import command
from luuky_agent.keys import ECDSA, RSA_PKCS1, RSA_PSS
from luuky_agent.rollout import PLACE, Laid, laid
from luuky_agent.token import Token
from luuky_agent.windows_store import NAME, WindowsStore

from agent.packaging import installer
from tests.fakes.windows_keys import Key, Windows

PACKAGING = Path(__file__).parents[2] / "agent" / "packaging"


def certificate(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "BS. Lê Cửa Sổ")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1).public_key(key.public_key())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.fixture(scope="module")
def two() -> list[tuple[bytes, Key]]:
    keys: list[Key] = [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())]
    return [(certificate(key), key) for key in keys]


def login(store: WindowsStore, der: bytes) -> dict[str, Any]:
    return store.answer({"do": "login", "serial": "", "pin": "", "certificate": base64.b64encode(der).decode()})


def sign(store: WindowsStore, mechanism: str | None = None) -> dict[str, Any]:
    given = {"mechanism": mechanism} if mechanism else {}
    return store.answer({"do": "sign", "attributes": base64.b64encode(b"attributes").decode(), **given})


# ---- key storage


def test_certificates_with_a_key_are_listed_and_their_pin_is_asked_for_by_windows(two: list[tuple[bytes, Key]]) -> None:
    without = certificate(rsa.generate_private_key(65537, 2048))
    windows = Windows((without, None), *two)
    (first, second) = WindowsStore(windows.libraries).answer({"do": "tokens"})["tokens"]
    assert [base64.b64decode(one["certificates"][0]) for one in (first, second)] == [der for der, _ in two]
    assert (first["mechanisms"], second["mechanisms"]) == ([RSA_PKCS1, RSA_PSS], [ECDSA])
    assert (first["flags"], first["label"]) == (["own"], "ePass KSP")
    assert (windows.open_stores, windows.open_contexts) == (0, 0)


@pytest.mark.parametrize("mechanism", [None, RSA_PKCS1, RSA_PSS])
def test_an_rsa_key_of_windows_signs_with_the_padding_asked_for(two: list[tuple[bytes, Key]], mechanism: str | None) -> None:
    store = WindowsStore(Windows(*two).libraries)
    der, key = two[0]
    assert login(store, der) == {}
    value = base64.b64decode(sign(store, mechanism)["signature"])
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if mechanism == RSA_PSS else padding.PKCS1v15()
    key.public_key().verify(value, b"attributes", scheme, hashes.SHA256())


def test_an_elliptic_key_of_windows_signs_in_der(two: list[tuple[bytes, Key]]) -> None:
    store = WindowsStore(Windows(*two).libraries)
    der, key = two[1]
    login(store, der)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    key.public_key().verify(base64.b64decode(sign(store)["signature"]), b"attributes", ec.ECDSA(hashes.SHA256()))


def test_the_key_is_chosen_by_its_certificate_and_let_go_at_logout(two: list[tuple[bytes, Key]]) -> None:
    windows = Windows(*two)
    store = WindowsStore(windows.libraries)
    assert login(store, b"another certificate") == {"error": "NoKey"}
    assert not store.logged_in
    login(store, two[1][0])
    assert store.logged_in
    assert windows.open_keys == 1
    assert (windows.open_stores, windows.open_contexts) == (0, 0)
    store.logout()
    assert (store.logged_in, windows.open_keys) == (False, 0)
    assert sign(store) == {"error": "NoKey"}


def test_a_key_of_an_older_provider_signs_by_cryptoapi(two: list[tuple[bytes, Key]]) -> None:
    windows = Windows(*two, old=True)
    store = WindowsStore(windows.libraries)
    der, key = two[0]
    (first, second) = store.answer({"do": "tokens"})["tokens"]
    assert (first["mechanisms"], second["mechanisms"], first["label"]) == ([RSA_PKCS1], [], "ePass CSP")
    login(store, der)
    assert isinstance(key, rsa.RSAPrivateKey)
    value = base64.b64decode(sign(store)["signature"])
    key.public_key().verify(value, b"attributes", padding.PKCS1v15(), hashes.SHA256())
    assert sign(store, RSA_PSS) == {"error": "MechanismInvalid"}
    windows.status = 0x8010_006E
    assert sign(store) == {"error": "FunctionCancelled"}
    store.logout()
    assert (windows.open_keys, windows.open_hashes) == (0, 0)


def test_a_key_that_windows_keeps_for_itself_is_not_let_go(two: list[tuple[bytes, Key]]) -> None:
    windows = Windows(*two, lent=True)
    store = WindowsStore(windows.libraries)
    login(store, two[0][0])
    store.logout()
    assert windows.open_keys == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x8010006E, "cancelled"), (0x800704C7, "cancelled"), (0x8010006B, "wrong_pin"), (0x8010006C, "pin_locked"),
        (0x80100069, "token_missing"), (0x8010000C, "token_missing"), (0x80090029, "cannot_sign_so"), (0x80090016, "no_key"),
        (0x80090010, "key_not_for_signing"), (0x8009FFFF, "token_failed"),
    ],
)  # fmt: skip
def test_what_windows_refuses_is_said_as_for_any_token(two: list[tuple[bytes, Key]], status: int, code: str) -> None:
    windows = Windows(*two)
    store = WindowsStore(windows.libraries)
    login(store, two[0][0])
    windows.status = status
    assert token_errors.spoken(sign(store), token_errors.SIGNING).code == code
    windows.status = status - 2**32  # as a signed number
    assert token_errors.spoken(login(store, two[0][0]), token_errors.LOGIN).code == code


def test_every_name_of_an_error_is_in_the_table() -> None:
    assert set(cng.ERRORS.values()) <= set(token_errors.table())


def test_the_structures_are_laid_out_as_windows_has_them_on_64_bits() -> None:
    assert ctypes.sizeof(ctypes.c_void_p) == 8
    offsets = {name: getattr(cng.CertContext, name).offset for name, *_ in cng.CertContext._fields_}
    assert offsets == {"encoding": 0, "encoded": 8, "size": 16, "info": 24, "store": 32}
    assert (cng.PssPadding.algorithm.offset, cng.PssPadding.salt.offset, ctypes.sizeof(cng.PssPadding)) == (0, 8, 16)
    assert ctypes.sizeof(cng.Pkcs1Padding) == 8
    info = {name: getattr(cng.ProviderInfo, name).offset for name, *_ in cng.ProviderInfo._fields_}
    assert info == {"container": 0, "provider": 8, "type": 16, "flags": 20, "count": 24, "parameters": 32, "key": 40}


@pytest.mark.skipif(sys.platform == "win32", reason="there is such a store on Windows")
def test_outside_windows_its_store_is_a_driver_that_cannot_be_loaded() -> None:
    with pytest.raises(Exception, match="windows-store") as refused:
        Token(NAME)
    assert getattr(refused.value, "code", "") == "module"


# ---- starting with the desk


class Registry:
    """The interface of winreg, as far as a Run key needs it."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, REG_SZ = "HKCU", "HKLM", 1

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}
        self._path = ""

    def CreateKey(self, root: str, path: str) -> Self:  # noqa: N802 - winreg's name
        self._path = f"{root}\\{path}"
        return self

    def OpenKey(self, root: str, path: str) -> Self:  # noqa: N802 - winreg's name
        if not any(place == f"{root}\\{path}" for place, _ in self.values):
            raise FileNotFoundError(path)
        return self.CreateKey(root, path)

    def QueryValueEx(self, key: Self, name: str) -> tuple[str, int]:  # noqa: N802 - winreg's name
        if (key._path, name) not in self.values:
            raise FileNotFoundError(name)
        return self.values[key._path, name], self.REG_SZ

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._path = ""

    def SetValueEx(self, key: Self, name: str, _: int, kind: int, value: str) -> None:  # noqa: N802 - winreg's name
        assert kind == self.REG_SZ
        self.values[key._path, name] = value

    def DeleteValue(self, key: Self, name: str) -> None:  # noqa: N802 - winreg's name
        if (key._path, name) not in self.values:
            raise FileNotFoundError(name)
        del self.values[key._path, name]


def test_on_windows_it_starts_by_the_persons_own_run_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/Program Files/Luu Ky/python")
    registry = Registry()
    autostart.turn(on=True, registry=registry)
    place = ("HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run", "luuky-agent")
    assert registry.values == {place: '"/Program Files/Luu Ky/python" -m luuky_agent.main run --quiet'}
    autostart.turn(on=False, registry=registry)
    autostart.turn(on=False, registry=registry)
    assert registry.values == {}


def test_elsewhere_it_starts_by_a_file_of_the_desktop(tmp_path: Path) -> None:
    autostart.turn(on=True, folder=tmp_path / "autostart")
    text = (tmp_path / "autostart" / "luuky-agent.desktop").read_text(encoding="utf-8")
    values = dict(line.split("=", 1) for line in text.splitlines()[1:])
    assert text.startswith("[Desktop Entry]\n")
    assert shlex.split(values["Exec"]) == autostart.command()
    assert values["Type"] == "Application"
    autostart.turn(on=False, folder=tmp_path / "autostart")
    autostart.turn(on=False, folder=tmp_path / "autostart")
    assert list((tmp_path / "autostart").iterdir()) == []


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command, where the system's letters are those of an old code page."""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(home), "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-c", "from luuky_agent.main import run; run()", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


def test_what_is_said_is_utf_8_whatever_the_code_page(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert (done.returncode, "Bàn ký Lưu Ký" in done.stdout.decode()) == (0, True), done.stderr
    assert "chưa được ghép" in run(tmp_path, "status").stderr.decode()


def test_it_starts_for_everybody_and_is_not_there_for_those_who_never_sign(tmp_path: Path) -> None:
    done = run(tmp_path, "run", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_server_that_it_laid_down_need_not_be_typed(tmp_path: Path) -> None:
    registry = Registry()
    assert laid(registry) == Laid()
    place = "HKLM\\Software\\LuuKy"
    registry.values[place, "Server"] = "https://luuky.benhvien.vn"
    assert laid(registry) == Laid("https://luuky.benhvien.vn", "")
    registry.values[place, "Authority"] = "C:\\ProgramData\\ca.pem"
    assert laid(registry).authority == "C:\\ProgramData\\ca.pem"
    registry.values = {("HKCU\\Software\\LuuKy", "Server"): "https://mine"}
    assert laid(registry) == Laid("https://mine")
    done = run(tmp_path, "pair", "AAAAAAAA")
    assert (done.returncode, "--server" in done.stderr.decode()) == (1, True)


def test_a_file_that_another_program_holds_is_tried_again_for_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PAUSE", 0.0)
    deeds: list[int] = []

    def held_for(times: int) -> None:
        deeds.append(times)
        if len(deeds) < times:
            raise PermissionError

    settings.patiently(partial(held_for, 5))
    assert len(deeds) == 5
    deeds.clear()
    with pytest.raises(PermissionError):
        settings.patiently(partial(held_for, 1000))
    assert len(deeds) == settings.TRIES


# ---- the package


def test_the_installer_brings_the_programs_that_the_agent_looks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = (PACKAGING / "luuky-agent.spec").read_text(encoding="utf-8")
    compile(spec, "luuky-agent.spec", "exec")
    for name in ("luuky-agent", "luuky-desk", "luuky-token"):
        assert f'"{name}"' in spec
    assert "luuky-token-32" in (PACKAGING / "build.ps1").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/Program Files/LuuKy/luuky-agent.exe")
    assert Path(command("driver.dll", None)[0]).name == "luuky-token.exe"
    assert Path(autostart.command()[0]).name == "luuky-desk.exe"


def packed(folder: Path) -> Path:
    for name in ("luuky-desk.exe", "luuky-agent.exe", "_internal/tcl/init.tcl"):
        path = folder / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"MZ")
    return folder / "dist"


def parts(scope: installer.Scope, programs: Path) -> dict[str, list[dict[str, str]]]:
    """What the installer says, by the kind of thing."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in installer.description(programs, "0.1.0", scope).getroot().iter():
        found.setdefault(one.tag, []).append(dict(one.attrib))
    return found


def test_the_installer_starts_the_window_for_everybody_and_lays_down_what_it_was_told(tmp_path: Path) -> None:
    told = parts(installer.MACHINE, packed(tmp_path))
    values = {(one["Root"], one["Key"], one["Name"]): one["Value"] for one in told["RegistryValue"] if "[OLD" not in one["Value"]}
    assert values == {
        ("HKLM", installer.RUN, "luuky-agent"): '"[INSTALLFOLDER]luuky-desk.exe" run --quiet',
        ("HKLM", PLACE, "Server"): "[SERVER]",
        ("HKLM", PLACE, "Authority"): "[CA]",
    }
    assert [one["Target"] for one in told["Shortcut"]] == ["[INSTALLFOLDER]luuky-desk.exe"]
    sources = [one["Source"] for one in told["File"]]
    assert sources == ["programs/_internal/tcl/init.tcl", "programs/luuky-agent.exe", "programs/luuky-desk.exe"]
    assert {one["Id"] for one in told["ComponentRef"]} == {one["Id"] for one in told["Component"]}


def test_an_update_knows_the_parts_of_the_version_before(tmp_path: Path) -> None:
    programs = packed(tmp_path)
    first, again = parts(installer.MACHINE, programs), parts(installer.MACHINE, programs)
    assert first["Component"] == again["Component"]
    mine = parts(installer.PERSON, programs)
    assert mine["Package"][0]["InstallScope"] == "perUser"
    assert {one["Root"] for one in mine["RegistryValue"]} == {"HKCU"}
    assert {one["Guid"] for one in mine["Component"]}.isdisjoint(one["Guid"] for one in first["Component"])
