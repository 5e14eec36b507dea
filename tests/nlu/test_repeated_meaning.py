"""Does a customer ask the same again? 446 pairs by an author who knew no rule: paraphrases, follow-ups, others.

What is found of them, as floors: by the judge that learnt from other authors' pairs, or by letters within one topic.
The goal is nine of ten found and nine of ten calls right: see docs/decisions/0021.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.knowledge import load
from bot.nlu import environment, pairs, repetition
from bot.nlu.evaluation.hearing import Model
from bot.nlu.repetition import Said
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
    """As `escalation` does it within a thread."""
    rules = load(ROOT / "knowledge").escalation
    models = environment.home() / "models"
    model = Model(train(models))
    judge = repetition.load(pairs.place(models))
    assert judge is not None
    rows = [line.split("\t") for line in (Path(__file__).parent / "pairs.tsv").read_text("utf-8").splitlines()]

    async def said(text: str) -> Said:
        return Said.of(text, (await model.parse(text))[0])

    async def all_pairs() -> list[Pair]:
        found = []
        for kind, first, again in rows:
            one, other = await said(first), await said(again)
            new = {(e.kind, e.value) for e in extract(again)} - {(e.kind, e.value) for e in extract(first)}
            topic = next(iter(one.chances)) == next(iter(other.chances))
            alike = topic and not new and similarity(first, again) >= rules.similarity
            found.append(Pair(kind, alike or judge.likely(one, other) >= rules.again))
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
    assert precision >= 0.88 and recall >= 0.80, (precision, recall)
