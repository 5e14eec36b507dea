"""Token buckets in memory of one process.

Our own, because the rate limiting libraries clash with Rasa's pins (docs/decisions/0006-own-rate-limiter.md).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from bot.clock import Clock
from bot.errors import TooManyRequests

KEYS_KEPT = 50_000
GRAIN = 1e-9  # of a token: sums of fractions fall short of the whole by this much


@dataclass(frozen=True)
class Rate:
    """`burst` at once, refilled with `per_minute`."""

    burst: int
    per_minute: float


class RateLimiter:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], tuple[float, datetime]] = OrderedDict()

    def take(self, name: str, key: str, rate: Rate) -> None:
        """One token from the bucket (name, key). Raises TooManyRequests with the seconds to wait."""
        now = self.clock.now()
        with self._lock:
            tokens, at = self._buckets.pop((name, key), (float(rate.burst), now))
            passed = max((now - at).total_seconds(), 0.0)  # a clock that was set back takes nothing away
            tokens = min(rate.burst, tokens + passed * rate.per_minute / 60)
            allowed = tokens >= 1 - GRAIN
            self._buckets[(name, key)] = (tokens - 1 if allowed else tokens, now)
            if len(self._buckets) > KEYS_KEPT:
                self._buckets.popitem(last=False)  # the one not used for longest
        if not allowed:
            raise TooManyRequests(retry_after_s=max(1, ceil((1 - tokens) * 60 / rate.per_minute)))
