"""A house without internet: stamps and revocation data come through one proxy that lets nothing else through."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import BasicAuth, web

from domain.errors import PartAway, PartMissing, Refused
from pipeline.tls import own_certificate
from signing.first_half import prepare_revision
from signing.network import network_of
from signing.rfc3161 import MOST_BYTES, Access, Rfc3161, service
from signing.second_half import complete_revision
from signing.settings import SigningSettings
from signing.trust import load_trust
from signing.upgrade import prove
from tests.fakes.authority import Authority, Era
from tests.fakes.secret_file import secret_file
from tests.servers.tinyproxy import Tinyproxy
from tests.signing.fixtures import Hospital, spec


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority"), Era("A", datetime(2026, 1, 1, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def signed(authority: Authority, hospital: Hospital, tmp_path: Path) -> Path:
    path = tmp_path / "signed.pdf"
    half = prepare_revision(hospital.fields(), path, authority.signatory("A"), spec("TacGia"))
    complete_revision(path, half, authority.sign("A", half.attributes), Rfc3161(authority.tsa_url), authority.clock)
    authority.clock += timedelta(minutes=30)
    authority.asked.clear()
    return path


def _prove(authority: Authority, signed: Path, proxy: str) -> None:
    settings = SigningSettings(tsa_url=authority.tsa_url, trust=authority.roots, network_seconds=5, proxy=proxy)
    target = signed.with_name("proven.pdf")
    prove(signed, target, load_trust(authority.roots), network_of(settings), service(settings), authority.clock)


def test_a_proof_is_made_through_the_proxy(authority: Authority, signed: Path) -> None:
    with Tinyproxy("127.0.0.1") as proxy:
        _prove(authority, signed, proxy.url)
        assert authority.asked
        assert len(proxy.requests) == len(authority.asked)
        assert any("/tsa " in line for line in proxy.requests)


def test_what_the_proxy_lets_nobody_reach_is_away_and_nobody_goes_around_it(authority: Authority, signed: Path) -> None:
    with Tinyproxy("tsa.example") as proxy, pytest.raises(PartAway):
        _prove(authority, signed, proxy.url)
    with pytest.raises(PartAway):
        _prove(authority, signed, proxy.url)  # it is gone by now
    assert not authority.asked


@contextmanager
def _service(folder: Path, answer: bytes) -> Iterator[str]:
    """A time-stamp service that wants a name and a password, over TLS; its address."""

    async def stamp(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "")
        if given != BasicAuth("bệnh-viện", "mật:khẩu", "utf-8").encode():
            raise web.HTTPUnauthorized
        return web.Response(body=answer)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*own_certificate(folder, "Bệnh viện"))
    loop = asyncio.new_event_loop()
    application = web.Application()
    application.router.add_post("/tsa", stamp)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "localhost", 0, ssl_context=context)
    loop.run_until_complete(site.start())
    port = runner.addresses[0][1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{port}/tsa"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_service_may_want_a_name_and_a_password_and_have_a_certificate_of_a_small_authority(tmp_path: Path) -> None:
    authorities = tmp_path / "tls" / "authority.crt"
    with _service(tmp_path, b"stamp") as url:
        good = Access("bệnh-viện:mật:khẩu", authorities)
        assert asyncio.run(Rfc3161(url, 5, access=good).ask(b"?")) == b"stamp"
        for access in (Access("bệnh-viện:khác", authorities), Access("", authorities), Access(good.login)):
            with pytest.raises(PartAway):
                asyncio.run(Rfc3161(url, 5, access=access).ask(b"?"))


def test_an_answer_without_end_is_no_answer(tmp_path: Path) -> None:
    with _service(tmp_path, b"0" * (MOST_BYTES + 1)) as url, pytest.raises(PartAway):
        asyncio.run(Rfc3161(url, 5, access=Access("bệnh-viện:mật:khẩu", tmp_path / "tls" / "authority.crt")).ask(b"?"))


def test_a_password_does_not_travel_in_the_clear_and_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    login = secret_file(tmp_path / "tsa", "bv:bí mật")
    with pytest.raises(Refused) as told:
        service(SigningSettings(tsa_url="http://tsa.example", tsa_login=login))
    assert told.value.message.code == "tsa_login"
    login.chmod(0o644)
    with pytest.raises(Refused) as told:
        service(SigningSettings(tsa_url="https://tsa.example", tsa_login=login))
    assert told.value.message.code == "secret_file"
    with pytest.raises(PartMissing):
        service(SigningSettings(tsa_url="https://tsa.example", tsa_ca=tmp_path / "none.pem"))
