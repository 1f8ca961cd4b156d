"""How blocks of signatures look, carried from one house to another as a file; and the register of copies."""

from __future__ import annotations

import json

from tests.cli.running import luuky

LAYOUT = {
    "visible": True, "heading": "Người ký", "lines": ["name", "unit", "time"], "picture": "house", "frame": "line",
    "colour": "#a01818", "wide": 200, "high": 60, "reason": "",
}  # fmt: skip


def test_layouts_are_loaded_shown_and_come_back_as_they_were(tmp_path):
    data, file = tmp_path / "data", tmp_path / "blocks.json"
    file.write_text(json.dumps({"version": 1, "layouts": {"": {"frame": "none"}, "01/BV-01": LAYOUT}}), encoding="utf-8")
    assert luuky("blocks", "show", "--json", data=data).json["layouts"][""]["heading"] == "Ký bởi", "what counts is a pattern too"
    assert luuky("blocks", "load", file, data=data).status == 0
    shown = luuky("blocks", "show", "--json", data=data).json
    assert shown["layouts"]["01/BV-01"] == LAYOUT
    assert shown["layouts"][""]["frame"] == "none"
    assert "01/BV-01" in luuky("blocks", "show", data=data).out
    file.write_text(json.dumps({"version": 1, "layouts": {"": {"lines": ["time"]}}}), encoding="utf-8")
    assert luuky("blocks", "load", file, data=data).status != 0
    assert luuky("blocks", "show", "--json", data=data).json == shown
    assert luuky("copies", "--json", data=data).json == []


def test_a_layout_for_a_kind_that_no_catalogue_has_is_refused_with_the_nearest(tmp_path):
    data, file = tmp_path / "data", tmp_path / "blocks.json"
    file.write_text(json.dumps({"version": 1, "layouts": {"01/BV-1": LAYOUT, "": LAYOUT}}), encoding="utf-8")
    ran = luuky("blocks", "load", file, data=data)
    assert (ran.status, "“01/BV-1”" in ran.err, "01/BV-01 (" in ran.err, "[blocks_kind]" in ran.err) == (4, True, True, True)
    assert luuky("blocks", "show", "--json", data=data).json["layouts"][""]["heading"] == "Ký bởi"


def test_a_value_of_another_type_is_refused_and_loads_nothing(tmp_path):
    data, file = tmp_path / "data", tmp_path / "blocks.json"
    for wrong in ({"visible": "false"}, {"visible": None}, {"wide": "174"}, {"high": True}, {"heading": 5}, {"lines": "name"}):
        file.write_text(json.dumps({"version": 1, "layouts": {"": {**LAYOUT, **wrong}}}), encoding="utf-8")
        ran = luuky("blocks", "load", file, data=data)
        assert (ran.status, ran.out, "[block_layout]" in ran.err) == (4, "", True), wrong
    assert luuky("blocks", "show", "--json", data=data).json["layouts"][""]["heading"] == "Ký bởi"


def test_a_misspelt_member_is_refused_with_the_nearest_and_loads_nothing(tmp_path):
    data, file = tmp_path / "data", tmp_path / "blocks.json"
    members = ", ".join(sorted(LAYOUT))
    for value, wrong, near in (
        ({"layouts": {"": LAYOUT, "01/BV-01": {"color": "#a01818"}}}, "color", ("Gần giống nhất: colour. ", "Nearest: colour. ")),
        ({"layouts": {"": LAYOUT}, "layout": {}}, "layout", ("Gần giống nhất: layouts. ", "Nearest: layouts. ")),
        ({"layouts": {"": {**LAYOUT, "qwxz": 1}}}, "qwxz", (f"Các mục dùng được: {members}. ", f"Known: {members}. ")),
    ):
        file.write_text(json.dumps({"version": 1, **value}), encoding="utf-8")
        ran = luuky("blocks", "load", file, data=data)
        assert (ran.status, ran.out, "[blocks_member]" in ran.err) == (4, "", True)
        assert f"mục “{wrong}”. {near[0]}" in ran.err
        assert f"no member “{wrong}”. {near[1]}" in ran.err
    assert luuky("blocks", "show", "--json", data=data).json["layouts"][""]["heading"] == "Ký bởi"
