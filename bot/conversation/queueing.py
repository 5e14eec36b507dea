"""Waiting for a person: the place, the expected time, who is there to serve, and when the desk is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.calendar import WorkCalendar
from bot.clock import BEIJING
from bot.conversation import counts, handovers
from bot.conversation.model import Conversation, State
from bot.conversation.speech import Speech
from bot.db import Tx
from bot.errors import CalendarMissing
from bot.knowledge.model import Escalation

MEASURED = timedelta(hours=4)  # so far back handling is measured
MOST_MEASURED = 50  # customers
GUESS_WEIGHS = 5  # customers


@dataclass(frozen=True)
class Room:
    """Customers that agents can take now, and that they can take at most."""

    free: int
    slots: int


class Staff(Protocol):
    """What the desk knows about its people."""

    def ready(self, tx: Tx, at: datetime) -> Sequence[str]:
        """Agents who are there and take conversations."""

    def room(self, tx: Tx, conversation: Conversation, at: datetime) -> Room:
        """What agents who are there, and may take this customer, have free."""

    def name(self, tx: Tx, agent: str) -> str:
        """The agent's name as customers see it."""


@dataclass(frozen=True)
class Queue:
    place: int  # in his group's queue
    eta_s: int | None  # None: nobody is there who could take him, and no minutes would be true


class Queueing:
    def __init__(self, speech: Speech, calendar: WorkCalendar, staff: Staff) -> None:
        self.speech = speech
        self.calendar = calendar
        self.staff = staff

    @property
    def rules(self) -> Escalation:
        return self.speech.knowledge.escalation

    def queue(self, tx: Tx, conversation: Conversation, at: datetime) -> Queue | None:
        """Place and honest expected time, or None when the customer is not waiting."""
        if conversation.state not in (State.QUEUED, State.OFFERED):
            return None
        return self.of(tx, conversation, at)

    def of(self, tx: Tx, conversation: Conversation, at: datetime) -> Queue:
        """Of who is in the queue. Those ahead who are offered to somebody need no slot any more."""
        ahead = counts.ahead_of(tx, conversation)
        queued, place = ahead[State.QUEUED], 1 + sum(ahead.values())
        room = self.staff.room(tx, conversation, at)
        if conversation.state is State.OFFERED or queued < room.free:
            return Queue(place, self.rules.offer_s)
        if room.slots == 0:
            return Queue(place, None)
        turns = queued + 1 - room.free
        return Queue(place, math.ceil(turns * self.handling_s(tx, at) / room.slots))

    def handling_s(self, tx: Tx, at: datetime) -> float:
        """How long agents serve one customer: what was measured lately, and until much is known the bank's guess."""
        measured = handovers.handling_s(tx, at - MEASURED, MOST_MEASURED)
        guess = GUESS_WEIGHS * self.rules.average_handling_s
        return (sum(measured) + guess) / (len(measured) + GUESS_WEIGHS)

    def overflows(self, queue: Queue) -> bool:
        """He is better served by a callback: too many before him, too long, or nobody there."""
        most = self.rules.overflow
        return queue.eta_s is None or queue.eta_s > most.eta_s or queue.place > most.waiting

    def wait(self, tx: Tx, conversation: Conversation, at: datetime) -> dict[str, Any]:
        """Place and expected time, for the phrases that tell them; only of who is in the queue."""
        return self.words(self.of(tx, conversation, at), at)

    def words(self, queue: Queue, at: datetime) -> dict[str, Any]:
        said, due = self.speech.knowledge, spoken(self.callback_due(at))
        if queue.eta_s is None:
            wait = said.phrase("wait_unknown", due=due)[0]
        else:
            wait = said.phrase("wait_minutes", minutes=str(math.ceil(queue.eta_s / 60)))[0]
        return {"place": queue.place, "wait": wait, "due": due}

    def waits_too_long(self, conversation: Conversation, at: datetime) -> bool:
        since = conversation.waiting_since
        return since is not None and (at - since).total_seconds() >= self.rules.waiting_alarm_s

    def staffed(self, tx: Tx, conversation: Conversation, at: datetime) -> bool:
        """In service hours; and outside them while somebody is there who has not declined this customer."""
        return self.desk_open(at) or bool(set(self.staff.ready(tx, at)) - set(conversation.declined_by))

    def desk_open(self, at: datetime) -> bool:
        try:
            return self.calendar.desk_open(at)
        except CalendarMissing:
            return True  # a calendar that has ended must never stand between a customer and a person

    def next_opening(self, at: datetime) -> datetime | None:
        try:
            return self.calendar.next_desk_opening(at)
        except CalendarMissing:
            return None  # in a year that nobody has entered yet: the message is taken without naming the moment

    def callback_due(self, at: datetime) -> datetime:
        try:
            return self.calendar.add_desk_time(at, self.rules.callback_due_service_s)
        except CalendarMissing:
            return at + timedelta(seconds=self.rules.callback_due_service_s)  # the earliest that it could be


def spoken(moment: datetime) -> str:
    """A moment as one reads it: 11月23日 08:00."""
    local = moment.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
