"""What only a Cloud Signature Consortium service asks: PINs, one-time passwords, pages, several ways to log in."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from domain.errors import PartAway, PartMissing, Refused
from signing.csc import Csc
from signing.csc_authorization import CodeLogin, Pages
from signing.demo_keys import CLIENT, PIN, SECRET
from signing.demo_services import DemoServices
from signing.keys import Asks, Scheme, Stage, Told, Transaction
from signing.providers import check_all, configured, csc_login, provider
from signing.service import Service
from signing.settings import CscLogin, CscVersion, SigningSettings
from signing.values import fits
from tests.fakes.secret_file import secret_file
from tests.signing.fixtures import Hospital
from tests.signing.providers import USER, csc, finished, order

BACK = "https://luuky.example/ve"


@pytest.fixture(params=CscVersion)
def version(request: pytest.FixtureRequest) -> CscVersion:
    return CscVersion(request.param)


@pytest.fixture
def typed(services: DemoServices, version: CscVersion) -> Csc:
    services.rule(wanted={USER: "pin"})
    return csc(services.url, version)


@pytest.fixture
def paged(services: DemoServices, version: CscVersion) -> Csc:
    services.rule(wanted={USER: "page"})
    return csc(services.url, version)


def otp(services: DemoServices, asked: Csc, hospital: Hospital) -> str:
    asked.send_otp(USER, hospital.authority.token(USER).certificate)
    return str(services.seen()["otp"][USER])


def called(services: DemoServices, method: str) -> int:
    return sum(path.endswith(method) for path in services.seen()["log"])


def browser(visit: str) -> dict[str, str]:
    """Where the service's page sends a browser back to, and with what."""
    answer = httpx.get(visit)
    target = urlsplit(answer.headers["location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == BACK
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def test_pin_and_one_time_password_typed_on_our_screen_sign_at_once(
    typed: Csc, services: DemoServices, hospital: Hospital
) -> None:
    assert typed.certificates(USER)[0].asks == {Asks.PIN, Asks.OTP}
    signed = typed.begin(order(hospital), Told(pin=PIN, otp=otp(services, typed, hospital)))
    assert (signed.stage, len(signed.values)) == (Stage.SIGNED, 2)
    assert services.seen()["prompts"] == []


def test_a_wrong_pin_is_refused_and_asked_once(typed: Csc, services: DemoServices, hospital: Hospital) -> None:
    with pytest.raises(Refused, match="PIN"):
        typed.begin(order(hospital), Told(pin="111111", otp=otp(services, typed, hospital)))
    assert called(services, "credentials/authorize") == 1
    assert called(services, "signatures/signHash") == 0


def test_a_wrong_one_time_password_is_refused_and_asked_once(typed: Csc, services: DemoServices, hospital: Hospital) -> None:
    otp(services, typed, hospital)
    with pytest.raises(Refused, match="one-time password"):
        typed.begin(order(hospital), Told(pin=PIN, otp="0"))
    assert called(services, "credentials/authorize") == 1


def test_a_locked_key_is_said_to_be_locked(typed: Csc, services: DemoServices, hospital: Hospital) -> None:
    for _ in range(3):
        with pytest.raises(Refused, match="PIN"):
            typed.begin(order(hospital), Told(pin="111111", otp="0"))
    with pytest.raises(Refused, match="credential_locked"):
        typed.begin(order(hospital), Told(pin=PIN, otp=otp(services, typed, hospital)))


def test_many_hashes_go_in_parts_under_one_approval_that_is_extended(
    services: DemoServices, hospital: Hospital, version: CscVersion
) -> None:
    asked = csc(services.url, version, chunk=3)
    signed = finished(asked, asked.begin(order(hospital, count=8), Told()))
    assert (signed.stage, len(signed.values)) == (Stage.SIGNED, 8)
    assert len(services.seen()["prompts"]) == 1
    assert (called(services, "extendTransaction"), called(services, "signHash")) == (2, 3)


def test_a_part_that_cannot_be_had_leaves_nothing_half_signed(services: DemoServices, hospital: Hospital) -> None:
    asked = csc(services.url, CscVersion.V1, chunk=3)
    services.rule(faults=[{"path": "signatures/signHash", "kind": "busy", "times": 9, "skip": 1}])
    over = asked.begin(order(hospital, count=8), Told())
    assert (over.stage, over.values, over.why and over.why.code) == (Stage.EXPIRED, {}, "approval_spent")


def test_a_key_approved_on_the_services_own_page_signs_when_the_browser_is_back(
    paged: Csc, services: DemoServices, hospital: Hospital
) -> None:
    begun = paged.begin(order(hospital), Told("Ký 2 tài liệu"))
    assert paged.certificates(USER)[0].asks == {Asks.VISIT}
    assert begun.stage is Stage.PENDING
    assert paged.poll(begun, Told()) == begun
    back = browser(begun.visit)
    assert back["state"] == begun.reference["state"]
    kept = Transaction.from_json(begun.as_json())
    signed = paged.poll(kept, Told(code=back["code"]))
    assert (signed.stage, len(signed.values), signed.visit) == (Stage.SIGNED, 2, "")
    with pytest.raises(Refused, match="invalid_grant"):
        paged.poll(kept, Told(code=back["code"]))


def test_a_code_that_somebody_else_brought_is_of_no_use(paged: Csc, hospital: Hospital) -> None:
    mine, theirs = (paged.begin(order(hospital), Told()) for _ in range(2))
    with pytest.raises(Refused, match="invalid_grant"):
        paged.poll(mine, Told(code=browser(theirs.visit)["code"]))


def test_a_page_that_nobody_visits_expires(paged: Csc, hospital: Hospital) -> None:
    begun = paged.begin(order(hospital), Told())
    late = replace(begun, expires=datetime.now(UTC) - timedelta(seconds=1))
    over = paged.poll(late, Told())
    assert (over.stage, over.why and over.why.code) == (Stage.EXPIRED, "approval_expired")


def test_a_one_time_password_whose_answer_was_lost_is_asked_of_the_person_anew(
    typed: Csc, services: DemoServices, hospital: Hospital
) -> None:
    services.rule(wanted={USER: "pin"}, faults=[{"path": "credentials/authorize", "kind": "lost"}])
    with pytest.raises(PartAway, match="provider_unanswered"):
        typed.begin(order(hospital), Told(pin=PIN, otp=otp(services, typed, hospital)))
    assert called(services, "credentials/authorize") == 1
    assert typed.begin(order(hospital), Told(pin=PIN, otp=otp(services, typed, hospital))).stage is Stage.SIGNED


def test_pss_is_made_where_the_key_offers_it(services: DemoServices, hospital: Hospital, version: CscVersion) -> None:
    wanted = replace(order(hospital), scheme=Scheme.PSS)
    asked = csc(services.url, version)
    signed = finished(asked, asked.begin(wanted, Told()))
    assert signed.stage is Stage.SIGNED
    assert fits(wanted.certificate, Scheme.PSS, wanted.digests["ky-0"], signed.values["ky-0"])
    assert not fits(wanted.certificate, Scheme.PKCS1, wanted.digests["ky-0"], signed.values["ky-0"])


def test_what_the_service_is_like_is_asked_before_the_person_is(services: DemoServices, hospital: Hospital) -> None:
    services.rule(faults=[{"path": "/info", "kind": "error"}])
    asked = csc(f"{services.url}/later", CscVersion.V2)
    with pytest.raises(PartAway):
        asked.begin(order(hospital), Told())
    assert services.seen()["prompts"] == []
    assert finished(asked, asked.begin(order(hospital), Told())).stage is Stage.SIGNED


def test_the_check_looks_anew_each_time(services: DemoServices, version: CscVersion) -> None:
    asked = csc(services.url, version)
    assert asked.check(USER).authenticated
    services.rule(faults=[{"path": f"{version}/info", "kind": "error"}])
    assert not asked.check(USER).reachable
    services.rule(faults=[{"path": "oauth2/token", "kind": "forget"}])
    assert not asked.check(USER).authenticated
    assert asked.check(USER).authenticated


def test_a_session_that_the_service_forgot_is_renewed_without_a_word(
    services: DemoServices, hospital: Hospital, version: CscVersion
) -> None:
    for basic in (False, True):
        asked = csc(services.url, version, basic=basic)
        asked.certificates(USER)
        services.rule(faults=[{"path": "credentials/list", "kind": "forget"}])
        assert asked.certificates(USER)[0].certificate == hospital.authority.token(USER).certificate


def test_persons_log_in_at_the_services_page_once_and_their_refresh_token_is_the_owners_alone(
    services: DemoServices, hospital: Hospital, tmp_path: Path
) -> None:
    folder = tmp_path / "tokens"
    with pytest.raises(Refused, match="provider_visit"):
        code_login(services, folder).token(USER)
    first = code_login(services, folder)
    back = browser(first.visit("state-that-nobody-guesses"))
    with pytest.raises(Refused, match="provider_login"):
        first.arrive(USER, "another-state", back["code"])
    back = browser(first.visit("state-that-nobody-guesses"))
    first.arrive(USER, back["state"], back["code"])
    assert code_login(services, folder).token(USER)
    services.rule(faults=[{"path": "oauth2/token", "kind": "forget"}])
    with pytest.raises(Refused, match="provider_visit"):
        code_login(services, folder).token(USER)
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert USER not in kept.name


def code_login(services: DemoServices, folder: Path) -> CodeLogin:
    path = "/csc/v2/oauth2"
    pages = Pages(Service("csc", services.url), f"{services.url}{path}/authorize", f"{path}/token", BACK, CLIENT, SECRET)
    return CodeLogin(pages, folder)


# ---- by name, from settings


def settings(services: DemoServices, tmp_path: Path, **more: object) -> SigningSettings:
    known = secret_file(tmp_path / "secret", SECRET)
    mysign_url, smartca_url = f"{services.url}/mysign", f"{services.url}/smartca"
    return SigningSettings(
        csc_url=services.url, csc_client=CLIENT, csc_secret=known, csc_return_url=BACK,
        smartca_url=smartca_url, smartca_sp=CLIENT, smartca_secret=known,
        mysign_url=mysign_url, mysign_client=CLIENT, mysign_secret=known, **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("name", ["csc", "smartca", "mysign"])
def test_a_provider_made_from_settings_signs_under_its_name(
    services: DemoServices, hospital: Hospital, tmp_path: Path, name: str
) -> None:
    asked = provider(settings(services, tmp_path), name, tmp_path)
    signed = finished(asked, asked.begin(order(hospital), Told()))
    assert (signed.stage, signed.provider, asked.name) == (Stage.SIGNED, name, name)


def test_every_configured_provider_is_checked_and_a_wrong_password_is_found(services: DemoServices, tmp_path: Path) -> None:
    here = settings(services, tmp_path)
    users = dict.fromkeys(configured(here), USER)
    assert set(users) == {"csc", "smartca", "mysign"}
    assert {name: found.authenticated for name, found in check_all(here, users, tmp_path).items()} == dict.fromkeys(users, True)
    (tmp_path / "secret").write_text("wrong")
    found = check_all(here, users, tmp_path)
    assert {(one.reachable, one.authenticated, one.problem and one.problem.code) for one in found.values()} == {
        (True, False, "provider_login")
    }
    (tmp_path / "secret").chmod(0o644)
    assert {one.problem and one.problem.code for one in check_all(here, users, tmp_path).values()} == {"secret_file"}


def test_what_is_not_configured_is_a_missing_part(tmp_path: Path, services: DemoServices) -> None:
    assert configured(SigningSettings()) == ()
    with pytest.raises(PartMissing, match="csc"):
        provider(SigningSettings(), "csc", tmp_path)
    with pytest.raises(PartMissing, match="LUUKY_SIGNING_CSC_TOKENS"):
        csc_login(settings(services, tmp_path, csc_login=CscLogin.CODE))


@pytest.mark.parametrize("way", [CscLogin.BASIC, CscLogin.CLIENT])
def test_each_way_to_log_in_is_chosen_by_a_setting(services: DemoServices, tmp_path: Path, way: CscLogin) -> None:
    here = settings(services, tmp_path, csc_login=way, csc_version=CscVersion.V2)
    assert provider(here, "csc", tmp_path).certificates(USER)[0].schemes == (Scheme.PSS, Scheme.PKCS1)
    assert called(services, "auth/login") == (1 if way is CscLogin.BASIC else 0)


def test_persons_sign_in_their_own_name_where_the_setting_says_so(
    services: DemoServices, hospital: Hospital, tmp_path: Path
) -> None:
    services.rule(visitor=USER)
    here = settings(services, tmp_path, csc_login=CscLogin.CODE, csc_tokens=tmp_path / "tokens")
    login = csc_login(here)
    assert isinstance(login, CodeLogin)
    with pytest.raises(Refused, match="provider_visit"):
        provider(here, "csc", tmp_path).certificates(USER)
    back = browser(login.visit("s"))
    login.arrive(USER, "s", back["code"])
    signed = provider(here, "csc", tmp_path).begin(order(hospital), Told())
    assert signed.stage is Stage.SIGNED
