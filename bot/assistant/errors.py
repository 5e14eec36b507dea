"""How a turn can fail. Whatever happened inside, the customer gets an honest line and a person (design: "At once")."""

from __future__ import annotations

from bot.errors import QiantaiError


class TurnFailed(QiantaiError):
    """The turn failed."""

    type = "turn-failed"


class TurnTimeout(TurnFailed):
    """The turn missed its deadline."""

    type = "turn-timeout"
