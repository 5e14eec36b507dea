"""Sends what stands in the outbox: one message at a time for a customer, many customers at once."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from bot.channels.wechat.client import Fate, Sent, WechatApi
from bot.channels.wechat.outbox import PAUSE, Outbox
from bot.channels.wechat.outgoing import Out
from bot.channels.wechat.store import Customer
from bot.channels.wechat.text import Outgoing, numbered
from bot.wakeups import DESK, Wakeups

log = logging.getLogger(__name__)

WECHAT = "wechat"  # the topic of what is to be sent
LOOK_EVERY_S = 2.0
AT_ONCE = 16
MENU_STEP = 100  # a menu's id is the message's number times this, plus the choice's place


class DeliveryLoop:
    def __init__(self, outbox: Outbox, api: WechatApi, wakeups: Wakeups) -> None:
        self.outbox = outbox
        self.api = api
        self.wakeups = wakeups
        self.stopped_until: datetime | None = None  # the platform takes nothing from us now
        self.menus = True  # until the platform says that this account may not send them
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled or closing. What fails is logged and looked at again: nothing due is forgotten."""
        with self.wakeups.subscribe(WECHAT, DESK) as woken:
            while not self.wakeups.closing:
                try:
                    await self.look()
                except Exception:
                    log.exception("cannot look for WeChat messages to send; trying again")
                await woken.wait(LOOK_EVERY_S)
                await asyncio.sleep(0.05)  # let several wake-ups of one change pass as one
        await asyncio.gather(*self._running, return_exceptions=True)

    async def look(self) -> None:
        await asyncio.to_thread(self.outbox.prepare)
        if self.stopped:
            return
        room = AT_ONCE - len(self._running)
        for out, customer in await asyncio.to_thread(self.outbox.claim, room) if room > 0 else ():
            task = asyncio.create_task(self._send(out, customer))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    @property
    def stopped(self) -> bool:
        return self.stopped_until is not None and self.outbox.clock.now() < self.stopped_until

    async def idle(self) -> None:
        """Until nothing is on its way."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _send(self, out: Out, customer: Customer) -> None:
        """One claimed message, recorded whatever happens; what dies here is found by its lease."""
        try:
            result = await self._try(out, customer)
            self._stop(result)
            await asyncio.to_thread(self.outbox.sent, out, result)
        except Exception:
            log.exception("message %s to %s: cannot record what became of it", out.id, customer.id)
        self.wakeups.notify(WECHAT, DESK, out.conversation_id)

    def _stop(self, result: Sent) -> None:
        if result.fate is Fate.STOPPED:
            self.stopped_until = self.outbox.clock.now() + PAUSE
            log.error(
                "WeChat takes no messages from us (%s %s): see `qiantai wechat check`", result.errcode, result.detail
            )

    async def _try(self, out: Out, customer: Customer) -> Sent:
        if out.choices and self.menus:
            items = [(str(out.id * MENU_STEP + place), label) for place, (_, label) in enumerate(out.choices, 1)]
            result = await self.api.send_menu(customer.openid, out.text, items, "")
            if result.fate is not Fate.NO_MENU:
                return result
            self.menus = False
            log.warning("this account may not send menu messages: choices go as numbered lines")
        text = numbered(Outgoing(out.text, out.choices), self.outbox.lead)
        return await self.api.send_text(customer.openid, text)
