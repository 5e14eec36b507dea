"""What goes out to customers and what became of it. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from bot.channels.wechat.store import Answer, inbound
from bot.db import Json, Moment, Tx, locked, metadata

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
    sa.Column("received_id", sa.String(64)),
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
    sa.Index("ix_wechat_outbox_received_id", "received_id"),
)


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


TAKEABLE = (Delivery.PENDING, Delivery.HELD)  # has not left, and will when it may


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
    received_id: str | None  # the delivery whose reply carried it
    attempts: int
    next_at: datetime | None
    lease_until: datetime | None
    errcode: int | None
    detail: str
    noticed_at: datetime | None
    made_at: datetime
    done_at: datetime | None


def put(tx: Tx, out: Out) -> Out:
    """At the end of the customer's messages, or at its `position` where that is given."""
    if not out.position:
        last = sa.select(sa.func.max(outbox.c.position)).where(outbox.c.customer_id == out.customer_id)
        out = replace(out, position=(tx.execute(last).scalar() or 0) + 1)
    values = _values(out)
    del values["id"]
    return replace(out, id=tx.execute(outbox.insert().values(**values)).inserted_primary_key[0])


def make_room(tx: Tx, behind: Out, places: int) -> None:
    """Move what stands behind a message back by so many places."""
    later = sa.and_(outbox.c.customer_id == behind.customer_id, outbox.c.position > behind.position)
    tx.execute(outbox.update().where(later).values(position=outbox.c.position + places))


def get(tx: Tx, id: int) -> Out:
    return _out(tx.execute(sa.select(outbox).where(outbox.c.id == id)).one())


def find(tx: Tx, id: int) -> Out | None:
    row = tx.execute(sa.select(outbox).where(outbox.c.id == id)).one_or_none()
    return None if row is None else _out(row)


def change(tx: Tx, id: int, **values: Any) -> None:
    tx.execute(outbox.update().where(outbox.c.id == id).values(**values))


def reply_was_lost(tx: Tx, received_id: str, detail: str) -> None:
    """Nobody knows whether the customer saw what the reply to this delivery carried."""
    carried = outbox.update().where(outbox.c.received_id == received_id)
    tx.execute(carried.values(state=Delivery.AMBIGUOUS.value, detail=detail))


def waiting(tx: Tx, customer_id: str, states: Sequence[Delivery], lock: bool = False) -> list[Out]:
    """The customer's messages in these states, in their order; with `lock` nobody takes one back until we commit."""
    statement = (
        sa.select(outbox)
        .where(outbox.c.customer_id == customer_id, outbox.c.state.in_([state.value for state in states]))
        .order_by(outbox.c.position)
    )
    return [_out(row) for row in tx.execute(locked(tx, statement) if lock else statement)]


def sendable(tx: Tx, now: datetime, limit: int) -> list[str]:
    """Customers for whom a message is due, none is on its way, and no delivery is open that it could answer.

    Who waits for an earlier message to be tried again is none of them: he would take the place of others.
    """
    busy = sa.select(outbox.c.customer_id).where(outbox.c.state == Delivery.SENDING.value)
    answering = sa.select(inbound.c.customer_id).where(inbound.c.state == Answer.OPEN.value)
    earlier = outbox.alias()
    waits = sa.exists().where(
        earlier.c.customer_id == outbox.c.customer_id,
        earlier.c.position < outbox.c.position,
        earlier.c.state == Delivery.PENDING.value,
        earlier.c.next_at > now,
    )
    rows = tx.execute(
        sa.select(outbox.c.customer_id)
        .where(
            outbox.c.state == Delivery.PENDING.value,
            outbox.c.next_at <= now,
            outbox.c.customer_id.not_in(busy),
            outbox.c.customer_id.not_in(answering),
            ~waits,
        )
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


def of_conversation(tx: Tx, conversation_id: str, lock: bool = False) -> list[Out]:
    """All of them, in their order; with `lock` none is sent until we commit."""
    statement = sa.select(outbox).where(outbox.c.conversation_id == conversation_id).order_by(outbox.c.position)
    return [_out(row) for row in tx.execute(locked(tx, statement) if lock else statement)]


def counts(tx: Tx) -> list[tuple[str, int]]:
    """How many messages are in each state."""
    rows = tx.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state))
    return [(row[0], row[1]) for row in rows]


def _values(made: Out) -> dict[str, Any]:
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
