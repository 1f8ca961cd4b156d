"""Who may sign as what (quy chế ký): fields and capacities, the rules that count for a document, and rules nobody can keep.

Rules
1. Of a field the most specific rule counts: one that names the kind before one for every kind, then one that names the
   department.
2. A document is of one department where that is known: the one read on it, else that of its scanner, if the patient has been
   there; else the patient's only one. Where it is not known, all departments of the patient may be meant.
3. Who was named a deputy signs what is asked of the other, within a time and never on to a third; the signature says in whose
   name.
4. A rule is said to lack a person where nobody with an open account could sign what it asks for; one for the hospital's seal
   where there is no seal, or nobody who keeps it and has to press the button.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.documents import Document
from domain.errors import Refused
from domain.findings import Facts
from domain.people import Person, Role
from domain.signatures import SigningRule
from domain.text import fold

VOID = "HuyBo"
"""The field whose signature makes a document void. A rule for it asks nobody: it says who may."""
LAST_STEP, LAST_DAY = 9, 365
LONGEST = timedelta(days=366)
"""A deputy is named anew at least once a year."""


class Capacity(enum.StrEnum):
    """As what somebody signs."""

    AUTHOR = "author"
    """A doctor of the document's department."""
    HEAD = "head"
    """Who heads the document's department."""
    SEAL = "seal"
    """The hospital's own seal."""
    DIGITISER = "digitiser"
    """Who scanned or converted the paper."""


class Sealing(enum.StrEnum):
    """How the hospital's seal is put."""

    NONE = "none"
    """There is none."""
    ITSELF = "itself"
    """As soon as the rules name it next."""
    PRESSED = "pressed"
    """When somebody who keeps it says so."""


OFFICES = (Capacity.HEAD, Capacity.DIGITISER)
"""Capacities that people are given, for a department or for all, and in which they sign."""
GIVEN = (*OFFICES, Capacity.SEAL)
"""The same, and who keeps the seal: they do not sign with it, but say when it is put."""
SIGNS = (Role.DOCTOR, Role.ARCHIVE)
"""Roles in which somebody may be asked to sign."""


@dataclass(frozen=True, slots=True)
class SigningField:
    """A place to sign: its name in the file, what it is called, in which capacity it is signed unless a rule says otherwise."""

    name: str
    title: str
    title_en: str
    capacity: Capacity


