"""What goes out to WeChat customers: from the log into messages, in order, within the platform's quota.

A message is written down before it is sent, and what became of it beside it. Nothing is sent twice: what cannot be
known is recorded as ambiguous. Nothing is dropped in silence: what cannot be sent waits, and the customer is told
another way (`fallback.py`).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.wechat import composing, outgoing, store
from bot.channels.wechat.client import Fate, Sent
from bot.channels.wechat.outgoing import TAKEABLE, Delivery, Out
from bot.channels.wechat.store import Answer, Customer, Received
from bot.channels.wechat.text import LIMIT, Outgoing, Piece, compose, numbered
from bot.clock import Clock
from bot.conversation import store as log_store
from bot.conversation import turns
from bot.conversation.model import Event
from bot.conversation.speech import Speech
from bot.db import Database, Tx

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # longer than a call with its one retry can take
BACKOFF_S = (1, 4, 15, 60, 300)
PAUSE = timedelta(minutes=1)  # after the platform said that nothing can be sent now
REPLY_LOST = timedelta(seconds=20)  # after that the platform has tried for the last time
KEEP_RECEIVED = timedelta(days=7)
UNSUBSCRIBED = "unsubscribed"


class Outbox:
    def __init__(self, db: Database, clock: Clock, speech: Speech) -> None:
        self.db = db
        self.clock = clock
        self.speech = speech

    @property
    def lead(self) -> str:
        return composing.lead(self.speech.knowledge)

    # the reply to a delivery

    def reply(self, received_id: str) -> Received:
        """Settle a delivery if it can be settled: a reply that fits, silence, or all by the interface.

        Still open: the assistant is at it, or an earlier message is just being sent.
        """
        now = self.clock.now()
        with self.db.transaction() as tx:
            received = store.received(tx, received_id)
            customer = store.customer(tx, received.customer_id, lock=True)
            received = store.received(tx, received_id, lock=True)
            if received.state is not Answer.OPEN or received.conversation_id is None or received.seq is None:
                return received
            if turns.is_open(tx, received.conversation_id, upto=received.seq):
                return received
            if outgoing.waiting(tx, customer.id, [Delivery.SENDING]):
                return received
            self.collect(tx, customer)
            return self._settle(tx, received, store.customer(tx, customer.id), now)

    def _settle(self, tx: Tx, received: Received, customer: Customer, now: datetime) -> Received:
        waiting = outgoing.waiting(tx, customer.id, TAKEABLE, lock=True)
        if not waiting:
            return self._answered(tx, received, state=Answer.SILENT)
        pieces = [Piece(out.text, out.mandatory, out.choices if out is waiting[-1] else ()) for out in waiting]
        together = compose(pieces, self.lead, LIMIT)
        if len(together) > 1:
            self._release(tx, waiting, now)
            return self._answered(tx, received, state=Answer.API)
        for out in waiting:
            outgoing.change(tx, out.id, state=Delivery.SENT.value, way="reply", received_id=received.id, done_at=now)
        store.save_customer(tx, replace(customer, choices=together[0].choices))
        text = numbered(together[0], self.lead)
        return self._answered(tx, received, state=Answer.REPLY, reply=text)

    def give_up_reply(self, received_id: str) -> Received:
        """The platform's five seconds are nearly over: what there is to say goes by the interface."""
        with self.db.transaction() as tx:
            received = store.received(tx, received_id, lock=True)
            return self._answered(tx, received, state=Answer.API) if received.state is Answer.OPEN else received

    def written(self, received_id: str) -> None:
        """The reply has left this machine."""
        with self.db.transaction() as tx:
            store.change_received(tx, received_id, written=True)

    def _answered(self, tx: Tx, received: Received, state: Answer, **values: object) -> Received:
        store.change_received(tx, received.id, state=state.value, **values)
        return replace(received, state=state, **values)  # type: ignore[arg-type]

    # from the log into the outbox

    def collect(self, tx: Tx, customer: Customer) -> None:
        """What was said in the customer's conversation since the last look, one message where it fits."""
        if customer.conversation_id is None:
            return
        log_store.get(tx, customer.conversation_id, lock=True)  # an agent may just be taking something back
        events = log_store.read(tx, customer.conversation_id, customer.told_seq)
        if not events:
            return
        store.save_customer(tx, replace(customer, told_seq=events[-1].seq))
        said = composing.said(events)
        if not said:
            return
        now = self.clock.now()
        for message in composing.messages(said, self.speech.knowledge):
            put = outgoing.put(tx, self._out(customer, message, said, now))
            if not customer.subscribed:
                self._end(tx, put, Delivery.DROPPED, now, UNSUBSCRIBED)

    def _out(self, customer: Customer, message: Outgoing, said: list[Event], now: datetime) -> Out:
        mandatory = [composing.mandatory(event, self.speech.knowledge) for event in said]
        return Out(
            id=0,
            customer_id=customer.id,
            position=0,
            conversation_id=str(customer.conversation_id),
            from_seq=said[0].seq,
            seq=said[-1].seq,
            text=message.text,
            mandatory=tuple(dict.fromkeys(text for texts in mandatory for text in texts if text in message.text)),
            choices=message.choices,
            matters=any(event.kind == "message" or event.payload.get("case") for event in said),
            state=Delivery.PENDING,
            way="api",
            received_id=None,
            attempts=0,
            next_at=now,
            lease_until=None,
            errcode=None,
            detail="",
            noticed_at=None,
            made_at=now,
            done_at=None,
        )

    # by the interface

    def prepare(self) -> None:
        """Look what is due: replies whose time is over, news in the log, senders that died."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            overdue, unheard = store.overdue(tx, now), store.unheard(tx)
            for out in outgoing.lost(tx, now):
                self._end(tx, out, Delivery.AMBIGUOUS, now, "the sender died")
            for received_id in store.unwritten(tx, now - REPLY_LOST):
                store.change_received(tx, received_id, written=True)
                outgoing.reply_was_lost(tx, received_id, "the connection broke")
            store.forget_received(tx, now - KEEP_RECEIVED)
        for received_id in overdue:
            self.give_up_reply(received_id)
        for customer_id in unheard:
            with self.db.transaction() as tx:
                self.collect(tx, store.customer(tx, customer_id, lock=True))

    def claim(self, limit: int) -> list[tuple[Out, Customer]]:
        """The next message of each customer to whom something is due, ready to be sent."""
        with self.db.transaction() as tx:
            due = outgoing.sendable(tx, self.clock.now(), limit)
        return [claimed for claimed in map(self._claim, due) if claimed is not None]

    def _claim(self, customer_id: str) -> tuple[Out, Customer] | None:
        now = self.clock.now()
        with self.db.transaction() as tx:
            customer = store.customer(tx, customer_id, lock=True)
            waiting = outgoing.waiting(tx, customer_id, (Delivery.SENDING, *TAKEABLE), lock=True)
            if not waiting or waiting[0].state is Delivery.SENDING:
                return None
            first = waiting[0]
            if first.next_at is not None and first.next_at > now:
                return None  # order: what stands behind it waits too
            quota = customer.quota.spent(now)
            if quota is None:
                self._hold(tx, waiting, "quota")
                return None
            store.save_customer(tx, replace(customer, quota=quota))
            changed = {"state": Delivery.SENDING, "attempts": first.attempts + 1, "lease_until": now + LEASE}
            outgoing.change(tx, first.id, **{**changed, "state": Delivery.SENDING.value})
            return replace(first, **changed), customer  # type: ignore[arg-type]

    def sent(self, out: Out, result: Sent) -> None:
        """Record what became of a message that was claimed."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            customer = store.customer(tx, out.customer_id, lock=True)
            if outgoing.get(tx, out.id).state is not Delivery.SENDING:
                return  # it took longer than its lease and stands as ambiguous
            if result.fate is Fate.SENT:
                self._end(tx, out, Delivery.SENT, now, result.detail)
                store.save_customer(tx, replace(customer, choices=out.choices))
                return
            if result.fate is Fate.AMBIGUOUS:
                self._end(tx, out, Delivery.AMBIGUOUS, now, result.detail, result.errcode)
                return
            log.warning("message %s to %s not sent: %s %s", out.id, customer.id, result.fate.value, result.errcode)
            quota = customer.quota.exhausted() if result.fate is Fate.HELD else customer.quota.given_back()
            store.save_customer(tx, replace(customer, quota=quota))
            self._not_sent(tx, out, result, now)

    def _not_sent(self, tx: Tx, out: Out, result: Sent, now: datetime) -> None:
        behind = outgoing.waiting(tx, out.customer_id, TAKEABLE)
        if result.fate is Fate.HELD:
            self._hold(tx, [out, *behind], result.detail, result.errcode)
        elif result.fate is Fate.TOO_LONG:
            self._split(tx, out, result, now)
        elif result.fate is Fate.REFUSED:
            for dropped in (out, *behind):
                self._end(tx, dropped, Delivery.DROPPED, now, result.detail, result.errcode)
            customer = store.customer(tx, out.customer_id)
            store.save_customer(tx, replace(customer, subscribed=False))
        elif result.fate is Fate.STOPPED:  # which is no fault of this message
            self._again(tx, out, result, now + PAUSE, out.attempts - 1)
        elif out.attempts > len(BACKOFF_S):
            self._end(tx, out, Delivery.FAILED, now, result.detail, result.errcode)
        else:
            self._again(tx, out, result, now + timedelta(seconds=BACKOFF_S[out.attempts - 1]), out.attempts)

    def _again(self, tx: Tx, out: Out, result: Sent, at: datetime, attempts: int) -> None:
        tried = {"state": Delivery.PENDING.value, "attempts": attempts, "next_at": at, "lease_until": None}
        outgoing.change(tx, out.id, **tried, detail=result.detail[:200], errcode=result.errcode)

    def _split(self, tx: Tx, out: Out, result: Sent, now: datetime) -> None:
        """The platform counts otherwise than we do: in halves, the choices with the last."""
        size = len(out.text.encode())
        parts = compose([Piece(out.text, out.mandatory, out.choices)], self.lead, max(size // 2 + 40, 200))
        if len(parts) < 2:
            self._end(tx, out, Delivery.FAILED, now, result.detail, result.errcode)
            return
        self._end(tx, out, Delivery.SPLIT, now, result.detail, result.errcode)
        outgoing.make_room(tx, out, len(parts))
        for place, part in enumerate(parts, 1):
            mandatory = tuple(text for text in out.mandatory if text in part.text)
            text = {"text": part.text, "choices": part.choices, "mandatory": mandatory}
            state = {"state": Delivery.PENDING, "attempts": 0, "next_at": now, "lease_until": None, "made_at": now}
            outgoing.put(tx, replace(out, position=out.position + place, **text, **state))  # type: ignore[arg-type]

    def release(self, tx: Tx, customer_id: str, now: datetime) -> None:
        """The customer has written: what waited for him may go."""
        self._release(tx, outgoing.waiting(tx, customer_id, [Delivery.HELD]), now)

    def drop(self, tx: Tx, customer_id: str, now: datetime, why: str) -> None:
        for waiting in outgoing.waiting(tx, customer_id, TAKEABLE):
            self._end(tx, waiting, Delivery.DROPPED, now, why)

    def _release(self, tx: Tx, waiting: list[Out], now: datetime) -> None:
        for out in waiting:
            outgoing.change(tx, out.id, state=Delivery.PENDING.value, next_at=now)

    def _hold(self, tx: Tx, waiting: list[Out], detail: str, errcode: int | None = None) -> None:
        for out in waiting:
            outgoing.change(tx, out.id, state=Delivery.HELD.value, detail=detail[:200], errcode=errcode)

    def _end(
        self, tx: Tx, out: Out, state: Delivery, now: datetime, detail: str = "", errcode: int | None = None
    ) -> None:
        ended = {"state": state.value, "done_at": now, "lease_until": None}
        outgoing.change(tx, out.id, **ended, detail=detail[:200], errcode=errcode)
