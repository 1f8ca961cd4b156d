"""Who signs in another's name: within the time only, once only, and the signature says in whose name."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from domain.errors import Refused
from domain.people import Person, Role
from domain.signers import Deputy
from signing.admission import ClaimDesk, paired
from signing.verify import verify_file
from storage.clock import new_id, now
from storage.store import Store
from tests import judges
from tests.agent.desk import NAME, Clinic, clinic
from tests.signing.fixtures import Hospital
from tests.signing.test_desk import sign, values

DAY = timedelta(days=1)


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


def colleague(here: Clinic, login: str = "dung", label: str = "bs-dung") -> Person:
    with here.store.write() as tx:
        person = tx.people.add(login, "TS.BS. Trần Đình Dũng", Role.DOCTOR, "password of the test")
        certificate = base64.b64encode(here.hospital.authority.token(label).certificate).decode()
        tx.people.change(person.id, certificate=certificate)
    return person


def named(here: Clinic, deputy: Person, **more: object) -> Deputy:
    moment = now()
    made = Deputy(new_id(), here.doctor.id, deputy.id, "", "", moment - DAY, moment + DAY, "quantri")
    with here.store.write() as tx:
        tx.signers.name_deputy(made := replace(made, **more))  # type: ignore[arg-type]
    return made


def device(here: Clinic, person: Person):
    with here.store.write() as tx:
        return tx.signing.pair(person.id, "máy bàn", "key")


def send(here: Clinic, person: Person, chart) -> None:
    here.desk.prepare(person, [here.signatures(chart.id)[0].id])


def test_the_block_and_the_reason_say_in_whose_name_it_was_signed(here: Clinic) -> None:
    chart, deputy = here.chart(), colleague(here)
    named(here, deputy)
    mine = device(here, deputy)
    send(here, deputy, chart)
    (item,) = here.desk.jobs(mine)["payload"]["items"]
    assert item["role"] == f"Người lập hồ sơ, ký thay {NAME}"
    assert [one["state"] for one in sign(here, mine, "bs-dung").values()] == ["signed"]
    signature = here.signatures(chart.id)[0]
    assert (signature.signed_by, signature.behalf_id) == (deputy.id, here.doctor.id)
    assert f"Ký thay: {NAME}" in shown(here.file(chart.id)).replace("\r\n", "\n")
    with pikepdf.open(here.file(chart.id)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert str(field.V.Reason) == f"Ký thay {NAME}, Người lập hồ sơ, theo ủy quyền"
    assert judges.verapdf(here.file(chart.id))["compliant"]
    assert verify_file(here.file(chart.id), here.hospital.trust).signatures[0].level == "T"
    with here.store.read() as tx:
        notes = {entry.act: entry.details.get("behalf") for entry in reversed(tx.audit.of(chart.id))}
    assert (notes["prepare_signature"], notes["move"]) == ("bacsi", "bacsi")


def shown(path: Path) -> str:
    """The words in the visible block."""
    with pikepdf.open(path) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        form = field.AP.N
        page = pdf.pages[-1]
        page.Contents, page.Annots = pdf.make_stream(b"/Block Do"), pikepdf.Array()
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Block=form))
        flat = path.with_suffix(".flat.pdf")
        pdf.save(flat)
    with pypdfium2.PdfDocument(flat) as pdf:
        return str(pdf[len(pdf) - 1].get_textpage().get_text_range())


@pytest.mark.parametrize("window", [(-3 * DAY, -2 * DAY), (DAY, 2 * DAY)])
def test_outside_the_time_nothing_is_prepared(here: Clinic, window: tuple[timedelta, timedelta]) -> None:
    chart, deputy = here.chart(), colleague(here)
    named(here, deputy, starts_at=now() + window[0], ends_at=now() + window[1])
    with pytest.raises(Refused, match="not_waiting"):
        send(here, deputy, chart)


def test_two_deputies_at_once_and_one_of_them_signs(here: Clinic) -> None:
    chart, first, second = here.chart(), colleague(here), colleague(here, "dung2")
    for one in (first, second):
        named(here, one)
        with here.store.write() as tx:
            paired(tx, one, here.hospital.authority.token("bs-dung").certificate)
    for claim in ClaimDesk(here.store).listed():  # they have one name
        ClaimDesk(here.store).answer(claim.person_id, claim.sha256, "quantri", confirmed=True)
    mine, theirs = device(here, first), device(here, second)
    send(here, first, chart)
    with pytest.raises(Refused, match="not_waiting"):
        send(here, second, chart)
    assert here.desk.jobs(theirs)["payload"]["job"] is None
    sign(here, mine, "bs-dung")
    with pytest.raises(Refused, match="not_waiting"):
        send(here, second, chart)
    with here.store.read() as tx:
        assert [version["kind"] for version in tx.documents.versions(chart.id)] == ["fields", "signed"]


def test_a_deputy_that_is_ended_while_the_job_is_open_has_signed_nothing(here: Clinic) -> None:
    chart, deputy = here.chart(), colleague(here)
    known = named(here, deputy)
    mine = device(here, deputy)
    send(here, deputy, chart)
    job, signatures = values(here, mine, "bs-dung")
    with here.store.write() as tx:
        tx.signers.end_deputy(known.id)
    answer = here.desk.complete(mine, job, {"signatures": signatures})["items"]
    assert [(one["state"], one["code"]) for one in answer.values()] == [("refused", "not_waiting")]
    assert here.signatures(chart.id)[0].state == "waiting"
    assert here.document(chart.id).current == chart.current
    here.send(chart)


def test_who_is_no_deputy_prepares_nothing_of_another_department(here: Clinic) -> None:
    chart, stranger = here.chart(), colleague(here)
    with pytest.raises(Refused, match="not_waiting"):
        send(here, stranger, chart)
