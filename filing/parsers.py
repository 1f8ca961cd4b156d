"""What the words behind a label say: a value in the form of the sidecar, where it stands in them, and how sure its form is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from filing import dates, diagnosis, identifiers, names, sexes

_REPAIRED = 0.75
_STRANGE = 0.8


@dataclass(frozen=True, slots=True)
class Piece:
    """A value found in the text behind a label, from letter `start` to `end`, and how sure its own form makes us (0..1)."""

    value: str
    start: int
    end: int
    sure: float = 1.0


Parser = Callable[[str], Piece | None]


def name(text: str) -> Piece | None:
    """A person's name, from the first word on."""
    words = text.split(" ")
    count = names.name_span(words)
    span = " ".join(words[:count])
    return Piece(names.cleaned(span), 0, len(span)) if count else None


def day(text: str) -> Piece | None:
    """The first date, ISO 8601."""
    found = next(iter(dates.find_dates(text)), None) or dates.boxed_date(text)
    return Piece(found.value.isoformat(), found.start, found.end, _REPAIRED if found.repaired else 1.0) if found else None


def year(text: str) -> Piece | None:
    """The first year that stands alone."""
    found = dates.find_year(text)
    return Piece(str(found[0]), found[1], found[2]) if found else None


def sex(text: str) -> Piece | None:
    """`Nam` or `Nữ`."""
    found = sexes.read_sex(text)
    return Piece(*found) if found else None


def _numbered(found: identifiers.FoundNumber | None) -> Piece | None:
    return Piece(found.value, found.start, found.end, _REPAIRED if found.repaired else 1.0) if found else None


def citizen(text: str) -> Piece | None:
    """A citizen number; one that begins with no province is less sure."""
    piece = _numbered(identifiers.citizen_number(text))
    return replace(piece, sure=piece.sure * _STRANGE) if piece and identifiers.strange_place(piece.value) else piece


def insurance(text: str) -> Piece | None:
    """An insurance number."""
    return _numbered(identifiers.insurance_number(text))


def code(text: str) -> Piece | None:
    """A code of the hospital's own."""
    return _numbered(identifiers.hospital_code(text))


def department(text: str) -> Piece | None:
    """A department with its leading `Khoa`; capitals are taken down, so that one department has one name."""
    words = text.split(" ")[:8]
    if words and words[0].casefold() == "khoa":
        words = words[1:]
    end = next((place + 1 for place, word in enumerate(words) if word[-1:] in ",;."), len(words))
    own = names.cleaned(" ".join(words[:end]))
    if not own or not own[0].isalpha() or sum(char.isalpha() for char in own) < 0.75 * len(own.replace(" ", "")):
        return None
    return Piece(f"Khoa {_calm(own) if own.isupper() else own}", 0, text.index(words[end - 1]) + len(words[end - 1]))


def _calm(shouted: str) -> str:
    """`NỘI TIM MẠCH` → `Nội tim mạch`; words without a vowel are abbreviations: `HSCC`, `B`."""
    words = [word.lower() if set(dates.even_fold(word)) & set("aeiou") else word for word in shouted.split()]
    calm = " ".join(words)
    return calm[0].upper() + calm[1:]


def told(text: str) -> Piece | None:
    """The diagnosis without its code."""
    words = diagnosis.wording(text)
    return Piece(words, 0, len(text)) if sum(char.isalpha() for char in words) >= 3 else None


def icd(text: str) -> Piece | None:
    """An ICD-10 code behind its label."""
    found = diagnosis.code_behind_label(text)
    return Piece(found[0], found[1], found[2], _REPAIRED if found[3] else 1.0) if found else None


def icd_inside(text: str) -> Piece | None:
    """An ICD-10 code inside a diagnosis."""
    found = diagnosis.code_inside(text)
    return Piece(*found) if found else None
