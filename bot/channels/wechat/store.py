"""What the channel keeps of customers and of what came in from them; what goes out stands in `outgoing.py`. Every
function works inside the caller's transaction.

The openid stands here and nowhere else; outside the channel a customer is `id`, its keyed hash.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    sa.Column("arrived_at", Moment, nullable=False, index=True),
    sa.Column("answer_by", Moment, nullable=False),
    sa.Column("deliveries", sa.Integer, nullable=False),
    sa.Column("written", sa.Boolean, nullable=False),
    sa.Index("ix_wechat_inbound_state_written_answer_by", "state", "written", "answer_by"),
    sa.Index("ix_wechat_inbound_customer_id_state", "customer_id", "state"),
)


class Answer(str, Enum):
    """How a delivery of the platform was answered."""

    OPEN = "open"  # not yet: it may still become a reply
    REPLY = "reply"  # by the reply that is stored; a retry gets it again
    API = "api"  # with `success`: what there is to say goes by the interface
    SILENT = "silent"  # with `success`: there is nothing to say


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
    arrived_at: datetime
    answer_by: datetime
    deliveries: int
    written: bool


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
    return _unwritten(tx, Answer.OPEN, now)


def unwritten(tx: Tx, before: datetime) -> list[str]:
    """Replies that were never seen to leave, and that nobody asked for again."""
    return _unwritten(tx, Answer.REPLY, before)


def _unwritten(tx: Tx, state: Answer, before: datetime) -> list[str]:
    found = sa.select(inbound.c.id).where(
        inbound.c.state == state.value, inbound.c.written.is_(False), inbound.c.answer_by <= before
    )
    return [row.id for row in tx.execute(found)]


def forget_received(tx: Tx, before: datetime) -> None:
    tx.execute(inbound.delete().where(inbound.c.arrived_at < before, inbound.c.state != Answer.OPEN.value))


def _customer_values(made: Customer) -> dict[str, Any]:
    values = {**vars(made), **vars(made.quota), "choices": [list(choice) for choice in made.choices]}
    del values["quota"]
    return values


def _customer(row: Any) -> Customer:
    quota = Quota(row.window_until, row.window_left, row.short_until, row.short_left)
    choices = tuple((id, label) for id, label in row.choices)
    return Customer(row.id, row.openid, row.account, row.subscribed, row.conversation_id, row.told_seq, quota, choices)
