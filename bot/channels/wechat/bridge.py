"""The channel's parts wired together, and what the desk sees of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any

import httpx
from prometheus_client.core import GaugeMetricFamily

from bot.channels.links import Links
from bot.channels.wechat import outgoing, store
from bot.channels.wechat.client import Waits, WechatApi
from bot.channels.wechat.crypto import Crypto
from bot.channels.wechat.delivery import WECHAT, DeliveryLoop
from bot.channels.wechat.fallback import Fallback
from bot.channels.wechat.outbox import Outbox
from bot.channels.wechat.outgoing import Delivery, Out
from bot.channels.wechat.reception import Reception
from bot.channels.wechat.tokens import Tokens
from bot.channels.wechat.withdrawing import withdraw
from bot.clock import rfc3339
from bot.conversation import store as log_store
from bot.conversation.model import Conversation
from bot.db import Tx
from bot.desk.media import Media
from bot.errors import NotFound
from bot.notices import Recipient
from bot.settings import WechatSettings
from bot.wiring import House

log = logging.getLogger(__name__)

CLOSE_S = 1.0
# of several messages that carry one event, what is worst counts
WORST = (
    Delivery.FAILED,
    Delivery.DROPPED,
    Delivery.AMBIGUOUS,
    Delivery.HELD,
    Delivery.PENDING,
    Delivery.SENDING,
    Delivery.SENT,
)


class Bridge:
    topic = WECHAT

    def __init__(
        self, settings: WechatSettings, house: House, links: Links, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.clock = house.clock
        self.db = house.db
        self.wakeups = house.wakeups
        self.plain_allowed = settings.plain_allowed
        self.reply_within = timedelta(seconds=settings.reply_within_s)
        self.crypto = Crypto.of(settings.token, settings.aes_key, settings.appid)
        tokens = Tokens(house.db, house.settings.data_key, settings.appid, house.clock)
        self.api = WechatApi(settings, tokens, house.clock, transport, Waits(read_s=settings.answer_within_s))
        self.outbox = Outbox(house.db, house.clock, house.conversations.speech)
        self.reception = Reception(
            house.conversations, self.outbox, links, house.settings.secret_key, self.reply_within
        )
        self.delivery = DeliveryLoop(self.outbox, self.api, house.wakeups)
        handoff = house.conversations.handoff
        self.fallback = Fallback(house.db, house.clock, handoff, house.notices, handoff.callbacks, house.wakeups)
        self._beside: set[asyncio.Task[Any]] = set()

    def type_to(self, openid: str) -> None:
        """Show that somebody is at it. Lost without harm."""
        self._go_on(self.api.typing(openid, True))

    def wrote(self, received_id: str) -> None:
        """A reply has left this machine. Its handler is cancelled as soon as the platform hangs up, this is not."""
        self._go_on(asyncio.to_thread(self.outbox.written, received_id))

    async def close(self) -> None:
        if self._beside:
            await asyncio.wait(self._beside, timeout=CLOSE_S)
        for task in self._beside:
            task.cancel()
        await self.api.close()

    def _go_on(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._beside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("what goes on beside a delivery failed", exc_info=task.exception())

    # for who watches over it

    def collect(self) -> list[GaugeMetricFamily]:
        """What waits and what became of it, read from the database at each scrape."""
        with self.db.transaction() as tx:
            rows = outgoing.counts(tx)
        sent = GaugeMetricFamily(
            "qiantai_wechat_messages", "Messages to customers by what became of them", labels=["state"]
        )
        for state, count in rows:
            sent.add_metric([state], count)
        stopped = GaugeMetricFamily("qiantai_wechat_stopped", "1 while the platform takes nothing from us")
        stopped.add_metric([], float(self.delivery.stopped))
        return [sent, stopped]

    # for cases: how he is reached whose conversation has ended

    def reach(self, tx: Tx, conversation: Conversation) -> Recipient | None:
        customer = store.customer_of(tx, conversation.id) if conversation.channel == "wechat" else None
        return Recipient("wechat", customer.openid) if customer is not None else None

    # for the desk

    def channel_state(self, tx: Tx, conversation: Conversation) -> Mapping[str, Any]:
        """What an agent must know before he writes: may it be sent now, and did what was said arrive?"""
        customer = store.customer_of(tx, conversation.id) if conversation.channel == "wechat" else None
        if customer is None:
            return {"name": conversation.channel}
        now = self.clock.now()
        until = customer.quota.closes(now)
        waiting = outgoing.waiting(tx, customer.id, [Delivery.HELD])
        return {
            "name": conversation.channel,
            "subscribed": customer.subscribed,
            "window_until": rfc3339(until) if until else None,
            "left": customer.quota.left(now),
            "held": len(waiting),
            "deliveries": deliveries(outgoing.of_conversation(tx, conversation.id)),
        }

    def withdraw(self, tx: Tx, conversation: Conversation, seq: int) -> bool:
        """An agent takes back what he has said: can it still be, and is it out of what is to be sent?"""
        if conversation.channel != "wechat":
            return True
        return withdraw(tx, conversation.id, seq, self.outbox.speech.knowledge, self.clock.now())

    async def media(self, conversation_id: str, seq: int) -> Media | None:
        """A customer's picture or file, from the platform, which keeps it for three days."""
        reference = await asyncio.to_thread(self._media_ref, conversation_id, seq)
        return None if reference is None else await self.api.media(reference)

    def _media_ref(self, conversation_id: str, seq: int) -> str | None:
        with self.db.transaction() as tx:
            found = [e for e in log_store.read(tx, conversation_id, seq - 1) if e.seq == seq]
        if not found:
            raise NotFound()
        return (found[0].payload.get("internal") or {}).get("media_ref")


def deliveries(sent: list[Out]) -> dict[str, str]:
    """What became of each event, by its sequence number."""
    found: dict[int, Delivery] = {}
    for out in sent:
        if out.state is Delivery.SPLIT:
            continue
        for seq in range(out.from_seq, out.seq + 1):
            found[seq] = min(out.state, found.get(seq, Delivery.SENT), key=WORST.index)
    return {str(seq): "pending" if state is Delivery.SENDING else state.value for seq, state in found.items()}


def connect(house: House, transport: httpx.AsyncBaseTransport | None = None) -> Bridge | None:
    """The bridge where the bank has set its account, and the desk told of it; else None."""
    if house.settings.wechat is None:
        return None
    bridge = Bridge(house.settings.wechat, house, Links(house.settings.secret_key, house.settings.web_chat), transport)
    house.desk.views.channel_state = bridge.channel_state
    house.desk.recalls.withdraw = bridge.withdraw
    house.casework.telling.reach = bridge.reach
    return bridge
