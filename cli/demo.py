"""The trial: `python -m cli.demo` fills a demo store once, so that `luuky up --demo` shows a hospital at work.

Invented patients and stays, one login per role, a certification authority with a token for the doctor, a second doctor who signs
with a signing service and approves on a telephone that is played (`signing.demo_services`), the hospital's seal in a token of the
server, signing rules for five kinds of documents (the doctor heads every department and may make documents void; one kind is
sealed after), and sample scans dropped into the watched folder. Everything lies below `LUUKY_DATA/demo`.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
from pathlib import Path

from cli import environment
from cli.up import DEMO_HOSPITAL
from domain.people import Person, Role
from domain.signatures import SigningRule
from domain.signers import VOID, Capacity, Office
from filing.patient_files import parse_patient_file
from filing.patient_import import load
from pipeline import wiring
from signing.demo_authority import DemoAuthority, create, free_port, module
from signing.demo_config import DemoSigner
from signing.demo_keys import CLIENT, SECRET
from storage.orders import Orders, Way
from storage.store import Store
from watch_folders.settings import watch_settings

_PLACES = (Path(__file__).parent / "data" / "demo", Path(__file__).parents[1] / "deploy" / "demo")
SAMPLES = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
DOCTOR, SURGEON = "BS. Trần Quốc Bảo", "BS. Lê Minh Châu"
DEPARTMENTS = ("Khoa Nội tổng hợp", "Khoa Ngoại tổng hợp", "Khoa Nhi", "Khoa Hồi sức cấp cứu")
PEOPLE = (
    ("luutru", "Đặng Thị Mai", Role.ARCHIVE, ()),
    ("bacsi", DOCTOR, Role.DOCTOR, DEPARTMENTS),
    ("ngoai", SURGEON, Role.DOCTOR, DEPARTMENTS),
    ("lamsang", "BS. Võ Ngọc Lan", Role.CLINICIAN, DEPARTMENTS),
    ("quantri", "Lê Quang Huy", Role.ADMINISTRATOR, ()),
    ("kiemtoan", "Phạm Thu Hà", Role.AUDITOR, ()),
)
SIGNED_KINDS = ("01/BV-01", "01/BV1", "10/BV1", "14/BV-01", "39/BV-01")
SEALED_KIND = "14/BV-01"
"""Operation reports get the hospital's seal after the doctor's signature."""
AUTHOR_FIELD, SEAL_FIELD, DAYS = "TacGia", "ConDau", 3
SEAL, CLOUD = "con-dau", "ngoai"


def prepare() -> None:
    """Fill the store that settings name; a second call changes nothing."""
    settings = environment.settings()
    store = wiring.store(settings, wiring.DEMO)
    folder = settings.storage.data / "demo"
    folder.mkdir(mode=0o750, exist_ok=True)
    signers = [DemoSigner("bacsi", DOCTOR), DemoSigner(CLOUD, SURGEON), DemoSigner(SEAL, DEMO_HOSPITAL)]
    authority = create(folder, signers, production=wiring.born(store) != wiring.DEMO)
    _write_services(authority)
    if not (folder / "logins.txt").exists():
        _fill(store, authority)
        _drop_samples(settings.storage.data)


def _fill(store: Store, authority: DemoAuthority) -> None:
    for name in ("patients.csv", "stays.csv"):
        load(store, parse_patient_file((SAMPLES / name).read_bytes()), "demo")
    passwords = {login: secrets.token_urlsafe(12) for login, *_ in PEOPLE}
    with store.write() as tx:
        rules = [SigningRule(kind, AUTHOR_FIELD, Capacity.AUTHOR, days=DAYS) for kind in SIGNED_KINDS]
        rules.append(SigningRule(SEALED_KIND, SEAL_FIELD, Capacity.SEAL, step=2))
        tx.signing.set_rules([*rules, SigningRule("", VOID, Capacity.HEAD)])
        for login, name, role, departments in PEOPLE:
            person = tx.people.by_login(login) or tx.people.add(login, name, role, passwords[login], departments)
            tx.people.set_password(person.id, passwords[login])
            if login == CLOUD:
                Orders(tx.connection).set_way(Way(person.id, "smartca", CLOUD))
            elif role is Role.DOCTOR:
                certificate = authority.token("bacsi").certificate
                tx.people.change(person.id, certificate=base64.b64encode(certificate).decode())
                tx.signers.give(Office(person.id, Capacity.HEAD))
        people = tx.people.listed()
    _write_logins(authority, people, passwords)


def _write_services(authority: DemoAuthority) -> None:
    """Where the services answer, the same at every start, and the secrets to speak to them."""
    path = authority.folder / wiring.DEMO_SERVICES
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    services = {
        "tsa_url": authority.tsa_url,
        "trust": str(authority.trust),
        "port": known.get("port") or free_port(),
        "client": CLIENT,
        "secret": _secret(authority.folder / "dich-vu-ky", SECRET),
        "seal_module": str(module()),
        "seal_token": SEAL,
        "seal_pin": _secret(authority.folder / "con-dau-pin", authority.token(SEAL).pin),
    }
    path.write_text(json.dumps(services), encoding="utf-8")


def _secret(path: Path, text: str) -> str:
    path.touch(mode=0o600)
    path.write_text(f"{text}\n", encoding="utf-8")
    return str(path)


def _write_logins(authority: DemoAuthority, people: list[Person], passwords: dict[str, str]) -> None:
    lines = [f"{person.role:<14} {person.login:<10} {passwords[person.login]}   {person.name}" for person in people]
    agent = f"SOFTHSM2_CONF={authority.softhsm_conf} .venv/bin/luuky-agent"
    lines += [
        "",
        f"PIN của USB ký số thử / PIN of the doctor's trial token: {authority.token('bacsi').pin}",
        "Bàn ký / the desk agent (mã ghép nối lấy ở trang Ký / take the pairing code from the page “Ký”):",
        f"  {agent} pair MÃ --server ĐỊA_CHỈ --module {module()} --token bacsi",
        f"  {agent} run",
        f"{CLOUD} ký bằng VNPT SmartCA (mô phỏng, điện thoại tự duyệt sau vài giây); không cần bàn ký",
        f"{CLOUD} signs with VNPT SmartCA (played; its telephone approves by itself after seconds); no desk agent is needed",
        f"Loại {SEALED_KIND}: con dấu của bệnh viện tự đóng sau chữ ký / the hospital's seal puts itself after the signature",
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
