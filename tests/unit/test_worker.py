"""The worker: every duty gets its turn, whatever happens to the others."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.wakeups import DESK, Wakeups
from bot.worker import Worker


class Duty:
    """Counts how often it was done, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.done = 0
        self.threads: set[str] = set()

    def __call__(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.done += 1
        if self.done <= self.failures:
            raise RuntimeError("not today")


@pytest.fixture
def wakeups() -> Wakeups:
    return Wakeups()


async def work(wakeups: Wakeups, *duties: Duty, rounds: int) -> None:
    """Let the worker go until its last duty has had so many rounds."""
    task = asyncio.create_task(Worker(wakeups, *duties).run())

    async def watch() -> None:
        while duties[-1].done < rounds:
            wakeups.notify(DESK)
            await asyncio.sleep(0.01)

    await asyncio.wait_for(watch(), 10)
    wakeups.close()
    await asyncio.wait_for(task, 10)


async def test_a_duty_that_fails_stops_no_other_and_is_tried_again(
    wakeups: Wakeups, caplog: pytest.LogCaptureFixture
) -> None:
    failing, other = Duty(failures=2), Duty()
    await work(wakeups, failing, other, rounds=4)
    assert failing.done >= 3
    assert caplog.text.count("it is tried again") == 2


async def test_duties_run_beside_the_loop_and_never_on_it(wakeups: Wakeups) -> None:
    duty = Duty()
    await work(wakeups, duty, rounds=1)
    assert threading.current_thread().name not in duty.threads


async def test_it_looks_again_by_itself_when_nobody_wakes_it(wakeups: Wakeups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.worker.EVERY_S", 0.01)
    duty = Duty()
    task = asyncio.create_task(Worker(wakeups, duty).run())

    async def watch() -> None:
        while duty.done < 3:
            await asyncio.sleep(0.01)

    await asyncio.wait_for(watch(), 10)
    wakeups.close()
    await asyncio.wait_for(task, 10)


async def test_it_can_be_cancelled_while_it_waits(wakeups: Wakeups) -> None:
    task = asyncio.create_task(Worker(wakeups).run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not wakeups._waiting
