"""The words on screens: `web/locales/vi.json` and `en.json`, flat keys, `{name}` for what is filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")
WEB = Path(__file__).resolve().parent.parent / "web"


@cache
def words(language: str) -> Mapping[str, str]:
    """All sentences of a language."""
    value: dict[str, str] = json.loads((WEB / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return value


def known(language: str | None) -> str:
    """A language we speak: Vietnamese unless English was chosen."""
    return language if language in LANGUAGES else LANGUAGES[0]


class Translator:
    """Speaks one language. A missing key raises KeyError: tests hold that none is missing."""

    def __init__(self, language: str) -> None:
        self.language = known(language)
        self._words = words(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence under `key`, its gaps filled in."""
        text = self._words[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._words
