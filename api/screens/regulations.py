"""Quản trị: who signs what (quy chế ký): rules, fields, and the capacities people have."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api import deputies, render, sessions
from api.deputies import DeputyForm
from api.desk import AtDesk, Desk
from api.errors import NotThere
from domain.certification import Permits, checked_together
from domain.errors import Refused
from domain.people import Person, Role
from domain.signatures import SigningRule
from domain.signers import (
    FIELDS,
    GIVEN,
    OFFICES,
    SIGNS,
    Capacity,
    Office,
    Sealing,
    SigningField,
    checked_field,
    checked_rule,
    lacks,
)
from storage.sign_queue import Stuck, asked_of_whom
from storage.store import Transaction

router = APIRouter(prefix="/admin", dependencies=[sessions.only(Role.ADMINISTRATOR)])


CLOSES = {"signatures": (Permits.SIGNATURES, False), "final": (Permits.NOTHING, False), "locks": (None, True)}
"""What a signature forbids to what comes after it, by the word of the form: what it certifies, whether it locks."""


class RuleForm(BaseModel):
    """A rule as it is typed; what is empty is taken from the field, or does not matter."""

    kind: str = ""
    department: str = ""
    field: str = ""
    capacity: str = ""
    person: str = ""
    step: int = 1
    days: int | None = None
    closes: str = ""

    def rule(self, fields: list[SigningField]) -> SigningRule:
        """Raises Refused `rule`."""
        named = next(
            (one for one in fields if one.name == self.field or (not self.field and one.capacity == self.capacity)), None
        )
        field, capacity = (named.name, self.capacity or named.capacity) if named else ("", "")
        person, (certifies, locks) = self.person or None, CLOSES.get(self.closes, (None, False))
        rule = SigningRule(self.kind, field, capacity, self.department, person, self.step, self.days, certifies, locks)
        return checked_rule(rule, fields)


@router.get("/rules")
def rules(desk: AtDesk) -> Response:
    """Which kinds need whose signature, and which rules nobody can keep."""
    with desk.store.read() as tx:
        found, fields, people = tx.signing.rules(), tx.signers.fields(), tx.people.listed()
        departments = _departments(tx, people)
        missing = lacks(found, people, tx.signers.offices(), departments, desk.services.orders.sealing)
        stuck = _stuck(tx, people, desk.services.orders.sealing)
    own = {one.name for one in fields} - {one.name for one in FIELDS}
    return desk.page(
        "admin/rules.html", rules=found, fields={one.name: one for one in fields}, own=own, lacks=missing, stuck=stuck,
        kinds=_kinds(desk),
        departments=departments, capacities=list(Capacity), closes=list(CLOSES), people=_signers(people),
        names={one.id: one.name for one in people},
    )  # fmt: skip


@router.post("/rules")
def add_rule(desk: AtDesk, form: Annotated[RuleForm, Form()]) -> Response:
    """Ask for a signature from now on. Raises Refused, `rule_there` for a kind, department and field that have a rule."""
    with desk.store.write() as tx:
        rule = form.rule(tx.signers.fields())
        if rule.signer_id and rule.signer_id not in {one.id for one in _signers(tx.people.listed())}:
            raise NotThere
        there = tx.signing.rules()
        if _place(rule) in {_place(one) for one in there}:
            raise _there()
        tx.signing.set_rules(checked_together([*there, rule]))
        tx.audit.add(
            desk.person.login, "add_rule", rule.kind_code, department=rule.department, field=rule.field, capacity=rule.capacity,
            signer=rule.signer_id, step=rule.step, days=rule.days, certifies=rule.certifies, locks=rule.locks,
        )  # fmt: skip
    return RedirectResponse("/admin/rules", 303)


@router.post("/rules/drop")
def drop_rule(
    desk: AtDesk, field: Annotated[str, Form()], kind: Annotated[str, Form()] = "", department: Annotated[str, Form()] = ""
) -> Response:
    """Ask no more; documents that wait already go on waiting."""
    with desk.store.write() as tx:
        tx.signing.set_rules([one for one in tx.signing.rules() if _place(one) != (kind, department, field)])
        tx.audit.add(desk.person.login, "drop_rule", kind, department=department, field=field)
    return RedirectResponse("/admin/rules", 303)


@router.post("/fields")
def set_field(
    desk: AtDesk,
    name: Annotated[str, Form()],
    title: Annotated[str, Form()],
    capacity: Annotated[str, Form()],
    title_en: Annotated[str, Form()] = "",
) -> Response:
    """A field of this house's own. Raises Refused."""
    field = checked_field(name.strip(), title, title_en, capacity)
    if field.name in {one.name for one in FIELDS}:
        raise Refused("field_taken", "Ô ký này có sẵn, không đổi được.", "This field is every house's and stays as it is.")
    with desk.store.write() as tx:
        tx.signers.set_field(field)
        tx.audit.add(desk.person.login, "set_field", field.name, title=field.title, capacity=field.capacity)
    return RedirectResponse("/admin/rules#fields", 303)


