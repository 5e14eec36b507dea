"""What an action may use, and where it comes from when Rasa starts the actions by itself (`rasa run actions`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from bot.clock import Clock
from bot.knowledge import Knowledge
from bot.tickets import Tickets


class Services(Protocol):
    @property
    def knowledge(self) -> Knowledge: ...

    @property
    def tickets(self) -> Tickets: ...

    @property
    def clock(self) -> Clock: ...


@lru_cache(maxsize=1)
def from_settings() -> Services:
    """Built on first use, from the environment. The product hands its own services in instead."""
    from bot.settings import from_env
    from bot.wiring import build

    return build(from_env())
