"""Who signs what, carried from one house to another as a file."""

from __future__ import annotations

import json

from tests.cli.running import luuky

RULES = {
    "version": 1,
    "fields": [{"name": "DieuDuong", "title": "Điều dưỡng trưởng", "title_en": "Head nurse", "capacity": "head"}],
    "rules": [
        {
            "kind": "01/BV-01", "department": "", "field": "TacGia", "capacity": "author", "person": "bao", "step": 1, "days": 3,
            "certifies": 2, "locks": False,
        },
        {
            "kind": "", "department": "Khoa Nhi", "field": "DieuDuong", "capacity": "head", "person": None, "step": 2,
            "days": None, "certifies": None, "locks": True,
        },
    ],
    "offices": [{"person": "bao", "capacity": "head", "department": "Khoa Nhi"}],
}  # fmt: skip


def test_rules_are_loaded_shown_and_come_back_as_they_were(tmp_path):
    data, file = tmp_path / "data", tmp_path / "rules.json"
    luuky("user", "add", "bao", "--role", "doctor", "--password-stdin", data=data, stdin="mot mat khau du dai\n")
    file.write_text(json.dumps(RULES), encoding="utf-8")
    assert luuky("rules", "load", file, data=data).status == 0
    shown = luuky("rules", "show", "--json", data=data).json
    assert sorted(shown["rules"], key=lambda one: one["step"]) == RULES["rules"]
    assert {name: shown[name] for name in ("version", "fields", "offices", "lacks")} == {
        "version": 1, "fields": RULES["fields"], "offices": RULES["offices"], "lacks": [],
    }  # fmt: skip
    file.write_text(json.dumps({"version": 1, "offices": []}), encoding="utf-8")
    assert luuky("rules", "load", file, data=data).status == 0
    shown = luuky("rules", "show", data=data)
    assert "DieuDuong" in shown.out
    assert "certifies P=2" in shown.out
    assert "locks" in shown.out
    assert "nobody can sign: * DieuDuong (Khoa Nhi)" in shown.err


def test_a_file_with_one_wrong_rule_changes_nothing(tmp_path):
    data, file = tmp_path / "data", tmp_path / "rules.json"
    good = {"kind": "", "field": "TacGia", "capacity": "author"}
    wrong = {"version": 1, "rules": [good, {**good, "field": "KhongCo"}]}
    final = json.dumps({"version": 1, "rules": [{**good, "certifies": 1}, {**good, "field": "TruongKhoa", "step": 2}]})
    for value in (json.dumps(wrong), json.dumps({"version": 2}), "[]", "no JSON", json.dumps({**RULES, "version": 1}), final):
        file.write_text(value, encoding="utf-8")
        assert luuky("rules", "load", file, data=data).status == 4
    assert luuky("rules", "show", "--json", data=data).json["rules"] == []


def test_what_is_misspelt_is_refused_and_not_left_out(tmp_path):
    data, file = tmp_path / "data", tmp_path / "rules.json"
    rule = {"kind": "01/BV-01", "field": "TacGia", "capacity": "author"}
    wrong = {
        "rules_member": ({"rulez": [rule]}, {"rules": [{**rule, "certify": 2}]}, {"offices": [{"who": "bao"}]}),
        "rules_kind": ({"rules": [{**rule, "kind": "01/BV-1"}]},),
        "rules_twice": ({"rules": [rule, {**rule, "days": 3}]},),
        "rule": ({"rules": [{**rule, "step": 0}]}, {"rules": [{**rule, "days": 0}]}),
        "rules_file": ({"rules": [{**rule, "locks": "yes"}]}, {"rules": ["01/BV-01"]}),
    }
    for code, values in wrong.items():
        for value in values:
            file.write_text(json.dumps({"version": 1, **value}), encoding="utf-8")
            ran = luuky("rules", "load", file, data=data)
            assert (ran.status, f"[{code}]" in ran.err) == (4, True), (value, ran.err)
    file.write_text("[" * 100_000, encoding="utf-8")
    assert luuky("rules", "load", file, data=data).status == 4
    assert luuky("rules", "show", "--json", data=data).json["rules"] == []


def test_a_kind_that_no_catalogue_has_is_refused_with_the_nearest(tmp_path):
    data, file = tmp_path / "data", tmp_path / "rules.json"
    rule = {"field": "TacGia", "capacity": "author"}
    for kind, near in (("01/BV-1", "01/BV-01 ("), ("Giay ra vien", "(Giấy ra viện)"), ("qwxz", "")):
        file.write_text(json.dumps({"version": 1, "rules": [{**rule, "kind": kind}]}), encoding="utf-8")
        ran = luuky("rules", "load", file, data=data)
        assert (ran.status, f"“{kind}”" in ran.err, near in ran.err, "[rules_kind]" in ran.err) == (4, True, True, True), ran.err
        assert ("Gần giống nhất" in ran.err) == bool(near)
    assert luuky("rules", "show", "--json", data=data).json["rules"] == []


def test_a_department_that_nobody_has_written_yet_is_loaded_and_told_with_the_nearest(tmp_path):
    data, file = tmp_path / "data", tmp_path / "rules.json"
    add = ("user", "add", "bao", "--role", "doctor", "--password-stdin", "--department", "Khoa Nhi")
    luuky(*add, data=data, stdin="mot mat khau du dai\n")
    rule = {"field": "TacGia", "capacity": "author", "department": "Khoa Nhi"}
    office = {"person": "bao", "capacity": "head", "department": "khoa nhi"}
    file.write_text(json.dumps({"version": 1, "rules": [rule]}), encoding="utf-8")
    quiet = luuky("rules", "load", file, data=data)
    assert (quiet.status, "department_unknown" in quiet.err) == (0, False)
    file.write_text(
        json.dumps({"version": 1, "rules": [{**rule, "department": "Khoa Nhii"}], "offices": [office]}), encoding="utf-8"
    )
    told = luuky("rules", "load", file, data=data)
    assert (told.status, told.err.count("[department_unknown]")) == (0, 2)
    for name in ("Khoa Nhii", "khoa nhi"):
        assert f"khoa “{name}”. Gần giống nhất: Khoa Nhi." in told.err
    assert [one["department"] for one in luuky("rules", "show", "--json", data=data).json["rules"]] == ["Khoa Nhii"]
