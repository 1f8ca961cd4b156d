"""The hospital's own lists, as its system exports them: a file of patients, or a file of stays, told apart by their columns.

Encodings: UTF-8 (with or without its mark) and UTF-16 with its mark. Delimiters: comma, semicolon, tab. Lines above the headings
(a title, `sep=;`) are passed over. Every row is taken or refused, with its line and the reason. Nothing is written here: the
caller shows the mapping and the changes first.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Literal, TypeVar

from domain.errors import Message, Refused
from domain.patients import Patient, Stay
from filing import cells
from filing.cells import BadCellError, Note
from filing.columns import PATIENT_COLUMNS, STAY_COLUMNS, is_headings, is_stays, recognised

Made = TypeVar("Made", Patient, Stay)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADINGS_WITHIN = 10


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row refused (or taken with a note): the line in the file, counted from 1, and why."""

    line: int
    message: Message


@dataclass(frozen=True, slots=True)
class PatientFile:
    """What a file holds. `mapping`: heading → member of `Patient` or `Stay`; `unknown_columns` are left alone; `problems` are
    rows refused, `notes` rows taken after a repair.
    """

    kind: Literal["patients", "stays"]
    mapping: dict[str, str]
    unknown_columns: tuple[str, ...]
    patients: tuple[Patient, ...] = ()
    stays: tuple[Stay, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[RowProblem, ...] = ()


def parse_patient_file(data: bytes) -> PatientFile:
    """Read a file. Raises Refused: `encoding` (neither UTF-8 nor UTF-16), `no_columns` (no heading is known)."""
    rows = _rows(_decoded(data))
    headings = next((row for _, row in islice(rows, _HEADINGS_WITHIN) if is_headings(row)), [])
    return _stays(headings, rows) if is_stays(headings) else _patients(headings, rows)


def _patients(headings: list[str], rows: Iterator[tuple[int, list[str]]]) -> PatientFile:
    places = recognised(headings, PATIENT_COLUMNS)
    if "id" not in places and "record_number" in places:
        places = {"id": places.pop("record_number"), **places}
    _must_have(places, ("id", "name"), "patient_id (ma_bn), ho_ten")
    taken = _taken(rows, places, _patient, lambda one: one.id)
    return PatientFile("patients", *_named(headings, places), patients=taken.made, problems=taken.problems, notes=taken.notes)


def _stays(headings: list[str], rows: Iterator[tuple[int, list[str]]]) -> PatientFile:
    places = recognised(headings, STAY_COLUMNS)
    _must_have(places, ("patient_id",), "patient_id (ma_bn)")
    if "department" not in places and "department_code" in places:
        places["department"] = places.pop("department_code")
    places.pop("department_code", None)
    taken = _taken(rows, places, _stay, lambda one: one)
    return PatientFile("stays", *_named(headings, places), stays=taken.made, problems=taken.problems, notes=taken.notes)


@dataclass(frozen=True, slots=True)
class _Taken(Generic[Made]):
    made: tuple[Made, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]


Maker = Callable[[dict[str, str]], tuple[Made, tuple[Note, ...]]]


def _taken(
    rows: Iterator[tuple[int, list[str]]], places: dict[str, int], make: Maker[Made], key: Callable[[Made], object]
) -> _Taken[Made]:
    made: dict[object, Made] = {}
    problems, notes = [], []
    for line, row in rows:
        cells_by_member = {member: row[place] if place < len(row) else "" for member, place in places.items()}
        try:
            one, said = make(cells_by_member)
        except BadCellError as bad:
            problems.append(RowProblem(line, Message(bad.code, f"Dòng {line}: {bad.vi}.", f"Line {line}: {bad.en}.")))
            continue
        if key(one) in made:
            problems.append(RowProblem(line, _doubled(line)))
            continue
        made[key(one)] = one
        notes += [RowProblem(line, Message("repaired", f"Dòng {line}: {n.vi}.", f"Line {line}: {n.en}.")) for n in said]
    return _Taken(tuple(made.values()), tuple(problems), tuple(notes))


def _patient(row: dict[str, str]) -> tuple[Patient, tuple[Note, ...]]:
    identity, name = cells.code(row["id"]), cells.text(row["name"])
    if identity is None or name is None:
        raise BadCellError("no_id_or_name", "thiếu mã người bệnh hoặc họ tên", "patient code or name is missing")
    born, year = cells.birth(row.get("birth_date", ""))
    new, note = cells.citizen(row.get("citizen_id", ""))
    old, old_note = cells.citizen(row.get("old_citizen_id", ""))
    numbers = [number for number in (new, old) if number]
    patient = Patient(
        id=identity,
        name=name,
        birth_date=born,
        birth_year=year or cells.year(row.get("birth_year", "")),
        sex=cells.sex(row.get("sex", "")),
        citizen_id=next((number for number in numbers if len(number) == 12), None),
        old_citizen_id=next((number for number in numbers if len(number) == 9), None),
        insurance_id=cells.insurance(row.get("insurance_id", "")),
        address=cells.text(row.get("address", "")),
        phone=cells.code(row.get("phone", "")),
        record_number=cells.code(row.get("record_number", "")),
    )
    return patient, tuple(said for said in (note, old_note) if said)


def _stay(row: dict[str, str]) -> tuple[Stay, tuple[Note, ...]]:
    patient_id = cells.code(row["patient_id"])
    if patient_id is None:
        raise BadCellError("no_id", "thiếu mã người bệnh", "the patient code is missing")
    admitted, discharged = cells.day(row.get("admission_date", "")), cells.day(row.get("discharge_date", ""))
    if admitted and discharged and discharged < admitted:
        raise BadCellError("dates_reversed", "ngày ra trước ngày vào", "discharged before admitted")
    return Stay(
        patient_id=patient_id,
        admission_number=cells.number(row.get("admission_number", "")),
        archive_number=cells.number(row.get("archive_number", "")),
        admission_date=admitted,
        discharge_date=discharged,
        department=cells.text(row.get("department", "")),
    ), ()


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            "encoding",
            "Tệp không phải UTF-8. Trong Excel hãy chọn “CSV UTF-8 (Comma delimited)” khi lưu.",
            "The file is not UTF-8. In Excel, save it as “CSV UTF-8 (Comma delimited)”.",
        ) from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, each with the number of its line."""
    delimiter = max(",;\t", key=text[:2000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, row


def _named(headings: list[str], places: dict[str, int]) -> tuple[dict[str, str], tuple[str, ...]]:
    used = {place: member for member, place in places.items()}
    mapping = {headings[place]: used[place] for place in sorted(used)}
    return mapping, tuple(heading for place, heading in enumerate(headings) if place not in used and heading.strip())


def _must_have(places: dict[str, int], members: tuple[str, ...], names: str) -> None:
    if not all(member in places for member in members):
        raise Refused(
            "no_columns",
            f"Không nhận ra các cột cần có: {names}. Hãy đặt tên cột ở dòng đầu.",
            f"The columns needed were not recognised: {names}. Name the columns in the first line.",
        )


def _doubled(line: int) -> Message:
    return Message("doubled", f"Dòng {line}: trùng với một dòng trước.", f"Line {line}: the same as an earlier line.")
