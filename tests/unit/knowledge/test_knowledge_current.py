"""What the bank says is exchanged whole: held it stays, not held it is the newest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.clock import BEIJING, FrozenClock
from bot.knowledge import Knowledge
from bot.knowledge.current import Current


@pytest.fixture
def next_one(said: Knowledge) -> Knowledge:
    return replace(said, digest="the next one")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 11, 30, 12, tzinfo=BEIJING))


@pytest.fixture
def current(said: Knowledge, clock: FrozenClock) -> Current:
    return Current(said, clock)


def test_what_stands_for_it_may_be_kept_and_is_always_the_newest(current: Current, next_one: Knowledge) -> None:
    kept = current.standing()
    current.exchange(next_one)
    assert kept.digest == "the next one" and kept.scripts is next_one.scripts


def test_held_it_stays_the_same_until_the_end_and_inside_another_hold(
    current: Current, said: Knowledge, next_one: Knowledge
) -> None:
    with current.held():
        current.exchange(next_one)
        with current.held():
            assert current.now() is said
        assert current.now() is said
    assert current.now() is next_one


def test_what_is_made_of_it_is_made_once_for_each(current: Current, next_one: Knowledge) -> None:
    made: list[str] = []

    class Thing:
        def __init__(self, knowledge: Knowledge) -> None:
            made.append(knowledge.digest)
            self.of = knowledge.digest

    thing = current.made(Thing)
    assert (thing.of, thing.of) == (current.now().digest,) * 2
    current.exchange(next_one)
    assert (thing.of, thing.of, len(made)) == ("the next one", "the next one", 2)


async def test_a_hold_goes_along_into_threads_and_tasks_and_to_nobody_else(
    current: Current, said: Knowledge, next_one: Knowledge
) -> None:
    async def look() -> Knowledge:
        return await asyncio.to_thread(current.now)

    with current.held():
        inside = asyncio.create_task(look())
        current.exchange(next_one)
        assert await look() is said
    assert await inside is said
    assert await look() is next_one


def test_a_hold_ends_when_the_work_fails(current: Current, next_one: Knowledge) -> None:
    with pytest.raises(ValueError), current.held():
        raise ValueError
    current.exchange(next_one)
    assert current.now() is next_one
