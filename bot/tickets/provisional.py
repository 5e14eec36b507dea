"""Dates that were set before a year's holidays were known are set right once they are: for customers only earlier."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.db import Database, Tx
from bot.tickets import deadlines, store
from bot.tickets.clockwork import Clockwork
from bot.tickets.deadlines import Deadline
from bot.tickets.model import Case, CaseEvent

log = logging.getLogger(__name__)


class Provisional:
    def __init__(self, db: Database, clockwork: Clockwork) -> None:
        self.db = db
        self.clockwork = clockwork
        self._in_vain: tuple[Any, str] | None = None  # spares locking them again while nothing is different

    def look(self, now: datetime) -> int:
        """Each case in a transaction of its own; gives how many were set right."""
        with self.db.transaction() as tx:
            waiting = deadlines.provisional(tx)
        known = (waiting, self.clockwork.knowledge.digest)
        if known == self._in_vain:
            return 0
        settled = sum(self._settle(number, now) for number, _ in waiting)
        self._in_vain = known
        return settled

    def _settle(self, number: str, now: datetime) -> bool:
        with self.db.transaction() as tx:
            case = store.for_act(tx, number)
            moved = [
                one for one in deadlines.running(tx, number) if one.provisional and self._moved(tx, case, one, now)
            ]
            if not moved:
                return False
            ends = {one.kind: one.due_at for one in deadlines.running(tx, number)}
            after = replace(
                case,
                provisional=False,
                respond_by=ends.get("first_response", case.respond_by),
                due_at=ends.get("resolution", case.due_at),
            )
            event = CaseEvent(now, "system", "dated", {"due": after.due_at.isoformat()})
            store.change_case(tx, case, after, event)
        log.info("the dates of %s are no longer provisional", number)
        return True

    def _moved(self, tx: Tx, case: Case, deadline: Deadline, now: datetime) -> bool:
        """False: its year is still not known."""
        end = self.clockwork.settled(tx, case, deadline)
        if end is None:
            return False
        due_at, nominal_at = end
        changed = replace(deadline, due_at=due_at, nominal_at=nominal_at, provisional=False)
        breaks = self.clockwork.breaks(tx, case.number, now)
        next_at = None if deadline.still else self.clockwork.next_look(changed, breaks)
        deadlines.reschedule(tx, deadline, due_at=due_at, nominal_at=nominal_at, provisional=False, next_at=next_at)
        return True
