"""Clocks end when the customer knows; one that was missed is marked, apologised for, and looked into (002-50)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.db import Tx
from bot.knowledge import Knowledge
from bot.tickets import deadlines
from bot.tickets.breaches import put_on_record
from bot.tickets.clockwork import Clockwork
from bot.tickets.deadlines import Deadline
from bot.tickets.model import Case, Kind, spoken
from bot.tickets.telling import Telling

RESULT, FEEDBACK = "case_result", "case_feedback"
ENDS_WHEN_KNOWN = {  # clocks that end when the customer knows it, and not when it was written (L1)
    "case_first_response": ("first_response",),
    "case_first_response_solution": ("first_response",),
    RESULT: ("result_notice", "cap"),
    "case_report": ("report",),
    FEEDBACK: ("feedback",),
}
ONE_DATE = ("resolution", "cap")


class Missed:
    def __init__(self, knowledge: Knowledge, clockwork: Clockwork, telling: Telling) -> None:
        self.knowledge = knowledge
        self.clockwork = clockwork
        self.telling = telling

    def met(self, tx: Tx, case: Case, at: datetime, by: str, *kinds: str) -> None:
        """The open clocks of these kinds end; what was too late is recorded."""
        for kind in kinds:
            for late in self.clockwork.met(tx, case, kind, at, by):
                self.record(tx, case, late, at)

    def overdue(self, tx: Tx, case: Case, at: datetime, *kinds: str) -> None:
        """What has passed before anybody looked, on record before its date is moved: no act wipes it out."""
        for late in deadlines.running(tx, case.number, *kinds):
            if late.breached_at is None and late.missed(at):
                deadlines.reschedule(tx, late, breached_at=late.due_at)
                self.record(tx, case, late, at)

    def known(self, tx: Tx, case: Case, what: str, at: datetime, by: str) -> None:
        """The customer has been told: the clocks that wait for that end."""
        self.met(tx, case, at, by, *ENDS_WHEN_KNOWN.get(what, ()))

    def unknown(self, tx: Tx, case: Case, what: str, at: datetime) -> None:
        """What was said has not arrived: the clocks that it had ended run on. What was missed stays missed."""
        breaks = self.clockwork.breaks(tx, case.number, at)
        for deadline in deadlines.of_case(tx, case.number):
            ended = deadline.state == deadlines.DONE and deadline.round == case.round
            if ended and deadline.kind in ENDS_WHEN_KNOWN.get(what, ()):
                next_at = None if deadline.breached_at else self.clockwork.next_look(deadline, breaks)
                deadlines.reopen(tx, deadline, next_at)

    def told(self, tx: Tx, case: Case, task: Deadline, at: datetime, by: str, **detail: Any) -> None:
        """A person has told him what the task says. Of a former round it ends only what an appeal leaves."""
        if deadlines.meet(tx, task, at, by, **detail):
            self.record(tx, case, task, at)
        if task.round == case.round or task.detail.get("what") == FEEDBACK:
            self.known(tx, case, str(task.detail.get("what")), at, by)

    def record(self, tx: Tx, case: Case | None, deadline: Deadline, at: datetime) -> None:
        """To be called once for a deadline, when it is first found to be late."""
        text = put_on_record(tx, self.knowledge, deadline, at)
        rule, due = self.knowledge.complaints.clock(deadline.kind), spoken(deadline.due_at)
        if not rule.apologise or (case is not None and self._one_date(tx, case, deadline)):
            return
        if case is None:  # promised in a chat
            self.telling.in_chat(tx, deadline.conversation_id, "promise_late", due=due)
        elif case.kind is Kind.CALLBACK:
            self.telling.phrase(tx, case, "callback_late", at, key=deadline.key, due=due)
        else:
            self.telling.phrase(tx, case, "case_late", at, key=deadline.key, due=due, what=rule.promised)
        self.clockwork.task(
            tx,
            "apology",
            f"{deadline.key}/apology",
            at,
            case=case,
            conversation_id=deadline.conversation_id,
            text=text,
            detail={"clock": deadline.kind},
        )

    def _one_date(self, tx: Tx, case: Case, deadline: Deadline) -> bool:
        """Resolution and cap are one date to the customer: he hears once that it was missed. What was extended since
        was promised anew."""
        found = deadlines.of_case(tx, case.number) if deadline.kind in ONE_DATE else []
        missed = [d for d in found if d.kind in ONE_DATE and d.round == deadline.round and d.key != deadline.key]
        known = [d.key for d in missed if d.breached_at == d.due_at <= deadline.due_at]
        return any(d.kind == "apology" and d.key.removesuffix("/apology") in known for d in found)
