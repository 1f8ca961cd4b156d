"""Attacks that were published, as cases; `CASES` are these and all others.

Nearly each begins with a file that passes, so that what catches it is what is wrong with it.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterator

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm

from tests.signing.forge import cases, published, sneaky
from tests.signing.forge.attacks import Change, updated
from tests.signing.forge.authority import SIGNED
from tests.signing.forge.cases import BAD, CLOSED, DAY, GOOD, OPEN, Case, World
from tests.signing.forge.signed import HOUR, Manner, blank, sign

_HASHED = ("ByteRange empty", "ByteRange of zeros", "ByteRange of more than there is")
_ISA = {
    "no table": (BAD, 6),
    "neither table nor trailer": (CLOSED, None),
    "no trailer": (CLOSED, None),
    "a table that leads to none before": (CLOSED, None),
    "a table that leads to itself": (CLOSED, None),
    "a copy of the signature": (BAD, 6),
    "a copy of the signature, unlisted, no table": (BAD, 6),
}


def universal() -> Iterator[Case]:
    """Universal signature forgery: other words on the page, and a signature that cannot be computed."""
    for name, change in published.USF.items():
        verdict = BAD if name in _HASHED else OPEN
        rule = {BAD: 4, OPEN: 3}.get(verdict)
        yield Case(f"USF: {name}", lambda w, change=change: change(_base(w)), verdict, rule)  # type: ignore[misc]
    yield Case("USF: the second of two signatures emptied", _second_emptied, BAD, 7)


def incremental() -> Iterator[Case]:
    """Incremental saving: other words in a revision that a verifier should not notice."""
    for name, change in published.ISA.items():
        verdict, rule = _ISA.get(name, (BAD, 7))
        yield Case(f"ISA: {name}", lambda w, change=change: change(w.proven), verdict, rule)  # type: ignore[misc]


def wrapping() -> Iterator[Case]:
    """Signature wrapping: the signed bytes are all there and hash to what was signed, between them stands something else."""
    for name, change in published.SWA.items():
        yield Case(f"SWA: {name}", lambda w, change=change: change(w.timed), BAD, 6)  # type: ignore[misc]
        yield Case(f"SWA, last timestamp: {name}", lambda w, change=change: change(w.proven), BAD, 6)  # type: ignore[misc]


def shadows() -> Iterator[Case]:
    """What lay in the file before it was signed."""
    yield Case("a form with looks, a mask, a hidden field", _shadowed, GOOD)
    yield Case("shadow attack: hide, mask emptied", _shadow(sneaky.mask_emptied), BAD, 7)
    yield Case("shadow attack: hide, mask freed by a table", lambda w: sneaky.freed_mask(_shadowed(w)), BAD, 7)
    yield Case("shadow attack: replace, letters drawn anew", _shadow(sneaky.letters_redrawn), BAD, 7)
    yield Case("shadow attack: replace, viewers draw fields anew", _shadow(sneaky.look_regenerated), BAD, 7)
    yield Case("shadow attack: replace, fonts of the form", _shadow(sneaky.fonts_of_form_swapped), BAD, 7)
    yield Case("fonts of the form taken away", _shadow(sneaky.fonts_of_form_gone), GOOD)
    yield Case("shadow attack: hide and replace, before the switch", _doubled, GOOD)
    yield Case("shadow attack: hide and replace, a table switches", lambda w: sneaky.double_shown(_doubled(w)), BAD, 7)
    for permission in (2, 3):
        for name, change in _FILLED.items():
            yield Case(f"certified P={permission}: {name}", _shadow(change, permission), BAD, 7)
    yield Case("certified P=2: filled in, in letters that cannot be read", _shadow(sneaky.text_field_drawn, 2), OPEN, 7)


_FILLED: dict[str, Change] = {
    "a text field shows what is not its new value": sneaky.text_field_lies,
    "a text field grown over the words": sneaky.text_field_grown,
    "a hidden field shown": sneaky.text_field_unveiled,
    "a hidden field filled and shown": sneaky.text_field_unveiled_and_filled,
    "viewers draw fields anew": sneaky.look_regenerated,
}


def certified() -> Iterator[Case]:
    """Evil annotations and sneaky signatures, in files that were certified or not."""
    for permission in (2, 3):
        for kind in ("/FreeText", "/Stamp", "/Redact"):
            name = f"EAA: certified P={permission}, {kind[1:]} over the words"
            yield Case(name, _attacked(sneaky.annotated(kind), permission), BAD, 7)
    for permission in (0, 2, 3):
        for name, change in _SNEAKY.items():
            of = f"certified P={permission}" if permission else "not certified"
            yield Case(f"SSA: {of}, {name}", _attacked(change, permission), BAD, 7)
    yield Case("not certified, a new field that shows nothing", _attacked(sneaky.plain_field, 0), GOOD)
    yield Case("SSA: signed by a stranger over the words", _by_stranger, OPEN, 5)
    for permission in (0, 1, 2):
        name = f"SSA: P={permission}, a document timestamp over the words"
        yield Case(name, lambda w, p=permission: _covering_stamp(w, p), BAD, 7)  # type: ignore[misc]


_SNEAKY: dict[str, Change] = {
    "an empty field over the words": sneaky.empty_field,
    "an empty field with a background over the words": sneaky.bordered_field,
    "an empty field with a second widget over the words": sneaky.field_of_two_widgets,
    "a prepared field painted": sneaky.prepared_field_painted,
    "a prepared field grown over the words": sneaky.prepared_field_grown,
}


def _base(world: World) -> bytes:
    return world.by(world.doctor, level="LT")


def _second_emptied(world: World) -> bytes:
    """Two blocks are seen on the page, one signature is there."""
    data = sign(world.authority, world.head, _base(world), Manner("TruongKhoa", "T", SIGNED + DAY, box=(300, 100, 480, 150)))
    start = data.rindex(b"/Contents <3") + 11
    end = data.index(b">", start)
    return data[:start] + b"0" * (end - start) + data[end:]


def _mdp(permission: int) -> dict[str, object]:
    return {"certify": True, "docmdp_permissions": MDPPerm(permission)} if permission else {}


@functools.cache
def _shadowed(world: World, permission: int = 0) -> bytes:
    return sign(world.authority, world.doctor, sneaky.with_shadows(), Manner(level="LT", more=_mdp(permission)))


@functools.cache
def _certified(world: World, permission: int) -> bytes:
    data = cases.with_field(blank(), "TruongKhoa", (300, 100, 480, 150))
    return sign(world.authority, world.doctor, data, Manner(level="LT", more=_mdp(permission)))


def _shadow(change: Change, permission: int = 0) -> Callable[[World], bytes]:
    return lambda world: updated(_shadowed(world, permission), change)


def _attacked(change: Change, permission: int) -> Callable[[World], bytes]:
    return lambda world: updated(_certified(world, permission), change)


def _doubled(world: World) -> bytes:
    return sign(world.authority, world.doctor, sneaky.with_double(blank()), Manner(level="LT"))


def _by_stranger(world: World) -> bytes:
    how = Manner("ConDau", "T", SIGNED + DAY, box=sneaky.COVER)
    return sign(world.stranger, world.stranger.signer(), _base(world), how)


def _covering_stamp(world: World, permission: int) -> bytes:
    """A document timestamp, which anybody can have, in a field of its own that is seen."""
    writer = IncrementalPdfFileWriter(io.BytesIO(_certified(world, permission)))
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    sneaky.empty_field(writer)
    stamper = signers.PdfTimeStamper(world.authority.stamper(SIGNED + 3 * HOUR), field_name="ConDau")
    return bytes(stamper.timestamp_pdf(writer, "sha256", bytes_reserved=16384).getvalue())


CASES = (*cases.CASES, *universal(), *incremental(), *wrapping(), *shadows(), *certified())
