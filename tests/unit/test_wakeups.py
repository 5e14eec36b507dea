"""Wake-ups: they may be lost, the log may not. Notified from threads, waited for on event loops."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest

from bot.wakeups import DESK, TURNS, Wakeups


@pytest.fixture
def wakeups() -> Wakeups:
    return Wakeups()


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads change places as often as they can, so that a race has its chance."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


async def test_a_notice_wakes_who_waits(wakeups: Wakeups) -> None:
    with wakeups.subscribe("c1") as woken:
        waiting = asyncio.create_task(woken.wait(30))
        await asyncio.sleep(0)
        wakeups.notify("c1")
        assert await waiting is True


async def test_a_notice_between_subscribing_and_waiting_is_not_lost(wakeups: Wakeups) -> None:
    """Subscribe, read the log, then wait: what came while reading wakes at once."""
    with wakeups.subscribe("c1") as woken:
        wakeups.notify("c1")
        assert await woken.wait(30) is True


async def test_several_notices_are_one_waking(wakeups: Wakeups) -> None:
    with wakeups.subscribe("c1", DESK) as woken:
        wakeups.notify("c1", DESK)
        wakeups.notify("c1")
        assert await woken.wait(30) is True
        assert await woken.wait(0) is False


async def test_another_topic_wakes_nobody(wakeups: Wakeups) -> None:
    with wakeups.subscribe("c1") as woken:
        wakeups.notify("c2", DESK, TURNS)
        assert await woken.wait(0.01) is False


async def test_without_a_notice_the_wait_ends_by_itself(wakeups: Wakeups) -> None:
    """So a lost wake-up costs two seconds and nothing else."""
    with wakeups.subscribe("c1") as woken:
        assert await woken.wait(0.01) is False


async def test_everybody_who_waits_for_a_topic_is_woken(wakeups: Wakeups) -> None:
    with wakeups.subscribe("c1") as one, wakeups.subscribe("c1") as other:
        wakeups.notify("c1")
        assert [await one.wait(30), await other.wait(30)] == [True, True]


async def test_closing_wakes_everybody_for_the_last_time(wakeups: Wakeups) -> None:
    with wakeups.subscribe("c1") as one, wakeups.subscribe(DESK) as other:
        wakeups.close()
        assert wakeups.closing
        assert [await one.wait(30), await other.wait(30)] == [True, True]


async def test_who_has_gone_leaves_nothing_behind(wakeups: Wakeups) -> None:
    with wakeups.subscribe("c1", "c2"):
        pass
    assert not wakeups._waiting
    wakeups.notify("c1")


def test_a_notice_for_nobody_and_for_an_ended_loop_is_harmless(wakeups: Wakeups) -> None:
    async def gone() -> None:
        wakeups.subscribe("c1").__enter__()

    asyncio.run(gone())
    wakeups.notify("c1", "nobody")


async def test_notices_from_many_threads_arrive(wakeups: Wakeups, restless: None) -> None:
    """Everything that was written before a notice is seen by who was woken: nobody waits for its timeout."""
    written: list[int] = []

    def write() -> None:
        for number in range(200):
            written.append(number)
            wakeups.notify("c1")

    threads = [threading.Thread(target=write) for _ in range(4)]
    with wakeups.subscribe("c1") as woken:
        for thread in threads:
            thread.start()
        seen = 0
        while seen < 800:
            assert await woken.wait(30), f"a notice was lost at {seen} of 800"
            seen = len(written)
    for thread in threads:
        thread.join()


def test_subscribing_and_notifying_at_once(wakeups: Wakeups, restless: None) -> None:
    faults: list[BaseException] = []

    async def come_and_go() -> None:
        for number in range(200):
            with wakeups.subscribe(f"c{number % 3}", DESK):
                await asyncio.sleep(0)

    def guarded(work: object) -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    def notify() -> None:
        for number in range(2000):
            wakeups.notify(f"c{number % 3}", DESK)

    run_all([lambda: guarded(lambda: asyncio.run(come_and_go()))] * 3 + [lambda: guarded(notify)] * 3)
    assert faults == []
    assert not wakeups._waiting


class TestTyping:
    def test_is_seen_until_the_message_is_sent(self, wakeups: Wakeups) -> None:
        assert not wakeups.is_typing("c1")
        wakeups.typing("c1")
        assert wakeups.is_typing("c1") and not wakeups.is_typing("c2")
        wakeups.stopped_typing("c1")
        wakeups.stopped_typing("c1")
        assert not wakeups.is_typing("c1")

    async def test_the_desk_is_told(self, wakeups: Wakeups) -> None:
        with wakeups.subscribe(DESK) as woken:
            wakeups.typing("c1")
            assert await woken.wait(30) is True

    def test_from_the_loop_and_sending_from_threads_at_once(self, wakeups: Wakeups, restless: None) -> None:
        faults: list[BaseException] = []

        def work(type_: bool) -> None:
            try:
                for number in range(3000):
                    wakeups.typing(f"c{number % 40}") if type_ else wakeups.stopped_typing(f"c{number % 40}")
            except BaseException as fault:
                faults.append(fault)

        run_all([lambda: work(True)] * 2 + [lambda: work(False)] * 2)
        assert faults == []


def run_all(works: list) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
