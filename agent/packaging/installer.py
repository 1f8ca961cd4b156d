#!/usr/bin/env python3
"""Makes the Windows installer from a folder of packed programs, with wixl and msibuild (Debian: wixl, msitools), on any system.

    python agent/packaging/installer.py FOLDER VERSION OUTPUT.msi [--per-user]

For the whole computer, or for one person who is no administrator. `SERVER=` and `CA=` at the installation are written into the
registry, where the agent looks for them (`luuky_agent/rollout.py`); an update keeps what was written before.
"""

from __future__ import annotations

import argparse
import subprocess
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

PLAIN, NAME = "Luu Ky - ban ky", "Lưu Ký – bàn ký"
"""What wixl is given, which crashes at other letters (0.101), and what is then put in its place."""
ICON = Path(__file__).parents[1] / "luuky_agent" / "data" / "luuky.ico"
SPACE = uuid.UUID("6d1f6a0c-7a0e-4d0b-9a4e-0c1c6b7e2f35")
"""Every other number of the installer is derived from this one: the same folder gives the same components."""
RUN, OURS = "Software\\Microsoft\\Windows\\CurrentVersion\\Run", "Software\\LuuKy"

UTF_8 = "\r\n\r\n65001\t_ForceCodepage\r\n"
"""A table that tells which letters an installer's words are in (Windows Installer, "Code page handling")."""
LAID = {"SERVER": "Server", "CA": "Authority"}
"""By what is said at the installation: the value in the registry."""

RAW_VALUE_64 = 2 + 16
"""msidbLocatorTypeRawValue, msidbLocatorType64bit: it is looked for where 64-bit programs write."""


class Scope(NamedTuple):
    """Whom it is for: where the programs go, where the registry is written, the number by which updates find it."""

    scope: str
    root: str
    folder: tuple[str, ...]
    upgrade: uuid.UUID


MACHINE = Scope("perMachine", "HKLM", ("ProgramFiles64Folder", "LuuKy"), SPACE)
PERSON = Scope("perUser", "HKCU", ("LocalAppDataFolder", "Programs", "LuuKy"), uuid.uuid5(SPACE, "per user"))


def description(programs: Path, version: str, scope: Scope) -> ET.ElementTree[ET.Element]:
    """The installer in the words of WiX 3, which wixl reads."""
    root = ET.Element("Wix", xmlns="http://schemas.microsoft.com/wix/2006/wi")
    product = ET.SubElement(
        root, "Product", Id="*", Name=PLAIN, Manufacturer="Luu Ky", Version=version, Language="1066",
        UpgradeCode=_number(scope.upgrade),
    )  # fmt: skip
    ET.SubElement(
        product, "Package", InstallerVersion="500", Compressed="yes", InstallScope=scope.scope,
        Description=PLAIN, Manufacturer="Luu Ky",
    )  # fmt: skip
    words = "A newer version is installed."
    ET.SubElement(product, "MajorUpgrade", DowngradeErrorMessage=words)
    ET.SubElement(product, "MediaTemplate", EmbedCab="yes")
    ET.SubElement(product, "Icon", Id="luuky.ico", SourceFile=ICON.name)
    ET.SubElement(product, "Property", Id="ARPPRODUCTICON", Value="luuky.ico")
    ET.SubElement(product, "Property", Id="ARPNOMODIFY", Value="1")
    for name, value in LAID.items():
        ET.SubElement(product, "Property", Id=name)
        before = ET.SubElement(product, "Property", Id=f"OLD{name}")
        ET.SubElement(before, "RegistrySearch", Id=f"Find{name}", Root=scope.root, Key=OURS, Name=value, Type="raw")
    feature = ET.SubElement(product, "Feature", Id="Main", Title=PLAIN, Level="1")
    home = _folders(product, scope)
    components = [*_files(home, programs, scope), *_settings(home, scope)]
    for name in components:
        ET.SubElement(feature, "ComponentRef", Id=name)
    return ET.ElementTree(root)


def _folders(product: ET.Element, scope: Scope) -> ET.Element:
    place = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    ET.SubElement(place, "Directory", Id="ProgramMenuFolder")
    for level, name in enumerate(scope.folder):
        last = level == len(scope.folder) - 1
        ident = "INSTALLFOLDER" if last else name if level == 0 else f"Folder{level}"
        place = ET.SubElement(place, "Directory", Id=ident)
        if level:
            place.set("Name", name)
    return place


