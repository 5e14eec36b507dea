"""The agent's clocks (004-82, 004-86): first answer, and handling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock import rfc3339
from bot.conversation.model import Conversation, Event, State
from bot.knowledge import Knowledge


def deadlines(conversation: Conversation, log: Sequence[Event], said: Knowledge, now: datetime) -> list[dict[str, Any]]:
    """[{"name", "label", "due_at", "breached"}], only while an agent serves."""
    if conversation.state is not State.HUMAN:
        return []
    joined = next(e for e in reversed(log) if e.kind == "state" and e.payload.get("state") == "HUMAN")
    answered = any(e.actor.kind == "agent" and e.seq > joined.seq for e in log)
    clocks = [("handling", said.escalation.handling_alarm_s)]
    if not answered:
        clocks.insert(0, ("first_answer", said.escalation.first_answer_s))
    return [
        {
            "name": name,
            "label": said.phrase(f"deadline_{name}")[0],
            "due_at": rfc3339(joined.at + timedelta(seconds=seconds)),
            "breached": now > joined.at + timedelta(seconds=seconds),
        }
        for name, seconds in clocks
    ]
