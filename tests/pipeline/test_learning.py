"""Learning on: from corrections of this house, adopted only if better on both, and back again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from domain.errors import Broken, Refused
from domain.pages import Reading
from filing.examine import examine
from ocr import house, weights
from ocr.read import read_page
from ocr.recogniser import Recogniser, StripReader
from ocr.settings import OcrSettings
from ocr.training.judge import UNLIKELY
from ocr.training.reopen import reopened
from pipeline.learning import HELD_BACK, LEARN, WATCH, Learning, Outcome, Wish
from pipeline.reader import engine
from pipeline.settings import Settings
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import Store, open_store
from tests.pipeline import teaching

ME = "cli:mai"


@dataclass(frozen=True)
class Taught:
    """A house that has learnt once: its store, the folder where that recogniser lies, and what came of it."""

    store: Store
    data: Path
    outcome: Outcome
    checkpoint: Path


def settings(data: Path, *, learn: bool = True) -> Settings:
    return Settings(StorageSettings(data), ocr=OcrSettings(learn=learn))


def train(store: Store, data: Path, wish: Wish) -> Outcome:
    return Learning(store, settings(data)).train(wish, ME, lambda *_: None)


def wish(folder: Path, minutes: float = 0, start: Path | None = None, told_by: StripReader | None = None) -> Wish:
    """With strips of this house's making to judge by; `told_by`: as `teaching.judges`."""
    return Wish(minutes, start, teaching.known(folder / "known"), teaching.judges(folder / "judges", told_by))


@pytest.fixture(scope="module")
def house_store(tmp_path_factory):
    """Papers that the packaged recogniser misread and a person corrected."""
    place = StorageSettings(tmp_path_factory.mktemp("store"))
    migrate(place)
    opened = open_store(place)
    assert teaching.corrected_house(opened, Recogniser()) > 30
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def taught(house_store, tmp_path_factory):
    """Trained for as long as it takes, at most some minutes."""
    data = tmp_path_factory.mktemp("taught")
    outcome = train(house_store, data, wish(tmp_path_factory.mktemp("strips"), minutes=7))
    used = house.in_use(data) or weights.FOLDER
    checkpoint = data / "learnt.pt"
    network, _ = reopened(used / weights.RECOGNISER)
    torch.save({"network": network.state_dict(), "characters": list(weights.card(used).charset)}, checkpoint)
    return Taught(house_store, data, outcome, checkpoint)


def test_without_the_word_of_the_house_nothing_is_learnt(store, tmp_path):
    with pytest.raises(Refused, match="not_opted_in"):
        Learning(store, settings(tmp_path, learn=False)).train(Wish(1), ME, lambda *_: None)
    assert not (tmp_path / house.FOLDER).exists()


def test_a_house_with_too_few_corrections_is_told_so(store, tmp_path):
    with pytest.raises(Refused, match="too_few_corrections"):
        train(store, tmp_path, Wish(1))
    assert not (tmp_path / house.FOLDER / "work").exists()


def test_a_network_that_reads_the_papers_of_the_house_better_is_adopted_and_reads(taught):
    outcome = taught.outcome
    assert outcome.adopted
    assert outcome.after.held_back.wrong < outcome.before.held_back.wrong / 2
    assert outcome.after.test_set.wrong <= outcome.before.test_set.wrong
    reader = engine(settings(taught.data))
    assert outcome.version in reader.name
    truth = {"name": "Phạm Hoàng Thảo", "department": "Khoa Thần kinh", "diagnosis": "Hen phế quản nhẹ"}
    assert teaching.headlong(truth["name"]) != truth["name"]
    name = examine(Reading((read_page(teaching.paper(truth), reader, OcrSettings()),))).facts.patient.name
    assert name is not None
    assert name.value == truth["name"]


def test_adopting_is_in_the_log_with_the_figures_and_no_working_files_are_left(taught):
    with taught.store.read() as tx:
        first = tx.audit.newest(acts=("adopt_recogniser",))[-1]
    assert (first.actor, first.details["version"]) == (ME, taught.outcome.version)
    assert first.details["after"]["held_back"]["wrong"] == taught.outcome.after.held_back.wrong
    assert {path.name for path in (taught.data / house.FOLDER).iterdir()} == {"current", "lock", taught.outcome.version}


def test_every_part_has_papers_of_its_own(taught):
    assert {name: bool(count) for name, count in taught.outcome.corrected.items()} == dict.fromkeys(
        (LEARN, WATCH, HELD_BACK), True
    )


def test_a_network_that_has_learnt_nothing_is_not_adopted(house_store, tmp_path):
    outcome = train(house_store, tmp_path, wish(tmp_path))
    assert outcome.before == outcome.after
    assert not outcome.adopted
    assert house.in_use(tmp_path) is None


def test_a_network_that_reads_the_house_better_and_the_test_set_worse_is_not_adopted(taught, tmp_path):
    outcome = train(taught.store, tmp_path, wish(tmp_path, start=taught.checkpoint, told_by=StripReader()))
    assert outcome.after.held_back.wrong < outcome.before.held_back.wrong
    assert outcome.after.test_set.wrong > outcome.before.test_set.wrong
    assert outcome.chance < UNLIKELY
    assert not outcome.adopted
    assert house.in_use(tmp_path) is None


def test_one_step_goes_back_at_last_to_the_packaged_one(taught, tmp_path):
    learning = Learning(taught.store, settings(tmp_path))
    first = train(taught.store, tmp_path, wish(tmp_path, start=taught.checkpoint))
    assert first.adopted
    made = tmp_path / house.FOLDER / "made"
    made.mkdir()
    (made / "recogniser.json").write_text(json.dumps(house.card(tmp_path, "second", "2030-01-01")), encoding="utf-8")
    house.adopt(tmp_path, made, "second", {})
    assert learning.back(ME) == ("second", first.version)
    assert first.version in engine(settings(tmp_path)).name
    assert learning.back(ME) == (first.version, None)
    assert engine(settings(tmp_path)).name == weights.card(weights.FOLDER).name
    with pytest.raises(Refused, match="no_way_back"):
        learning.back(ME)
    with taught.store.read() as tx:
        assert [entry.details["left"] for entry in tx.audit.newest(acts=("return_recogniser",))] == [first.version, "second"]


def test_a_house_does_not_learn_from_a_damaged_version_and_is_told_how_to_go_back(taught, tmp_path):
    first = train(taught.store, tmp_path, wish(tmp_path, start=taught.checkpoint))
    (tmp_path / house.FOLDER / first.version / weights.RECOGNISER).write_bytes(b"x")
    with pytest.raises(Broken, match="luuky ocr back"):
        train(taught.store, tmp_path, wish(tmp_path))


def test_many_small_steps_down_are_not_taken_either(taught, tmp_path):
    """In use is one that has forgotten much; whoever forgets as much is no worse than it, but worse than the packaged one."""
    first = train(taught.store, tmp_path, wish(tmp_path / "first", start=taught.checkpoint))
    assert first.adopted
    second = train(taught.store, tmp_path, wish(tmp_path / "second", told_by=StripReader()))
    assert second.after.test_set.wrong <= second.before.test_set.wrong
    assert second.chance < UNLIKELY
