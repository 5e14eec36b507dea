"""The loaded model: one turn in, what was understood and what to do out. Runs on the assistant's thread only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain

from actions.actions import slot_of
from actions.executor import executor
from actions.services import Services
from actions.turn import understanding
from bot.assistant.by_words import by_words
from bot.assistant.context import Meaning, meanings
from bot.assistant.doubt import doubted
from bot.assistant.errors import TurnFailed
from bot.assistant.memory import Memory
from bot.assistant.processor import TurnProcessor
from bot.conversation.model import OF_A_CASE, Act, Reserved, TurnInput, TurnOutput, act_from_json
from bot.db import Database
from bot.knowledge.vocabulary import FALLBACK
from bot.nlu import pairs, repetition
from bot.nlu.repetition import Said
from bot.text.normalise import is_payload, neutralise

CHANNEL = "qiantai"
LONGEST = 1000  # characters; a message of 20,000 takes Rasa 38 s (the channels cap it too)
WARM_UP = "warm up"
_COMMAND = re.compile(r"[A-Za-z0-9_+\-/]*\s*(\{.*\})?", re.DOTALL)

# a button is as clear as a word: which label it stands for
CHOICES = {
    Reserved.HUMAN.value: "human_agent",
    Reserved.COMPLAINT.value: "complaint",
    Reserved.NOT_SOLVED.value: "dissatisfied",
    Reserved.SOLVED.value: "thanks",
    Reserved.CONFIRM.value: "complaint",  # pressed once more, the form tells again what it has done
    Reserved.STAY.value: "deny",
    Reserved.EDIT.value: "deny",
    Reserved.SKIP.value: "deny",
    Reserved.CANCEL.value: "deny",
    **{choice.value: "complaint_status" for choice in OF_A_CASE},
}


class Engine:
    def __init__(self, model: Path, services: Services, db: Database) -> None:
        self._services = services
        self._judge = repetition.load(pairs.place(model.parent))
        memory = Memory(Domain.empty(), db, services.clock)
        self._processor = TurnProcessor(
            model_path=model,
            tracker_store=memory,
            lock_store=InMemoryLockStore(),
            generator=TemplatedNaturalLanguageGenerator({}),
            executor=executor(services),
        )
        memory.domain = self._processor.domain
        self.model = f"{model.name.removesuffix('.tar.gz')}@{self._processor.model_metadata.model_id[:8]}"

    async def warm_up(self) -> None:
        """Jieba, spaCy, the embedding and the classifier answer once, so that no customer waits for them."""
        parsed = await self._parse(WARM_UP)
        if not parsed.get("intent_ranking"):
            raise TurnFailed("the model gives no ranking of intents: it was not trained")

    async def take(self, turn: TurnInput) -> TurnOutput:
        """Raises whatever goes wrong inside; nothing is swallowed."""
        text = neutralise(turn.text[:LONGEST])
        plain = _chosen(turn) or _command(turn.text, text)
        if plain is not None:
            found = [Meaning(plain, text)]
        elif turn.flow is not None:  # a form asks, and its question is what the answer belongs to
            found = [Meaning(await self._doubted(text), text)]
        else:
            found = await meanings(text, turn.earlier, self._doubted, self._services.knowledge)
            found = by_words(turn.conversation_id, text, found, self._services)
        acts = [act for one in found for act in await self._handle(turn, one)]
        if not acts:
            raise TurnFailed("the turn ended without an act")
        again = await self._again(text, turn.asked) if plain is None else None
        first, *also = (
            understanding(one.parsed, words, self.model, one.with_earlier, None if place else again)
            for place, one in enumerate(found)
            for words in (one.text if place else turn.text,)
        )
        return TurnOutput(first, tuple(acts), tuple(also))

    async def _handle(self, turn: TurnInput, one: Meaning) -> list[Act]:
        metadata = {
            "seq": turn.seq,
            "choice": turn.choice,
            "script": turn.script[0] if turn.script else None,
            "flow": slot_of(turn.flow),
            "product": turn.earlier.product if turn.earlier else None,
        }
        message = UserMessage(
            one.text,
            CollectingOutputChannel(),
            turn.conversation_id,
            parse_data=one.parsed,
            input_channel=CHANNEL,
            metadata=metadata,
        )
        said = await self._processor.handle_message(message) or []
        return [act_from_json(answer["custom"]) for answer in said if "custom" in answer]

    async def _again(self, text: str, asked: Sequence[str]) -> float | None:
        """How likely it asks once more what was asked; None where nothing was, or no judge was learnt."""
        if self._judge is None or not asked:
            return None
        second = Said.of(text, await self._parse(text))
        return max([self._judge.likely(Said.of(one, await self._parse(one)), second) for one in asked])

    async def _doubted(self, text: str) -> dict[str, Any]:
        return doubted(await self._parse(text), self._services.knowledge.intents)

    async def _parse(self, text: str) -> dict[str, Any]:
        return dict(await self._processor.parse_message(UserMessage(text, sender_id="nobody")))


def _command(typed: str, text: str) -> dict[str, Any] | None:
    """Somebody tries Rasa's own commands: these are no words, even where an English name in them means something."""
    if not (is_payload(typed) and _COMMAND.fullmatch(text)):
        return None
    intent = {"name": FALLBACK, "confidence": 0.0}
    return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": []}


def _chosen(turn: TurnInput) -> dict[str, Any] | None:
    """A button needs no understanding. Built here and nowhere else: what a customer types never becomes one."""
    if turn.choice is None:
        return None
    label = turn.script[1] if turn.script else CHOICES.get(turn.choice)
    if label is None:
        raise TurnFailed(f"nothing is known about the choice {turn.choice!r}")
    intent = {"name": label, "confidence": 1.0}
    return {"text": turn.text, "intent": intent, "intent_ranking": [intent], "entities": []}
