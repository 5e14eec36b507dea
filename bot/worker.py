"""Looks for what is due and acts by conditional update: a restart or a second worker loses and doubles nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.wakeups import DESK, Wakeups

log = logging.getLogger(__name__)

EVERY_S = 1.0


class Worker:
    def __init__(self, wakeups: Wakeups, *duties: Callable[[], object]) -> None:
        self.wakeups = wakeups
        self.duties = duties

    async def run(self) -> None:
        """Until cancelled or closing. A duty that fails is logged and tried again: nothing due is forgotten."""
        with self.wakeups.subscribe(DESK) as woken:
            while not self.wakeups.closing:
                for duty in self.duties:
                    try:
                        await asyncio.to_thread(duty)
                    except Exception:
                        log.exception("the duty %s failed; it is tried again", getattr(duty, "__qualname__", duty))
                await woken.wait(EVERY_S)
                await asyncio.sleep(0.05)  # let several wake-ups of one change pass as one
