"""Who of the patient index is meant.

A wrong patient is worse than no patient. A document is linked without a person only when all of this holds:
1. nothing on the paper gives pause (two patients, no name, a kind nobody can tell);
2. a strong identifier agrees: citizen number, insurance number, patient code, or the admission or archive number of a stay; one
   of which a rule chose letters or digits (`Finding.read`) counts only beside a birth date that agrees and was clear to read;
3. the name agrees, tones included;
4. nothing compared differs: no identifier, no birth date, no sex;
5. no other patient of the index has any of the strong evidence; the number of a stay, which begins anew each year, counts
   against a personal identifier only where the name does not differ.
Everything else waits for a person, with the reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from domain.errors import Message
from domain.findings import EpisodeFacts, Facts, Finding, present
from domain.names import flat, has_tones, same_name, same_without_tones
from domain.patients import Agreement, Candidate, Comparison, Patient, Stay
from filing import reasons
from filing.identifiers import bare, same_insured
from filing.names import is_newborn

MOST_CANDIDATES = 5
PERSONAL = ("citizen_id", "insurance_id", "record_number")
STRONG = (*PERSONAL, "admission_number", "archive_number")

_AGREES, _DIFFERS, _NOTHING = Agreement.AGREES, Agreement.DIFFERS, Agreement.NOTHING
_WORTH = {
    "citizen_id": 6.0,
    "insurance_id": 5.0,
    "record_number": 5.0,
    "admission_number": 3.0,
    "archive_number": 3.0,
    "name": 3.0,
    "birth_date": 2.0,
    "birth_year": 1.0,
    "sex": 0.2,
    "department": 0.2,
    "admission_date": 1.0,
}
_LIKE_A_NAME = 80
"""Per cent of likeness without tones from which a name makes somebody a candidate."""
_SURE_READING = 0.85
"""A name read more surely than this has the tones that are on the paper."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The patient's id, or None and why a person must look. When linked, `reasons` say on what."""

    patient_id: str | None
    reasons: tuple[Message, ...]


def compare(facts: Facts, patient: Patient) -> tuple[Comparison, ...]:
    """Fact by fact, what the paper and the index say; facts that neither side knows are left out."""
    paper, stay = facts.patient, facts.episode
    fitting = [one for one in patient.stays if _may_be(one, stay)]
    every = (
        _compared("name", paper.name, patient.name, _names(paper.name, patient.name)),
        _birth(facts, patient),
        _compared("sex", paper.sex, patient.sex, _plain(paper.sex, patient.sex)),
        _citizen(paper.citizen_id, patient),
        _compared("insurance_id", paper.insurance_id, patient.insurance_id, _insured(paper.insurance_id, patient.insurance_id)),
        _record(paper.record_number, patient),
        _of_a_stay("admission_number", stay.admission_number, [s.admission_number for s in fitting]),
        _of_a_stay("archive_number", stay.archive_number, [s.archive_number for s in fitting]),
        _of_a_stay("admission_date", stay.admission_date, [_iso(s) for s in patient.stays]),
        _of_a_stay("department", stay.department, [s.department for s in patient.stays], flat),
    )
    return tuple(one for one in every if one.paper or one.index)


def candidates(facts: Facts, patients: Iterable[Patient]) -> list[Candidate]:
    """The patients who may be meant, best first, five at most. Somebody with nothing in common is none."""
    found = [one for one in (beside(facts, patient) for patient in patients) if _has_something(facts, one)]
    return sorted(found, key=_order)[:MOST_CANDIDATES]


def beside(facts: Facts, patient: Patient) -> Candidate:
    """One patient beside the paper, whether or not anything agrees."""
    comparisons = compare(facts, patient)
    return Candidate(patient, comparisons, round(_score(comparisons) + _likeness(facts, patient) / 50, 3))


def _has_something(facts: Facts, one: Candidate) -> bool:
    return bool(_strong(one.comparisons, _AGREES)) or _likeness(facts, one.patient) >= _LIKE_A_NAME


