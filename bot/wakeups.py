"""Wake-ups between the parts of one process. They may be lost, the log may not: readers also look every two seconds."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Iterable

DESK = "desk"  # the topic of everything that agents see
TYPING_S = 5.0
TURNS = "turns"  # a customer's message waits for its turn


class Wakeups:
    """Thread-safe: notified from worker threads, waited for on event loops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = defaultdict(set)
        self.closing = False
        self._typed: dict[str, float] = {}

    def typing(self, conversation_id: str) -> None:
        """The customer is typing. Not stored: it is gone after a few seconds."""
        now = time.monotonic()
        with self._lock:
            self._typed = {key: at for key, at in self._typed.items() if now - at < TYPING_S}
            self._typed[conversation_id] = now
        self.notify(DESK)

    def stopped_typing(self, conversation_id: str) -> None:
        with self._lock:
            self._typed.pop(conversation_id, None)

    def is_typing(self, conversation_id: str) -> bool:
        return time.monotonic() - self._typed.get(conversation_id, float("-inf")) < TYPING_S

    def notify(self, *topics: str) -> None:
        with self._lock:
            woken = {waiter for topic in topics for waiter in self._waiting.get(topic, ())}
        for loop, event in woken:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        """Wake everybody for the last time, so that open streams end before the server does."""
        self.closing = True
        with self._lock:
            topics = list(self._waiting)
        self.notify(*topics)

    def subscribe(self, *topics: str) -> Subscription:
        return Subscription(self, topics)

    def _add(self, topics: Iterable[str], waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event]) -> None:
        with self._lock:
            for topic in topics:
                self._waiting[topic].add(waiter)

    def _remove(self, topics: Iterable[str], waiter: tuple[asyncio.AbstractEventLoop, asyncio.Event]) -> None:
        with self._lock:
            for topic in topics:
                self._waiting[topic].discard(waiter)
                if not self._waiting[topic]:
                    del self._waiting[topic]


class Subscription:
    """`with wakeups.subscribe(topic) as woken: await woken.wait(2)`. Subscribe before reading the log, then wait."""

    def __init__(self, wakeups: Wakeups, topics: tuple[str, ...]) -> None:
        self._wakeups = wakeups
        self._topics = topics
        self._waiter = (asyncio.get_running_loop(), asyncio.Event())

    def __enter__(self) -> Subscription:
        self._wakeups._add(self._topics, self._waiter)
        return self

    def __exit__(self, *_: object) -> None:
        self._wakeups._remove(self._topics, self._waiter)

    async def wait(self, timeout_s: float) -> bool:
        """True when woken, False when the time ran out."""
        try:
            await asyncio.wait_for(self._waiter[1].wait(), timeout_s)
            return True
        except asyncio.TimeoutError:
            return False
        finally:
            self._waiter[1].clear()
