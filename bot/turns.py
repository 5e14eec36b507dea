"""Runs the assistant's turns: one at a time for a conversation, each with a deadline, none lost by a crash.

A turn is a row of the table `turns`; this loop claims it, asks the assistant, and hands the output back. What misses
its deadline is given up: its late output meets a newer attempt number and is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.conversation.model import Line, TurnInput, TurnOutput, Understanding
from bot.conversation.service import Conversations
from bot.text.normalise import has_words
from bot.wakeups import TURNS, Wakeups

log = logging.getLogger(__name__)

LEASE_MARGIN_S = 5.0
LOOK_EVERY_S = 2.0
MAX_ATTEMPTS = 2  # a message that killed the process twice goes to a person

InThread = Callable[..., Awaitable[Any]]


class TurnTaker(Protocol):
    """What answers a turn: the Rasa assistant, or a fake."""

    async def handle(self, turn: TurnInput, deadline_s: float) -> TurnOutput:
        """Raises TurnFailed or TurnTimeout (bot.assistant.errors)."""


class TurnRunner:
    def __init__(
        self,
        conversations: Conversations,
        assistant: TurnTaker,
        wakeups: Wakeups,
        deadline_s: float,
        in_thread: InThread = asyncio.to_thread,
    ) -> None:
        self.conversations = conversations
        self.assistant = assistant
        self.wakeups = wakeups
        self.deadline_s = deadline_s
        self.in_thread = in_thread
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled: look for open turns when woken, and every two seconds in any case."""
        with self.wakeups.subscribe(TURNS) as woken:
            while not self.wakeups.closing:
                try:
                    for conversation_id in await self.in_thread(self.conversations.open_turns):
                        self._start(conversation_id)
                except Exception:  # a loop that ends answers nobody any more
                    log.exception("cannot look for open turns; trying again")
                await woken.wait(LOOK_EVERY_S)
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _start(self, conversation_id: str) -> None:
        if conversation_id not in self._running:
            task = asyncio.create_task(self.take_turns(conversation_id))
            self._running[conversation_id] = task
            task.add_done_callback(lambda _: self._running.pop(conversation_id, None))

    async def take_turns(self, conversation_id: str) -> None:
        """Every open turn of one conversation, in order."""
        try:
            while await self._take_one(conversation_id):
                pass
        except Exception:
            log.exception("turns of conversation %s interrupted; the next look takes them up", conversation_id)

    async def _take_one(self, conversation_id: str) -> bool:
        """One state of what the bank says from the question to the answer, whatever is exchanged meanwhile."""
        with self.conversations.speech.held():
            return await self._take(conversation_id)

    async def _take(self, conversation_id: str) -> bool:
        claimed = await self.in_thread(self.conversations.claim_turn, conversation_id, self.deadline_s + LEASE_MARGIN_S)
        if claimed is None:
            return False
        turn, turn_input = claimed
        output = None if turn.attempt > MAX_ATTEMPTS else await self._ask(turn_input)
        try:
            await self.in_thread(self.conversations.finish_turn, turn, output)
        except Exception:  # what cannot be said must not strand the customer
            log.exception("turn %s of conversation %s could not be finished", turn.seq, conversation_id)
            if output is None:
                raise
            await self.in_thread(self.conversations.finish_turn, turn, None)
        return True

    async def _ask(self, turn: TurnInput) -> TurnOutput | None:
        if turn.choice is None and not has_words(turn.text):
            return wordless(turn)
        try:
            return await asyncio.wait_for(self.assistant.handle(turn, self.deadline_s), self.deadline_s)
        except asyncio.TimeoutError:
            log.warning("turn %s of conversation %s missed its deadline", turn.seq, turn.conversation_id)
        except Exception as error:  # anything at all: the customer goes to a person
            log.warning("turn %s of conversation %s failed: %s", turn.seq, turn.conversation_id, type(error).__name__)
        return None


def wordless(turn: TurnInput) -> TurnOutput:
    """Emoji or punctuation alone: nothing for the assistant, and never a yes."""
    return TurnOutput(Understanding(turn.text, "wordless", 1.0), (Line("emoji_only"),))
