"""How many messages the platform still lets us send to a customer. Pure.

Five within 48 hours of his last message; three within a minute of a click, a scan or a subscription. Replies to a
delivery do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = timedelta(hours=48)
WINDOW_MESSAGES = 5
SHORT = timedelta(minutes=1)
SHORT_MESSAGES = 3


@dataclass(frozen=True)
class Quota:
    window_until: datetime | None = None
    window_left: int = 0
    short_until: datetime | None = None
    short_left: int = 0

    def after_message(self, at: datetime) -> Quota:
        return replace(self, window_until=at + WINDOW, window_left=WINDOW_MESSAGES)

    def after_action(self, at: datetime) -> Quota:
        return replace(self, short_until=at + SHORT, short_left=SHORT_MESSAGES)

    def left(self, now: datetime) -> int:
        return self._open(self.window_until, self.window_left, now) + self._open(self.short_until, self.short_left, now)

    def until(self, now: datetime) -> datetime | None:
        """Until when something may be sent, or None when nothing may."""
        windows = ((self.window_until, self.window_left), (self.short_until, self.short_left))
        return max(
            (until for until, left in windows if until is not None and self._open(until, left, now)), default=None
        )

    def spent(self, now: datetime) -> Quota | None:
        """After one message, the window that ends first used first; None when none is left."""
        if self._open(self.short_until, self.short_left, now):
            return replace(self, short_left=self.short_left - 1)
        if self._open(self.window_until, self.window_left, now):
            return replace(self, window_left=self.window_left - 1)
        return None

    def given_back(self) -> Quota:
        """One message was certainly not sent. Into the long window: never more than it held."""
        return replace(self, window_left=min(self.window_left + 1, WINDOW_MESSAGES))

    def exhausted(self) -> Quota:
        """The platform says that nothing is left, whatever we counted."""
        return replace(self, window_left=0, short_left=0)

    @staticmethod
    def _open(until: datetime | None, left: int, now: datetime) -> int:
        return left if until is not None and until > now else 0
