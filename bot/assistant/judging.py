"""What the product does with a parse, by its own code: an evaluation must have no opinion of its own on that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from actions import decide
from actions.turn import FALLBACK, read
from bot.assistant.doubt import doubted
from bot.clock import Clock
from bot.conversation.model import Answer, Clarify, Handover
from bot.knowledge import Knowledge
from bot.nlu.evaluation.hearing import Decide, Decided


def product(said: Knowledge, clock: Clock) -> Decide:
    services: Any = SimpleNamespace(knowledge=said, clock=clock)

    def decided(parsed: dict[str, Any]) -> Decided:
        turn = read("evaluate", doubted(parsed, said.intents), {}, 1)
        label = turn.understanding.intent
        if label != FALLBACK:
            return Decided("refer") if label == "out_of_scope" else Decided("answer", label)
        acts = decide.clarify(turn, services)
        if any(isinstance(act, Answer | Handover) for act in acts):  # danger is not asked about
            return Decided("answer", turn.understanding.candidates[0][0])
        return Decided("ask", offered=next((act.labels for act in acts if isinstance(act, Clarify)), ()))

    return decided
