"""Where the token's PKCS#11 module is: what the person said, else the names that vendors use."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from luuky_agent.errors import away


def find(said: str | None) -> str:
    """The path of a module. Raises AgentError `no_module`."""
    if said is not None:
        return said
    known = json.loads(files("luuky_agent").joinpath("data/modules.json").read_text(encoding="utf-8"))
    places = (Path(folder, name) for name in known["names"] for folder in known["folders"])
    found = next((str(path) for path in places if path.is_file()), None)
    if found is None:
        raise away(
            "no_module",
            "Không tìm thấy trình điều khiển USB ký số. Cài bộ cài của nhà cung cấp, hoặc chỉ ra bằng --module.",
            "No token driver was found. Install the vendor's software, or name it with --module.",
        )
    return found