def _files(home: ET.Element, programs: Path, scope: Scope) -> Iterator[str]:
    """A component for each file, which is its key."""
    folders = {Path(): home}
    for path in sorted(programs.rglob("*")):
        inside = path.relative_to(programs)
        ident = "f" + uuid.uuid5(SPACE, inside.as_posix()).hex
        if path.is_dir():
            folders[inside] = ET.SubElement(folders[inside.parent], "Directory", Id=ident, Name=path.name)
            continue
        place = folders[inside.parent]
        part = ET.SubElement(place, "Component", Id=ident, Guid=_number(uuid.uuid5(scope.upgrade, ident)), Win64="yes")
        ET.SubElement(part, "File", Id=ident, Source=f"programs/{inside.as_posix()}", Name=path.name, KeyPath="yes")
        yield ident


def _settings(home: ET.Element, scope: Scope) -> Iterator[str]:
    """The start with the desk, the menu, what IT laid down."""
    start = _component(home, scope, "Start")
    _value(start, scope, RUN, ("luuky-agent", '"[INSTALLFOLDER]luuky-desk.exe" run --quiet'))
    ET.SubElement(
        start, "Shortcut", Id="Menu", Directory="ProgramMenuFolder", Name=PLAIN, Target="[INSTALLFOLDER]luuky-desk.exe",
        Arguments="run", Icon="luuky.ico", WorkingDirectory="INSTALLFOLDER",
    )  # fmt: skip
    yield "Start"
    for name, value in LAID.items():
        for source in (name, f"OLD{name}"):
            _value(_component(home, scope, f"Laid{source}"), scope, OURS, (value, f"[{source}]"))
            yield f"Laid{source}"


def _component(home: ET.Element, scope: Scope, name: str) -> ET.Element:
    return ET.SubElement(home, "Component", Id=name, Guid=_number(uuid.uuid5(scope.upgrade, name)), Win64="yes")


def _value(part: ET.Element, scope: Scope, key: str, value: tuple[str, str]) -> None:
    name, text = value
    ET.SubElement(part, "RegistryValue", Root=scope.root, Key=key, Name=name, Type="string", Value=text, KeyPath="yes")


def _number(value: uuid.UUID) -> str:
    return str(value).upper()


def _amendments() -> Iterator[str]:
    """What wixl cannot say: Vietnamese, when a component is installed, that its properties reach an installation by policy."""
    yield f"UPDATE `Property` SET `Value`='{NAME}' WHERE `Property`='ProductName'"  # noqa: S608 - of our own words
    yield "UPDATE `Property` SET `Value`='Lưu Ký' WHERE `Property`='Manufacturer'"
    yield f"UPDATE `Shortcut` SET `Name`='LuuKy|{NAME}' WHERE `Shortcut`='Menu'"  # noqa: S608 - of our own words
    yield f"UPDATE `Feature` SET `Title`='{NAME}' WHERE `Feature`='Main'"  # noqa: S608 - of our own words
    for name in LAID:
        yield f"UPDATE `Component` SET `Condition`='{name}' WHERE `Component`='Laid{name}'"  # noqa: S608 - of our own words
        yield f"UPDATE `Component` SET `Condition`='OLD{name} AND NOT {name}' WHERE `Component`='LaidOLD{name}'"  # noqa: S608 - of our own words
    yield f"UPDATE `RegLocator` SET `Type`={RAW_VALUE_64}"  # noqa: S608 - of our own words
    secure = ";".join([*LAID, *(f"OLD{name}" for name in LAID), "WIX_UPGRADE_DETECTED", "WIX_DOWNGRADE_DETECTED"])
    yield f"UPDATE `Property` SET `Value`='{secure}' WHERE `Property`='SecureCustomProperties'"  # noqa: S608 - of our own words


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser("installer.py", description="make the Windows installer of the desk agent")
    parser.add_argument("folder", type=Path, help="the packed programs: build/dist/luuky-agent")
    parser.add_argument("version")
    parser.add_argument("output", type=Path)
    parser.add_argument("--per-user", action="store_true", help="for one person, without an administrator")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        place = Path(name)  # wixl takes files below the folder of its source alone
        (place / "programs").symlink_to(given.folder.resolve())
        (place / ICON.name).symlink_to(ICON)
        description(given.folder, given.version, PERSON if given.per_user else MACHINE).write(
            place / "agent.wxs", encoding="utf-8"
        )
        line = ["wixl", "--arch", "x64", "-o", str(given.output.absolute()), "agent.wxs"]
        subprocess.run(line, cwd=place, check=True)
        (place / "_ForceCodepage.idt").write_text(UTF_8, encoding="ascii")
        subprocess.run(["msibuild", str(given.output), "-i", str(place / "_ForceCodepage.idt")], check=True)
    for amendment in _amendments():
        subprocess.run(["msibuild", str(given.output), "-q", amendment], check=True)


if __name__ == "__main__":
    main()
