"""Every error of a token becomes a sentence: what happened, whether anything was signed, what to do; Vietnamese and English."""

from __future__ import annotations

import inspect
import unicodedata
from pathlib import Path

import pytest
from luuky_agent import token_errors
from luuky_agent.errors import AgentError
from luuky_agent.token import Token
from luuky_agent.token_errors import LOGIN, LOOKING, SIGNING
from pkcs11 import exceptions

from tests.agent.drivers import Driver, driver
from tests.agent.token_maker import MadeToken, make

CODES = {
    0x01: "cancelled", 0x02: "no_memory", 0x03: "token_missing", 0x05: "token_failed", 0x06: "token_failed", 0x07: "token_failed",
    0x20: "cannot_sign_so", 0x21: "cannot_sign_so", 0x30: "token_failed", 0x31: "token_failed", 0x32: "token_missing",
    0x50: "cancelled", 0x54: "cannot_sign_so", 0x60: "token_interrupted", 0x62: "cannot_sign_so", 0x63: "cannot_sign_so",
    0x68: "key_not_for_signing", 0x70: "cannot_sign_so", 0x71: "cannot_sign_so", 0x82: "token_interrupted", 0x90: "token_busy",
    0x91: "token_interrupted", 0xA0: "wrong_pin", 0xA1: "wrong_pin", 0xA2: "wrong_pin", 0xA3: "pin_expired", 0xA4: "pin_locked",
    0xB0: "token_interrupted", 0xB1: "token_busy", 0xB3: "token_interrupted", 0xB5: "token_busy", 0xE0: "token_missing",
    0xE1: "token_unknown", 0xE2: "token_failed", 0x100: "token_busy", 0x101: "logged_out", 0x102: "pin_missing",
    0x104: "token_busy", 0x105: "token_busy", 0x150: "token_failed", 0x190: "token_failed", 0x191: "token_failed",
    0x200: "cancelled", 0x80000001: "token_failed",
}  # fmt: skip
"""PKCS#11 v3.1, section 6: what C_Login, C_Sign or C_OpenSession may answer, one of a vendor's own, and what we make of it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeToken:
    return make(tmp_path_factory.mktemp("made"), "mot")


@pytest.fixture
def failing(tmp_path: Path, made: MadeToken) -> Driver:
    return driver(tmp_path / "vnptca_p11_v8.dll", made.conf)


def classes() -> list[str]:
    return [name for name, one in inspect.getmembers(exceptions, inspect.isclass) if issubclass(one, exceptions.PKCS11Error)]


def test_every_error_of_the_library_has_an_entry() -> None:
    assert len(classes()) > 60
    assert set(classes()) - set(token_errors.table()) == set()


def test_every_entry_is_whole_sentences_in_both_languages() -> None:
    for name, trouble in token_errors.table().items():
        for vi, en in (trouble.what, trouble.remedy):
            assert vi.endswith("."), name
            assert en.endswith("."), name
            assert unicodedata.is_normalized("NFC", vi), name
            assert vi != en, name


def test_every_remedy_is_used() -> None:
    used = {trouble.remedy for trouble in token_errors.table().values()}
    assert set(token_errors.REMEDIES.values()) == used


def said(error: AgentError, when: tuple[str, str]) -> None:
    """The three parts, in both languages."""
    assert when[0] in error.vi
    assert when[1] in error.en
    assert any(remedy[0] in error.vi and remedy[1] in error.en for remedy in token_errors.REMEDIES.values())


@pytest.mark.parametrize(("code", "expected"), CODES.items(), ids=map(hex, CODES))
def test_an_error_at_login_or_at_signing_is_said(failing: Driver, made: MadeToken, code: int, expected: str) -> None:
    failing.rules(f"C_Login:1:{code:#x};C_Sign:1:{code:#x}")
    with Token(str(failing.path)) as token:
        chosen = token.certificates()[0]
        with pytest.raises(AgentError) as refused:
            token.login(chosen, made.pin)
        assert refused.value.code == expected
        said(refused.value, LOGIN)
        assert failing.calls.count("C_Login") == 1
        token.login(chosen, made.pin)
        with pytest.raises(AgentError) as refused:
            token.sign(b"attributes")
        assert refused.value.code == expected
        said(refused.value, SIGNING)
        assert failing.calls.count("C_Sign") == 1


@pytest.mark.parametrize(("code", "expected"), [(0x32, "token_missing"), (0xB1, "token_busy"), (0xE1, "token_unknown")])
def test_an_error_while_looking_what_is_plugged_in_is_said(failing: Driver, code: int, expected: str) -> None:
    failing.rules(f"C_OpenSession:*:{code:#x}")
    with Token(str(failing.path)) as token, pytest.raises(AgentError) as refused:
        token.certificates()
    assert refused.value.code == expected
    said(refused.value, LOOKING)


@pytest.mark.parametrize("rule", ["C_Login:1:crash", "C_Sign:1:crash"])
def test_a_driver_that_crashes_is_said_and_what_was_signed_before_is_kept(failing: Driver, made: MadeToken, rule: str) -> None:
    failing.rules(rule)
    with Token(str(failing.path)) as token, pytest.raises(AgentError) as refused:  # noqa: PT012 - whichever of the two crashes
        token.login(token.certificates()[0], made.pin)
        token.sign(b"attributes")
    assert refused.value.code == "token_crashed"
    said(refused.value, LOGIN if "Login" in rule else SIGNING)


def test_a_vendors_own_code_is_told_to_the_it_department(failing: Driver, made: MadeToken) -> None:
    failing.rules("C_Login:1:0x80000001")
    with Token(str(failing.path)) as token, pytest.raises(AgentError) as refused:
        token.login(token.certificates()[0], made.pin)
    assert "0x80000001" in refused.value.vi


def test_a_key_that_the_token_does_not_hold_is_said(failing: Driver, made: MadeToken, tmp_path: Path) -> None:
    other = make(tmp_path, "ba", "ec")
    with Token(str(driver(tmp_path / "other.so", other.conf).path)) as token:
        elsewhere = token.certificates()[0]
    with Token(str(failing.path)) as token, pytest.raises(AgentError) as refused:
        token.login(elsewhere, made.pin)
    assert refused.value.code == "token_missing"


@pytest.mark.parametrize(
    ("flag", "words"),
    [(0x10000, "số lần thử còn ít"), (0x20000, "Chỉ còn MỘT lần"), (0x40000, "đã bị khóa"), (0x80000, "đổi mã PIN")],
)
def test_what_the_token_says_of_its_pin_is_known_before_one_is_typed(failing: Driver, flag: int, words: str) -> None:
    failing.rules(f"C_GetTokenInfo:*:flags{flag:#x}")
    with Token(str(failing.path)) as token:
        warning = token_errors.tries(token.certificates()[0].flags)
    assert warning is not None
    assert words in warning[0]
    assert "C_Login" not in failing.calls


def test_a_wrong_pin_says_how_many_tries_the_token_admits(failing: Driver) -> None:
    failing.rules("C_GetTokenInfo:*:flags0x20000")
    with Token(str(failing.path)) as token, pytest.raises(AgentError) as refused:
        token.login(token.certificates()[0], "000000")
    assert "Chỉ còn MỘT lần" in refused.value.vi
    assert failing.calls.count("C_Login") == 1
