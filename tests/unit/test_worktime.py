"""Clocks that stand still: outside office hours and in breaks. A count minute by minute checks the arithmetic."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import DAY, WorkCalendar
from bot.clock import BEIJING
from bot.errors import CalendarMissing
from bot.knowledge.model import Span
from bot.worktime import Break, WorkTime, elapsed_add, elapsed_between

MINUTE = timedelta(minutes=1)
NONE = timedelta()


def office(*hours: str, holidays: Collection[date] = (), complete_years: Collection[int] = ()) -> WorkCalendar:
    spans = [Span(start=opens, end=closes) for opens, closes in (h.split("-") for h in hours)]
    return WorkCalendar(spans, spans, True, holidays=holidays, complete_years=complete_years)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def pause(begins: str, ends: str) -> Break:
    return at(begins), at(ends)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


ORDINARY = WorkTime(office("09:00-17:30"))  # eight and a half hours
LUNCH = WorkTime(office("13:30-17:30", "09:00-12:00"))  # seven hours, and the file's order does not matter
NIGHT = WorkTime(office("20:00-08:00"))


# Between two moments


@pytest.mark.parametrize(
    ("clock", "start", "end", "worked"),
    [
        (ORDINARY, "2026-11-23T10:00", "2026-11-23T12:00", 2),
        (ORDINARY, "2026-11-23T07:00", "2026-11-23T22:00", 8.5),
        (ORDINARY, "2026-11-20T23:59", "2026-11-23T09:00", 0),  # Friday 23:59 until Monday's opening
        (ORDINARY, "2026-11-20T17:00", "2026-11-23T09:30", 1),
        (ORDINARY, "2026-11-23T12:00", "2026-11-23T12:00", 0),
        (ORDINARY, "2026-11-23T12:00", "2026-11-23T10:00", 0),  # backwards
        (ORDINARY, "2026-09-30T16:30", "2026-10-08T10:00", 2),  # over National Day (国庆)
        (ORDINARY, "2026-10-09T17:30", "2026-10-12T09:00", 8.5),  # the Saturday is a make-up day (调休)
        (ORDINARY, "2026-02-13T17:30", "2026-02-24T09:00", 8.5),  # Spring Festival (春节) and its make-up Saturday
        (ORDINARY, "2024-02-28T17:30", "2024-03-01T09:00", 8.5),  # the leap day, a Thursday
        (LUNCH, "2026-11-23T11:00", "2026-11-23T14:30", 2),
        (LUNCH, "2026-11-23T12:00", "2026-11-23T13:30", 0),
        (NIGHT, "2026-11-24T00:00", "2026-11-24T23:00", 11),
        (NIGHT, "2026-11-20T20:00", "2026-11-23T20:00", 12),  # Friday's night ends on Saturday; Sunday has none
        (NIGHT, "2026-09-30T12:00", "2026-10-08T12:00", 12),
    ],
)
def test_only_office_hours_of_working_days_count(clock: WorkTime, start: str, end: str, worked: float) -> None:
    assert clock.between(at(start), at(end)) == hours(worked)


def test_office_hours_that_overlap_count_once() -> None:
    same_day = WorkTime(office("09:00-12:00", "11:00-15:00", "11:30-11:45"))
    assert same_day.between(at("2026-11-23T00:00"), at("2026-11-24T00:00")) == hours(6)
    next_day = WorkTime(office("09:00-17:00", "20:00-10:00"))
    assert next_day.between(at("2026-11-23T20:00"), at("2026-11-24T12:00")) == hours(16)


@pytest.mark.parametrize(
    ("breaks", "worked"),
    [
        ([pause("2026-11-23T10:00", "2026-11-23T12:00")], 6.5),
        (
            [pause("2026-11-23T13:00", "2026-11-23T15:00"), pause("2026-11-23T10:00", "2026-11-23T14:00")],
            3.5,
        ),  # overlap
        ([pause("2026-11-23T10:00", "2026-11-23T15:00"), pause("2026-11-23T11:00", "2026-11-23T12:00")], 3.5),  # inside
        (
            [pause("2026-11-23T14:00", "2026-11-23T15:00"), pause("2026-11-23T10:00", "2026-11-23T11:00")],
            6.5,
        ),  # unordered
        ([pause("2026-11-23T10:00", "2026-11-23T11:00")] * 2, 7.5),
        ([pause("2026-11-23T10:00", "2026-11-23T10:00"), pause("2026-11-23T12:00", "2026-11-23T10:00")], 8.5),  # empty
        ([pause("2026-11-19T10:00", "2026-11-23T10:00")], 7.5),  # begins before the start
        ([pause("2026-11-23T17:00", "2026-11-30T10:00")], 8),  # ends after the end
        ([pause("2026-11-01T00:00", "2026-12-30T00:00")], 0),
        ([pause("2026-11-23T17:30", "2026-11-24T09:00")], 8.5),
        (
            [pause("2026-11-19T10:00", "2026-11-20T10:00"), pause("2026-11-26T10:00", "2026-11-27T10:00")],
            8.5,
        ),  # elsewhere
    ],
)
def test_breaks_do_not_count(breaks: list[Break], worked: float) -> None:
    assert ORDINARY.between(at("2026-11-23T00:00"), at("2026-11-24T00:00"), breaks) == hours(worked)


# So much work later


@pytest.mark.parametrize(
    ("clock", "start", "work", "ends"),
    [
        (ORDINARY, "2026-11-23T10:00", 2, "2026-11-23T12:00"),
        (ORDINARY, "2026-11-20T23:59", 2, "2026-11-23T11:00"),
        (ORDINARY, "2026-11-20T23:59", 0, "2026-11-20T23:59"),  # no work: not the next opening
        (ORDINARY, "2026-11-20T15:30", 2, "2026-11-20T17:30"),  # exactly at closing: not the next opening
        (ORDINARY, "2026-09-30T16:30", 2, "2026-10-08T10:00"),
        (ORDINARY, "2026-10-09T17:00", 1, "2026-10-10T09:30"),
        (ORDINARY, "2026-02-14T17:00", 1, "2026-02-24T09:30"),
        (ORDINARY, "2024-02-28T17:00", 1, "2024-02-29T09:30"),
        (LUNCH, "2026-11-23T11:00", 2, "2026-11-23T14:30"),
        (LUNCH, "2026-11-23T09:00", 14, "2026-11-24T17:30"),
        (NIGHT, "2026-11-24T07:00", 2, "2026-11-24T21:00"),
        (NIGHT, "2026-11-21T07:00", 2, "2026-11-23T21:00"),  # Saturday morning, the end of Friday's night
    ],
)
def test_work_takes_until(clock: WorkTime, start: str, work: float, ends: str) -> None:
    assert clock.add(at(start), hours(work)) == at(ends)


def test_work_waits_for_the_end_of_a_break() -> None:
    breaks = [pause("2026-11-23T11:00", "2026-11-24T10:00")]
    assert ORDINARY.add(at("2026-11-23T10:00"), hours(1), breaks) == at("2026-11-23T11:00")
    assert ORDINARY.add(at("2026-11-23T10:00"), hours(2), breaks) == at("2026-11-24T11:00")
    assert ORDINARY.add(at("2026-11-23T12:00"), NONE, breaks) == at("2026-11-23T12:00")


def test_time_is_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        ORDINARY.add(at("2026-11-23T10:00"), -MINUTE)
    with pytest.raises(ValueError, match="forwards"):
        elapsed_add(at("2026-11-23T10:00"), -MINUTE)


# The end of the nth working day


@pytest.mark.parametrize(
    ("start", "n", "breaks", "ends"),
    [
        ("2026-11-20T23:59", 1, [], "2026-11-23T17:30"),
        ("2026-09-30T16:00", 3, [], "2026-10-10T17:30"),
        (
            "2026-11-20T12:00",
            1,
            [pause("2026-11-20T18:00", "2026-11-23T08:00")],
            "2026-11-23T17:30",
        ),  # a weekend: nothing
        ("2026-09-30T12:00", 1, [pause("2026-10-01T00:00", "2026-10-08T09:00")], "2026-10-08T17:30"),  # National Day
        (
            "2026-11-23T12:00",
            1,
            [pause("2026-11-24T10:00", "2026-11-24T12:00")],
            "2026-11-25T11:00",
        ),  # two office hours
        (
            "2026-11-19T12:00",
            1,
            [pause("2026-11-20T10:00", "2026-11-20T12:00")],
            "2026-11-23T11:00",
        ),  # then the weekend
        (
            "2026-11-23T12:00",
            1,
            [pause("2026-11-24T16:30", "2026-11-25T10:00")],
            "2026-11-25T11:00",
        ),  # its night is free
        ("2026-11-23T12:00", 1, [pause("2026-11-24T08:00", "2026-11-24T18:00")], "2026-11-25T17:30"),  # a whole day
        (
            "2026-10-08T12:00",
            1,
            [pause("2026-10-09T00:00", "2026-10-10T00:00")],
            "2026-10-10T17:30",
        ),  # a make-up Saturday
        ("2026-11-23T12:00", 1, [pause("2026-11-01T00:00", "2026-11-23T13:00")], "2026-11-25T10:00"),  # begun before
        (
            "2026-11-23T12:00",
            1,
            [pause("2026-11-24T17:30", "2026-12-30T00:00")],
            "2026-11-24T17:30",
        ),  # too late to help
    ],
)
def test_a_break_moves_the_end_by_its_office_hours(start: str, n: int, breaks: list[Break], ends: str) -> None:
    assert ORDINARY.end_of_days(at(start), n, breaks) == at(ends)


def test_a_second_break_may_lie_in_the_time_that_the_first_one_won() -> None:
    breaks = [pause("2026-11-25T09:00", "2026-11-25T10:00"), pause("2026-11-24T10:00", "2026-11-24T12:00")]
    assert ORDINARY.end_of_days(at("2026-11-23T12:00"), 1, breaks) == at("2026-11-25T12:00")


def test_working_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        ORDINARY.end_of_days(at("2026-11-23T12:00"), 0)


# Elapsed time


def test_nights_and_holidays_elapse() -> None:
    assert elapsed_add(at("2026-09-30T16:00"), hours(48)) == at("2026-10-02T16:00")
    assert elapsed_between(at("2026-09-30T16:00"), at("2026-10-02T16:00")) == hours(48)
    assert elapsed_between(at("2026-10-02T16:00"), at("2026-09-30T16:00")) == NONE


def test_breaks_do_not_elapse() -> None:
    breaks = [pause("2026-10-01T10:00", "2026-10-01T12:00"), pause("2026-10-01T11:00", "2026-10-01T13:00")]
    assert elapsed_add(at("2026-09-30T16:00"), hours(24), breaks) == at("2026-10-01T19:00")
    assert elapsed_add(at("2026-09-30T16:00"), hours(18), breaks) == at("2026-10-01T10:00")
    assert elapsed_between(at("2026-10-01T12:00"), at("2026-10-01T19:00"), breaks) == hours(6)


# Timezones and missing years


BERLIN = ZoneInfo("Europe/Berlin")


def test_a_change_to_summer_time_elsewhere_changes_nothing() -> None:
    start = datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)  # the night after it has an hour less
    assert elapsed_add(start, hours(24)) == at("2026-03-29T19:00")
    assert elapsed_between(start, datetime(2026, 3, 29, 12, 0, tzinfo=BERLIN)) == hours(23)
    assert WorkTime(office("00:00-24:00")).between(
        datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN), datetime(2026, 3, 30, 12, 0, tzinfo=BERLIN)
    ) == hours(5 + 18)


@pytest.mark.parametrize("work", [0, 2])
def test_every_moment_comes_back_in_beijing_time(work: float) -> None:
    start = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)
    for ends in (ORDINARY.add(start, hours(work)), ORDINARY.end_of_days(start, 1), elapsed_add(start, hours(work))):
        assert ends.tzinfo is BEIJING
    assert ORDINARY.add(start, hours(work)) == at("2026-11-23T10:00") + hours(work)


def test_a_moment_without_timezone_is_refused() -> None:
    aware, naive = at("2026-11-23T10:00"), datetime(2026, 11, 23, 10, 0)
    for start, end, breaks in ((naive, aware, ()), (aware, naive, ()), (aware, aware, [(aware, naive)])):
        with pytest.raises(ValueError, match="timezone"):
            ORDINARY.between(start, end, breaks)
        with pytest.raises(ValueError, match="timezone"):
            elapsed_between(start, end, breaks)
    for start, breaks in ((naive, ()), (aware, [(naive, aware)])):
        with pytest.raises(ValueError, match="timezone"):
            ORDINARY.add(start, NONE, breaks)
        with pytest.raises(ValueError, match="timezone"):
            ORDINARY.end_of_days(start, 1, breaks)
        with pytest.raises(ValueError, match="timezone"):
            elapsed_add(start, NONE, breaks)


def test_a_missing_year_is_an_error_only_where_the_answer_depends_on_it() -> None:
    evening = at("2026-12-31T16:30")
    assert ORDINARY.between(evening, at("2027-01-01T08:00")) == hours(1)
    assert ORDINARY.add(evening, hours(1)) == at("2026-12-31T17:30")
    assert ORDINARY.end_of_days(at("2026-12-30T10:00"), 1) == at("2026-12-31T17:30")
    with pytest.raises(CalendarMissing):
        ORDINARY.between(evening, at("2027-01-01T10:00"))
    with pytest.raises(CalendarMissing):
        ORDINARY.add(evening, hours(2))
    with pytest.raises(CalendarMissing):
        ORDINARY.end_of_days(at("2026-12-30T10:00"), 1, [pause("2026-12-31T10:00", "2026-12-31T11:00")])


def test_the_year_before_is_asked_for_only_when_its_last_night_reaches_over() -> None:
    start, end = at("2031-01-01T00:00"), at("2031-01-02T00:00")
    assert WorkTime(office("09:00-17:00", complete_years=(2031,))).between(start, end) == hours(8)
    with pytest.raises(CalendarMissing):
        WorkTime(office("20:00-08:00", complete_years=(2031,))).between(start, end)


# Whatever the calendar and the breaks


FIRST = datetime(2026, 9, 28, tzinfo=BEIJING)  # National Day is near
DAYS = [FIRST.date() + offset * DAY for offset in range(-1, 10)]


@dataclass(frozen=True)
class Plan:
    """A calendar beside the figures that it was made from."""

    hours: list[tuple[int, int]]  # opens and closes, minutes since midnight; past 1440 for a night
    holidays: frozenset[date]
    working_days: frozenset[date]

    @property
    def calendar(self) -> WorkCalendar:
        spans = [Span(start=hhmm(opens), end=hhmm(closes)) for opens, closes in self.hours]
        return WorkCalendar(spans, spans, True, self.holidays, self.working_days, complete_years=range(2027, 2045))

    @property
    def clock(self) -> WorkTime:
        return WorkTime(self.calendar)

    def counted(self, start: datetime, end: datetime, breaks: list[Break]) -> timedelta:
        """One minute after the other."""
        is_open = {
            day * 24 * 60 + minute
            for day, of in enumerate(DAYS, start=-1)
            if self.calendar.is_working_day(of)
            for opens, closes in self.hours
            for minute in range(opens, closes)
        }
        paused = [range(minutes(begins), minutes(ends)) for begins, ends in breaks]
        return MINUTE * sum(
            minute in is_open and not any(minute in pause for pause in paused)
            for minute in range(minutes(start), minutes(end))
        )


def hhmm(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute % (24 * 60), 60))


def minutes(moment: datetime) -> int:
    return (moment - FIRST) // MINUTE


some_days = st.frozensets(st.sampled_from(DAYS), max_size=3)
opens_at = st.sampled_from(range(0, 1440, 10))
open_for = st.sampled_from(range(10, 1450, 10))


@st.composite
def random_plans(draw: st.DrawFn) -> Plan:
    hours = draw(st.lists(st.tuples(opens_at, open_for), min_size=1, max_size=3))
    holidays, working_days = draw(some_days), draw(some_days)
    return Plan([(opens, opens + length) for opens, length in hours], holidays - working_days, working_days)


def later(moment: datetime, minutes_later: int) -> tuple[datetime, datetime]:
    return moment, moment + minutes_later * MINUTE


plans = random_plans() | st.builds(Plan, st.just([(540, 720), (810, 1050)]), some_days, st.just(frozenset()))
moments = st.sampled_from(range(4 * 24 * 60)).map(lambda minute: FIRST + minute * MINUTE)
stretches = st.builds(later, moments, st.sampled_from(range(-300, 4 * 24 * 60)))  # some of them end before they begin
breaks_of_a_week = st.lists(st.builds(later, moments, st.sampled_from(range(-120, 1000))), max_size=4)
works = st.just(NONE) | st.sampled_from(range(1500)).map(lambda minute: minute * MINUTE)


@given(plans, stretches, breaks_of_a_week)
def test_between_is_what_one_counts_minute_by_minute(
    plan: Plan, stretch: tuple[datetime, datetime], breaks: list[Break]
) -> None:
    start, end = stretch
    assert plan.clock.between(start, end, breaks) == plan.counted(start, end, breaks)
    assert elapsed_between(start, end, breaks) == Plan([(0, 1440)], frozenset(), frozenset(DAYS)).counted(
        start, end, breaks
    )


@given(plans, moments, works, breaks_of_a_week)
def test_add_is_the_earliest_moment_by_which_the_work_is_done(
    plan: Plan, start: datetime, work: timedelta, breaks: list[Break]
) -> None:
    ends = plan.clock.add(start, work, breaks)
    assert plan.clock.between(start, ends, breaks) == work
    assert plan.clock.between(start, ends - MINUTE, breaks) < work or ends == start
    ends = elapsed_add(start, work, breaks)
    assert elapsed_between(start, ends, breaks) == work
    assert elapsed_between(start, ends - MINUTE, breaks) < work or ends == start


@given(plans, moments, moments, works, works, breaks_of_a_week)
def test_who_starts_later_or_has_more_to_do_ends_no_earlier(
    plan: Plan, one: datetime, other: datetime, less: timedelta, more: timedelta, breaks: list[Break]
) -> None:
    (one, other), (less, more) = sorted((one, other)), sorted((less, more))
    assert plan.clock.add(one, less, breaks) <= plan.clock.add(other, less, breaks)
    assert plan.clock.add(one, less, breaks) <= plan.clock.add(one, more, breaks)
    assert elapsed_add(one, less, breaks) <= elapsed_add(other, more, breaks)


@given(plans, moments, moments, moments, works, works, breaks_of_a_week)
def test_a_stretch_in_two_parts_adds_up(
    plan: Plan, a: datetime, b: datetime, c: datetime, first: timedelta, second: timedelta, breaks: list[Break]
) -> None:
    a, b, c = sorted((a, b, c))
    clock = plan.clock
    assert clock.between(a, b, breaks) + clock.between(b, c, breaks) == clock.between(a, c, breaks)
    assert elapsed_between(a, b, breaks) + elapsed_between(b, c, breaks) == elapsed_between(a, c, breaks)
    assert clock.add(clock.add(a, first, breaks), second, breaks) == clock.add(a, first + second, breaks)


@given(plans, moments, moments, moments, works, st.integers(1, 5), breaks_of_a_week)
def test_to_pause_and_resume_at_once_changes_nothing(
    plan: Plan, start: datetime, end: datetime, paused: datetime, work: timedelta, n: int, breaks: list[Break]
) -> None:
    more, clock = [*breaks, (paused, paused)], plan.clock
    assert clock.between(start, end, more) == clock.between(start, end, breaks)
    assert clock.add(start, work, more) == clock.add(start, work, breaks)
    assert clock.end_of_days(start, n, more) == clock.end_of_days(start, n, breaks)
    assert elapsed_add(start, work, more) == elapsed_add(start, work, breaks)


@given(plans, moments, st.integers(1, 5), breaks_of_a_week)
def test_the_end_of_days_leaves_the_same_working_time_with_breaks_as_without(
    plan: Plan, start: datetime, n: int, breaks: list[Break]
) -> None:
    nominal = plan.calendar.end_of_working_day(start, n)
    assert plan.clock.end_of_days(start, n) == nominal
    ends = plan.clock.end_of_days(start, n, breaks)
    assert plan.clock.between(start, ends, breaks) == plan.clock.between(start, nominal)
    assert ends >= nominal
