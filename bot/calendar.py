"""Working time: which days the bank works, and when the desk is open. Pure; all moments come back in Beijing time.

Published holidays and make-up days (调休) come from the package `chinesecalendar`; `knowledge/calendar.yml` overrides
single days and may give whole years that the package has not got. A year that neither knows raises CalendarMissing:
Monday to Friday is never assumed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import chinese_calendar

from bot.clock import BEIJING, in_beijing, midnight
from bot.errors import CalendarMissing, KnowledgeError

FILE = "knowledge/calendar.yml"
DAY = timedelta(days=1)
END_OF_TIME = datetime.max.replace(tzinfo=BEIJING)
NOTHING_OPEN_FOR = 400  # days without a single opening: the calendar file is wrong


class Hours(Protocol):
    """From "HH:MM" to "HH:MM". An end not after the start lies on the next day; "24:00" is midnight."""

    @property
    def start(self) -> str: ...

    @property
    def end(self) -> str: ...


@dataclass(frozen=True)
class _Hours:
    opens: timedelta  # since midnight
    closes: timedelta  # since the same midnight: past 24 hours for a night shift

    @classmethod
    def of(cls, span: Hours) -> _Hours:
        opens, closes = _since_midnight(span.start), _since_midnight(span.end)
        return cls(opens, closes if closes > opens else closes + DAY)


class WorkCalendar:
    """Built from the values of `knowledge.Calendar`. Raises KnowledgeError when they contradict themselves."""

    def __init__(
        self,
        desk_hours: Sequence[Hours],
        office_hours: Sequence[Hours],
        desk_open_on_holidays: bool,
        holidays: Collection[date] = (),
        working_days: Collection[date] = (),
        complete_years: Collection[int] = (),
    ) -> None:
        both = sorted(set(holidays) & set(working_days))
        if both:
            raise KnowledgeError(f"{FILE}: {both[0]} stands in holidays and in working_days")
        if not desk_hours or not office_hours:
            raise KnowledgeError(f"{FILE}: desk_hours and office_hours need at least one span each")
        self._desk = sorted((_Hours.of(h) for h in desk_hours), key=lambda h: h.opens)
        self._office = sorted((_Hours.of(h) for h in office_hours), key=lambda h: h.opens)
        self._desk_open_on_holidays = desk_open_on_holidays
        self._holidays = frozenset(holidays)
        self._working_days = frozenset(working_days)
        self._complete_years = frozenset(complete_years)

    def is_working_day(self, day: date) -> bool:
        """Raises CalendarMissing (with `year`) for a year that nobody has published."""
        if day in self._holidays:
            return False
        if day in self._working_days:
            return True
        if day.year in self._complete_years:
            return day.weekday() < 5
        if not _published(day.year):
            raise CalendarMissing(
                f"no holidays are known for {day.year}: give its days in {FILE} under holidays and working_days, "
                f"then add {day.year} to complete_years",
                year=day.year,
            )
        return chinese_calendar.is_workday(day)

    def last_complete_day(self, since: date) -> date | None:
        """The end of the unbroken run of known years that holds `since`; None when not even that year is known.

        `/readyz` warns 60 days before it.
        """
        year = since.year
        while year in self._complete_years or _published(year):
            year += 1
        return None if year == since.year else date(year - 1, 12, 31)

    def end_of_working_day(self, received: datetime, n: int) -> datetime:
        """Closing time of the nth working day after the day of receipt, which is not counted (n >= 1)."""
        if n < 1:
            raise ValueError("working days are counted from 1")
        day = in_beijing(received).date()
        while n > 0:
            day += DAY
            n -= self.is_working_day(day)
        return _at(day, max(h.closes for h in self._office))

    def office_stretches(self, start: datetime, end: datetime = END_OF_TIME) -> Iterator[tuple[datetime, datetime]]:
        """When the office is open between `start` and `end`: (opens, closes) in order, no moment twice.

        Without `end` they go on until a missing year. Only days that matter to the answer are asked for.
        """
        start, end = in_beijing(start), in_beijing(end)
        day = start.date() - DAY  # its night may reach into today
        while _at(day, timedelta()) < end:
            for hours in self._office:
                opens, closes = max(_at(day, hours.opens), start), min(_at(day, hours.closes), end)
                if opens < closes and self.is_working_day(day):
                    yield opens, closes
                    start = closes
            day += DAY

    def desk_open(self, now: datetime) -> bool:
        now = in_beijing(now)
        days = (now.date() - DAY, now.date()) if self._night_shift else (now.date(),)
        return any(opens <= now < closes for day in days for opens, closes in self._stretches(day))

    def next_desk_opening(self, now: datetime) -> datetime:
        """`now` itself while the desk is open, otherwise the moment at which it opens next."""
        return self._opening(now)[0]

    def add_desk_time(self, start: datetime, seconds: float) -> datetime:
        """The moment at which so many seconds of open desk have passed. The clock stands still while it is closed."""
        opens, closes = self._opening(start)
        left = timedelta(seconds=seconds)
        while left > closes - opens:
            left -= closes - opens
            opens, closes = self._opening(closes)
        return opens + left

    def _opening(self, moment: datetime) -> tuple[datetime, datetime]:
        """The rest of the open stretch that holds `moment`, else the next stretch."""
        moment = in_beijing(moment)
        first = moment.date() - DAY if self._night_shift else moment.date()
        for offset in range(NOTHING_OPEN_FOR):
            for opens, closes in self._stretches(first + offset * DAY):
                if closes > moment:
                    return max(opens, moment), closes
        raise KnowledgeError(f"{FILE}: the desk never opens within a year; look at desk_hours and holidays")

    def _stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self._desk_open_on_holidays or self.is_working_day(day):
            for hours in self._desk:
                yield _at(day, hours.opens), _at(day, hours.closes)

    @property
    def _night_shift(self) -> bool:
        return any(h.closes > DAY for h in self._desk)


def _published(year: int) -> bool:
    """The package's table grows by a year at a time: with National Day (国庆) in it, the year is whole."""
    table: Collection[date] = chinese_calendar.holidays
    return date(year, 10, 1) in table


def _since_midnight(hhmm: str) -> timedelta:
    hours, minutes = hhmm.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _at(day: date, since_midnight: timedelta) -> datetime:
    return midnight(day) + since_midnight
