"""People who work with the product, their roles, and the first rule of who may see what."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from domain.documents import FILED_OR_LATER, Document, State


class Role(enum.StrEnum):
    """What a person is here to do."""

    ARCHIVE = "archive"
    DOCTOR = "doctor"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `departments` are the units whose patients a clinician or doctor treats."""

    id: str
    login: str
    name: str
    role: Role
    departments: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person may find: a filter that search engines and lists apply inside the query.

    `everything`: the machine's own command line. Otherwise a document is seen when its state is in `states` and, if
    `departments` is not None, one of its patient's departments is among them; or when its id is in `also` (documents that wait
    for this person's signature).
    """

    states: frozenset[State]
    departments: frozenset[str] | None = None
    also: frozenset[str] = frozenset()

    def allows(self, document: Document) -> bool:
        """Whether this person may see the document, its pages and its words."""
        if document.id in self.also:
            return True
        if document.state not in self.states:
            return False
        return self.departments is None or bool(self.departments & set(document.departments))


ALL = Sight(frozenset(State))
NOTHING = Sight(frozenset())


def sight_of(person: Person, waiting: frozenset[str] = frozenset()) -> Sight:
    """The first rule (design: who may see what). `waiting` are the documents that wait for this person's signature."""
    if not person.active:
        return NOTHING
    if person.role is Role.ARCHIVE:
        return Sight(frozenset(State) - {State.KEPT}, None, waiting)
    if person.role is Role.CLINICIAN:
        return Sight(FILED_OR_LATER, frozenset(person.departments))
    if person.role is Role.DOCTOR:
        return Sight(FILED_OR_LATER, frozenset(person.departments), waiting)
    return NOTHING


def sight_to_copy(person: Person) -> Sight:
    """What somebody who keeps the seal may find to certify copies of: archive staff all that is kept, whoever else of that what
    they see anyway. What archive staff find so they have the name of; its pages they open with a reason.
    """
    if not person.active:
        return NOTHING
    if person.role is Role.ARCHIVE:
        return Sight(frozenset({State.KEPT}))
    usual = sight_of(person)
    return Sight(usual.states & {State.KEPT}, usual.departments)
