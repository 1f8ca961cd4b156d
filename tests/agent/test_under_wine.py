"""The agent as a Windows program, under Wine: skipped unless LUUKY_WINE names a folder made by `agent/packaging/under_wine.sh`.

What holds here holds for Wine's Windows, not for Microsoft's; it did find what was wrong with any.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from luuky_agent import settings

from storage.store import Store
from tests.agent.test_windows import PACKAGING, certificate
from tests.agent.trial import Trial, away, trial
from tests.signing.fixtures import Hospital

FOLDER = os.environ.get("LUUKY_WINE", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="LUUKY_WINE names no folder made by agent/packaging/under_wine.sh")
RUN = "Software\\Microsoft\\Windows\\CurrentVersion\\Run"


def seen(path: Path) -> str:
    """A path as a program of Windows sees it."""
    return str(PureWindowsPath("Z:", "/", *path.absolute().parts[1:]))


@dataclass(frozen=True)
class Windows:
    """The prefix of Wine, and where the desk keeps its settings there: a name with Vietnamese letters and a space."""

    home: Path
    softhsm: Path

    def environment(self, display: str = "") -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name not in ("XDG_CONFIG_HOME", "SOFTHSM2_CONF")},
            "WINEPREFIX": f"{FOLDER}/prefix",
            "DISPLAY": display,
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "winemenubuilder.exe=d;mscoree=d;mshtml=d",
            "XDG_CONFIG_HOME": seen(self.home),
            "SOFTHSM2_CONF": seen(self.softhsm),
            "TCL_LIBRARY": seen(Path(FOLDER, "python", "tcl", "tcl8.6")),
        }

    def starts(self, *command: str, display: str = "") -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        line = ["wine", *command]
        return subprocess.Popen(
            line, env=self.environment(display), stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )

    def ends(self) -> None:
        """Every program of the prefix."""
        subprocess.run(["wineserver", "-k"], env=self.environment(), check=False)

    def python(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        """The exit status of a Python program, and what it said."""
        process = self.starts(f"{FOLDER}/python/python.exe", *arguments)
        said, _ = process.communicate(typed + "\n", timeout=120)
        return process.returncode, said

    def agent(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        return self.python("-c", "from luuky_agent.main import run; run()", *arguments, typed=typed)

    def inside(self, *arguments: str) -> str:
        status, said = self.python(seen(Path(__file__).with_name("inside_wine.py")), *arguments)
        assert status == 0, said
        return said


@pytest.fixture
def windows(hospital: Hospital, tmp_path: Path) -> Windows:
    home = tmp_path / "Nguyễn Thị Phương Thảo"
    home.mkdir()
    conf = tmp_path / "softhsm2.conf"
    tokens = seen(hospital.authority.folder / "tokens")
    conf.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nslots.removable = true\n")
    return Windows(home, conf)


@pytest.fixture
def managed(display: str) -> Iterator[str]:
    """The screen with a window manager, without which no window gets the keyboard."""
    manager = subprocess.Popen(["openbox", "--sm-disable"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
    yield display
    manager.terminate()
    manager.wait()


@pytest.fixture
def desk(hospital: Hospital, store: Store, tmp_path: Path, windows: Windows) -> Iterator[Trial]:
    with trial(hospital, store, tmp_path) as opened:
        address = settings.load(opened.agent.home / "luuky-agent").server
        code = opened.here.desk.offer_code(opened.here.doctor)
        driver = seen(Path(FOLDER, "softhsm2.dll"))
        status, said = windows.agent("pair", code, "--server", address, "--module", driver, "--token", "bs-thao")
        assert status == 0, said
        yield opened


def test_the_command_speaks_vietnamese_whatever_the_code_page(windows: Windows) -> None:
    status, said = windows.agent("--help")
    assert (status, "Bàn ký Lưu Ký" in said) == (0, True), said
    status, said = windows.agent("status")
    assert (status, "Bàn ký này chưa được ghép" in said) == (5, True), said


def test_a_doctor_signs_with_a_token_whose_driver_is_a_dll(desk: Trial, windows: Windows) -> None:
    desk.sends()
    status, said = windows.agent("status")
    assert (status, "BS. Nguyễn Thị Phương Thảo" in said) == (0, True), said
    status, said = windows.agent("sign", "--all", "--pin-stdin", typed="000000")
    assert (status, "Mã PIN chưa đúng" in said, desk.signed) == (1, True, 0), said
    status, said = windows.agent("sign", "--all", "--pin-stdin", typed=desk.pin)
    assert status == 0, said
    desk.whole()
    sent = windows.home / "luuky-agent" / "sent"
    assert len(list(sent.iterdir())) == 2


def test_what_could_not_be_sent_is_sent_without_a_pin(desk: Trial, windows: Windows) -> None:
    desk.sends()
    desk.breaks(("complete", 1, "before"), away)
    status, said = windows.agent("sign", "--all", "--pin-stdin", typed=desk.pin)
    assert status == 5, said
    assert desk.signed < 2  # the other may have been on its way already
    desk.breaks(None)
    status, said = windows.agent("sign", "--all", "--pin-stdin")
    assert (status, desk.signed) == (0, 2), said


def test_only_one_agent_at_a_time_uses_the_settings(desk: Trial, windows: Windows) -> None:
    holder = windows.starts(f"{FOLDER}/python/python.exe", seen(Path(__file__).with_name("inside_wine.py")), "busy")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    status, said = windows.agent("sign", "--all", "--pin-stdin", typed=desk.pin)
    assert (status, "Bàn ký đang mở ở một cửa sổ khác" in said) == (5, True), said
    holder.communicate(timeout=60)
    status, said = windows.agent("sign", "--all", "--pin-stdin", typed=desk.pin)
    assert (status, "Không có tài liệu nào chờ ký" in said) == (0, True), said


def test_a_value_is_handed_in_though_a_scanner_has_its_file_open(windows: Windows) -> None:
    assert windows.inside("held") == "held sent"


def test_a_key_of_cng_signs_with_both_paddings(windows: Windows, tmp_path: Path) -> None:
    key, _ = written(tmp_path)
    values = [base64.b64decode(line) for line in windows.inside("cng", seen(tmp_path / "key.pem")).split()]
    for value, scheme in zip(values, (padding.PKCS1v15(), padding.PSS(padding.MGF1(hashes.SHA256()), 32)), strict=True):
        key.public_key().verify(value, b"attributes", scheme, hashes.SHA256())


def test_a_key_of_the_windows_store_signs_in_a_process_of_its_own(windows: Windows, tmp_path: Path) -> None:
    key, der = written(tmp_path)
    windows.inside("store", seen(tmp_path / "key.pem"), seen(tmp_path / "certificate.der"))
    ours, attributes = base64.b64encode(der).decode(), base64.b64encode(b"attributes").decode()
    asked = [
        {"do": "tokens"},
        {"do": "login", "serial": "", "pin": "", "certificate": ours},
        {"do": "sign", "attributes": attributes},
    ]
    lines = "\n".join(map(json.dumps, asked))
    _, said = windows.python("-m", "luuky_agent.token_process", "windows-store", typed=lines)
    ready, tokens, login, signature = map(json.loads, said.splitlines())
    assert (ready, login) == ({"ready": True}, {})
    (token,) = [one for one in tokens["tokens"] if one["certificates"] == [ours]]
    assert (token["label"], token["mechanisms"]) == ("Microsoft Enhanced RSA and AES Cryptographic Provider", ["rsa-pkcs1"])
    key.public_key().verify(base64.b64decode(signature["signature"]), b"attributes", padding.PKCS1v15(), hashes.SHA256())


def test_a_doctor_types_the_pin_into_the_window_and_the_icon_stays(
    desk: Trial, windows: Windows, managed: str, tmp_path: Path
) -> None:
    """On Wine's own desktop, whose task bar shows the icon; the keys come from the keyboard of the display."""
    desk.sends()
    desk.breaks(None)
    line = ["explorer", "/desktop=shell,1366x768", f"{FOLDER}/python/python.exe", "-m", "luuky_agent.main", "run", "--quiet"]
    agent = windows.starts(*line, display=managed)
    try:
        until(lambda: desk.server.counts.get("document", 0) == 2)
        until(lambda: typed(managed, desk.pin) and desk.signed == 2)
        desk.whole()
        picture(managed, tmp_path / "window.png")
    finally:
        agent.kill()
        windows.ends()


