"""Quản trị · Tình trạng: every part by its name and with a sentence in the reader's language, the worst first."""

from __future__ import annotations

import re

import pytest

from domain.people import Role

TRAIL = re.compile(r'class="nowrap state-(\w+)"')
TSA = {
    "vi": ("Dấu thời gian", "Chưa khai báo dịch vụ cấp dấu thời gian nên chưa ký được tài liệu nào. Nhờ bộ phận CNTT"),
    "en": ("Time stamps", "set LUUKY_SIGNING_TSA_URL; until then documents cannot be signed"),
}


@pytest.mark.parametrize("language", TSA)
def test_each_part_is_named_and_told_in_the_readers_language_and_the_worst_comes_first(hospital, browser, language):
    hospital.person("quantri", Role.ADMINISTRATOR)
    client = browser("quantri")
    client.cookies.set("luuky_language", language)
    page = client.get("/admin/health").text
    assert all(words in page for words in TSA[language])
    assert not any(words in page for other in TSA.keys() - {language} for words in TSA[other])
    states = TRAIL.findall(page)
    assert len(states) > 12
    assert states == sorted(states, key=["missing", "away", "warning", "ok"].index)
