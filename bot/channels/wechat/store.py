"""What the channel keeps: who the customers are, what came in and how it was answered, what goes out and what became
of it. Every function works inside the caller's transaction.

The openid stands here and nowhere else; outside the channel a customer is `id`, its keyed hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from bot.channels.wechat.quota import Quota
from bot.conversation.store import conversations
from bot.conversation.turns import OPEN, turns
from bot.db import Json, Moment, Tx, insert_new, locked, metadata

customers = sa.Table(
    "wechat_customers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("openid", sa.String(64), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("subscribed", sa.Boolean, nullable=False),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), index=True),
    sa.Column("told_seq", sa.Integer, nullable=False),
    sa.Column("window_until", Moment),
    sa.Column("window_left", sa.Integer, nullable=False),
    sa.Column("short_until", Moment),
    sa.Column("short_left", sa.Integer, nullable=False),
    sa.Column("choices", Json, nullable=False),
)

inbound = sa.Table(
    "wechat_inbound",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("customer_id", sa.String(32), sa.ForeignKey("wechat_customers.id"), nullable=False),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id")),
    sa.Column("seq", sa.Integer),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reply", sa.Text),
    sa.Column("outbox_id", sa.Integer),
    sa.Column("arrived_at", Moment, nullable=False),
    sa.Column("answer_by", Moment, nullable=False),
    sa.Column("deliveries", sa.Integer, nullable=False),
    sa.Column("written", sa.Boolean, nullable=False),
    sa.Index("ix_wechat_inbound_state_answer_by", "state", "answer_by"),
    sa.Index("ix_wechat_inbound_customer_id_state", "customer_id", "state"),
)

outbox = sa.Table(
    "wechat_outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("customer_id", sa.String(32), sa.ForeignKey("wechat_customers.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("from_seq", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("mandatory", Json, nullable=False),
    sa.Column("choices", Json, nullable=False),
    sa.Column("matters", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Moment),
    sa.Column("lease_until", Moment),
    sa.Column("errcode", sa.Integer),
    sa.Column("detail", sa.String(200), nullable=False),
    sa.Column("noticed_at", Moment),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    sa.Index("ix_wechat_outbox_state_next_at", "state", "next_at"),
    sa.Index("ix_wechat_outbox_customer_id_position", "customer_id", "position"),
    sa.Index("ix_wechat_outbox_conversation_id", "conversation_id"),
)


class Answer(str, Enum):
    """How a delivery of the platform was answered."""

    OPEN = "open"  # not yet: it may still become a reply
    REPLY = "reply"  # by the reply that is stored; a retry gets it again
    API = "api"  # with `success`: what there is to say goes by the interface
    SILENT = "silent"  # with `success`: there is nothing to say


class Delivery(str, Enum):
    """What became of a message to the customer."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"  # it may or may not have reached him; never sent again
    HELD = "held"  # waits for the customer's next message
    FAILED = "failed"  # tried to the end: he is told another way
    DROPPED = "dropped"  # he unsubscribed, or the platform does not know him
    SPLIT = "split"  # too long for the platform: its parts stand behind it


@dataclass(frozen=True)
class Customer:
    id: str
    openid: str
    account: str
    subscribed: bool
    conversation_id: str | None
    told_seq: int  # events of the conversation up to here are in the outbox
    quota: Quota
    choices: tuple[tuple[str, str], ...]  # of the last message that he got


@dataclass(frozen=True)
class Received:
    id: str
    customer_id: str
    conversation_id: str | None
    seq: int | None  # the message in the log; None until it is there
    state: Answer
    reply: str | None
    outbox_id: int | None
    arrived_at: datetime
    answer_by: datetime
    deliveries: int
    written: bool


@dataclass(frozen=True)
class Out:
    id: int
    customer_id: str
    position: int
    conversation_id: str
    from_seq: int
    seq: int
    text: str
    mandatory: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    matters: bool  # an answer or a number that he must get; a survey may pass unseen
    state: Delivery
    way: str  # reply | api
    attempts: int
    next_at: datetime | None
    lease_until: datetime | None
    errcode: int | None
    detail: str
    noticed_at: datetime | None
    made_at: datetime
    done_at: datetime | None


