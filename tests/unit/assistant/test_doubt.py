"""Small talk is answered only when it is surely small talk."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assistant.doubt import doubted
from bot.knowledge import Knowledge


def parsed(label: str, sure: float) -> dict[str, Any]:
    intent = {"name": label, "confidence": sure}
    return {"intent": intent, "intent_ranking": [intent, {"name": "transfer_time", "confidence": 0.3}]}


@pytest.mark.parametrize(("label", "sure"), [("greet", 0.39), ("deny", 0.51), ("affirm", 0.36)])
def test_a_weak_guess_at_small_talk_is_asked_about(said: Knowledge, label: str, sure: float) -> None:
    made = doubted(parsed(label, sure), said.intents)
    assert made["intent"]["name"] == "nlu_fallback"
    assert [one["name"] for one in made["intent_ranking"]] == [label, "transfer_time"]


@pytest.mark.parametrize(("label", "sure"), [("greet", 0.55), ("thanks", 0.96)])
def test_a_sure_one_is_answered(said: Knowledge, label: str, sure: float) -> None:
    assert doubted(parsed(label, sure), said.intents)["intent"]["name"] == label


@pytest.mark.parametrize(
    "label", ["card_loss", "human_agent", "fraud_emergency", "out_of_scope", "nlu_fallback", "no_such_label"]
)
def test_questions_and_wishes_are_left_to_the_threshold_of_the_model(said: Knowledge, label: str) -> None:
    assert doubted(parsed(label, 0.31), said.intents)["intent"]["name"] == label
