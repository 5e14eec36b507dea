"""A customer who has heard nothing for so long is told how his case stands (001-04, 003-13; profile table of 1B).

One row for a round, moved on again and again: to the last that he has heard and so much more.
"""

from __future__ import annotations

from datetime import datetime

from bot.conversation import store as log
from bot.conversation.model import State
from bot.db import Tx
from bot.knowledge import Knowledge
from bot.tickets import deadlines, store
from bot.tickets.clocks import progress
from bot.tickets.clockwork import Clockwork
from bot.tickets.deadlines import PROGRESS, Deadline
from bot.tickets.model import Case, CaseEvent, spoken
from bot.tickets.telling import PERSON, Telling


class Progress:
    def __init__(self, knowledge: Knowledge, clockwork: Clockwork, telling: Telling) -> None:
        self.knowledge = knowledge
        self.clockwork = clockwork
        self.telling = telling

    def look(self, tx: Tx, case: Case, deadline: Deadline, now: datetime) -> None:
        """It is due: he is told, unless he has heard something since, or we wait for him."""
        waits = self.clockwork.paused(tx, case.number) is not None
        heard = max((e.at for e in store.events_of(tx, case.number) if _heard(e)), default=deadline.starts_at)
        since = now if waits else max(heard, deadline.starts_at)
        late = now >= case.due_at
        next_at = _next(self.clockwork, case, since, late)
        if next_at is not None and next_at <= now:
            if not self._may_tell(tx, case, now):
                opening = self.clockwork.calendar.next_desk_opening(now)
                deadlines.reschedule(tx, deadline, due_at=opening, nominal_at=opening, next_at=opening)
                return
            self._tell(tx, case, deadline, now)
            since, next_at = now, _next(self.clockwork, case, now, late)
        if next_at is None:  # the bank's profile has none any more
            deadlines.reschedule(tx, deadline, state=deadlines.VOID, done_at=now, next_at=None)
        else:
            _move(tx, self.clockwork, deadline, since, next_at)

    def _may_tell(self, tx: Tx, case: Case, now: datetime) -> bool:
        """At night only in a chat that is open: no message wakes him for it."""
        chatting = log.get(tx, case.conversation_id).state is not State.CLOSED
        return chatting or self.clockwork.calendar.desk_open(now)

    def _tell(self, tx: Tx, case: Case, deadline: Deadline, now: datetime) -> None:
        phrase = "case_progress" if now < case.due_at else "case_progress_late"
        state, _ = self.knowledge.phrase(f"case_state_{case.state.value.lower()}")
        values = {"state": state, "owner": case.owner_queue, "due": spoken(case.due_at)}
        self.telling.phrase(tx, case, phrase, now, key=f"{deadline.due_at:%Y%m%d%H%M}", **values)


def sooner(tx: Tx, clockwork: Clockwork, case: Case, at: datetime) -> None:
    """Graver than before: he hears sooner."""
    next_at = _next(clockwork, case, at)
    for deadline in deadlines.running(tx, case.number, PROGRESS):
        if next_at is not None and next_at < deadline.due_at and not deadline.still:
            _move(tx, clockwork, deadline, at, next_at)


def _next(clockwork: Clockwork, case: Case, since: datetime, late: bool = False) -> datetime | None:
    return progress(since, case.severity, clockwork.rules, clockwork.calendar, late)


def _move(tx: Tx, clockwork: Clockwork, deadline: Deadline, since: datetime, to: datetime) -> None:
    values = {"starts_at": since, "opens_at": since, "due_at": to, "nominal_at": to, "next_at": to}
    deadlines.reschedule(tx, deadline, **values, elapsed=clockwork.work.is_short(since, to))


def _heard(event: CaseEvent) -> bool:
    """A text that only waits for a person to tell it has not been heard."""
    return event.action == "told" and event.detail.get("way") != PERSON
