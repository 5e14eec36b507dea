"""How a turn can fail. Whatever happened inside, the customer gets an honest line and a person (design: "At once")."""

from __future__ import annotations

from bot.errors import QiantaiError


class TurnFailed(QiantaiError):
    """这一轮没有处理成功。"""

    type = "turn-failed"


class TurnTimeout(TurnFailed):
    """这一轮超过了时限。"""

    type = "turn-timeout"