def _likeness(facts: Facts, patient: Patient) -> float:
    """How like the names are without tones, per cent."""
    return fuzz.ratio(flat(facts.patient.name.value), flat(patient.name)) if facts.patient.name else 0.0


def _order(one: Candidate) -> tuple[bool, float, str]:
    """Strong evidence first, so that cutting off namesakes never hides a rival from rule 5."""
    return not _strong(one.comparisons, _AGREES), -one.score, one.patient.id


def decide(facts: Facts, found: Sequence[Candidate], doubts: Iterable[Message] = ()) -> Decision:
    """Link or ask. `doubts` are what `examine` found; the rule numbers are those of the module."""
    against = [*doubts, *_unreadable(facts)]  # rule 1
    if not found:
        return Decision(None, (*against, reasons.NO_CANDIDATE))
    proven = [one for one in found if _strong(one.comparisons, _AGREES)]
    if not proven:  # rule 2
        return Decision(None, (*against, _only_names(found)))
    best = proven[0]
    against += _unclear(facts, best)  # rule 2
    against += _against(best)  # rules 3 and 4
    against += _rivals(best, proven[1:])  # rule 5
    if against:
        return Decision(None, tuple(dict.fromkeys(against)))
    return Decision(best.patient.id, (reasons.linked(_strong(best.comparisons, _AGREES)),))


def _unreadable(facts: Facts) -> list[Message]:
    missing = []
    if facts.patient.name is None:
        missing.append(reasons.NO_NAME)
    elif is_newborn(facts.patient.name.value):
        missing.append(reasons.NEWBORN)
    if facts.kind.title is None:
        missing.append(reasons.KIND_UNKNOWN)
    return missing


def _unclear(facts: Facts, best: Candidate) -> list[Message]:
    """Whether all that agrees was chosen by a rule, and no birth date speaks for it."""
    known = {**present(facts.patient), **present(facts.episode)}
    ruled = {fact for fact, finding in known.items() if finding.read is not None}
    clear = set(_strong(best.comparisons, _AGREES)) - ruled
    born = _outcome(best, "birth_date") is _AGREES and "birth_date" not in ruled
    return [] if clear or born else [reasons.RULED_NUMBER]


def _only_names(found: Sequence[Candidate]) -> Message:
    alike = [one for one in found if _outcome(one, "name") is _AGREES]
    differing = any(_strong(one.comparisons, _DIFFERS) for one in alike or found)
    if differing and len(alike) < 2:
        return reasons.IDENTIFIER_DIFFERS
    return reasons.NAMESAKES if len(alike) > 1 else reasons.NAME_ONLY


def _against(best: Candidate) -> list[Message]:
    """What speaks against the best candidate although a strong identifier agrees."""
    said = []
    if _outcome(best, "name") is not _AGREES:
        said.append(reasons.NAME_DIFFERS)
    if _strong(best.comparisons, _DIFFERS):
        said.append(reasons.IDENTIFIER_DIFFERS)
    if _DIFFERS in (_outcome(best, "birth_date"), _outcome(best, "birth_year")):
        said.append(reasons.BIRTH_DIFFERS)
    if _outcome(best, "sex") is _DIFFERS:
        said.append(reasons.SEX_DIFFERS)
    return said


def _rivals(best: Candidate, others: Sequence[Candidate]) -> list[Message]:
    own = set(_strong(best.comparisons, _AGREES))
    said = []
    for other in others:
        theirs = set(_strong(other.comparisons, _AGREES))
        by_chance = own & set(PERSONAL) and not theirs & set(PERSONAL) and _outcome(other, "name") is _DIFFERS
        if not by_chance:
            said.append(reasons.IDENTIFIER_SHARED if own & theirs else reasons.CONFLICT)
    return said


def _strong(comparisons: Iterable[Comparison], outcome: Agreement) -> list[str]:
    return [one.fact for one in comparisons if one.fact in STRONG and one.agreement is outcome]


def _outcome(candidate: Candidate, fact: str) -> Agreement:
    return next((one.agreement for one in candidate.comparisons if one.fact == fact), _NOTHING)


