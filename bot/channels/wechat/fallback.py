"""What cannot be sent becomes a notice by another way, or a task for an agent: nothing is dropped in silence."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.channels.wechat import outgoing, store
from bot.channels.wechat.outgoing import Delivery
from bot.clock import Clock
from bot.conversation import store as log_store
from bot.conversation.handoff import Handoff
from bot.conversation.model import State
from bot.db import Database, Tx
from bot.notices.model import Notice, Recipient
from bot.notices.service import Notices
from bot.wakeups import DESK, Wakeups

log = logging.getLogger(__name__)

LATE = timedelta(minutes=10)  # so long an outage may last before customers are told another way
WITH_A_PERSON = frozenset({State.QUEUED, State.OFFERED, State.HUMAN})
TEMPLATE = "reply_waiting"


class Callbacks(Protocol):
    def __call__(self, tx: Tx, conversation_id: str, seq: int, reason: str, due_at: datetime) -> object: ...


class Fallback:
    def __init__(
        self, db: Database, clock: Clock, handoff: Handoff, notices: Notices, callbacks: Callbacks, wakeups: Wakeups
    ) -> None:
        self.db = db
        self.clock = clock
        self.handoff = handoff
        self.notices = notices
        self.callbacks = callbacks
        self.wakeups = wakeups
        notices.on_failed.append(self.notice_failed)

    def tick(self) -> int:
        """One notice for all that waits for a customer; gives how many were told or tasked."""
        with self.db.transaction() as tx:
            stuck = outgoing.stuck(tx, self.clock.now() - LATE)
        told = sum(self._tell(customer_id) for customer_id in dict.fromkeys(out.customer_id for out in stuck))
        if told:
            self.wakeups.notify(DESK)
        return told

    def _tell(self, customer_id: str) -> bool:
        now = self.clock.now()
        with self.db.transaction() as tx:
            customer = store.customer(tx, customer_id, lock=True)
            stuck = [out for out in outgoing.stuck(tx, now - LATE) if out.customer_id == customer_id]
            if not stuck:
                return False
            if any(out.noticed_at for out in outgoing.waiting(tx, customer_id, (Delivery.HELD, Delivery.PENDING))):
                pass  # he has been told that something waits for him, and has not come yet
            elif self.notices.available:
                text = self.handoff.speech.phrase("notice_reply_waiting").text
                about = {"customer": customer_id, "conversation": stuck[-1].conversation_id, "seq": stuck[-1].seq}
                key = f"wechat-{customer_id}-{stuck[0].id}"
                self.notices.put(tx, key, Recipient("wechat", customer.openid), TEMPLATE, text, about)
            elif not self._task(tx, stuck[-1].conversation_id, stuck[-1].seq, now):
                return False  # a person has him and sees it; asked again when that has ended
            for out in stuck:
                outgoing.change(tx, out.id, noticed_at=now)
            return True

    def _task(self, tx: Tx, conversation_id: str, seq: int, now: datetime) -> bool:
        if log_store.get(tx, conversation_id).state in WITH_A_PERSON:
            return False
        self.callbacks(tx, conversation_id, seq, "undelivered", self.handoff.queueing.callback_due(now))
        return True

    def notice_failed(self, tx: Tx, notice: Notice) -> None:
        """The other way failed too: a person looks after it, whoever holds the conversation now."""
        about: Mapping[str, Any] = notice.about
        if notice.template == TEMPLATE:
            due_at = self.handoff.queueing.callback_due(self.clock.now())
            self.callbacks(tx, about["conversation"], about["seq"], "undelivered", due_at)
