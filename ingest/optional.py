"""Which optional content (layers) of a PDF is seen by whoever opens the file (ISO 32000-1, 8.11).

Rules
1. A group is shown as the default configuration says: by BaseState, then ON, then OFF.
2. A membership is shown as its expression (VE) says, else as its policy (P) says of its groups; always where it has none.
3. Where viewers differ nothing is decided: groups that are nowhere listed, are meant for something else than viewing, or have
   states by their use; a policy over one group that stands alone; lists that are objects of their own, which might be shared by
   thousands of memberships, or hold one another. Nor is anything that depends on these.
"""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf

_DEEPEST = 16
_STATES = {"/ON": True, "/OFF": False}
_POLICIES = {"/AllOn": (all, True), "/AnyOn": (any, True), "/AllOff": (all, False), "/AnyOff": (any, False)}
"""How many of the groups have to be in what state."""

Key = tuple[int, int]


class Layers:
    """The layers of one file. Each is looked at once."""

    def __init__(self, document: Pdf) -> None:
        self._properties = document.Root.get("/OCProperties")
        self._default = self._properties.get("/D") if isinstance(self._properties, Dictionary) else None
        self._listed = frozenset(_keys(self._properties, "/OCGs"))
        self._on, self._off = frozenset(_keys(self._default, "/ON")), frozenset(_keys(self._default, "/OFF"))
        self._by_use = frozenset(key for rule in _items(self._default, "/AS") for key in _keys(rule, "/OCGs"))
        self._known: dict[Key, bool | None] = {}

    def shows(self, layer: Object | None) -> bool | None:
        """Whether what belongs to a group or a membership (the value of an /OC) is seen; None where nobody can tell."""
        if layer is None or self._properties is None:
            return True
        if not isinstance(layer, Dictionary) or not layer.is_indirect:
            return None
        if layer.objgen not in self._known:
            is_group = layer.get("/Type") == Name.OCG
            self._known[layer.objgen] = self._group(layer) if is_group else self._membership(layer)
        return self._known[layer.objgen]

    def _group(self, group: Object) -> bool | None:
        """Also of what is no group: it is not listed."""
        key = group.objgen
        base = _STATES.get(str(self._default.get("/BaseState", Name.ON))) if isinstance(self._default, Dictionary) else None
        if base is None or key not in self._listed or group.get("/Intent", Name.View) != Name.View:
            return None
        shown = (base or key in self._on) and key not in self._off
        view = _entry(_entry(group, "/Usage"), "/View")
        by_use = _STATES.get(str(_entry(view, "/ViewState")), shown)
        return shown if key not in self._by_use and by_use is shown else None

    def _membership(self, membership: Object) -> bool | None:
        if membership.get("/Type") != Name.OCMD:
            return None
        if "/VE" in membership:
            return self._expression(membership.VE, 0)
        groups = membership.get("/OCGs", Array())
        policy = str(membership.get("/P", Name.AnyOn))
        if isinstance(groups, Dictionary):
            return self._group(groups) if policy in ("/AllOn", "/AnyOn") else None
        if not isinstance(groups, Array) or groups.is_indirect or policy not in _POLICIES:
            return None
        listed = [group for group in groups.as_list() if group is not None]
        states = [self._group(group) if isinstance(group, Dictionary) else None for group in listed]
        enough, wanted = _POLICIES[policy]
        return None if None in states else not states or enough(state is wanted for state in states)

    def _expression(self, expression: object, depth: int) -> bool | None:
        if isinstance(expression, Dictionary):
            return self._group(expression)
        if not isinstance(expression, Array) or expression.is_indirect or len(expression) < 2 or depth > _DEEPEST:
            return None
        operator, *operands = expression.as_list()
        states = [self._expression(operand, depth + 1) for operand in operands]
        if None in states:
            return None
        if operator == Name.Not:
            return not states[0] if len(states) == 1 else None
        if operator not in (Name.And, Name.Or):
            return None
        return all(states) if operator == Name.And else any(states)


def _entry(thing: object, name: str) -> object:
    return thing.get(name) if isinstance(thing, Dictionary) else None


def _items(thing: object, name: str) -> Iterator[object]:
    found = _entry(thing, name)
    return iter(found.as_list() if isinstance(found, Array) else ())


def _keys(thing: object, name: str) -> Iterator[Key]:
    return (item.objgen for item in _items(thing, name) if isinstance(item, Dictionary) and item.is_indirect)
