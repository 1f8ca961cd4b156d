"""The archive clerk: charts move along live, two more are handed in, and one is decided because its patient was not certain."""

from __future__ import annotations

import shutil

from domain.documents import State
from tests.journeys.demo import SAMPLES, until


def test_the_clerk_hands_in_two_more_and_decides_whose_paper_one_is(at_screen, demo):
    before = len(demo.documents())
    clerk = at_screen("luutru")
    clerk.sees("Vừa về")
    clerk.sees(f"{before} bản gốc đang giữ")
    shutil.copy(SAMPLES / "drop" / "benh-an-moi-quet.pdf", demo.watched)
    clerk.place("#files").set_input_files(SAMPLES / "drop" / "anh-dien-thoai.jpg")
    clerk.sees("Đã nhận 1 tệp")
    demo.rests(before + 2)
    clerk.sees(f"{before + 2} bản gốc đang giữ")
    clerk.photographs("demo-hom-nay")
    clerk.finds_nothing_wrong()

    clerk.goes_to("Duyệt")
    clerk.sees("Giấy này của ai?")
    clerk.sees("Phiếu khám chuyên khoa", ".bar")
    clerk.expects(".cand", 2)
    clerk.expects_at_least(".ev", 4)
    clerk.photographs("demo-duyet")
    clerk.finds_nothing_wrong()
    waiting = _waiting(demo)
    clerk.expects("#accept[data-armed]", 1)
    clerk.presses("Enter")  # one key never takes one of two who fit alike
    assert _waiting(demo) == waiting
    clerk.presses("2", "Shift+Enter")
    clerk.sees("Đã xếp Phiếu khám chuyên khoa vào hồ sơ Trần Văn Bình")
    until(lambda: len(_waiting(demo)) == len(waiting) - 1)


def _waiting(demo):
    return [one.id for one in demo.documents() if one.state is State.NEEDS_REVIEW]
