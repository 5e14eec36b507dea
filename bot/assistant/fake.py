"""An assistant without a model: what it understands is written down beforehand. For demonstrations and fast tests."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from bot.assistant.errors import TurnFailed, TurnTimeout
from bot.conversation.model import Act, TurnInput, TurnOutput, Understanding

Given: TypeAlias = "TurnOutput | Exception | Callable[[TurnInput], TurnOutput | Awaitable[TurnOutput]]"


def understood(intent: str, *acts: Act, product: str | None = None, confidence: float = 0.9) -> TurnOutput:
    """The output of a turn in one line; the text is put in when the turn is taken."""
    entities = ({"entity": "product", "value": product, "start": 0, "end": 0},) if product else ()
    return TurnOutput(
        Understanding("", intent, confidence, ((intent, confidence),), entities, model="fake"), tuple(acts)
    )


class FakeAssistant:
    """Same interface as `Assistant`. `script` maps a text, or the id of a choice, to the output of its turn.

    A value may be an exception, which is raised, or a function of the turn, which may be asynchronous and is held to
    the deadline. A text that is not in `script` gives `otherwise`, or TurnFailed where there is none.
    """

    def __init__(self, script: Mapping[str, Given] | None = None, otherwise: Given | None = None) -> None:
        self.script: dict[str, Given] = dict(script or {})
        self.otherwise = otherwise
        self.turns: list[TurnInput] = []
        self._alive = False

    def start(self) -> None:
        self._alive = True

    def stop(self) -> None:
        self._alive = False

    def alive(self) -> bool:
        return self._alive

    async def handle(self, turn: TurnInput, deadline_s: float = 10.0) -> TurnOutput:
        self.turns.append(turn)
        given = self.script.get(turn.choice if turn.choice is not None else turn.text, self.otherwise)
        if given is None:
            raise TurnFailed(f"the fake assistant was told nothing about turn {turn.seq}")
        output = await self._resolve(given, turn, deadline_s)
        made = output.understanding
        return TurnOutput(
            Understanding(turn.text, made.intent, made.confidence, made.candidates, made.entities, made.model),
            output.acts,
        )

    async def _resolve(self, given: Given, turn: TurnInput, deadline_s: float) -> TurnOutput:
        if isinstance(given, Exception):
            raise given
        if isinstance(given, TurnOutput):
            return given
        result = given(turn)
        if not inspect.isawaitable(result):
            return result
        try:
            return await asyncio.wait_for(result, deadline_s)
        except asyncio.TimeoutError:
            raise TurnTimeout() from None
