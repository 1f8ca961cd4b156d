"""`luuky patients import FILE [--yes]`: load the hospital's patient index, or its stays, from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import console, environment, exits
from domain.errors import Refused
from filing.patient_files import PatientFile, parse_patient_file
from filing.patient_import import Changes, load, preview
from pipeline import wiring

SHOWN = 20


def import_patients(
    file: Annotated[Path, typer.Argument(help="A CSV file; its columns say whether it holds patients or stays.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before changing the index.")] = False,
) -> int:
    """Show how the columns are understood and what would change, then change the index."""
    if not file.is_file():
        raise Refused("no_file", "Không thấy tệp này.", "There is no such file.")
    parsed = parse_patient_file(file.read_bytes())
    store = wiring.store(environment.settings())
    _show(parsed, preview(store, parsed))
    if not yes and not typer.confirm("Ghi vào danh mục người bệnh? / Change the patient index?", err=True):
        return exits.DONE
    changes = load(store, parsed, environment.actor())
    console.err.print(f"Đã ghi / done: +{changes.new}, ~{changes.changed}")
    return exits.REFUSED if parsed.problems and not (parsed.patients or parsed.stays) else exits.DONE


def _show(parsed: PatientFile, changes: Changes) -> None:
    console.err.print(f"{parsed.kind}:", markup=False)
    for heading, member in parsed.mapping.items():
        console.err.print(f"  {heading} → {member}", markup=False)
    if parsed.unknown_columns:
        console.err.print(f"  bỏ qua / left alone: {', '.join(parsed.unknown_columns)}", markup=False)
    for problem in parsed.problems[:SHOWN]:
        console.tell(problem.message, f"dòng / line {problem.line}")
    if len(parsed.problems) > SHOWN:
        console.err.print(f"… {len(parsed.problems) - SHOWN} dòng nữa / more lines")
    console.err.print(
        f"mới / new {changes.new}, đổi / changed {changes.changed}, giữ nguyên / same {changes.same}, "
        f"không rõ người bệnh / unknown patient {changes.unknown_patient}, bị từ chối / refused {len(parsed.problems)}"
    )
