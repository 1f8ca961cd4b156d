"""The facts of a paper by label: who the patient is and which stay it belongs to, each with its evidence on the page.

How a value is chosen: each label gives at most one; a value read in several places gains; the surest wins, then the first.
Names beside the labels of relatives and doctors, and the name under a signature, are never the patient's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from domain.findings import EpisodeFacts, Finding, PatientFacts
from domain.pages import Reading, around
from filing import barcodes, dates, identifiers, labels, parsers
from filing.labels import Labelled, labelled
from filing.layout import Row, Token, joined, rows_of
from filing.parsers import Parser, Piece
from filing.people import ROWS_OF_A_SIGNATURE, is_another_person, same_person

_CONTRADICTED = 0.7
_UNLABELLED = 0.8
_RULED = 0.75
"""What a rule chose letters or digits of is less sure than that reading alone."""
_TEXT_ENDS = 3.5
"""A gap of so many letter heights ends a name or a diagnosis."""
_LEAST = 0.45
"""Words less sure are not reported: unknown is better than a guess. Numbers and dates are held to their form instead, because
readers that lean on a dictionary doubt every number.
"""


@dataclass(frozen=True, slots=True)
class Marked:
    """A document as rows, the labels found on them, and what the cards on it say."""

    rows: list[Row]
    marks: list[Labelled]
    cards: list[PatientFacts]


def marked(reading: Reading) -> Marked:
    """Find all labels and cards once."""
    rows = rows_of(reading)
    return Marked(rows, labelled(rows), barcodes.persons(reading.barcodes))


def find_facts(reading: Reading) -> tuple[PatientFacts, EpisodeFacts]:
    """Everything the labels and cards of a document say, whatever its kind."""
    return facts_of(marked(reading))


def facts_of(document: Marked) -> tuple[PatientFacts, EpisodeFacts]:
    """As `find_facts`, of a document marked before."""
    patient = _patient(document.rows, document.marks)
    for card in document.cards:
        if same_person(patient, card):
            patient = _merged(card, patient)
    return _checked(patient), _episode(document.rows, document.marks)


def persons_by_page(document: Marked) -> list[PatientFacts]:
    """Who each page, and each card, says it is about: to notice when a document holds two patients' papers."""
    rows = {page: list(own) for page, own in groupby(document.rows, key=lambda row: row.page)}
    marks = {page: list(own) for page, own in groupby(document.marks, key=lambda mark: mark.row.page)}
    return [_patient(rows[page], own) for page, own in marks.items()] + document.cards


def _patient(rows: Sequence[Row], marks: Sequence[Labelled]) -> PatientFacts:
    born = _best(_values(marks, labels.BORN, parsers.day))
    year = _as_number(born, int(born.value[:4])) if born else _birth_year(marks)
    insured = _values(marks, labels.INSURANCE, parsers.insurance)
    return PatientFacts(
        name=_best(_names(rows, marks)),
        birth_date=born,
        birth_year=year,
        sex=_best(_values(marks, labels.SEX, parsers.sex)),
        citizen_id=_best(_values(marks, labels.CITIZEN, parsers.citizen)),
        insurance_id=_best(insured or _cards(rows)),
        record_number=_best(_values(marks, labels.RECORD, parsers.code)),
    )


def _episode(rows: Sequence[Row], marks: Sequence[Labelled]) -> EpisodeFacts:
    told = _values(_joined_lines(rows, marks), labels.DIAGNOSIS, parsers.told, _TEXT_ENDS)
    codes = _values(marks, labels.ICD, parsers.icd, _TEXT_ENDS) or _values(marks, labels.DIAGNOSIS, parsers.icd_inside)
    return EpisodeFacts(
        admission_number=_best(_values(marks, labels.ADMISSION, parsers.code)),
        archive_number=_best(_values(marks, labels.ARCHIVE, parsers.code)),
        department=_best(_values(marks, labels.DEPARTMENT, parsers.department, _TEXT_ENDS)) or _best(_headed(rows)),
        admission_date=_best(_values(marks, labels.ADMITTED, parsers.day)),
        discharge_date=_best(_values(marks, labels.DISCHARGED, parsers.day) or _until(marks)),
        diagnosis=_best(told),
        icd10=_best(codes),
    )


def _values(marks: Iterable[Labelled], field: str, parse: Parser, ends: float | None = None) -> list[Finding[str]]:
    """What a parser makes of every label of a field: of the words behind it, else of those below it."""
    found = []
    for mark in marks:
        if mark.label.field != field:
            continue
        finding = _read(mark, _up_to_gap(mark.value or mark.below, mark.row, ends), parse)
        if finding and (ends is None or finding.confidence >= _LEAST):
            found.append(finding)
    return found


def _read(mark: Labelled, tokens: Sequence[Token], parse: Parser) -> Finding[str] | None:
    piece = parse(joined(tokens)) if tokens else None
    if piece is None:
        return None
    return _finding(piece, tokens, mark.row.page, mark.certainty * mark.label.weight)


