"""Both languages say the same things, and every sentence a screen asks for exists."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from api.language import LANGUAGES, WEB, Translator, words
from api.views.check import Place, Stray
from api.views.fields import ORDER
from api.views.ours import Stranger
from domain.documents import State
from domain.patients import Agreement
from domain.people import Role
from domain.signatures import Verdict
from domain.signers import Capacity
from signing.rules import NAMES
from storage.sign_queue import Order

SOURCES = [*(WEB / "templates").rglob("*.html"), *(WEB.parent / "api").rglob("*.py")]
LITERAL = re.compile(r"\bt\(\s*'([\w.]+)'(\s*~)?")
EITHER = re.compile(r"\bt\('([\w.]+)' if [^)]*? else '([\w.]+)'")
PREFIXED = {
    "state.": State, "role.": Role, "verdict.": Verdict, "outcome.": Verdict, "agreement.": Agreement, "fact.": ORDER,
    "capacity.": Capacity, "act.move.": [state for state in State if state is not State.RECEIVED],
    "weekday.": map(str, range(7)), "confidence.": map(str, range(4)), "part.": ("ok", "warning", "away", "missing"),
    "room.": ("today", "batches", "review", "sign", "find", "records", "admin", "signatures", "copies"),
    "signatures.stage.": ("queued", "sending", "waiting", "signatures", "archival", "report"), "signatures.verdict.": Verdict,
    "signatures.hindrance.": ("not_pdf", "password", "broken", "deadly"), "signatures.ours.": (*Place, *Stranger),
    "signatures.ours_next.": (*Place, *Stranger), "check.": (*Place, *Stray),
    "signatures.after.": ("nothing", "allowed", "changed"),
    "signatures.next.": ("passed", "failed", "undetermined", "unsigned", "not_pdf", "password", "broken", "deadly"),
    "signatures.revision.": ("first", "signature", "timestamp", "evidence", "other"), "rule.": NAMES.values(),
    "review.take.": ("likely", "differs", "rival", "thin"),
    "flag.": set(re.findall(r'Flag\("(\w+)"', (WEB.parent / "ocr/quality.py").read_text(encoding="utf-8"))),
    "level.": ("B", "T", "LT", "LTA"),
    "today.none_landed_next_": ("archive", "doctor", "clinician"), "today.none_waiting_next_": ("archive", "doctor", "clinician"),
    "sign.by.": get_args(Order), "facet.": ("kind", "department", "year"), "find.": ("newest", "nearest"),
}  # fmt: skip


def asked() -> set[str]:
    found = set()
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        found |= {match[1] for match in LITERAL.finditer(text) if not match[2]}
        found |= {key for match in EITHER.finditer(text) for key in match.groups()}
    return found


def test_both_languages_have_the_same_sentences():
    assert words("vi").keys() == words("en").keys()


def test_both_languages_fill_in_the_same_things():
    for key, text in words("vi").items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", words("en")[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_a_screen_asks_for_exists(language):
    found = asked()
    assert len(found) > 200
    assert found <= words(language).keys()


@pytest.mark.parametrize("prefix", PREFIXED)
def test_every_member_of_a_family_of_words_has_its_sentence(prefix):
    say = Translator("vi")
    assert [str(one) for one in PREFIXED[prefix] if not say.has(prefix + str(one))] == []


def test_the_old_word_for_patients_is_not_used():
    assert not [text for text in words("vi").values() if "bệnh nhân" in text.casefold()]


def test_vietnamese_is_spoken_unless_english_was_chosen(guest):
    assert "Đăng nhập" in guest.get("/login").text
    guest.cookies.set("luuky_language", "en")
    assert "Log in" in guest.get("/login").text


ROOMS = ("api", "custody", "filing", "ingest", "pipeline", "signing", "storage")
WRITTEN = re.compile(r'audit\.add\(\s*(?:"[a-z]+"|[^",]+),\s*"([a-z_]+)"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_that_is_written_down_has_words(language):
    texts = [path.read_text(encoding="utf-8") for room in ROOMS for path in (WEB.parent / room).rglob("*.py")]
    acts = {act for text in texts for act in WRITTEN.findall(text)} - {"move"}
    assert {"prepare_signature", "import_patients"} <= acts
    assert [act for act in sorted(acts) if f"act.{act}" not in words(language)] == []