STEP = 1000  # between two messages in the order, so that the parts of one find room

# customers


def enter(tx: Tx, id: str, openid: str, account: str) -> Customer:
    """The customer, locked; made where he is new."""
    nobody = Customer(id, openid, account, True, None, 0, Quota(), ())
    insert_new(tx, customers, **_customer_values(nobody))
    return customer(tx, id, lock=True)


def customer(tx: Tx, id: str, lock: bool = False) -> Customer:
    statement = sa.select(customers).where(customers.c.id == id)
    return _customer(tx.execute(locked(tx, statement) if lock else statement).one())


def customer_of(tx: Tx, conversation_id: str) -> Customer | None:
    """Whose current conversation this is."""
    row = tx.execute(sa.select(customers).where(customers.c.conversation_id == conversation_id)).one_or_none()
    return None if row is None else _customer(row)


def save_customer(tx: Tx, changed: Customer) -> None:
    tx.execute(customers.update().where(customers.c.id == changed.id).values(**_customer_values(changed)))


def unheard(tx: Tx) -> list[str]:
    """Customers to whom something was said that is not in the outbox, and whose last message is not being answered."""
    answering = sa.exists().where(inbound.c.customer_id == customers.c.id, inbound.c.state == Answer.OPEN.value)
    thinking = sa.exists().where(turns.c.conversation_id == customers.c.conversation_id, turns.c.state.in_(OPEN))
    rows = tx.execute(
        sa.select(customers.c.id)
        .join(conversations, conversations.c.id == customers.c.conversation_id)
        .where(conversations.c.last_seq > customers.c.told_seq, ~answering, ~thinking)
    )
    return [row.id for row in rows]


# what came in


def receive(tx: Tx, received: Received) -> bool:
    """False when the platform had delivered it before."""
    return insert_new(tx, inbound, **{**vars(received), "state": received.state.value})


def received(tx: Tx, id: str, lock: bool = False) -> Received:
    statement = sa.select(inbound).where(inbound.c.id == id)
    row = tx.execute(locked(tx, statement) if lock else statement).one()
    return Received(**{**row._mapping, "state": Answer(row.state)})


def is_received(tx: Tx, id: str) -> bool:
    return tx.execute(sa.select(inbound.c.id).where(inbound.c.id == id)).first() is not None


def change_received(tx: Tx, id: str, **values: Any) -> None:
    tx.execute(inbound.update().where(inbound.c.id == id).values(**values))


def overdue(tx: Tx, now: datetime) -> list[str]:
    """Deliveries whose time for a reply has passed, also those of a process that died."""
    found = sa.select(inbound.c.id).where(inbound.c.state == Answer.OPEN.value, inbound.c.answer_by <= now)
    return [row.id for row in tx.execute(found)]


def unwritten(tx: Tx, before: datetime) -> list[Received]:
    """Replies that were never seen to leave, and that nobody asked for again."""
    rows = tx.execute(
        sa.select(inbound).where(
            inbound.c.state == Answer.REPLY.value, inbound.c.written.is_(False), inbound.c.answer_by <= before
        )
    )
    return [Received(**{**row._mapping, "state": Answer(row.state)}) for row in rows]


def forget_received(tx: Tx, before: datetime) -> None:
    tx.execute(inbound.delete().where(inbound.c.arrived_at < before, inbound.c.state != Answer.OPEN.value))


# what goes out


def put(tx: Tx, out: Out) -> Out:
    """At the end of the customer's messages, or at its `position` where that is given."""
    if not out.position:
        last = sa.select(sa.func.max(outbox.c.position)).where(outbox.c.customer_id == out.customer_id)
        out = replace(out, position=(tx.execute(last).scalar() or 0) + STEP)
    values = _out_values(out)
    del values["id"]
    return replace(out, id=tx.execute(outbox.insert().values(**values)).inserted_primary_key[0])


