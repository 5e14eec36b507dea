"""How many messages may still be sent: five for two days, three for a minute, and never one more than the platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SUNDAY_NOON as NOON
from wechat.allowances import Allowances

from bot.channels.wechat.quota import SHORT, SHORT_MESSAGES, WINDOW, WINDOW_MESSAGES, Quota

SECOND = timedelta(seconds=1)
NEVER = Quota()
WROTE = NEVER.after_message(NOON)
CLICKED = NEVER.after_action(NOON)
BOTH = WROTE.after_action(NOON)


def spend(quota: Quota, times: int = 1, at: datetime = NOON) -> Quota:
    for _ in range(times):
        left = quota.spent(at)
        assert left is not None
        quota = left
    return quota


def test_the_platforms_numbers() -> None:
    assert WINDOW.total_seconds() == 48 * 3600 and WINDOW_MESSAGES == 5
    assert SHORT.total_seconds() == 60 and SHORT_MESSAGES == 3


@pytest.mark.parametrize(
    ("quota", "after", "left"),
    [
        (NEVER, timedelta(), 0),
        (WROTE, timedelta(), 5),
        (WROTE, WINDOW - SECOND, 5),
        (WROTE, WINDOW, 0),
        (CLICKED, timedelta(), 3),
        (CLICKED, SHORT - SECOND, 3),
        (CLICKED, SHORT, 0),
        (BOTH, timedelta(), 5),  # they do not add up
        (BOTH, SHORT, 5),
        (BOTH, WINDOW, 0),
        (spend(WROTE, 2), timedelta(), 3),
        (spend(WROTE, 5), timedelta(), 0),
        (spend(BOTH, 3), timedelta(), 2),  # what is sent counts against both
        (spend(BOTH, 3), SHORT, 2),
        (spend(BOTH, 5), timedelta(), 0),
        (spend(WROTE, 5).after_action(NOON), timedelta(), 3),
        (spend(WROTE, 5).after_action(NOON), SHORT, 0),
        (spend(spend(WROTE, 5).after_action(NOON), 3), timedelta(), 0),
        (spend(WROTE, 5).after_message(NOON), timedelta(), 5),  # a new message opens it anew
        (spend(CLICKED, 3).after_action(NOON), timedelta(), 3),
        (WROTE.after_message(NOON, on_their_way=2), timedelta(), 3),
        (CLICKED.after_action(NOON, on_their_way=4), timedelta(), 0),
        (BOTH.exhausted(), timedelta(), 0),
        (BOTH.exhausted().after_message(NOON), timedelta(), 5),
        (spend(WROTE).given_back(), timedelta(), 5),
        (spend(WROTE, 5).given_back(), timedelta(), 1),
        (spend(BOTH, 5).given_back(), timedelta(), 1),
        (WROTE.given_back(), timedelta(), 5),
        (CLICKED.given_back(), timedelta(), 3),
        (NEVER.given_back(), timedelta(), 0),
        (spend(WROTE).given_back(), WINDOW, 0),
        (spend(spend(WROTE, 5).after_action(NOON)).given_back().given_back(), SHORT, 1),  # a debt is paid first
    ],
)
def test_what_is_left(quota: Quota, after: timedelta, left: int) -> None:
    assert quota.left(NOON + after) == left


@pytest.mark.parametrize(
    ("quota", "after", "until"),
    [
        (NEVER, timedelta(), None),
        (WROTE, timedelta(), NOON + WINDOW),
        (WROTE, WINDOW, None),
        (CLICKED, timedelta(), NOON + SHORT),
        (CLICKED, SHORT, None),
        (BOTH, timedelta(), NOON + WINDOW),
        (spend(WROTE, 5), timedelta(), NOON + WINDOW),  # open, though nothing is left in it
        (spend(WROTE, 5).after_action(NOON), timedelta(), NOON + WINDOW),
        (spend(BOTH, 4), timedelta(), NOON + WINDOW),
        (BOTH.exhausted(), timedelta(), NOON + WINDOW),
    ],
)
def test_when_the_window_closes(quota: Quota, after: timedelta, until: datetime | None) -> None:
    assert quota.closes(NOON + after) == until


def test_nothing_can_be_spent_where_nothing_is_left() -> None:
    for quota, at in ((NEVER, NOON), (WROTE, NOON + WINDOW), (CLICKED, NOON + SHORT), (BOTH.exhausted(), NOON)):
        assert quota.spent(at) is None


# what may happen to a customer's quota, one after the other, each some seconds after the one before
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["message", "action", "spent", "spent", "given_back", "exhausted"]),
        st.sampled_from([0, 0, 1, 59, 60, 3600, 48 * 3600 - 1, 48 * 3600]),
    ),
    max_size=40,
)
Steps = list[tuple[str, int]]
Look = Callable[[str, Quota, Quota, datetime], None]


def walk(steps: Steps, look: Look) -> None:
    """`look` is told of every step what it was, the quota before and after it, and when it was."""
    quota, now = NEVER, NOON
    for step, seconds in steps:
        now += seconds * SECOND
        before = quota
        if step == "message":
            quota = quota.after_message(now)
        elif step == "action":
            quota = quota.after_action(now)
        elif step == "spent":
            quota = quota.spent(now) or quota
        elif step == "given_back":
            quota = quota.given_back()
        else:
            quota = quota.exhausted()
        look(step, before, quota, now)


class TestWhateverHappens:
    @given(STEPS)
    def test_there_are_never_more_than_five_and_three(self, steps: Steps) -> None:
        def look(_step: str, _before: Quota, quota: Quota, now: datetime) -> None:
            assert quota.window_left <= WINDOW_MESSAGES and quota.short_left <= SHORT_MESSAGES
            assert 0 <= quota.left(now) <= WINDOW_MESSAGES
            if quota.window_until is None or quota.window_until <= now:
                assert quota.left(now) <= SHORT_MESSAGES

        walk(steps, look)

    @given(STEPS)
    def test_one_that_is_spent_is_one_less(self, steps: Steps) -> None:
        def look(step: str, before: Quota, quota: Quota, now: datetime) -> None:
            if step == "spent":
                assert quota.left(now) == max(before.left(now) - 1, 0)
                assert (before.spent(now) is None) == (before.left(now) == 0)

        walk(steps, look)

    @given(STEPS)
    def test_one_that_is_given_back_is_at_most_one_more(self, steps: Steps) -> None:
        def look(step: str, before: Quota, quota: Quota, now: datetime) -> None:
            if step == "given_back":
                assert before.left(now) <= quota.left(now) <= before.left(now) + 1

        walk(steps, look)

    @given(STEPS)
    def test_spent_and_given_back_is_as_it_was(self, steps: Steps) -> None:
        def look(_step: str, _before: Quota, quota: Quota, now: datetime) -> None:
            spent = quota.spent(now)
            if spent is not None:
                assert spent.given_back() == quota

        walk(steps, look)

    @given(STEPS)
    def test_nothing_is_left_once_the_last_window_has_closed(self, steps: Steps) -> None:
        def look(_step: str, _before: Quota, quota: Quota, now: datetime) -> None:
            closes = quota.closes(now)
            assert quota.left(now if closes is None else closes) == 0

        walk(steps, look)

    @given(STEPS)
    def test_the_platform_takes_whatever_we_think_it_takes(self, steps: Steps) -> None:
        """Against the platform's own count, as the simulator keeps it."""
        at = NOON
        platform = Allowances(lambda: at.timestamp())

        def look(step: str, before: Quota, quota: Quota, now: datetime) -> None:
            nonlocal at
            at = now
            if step in ("message", "action"):
                platform.customer_did("lin", "message" if step == "message" else "CLICK")
            elif step == "spent" and quota != before:
                assert platform.refusal("lin") == 0
                platform.spend("lin")
            assert quota.left(now) <= platform.left("lin")

        walk([step for step in steps if step[0] != "given_back"], look)
