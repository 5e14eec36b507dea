"""What the bank says now. A running server exchanges the whole snapshot at once, between two turns.

`Standing` is what everybody else keeps: it may be kept, its parts may not. Whoever reads several things that must agree
does it inside `held()`: there the snapshot stays the same, in every thread and task that the work goes on in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from bot.clock import Clock, today
from bot.knowledge.snapshot import Knowledge

T = TypeVar("T")


class Current:
    """The snapshot in force, as it stands on this day in Beijing."""

    def __init__(self, knowledge: Knowledge, clock: Clock) -> None:
        self._newest = knowledge
        self._clock = clock
        self._held: ContextVar[Knowledge | None] = ContextVar("held", default=None)

    def now(self) -> Knowledge:
        return self._held.get() or self._newest.on(today(self._clock))

    def exchange(self, knowledge: Knowledge) -> None:
        """From now on. What is being worked on goes on with what it began with."""
        self._newest = knowledge

    @contextmanager
    def held(self) -> Iterator[None]:
        """One snapshot for everything inside; the outer one's where it is held already."""
        if self._held.get() is not None:
            yield
            return
        token = self._held.set(self.now())
        try:
            yield
        finally:
            self._held.reset(token)

    def standing(self) -> Knowledge:
        """Reads like the snapshot, and is always the one in force."""
        return cast(Knowledge, Standing(self.now))

    def made(self, make: Callable[[Knowledge], T]) -> T:
        """The same for something that is made of a snapshot; made once for each."""
        last: tuple[Knowledge, T] | None = None

        def get() -> T:
            nonlocal last
            knowledge, known = self.now(), last
            if known is None or known[0] is not knowledge:
                known = last = (knowledge, make(knowledge))
            return known[1]

        return cast(T, Standing(get))


class Standing:
    """Everything that is asked of it is asked of what `get` gives at that moment."""

    __slots__ = ("_get",)

    def __init__(self, get: Callable[[], Any]) -> None:
        self._get = get

    def __getattr__(self, name: str) -> Any:
        return getattr(self._get(), name)
