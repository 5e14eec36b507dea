"""Turns run on a thread of their own; one that misses its deadline leaves no trace and stops nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from bot.assistant.errors import TurnFailed, TurnTimeout
from bot.assistant.fake import understood
from bot.assistant.thread import HANGING_LIMIT, TurnThreads, given_up
from bot.conversation.model import Handover, TurnInput, TurnOutput

SOON = 0.05
LONG = 10.0


class Taker:
    """Answers at once, fails, or hangs until it is released, as the text says."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.taken: list[str] = []
        self.threads: list[str] = []
        self.noticed: list[bool] = []

    async def take(self, turn: TurnInput) -> TurnOutput:
        self.taken.append(turn.text)
        self.threads.append(threading.current_thread().name)
        if turn.text == "fail":
            raise ValueError("秘密")
        if turn.text == "exit":
            raise SystemExit
        if turn.text == "hang":
            self.release.wait(LONG)  # blocks the loop, as Rasa does
            self.noticed.append(given_up())
        return understood("human_agent", Handover("asked"))


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
def threads(taker: Taker) -> Iterator[TurnThreads]:
    made = TurnThreads(taker.take)
    made.start()
    yield made
    taker.release.set()
    made.stop()


def turn(text: str, seq: int = 1) -> TurnInput:
    return TurnInput("c1", seq, text)


async def test_a_turn_runs_on_another_thread(threads: TurnThreads, taker: Taker) -> None:
    output = await threads.run(turn("a"), LONG)
    assert output.acts == (Handover("asked"),)
    assert taker.threads == ["assistant"]


@pytest.mark.parametrize("text, cause", [("fail", ValueError), ("exit", SystemExit)])
async def test_whatever_is_raised_inside_is_a_failed_turn(threads: TurnThreads, text: str, cause: type) -> None:
    with pytest.raises(TurnFailed) as failed:
        await threads.run(turn(text), LONG)
    assert isinstance(failed.value.__cause__, cause)
    assert "秘密" not in str(failed.value)
    assert (await threads.run(turn("a"), LONG)).acts  # and the thread goes on


async def test_a_turn_that_misses_its_deadline_times_out_and_the_next_ones_go_on(
    threads: TurnThreads, taker: Taker
) -> None:
    with pytest.raises(TurnTimeout):
        await threads.run(turn("hang"), SOON)
    assert (await threads.run(turn("a"), LONG)).acts
    assert threads.alive()


async def test_the_hanging_turn_learns_that_it_was_given_up(threads: TurnThreads, taker: Taker) -> None:
    with pytest.raises(TurnTimeout):
        await threads.run(turn("hang"), SOON)
    taker.release.set()
    for _ in range(200):
        if taker.noticed:
            break
        await asyncio.sleep(0.01)
    assert taker.noticed == [True]


async def test_a_turn_still_waiting_when_its_deadline_comes_is_never_taken(threads: TurnThreads, taker: Taker) -> None:
    first = asyncio.create_task(threads.run(turn("hang"), LONG))
    while "hang" not in taker.taken:
        await asyncio.sleep(0)
    with pytest.raises(TurnTimeout):
        await threads.run(turn("late", 2), SOON)
    taker.release.set()
    assert (await first).acts  # the one in front was in time and is not disturbed
    await threads.run(turn("a", 3), LONG)
    assert taker.taken == ["hang", "a"]


async def test_cancelling_the_caller_gives_the_turn_up(threads: TurnThreads, taker: Taker) -> None:
    task = asyncio.create_task(threads.run(turn("hang"), LONG))
    while "hang" not in taker.taken:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await threads.run(turn("a"), LONG)).acts


async def test_ill_when_too_many_threads_hang(threads: TurnThreads, taker: Taker) -> None:
    for seq in range(HANGING_LIMIT):
        with pytest.raises(TurnTimeout):
            await threads.run(turn("hang", seq), SOON)
    assert not threads.alive()
    with pytest.raises(TurnFailed):
        await threads.run(turn("a"), LONG)


async def test_not_running_is_a_failed_turn(taker: Taker) -> None:
    with pytest.raises(TurnFailed):
        await TurnThreads(taker.take).run(turn("a"), LONG)


async def test_turns_keep_their_order(threads: TurnThreads, taker: Taker) -> None:
    await asyncio.gather(*(threads.run(turn(str(i), i), LONG) for i in range(20)))
    assert taker.taken == [str(i) for i in range(20)]


async def test_what_is_held_for_the_turn_is_held_on_its_thread(threads: TurnThreads, taker: Taker) -> None:
    held: ContextVar[str] = ContextVar("held", default="nothing")
    seen: list[str] = []
    take = taker.take

    async def looking(turn: TurnInput) -> TurnOutput:
        seen.append(held.get())
        return await take(turn)

    threads._take = looking
    threads.stop()
    threads.start()
    held.set("this")
    await threads.run(turn("hello"), LONG)
    held.set("that")
    await threads.run(turn("hello", 2), LONG)
    assert seen == ["this", "that"]
