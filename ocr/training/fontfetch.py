"""Fetches font packages with npm and apt; none of the packages' scripts is run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path


def npm(packages: Iterable[str], folder: Path) -> None:
    """Install the newest `packages` into folder/node_modules; subprocess.CalledProcessError where npm fails."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {"name": "fonts", "private": True, "dependencies": dict.fromkeys(packages, "*")}
    (folder / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], cwd=folder, check=True)


def npm_version(package: str, folder: Path) -> str:
    """The installed version of `package`."""
    manifest = folder / "node_modules" / package / "package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


def debian(packages: Iterable[str], folder: Path) -> None:
    """Unpack Debian's `packages` into folder/PACKAGE, installing nothing; subprocess.CalledProcessError where apt fails."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [package for package in packages if not list(folder.glob(f"{package}_*.deb"))]
    if missing:
        subprocess.run(["apt-get", "download", *missing], cwd=folder, check=True)
    for archive in folder.glob("*.deb"):
        target = folder / archive.name.split("_")[0]
        target.mkdir(exist_ok=True)
        subprocess.run(["dpkg-deb", "-x", archive, target], check=True)


def debian_version(package: str, folder: Path) -> str:
    """The fetched version of `package`."""
    archive = next(folder.glob(f"{package}_*.deb"))
    shown = subprocess.run(["dpkg-deb", "-f", archive, "Version"], check=True, capture_output=True, text=True)
    return shown.stdout.strip()