def _finding(piece: Piece, tokens: Sequence[Token], page: int, certainty: float) -> Finding[str]:
    used, place = [], 0
    for token in tokens:
        if place < piece.end and place + len(token.text) > piece.start:
            used.append(token)
        place += len(token.text) + 1
    sure = sum(token.confidence for token in used) / len(used) * certainty * piece.sure
    if any(token.read for token in used):
        first = " ".join(read for read, _ in groupby(token.read or token.text for token in used))
        return Finding(piece.value, round(sure * _RULED, 4), page, around(used), joined(used), first)
    return Finding(piece.value, round(sure, 4), page, around(used), joined(used))


def _best(found: Sequence[Finding[str]]) -> Finding[str] | None:
    """The surest; agreement of several places counts; of equals the first."""
    if not found:
        return None
    votes = Counter(one.value for one in found)
    return max(found, key=lambda one: round(one.confidence, 1) + 0.05 * min(4, votes[one.value]))


def _as_number(finding: Finding[str], value: int) -> Finding[int]:
    """The same evidence, read as a number."""
    return Finding(value, finding.confidence, finding.page, finding.box, finding.evidence, finding.read)


def _up_to_gap(tokens: Sequence[Token], row: Row, ends: float | None) -> Sequence[Token]:
    if ends is None:
        return tokens
    for index in range(1, len(tokens)):
        if tokens[index].after_dots or tokens[index].box.x0 - tokens[index - 1].box.x1 > ends * row.height:
            return tokens[:index]
    return tokens


def _names(rows: Sequence[Row], marks: Sequence[Labelled]) -> list[Finding[str]]:
    places = {id(row): place for place, row in enumerate(rows)}
    own = []
    for before, mark in pairwise((None, *marks)):
        if mark and mark.label.field == labels.NAME:
            place = places[id(mark.row)]
            if not is_another_person(mark, before, rows[max(0, place - ROWS_OF_A_SIGNATURE) : place]):
                own.append(mark)
    return _values(own, labels.NAME, parsers.name, _TEXT_ENDS)


def _birth_year(marks: Sequence[Labelled]) -> Finding[int] | None:
    best = _best(_values(marks, labels.BORN, parsers.year))
    return _as_number(best, int(best.value)) if best else None


def _cards(rows: Iterable[Row]) -> list[Finding[str]]:
    """Card numbers that stand without a label."""
    found = ((row, identifiers.insurance_card(row.text)) for row in rows)
    return [_finding(Piece(n.value, n.start, n.end), row.tokens, row.page, _UNLABELLED) for row, n in found if n]


def _headed(rows: Sequence[Row]) -> list[Finding[str]]:
    """The department in the head of a page, `KHOA NỘI TIẾT`, without a colon."""
    found = []
    for row in rows[:8]:
        for segment in row.segments():
            text = joined(segment)
            if dates.even_fold(text).startswith("khoa ") and len(segment) <= 7 and text[5].isupper():
                piece = parsers.department(text)
                found += [_finding(piece, segment, row.page, _UNLABELLED)] if piece else []
    return found


def _until(marks: Sequence[Labelled]) -> list[Finding[str]]:
    """`điều trị từ ngày … đến ngày …`: the second date ends the stay."""
    ends = [
        mark
        for before, mark in pairwise(marks)
        if mark.label.field == labels.UNTIL and before.label.field == labels.ADMITTED and before.row.page == mark.row.page
    ]
    return _values(ends, labels.UNTIL, parsers.day)


def _joined_lines(rows: Sequence[Row], marks: Sequence[Labelled]) -> list[Labelled]:
    """Marks whose value runs on in the next row: full to the right edge, next row in small letters and without a label."""
    edge = max((row.tokens[-1].box.x1 for row in rows), default=0.0)
    labelled_rows = {id(mark.row) for mark in marks if mark.start <= 1}
    follower = {id(row): after for row, after in pairwise(rows) if after.page == row.page}
    result = []
    for mark in marks:
        after = follower.get(id(mark.row))
        full = mark.value and mark.value[-1] is mark.row.tokens[-1] and mark.value[-1].box.x1 > 0.85 * edge
        if full and after and id(after) not in labelled_rows and after.tokens[0].text[0].islower():
            result.append(replace(mark, value=(*mark.value, *after.tokens)))
        else:
            result.append(mark)
    return result


def _checked(patient: PatientFacts) -> PatientFacts:
    """A citizen number that agrees with birth year and sex is surer for it; one that contradicts them may be another's."""
    number = patient.citizen_id
    if number is None:
        return patient
    year = patient.birth_year.value if patient.birth_year else None
    fits = identifiers.agrees_with_birth(number.value, year, patient.sex.value if patient.sex else None)
    if fits is None or (fits and identifiers.strange_place(number.value)):
        return patient
    sure = (1 + number.confidence) / 2 if fits else number.confidence * _CONTRADICTED
    return replace(patient, citizen_id=replace(number, confidence=round(sure, 4)))


def _merged(card: PatientFacts, paper: PatientFacts) -> PatientFacts:
    """The card's facts, with the paper's where the card is silent."""
    return PatientFacts(
        name=card.name or paper.name,
        birth_date=card.birth_date or paper.birth_date,
        birth_year=card.birth_year or paper.birth_year,
        sex=card.sex or paper.sex,
        citizen_id=card.citizen_id or paper.citizen_id,
        insurance_id=card.insurance_id or paper.insurance_id,
        record_number=card.record_number or paper.record_number,
    )
