"""What `luuky doctor` says of signing services and of the hospital's seal: what is there, what to do; nothing is signed."""

from __future__ import annotations

import pytest

from api.language import LANGUAGES, Translator
from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from pipeline.finding import Finding
from pipeline.settings import Settings
from pipeline.signing_health import look
from signing import sealing
from signing.settings import SigningSettings
from storage.orders import Orders
from storage.settings import StorageSettings
from tests.agent.drivers import driver
from tests.signing.ordered import Ordered, ordered


@pytest.fixture
def here(hospital, store, services, tmp_path) -> Ordered:
    return ordered(hospital, store, services, tmp_path)


def findings(here, **changes):
    settings = Settings(StorageSettings(here.data), signing=here.with_settings(**changes).settings)
    return {one.part: one for one in look(here.store, settings)}


def test_every_configured_part_is_said_to_be_there_and_nobodys_phone_rings(here, services):
    here.signs_with("smartca")
    found = findings(here)
    assert {name: one.state for name, one in found.items()} == {
        "seal": "ok", "csc": "ok", "smartca": "ok", "mysign": "ok", "sealing": "ok",
    }  # fmt: skip
    for name in ("seal", "smartca"):
        assert "valid until" in found[name].detail
        assert "còn hạn đến ngày" in found[name].detail_vi
    assert all(Translator(language).has(f"health.{name}") for name in found for language in LANGUAGES)
    assert services.seen()["prompts"] == []


def test_a_service_that_knows_persons_only_is_asked_without_a_warning_and_missed_when_it_is_away(here, caplog):
    assert findings(here)["mysign"].state == "ok"
    assert [record.message for record in caplog.records if record.name == "luuky.signing"] == []
    gone = findings(here, mysign_url="http://127.0.0.1:9")["mysign"]
    assert (gone.state, "Viettel" in gone.detail_vi or "mysign" in gone.detail_vi) == ("away", True)


def test_what_is_wrong_is_said_with_what_to_do(here, tmp_path):
    (tmp_path / "secret").write_text("sai mật khẩu")
    found = findings(here, csc_url="http://127.0.0.1:9", seal_token="khong-co")
    assert [found[name].state for name in ("seal", "csc", "smartca")] == ["away", "away", "warning"]
    assert "sp_id" in found["smartca"].detail
    assert "Nhờ bộ phận CNTT" in found["csc"].detail_vi


def test_a_driver_that_dies_takes_nobody_along(here, hospital, tmp_path):
    dying = driver(tmp_path / "dying.so", hospital.authority.softhsm_conf, "load:1:crash")
    assert "hangs or dies" in findings(here, seal_module=dying.path)["seal"].detail


def test_what_waits_for_the_seal_is_said_and_why(here):
    here.chart(sealed=True, signed=False)
    lost = here.with_settings(seal_token="khong-co")
    lost.seal()
    waits = findings(here)["sealing"]
    assert waits.state == "away"
    assert waits.detail.startswith("1 documents wait for the seal: ")
    assert waits.detail_vi.startswith("1 tài liệu chờ đóng dấu: ")
    with here.store.write() as tx:
        assert Orders(tx.connection).again_now("seal") == 1
    here.belt()
    assert findings(here)["sealing"] == _sealing(
        "0 tài liệu chờ đóng dấu; dấu tự đóng.", "0 documents wait for the seal, which puts itself"
    )


def test_rules_that_ask_for_a_seal_that_is_not_there_are_a_missing_part(here, store):
    with store.write() as tx:
        tx.signing.set_rules([SigningRule("", "ConDau", "seal")])
        keeper = tx.people.add("mai", "Mai", Role.ARCHIVE, "mật khẩu của chị Mai")
    (seal,) = look(store, Settings(StorageSettings(here.data), signing=SigningSettings()))
    assert (seal.part, seal.state) == ("seal", "missing")
    by_hand = findings(here, seal_automatic=False)
    assert by_hand["sealing"].state == "warning"
    with store.read() as tx:
        assert sealing.keepers(tx) == []
    with store.write() as tx:
        tx.signers.give(Office(keeper.id, Capacity.SEAL))
    assert findings(here, seal_automatic=False)["sealing"] == _sealing(
        "0 tài liệu chờ đóng dấu; người giữ dấu bấm đóng.", "0 documents wait for the seal, which is put by hand"
    )


def _sealing(vi, en):
    return Finding("sealing", "ok", vi, en)
