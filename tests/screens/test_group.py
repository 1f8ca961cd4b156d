"""A long queue at the screen: groups, and a whole one chosen at once."""

from __future__ import annotations

from domain.documents import State


def test_a_whole_group_is_chosen_with_one_key_as_far_as_it_was_seen(at_screen, morning):
    doctor = at_screen("bacsi")
    with morning.hospital.store.write() as tx:
        for paper in tx.documents.listed(states=(State.AWAITING_SIGNATURE,)):
            (signature,) = tx.signing.of(paper.id)
            tx.signing.set(signature.id, state="waiting", job_id=None, seen=[page.number for page in tx.pages.of(paper.id)])
        kinds = [one.kind_code for one in tx.documents.listed(states=(State.AWAITING_SIGNATURE,))]
    doctor.opens("/sign?by=kind")
    doctor.presses("a")
    doctor.expects("#queue .tick:checked", len(kinds))
    doctor.sees(f"Ký {len(kinds)} tài liệu", "#send")
    doctor.opens("/sign?by=kind")
    doctor.place("#queue [data-choose]").first.click()
    doctor.sees(f"Ký {len(kinds)} tài liệu", "#send")
    doctor.photographs("ky-chon-nhom")
    doctor.finds_nothing_wrong()
