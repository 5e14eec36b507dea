"""How much the account may send to whom, by what the customer did last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

MESSAGE, CLICK = (5, 48 * 3600), (3, 60)  # messages, seconds
GRANTS = {"message": MESSAGE, "CLICK": CLICK, "subscribe": CLICK, "SCAN": CLICK}
TYPING_AFTER_S, TYPING_LASTS_S = 30, 15


@dataclass
class Grant:
    left: int
    until: float


@dataclass
class _Follower:
    follows: bool = True
    grants: dict[tuple[int, int], Grant] = field(default_factory=dict)  # by kind: a new one replaces its like
    touched_at: float = 0.0  # the last message or action, in either direction
    typing_until: float = 0.0


class Allowances:
    """The customers that the platform knows, and what may be sent to them now.

    Grants of both kinds do not add up: what is sent counts against each that is alive.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._followers: dict[str, _Follower] = {}

    def customer_did(self, openid: str, action: str) -> None:
        """`action` as Message.action names it. Whoever does anything is known, and follows until he unsubscribes."""
        follower = self._followers.setdefault(openid, _Follower())
        if action == "unsubscribe":
            self._followers[openid] = _Follower(follows=False)
            return
        follower.follows, follower.touched_at = True, self._clock()
        if action in GRANTS:
            messages, seconds = GRANTS[action]
            follower.grants[messages, seconds] = Grant(messages, self._clock() + seconds)

    def left(self, openid: str) -> int:
        """How many messages would be accepted now."""
        return max((grant.left for grant in self._alive(openid)), default=0)

    def refusal(self, openid: str) -> int:
        """0 if a message to him would be accepted, else the error code."""
        if openid not in self._followers:
            return 40003
        if not self._followers[openid].follows:
            return 43004
        if not self._alive(openid):
            return 45015
        return 0 if self.left(openid) else 45047

    def spend(self, openid: str) -> None:
        """One message was accepted; it also ends the sign that someone is typing."""
        for grant in self._alive(openid):
            grant.left = max(0, grant.left - 1)
        self._followers[openid].touched_at = self._clock()
        self._followers[openid].typing_until = 0.0

    def typing(self, openid: str, command: str) -> int:
        """Show or take away the sign: the error code."""
        if command not in ("Typing", "CancelTyping"):
            return 45072
        if openid not in self._followers:
            return 40003
        follower, now = self._followers[openid], self._clock()
        if not follower.follows:
            return 43004
        if command == "CancelTyping":
            follower.typing_until = 0.0
            return 0
        if now - follower.touched_at > TYPING_AFTER_S:
            return 45080
        if now < follower.typing_until:
            return 45081
        follower.typing_until = now + TYPING_LASTS_S
        return 0

    def _alive(self, openid: str) -> list[Grant]:
        follower = self._followers.get(openid)
        return [grant for grant in follower.grants.values() if self._clock() < grant.until] if follower else []
