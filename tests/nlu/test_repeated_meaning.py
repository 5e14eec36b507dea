"""Does a customer ask the same again? 446 pairs by an author who knew no rule: paraphrases, follow-ups, others.

What the rules find of them within one topic, as floors. The goal, nine of ten found and nine of ten calls right, is not
reached: see docs/decisions/0021.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.knowledge import load
from bot.nlu import environment
from bot.nlu.evaluation.hearing import Model
from bot.nlu.likeness import likeness
from bot.nlu.train import train
from bot.settings import ROOT
from bot.text.entities import extract
from bot.text.similarity import similarity

pytestmark = pytest.mark.model


@dataclass(frozen=True)
class Pair:
    kind: str
    said_again: bool


@pytest.fixture(scope="module")
def judged() -> list[Pair]:
    """By intent, likeness and entities, as `escalation` does it within a thread."""
    rules = load(ROOT / "knowledge").escalation
    model = Model(train(environment.home() / "models"))
    rows = [line.split("\t") for line in (Path(__file__).parent / "pairs.tsv").read_text("utf-8").splitlines()]

    async def label(text: str) -> str:
        parsed, _ = await model.parse(text)
        return next(one["name"] for one in parsed["intent_ranking"] if one["name"] != "nlu_fallback")

    async def all_pairs() -> list[Pair]:
        found = []
        for kind, first, again in rows:
            new = {(e.kind, e.value) for e in extract(again)} - {(e.kind, e.value) for e in extract(first)}
            alike = similarity(first, again) >= rules.similarity or likeness(again, [first]) >= rules.likeness
            found.append(Pair(kind, alike and not new and await label(first) == await label(again)))
        return found

    return asyncio.run(all_pairs())


def test_enough_pairs_of_every_kind(judged: list[Pair]) -> None:
    assert len(judged) >= 300
    assert all(sum(one.kind == kind for one in judged) >= 100 for kind in ("same", "follow", "other"))


def test_what_is_found_and_how_often_the_call_is_right(judged: list[Pair]) -> None:
    called = [one for one in judged if one.said_again]
    right = [one for one in called if one.kind == "same"]
    recall = len(right) / sum(one.kind == "same" for one in judged)
    precision = len(right) / len(called)
    assert precision >= 0.78 and recall >= 0.52, (precision, recall)
