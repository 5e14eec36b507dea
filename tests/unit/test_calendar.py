"""Working time (requirements 1B "Clock rules first"; desk-notes: holidays, split shifts, a missing year)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import WorkCalendar
from bot.clock import BEIJING
from bot.errors import CalendarMissing, KnowledgeError
from bot.knowledge.model import Span


def spans(*pairs: str) -> tuple[Span, ...]:
    return tuple(Span(start=p.split("-")[0], end=p.split("-")[1]) for p in pairs)


def calendar(
    desk: Sequence[Span] = spans("08:00-22:00"),
    office: Sequence[Span] = spans("09:00-17:30"),
    on_holidays: bool = True,
    **days: Collection[Any],
) -> WorkCalendar:
    return WorkCalendar(desk, office, on_holidays, **days)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


# Which days the bank works


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),  # an ordinary Monday
        ("2026-11-22", False),  # an ordinary Sunday
        ("2026-10-01", False),  # National Day (国庆), a Thursday
        ("2026-10-07", False),  # its last day, a Wednesday
        ("2026-10-10", True),  # make-up Saturday (调休)
        ("2026-02-14", True),  # make-up Saturday before Spring Festival (春节)
        ("2026-02-16", False),  # Spring Festival's eve, a Monday
        ("2026-09-20", True),  # make-up Sunday
    ],
)
def test_published_holidays_and_make_up_days(day: str, works: bool) -> None:
    assert calendar().is_working_day(date.fromisoformat(day)) is works


def test_the_file_overrides_single_days_both_ways() -> None:
    mine = calendar(holidays=(date(2026, 11, 23),), working_days=(date(2026, 11, 28),))
    assert not mine.is_working_day(date(2026, 11, 23))
    assert mine.is_working_day(date(2026, 11, 28))
    assert mine.is_working_day(date(2026, 11, 24))


def test_a_missing_year_is_an_error_that_says_what_to_fill_in() -> None:
    with pytest.raises(CalendarMissing) as caught:
        calendar().is_working_day(date(2031, 3, 3))
    assert caught.value.extra["year"] == 2031
    for word in ("knowledge/calendar.yml", "complete_years", "holidays", "2031"):
        assert word in caught.value.message


def test_monday_to_friday_is_never_assumed_for_a_year_of_which_only_some_days_are_given() -> None:
    with pytest.raises(CalendarMissing):
        calendar(holidays=(date(2031, 1, 1),)).is_working_day(date(2031, 1, 2))


def test_a_year_given_whole_in_the_file_needs_no_package() -> None:
    mine = calendar(complete_years=(2031,), holidays=(date(2031, 1, 1),), working_days=(date(2031, 1, 4),))
    assert [mine.is_working_day(date(2031, 1, d)) for d in (1, 2, 3, 4, 5)] == [False, True, True, True, False]


def test_a_year_given_whole_in_the_file_wins_over_the_package() -> None:
    mine = calendar(complete_years=(2026,), holidays=())
    assert mine.is_working_day(date(2026, 10, 1))  # the file names no holiday


def test_a_day_cannot_be_both() -> None:
    with pytest.raises(KnowledgeError, match="2026-11-23"):
        calendar(holidays=(date(2026, 11, 23),), working_days=(date(2026, 11, 23),))


def test_hours_must_not_be_empty() -> None:
    with pytest.raises(KnowledgeError):
        calendar(desk=())
    with pytest.raises(KnowledgeError):
        calendar(office=())


# How far the calendar reaches


def test_last_complete_day_is_the_end_of_the_unbroken_run() -> None:
    assert calendar().last_complete_day(date(2026, 11, 22)) == date(2026, 12, 31)
    assert calendar(complete_years=(2027,)).last_complete_day(date(2026, 11, 22)) == date(2027, 12, 31)


def test_a_year_after_a_gap_does_not_count() -> None:
    assert calendar(complete_years=(2028,)).last_complete_day(date(2026, 11, 22)) == date(2026, 12, 31)
    assert calendar(complete_years=(2041,)).last_complete_day(date(2041, 5, 5)) == date(2041, 12, 31)


def test_last_complete_day_is_unknown_when_this_year_is() -> None:
    assert calendar().last_complete_day(date(2035, 1, 1)) is None


# The nth working day


@pytest.mark.parametrize(
    ("received", "n", "ends"),
    [
        ("2026-11-23T09:00", 1, "2026-11-24T17:30"),  # the day of receipt is not counted, however early
        ("2026-11-23T00:00", 1, "2026-11-24T17:30"),
        ("2026-11-20T23:59", 1, "2026-11-23T17:30"),  # Friday 23:59
        ("2026-11-20T23:59", 7, "2026-12-01T17:30"),
        ("2026-11-21T10:00", 1, "2026-11-23T17:30"),  # received on a Saturday
        ("2026-09-30T16:00", 1, "2026-10-08T17:30"),  # the eve of National Day
        ("2026-09-30T16:00", 3, "2026-10-10T17:30"),  # the third working day is a make-up Saturday
        ("2026-02-13T18:00", 1, "2026-02-14T17:30"),  # a make-up Saturday follows Friday
        ("2026-02-13T18:00", 2, "2026-02-24T17:30"),  # then Spring Festival
        ("2026-02-14T12:00", 7, "2026-03-03T17:30"),  # 02-24..27, make-up Saturday 28, 03-02, 03-03
    ],
)
def test_n_working_days_end_at_closing_time_of_the_nth(received: str, n: int, ends: str) -> None:
    assert calendar().end_of_working_day(at(received), n) == at(ends)


def test_closing_time_is_the_end_of_the_last_span() -> None:
    two = calendar(office=spans("13:30-17:00", "08:30-12:00"))
    assert two.end_of_working_day(at("2026-11-23T09:00"), 1) == at("2026-11-24T17:00")


def test_closing_at_24_is_the_midnight_after() -> None:
    assert calendar(office=spans("09:00-24:00")).end_of_working_day(at("2026-11-23T09:00"), 1) == at("2026-11-25T00:00")


def test_the_day_of_receipt_is_beijings_day() -> None:
    late_in_utc = datetime(2026, 11, 23, 16, 30, tzinfo=timezone.utc)  # 00:30 on the 24th in Beijing
    assert calendar().end_of_working_day(late_in_utc, 1) == at("2026-11-25T17:30")


def test_working_days_into_a_missing_year_are_an_error() -> None:
    with pytest.raises(CalendarMissing):
        calendar().end_of_working_day(at("2026-12-30T10:00"), 3)
    assert calendar().end_of_working_day(at("2026-12-30T10:00"), 1) == at("2026-12-31T17:30")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)), st.integers(1, 15))
def test_more_working_days_end_later_and_always_on_a_working_day(received: datetime, n: int) -> None:
    mine, moment = calendar(), received.replace(tzinfo=BEIJING)
    ends = mine.end_of_working_day(moment, n)
    assert mine.is_working_day(ends.date())
    assert moment.date() < ends.date() < mine.end_of_working_day(moment, n + 1).date()


def test_a_moment_without_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        calendar().end_of_working_day(datetime(2026, 11, 23), 1)


# When the office is open


def test_office_stretches_are_cut_to_the_time_asked_for_and_pass_over_free_days() -> None:
    two = calendar(office=spans("13:30-17:00", "08:30-12:00"))
    assert list(two.office_stretches(at("2026-11-20T10:00"), at("2026-11-23T09:00"))) == [
        (at("2026-11-20T10:00"), at("2026-11-20T12:00")),
        (at("2026-11-20T13:30"), at("2026-11-20T17:00")),
        (at("2026-11-23T08:30"), at("2026-11-23T09:00")),
    ]
    assert not list(two.office_stretches(at("2026-11-23T09:00"), at("2026-11-20T10:00")))


def test_office_stretches_without_an_end_go_on_until_a_missing_year() -> None:
    on = calendar().office_stretches(at("2026-12-31T12:00"))
    assert next(on) == (at("2026-12-31T12:00"), at("2026-12-31T17:30"))
    with pytest.raises(CalendarMissing):
        next(on)


# When the desk is open


DAILY = calendar()
OFFICE_ONLY = calendar(desk=spans("09:00-12:00", "13:30-17:30"), on_holidays=False)
NIGHT = calendar(desk=spans("20:00-08:00"))
ALWAYS = calendar(desk=spans("00:00-24:00"))


@pytest.mark.parametrize(
    ("desk", "now", "is_open"),
    [
        (DAILY, "2026-11-22T07:59:59", False),
        (DAILY, "2026-11-22T08:00", True),  # a Sunday
        (DAILY, "2026-11-22T21:59:59", True),
        (DAILY, "2026-11-22T22:00", False),  # ends are exclusive
        (DAILY, "2026-10-01T12:00", True),
        (OFFICE_ONLY, "2026-10-01T12:00", False),
        (OFFICE_ONLY, "2026-10-10T10:00", True),  # make-up Saturday
        (OFFICE_ONLY, "2026-11-23T12:30", False),  # lunch
        (OFFICE_ONLY, "2026-11-23T13:30", True),
        (NIGHT, "2026-11-22T23:59", True),
        (NIGHT, "2026-11-23T00:00", True),
        (NIGHT, "2026-11-23T07:59", True),
        (NIGHT, "2026-11-23T08:00", False),
        (ALWAYS, "2026-11-23T00:00", True),
        (ALWAYS, "2026-11-23T23:59:59", True),
    ],
)
def test_desk_open(desk: WorkCalendar, now: str, is_open: bool) -> None:
    assert desk.desk_open(at(now)) is is_open


def test_a_night_shift_belongs_to_the_day_on_which_it_starts() -> None:
    working_nights = calendar(desk=spans("20:00-08:00"), on_holidays=False)
    assert working_nights.desk_open(at("2026-10-01T03:00"))  # Wednesday's night reaches into the holiday
    assert not working_nights.desk_open(at("2026-10-01T21:00"))
    assert not working_nights.desk_open(at("2026-11-23T03:00"))  # Monday, before any working night


def test_moments_in_other_timezones_are_understood() -> None:
    assert DAILY.desk_open(datetime(2026, 11, 22, 0, 0, tzinfo=timezone.utc))  # 08:00 in Beijing
    assert not DAILY.desk_open(datetime(2026, 11, 22, 14, 0, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    ("desk", "now", "opens"),
    [
        (DAILY, "2026-11-22T10:00", "2026-11-22T10:00"),  # open now
        (DAILY, "2026-11-22T22:00", "2026-11-23T08:00"),
        (DAILY, "2026-12-31T23:00", "2027-01-01T08:00"),  # open every day: no calendar is needed
        (OFFICE_ONLY, "2026-11-23T12:00", "2026-11-23T13:30"),
        (OFFICE_ONLY, "2026-09-30T18:00", "2026-10-08T09:00"),
        (OFFICE_ONLY, "2026-10-09T18:00", "2026-10-10T09:00"),
        (NIGHT, "2026-11-23T09:00", "2026-11-23T20:00"),
    ],
)
def test_next_desk_opening(desk: WorkCalendar, now: str, opens: str) -> None:
    assert desk.next_desk_opening(at(now)) == at(opens)


def test_whether_the_desk_is_open_now_needs_no_knowledge_of_tomorrow() -> None:
    assert not OFFICE_ONLY.desk_open(at("2026-12-31T23:00"))
    with pytest.raises(CalendarMissing):
        OFFICE_ONLY.next_desk_opening(at("2026-12-31T23:00"))


def test_a_desk_that_never_opens_is_a_mistake_in_the_file_not_an_endless_search() -> None:
    every_day = [date.fromordinal(d) for d in range(date(2026, 1, 1).toordinal(), date(2028, 12, 31).toordinal() + 1)]
    never = calendar(on_holidays=False, holidays=every_day)
    with pytest.raises(KnowledgeError, match="desk_hours"):
        never.next_desk_opening(at("2026-11-22T10:00"))


# Desk time


@pytest.mark.parametrize(
    ("desk", "start", "hours", "ends"),
    [
        (DAILY, "2026-11-22T10:00", 2, "2026-11-22T12:00"),
        (DAILY, "2026-11-22T23:00", 2, "2026-11-23T10:00"),  # a callback: two service hours after opening (design 8)
        (DAILY, "2026-11-22T21:00", 2, "2026-11-23T09:00"),  # the night is a break, not added seconds
        (DAILY, "2026-11-22T20:00", 2, "2026-11-22T22:00"),  # exactly at closing: still today
        (DAILY, "2026-11-22T22:00", 0, "2026-11-23T08:00"),
        (OFFICE_ONLY, "2026-11-23T11:00", 2, "2026-11-23T14:30"),  # over lunch
        (OFFICE_ONLY, "2026-09-30T17:00", 2, "2026-10-08T10:30"),  # over National Day
        (NIGHT, "2026-11-23T07:00", 2, "2026-11-23T21:00"),
        (ALWAYS, "2026-11-22T23:00", 26, "2026-11-24T01:00"),
    ],
)
def test_only_open_time_counts(desk: WorkCalendar, start: str, hours: float, ends: str) -> None:
    assert desk.add_desk_time(at(start), hours * 3600) == at(ends)


def test_spans_that_overlap_count_once() -> None:
    overlapping = calendar(desk=spans("09:00-12:00", "11:00-15:00"))
    assert overlapping.add_desk_time(at("2026-11-23T09:00"), 5 * 3600) == at("2026-11-23T14:00")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)), st.integers(0, 40_000), st.integers(0, 40_000))
def test_desk_time_adds_up(start: datetime, first: int, second: int) -> None:
    moment = start.replace(tzinfo=BEIJING)
    at_once = OFFICE_ONLY.add_desk_time(moment, first + second)
    in_two_parts = OFFICE_ONLY.add_desk_time(OFFICE_ONLY.add_desk_time(moment, first), second)
    # a part that ends exactly at closing goes on at the next opening: no time is lost or won
    assert in_two_parts in (at_once, OFFICE_ONLY.next_desk_opening(at_once))
