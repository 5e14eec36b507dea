"""The log and what stands beside it. Every function works inside the caller's transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.model import Actor, Conversation, Event, State
from bot.conversation.tables import conversations, events
from bot.db import Tx, dumps, locked
from bot.errors import NotFound

GENESIS = "0" * 64


def create(
    tx: Tx,
    *,
    channel: str,
    at: datetime,
    large_type: bool = False,
    former_id: str | None = None,
    customer_id: str | None = None,
    context: Mapping[str, str] | None = None,
    id: str | None = None,
) -> Conversation:
    conversation = Conversation(
        id=id or secrets.token_hex(12),
        channel=channel,
        state=State.BOT,
        holder="bot",
        epoch=1,
        last_seq=0,
        created_at=at,
        updated_at=at,
        large_type=large_type,
        former_id=former_id,
        customer_id=customer_id,
        context=context or {},
        flow=None,
        thread={},
        reason=None,
        waiting_since=None,
        offered_to=None,
        declined_by=(),
        due_at=None,
    )
    tx.execute(conversations.insert().values(last_hash=GENESIS, **_values(conversation)))
    return conversation


def exists(tx: Tx, conversation_id: str) -> bool:
    return tx.execute(sa.select(conversations.c.id).where(conversations.c.id == conversation_id)).first() is not None


def get(tx: Tx, conversation_id: str, lock: bool = False) -> Conversation:
    """The conversation; with `lock` nobody else changes it until we commit. Raises NotFound."""
    statement = sa.select(conversations).where(conversations.c.id == conversation_id)
    known = conversation_id.isalnum()  # an address may hold any bytes, and PostgreSQL takes no NUL
    row = tx.execute(locked(tx, statement) if lock else statement).one_or_none() if known else None
    if row is None:
        raise NotFound("no such conversation")
    return _conversation(row)


def save(tx: Tx, conversation: Conversation) -> None:
    """Store what stands beside the log. The sequence and the chain are `append`'s alone."""
    values = _values(conversation)
    del values["last_seq"]
    tx.execute(conversations.update().where(conversations.c.id == conversation.id).values(**values))


def append(
    tx: Tx,
    conversation: Conversation,
    *,
    kind: str,
    actor: Actor,
    payload: Mapping[str, Any],
    at: datetime,
    key: str | None = None,
) -> tuple[Conversation, Event]:
    """Add one event to the end of the chain. The caller holds the conversation's lock."""
    prev_hash = tx.execute(
        sa.select(conversations.c.last_hash).where(conversations.c.id == conversation.id)
    ).scalar_one()
    body = {k: v for k, v in payload.items() if v is not None}
    event = Event(
        conversation.id, conversation.last_seq + 1, conversation.epoch, at, kind, actor, body, key, prev_hash, ""
    )
    event = replace(event, hash=chain_hash(event))
    tx.execute(
        events.insert().values(
            conversation_id=event.conversation_id,
            seq=event.seq,
            epoch=event.epoch,
            at=at,
            kind=kind,
            actor_kind=actor.kind,
            actor_name=actor.name,
            payload=body,
            idempotency_key=key,
            prev_hash=prev_hash,
            hash=event.hash,
        )
    )
    tx.execute(
        conversations.update()
        .where(conversations.c.id == conversation.id)
        .values(last_seq=event.seq, last_hash=event.hash, updated_at=at)
    )
    return replace(conversation, last_seq=event.seq, updated_at=at), event


def chain_hash(event: Event) -> str:
    """SHA-256 over everything the event says and the hash before it."""
    material = dumps(
        [
            event.conversation_id,
            event.seq,
            event.epoch,
            event.at.isoformat(timespec="microseconds"),
            event.kind,
            event.actor.kind,
            event.actor.name,
            dict(event.payload),
            event.idempotency_key,
            event.prev_hash,
        ]
    )
    return hashlib.sha256(material.encode()).hexdigest()


def read(tx: Tx, conversation_id: str, after: int = 0) -> list[Event]:
    rows = tx.execute(
        sa.select(events)
        .where(events.c.conversation_id == conversation_id, events.c.seq > after)
        .order_by(events.c.seq)
    )
    return [_event(row) for row in rows]


def by_key(tx: Tx, conversation_id: str, key: str) -> Event | None:
    row = tx.execute(
        sa.select(events).where(events.c.conversation_id == conversation_id, events.c.idempotency_key == key)
    ).one_or_none()
    return None if row is None else _event(row)


def event_at(tx: Tx, conversation_id: str, seq: int) -> Event:
    row = tx.execute(sa.select(events).where(events.c.conversation_id == conversation_id, events.c.seq == seq)).one()
    return _event(row)


def was_said(tx: Tx, conversation_id: str, phrase: str) -> bool:
    """Has the bank said this phrase of its own in the conversation?"""
    return any((event.payload.get("internal") or {}).get("phrase") == phrase for event in read(tx, conversation_id))


