"""A list that one can wait on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Arrivals(Generic[T]):
    """What came, in order. `add` belongs to the loop in which others wait."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._more = asyncio.Event()

    def add(self, item: T) -> None:
        self.items.append(item)
        woken, self._more = self._more, asyncio.Event()
        woken.set()

    async def until(self, enough: Callable[[list[T]], bool], timeout_s: float | None = None) -> list[T]:
        """All items as soon as there are `enough`. Raises asyncio.TimeoutError that tells what there is."""
        try:
            await asyncio.wait_for(self._until(enough), timeout_s)
        except asyncio.TimeoutError:
            raise asyncio.TimeoutError(f"after {timeout_s} s there are only {self.items!r}") from None
        return list(self.items)

    async def _until(self, enough: Callable[[list[T]], bool]) -> None:
        while not enough(self.items):
            await self._more.wait()
