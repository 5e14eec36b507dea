"""What an action may use, and where it comes from when Rasa starts the actions by itself (`rasa run actions`)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from bot.clock import Clock
from bot.knowledge import Knowledge
from bot.tickets import Tickets
from bot.tickets.asking import Asking

if TYPE_CHECKING:
    from bot.wiring import House


class Services(Protocol):
    @property
    def knowledge(self) -> Knowledge: ...

    @property
    def tickets(self) -> Tickets: ...

    @property
    def asking(self) -> Asking: ...

    @property
    def clock(self) -> Clock: ...


def for_rasa_itself(conversation_id: str) -> Services:
    """Built on first use, from the environment; `rasa shell` talks without a channel, so its conversation is made here.

    The product hands its own services in instead.
    """
    house = _house()
    house.conversations.ensure(conversation_id, "shell")
    return house


@lru_cache(maxsize=1)
def _house() -> House:
    from bot.settings import from_env
    from bot.wiring import build

    return build(from_env())