def test_it_starts_with_the_desk_without_a_console(windows: Windows) -> None:
    look = f"import winreg; print(winreg.QueryValueEx(winreg.OpenKey(winreg.HKEY_CURRENT_USER, {RUN!r}), 'luuky-agent')[0])"
    assert windows.agent("autostart", "on")[0] == 0
    _, said = windows.python("-c", look)
    assert "pythonw.exe" in said
    assert said.strip().endswith("-m luuky_agent.main run --quiet")
    assert windows.agent("autostart", "off")[0] == 0
    _, said = windows.python("-c", look)
    assert "FileNotFoundError" in said


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 240
    while not holds():
        assert time.monotonic() < deadline, "the window did not get there"
        time.sleep(2)


def typed(display: str, keys: str) -> bool:
    """Into whatever has the keyboard: before the field for the PIN is there, nothing heeds digits."""
    for told in (["type", keys], ["key", "Return"]):
        subprocess.run(["xdotool", *told], env={**os.environ, "DISPLAY": display}, check=True)
    return True


def picture(display: str, path: Path) -> None:
    subprocess.run(["import", "-window", "root", "-display", display, str(path)], check=True)


def written(folder: Path) -> tuple[rsa.RSAPrivateKey, bytes]:
    """A new key in `key.pem`, and a certificate for it in `certificate.der`."""
    key = rsa.generate_private_key(65537, 2048)
    pem, der = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()), certificate(key)
    (folder / "key.pem").write_bytes(pem)
    (folder / "certificate.der").write_bytes(der)
    return key, der


