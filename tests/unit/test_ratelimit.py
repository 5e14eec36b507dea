"""Token buckets: so many at once, refilled by the minute, each name and key its own."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SUNDAY_NOON

from bot import ratelimit
from bot.clock import FrozenClock
from bot.errors import TooManyRequests
from bot.ratelimit import Rate, RateLimiter

FIVE = Rate(burst=5, per_minute=30)


@pytest.fixture
def limiter(clock: FrozenClock) -> RateLimiter:
    return RateLimiter(clock)


def taken(limiter: RateLimiter, times: int, key: str = "a", rate: Rate = FIVE) -> int:
    """How many of `times` were let through."""
    through = 0
    for _ in range(times):
        try:
            limiter.take("messages", key, rate)
            through += 1
        except TooManyRequests:
            pass
    return through


def test_the_burst_at_once_and_no_more(limiter: RateLimiter) -> None:
    assert taken(limiter, 20) == 5


def test_time_refills_the_bucket_up_to_the_burst(limiter: RateLimiter, clock: FrozenClock) -> None:
    taken(limiter, 5)
    clock.advance(4)
    assert taken(limiter, 20) == 2
    clock.advance(3600)
    assert taken(limiter, 20) == 5


def test_each_key_and_each_name_has_its_own(limiter: RateLimiter) -> None:
    taken(limiter, 5)
    assert taken(limiter, 20, key="b") == 5
    limiter.take("typing", "a", FIVE)


def test_who_is_refused_does_not_wait_longer_for_having_tried(limiter: RateLimiter, clock: FrozenClock) -> None:
    taken(limiter, 50)
    clock.advance(2)
    assert taken(limiter, 1) == 1


@given(st.integers(1, 50), st.floats(0.5, 2000), st.lists(st.floats(0, 5), max_size=30))
def test_who_waits_as_long_as_he_is_told_gets_through(burst: int, per_minute: float, pauses: list[float]) -> None:
    clock, rate = FrozenClock(SUNDAY_NOON), Rate(burst, per_minute)
    limiter = RateLimiter(clock)
    for pause in [*pauses, *[0.0] * burst]:
        clock.advance(pause)
        try:
            limiter.take("messages", "a", rate)
        except TooManyRequests as refused:
            assert refused.retry_after_s >= 1
            clock.advance(refused.retry_after_s)
            limiter.take("messages", "a", rate)


def test_a_clock_that_is_set_back_locks_nobody_out(limiter: RateLimiter, clock: FrozenClock) -> None:
    limiter.take("messages", "a", FIVE)
    clock.advance(-3600)
    assert taken(limiter, 20) == 4


def test_memory_is_bounded_and_what_was_used_last_is_kept(limiter: RateLimiter) -> None:
    taken(limiter, 5, key="old")
    for number in range(ratelimit.KEYS_KEPT - 1):
        limiter.take("messages", f"k{number}", FIVE)
    assert taken(limiter, 1, key="old") == 0  # still known, and now the one used last
    for number in range(100):
        limiter.take("messages", f"new{number}", FIVE)
    assert len(limiter._buckets) == ratelimit.KEYS_KEPT
    assert taken(limiter, 1, key="old") == 0


def test_threads_together_get_the_burst_and_no_more(limiter: RateLimiter) -> None:
    through: list[int] = []
    start = threading.Barrier(8)

    def press() -> None:
        start.wait()
        through.append(taken(limiter, 50, rate=Rate(burst=100, per_minute=1)))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(through) == 100
