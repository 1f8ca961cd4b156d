"""Verdicts that the web remembers for a while."""

from __future__ import annotations

from api.verdicts import Verdicts
from domain.documents import Origin
from domain.signatures import FileVerdict, Verdict


def test_a_verdict_is_remembered_until_the_trust_list_is_another(store):
    asked, edition = [], ["a"]

    def judge(document):
        asked.append(document.id)
        return FileVerdict("a.pdf", "a" * 64, Verdict.PASSED)

    verdicts = Verdicts(judge, lambda: edition[0])
    with store.write() as tx:
        document = tx.documents.add(Origin("a.pdf", "test"), "a" * 64, 1)
    for _ in range(2):
        said = verdicts.of(document)
        assert said
        assert said.verdict is Verdict.PASSED
    assert len(asked) == 1
    edition[0] = "b"
    verdicts.of(document)
    assert len(asked) == 2
