"""With what a person signs is set from a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.running import luuky

SERVICE: dict[str, Any] = {"LUUKY_SIGNING_SMARTCA_URL": "https://ky.example"}


@pytest.fixture
def data(tmp_path):
    luuky("user", "add", "bao", "--role", "doctor", "--password-stdin", data=tmp_path, stdin="mot mat khau du dai\n")
    return tmp_path


def test_a_person_signs_with_a_service_and_with_the_agent_again(data):
    done = luuky("user", "signs", "bao", "--with", "smartca", "--as", "001085012345", data=data, **SERVICE)
    assert (done.status, done.err.strip()) == (0, "bao: smartca")
    assert luuky("user", "signs", "bao", "--with", "agent", data=data, **SERVICE).status == 0


@pytest.mark.parametrize(
    "words",
    [("bao", "--with", "mysign", "--as", "1"), ("bao", "--with", "smartca"), ("ai-do", "--with", "smartca", "--as", "1")],
    ids=["not configured", "no id", "nobody"],
)
def test_what_cannot_be_is_refused(data, words):
    assert luuky("user", "signs", *words, data=data, **SERVICE).status == 4
