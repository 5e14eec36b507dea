"""Access tokens as stable_token gives them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from wechat.refusal import Refused

LIFE_S, OVERLAP_S = 7200, 300
FORCED_A_DAY, FORCED_EVERY_S = 20, 30
LENGTH = 512  # characters; a caller must be able to keep as many
BEIJING_S = 8 * 3600  # the platform's day begins at midnight in Beijing

TooEarly = Literal["refuse", "same_token"]


@dataclass
class Token:
    value: str
    ends: float  # as announced, Unix seconds
    usable_until: float  # earlier than `ends` when another took its place


class Tokens:
    """Generations of one account's token: one is current, the one before lives on for five minutes at most.

    The manual says that a second forced refresh within 30 s refreshes nothing, but not how it answers:
    `too_early` "refuse" answers 45011, "same_token" gives the current token once more.
    """

    def __init__(self, clock: Callable[[], float], too_early: TooEarly = "refuse") -> None:
        self.issued: list[Token] = []
        self.too_early = too_early
        self._clock = clock
        self._forced: Counter[int] = Counter()  # by day
        self._last_forced: float | None = None

    def ask(self, force: bool) -> tuple[str, int]:
        """The token and for how many seconds it lasts: at least 300. Raises Refused."""
        now = self._clock()
        if force:
            if self._may_force(now):
                self._change(now)
        elif not self.issued or self.issued[-1].ends - now < OVERLAP_S:
            self._change(now)
        return self.issued[-1].value, int(self.issued[-1].ends - now)

    def standing(self, value: str) -> int:
        """0 if it may be used now, else the error code."""
        token = next((token for token in self.issued if token.value == value), None)
        if token is None:
            return 40001
        now = self._clock()
        if now >= token.ends:
            return 42001
        return 0 if now < token.usable_until else 40001

    def _may_force(self, now: float) -> bool:
        day = int((now + BEIJING_S) // 86400)
        if self._last_forced is not None and now - self._last_forced < FORCED_EVERY_S:
            if self.too_early == "refuse":
                raise Refused(45011)
            return False
        if self._forced[day] >= FORCED_A_DAY:
            raise Refused(45009)
        self._forced[day] += 1
        self._last_forced = now
        return True

    def _change(self, now: float) -> None:
        """Two generations may be used, never three: so two forced refreshes shut out a token that leaked."""
        if self.issued:
            self.issued[-1].usable_until = min(self.issued[-1].ends, now + OVERLAP_S)
        for older in self.issued[:-1]:
            older.usable_until = min(older.usable_until, now)
        value = f"{len(self.issued) + 1}_{secrets.token_urlsafe(LENGTH)}"[:LENGTH]
        self.issued.append(Token(value, now + LIFE_S, now + LIFE_S))