def _score(comparisons: Iterable[Comparison]) -> float:
    worth = {_AGREES: 1.0, _DIFFERS: -0.6, _NOTHING: 0.0}
    return sum(_WORTH[one.fact] * worth[one.agreement] for one in comparisons)


def _compared(fact: str, paper: Finding[str] | None, index: str | None, agreement: Agreement) -> Comparison:
    return Comparison(fact, paper.value if paper else None, index, agreement)


def _plain(paper: Finding[str] | None, index: str | None) -> Agreement:
    if paper is None or not index:
        return _NOTHING
    return _AGREES if paper.value == index else _DIFFERS


def _names(paper: Finding[str] | None, index: str) -> Agreement:
    """Tones count, unless they were read badly or one side writes none at all."""
    if paper is None or not index:
        return _NOTHING
    if same_name(paper.value, index):
        return _AGREES
    forgiving = paper.confidence < _SURE_READING or not has_tones(paper.value) or not has_tones(index)
    return _AGREES if forgiving and same_without_tones(paper.value, index) else _DIFFERS


def _birth(facts: Facts, patient: Patient) -> Comparison:
    """The date where both know it, else the year."""
    paper, year = facts.patient.birth_date, facts.patient.birth_year
    if paper and patient.birth_date:
        return _compared("birth_date", paper, patient.birth_date.isoformat(), _plain(paper, patient.birth_date.isoformat()))
    known = patient.birth_year or (patient.birth_date.year if patient.birth_date else None)
    if year and known:
        return Comparison("birth_year", str(year.value), str(known), _AGREES if year.value == known else _DIFFERS)
    return Comparison("birth_year", str(year.value) if year else None, str(known) if known else None, _NOTHING)


def _citizen(paper: Finding[str] | None, patient: Patient) -> Comparison:
    """New numbers are compared with new, old with old: having only the other kind says nothing."""
    known = [number for number in (patient.citizen_id, patient.old_citizen_id) if number]
    alike = [number for number in known if paper and len(number) == len(paper.value)]
    index = alike[0] if alike else next(iter(known), None)
    return _compared("citizen_id", paper, index, _plain(paper, alike[0]) if alike else _NOTHING)


def _insured(paper: Finding[str] | None, index: str | None) -> Agreement:
    if paper is None or not index:
        return _NOTHING
    return _AGREES if same_insured(paper.value, index) else _DIFFERS


def _record(paper: Finding[str] | None, patient: Patient) -> Comparison:
    """Compared with the printed code and the index's own. A code of another shape is another hospital's: it says nothing."""
    index = patient.record_number or patient.id
    if paper is None:
        return _compared("record_number", None, index, _NOTHING)
    codes = {bare(index), bare(patient.id)}
    if bare(paper.value) in codes:
        return _compared("record_number", paper, index, _AGREES)
    alike = _shape(bare(paper.value)) == _shape(bare(index))
    return _compared("record_number", paper, index, _DIFFERS if alike else _NOTHING)


def _shape(code: str) -> str:
    return "".join("9" if char.isdigit() else "A" for char in code)


def _of_a_stay(
    fact: str, paper: Finding[str] | None, known: Sequence[str | None], form: Callable[[str], str] = bare
) -> Comparison:
    """Agrees when any stay has it; a stay that the index does not list says nothing."""
    listed = [value for value in known if value]
    if paper is None or not listed:
        return _compared(fact, paper, listed[0] if listed else None, _NOTHING)
    equal = next((value for value in listed if form(value) == form(paper.value)), None)
    return _compared(fact, paper, equal or listed[0], _AGREES if equal else _NOTHING)


def _may_be(stay: Stay, paper: EpisodeFacts) -> bool:
    """Whether the dates allow this stay: numbers begin anew each year, so a number alone may be another year's."""
    pairs = ((stay.admission_date, paper.admission_date), (stay.discharge_date, paper.discharge_date))
    return all(day is None or found is None or day.isoformat() == found.value for day, found in pairs)


def _iso(stay: Stay) -> str | None:
    return stay.admission_date.isoformat() if stay.admission_date else None
