"""What a channel shows of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation import store, turns
from bot.conversation.handoff import Handoff
from bot.conversation.model import Conversation, Event, State
from bot.db import Tx


@dataclass(frozen=True)
class Snapshot:
    """What a channel shows: one consistent read of messages, state, holder and queue."""

    conversation: Conversation
    events: tuple[Event, ...]
    place: int | None
    eta_s: int | None
    typing: bool
    agent: str | None


def read(tx: Tx, conversation_id: str, after: int, handoff: Handoff, now: datetime) -> Snapshot:
    """Raises NotFound."""
    conversation = store.get(tx, conversation_id)
    queue = handoff.queueing.queue(tx, conversation, now)
    held = conversation.state in (State.HUMAN, State.WRAP_UP) and conversation.holder
    return Snapshot(
        conversation,
        tuple(store.read(tx, conversation_id, after)),
        queue.place if queue else None,
        queue.eta_s if queue else None,
        turns.is_open(tx, conversation_id),
        handoff.staff.name(tx, str(conversation.holder)) if held else None,
    )
