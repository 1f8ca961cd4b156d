"""The trial: `python -m cli.demo` fills a demo store once, so that `luuky up --demo` shows a hospital at work.

Invented patients and stays, one login per role, a certification authority with a token for the doctor, signing rules for five
kinds of documents (the doctor heads every department and may make documents void), and sample scans dropped into the watched
folder. Everything lies below `LUUKY_DATA/demo`.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
from pathlib import Path

from cli import environment
from domain.people import Person, Role
from domain.signatures import SigningRule
from domain.signers import VOID, Capacity, Office
from filing.patient_files import parse_patient_file
from filing.patient_import import load
from pipeline import wiring
from signing.demo_authority import DemoAuthority, create, module
from signing.demo_config import DemoSigner
from storage.store import Store
from watch_folders.settings import watch_settings

_PLACES = (Path(__file__).parent / "data" / "demo", Path(__file__).parents[1] / "deploy" / "demo")
SAMPLES = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
DOCTOR = "BS. Trần Quốc Bảo"
DEPARTMENTS = ("Khoa Nội tổng hợp", "Khoa Ngoại tổng hợp", "Khoa Nhi", "Khoa Hồi sức cấp cứu")
PEOPLE = (
    ("luutru", "Đặng Thị Mai", Role.ARCHIVE, ()),
    ("bacsi", DOCTOR, Role.DOCTOR, DEPARTMENTS),
    ("lamsang", "BS. Võ Ngọc Lan", Role.CLINICIAN, DEPARTMENTS),
    ("quantri", "Lê Quang Huy", Role.ADMINISTRATOR, ()),
    ("kiemtoan", "Phạm Thu Hà", Role.AUDITOR, ()),
)
SIGNED_KINDS = ("01/BV-01", "01/BV1", "10/BV1", "14/BV-01", "39/BV-01")
AUTHOR_FIELD, DAYS = "TacGia", 3


def prepare() -> None:
    """Fill the store that settings name; a second call changes nothing."""
    settings = environment.settings()
    store = wiring.store(settings, wiring.DEMO)
    folder = settings.storage.data / "demo"
    folder.mkdir(mode=0o750, exist_ok=True)
    authority = create(folder, [DemoSigner("bacsi", DOCTOR)], production=wiring.born(store) != wiring.DEMO)
    services = {"tsa_url": authority.tsa_url, "trust": str(authority.trust)}
    (folder / wiring.DEMO_SERVICES).write_text(json.dumps(services), encoding="utf-8")
    if not (folder / "logins.txt").exists():
        _fill(store, authority)
        _drop_samples(settings.storage.data)


def _fill(store: Store, authority: DemoAuthority) -> None:
    for name in ("patients.csv", "stays.csv"):
        load(store, parse_patient_file((SAMPLES / name).read_bytes()), "demo")
    passwords = {login: secrets.token_urlsafe(12) for login, *_ in PEOPLE}
    with store.write() as tx:
        rules = [SigningRule(kind, AUTHOR_FIELD, Capacity.AUTHOR, days=DAYS) for kind in SIGNED_KINDS]
        tx.signing.set_rules([*rules, SigningRule("", VOID, Capacity.HEAD)])
        for login, name, role, departments in PEOPLE:
            person = tx.people.by_login(login) or tx.people.add(login, name, role, passwords[login], departments)
            tx.people.set_password(person.id, passwords[login])
            if role is Role.DOCTOR:
                certificate = authority.token("bacsi").certificate
                tx.people.change(person.id, certificate=base64.b64encode(certificate).decode())
                tx.signers.give(Office(person.id, Capacity.HEAD))
        people = tx.people.listed()
    _write_logins(authority, people, passwords)


def _write_logins(authority: DemoAuthority, people: list[Person], passwords: dict[str, str]) -> None:
    lines = [f"{person.role:<14} {person.login:<10} {passwords[person.login]}   {person.name}" for person in people]
    agent = f"SOFTHSM2_CONF={authority.softhsm_conf} .venv/bin/luuky-agent"
    lines += [
        "",
        f"PIN của USB ký số thử / PIN of the doctor's trial token: {authority.token('bacsi').pin}",
        "Bàn ký / the desk agent (mã ghép nối lấy ở trang Ký / take the pairing code from the page “Ký”):",
        f"  {agent} pair MÃ --server ĐỊA_CHỈ --module {module()}",
        f"  {agent} run",
    ]
    path = authority.folder / "logins.txt"
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(path)


def _drop_samples(data: Path) -> None:
    folder = watch_settings(data).profiles[0].path
    folder.mkdir(parents=True, exist_ok=True)
    for scan in sorted((SAMPLES / "scans").iterdir()):
        hidden = folder / f".{scan.name}"
        shutil.copyfile(scan, hidden)
        hidden.replace(folder / scan.name)


if __name__ == "__main__":
    prepare()
