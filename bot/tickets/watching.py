"""What the worker does when a clock comes to a percentage, or to its end. A second worker doubles nothing."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.db import Database, Tx
from bot.errors import StoreUnavailable
from bot.knowledge import Knowledge
from bot.tickets import alerts, deadlines, store
from bot.tickets.alerts import Alert
from bot.tickets.clockwork import Clockwork
from bot.tickets.deadlines import Deadline
from bot.tickets.giving_back import GivingBack
from bot.tickets.improving import Improving
from bot.tickets.informing import Informing
from bot.tickets.missed import Missed
from bot.tickets.model import Case, CaseEvent, spoken
from bot.tickets.progress import Progress
from bot.tickets.provisional import Provisional
from bot.wakeups import DESK, Wakeups

log = logging.getLogger(__name__)


class Watching:
    def __init__(
        self, db: Database, clock: Clock, knowledge: Knowledge, clockwork: Clockwork, missed: Missed, wakeups: Wakeups
    ) -> None:
        self.db = db
        self.clock = clock
        self.knowledge = knowledge
        self.clockwork = clockwork
        self.missed = missed
        self.wakeups = wakeups
        self.progress = Progress(knowledge, clockwork, missed.telling)
        self.provisional = Provisional(db, clockwork)
        self.informing = Informing(db, clockwork)
        self.improving = Improving(db, knowledge, clockwork)
        self.giving_back = GivingBack(db, knowledge)

    def tick(self) -> int:
        """Everything that is due, each in a transaction of its own; gives how many were dealt with."""
        with self.db.transaction() as tx:
            due = deadlines.due(tx, self.clock.now())
        warned = sum(self._try_one(id_) for id_ in due)
        for part in (self.informing, self.improving, self.provisional, self.giving_back):
            warned += part.look(self.clock.now())
        if warned:
            self.wakeups.notify(DESK)
        return warned

    def _try_one(self, id_: int) -> bool:
        """One that cannot be dealt with holds up no other; it stays due and is tried again."""
        try:
            with self.db.transaction() as tx:
                return self._look(tx, id_, self.clock.now())
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("the clock %s cannot be dealt with; it is tried again", id_)
            return False

    def _look(self, tx: Tx, id_: int, now: datetime) -> bool:
        deadline, case = deadlines.for_act(tx, id_)
        if not deadline.open or deadline.next_at is None or deadline.next_at > now:
            return False
        if deadline.kind == deadlines.PROGRESS and case is not None:
            self.progress.look(tx, case, deadline, now)
            return True
        breaks = self.clockwork.breaks(tx, case.number, now) if case else []
        late = deadline.due_at <= now
        level = 100 if late else max((w for w in self._levels() if w <= self._gone(deadline, now, breaks)), default=0)
        reached = replace(deadline, level=level)
        next_at = None if late else self.clockwork.next_look(reached, breaks)
        if next_at is not None and next_at <= now:
            next_at = deadline.due_at  # rounding must not make us look for ever
        if not deadlines.reached(tx, deadline, level, next_at, deadline.due_at if late else None):
            return False
        if level > deadline.level:
            self._warn(tx, case, deadline, level, now)
        if late and deadline.breached_at is None:
            self.missed.record(tx, case, deadline, now)
        return True

    def _levels(self) -> list[int]:
        return [warning.percent for warning in self.knowledge.complaints.warnings if warning.percent < 100]

    def _gone(self, deadline: Deadline, now: datetime, breaks: list[tuple[datetime, datetime]]) -> int:
        """A second of grace: the moment of a percentage, rounded to the clock's grain, has that percentage."""
        return self.clockwork.percent(deadline, now, breaks) + 1

    def _warn(self, tx: Tx, case: Case | None, deadline: Deadline, level: int, now: datetime) -> None:
        rules = self.knowledge.complaints
        rule = rules.clock(deadline.kind)
        if not rule.warn:
            return
        to = next((warning.to for warning in rules.warnings if warning.percent == level), "head")
        owner = deadline.person or (case.owner_user if case else None)
        values = {
            "number": deadline.number or deadline.text[:40],
            "clock": rule.label,
            "percent": str(level),
            "due": spoken(deadline.due_at),
        }
        text = self.knowledge.phrase("alert_warning", **values)[0]
        key = f"warning/{deadline.key}/{level}/{deadline.due_at:%Y%m%d%H%M}"
        role = rule.role if to == "owner" else to
        person = owner if to == "owner" else None
        alerts.give(
            tx, Alert(key, "warning", role, text, deadline.number, level, person, deadline.conversation_id), now
        )
        if case is not None:
            detail = {"clock": deadline.kind, "percent": level, "to": person or role}
            store.add_event(tx, case.number, CaseEvent(now, "system", "warned", detail))
