"""How a case's clocks begin, stand still, move and end, in the caller's transaction. The dates come from `clocks`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.calendar import WorkCalendar
from bot.db import Tx
from bot.errors import CalendarMissing, Conflict
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints
from bot.tickets import deadlines
from bot.tickets.breaches import put_on_record
from bot.tickets.clocks import Due, after, due_dates, opens, progress, regulator_cap
from bot.tickets.deadlines import Deadline
from bot.tickets.model import Case, Kind, Severity
from bot.tickets.tables import case_pauses
from bot.worktime import Break, WorkTime, elapsed_add, elapsed_between

FOLLOW_UP = ("result_notice", "report", "visit", "final")  # what begins when a case is settled (C3, C7)
ANSWERED_ANEW = ("first_response", "resolution", "cap")  # what an appeal begins again


class Clockwork:
    def __init__(self, calendar: WorkCalendar, knowledge: Knowledge) -> None:
        self.calendar = calendar
        self.work = WorkTime(calendar)
        self.knowledge = knowledge

    @property
    def rules(self) -> Complaints:
        return self.knowledge.complaints

    # beginning

    def due(self, since: datetime, severity: Severity, facts: str) -> Due:
        return due_dates(since, severity, self.rules, self.calendar, facts)

    def begin(self, tx: Tx, case: Case, due: Due, at: datetime) -> None:
        """All clocks of a new round. The receipt is given at once, so its clock is met, or missed, already."""
        since = case.since if case.round == 1 else at
        if case.kind is Kind.CALLBACK:
            self._add(tx, case, "resolution", since, case.due_at, elapsed=True)
            return
        if case.round == 1:
            self._add(
                tx, case, "receipt", since, after(since, self.rules.clock("receipt"), self.calendar)[0], elapsed=True
            )
            for late in self.met(tx, case, "receipt", at, "system"):
                put_on_record(tx, self.knowledge, late, at)
            self._add(tx, case, "quality", at, after(at, self.rules.clock("quality"), self.calendar)[0], elapsed=True)
        self._add(tx, case, "first_response", since, due.respond_by, elapsed=True, provisional=due.provisional)
        self._add(
            tx, case, "resolution", since, due.due_at, due.nominal_at, elapsed=due.elapsed, provisional=due.provisional
        )
        self._add(tx, case, "cap", since, regulator_cap(since, case.cap_days), elapsed=True)
        self.inform(tx, case, at)

    def inform(self, tx: Tx, case: Case, at: datetime) -> bool:
        """Who hears nothing is told how it stands (003-13). False: not by this profile, or there is a row already."""
        told_by = progress(at, case.severity, self.rules, self.calendar)
        if told_by is None:
            return False
        return self._add(tx, case, deadlines.PROGRESS, at, told_by, elapsed=self.work.is_short(at, told_by))

    def follow_up(self, tx: Tx, case: Case, at: datetime) -> None:
        """Settled: from now on count notice, written report, visit and final confirmation (C3, C7)."""
        for kind in FOLLOW_UP:
            self.task(tx, kind, f"{case.number}/{case.round}/{kind}", at, case=case)

    def task(
        self,
        tx: Tx,
        kind: str,
        key: str,
        at: datetime,
        *,
        case: Case | None = None,
        conversation_id: str | None = None,
        due_at: datetime | None = None,
        person: str | None = None,
        text: str = "",
        detail: dict[str, Any] | None = None,
    ) -> bool:
        """Something to be done by a date: the one that is given, or the one of its kind. False: it is there already."""
        opens_at, provisional = at, False
        elapsed = due_at is not None and self.work.is_short(at, due_at)
        if due_at is None:
            due_at, provisional = after(at, self.rules.clock(kind), self.calendar)
            opens_at = opens(at, self.rules.clock(kind), self.calendar)
        deadline = Deadline(
            key,
            kind,
            starts_at=at,
            due_at=due_at,
            nominal_at=due_at,
            opens_at=opens_at,
            number=case.number if case else None,
            conversation_id=conversation_id,
            round=case.round if case else 1,
            elapsed=elapsed,
            provisional=provisional,
            person=person or (case.owner_user if case and self.rules.clock(kind).role == "owner" else None),
            text=text,
            detail=detail or {},
        )
        return deadlines.add(tx, replace(deadline, next_at=self.next_look(deadline, ())))

    # ending

    def met(self, tx: Tx, case: Case, kind: str, at: datetime, by: str, **detail: Any) -> list[Deadline]:
        """Every open clock of the kind is met. Gives those that were late and not known to be."""
        return [d for d in deadlines.running(tx, case.number, kind) if deadlines.meet(tx, d, at, by, **detail)]

    def stop(self, tx: Tx, case: Case, at: datetime, why: str, *kinds: str) -> list[Deadline]:
        """Gives those that were late and not known to be. Who wrote of danger is called whatever becomes of it."""
        running = deadlines.running(tx, case.number, *kinds)
        return [d for d in running if not d.detail.get("danger") and deadlines.void(tx, d, at, why)]

    # moving

    def pause(self, tx: Tx, case: Case, at: datetime, reason: str, by: str) -> None:
        """The bank waits for the customer: what may stand still does. Raises Conflict where it does already."""
        if self.paused(tx, case.number) is not None:
            raise Conflict(phrase="problem_case_paused")
        tx.execute(case_pauses.insert().values(number=case.number, since=at, reason=reason, by=by))
        for deadline in self._pausable(tx, case.number):
            if deadline.due_at > at:  # what was missed before is not healed by waiting
                deadlines.reschedule(tx, deadline, next_at=None)

    def resume(self, tx: Tx, case: Case, at: datetime) -> datetime | None:
        """The clocks go on, later by what the pause took of their time, never past the regulator's cap.

        Gives the new date of resolution. Raises Conflict where nothing stands still.
        """
        row = self.paused(tx, case.number)
        if row is None:
            raise Conflict(phrase="problem_case_not_paused")
        tx.execute(case_pauses.update().where(case_pauses.c.id == row.id).values(until=at))
        breaks, moved = self.breaks(tx, case.number, at), None
        for deadline in self._pausable(tx, case.number):
            if not deadline.still:
                continue
            due_at = max(self._later(tx, deadline, breaks), deadline.due_at)
            changed = replace(deadline, due_at=due_at)
            deadlines.reschedule(tx, deadline, due_at=due_at, next_at=self.next_look(changed, breaks))
            moved = due_at if deadline.kind == "resolution" else moved
        return moved

    def sooner(self, tx: Tx, case: Case, severity: Severity, at: datetime) -> tuple[datetime, datetime]:
        """Graver than before: dates move, and only earlier. Gives the new ones (response, resolution).

        What would be over by now counts from now: nobody can be late for what nobody had promised.
        """
        since = case.since if case.round == 1 else self.round_began(tx, case)
        found = {"first_response": case.respond_by, "resolution": case.due_at}
        breaks = self.breaks(tx, case.number, at)
        for deadline in deadlines.running(tx, case.number, *found):
            for begins in (since, at):
                due = self.due(begins, severity, case.facts)
                values: dict[str, Any] = {"starts_at": begins, "due_at": due.respond_by, "nominal_at": due.respond_by}
                if deadline.kind == "resolution":
                    values |= {"due_at": due.due_at, "nominal_at": due.nominal_at, "elapsed": due.elapsed}
                    values["due_at"] = self._later(tx, replace(deadline, **values), breaks)
                if values["due_at"] > at:
                    break
            if deadline.breached_at is None and values["due_at"] < deadline.due_at:
                next_at = None if deadline.still else self.next_look(replace(deadline, **values), breaks)
                deadlines.reschedule(tx, deadline, **values, next_at=next_at)
                found[deadline.kind] = values["due_at"]
        for cap in deadlines.running(tx, case.number, "cap"):  # it was received earlier than we knew
            if since < cap.starts_at:
                values = {"starts_at": since, "due_at": regulator_cap(since, case.cap_days)}
                values["nominal_at"] = values["due_at"]
                deadlines.reschedule(tx, cap, **values, next_at=self.next_look(replace(cap, **values), ()))
        return found["first_response"], found["resolution"]

    def extend(self, tx: Tx, case: Case, days: int) -> datetime:
        """With a recorded approval: until the end of so many calendar days (L1). Gives the date."""
        until = regulator_cap(case.since if case.round == 1 else self.round_began(tx, case), days)
        for deadline in deadlines.running(tx, case.number, "cap", "resolution"):
            moved = replace(deadline, due_at=until, nominal_at=until, elapsed=True)
            values = {"due_at": until, "nominal_at": until, "elapsed": True, "provisional": False, "level": 0}
            next_at = None if deadline.still else self.next_look(replace(moved, level=0), ())
            deadlines.reschedule(tx, deadline, **values, next_at=next_at)
        return until

    def settled(self, tx: Tx, case: Case, deadline: Deadline) -> tuple[datetime, datetime] | None:
        """(due, nominal) of a provisional date, now that its year may be known; None while it is not."""
        if deadline.kind not in ("first_response", "resolution"):
            due_at, unknown = after(deadline.starts_at, self.rules.clock(deadline.kind), self.calendar)
            return None if unknown else (due_at, due_at)
        due = self.due(deadline.starts_at, case.severity, case.facts)
        if due.provisional:
            return None
        if deadline.kind == "first_response":
            return min(due.respond_by, deadline.due_at), due.respond_by
        return min(due.due_at, deadline.due_at), due.nominal_at

    # asking

    def paused(self, tx: Tx, number: str) -> sa.engine.Row | None:
        statement = sa.select(case_pauses).where(case_pauses.c.number == number, case_pauses.c.until.is_(None))
        return tx.execute(statement).one_or_none()

    def all_paused(self, tx: Tx) -> set[str]:
        """Numbers of the cases that wait for their customers now."""
        return set(tx.execute(sa.select(case_pauses.c.number).where(case_pauses.c.until.is_(None))).scalars())

    def breaks(self, tx: Tx, number: str, now: datetime) -> list[Break]:
        rows = tx.execute(sa.select(case_pauses).where(case_pauses.c.number == number)).all()
        return [(row.since, row.until or max(now, row.since)) for row in rows]

    def next_look(self, deadline: Deadline, breaks: Sequence[Break]) -> datetime:
        """When the worker must look: at the next percentage that is warned of, at the latest when it is due."""
        if not self.rules.clock(deadline.kind).warn:
            return deadline.due_at
        percents = sorted(w.percent for w in self.rules.warnings if deadline.level < w.percent < 100)
        return self._at_percent(deadline, percents[0], breaks) if percents else deadline.due_at

    def percent(self, deadline: Deadline, at: datetime, breaks: Sequence[Break]) -> int:
        """How much of its time has gone; over 100 when it is late. While it stands still, as it stood."""
        begins = max(deadline.starts_at, deadline.opens_at)
        if deadline.still:
            at = min((since for since, until in breaks if until >= at), default=at)
            breaks = [(since, until) for since, until in breaks if until < at]
        try:
            whole = self._length(deadline, begins, deadline.due_at, breaks)
            gone = self._length(deadline, begins, deadline.done_at or at, breaks)
        except CalendarMissing:
            whole, gone = elapsed_between(begins, deadline.due_at), elapsed_between(begins, deadline.done_at or at)
        return 100 if not whole else int(100 * (gone / whole))

    # inside

    def _length(self, deadline: Deadline, start: datetime, end: datetime, breaks: Sequence[Break]) -> timedelta:
        pausing = breaks if self.rules.clock(deadline.kind).pausable else ()
        measure = elapsed_between if self._by_hours(deadline) else self.work.between
        return measure(start, end, pausing)

    def _at_percent(self, deadline: Deadline, percent: int, breaks: Sequence[Break]) -> datetime:
        pausing = breaks if self.rules.clock(deadline.kind).pausable else ()
        begins = max(deadline.starts_at, deadline.opens_at)
        try:
            part = self._length(deadline, begins, deadline.due_at, breaks) * (percent / 100)
            add = elapsed_add if self._by_hours(deadline) else self.work.add
            return min(add(begins, part, pausing), deadline.due_at)
        except CalendarMissing:
            return begins + (deadline.due_at - begins) * (percent / 100)

    def _by_hours(self, deadline: Deadline) -> bool:
        """The regulator's cap cut it, or it counts hours: then nights count."""
        return deadline.elapsed or deadline.due_at < deadline.nominal_at

    def _later(self, tx: Tx, deadline: Deadline, breaks: Sequence[Break]) -> datetime:
        """Its end with the pauses in it: as much time of its own kind as it was given, and never past the cap."""
        start, nominal = deadline.starts_at, deadline.nominal_at
        try:
            if deadline.elapsed:
                later = elapsed_add(start, elapsed_between(start, nominal), breaks)
            else:
                later = self.work.add(start, self.work.between(start, nominal), breaks)
        except CalendarMissing:
            return deadline.due_at  # nobody knows how much later: then not at all
        cap = deadlines.last_of(deadlines.running(tx, deadline.number or "", "cap"), "cap")
        return later if cap is None else min(later, cap.due_at)

    def _pausable(self, tx: Tx, number: str) -> list[Deadline]:
        kinds = [rule.kind for rule in self.rules.clocks if rule.pausable]
        return deadlines.running(tx, number, *kinds) if kinds else []

    def round_began(self, tx: Tx, case: Case) -> datetime:
        found = deadlines.last_of(deadlines.running(tx, case.number, "cap"), "cap")
        return found.starts_at if found is not None else case.since

    def _add(
        self, tx: Tx, case: Case, kind: str, since: datetime, due_at: datetime, nominal_at: datetime | None = None,
        elapsed: bool = False, provisional: bool = False,
    ) -> bool:  # fmt: skip
        deadline = Deadline(
            f"{case.number}/{case.round}/{kind}",
            kind,
            starts_at=since,
            opens_at=since,
            due_at=due_at,
            nominal_at=nominal_at or due_at,
            number=case.number,
            round=case.round,
            elapsed=elapsed,
            provisional=provisional,
        )
        return deadlines.add(tx, replace(deadline, next_at=self.next_look(deadline, ())))
