"""An invented person of the index and the facts of a paper that speaks of them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, PatientFacts, Value
from domain.pages import Box
from domain.patients import Patient, Stay

STAY = Stay("P1", "4567/19", "19001234", date(2019, 3, 1), date(2019, 3, 9), "Khoa Nội")
THUY = Patient(
    "P1",
    "Phan Thị Thủy",
    birth_date=date(1977, 9, 24),
    birth_year=1977,
    sex="Nữ",
    citizen_id="042177319489",
    old_citizen_id="183456789",
    insurance_id="GD3424877840801",
    stays=(STAY,),
    record_number="BN000001",
)


def found(value: Value, confidence: float = 0.95) -> Finding[Value]:
    """A finding somewhere on page 1."""
    return Finding(value, confidence, 1, Box(10, 20, 30, 40), str(value))


def facts(sure: float = 0.95, *, title: str | None = "Giấy ra viện", **said: Any) -> Facts:
    """Facts that a paper says; members of patient and episode by name."""
    patient = {f.name: found(said[f.name], sure) for f in fields(PatientFacts) if f.name in said}
    episode = {f.name: found(said[f.name], sure) for f in fields(EpisodeFacts) if f.name in said}
    return Facts(KindFinding(title=title), PatientFacts(**patient), EpisodeFacts(**episode))