def out(tx: Tx, id: int, lock: bool = False) -> Out:
    statement = sa.select(outbox).where(outbox.c.id == id)
    return _out(tx.execute(locked(tx, statement) if lock else statement).one())


def find_out(tx: Tx, id: int) -> Out | None:
    row = tx.execute(sa.select(outbox).where(outbox.c.id == id)).one_or_none()
    return None if row is None else _out(row)


def change_out(tx: Tx, id: int, **values: Any) -> None:
    tx.execute(outbox.update().where(outbox.c.id == id).values(**values))


def waiting(tx: Tx, customer_id: str, states: Sequence[Delivery]) -> list[Out]:
    """The customer's messages in these states, in their order."""
    rows = tx.execute(
        sa.select(outbox)
        .where(outbox.c.customer_id == customer_id, outbox.c.state.in_([state.value for state in states]))
        .order_by(outbox.c.position)
    )
    return [_out(row) for row in rows]


def sendable(tx: Tx, now: datetime, limit: int) -> list[str]:
    """Customers for whom a message is due and none is on its way."""
    busy = sa.select(outbox.c.customer_id).where(outbox.c.state == Delivery.SENDING.value)
    rows = tx.execute(
        sa.select(outbox.c.customer_id)
        .where(outbox.c.state == Delivery.PENDING.value, outbox.c.next_at <= now, outbox.c.customer_id.not_in(busy))
        .distinct()
        .limit(limit)
    )
    return [row.customer_id for row in rows]


def lost(tx: Tx, now: datetime) -> list[Out]:
    """Messages whose sender died while it sent."""
    found = sa.select(outbox).where(outbox.c.state == Delivery.SENDING.value, outbox.c.lease_until <= now)
    return [_out(row) for row in tx.execute(found)]


def stuck(tx: Tx, since: datetime) -> list[Out]:
    """Messages that matter and wait, and of which the customer has not been told another way.

    Held ones at once; those that could not be sent for other reasons when they are older than `since`.
    """
    late = sa.and_(outbox.c.state == Delivery.PENDING.value, outbox.c.made_at <= since)
    stopped = outbox.c.state.in_([Delivery.HELD.value, Delivery.FAILED.value])
    rows = tx.execute(
        sa.select(outbox)
        .where(outbox.c.matters, outbox.c.noticed_at.is_(None), sa.or_(stopped, late))
        .order_by(outbox.c.id)
        .limit(200)
    )
    return [_out(row) for row in rows]


def of_conversation(tx: Tx, conversation_id: str) -> list[Out]:
    rows = tx.execute(sa.select(outbox).where(outbox.c.conversation_id == conversation_id).order_by(outbox.c.position))
    return [_out(row) for row in rows]


def counts(tx: Tx) -> dict[str, list[tuple[str, int]]]:
    """For the metrics: rows by state of what came in and what goes out."""
    return {
        table.name: [
            (row[0], row[1]) for row in tx.execute(sa.select(table.c.state, sa.func.count()).group_by(table.c.state))
        ]
        for table in (inbound, outbox)
    }


def _customer_values(made: Customer) -> dict[str, Any]:
    values = {**vars(made), **vars(made.quota), "choices": [list(choice) for choice in made.choices]}
    del values["quota"]
    return values


def _customer(row: Any) -> Customer:
    quota = Quota(row.window_until, row.window_left, row.short_until, row.short_left)
    choices = tuple((id, label) for id, label in row.choices)
    return Customer(row.id, row.openid, row.account, row.subscribed, row.conversation_id, row.told_seq, quota, choices)


def _out_values(made: Out) -> dict[str, Any]:
    return {
        **vars(made),
        "state": made.state.value,
        "mandatory": list(made.mandatory),
        "choices": [list(choice) for choice in made.choices],
    }


def _out(row: Any) -> Out:
    values = dict(row._mapping)
    values["state"] = Delivery(values["state"])
    values["mandatory"] = tuple(values["mandatory"])
    values["choices"] = tuple((id, label) for id, label in values["choices"])
    return Out(**values)
