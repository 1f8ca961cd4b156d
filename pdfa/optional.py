"""Layers that can be shown and hidden (optional content) as PDF/A allows them: named, all listed, switched by nobody but people
(ISO 19005-2, 6.9). What is shown and what is hidden stays so.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pdfa.objects import items

_UNNAMED = "Lớp"


def settle_layers(pdf: Pdf) -> None:
    """In place."""
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, Dictionary):
        return
    groups: list[Object] = [group for group in items(properties, "/OCGs") if isinstance(group, Dictionary)]
    for number, group in enumerate(groups, 1):
        if not isinstance(group.get(Name.Name), pikepdf.String):
            group[Name.Name] = pikepdf.String(f"{_UNNAMED} {number}")
    if not isinstance(properties.get("/D"), Dictionary):
        properties.D = Dictionary()
    taken: set[str] = set()
    for config in [properties.D, *items(properties, "/Configs")]:
        if isinstance(config, Dictionary):
            _settle(config, groups, taken)


def _settle(config: Object, groups: list[Object], taken: set[str]) -> None:
    name = str(config.get(Name.Name, "")) or _UNNAMED
    while name in taken:
        name += "+"
    taken.add(name)
    config[Name.Name] = pikepdf.String(name)
    if "/AS" in config:
        del config["/AS"]
    if isinstance(config.get("/Order"), Array):
        listed = {item.objgen for item in _flat(config.Order)}
        config.Order = Array([*config.Order.as_list(), *(group for group in groups if group.objgen not in listed)])


def _flat(order: Object) -> list[Object]:
    found: list[Object] = []
    waiting = list(order.as_list())
    while waiting:
        item = waiting.pop()
        if isinstance(item, Array):
            waiting += item.as_list()
        elif isinstance(item, Dictionary) and item.is_indirect:
            found.append(item)
    return found