def last_said(tx: Tx, conversation_id: str, kind: str, most: int) -> list[Event]:
    """The last events of this kind of actor, in their order."""
    c = events.c
    such = sa.select(events).where(c.conversation_id == conversation_id, c.actor_kind == kind)
    return [_event(row) for row in tx.execute(such.order_by(c.seq.desc()).limit(most))][::-1]


def change_to(tx: Tx, conversation_id: str, epoch: int) -> Event | None:
    """The change of holder that brought this epoch."""
    c = events.c
    rows = tx.execute(
        sa.select(events).where(c.conversation_id == conversation_id, c.epoch == epoch, c.kind == "state").limit(1)
    )
    return next(map(_event, rows), None)


def broken_at(tx: Tx, conversation_id: str) -> int | None:
    """The first sequence number at which the chain does not hold, or None when it is whole."""
    expected, prev_hash = 1, GENESIS
    for event in read(tx, conversation_id):
        if event.seq != expected or event.prev_hash != prev_hash or chain_hash(event) != event.hash:
            return expected
        expected, prev_hash = expected + 1, event.hash
    row = tx.execute(
        sa.select(conversations.c.last_seq, conversations.c.last_hash).where(conversations.c.id == conversation_id)
    ).one()
    if (row.last_seq, row.last_hash) == (expected - 1, prev_hash):
        return None
    if row.last_seq == expected - 1:
        return max(row.last_seq, 1)  # the end was written anew, with a hash of its own that is right
    return min(row.last_seq + 1, expected)


def waiting(tx: Tx) -> list[Conversation]:
    """Everybody in the queue, in the order in which they are served: first waiting time, less what severity gives."""
    c = conversations.c
    such = c.state.in_([State.QUEUED.value, State.OFFERED.value])
    return _all(tx, sa.select(conversations).where(such).order_by(c.rank_at, c.id))


def held_by(tx: Tx, agent: str, states: Sequence[State]) -> list[Conversation]:
    c = conversations.c
    such = (c.holder == agent, c.state.in_([state.value for state in states]))
    return _all(tx, sa.select(conversations).where(*such).order_by(c.created_at))


def in_state(tx: Tx, state: State) -> list[Conversation]:
    return _all(tx, sa.select(conversations).where(conversations.c.state == state.value))


def due(tx: Tx, now: datetime) -> list[str]:
    rows = tx.execute(
        sa.select(conversations.c.id)
        .where(conversations.c.state != State.CLOSED.value, conversations.c.due_at <= now)
        .order_by(conversations.c.due_at)
        .limit(200)
    )
    return [row.id for row in rows]


def chain_of(tx: Tx, conversation: Conversation, limit: int = 20) -> list[str]:
    """One customer's conversations: this one, those that the bank has bound to him, and the ones before them (004-47).

    What somebody else is bound to ends the way back: a browser may be lent. At most `limit` ids, this one first.
    """
    own = conversation.customer_id
    ids, formers = [conversation.id], [conversation.former_id]
    if own is not None:
        others = (
            sa.select(conversations.c.id, conversations.c.former_id)
            .where(conversations.c.customer_id == own, conversations.c.id != conversation.id)
            .order_by(conversations.c.created_at.desc())
            .limit(limit - 1)
        )
        for row in tx.execute(others):
            ids.append(row.id)
            formers.append(row.former_id)
    while (wanted := {former for former in formers if former is not None} - set(ids)) and len(ids) < limit:
        rows = tx.execute(
            sa.select(conversations.c.id, conversations.c.former_id)
            .where(conversations.c.id.in_(wanted), _may_be(own))
            .order_by(conversations.c.created_at.desc())
        ).all()
        ids += [row.id for row in rows]
        formers = [row.former_id for row in rows]
    return ids[:limit]


def _may_be(customer_id: str | None) -> Any:
    """Conversations that are not known to be somebody else's."""
    unknown = conversations.c.customer_id.is_(None)
    return unknown if customer_id is None else sa.or_(unknown, conversations.c.customer_id == customer_id)


def all_ids(tx: Tx) -> list[str]:
    return [row.id for row in tx.execute(sa.select(conversations.c.id).order_by(conversations.c.created_at))]


def _all(tx: Tx, statement: sa.sql.Select) -> list[Conversation]:
    return [_conversation(row) for row in tx.execute(statement)]


def _values(conversation: Conversation) -> dict[str, Any]:
    return {
        **vars(conversation),
        "state": conversation.state.value,
        "declined_by": list(conversation.declined_by),
        "flags": list(conversation.flags),
        "rank_at": conversation.rank_at,
    }


def _conversation(row: Any) -> Conversation:
    values = dict(row._mapping)
    del values["last_hash"], values["rank_at"]
    values["state"] = State(values["state"])
    values["declined_by"] = tuple(values["declined_by"])
    values["flags"] = tuple(values["flags"])
    return Conversation(**values)


def _event(row: Any) -> Event:
    return Event(
        row.conversation_id,
        row.seq,
        row.epoch,
        row.at,
        row.kind,
        Actor(row.actor_kind, row.actor_name),
        row.payload,
        row.idempotency_key,
        row.prev_hash,
        row.hash,
    )
