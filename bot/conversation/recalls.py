"""What an agent has taken back: it stays in the log for ever, and its words leave the house no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation import store
from bot.conversation.model import Actor, Conversation, Event
from bot.conversation.package import wire, wire_outside
from bot.db import Tx


def recall(
    tx: Tx, conversation: Conversation, seq: int, actor: Actor, username: str, at: datetime
) -> tuple[Conversation, Event]:
    """Put down that the message `seq` was taken back, by whom and when. There are no words in it for the guard."""
    payload = {"text": "", "recalls": seq, "internal": {"by": username}}
    return store.append(tx, conversation, kind="notice", actor=actor, payload=payload, at=at)


def recalled(events: Iterable[Event]) -> dict[int, Event]:
    """What is taken back by these events: number -> the event that does it."""
    return {event.payload["recalls"]: event for event in events if "recalls" in event.payload}


def outside(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The end of a log as its customer may read it: of what was taken back there is but the place where it stood.

    Whatever takes something back stands behind it, so the end of a log knows all that concerns it.
    """
    gone = recalled(events)
    return [wire(replace(event, payload={})) if event.seq in gone else wire_outside(event) for event in events]
