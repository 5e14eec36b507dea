"""The guard against 437 texts as a bot and people at a desk send them, labelled by meaning (acceptance 2).

How far word lists reach was measured as the set grew: each later part was written after the rules were changed for the
part before, and run once (forbidden ones caught; clean ones refused; mandatory texts not asked for):
part 2: 7 of 37, 4 of 64, 4 of 24; part 3: 8 of 32, 5 of 40, 1 of 14; part 4: 4 of 19, 4 of 26, 0 of 10.
Parts 2 to 4 are slang and hard denials on purpose.
So plain promises are caught in any spelling; slang that the lists do not hold is not, and what agents write is also to
be read by people. New finds go into knowledge/guard.yml and here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.compliance import Context, Verdict, check
from bot.knowledge import Knowledge
from bot.knowledge.model import Disclosure

# Promises that hold no promising word. The build breaks when one of them starts to be caught: take it out here then.
KNOWN_MISSES = {"绝对没问题，我妈都买了五十万"}


@dataclass(frozen=True)
class Labelled:
    text: str
    topics: frozenset[str]
    label: str

    @property
    def forbidden(self) -> bool:
        return self.label in ("promise", "secret")

    @property
    def missing(self) -> set[str]:
        return set(self.label.removeprefix("missing:").split(",")) if self.label.startswith("missing:") else set()


def _read() -> list[Labelled]:
    lines = (Path(__file__).parent / "outgoing.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Labelled(text, frozenset(topics.split(",")) - {"-"}, label) for text, topics, label in rows]


SET = _read()


@pytest.fixture(scope="module")
def judged(knowledge: Knowledge, disclosures: list[Disclosure]) -> list[tuple[Labelled, Verdict]]:
    def whole(text: str) -> str:
        for disclosure in disclosures:
            text = text.replace(f"{{{disclosure.id}}}", disclosure.text)
        return text.replace("\\n", "\n")

    return [(one, check(whole(one.text), Context(author="agent"), knowledge.guard, disclosures)) for one in SET]


def _missing(verdict: Verdict) -> set[str]:
    return {f.rule.removeprefix("missing:") for f in verdict.findings if f.rule.startswith("missing:")}


def test_the_set_is_large_and_holds_every_kind() -> None:
    kinds = Counter(one.label.split(":")[0] for one in SET)
    assert len(SET) >= 150
    assert len({one.text for one in SET}) == len(SET)
    assert all(kinds[kind] >= 10 for kind in ("ok", "missing", "promise", "secret"))


def test_every_forbidden_text_is_refused(judged: list[tuple[Labelled, Verdict]]) -> None:
    let_through = {one.text for one, verdict in judged if one.forbidden and verdict.action != "refuse"}
    print(f"forbidden: {sum(one.forbidden for one in SET)}, let through: {len(let_through)}")
    assert let_through == KNOWN_MISSES


def test_asking_for_secrets_is_named_as_such(judged: list[tuple[Labelled, Verdict]]) -> None:
    for one, verdict in judged:
        assert (one.label == "secret") == any(f.rule == "secret" for f in verdict.findings), one.text


def test_clean_texts_are_not_refused(judged: list[tuple[Labelled, Verdict]]) -> None:
    clean = [(one, verdict) for one, verdict in judged if not one.forbidden]
    refused = [one.text for one, verdict in clean if verdict.action == "refuse"]
    print(f"clean: {len(clean)}, refused: {len(refused)} {refused}")
    assert len(refused) <= 0.02 * len(clean)


def test_exactly_the_missing_texts_are_added(judged: list[tuple[Labelled, Verdict]]) -> None:
    clean = [(one, verdict) for one, verdict in judged if not one.forbidden]
    short = [one.text for one, verdict in clean if one.missing - _missing(verdict)]
    beyond = [one.text for one, verdict in clean if _missing(verdict) - one.missing]
    print(f"clean: {len(clean)}, mandatory text not asked for: {short}, asked for without need: {beyond}")
    assert short == []
    assert len(beyond) <= 0.02 * len(clean)


def test_topics_are_seen_from_the_words_alone(judged: list[tuple[Labelled, Verdict]]) -> None:
    """Where the mandatory text stands already, nothing hangs on the topic: those texts only count for precision."""
    open_ones = [(one, verdict) for one, verdict in judged if one.missing]
    found = sum(len(one.topics & verdict.topics) for one, verdict in open_ones)
    wanted = sum(len(one.topics) for one, _ in open_ones)
    clean = [(one, verdict) for one, verdict in judged if not one.forbidden]
    seen = sum(len(verdict.topics) for _, verdict in clean)
    right = sum(len(one.topics & verdict.topics) for one, verdict in clean)
    print(f"topics: {found}/{wanted} found, {right}/{seen} of those seen are right")
    assert found == wanted
    assert right / seen >= 0.95