@router.post("/fields/drop")
def drop_field(desk: AtDesk, name: Annotated[str, Form()]) -> Response:
    """Offer a field no longer. Raises Refused `field_used` while a rule asks for it."""
    with desk.store.write() as tx:
        if any(one.field == name for one in tx.signing.rules()):
            raise Refused(
                "field_used", "Còn quy tắc dùng ô ký này. Bỏ quy tắc trước.", "A rule asks for this field. Drop the rule."
            )
        tx.signers.drop_field(name)
        tx.audit.add(desk.person.login, "drop_field", name)
    return RedirectResponse("/admin/rules#fields", 303)


@router.get("/offices")
def offices(desk: AtDesk) -> Response:
    """Who heads a department, who digitises, and who signs in whose name for a while."""
    with desk.store.read() as tx:
        people = tx.people.listed()
        found, named, departments = tx.signers.offices(), tx.signers.deputies(), _departments(tx, people)
    known = {one.id: one for one in people}
    return desk.page(
        "admin/offices.html", offices=found, known=known, people=_signers(people), departments=departments, capacities=OFFICES,
        given=GIVEN,
        deputies=named, today=render.now_here().date(),
    )  # fmt: skip


@router.post("/offices")
def give(
    desk: AtDesk, person: Annotated[str, Form()], capacity: Annotated[Capacity, Form()], department: Annotated[str, Form()] = ""
) -> Response:
    """Give a capacity."""
    with desk.store.write() as tx:
        who = next((one for one in _signers(tx.people.listed()) if one.id == person), None)
        if who is None or capacity not in GIVEN:
            raise NotThere
        tx.signers.give(Office(who.id, capacity, department))
        tx.audit.add(desk.person.login, "give_office", who.login, capacity=capacity, department=department)
    return RedirectResponse("/admin/offices", 303)


@router.post("/offices/drop")
def take(
    desk: AtDesk, person: Annotated[str, Form()], capacity: Annotated[Capacity, Form()], department: Annotated[str, Form()] = ""
) -> Response:
    """Take a capacity back: what waits for its bearer waits for others with it."""
    with desk.store.write() as tx:
        who = tx.people.get(person)
        if who is None:
            raise NotThere
        tx.signers.take(Office(who.id, capacity, department))
        tx.audit.add(desk.person.login, "take_office", who.login, capacity=capacity, department=department)
    return RedirectResponse("/admin/offices", 303)


@router.post("/deputies")
def name_deputy(desk: AtDesk, form: Annotated[DeputyForm, Form()]) -> Response:
    """Somebody signs in another's name. Raises Refused `deputy`."""
    with desk.store.write() as tx:
        deputies.name(tx, form.of(form.person, desk.person))
    return RedirectResponse("/admin/offices#deputies", 303)


@router.post("/deputies/{deputy_id}/end")
def end_deputy(desk: AtDesk, deputy_id: str) -> Response:
    """From now on nobody signs by it."""
    with desk.store.write() as tx:
        deputies.end(tx, deputy_id, desk.person)
    return RedirectResponse("/admin/offices#deputies", 303)


def _there() -> Refused:
    return Refused(
        "rule_there",
        "Loại giấy, khoa và ô ký này đã có quy tắc, và quy tắc đó còn nguyên. Muốn đổi thì bỏ quy tắc cũ trước, rồi thêm lại.",
        "This kind, department and field have a rule, which is as it was. To change it, drop it first, then add it anew.",
    )


def _place(rule: SigningRule) -> tuple[str, str, str]:
    return rule.kind_code, rule.department, rule.field


def _stuck(tx: Transaction, people: list[Person], sealing: Sealing) -> list[Stuck]:
    """What waits already, and nobody could sign it now."""
    given = tx.signers.offices()
    waiting = {
        SigningRule("", one.field, one.capacity, one.department, one.signer_id): one for one in asked_of_whom(tx.connection)
    }
    return [waiting[rule] for rule in waiting if lacks([rule], people, given, [rule.department], sealing)]


def _departments(tx: Transaction, people: list[Person]) -> list[str]:
    return sorted({*tx.patients.departments(), *(name for one in people for name in one.departments)})


def _signers(people: list[Person]) -> list[Person]:
    return [one for one in people if one.active and one.role in SIGNS]


def _kinds(desk: Desk) -> dict[str, str]:
    return {kind.code: kind.title for kind in desk.services.kinds()}
