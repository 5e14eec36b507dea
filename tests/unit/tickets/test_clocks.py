"""Two clocks for a complaint: the handbook's working days and the regulator's calendar days (1B, C1 to C5, L1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import WorkCalendar
from bot.clock import BEIJING
from bot.errors import KnowledgeError
from bot.knowledge import Knowledge
from bot.knowledge.model import Complaints, Span
from bot.tickets.clocks import due_dates, regulator_cap, sla_of
from bot.tickets.model import Severity

ORDINARY, IMPORTANT, MAJOR, URGENT = Severity


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("received", "severity", "respond_by", "due_at"),
    [
        pytest.param(*row.split(), id=name)
        for name, row in {
            "a Monday morning": "2026-11-23T10:00 一般 2026-11-25T10:00 2026-12-02T17:30",
            "a Monday evening: two working days end before 48 hours":
                "2026-11-23T20:00 一般 2026-11-25T17:30 2026-12-02T17:30",
            "Friday 23:59: 48 hours end on Sunday": "2026-11-20T23:59 一般 2026-11-22T23:59 2026-12-01T17:30",
            "Friday 23:59, more severe: never later than 一般":
                "2026-11-20T23:59 重大 2026-11-22T23:59 2026-12-05T23:59:59",
            "one working day": "2026-11-23T10:00 重要 2026-11-24T17:30 2026-11-30T17:30",
            "15 working days are three weeks: the cap wins":
                "2026-11-23T10:00 重大 2026-11-24T17:30 2026-12-08T23:59:59",
            "the eve of National Day (国庆)": "2026-09-30T16:00 一般 2026-10-02T16:00 2026-10-15T17:30",
            "the eve of National Day: the make-up Saturday counts":
                "2026-09-30T16:00 重要 2026-10-02T16:00 2026-10-13T17:30",
            "before Spring Festival (春节): the cap comes before the 7th working day":
                "2026-02-13T18:00 一般 2026-02-15T18:00 2026-02-28T23:59:59",
            "a make-up Saturday is the first working day":
                "2026-10-09T10:00 重要 2026-10-10T17:30 2026-10-15T17:30",
            "紧急 at night: hours run on": "2026-11-21T23:30 紧急 2026-11-22T00:30 2026-11-22T23:30",
            "紧急 on a holiday": "2026-10-01T03:00 紧急 2026-10-01T04:00 2026-10-02T03:00",
        }.items()
    ],
)  # fmt: skip
def test_due_dates(
    received: str,
    severity: str,
    respond_by: str,
    due_at: str,
    rules: Complaints,
    calendar: WorkCalendar,
) -> None:
    due = due_dates(at(received), Severity(severity), rules, calendar)
    assert (due.respond_by, due.due_at) == (at(respond_by), at(due_at))
    assert not due.provisional


def test_the_cap_is_the_last_second_of_the_fifteenth_day_after_receipt() -> None:
    assert regulator_cap(at("2026-11-01T00:00"), 15) == at("2026-11-16T23:59:59")
    assert regulator_cap(at("2026-11-01T23:59:59"), 15) == at("2026-11-16T23:59:59")


def test_a_profile_may_be_stricter_than_the_cap_but_never_looser(rules: Complaints, calendar: WorkCalendar) -> None:
    slow = rules.copy(update={"slas": tuple(s.copy(update={"resolution_wd": 60}) for s in rules.slas)})
    assert due_dates(at("2026-11-23T10:00"), ORDINARY, slow, calendar).due_at == at("2026-12-08T23:59:59")


def test_without_a_clock_of_its_own_a_severity_has_the_cap(rules: Complaints, calendar: WorkCalendar) -> None:
    """handbook_literal gives 重要 no times."""
    literal = rules.copy(
        update={"slas": tuple(s.copy(update={"resolution_wd": None, "first_response_wd": None}) for s in rules.slas)}
    )
    due = due_dates(at("2026-11-23T10:00"), IMPORTANT, literal, calendar)
    assert due.due_at == at("2026-12-08T23:59:59")
    assert due.respond_by == at("2026-11-25T10:00")  # 48 hours of the level below


@pytest.mark.parametrize(
    ("facts", "due_at"),
    [
        ("手机银行转账延迟到账", "2026-11-26T17:30"),
        ("转账一直没到账", "2026-11-26T17:30"),
        ("昨天网上转账给朋友，钱一直没到账", "2026-11-26T17:30"),
        ("汇款三天没到账", "2026-11-26T17:30"),
        ("昨天转的账到现在都没到", "2026-11-26T17:30"),
        ("跨行轉賬，對方說沒收到錢", "2026-11-26T17:30"),
        ("转账，到账太慢", "2026-11-26T17:30"),
        ("转账被多收了手续费", "2026-12-02T17:30"),  # it has arrived
        ("信用卡一直没收到", "2026-12-02T17:30"),  # nothing was transferred
        ("柜台排队太慢", "2026-12-02T17:30"),
    ],
)
def test_transfers_that_have_not_arrived_are_verified_in_three_working_days(
    facts: str, due_at: str, said: Knowledge, rules: Complaints, calendar: WorkCalendar
) -> None:
    """However it is worded, and in whichever clause (004-70)."""
    shipped = rules.copy(update={"category_limits": said.complaints.category_limits})
    assert due_dates(at("2026-11-23T10:00"), ORDINARY, shipped, calendar, facts).due_at == at(due_at)


# A year without a calendar


def test_a_case_opens_with_the_cap_as_provisional_date(rules: Complaints, calendar: WorkCalendar) -> None:
    due = due_dates(at("2026-12-30T10:00"), ORDINARY, rules, calendar)
    assert due.provisional
    assert due.due_at == at("2027-01-14T23:59:59")
    assert due.respond_by == at("2027-01-01T10:00")  # 48 hours need no calendar


def test_once_the_file_gives_the_year_the_date_is_sure(rules: Complaints) -> None:
    filled = WorkCalendar(
        [Span(start="08:00", end="22:00")],
        [Span(start="09:00", end="17:30")],
        True,
        holidays=(date(2027, 1, 1),),
        complete_years=(2027,),
    )
    due = due_dates(at("2026-12-30T10:00"), ORDINARY, rules, filled)
    assert not due.provisional
    assert due.due_at == at("2027-01-11T17:30")


def test_hours_need_no_calendar_so_an_urgent_date_is_sure(rules: Complaints, calendar: WorkCalendar) -> None:
    due = due_dates(at("2026-12-30T10:00"), URGENT, rules, calendar)
    assert not due.provisional
    assert (due.respond_by, due.due_at) == (at("2026-12-30T11:00"), at("2026-12-31T10:00"))


def test_a_date_before_the_missing_year_is_sure(rules: Complaints, calendar: WorkCalendar) -> None:
    """Five working days from 21 December end on the 28th; nothing unknown can come before that."""
    assert not due_dates(at("2026-12-21T10:00"), IMPORTANT, rules, calendar).provisional
    assert due_dates(at("2026-12-28T10:00"), IMPORTANT, rules, calendar).provisional


# Always


@given(
    received=st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1)),
    severity=st.sampled_from(list(Severity)),
)
def test_never_after_the_cap_never_before_receipt_and_never_later_for_the_more_severe(
    rules: Complaints, calendar: WorkCalendar, received: datetime, severity: Severity
) -> None:
    moment = received.replace(tzinfo=BEIJING)
    due = due_dates(moment, severity, rules, calendar)
    assert moment < due.respond_by <= due.due_at <= regulator_cap(moment, 15)
    assert due.due_at - moment <= timedelta(days=16)
    for lower in severity.and_lower:
        assert due.respond_by <= due_dates(moment, lower, rules, calendar).respond_by


def test_every_severity_must_have_its_line(rules: Complaints) -> None:
    with pytest.raises(KnowledgeError, match="重大"):
        sla_of(MAJOR, rules.copy(update={"slas": rules.slas[:2]}))
