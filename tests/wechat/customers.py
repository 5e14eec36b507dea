"""What customers saw on their phones, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from wechat.arrivals import Arrivals


@dataclass(frozen=True)
class Seen:
    """`text` is what can be read: of a menu its head, options and tail; nothing of a banner."""

    at: float  # the simulator's clock, Unix seconds
    way: Literal["reply", "api", "banner"]
    text: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Accepted:
    """A message that the platform's interface took for a customer."""

    at: float
    openid: str
    text: str
    body: Mapping[str, Any]


class Interface(Protocol):
    """The other half of the platform: it must hear of customers' actions and tells what it accepted."""

    async def customer_did(self, openid: str, action: str) -> None: ...

    def on_accepted(self, tell: Callable[[Accepted], None]) -> None: ...


class Customer:
    """One customer's phone."""

    def __init__(self, openid: str) -> None:
        self.openid = openid
        self._seen: Arrivals[Seen] = Arrivals()
        self._watchers: list[Callable[[Seen], None]] = []

    @property
    def entries(self) -> list[Seen]:
        return list(self._seen.items)

    @property
    def texts(self) -> list[str]:
        return [entry.text for entry in self._seen.items]

    def show(self, entry: Seen) -> None:
        self._seen.add(entry)
        for watch in self._watchers:
            watch(entry)

    def watch(self, watcher: Callable[[Seen], None]) -> None:
        self._watchers.append(watcher)

    async def seen(self, at_least: int = 1, timeout_s: float = 10) -> list[Seen]:
        """Everything so far, as soon as it is `at_least` that much. Raises asyncio.TimeoutError."""
        return await self._seen.until(lambda entries: len(entries) >= at_least, timeout_s)


class Customers(dict[str, Customer]):
    """By openid; who is asked for is there."""

    def __missing__(self, openid: str) -> Customer:
        customer = self[openid] = Customer(openid)
        return customer
