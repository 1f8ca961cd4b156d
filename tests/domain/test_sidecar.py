"""The sidecar reads back what it wrote."""

from __future__ import annotations

import json

from domain.findings import Facts, Finding, PatientFacts
from domain.pages import Box, Cell, Changed, Flag, PageReading, Word, Zone
from domain.sidecar import Sidecar, page_as_json, page_from_json, sidecar_from_json


def test_a_page_comes_back_as_it_was() -> None:
    words = (
        Word("024190000001", Box(1, 2, 3, 4), 0.5, 0, Changed("O24190000001", rule="citizen_id")),
        Word("Nguyễn", Box(5, 2, 9, 4), 0.25, 0, Changed("Nguyên", by="lan", at="2026-11-29T10:00:00Z")),
        Word("khoẻ", Box(1, 5, 3, 8), 1.0, 1),
    )
    page = PageReading(
        1, 800, 600, 300.0, words=words, flags=(Flag("dark", 60.0, rescan=True),),
        cells=(Cell(0, 0, 0, 1, 2, Box(1, 1, 9, 9), 0, 2),),
        zones=(Zone("handwriting", Box(1, 5, 3, 8)),), engine="luuky 1.1+aa vie",
    )  # fmt: skip
    assert page_from_json(json.loads(json.dumps(page_as_json(page)))) == page


def test_a_fact_says_what_its_words_were_read_as_only_where_a_rule_chose() -> None:
    chosen = Finding("024190000001", 0.5, 1, Box(1, 2, 3, 4), "024190000001", "O24190000001")
    plain = Finding("Lan", 0.9, 1, Box(1, 2, 3, 4), "Lan")
    sidecar = Sidecar((), (), Facts(patient=PatientFacts(name=plain, citizen_id=chosen)))
    value = json.loads(json.dumps(sidecar.as_json()))
    assert value["patient"]["citizen_id"]["read"] == "O24190000001"
    assert "read" not in value["patient"]["name"]
    assert sidecar_from_json(value) == sidecar


def test_a_page_from_before_there_were_cells_and_zones_is_read() -> None:
    value = page_as_json(PageReading(1, 800, 600, 300.0))
    del value["cells"], value["zones"]
    assert page_from_json(value) == PageReading(1, 800, 600, 300.0)
