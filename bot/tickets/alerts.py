"""Warnings to the bank's staff. Each is given once, however many workers look at the same thing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import Tx, insert_new
from bot.tickets.recusal import HANDLER, Officer
from bot.tickets.recused import kept_from
from bot.tickets.tables import alerts, alerts_seen, cases

KEPT = timedelta(days=30)  # older ones are history: the case's timeline has them
SHOWN = 100


@dataclass(frozen=True)
class Alert:
    """`role`: who must know; with `person` this one only."""

    key: str
    kind: str
    role: str
    text: str
    number: str | None = None
    level: int | None = None
    person: str | None = None
    conversation_id: str | None = None


def of_conversation(
    tx: Tx,
    *,
    kind: str,
    role: str,
    text: str,
    conversation_id: str,
    key: str,
    at: datetime,
    person: str | None = None,
) -> bool:
    """`conversation.warning.Warn`, as the desk's warnings leave by it."""
    made = f"{kind}/{conversation_id}/{key}"
    return give(tx, Alert(made, kind, role, text, person=person, conversation_id=conversation_id), at)


def give(tx: Tx, alert: Alert, at: datetime) -> bool:
    """False: it was given before."""
    return insert_new(tx, alerts, at=at, **vars(alert))


def given_since(tx: Tx, kind: str, text: str, since: datetime) -> bool:
    found = sa.select(alerts.c.id).where(alerts.c.kind == kind, alerts.c.text == text, alerts.c.at >= since)
    return tx.execute(found.limit(1)).first() is not None


def hand_on(tx: Tx, usernames: Collection[str], to: str | None, **about: str) -> None:
    """What was for them is for somebody else, or for whoever has the role. `about`: number or conversation_id."""
    theirs = alerts.update().filter_by(**about).where(alerts.c.person.in_(usernames))
    tx.execute(theirs.values(person=to))


def standing(tx: Tx, officer: Officer, now: datetime) -> dict[str, int]:
    """{"count", "latest"}: how many he has not seen, and the newest one's id; the same pair, the same alerts."""
    found = sa.select(sa.func.count(alerts.c.id), sa.func.coalesce(sa.func.max(alerts.c.id), 0))
    count, latest = tx.execute(_unseen(tx, found, officer, now)).one()
    return {"count": count, "latest": latest}


def page(
    tx: Tx, officer: Officer, now: datetime, limit: int = SHOWN, after: int | None = None
) -> tuple[list[sa.engine.Row], int | None]:
    """What he has not seen, newest first, and the id to go on after; None at the end."""
    statement = _unseen(tx, sa.select(alerts), officer, now)
    statement = statement.order_by(alerts.c.at.desc(), alerts.c.id.desc()).limit(limit + 1)
    if after is not None:
        last = sa.select(alerts.c.at).where(alerts.c.id == after).scalar_subquery()
        statement = statement.where(sa.or_(alerts.c.at < last, sa.and_(alerts.c.at == last, alerts.c.id < after)))
    rows = tx.execute(statement).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def _unseen(tx: Tx, selected: sa.sql.Select, officer: Officer, now: datetime) -> sa.sql.Select:
    """Nothing of the conversations that are kept from him."""
    seen = sa.exists().where(alerts_seen.c.alert_id == alerts.c.id, alerts_seen.c.username == officer.username)
    roles = {*officer.roles, "agent", *(("owner",) if officer.has(HANDLER) else ())}  # an owner's, while there is none
    mine = sa.or_(
        alerts.c.person == officer.username,
        sa.and_(alerts.c.person.is_(None), alerts.c.role.in_(roles)),
    )
    chat = sa.func.coalesce(cases.c.conversation_id, alerts.c.conversation_id, "")
    joined = selected.select_from(alerts.outerjoin(cases, cases.c.number == alerts.c.number))
    kept = kept_from(tx, officer.username)
    return joined.where(mine, alerts.c.at >= now - KEPT, ~seen, chat.notin_(kept))


def see(tx: Tx, officer: Officer, alert_id: int, at: datetime) -> None:
    """Once more: nothing happens; one that does not exist: the same."""
    if tx.execute(sa.select(alerts.c.id).where(alerts.c.id == alert_id)).first() is not None:
        insert_new(tx, alerts_seen, alert_id=alert_id, username=officer.username, at=at)
