"""`luuky rules show`, `luuky rules load FILE`: who signs what, as JSON (`docs/reference/signing-rules.md`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import console, environment, known
from domain.certification import checked_together
from domain.errors import Refused
from domain.people import Person
from domain.signatures import SigningRule
from domain.signers import FIELDS, GIVEN, SIGNS, Capacity, Lack, Office, Sealing, checked_field, checked_rule, lacks
from pipeline import wiring
from storage.store import Transaction

VERSION = 1
MEMBERS = {
    "": {"version", "fields", "rules", "offices", "lacks"},
    "fields": {"name", "title", "title_en", "capacity"},
    "rules": {"kind", "department", "field", "capacity", "person", "step", "days", "certifies", "locks"},
    "offices": {"person", "capacity", "department"},
}
"""What a file may hold; a name that is misspelt would leave out a signature without a word."""


def show(as_json: Annotated[bool, typer.Option("--json", help="As `luuky rules load` takes it.")] = False) -> None:
    """Fields, rules, capacities, and rules that nobody can keep."""
    settings = environment.settings()
    store = wiring.store(settings)
    sealing = wiring.sealing(store, settings)
    with store.read() as tx:
        value = _as_json(tx, sealing)
    if as_json:
        console.print_json(value)
        return
    for rule in value["rules"]:
        who = rule["person"] or rule["capacity"]
        where = f"{rule['kind'] or '*'}  {rule['department'] or '*'}"
        console.out.print(f"{where}  {rule['step']}. {rule['field']}  {who}  {rule['days'] or '–'}{_closes(rule)}", markup=False)
    for lack in value["lacks"]:
        where = ", ".join(lack["departments"]) or lack["department"] or "*"
        said = f"không ai ký được / nobody can sign: {lack['kind'] or '*'} {lack['field']} ({where})"
        console.err.print(said, markup=False)


def load(file: Annotated[Path, typer.Argument(help="JSON as `luuky rules show --json` prints it.")]) -> None:
    """Replace fields, rules and capacities by those in a file; a member that is missing stays as it is."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
        if value["version"] != VERSION:
            raise _unreadable()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    _only_known(value)
    store = wiring.store(environment.settings())
    with store.write() as tx:
        try:
            counts = _write(tx, value)
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable() from error
        tx.audit.add(environment.actor(), "load_rules", None, **counts)
        departments = _departments(tx)
    named = (str(one.get("department") or "") for name in ("rules", "offices") for one in value.get(name) or ())
    known.tell_departments(named, departments)
    console.err.print(", ".join(f"{name}: {count}" for name, count in counts.items()), markup=False)


def _only_known(value: dict[str, Any]) -> None:
    """Raises Refused for a member or a kind of document that nobody knows."""
    parts = [("", value), *((name, one) for name in ("fields", "rules", "offices") for one in value.get(name) or ())]
    for name, part in parts:
        if not isinstance(part, dict):
            raise _unreadable()
        known.check_members(part, MEMBERS[name], "rules_member")
    known.check_kinds((str(rule.get("kind") or "") for rule in value.get("rules") or ()), "rules_kind")


def _as_json(tx: Transaction, sealing: Sealing) -> dict[str, Any]:
    people = tx.people.listed()
    logins = {one.id: one.login for one in people}
    rules, offices = tx.signing.rules(), tx.signers.offices()
    own = tx.signers.fields()[len(FIELDS) :]
    return {
        "version": VERSION,
        "fields": [{"name": f.name, "title": f.title, "title_en": f.title_en, "capacity": f.capacity} for f in own],
        "rules": [_rule(rule, logins) for rule in rules],
        "offices": [{"person": logins[o.person_id], "capacity": o.capacity, "department": o.department} for o in offices],
        "lacks": [_lack(one) for one in lacks(rules, people, offices, _departments(tx), sealing)],
    }


def _departments(tx: Transaction) -> set[str]:
    """Those that stays and accounts name."""
    return {*tx.patients.departments(), *(name for one in tx.people.listed() for name in one.departments)}


def _rule(rule: SigningRule, logins: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": rule.kind_code, "department": rule.department, "field": rule.field, "capacity": rule.capacity,
        "person": logins.get(rule.signer_id or ""), "step": rule.step, "days": rule.days, "certifies": rule.certifies,
        "locks": rule.locks,
    }  # fmt: skip


def _closes(rule: dict[str, Any]) -> str:
    certifies = f"  chứng nhận / certifies P={rule['certifies']}" if rule["certifies"] else ""
    return certifies or ("  khóa / locks" if rule["locks"] else "")


def _lack(one: Lack) -> dict[str, Any]:
    rule = one.rule
    return {"kind": rule.kind_code, "department": rule.department, "field": rule.field, "departments": list(one.departments)}


def _write(tx: Transaction, value: dict[str, Any]) -> dict[str, int]:
    people = {one.login: one for one in tx.people.listed() if one.role in SIGNS}
    counts = {}
    if "fields" in value:
        fields = [checked_field(one["name"], one["title"], one.get("title_en") or "", one["capacity"]) for one in value["fields"]]
        for own in tx.signers.fields()[len(FIELDS) :]:
            tx.signers.drop_field(own.name)
        for field in fields:
            tx.signers.set_field(field)
        counts["fields"] = len(fields)
    if "rules" in value:
        rules = [checked_rule(_rule_of(one, people), tx.signers.fields()) for one in value["rules"]]
        places = {(one.kind_code, one.department, one.field): one for one in rules}
        if len(places) < len(rules):
            raise Refused(
                "rules_twice",
                "Hai quy tắc cho cùng loại giấy, khoa và ô ký: giữ lại một.",
                "Two rules are for the same kind, department and field: keep one of them.",
            )
        tx.signing.set_rules(checked_together(places.values()))
        counts["rules"] = len(rules)
    if "offices" in value:
        offices = [_office(one, people) for one in value["offices"]]
        tx.signers.set_offices(dict.fromkeys(offices))
        counts["offices"] = len(offices)
    return counts


def _rule_of(value: dict[str, Any], people: dict[str, Person]) -> SigningRule:
    person = _known(value["person"], people).id if value.get("person") else None
    kind, department = str(value.get("kind") or ""), str(value.get("department") or "")
    step, days = int(value.get("step", 1)), int(value["days"]) if value.get("days") is not None else None
    certifies = int(value["certifies"]) if value.get("certifies") else None
    locks = value.get("locks") or False
    if locks not in (True, False):
        raise _unreadable()
    return SigningRule(kind, str(value["field"]), str(value["capacity"]), department, person, step, days, certifies, locks)


def _office(value: dict[str, Any], people: dict[str, Person]) -> Office:
    capacity = Capacity(value["capacity"])
    if capacity not in GIVEN:
        raise _unreadable()
    return Office(_known(value["person"], people).id, capacity, str(value.get("department") or ""))


def _known(login: str, people: dict[str, Person]) -> Person:
    if login not in people:
        raise Refused("no_person", f"Không có người ký “{login}”.", f"There is no signer “{login}”.")
    return people[login]


def _unreadable() -> Refused:
    return Refused(
        "rules_file",
        "Tệp quy tắc ký không đọc được. Xem mẫu bằng: luuky rules show --json.",
        "The file of signing rules cannot be read. See its form with: luuky rules show --json.",
    )
