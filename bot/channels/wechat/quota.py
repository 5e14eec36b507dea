"""How many messages the platform still lets us send to a customer. Pure.

Five within 48 hours of his last message; three within a minute of a click (a menu message's choice is one too), a scan
or a subscription. The two do not add up: what is sent counts against both. Replies to a delivery do not count.
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

    def after_message(self, at: datetime, on_their_way: int = 0) -> Quota:
        """What is just being sent may be counted after this message as well as before it: so it is counted."""
        return replace(self, window_until=at + WINDOW, window_left=WINDOW_MESSAGES - on_their_way)

    def after_action(self, at: datetime, on_their_way: int = 0) -> Quota:
        return replace(self, short_until=at + SHORT, short_left=SHORT_MESSAGES - on_their_way)

    def left(self, now: datetime) -> int:
        return max((0, *(left for _, left in self._open(now))))

    def closes(self, now: datetime) -> datetime | None:
        """When the last open window ends, whatever is left in it; None when all are over."""
        return max((until for until, _ in self._open(now)), default=None)

    def spent(self, now: datetime) -> Quota | None:
        """After one message; None when none is left. One window may owe what the other had left."""
        if not self.left(now):
            return None
        return replace(self, window_left=self.window_left - 1, short_left=self.short_left - 1)

    def given_back(self) -> Quota:
        """One message was certainly not sent. Never more than there was."""
        window, short = self.window_left + 1, self.short_left + 1
        return replace(self, window_left=min(window, WINDOW_MESSAGES), short_left=min(short, SHORT_MESSAGES))

    def exhausted(self) -> Quota:
        """The platform says that nothing is left, whatever we counted."""
        return replace(self, window_left=0, short_left=0)

    def _open(self, now: datetime) -> list[tuple[datetime, int]]:
        windows = ((self.window_until, self.window_left), (self.short_until, self.short_left))
        return [(until, left) for until, left in windows if until is not None and until > now]
