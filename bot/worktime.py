"""How much time has passed on a clock that stands still: outside office hours, and in breaks. Pure.

Working time is time inside the office hours of working days. Elapsed time counts nights and holidays too. Breaks stop
either clock; what lies in two of them counts once. All moments come back in Beijing time. A year that the calendar
lacks raises CalendarMissing, as soon as the answer depends on it; a moment without timezone raises ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.calendar import END_OF_TIME, WorkCalendar
from bot.clock import in_beijing
from bot.errors import CalendarMissing

Break = tuple[datetime, datetime]  # from, to; in any order, and empty where `to` is not after `from`
Stretch = tuple[datetime, datetime]  # from, to; in order, apart from each other, never empty


class WorkTime:
    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar

    def between(self, start: datetime, end: datetime, breaks: Iterable[Break] = ()) -> timedelta:
        """Nothing where `end` is not after `start`."""
        return _length(_without(_merged(breaks), self._calendar.office_stretches(start, end)))

    def add(self, start: datetime, work: timedelta, breaks: Iterable[Break] = ()) -> datetime:
        """The earliest moment by which so much work has been possible; `start` itself for none.

        A day's last minute ends at closing time, not at the next opening.
        """
        return _reached(start, work, _without(_merged(breaks), self._calendar.office_stretches(start)))

    def is_short(self, start: datetime, end: datetime) -> bool:
        """Within a day, or with no working time in it: evenings and Sundays are what there is of it."""
        try:
            return end - start < timedelta(days=1) or not self.between(start, end)
        except CalendarMissing:
            return False

    def end_of_days(self, start: datetime, n: int, breaks: Iterable[Break] = ()) -> datetime:
        """Closing time of the nth working day after the day of `start` (n >= 1), later by the working time in breaks.

        A break adds no seconds of the wall clock: nothing over a weekend, two office hours over two office hours.
        """
        return self.add(start, self.between(start, self._calendar.end_of_working_day(start, n)), breaks)


def elapsed_add(start: datetime, hours: timedelta, breaks: Iterable[Break] = ()) -> datetime:
    return _reached(start, hours, _without(_merged(breaks), [(in_beijing(start), END_OF_TIME)]))


def elapsed_between(start: datetime, end: datetime, breaks: Iterable[Break] = ()) -> timedelta:
    """Nothing where `end` is not after `start`."""
    return _length(_without(_merged(breaks), [(in_beijing(start), in_beijing(end))]))


def _merged(breaks: Iterable[Break]) -> Sequence[Stretch]:
    merged: list[Stretch] = []
    for begins, ends in sorted((in_beijing(begins), in_beijing(ends)) for begins, ends in breaks):
        if merged and begins <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(ends, merged[-1][1])
        elif begins < ends:
            merged.append((begins, ends))
    return merged


def _without(breaks: Sequence[Stretch], stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    for opens, closes in stretches:
        for begins, ends in breaks:
            if opens < min(begins, closes):
                yield opens, min(begins, closes)
            opens = max(opens, ends)
        if opens < closes:
            yield opens, closes


def _length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((closes - opens for opens, closes in stretches), timedelta())


def _reached(start: datetime, time: timedelta, stretches: Iterable[Stretch]) -> datetime:
    if time < timedelta():
        raise ValueError("time is added forwards only")
    if not time:
        return in_beijing(start)
    for opens, closes in stretches:
        if time <= closes - opens:
            return opens + time
        time -= closes - opens
    raise OverflowError("later than a date can be")