# ---- the installer, of programs packed there: `agent/packaging/under_wine.sh FOLDER VERSION`

INSTALLERS = sorted(Path(FOLDER).glob("luuky-agent-*.msi")) if FOLDER else []
installed = pytest.mark.skipif(not INSTALLERS, reason="no version was packed in the folder that LUUKY_WINE names")
PROGRAMS = Path(FOLDER, "prefix", "drive_c", "Program Files", "LuuKy")


def value(windows: Windows, place: str, name: str) -> str:
    root, _, path = place.partition("\\")
    look = f"import winreg; print(winreg.QueryValueEx(winreg.OpenKey(winreg.{root}, {path!r}), {name!r})[0])"
    return windows.python("-c", look)[1].strip()


def msiexec(windows: Windows, *arguments: str) -> None:
    assert windows.starts("msiexec", *arguments, "/qn").wait(timeout=300) == 0


@installed
def test_the_installer_is_silent_remembers_the_server_and_leaves_what_is_the_persons(windows: Windows, tmp_path: Path) -> None:
    first, later = INSTALLERS[-1], tmp_path / "later.msi"
    packed = Path(FOLDER, "dist", "luuky-agent")
    subprocess.run([PACKAGING / "installer.py", packed, "99.0.0", later], check=True)
    try:
        msiexec(windows, "/i", seen(first), "SERVER=https://luuky.benhvien.vn", "CA=C:\\ca.pem")
        assert value(windows, "HKEY_LOCAL_MACHINE\\Software\\LuuKy", "Authority") == "C:\\ca.pem"
        assert value(windows, f"HKEY_LOCAL_MACHINE\\{RUN}", "luuky-agent").endswith('luuky-desk.exe" run --quiet')
        msiexec(windows, "/i", seen(later))
        assert value(windows, "HKEY_LOCAL_MACHINE\\Software\\LuuKy", "Server") == "https://luuky.benhvien.vn"
        process = windows.starts(str(PROGRAMS / "luuky-agent.exe"), "pair", "AAAA-AAAA")
        said, _ = process.communicate(timeout=120)
        assert "Máy chủ Lưu Ký không trả lời" in said or "Không đọc được tệp chứng thư" in said, said
        (windows.home / "luuky-agent").mkdir(exist_ok=True)
        (windows.home / "luuky-agent" / "desk.json").write_text("{}")
    finally:
        msiexec(windows, "/x", seen(later))
    assert not PROGRAMS.exists()
    assert "FileNotFoundError" in value(windows, "HKEY_LOCAL_MACHINE\\Software\\LuuKy", "Server")
    assert (windows.home / "luuky-agent" / "desk.json").exists()


@installed
def test_the_packed_driver_process_signs(desk: Trial, windows: Windows) -> None:
    """A program without a console has its pipes all the same."""
    line = [f"{FOLDER}/dist/luuky-agent/luuky-agent.exe", "sign", "--all", "--pin-stdin"]
    desk.sends()
    said, _ = windows.starts(*line).communicate(desk.pin + "\n", timeout=240)
    assert desk.signed == 2, said
