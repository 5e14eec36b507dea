"""Time: a clock that stands still, and how moments are written."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from support import SUNDAY_NOON

from bot.clock import BEIJING, FrozenClock, SystemClock, rfc3339


def test_a_frozen_clock_moves_only_when_it_is_moved() -> None:
    clock = FrozenClock(SUNDAY_NOON)
    assert clock.now() == clock.now() == SUNDAY_NOON
    assert clock.advance(90) == SUNDAY_NOON + timedelta(seconds=90)
    assert clock.advance(hours=2, minutes=1) == SUNDAY_NOON + timedelta(seconds=90, hours=2, minutes=1)
    clock.set(SUNDAY_NOON)
    assert clock.now() == SUNDAY_NOON


def test_a_moment_without_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        FrozenClock(datetime(2026, 11, 22))


@pytest.mark.parametrize("clock", [SystemClock(), FrozenClock(SUNDAY_NOON)], ids=["system", "frozen"])
def test_every_clock_speaks_utc(clock: SystemClock | FrozenClock) -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_the_system_clock_does_not_stand_still() -> None:
    clock = SystemClock()
    before = datetime.now(timezone.utc)
    assert before <= clock.now() <= datetime.now(timezone.utc)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc), "2026-11-22T12:00:00.000+08:00"),
        (datetime(2026, 12, 31, 16, 30, 1, 999999, tzinfo=timezone.utc), "2027-01-01T00:30:01.999+08:00"),
        (datetime(1988, 7, 1, 12, 0, tzinfo=BEIJING), "1988-07-01T12:00:00.000+09:00"),  # summer time, then
    ],
)
def test_the_wire_writes_beijing_time_with_offset(moment: datetime, written: str) -> None:
    assert rfc3339(moment) == written
