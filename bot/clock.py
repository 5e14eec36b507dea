"""Time comes from here, so that every rule can be tested with a frozen clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(timezone.utc)


class FrozenClock:
    """Stands still until it is moved. `at` must be timezone-aware."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a frozen clock needs a timezone-aware moment")
        self._at = at.astimezone(timezone.utc)

    def now(self) -> datetime:
        return self._at

    def advance(self, seconds: float = 0, **parts: float) -> datetime:
        self._at += timedelta(seconds=seconds, **parts)
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(timezone.utc)


def today(clock: Clock) -> date:
    return day_of(clock.now())


def in_beijing(moment: datetime) -> datetime:
    """Raises ValueError for a moment without timezone, which would be read as the machine's."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its timezone")
    return moment.astimezone(BEIJING)


def day_of(moment: datetime) -> date:
    """The day in Beijing."""
    return moment.astimezone(BEIJING).date()


def midnight(day: date) -> datetime:
    """When this day begins in Beijing."""
    return datetime.combine(day, time(), BEIJING)


def rfc3339(moment: datetime) -> str:
    """A moment as the wire writes it: Beijing time with offset, milliseconds."""
    return moment.astimezone(BEIJING).isoformat(timespec="milliseconds")
