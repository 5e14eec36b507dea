"""When a case must be answered and solved: the bank's profile and the regulator's cap, whichever is earlier. Pure.

Requirements 1B, C1 to C5 and L1. Working days are the handbook's clock, calendar days the regulator's; the cap belongs
to no profile and is never exceeded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.calendar import WorkCalendar
from bot.clock import BEIJING, day_of
from bot.errors import CalendarMissing, KnowledgeError
from bot.knowledge.complaints import CategoryLimit, ClockRule
from bot.knowledge.model import Complaints, Sla
from bot.text.normalise import normalise
from bot.tickets.model import Severity

DAYS_WITHOUT_CALENDAR = 1.4  # calendar days for a working day, where nobody knows the holidays: the date is early


@dataclass(frozen=True)
class Due:
    """`provisional`: a year's calendar was missing, so that one of the dates may turn out too late by working days.

    `nominal_at` is what the profile alone says; `elapsed`: by hours, nights count.
    """

    respond_by: datetime
    due_at: datetime
    provisional: bool
    cap_at: datetime
    nominal_at: datetime
    elapsed: bool


@dataclass(frozen=True)
class _Limit:
    """A clock's end; or, where the calendar is missing, only the moment before which it cannot end."""

    at: datetime
    known: bool = True
    elapsed: bool = False


def due_dates(
    received: datetime, severity: Severity, rules: Complaints, calendar: WorkCalendar, facts: str = ""
) -> Due:
    """`facts`: some matters are settled faster than their severity says (004-70)."""
    received = received.astimezone(BEIJING)
    cap = _Limit(regulator_cap(received, rules.cap_calendar_days), elapsed=True)
    own = sla_of(severity, rules)
    faster = [limit.resolution_wd for limit in rules.category_limits if _speaks_of(limit, facts)]
    limits = [
        limit
        for days, hours in ((own.resolution_wd, own.resolution_h), *((days, None) for days in faster))
        for limit in _limits(received, days, hours, calendar)
    ]
    resolved, due_sure = _earliest(limits, cap)
    responded, respond_sure = _earliest(
        [
            limit
            for sla in rules.slas
            if Severity(sla.severity) in severity.and_lower  # C4: who is more severe never waits longer
            for limit in _limits(received, sla.first_response_wd, sla.first_response_h, calendar)
        ],
        resolved,
    )
    nominal = min((limit for limit in limits if limit.known), key=lambda limit: limit.at, default=cap)
    return Due(responded.at, resolved.at, not (due_sure and respond_sure), cap.at, nominal.at, nominal.elapsed)


def _speaks_of(limit: CategoryLimit, facts: str) -> bool:
    """Wherever the words stand: 昨天转的账，到现在都没到 names the transfer in one clause and its fate in another."""
    text = normalise(facts)
    wanted = [words for words in (limit.words, limit.also) if words]
    return all(any(normalise(word) in text for word in words) for words in wanted)


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
        yield _Limit(received + timedelta(hours=elapsed_hours), elapsed=True)  # nights and holidays count (000-72)
    if working_days is not None:
        try:
            yield _Limit(calendar.end_of_working_day(received, working_days))
        except CalendarMissing as missing:
            yield _Limit(datetime(missing.extra["year"], 1, 1, tzinfo=BEIJING), known=False)


def _earliest(limits: Sequence[_Limit], cap: _Limit) -> tuple[_Limit, bool]:
    """The earliest known end, at most the cap; and whether no unknown one could have come before it."""
    earliest = min((limit for limit in [*limits, cap] if limit.known), key=lambda limit: limit.at)
    return earliest, all(limit.known or limit.at >= earliest.at for limit in limits)


def after(at: datetime, rule: ClockRule, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """When a clock of this kind ends that begins now; and whether that is provisional."""
    if rule.minutes is not None:
        return at + timedelta(minutes=rule.minutes), False
    return _working_days(at, rule.working_days or 1, calendar)


def progress(
    at: datetime, severity: Severity, rules: Complaints, calendar: WorkCalendar, late: bool = False
) -> datetime | None:
    """When a customer who hears nothing from now on is told how it stands (003-13). None: not by this profile. `late`:
    past the date that he was promised; then not more often than once a working day."""
    own, found = sla_of(severity, rules), []
    if own.progress_notice_h:
        found.append(at + timedelta(hours=own.progress_notice_h))
    if own.progress_notice_wd:
        found.append(_working_days(at, own.progress_notice_wd, calendar)[0])
    if found and late:
        return max(min(found), _working_days(at, 1, calendar)[0])
    return min(found, default=None)


def opens(at: datetime, rule: ClockRule, calendar: WorkCalendar) -> datetime:
    """The beginning of the day on which it may be done first."""
    if not rule.opens_working_days:
        return at
    end, _ = _working_days(at, rule.opens_working_days, calendar)
    return max(at, end.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0))


def _working_days(at: datetime, days: int, calendar: WorkCalendar) -> tuple[datetime, bool]:
    try:
        return calendar.end_of_working_day(at, days), False
    except CalendarMissing:
        return at + timedelta(days=days * DAYS_WITHOUT_CALENDAR), True
