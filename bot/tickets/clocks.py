"""When a case must be answered and solved: the bank's profile and the regulator's cap, whichever is earlier. Pure.

Requirements 1B, C1 to C5 and L1. Working days are the handbook's clock, calendar days the regulator's; the cap belongs
to no profile and is never exceeded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, day_of
from bot.errors import CalendarMissing, KnowledgeError
from bot.knowledge.model import Complaints, Sla
from bot.tickets.model import Severity


@dataclass(frozen=True)
class Due:
    """`provisional`: a year's calendar was missing, so that one of the dates may turn out too late by working days."""

    respond_by: datetime
    due_at: datetime
    provisional: bool


@dataclass(frozen=True)
class _Limit:
    """A clock's end; or, where the calendar is missing, only the moment before which it cannot end."""

    at: datetime
    known: bool = True


def due_dates(received: datetime, severity: Severity, rules: Complaints, calendar: WorkCalendar) -> Due:
    received = received.astimezone(BEIJING)
    cap = regulator_cap(received, rules.cap_calendar_days)
    own = sla_of(severity, rules)
    due_at, due_sure = _earliest(_limits(received, own.resolution_wd, own.resolution_h, calendar), cap)
    respond_by, respond_sure = _earliest(
        (
            limit
            for sla in rules.slas
            if Severity(sla.severity) in severity.and_lower  # C4: who is more severe never waits longer
            for limit in _limits(received, sla.first_response_wd, sla.first_response_h, calendar)
        ),
        due_at,
    )
    return Due(respond_by, due_at, provisional=not (due_sure and respond_sure))


def regulator_cap(received: datetime, calendar_days: int) -> datetime:
    """The last second of the last calendar day; the day of receipt is not counted (L1)."""
    last_day = day_of(received) + timedelta(days=calendar_days)
    return datetime.combine(last_day, time(23, 59, 59), BEIJING)


def sla_of(severity: Severity, rules: Complaints) -> Sla:
    for sla in rules.slas:
        if sla.severity == severity.value:
            return sla
    raise KnowledgeError(f"knowledge/complaints.yml: slas has no line for {severity.value}")


def _limits(
    received: datetime, working_days: int | None, elapsed_hours: int | None, calendar: WorkCalendar
) -> Iterable[_Limit]:
    """Both clocks run where both are given: 48 hours or two working days, whichever is earlier (C1)."""
    if elapsed_hours is not None:
        yield _Limit(received + timedelta(hours=elapsed_hours))  # nights and holidays count (000-72)
    if working_days is not None:
        try:
            yield _Limit(calendar.end_of_working_day(received, working_days))
        except CalendarMissing as missing:
            yield _Limit(datetime(missing.extra["year"], 1, 1, tzinfo=BEIJING), known=False)


def _earliest(limits: Iterable[_Limit], cap: datetime) -> tuple[datetime, bool]:
    """The earliest known end, at most the cap; and whether no unknown one could have come before it."""
    limits = list(limits)
    earliest = min([cap, *(limit.at for limit in limits if limit.known)])
    return earliest, all(limit.known or limit.at >= earliest for limit in limits)
