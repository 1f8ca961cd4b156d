"""Loading the hospital's lists into the patient index: first what would change, then the change, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.documents import State
from filing.patient_files import PatientFile
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import does: rows new to the index, rows that differ from it, rows it holds already, stays of unknown patients."""

    new: int
    changed: int
    same: int
    unknown_patient: int = 0


def preview(store: Store, file: PatientFile) -> Changes:
    """What the import would change; writes nothing."""
    with store.read() as tx:
        return _patient_changes(tx, file) if file.kind == "patients" else _stay_changes(tx, file)


def load(store: Store, file: PatientFile, actor: str) -> Changes:
    """Make the changes. Documents that waited because nobody fitted are looked at again."""
    with store.write() as tx:
        changes = _patient_changes(tx, file) if file.kind == "patients" else _stay_changes(tx, file)
        tx.patients.upsert(file.patients)
        for patient_id in tx.patients.add_stays(file.stays):
            tx.documents.refresh_departments(patient_id)
        counts = {"new": changes.new, "changed": changes.changed, "refused": len(file.problems)}
        tx.audit.add(actor, "import_patients", None, kind=file.kind, **counts)
        tx.events.add("patients", waiting=len(tx.documents.listed(states=[State.NEEDS_REVIEW])))
    return changes


def _patient_changes(tx: Transaction, file: PatientFile) -> Changes:
    there = tx.patients.many(patient.id for patient in file.patients)
    known = [patient for patient in file.patients if patient.id in there]
    same = sum(replace(there[patient.id], stays=()) == patient for patient in known)
    return Changes(len(file.patients) - len(known), len(known) - same, same)


def _stay_changes(tx: Transaction, file: PatientFile) -> Changes:
    there = tx.patients.many({stay.patient_id for stay in file.stays})
    known = [stay for stay in file.stays if stay.patient_id in there]
    same = sum(stay in there[stay.patient_id].stays for stay in known)
    return Changes(len(known) - same, 0, same, len(file.stays) - len(known))
