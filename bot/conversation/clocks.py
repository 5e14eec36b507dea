"""How long a customer waits for a person and is served by one: the clocks that agents and supervisors see.

004-20, 004-21, 004-82, 004-86, 004-87. Pure; every length is a number of knowledge/escalation.yml. An alarm, no
handover: what follows from a clock that has run out is `breaches`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import rfc3339
from bot.conversation import escalation
from bot.conversation.handovers import Entry
from bot.conversation.model import Conversation
from bot.knowledge import Knowledge

WAITING = "waiting"
NAMES = (WAITING, "senior", "first_answer", "simple", "handling")


@dataclass(frozen=True)
class Clock:
    """`near_at`: from here on it is shown as nearly over. `stopped_at`: what it waits for has come, or will not."""

    name: str  # one of NAMES
    due_at: datetime
    near_at: datetime
    stopped_at: datetime | None = None

    def breached(self, now: datetime) -> bool:
        """What came too late is a breach, too."""
        return self.due_at <= (self.stopped_at or now)


def clocks(conversation: Conversation, entry: Entry | None, said: Knowledge) -> tuple[Clock, ...]:
    """Those of one entry into the queue, the ones that have stopped too. `entry` is None: nobody waits."""
    if entry is None:
        return ()
    rules = said.escalation
    begun: list[tuple[str, datetime, int, datetime | None]] = [
        (WAITING, entry.entered_at, rules.waiting_alarm_s, entry.claimed_at or entry.left_at)
    ]
    if conversation.senior:
        begun.append(("senior", entry.entered_at, rules.senior_s, entry.claimed_at or entry.left_at))
    if entry.claimed_at is not None:
        answered = entry.first_answer_at or entry.left_at
        begun.append(("first_answer", entry.claimed_at, rules.first_answer_s, answered))
        if _is_simple(conversation, said):
            begun.append(("simple", entry.claimed_at, rules.simple_s, entry.left_at))
        begun.append(("handling", entry.claimed_at, rules.handling_alarm_s, entry.left_at))
    return tuple(
        Clock(name, since + timedelta(seconds=length), since + timedelta(seconds=length * rules.near), stopped)
        for name, since, length, stopped in begun
    )


def shown(clocks_: Sequence[Clock], said: Knowledge, now: datetime) -> list[dict[str, Any]]:
    """Those that run, as the console reads them: [{"name", "label", "due_at", "near_at", "breached"}]."""
    return [
        {
            "name": clock.name,
            "label": said.phrase(f"deadline_{clock.name}")[0],
            "due_at": rfc3339(clock.due_at),
            "near_at": rfc3339(clock.near_at),
            "breached": clock.breached(now),
        }
        for clock in _running(clocks_)
    ]


def next_due(clocks_: Sequence[Clock], now: datetime) -> datetime | None:
    """When the next one runs out, if nothing comes before."""
    return min((clock.due_at for clock in _running(clocks_) if clock.due_at > now), default=None)


def _running(clocks_: Sequence[Clock]) -> Iterator[Clock]:
    return (clock for clock in clocks_ if clock.stopped_at is None)


def _is_simple(conversation: Conversation, said: Knowledge) -> bool:
    topic = escalation.from_json(conversation.thread).topic
    intent = said.intents.get(topic.partition("/")[0]) if topic else None
    return intent is not None and intent.complexity == "simple"