FIELDS = (
    SigningField("TacGia", "Người lập hồ sơ", "Author", Capacity.AUTHOR),
    SigningField("TruongKhoa", "Trưởng khoa", "Head of department", Capacity.HEAD),
    SigningField("NguoiSoHoa", "Người số hóa", "Digitised by", Capacity.DIGITISER),
    SigningField("ConDau", "Con dấu bệnh viện", "Hospital's seal", Capacity.SEAL),
    SigningField(VOID, "Hủy bỏ", "Void", Capacity.HEAD),
)
"""The fields that every house has; an administrator adds others."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{1,39}")


@dataclass(frozen=True, slots=True)
class Office:
    """A capacity that a person was given. Empty `department`: for all departments."""

    person_id: str
    capacity: Capacity
    department: str = ""


@dataclass(frozen=True, slots=True)
class Deputy:
    """`deputy_id` signs in the name of `person_id` from `starts_at` until `ends_at` (UTC), or until it was ended.

    Empty `capacity` and `department`: in every one. `set_by`: a login.
    """

    id: str
    person_id: str
    deputy_id: str
    capacity: str
    department: str
    starts_at: datetime
    ends_at: datetime
    set_by: str
    ended_at: datetime | None = None

    def active(self, moment: datetime) -> bool:
        """Whether it counts at a moment."""
        return self.ended_at is None and self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Hat:
    """As what somebody may sign now: in whose name, in which capacity, of which departments what is open to all (None: of every
    one); `named_in`: of which departments what is asked of `person_id` by name (None: of every one).
    """

    person_id: str
    capacity: Capacity
    departments: frozenset[str] | None = frozenset()
    named_in: frozenset[str] | None = None

    def fits(self, signer_id: str | None, capacity: str, departments: frozenset[str]) -> bool:
        """Whether a signature may be made under it that is asked of `signer_id` (None: of anybody) in `departments`."""
        if capacity != self.capacity or signer_id not in (None, self.person_id):
            return False
        within = self.departments if signer_id is None else self.named_in
        return within is None or bool(within & departments)


@dataclass(frozen=True, slots=True)
class Lack:
    """A rule that nobody can keep (rule 4), and in which departments; none named: anywhere."""

    rule: SigningRule
    departments: tuple[str, ...] = ()


def checked_field(name: str, title: str, title_en: str, capacity: str) -> SigningField:
    """A new field. Raises Refused `field_name`."""
    if not _NAME.fullmatch(name) or not title.strip() or capacity not in list(Capacity):
        raise Refused(
            "field_name",
            "Tên ô ký gồm 2–40 chữ không dấu và chữ số, bắt đầu bằng chữ; phải có tên gọi tiếng Việt.",
            "A field's name is 2 to 40 unaccented letters and digits and begins with a letter; it needs a Vietnamese title.",
        )
    return SigningField(name, title.strip(), title_en.strip() or title.strip(), Capacity(capacity))


def checked_rule(rule: SigningRule, fields: Iterable[SigningField]) -> SigningRule:
    """A new rule. Raises Refused `rule`."""
    right = rule.capacity in list(Capacity) and rule.field in {one.name for one in fields}
    in_time = rule.days is None or 0 < rule.days <= LAST_DAY
    if not right or not in_time or not 0 < rule.step <= LAST_STEP:
        raise Refused(
            "rule",
            f"Quy tắc ký chưa đúng: ô ký và tư cách phải có trong danh sách, bước từ 1 đến {LAST_STEP}, "
            f"hạn từ 1 đến {LAST_DAY} ngày.",
            f"The signing rule is wrong: field and capacity must be listed, the step 1 to {LAST_STEP}, days 1 to {LAST_DAY}.",
        )
    return rule


def applying(rules: Iterable[SigningRule], kind_code: str | None, department: str) -> list[SigningRule]:
    """The rules that count for a document (rule 1), in the order of their steps; what may make it void is among them."""
    found: dict[str, SigningRule] = {}
    for rule in sorted(rules, key=lambda one: (bool(one.kind_code), bool(one.department))):
        if rule.kind_code in ("", kind_code) and rule.department in ("", department):
            found[rule.field] = rule
    return sorted(found.values(), key=lambda one: (one.step, one.field))


def asked(rules: Iterable[SigningRule], document: Document, facts: Facts, digitiser: Person | None) -> list[SigningRule]:
    """Whose signatures a document needs: the rules that count, with its department, and with `digitiser`, who scanned it."""
    home = department_of(document, facts)
    found = [rule for rule in applying(rules, document.kind_code, home) if rule.field != VOID]
    return [replace(rule, department=home, signer_id=rule.signer_id or _digitiser(rule, digitiser)) for rule in found]


def department_of(document: Document, facts: Facts) -> str:
    """Rule 2; empty: not known."""
    read = facts.episode.department.value if facts.episode.department else ""
    folded = {fold(name): name for name in document.departments}
    for name in (read, document.origin.department or ""):
        if fold(name) in folded:
            return folded[fold(name)]
    if document.departments:
        return document.departments[0] if len(document.departments) == 1 else ""
    return document.origin.department or ""


def own_hats(person: Person, offices: Iterable[Office]) -> list[Hat]:
    """As what a person may sign in their own name."""
    if not person.active or person.role not in SIGNS:
        return []
    held = [one for one in offices if one.person_id == person.id]
    hats = [Hat(person.id, Capacity.AUTHOR, frozenset(person.departments if person.role is Role.DOCTOR else ()))]
    for capacity in OFFICES:
        names = {one.department for one in held if one.capacity is capacity}
        hats.append(Hat(person.id, capacity, None if "" in names else frozenset(names)))
    return hats


def deputy_hats(person: Person, offices: Iterable[Office], deputy: Deputy) -> list[Hat]:
    """As what `deputy` may sign in the name of `person` (rule 3)."""
    return [_narrowed(hat, deputy.department) for hat in own_hats(person, offices) if deputy.capacity in ("", hat.capacity)]


def voiding(
    rules: Iterable[SigningRule], document: Document, facts: Facts, hats: Iterable[Hat]
) -> tuple[SigningRule, Hat] | None:
    """The rule by which a person with these hats may make a document void, and under which hat; None: by none."""
    home = department_of(document, facts)
    rule = next((one for one in applying(rules, document.kind_code, home) if one.field == VOID), None)
    if rule is None:
        return None
    hat = worn(hats, rule.signer_id, rule.capacity, frozenset([home] if home else document.departments))
    return (replace(rule, department=home), hat) if hat else None


def worn(hats: Iterable[Hat], signer_id: str | None, capacity: str, departments: frozenset[str]) -> Hat | None:
    """The first of somebody's hats under which a signature may be made; their own come first."""
    return next((hat for hat in hats if hat.fits(signer_id, capacity, departments)), None)


def checked_deputy(deputy: Deputy, people: Mapping[str, Person]) -> Deputy:
    """A new deputy. Raises Refused `deputy`, `deputy_doctor`."""
    both = [people.get(one) for one in (deputy.person_id, deputy.deputy_id)]
    right = all(one is not None and one.active and one.role in SIGNS for one in both) and deputy.person_id != deputy.deputy_id
    if not right or not deputy.starts_at < deputy.ends_at <= deputy.starts_at + LONGEST:
        raise Refused(
            "deputy",
            f"Ủy quyền chưa đúng: phải là hai người khác nhau có tài khoản ký đang mở, và từ 1 đến {LONGEST.days} ngày.",
            f"The deputy is wrong: two different people with open accounts that sign, and 1 to {LONGEST.days} days.",
        )
    person, other = people[deputy.person_id], people[deputy.deputy_id]
    if person.role is Role.DOCTOR and other.role is not Role.DOCTOR and deputy.capacity != Capacity.DIGITISER:
        raise Refused(
            "deputy_doctor",
            "Ký thay bác sĩ thì phải là bác sĩ. Hãy chọn một bác sĩ, hoặc chỉ ủy quyền với tư cách người số hóa.",
            "Only a doctor signs in a doctor's name. Choose a doctor, or name a deputy as digitiser only.",
        )
    return deputy


def lacks(
    rules: Iterable[SigningRule],
    people: Iterable[Person],
    offices: Iterable[Office],
    departments: Iterable[str],
    sealing: Sealing = Sealing.NONE,
) -> list[Lack]:
    """Rules that nobody can keep (rule 4). `departments`: all that there are; `sealing`: how the seal is put here."""
    listed = list(rules)
    active = {one.id: one for one in people if one.active and one.role in SIGNS}
    held = [one for one in offices if one.person_id in active]
    everywhere = sorted(set(departments))
    found = []
    for rule in listed:
        here = [rule.department] if rule.department else everywhere
        wanted = [name for name in here if rule in applying(listed, rule.kind_code, name)]
        missing = tuple(name for name in wanted if not _somebody(rule, name, active, held))
        if rule.capacity == Capacity.SEAL:
            found += [] if _sealed(sealing, held) else [Lack(rule)]
        elif rule.signer_id and rule.signer_id not in active:
            found.append(Lack(rule))
        elif missing or (not here and not _somebody(rule, "", active, held)):
            found.append(Lack(rule, () if missing == tuple(everywhere) and not rule.department else missing))
    return found


def _sealed(sealing: Sealing, offices: Iterable[Office]) -> bool:
    kept = any(one.capacity is Capacity.SEAL for one in offices)
    return sealing is Sealing.ITSELF or (sealing is Sealing.PRESSED and kept)


def _narrowed(hat: Hat, department: str) -> Hat:
    if not department:
        return hat
    inside = hat.departments is None or department in hat.departments
    only = frozenset({department})
    return replace(hat, departments=only if inside else frozenset(), named_in=only)


def _somebody(rule: SigningRule, department: str, active: dict[str, Person], offices: Sequence[Office]) -> bool:
    if rule.signer_id:
        return rule.signer_id in active
    if rule.capacity == Capacity.AUTHOR:
        return any(one.role is Role.DOCTOR and department in one.departments for one in active.values())
    return any(one.capacity == rule.capacity and one.department in ("", department) for one in offices)


def _digitiser(rule: SigningRule, person: Person | None) -> str | None:
    return person.id if rule.capacity == Capacity.DIGITISER and person and person.active else None
