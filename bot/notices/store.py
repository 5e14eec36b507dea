"""The table of notices. Every function works inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.db import Json, Moment, Tx, insert_new, locked, metadata
from bot.notices.model import Notice, State

KEY_MOST, TEMPLATE_MOST, DETAIL_MOST = 128, 40, 200

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("key", sa.String(KEY_MOST), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # sms | wechat | mail
    sa.Column("sealed", sa.LargeBinary),  # the address; gone when the notice is sent or failed
    sa.Column("template", sa.String(TEMPLATE_MOST), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("about", Json, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # pending | sending | sent | failed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=False),
    sa.Column("lease_until", Moment),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    sa.Column("detail", sa.String(DETAIL_MOST), nullable=False),
    sa.UniqueConstraint("key"),
    sa.Index("ix_notices_state_next_at", "state", "next_at"),
)
_N = notices.c


@dataclass(frozen=True)
class Claim:
    """A notice that is ours until the lease runs out. `notice.attempts` is the number of this try."""

    notice: Notice
    sealed: bytes = field(repr=False)


def add(tx: Tx, notice: Notice, sealed: bytes) -> bool:
    """False: its key was put before, perhaps at this very moment by somebody else."""
    return insert_new(
        tx,
        notices,
        id=notice.id,
        key=notice.key,
        kind=notice.kind,
        sealed=sealed,
        template=notice.template,
        text=notice.text,
        about=notice.about,
        state=notice.state.value,
        attempts=notice.attempts,
        next_at=notice.made_at,
        made_at=notice.made_at,
        detail=notice.detail,
    )


def claim(tx: Tx, now: datetime, lease_s: float) -> Claim | None:
    """Take the notice that is due longest, or was left behind by a process that died; None where there is none."""
    due = sa.or_(
        sa.and_(_N.state == State.PENDING.value, _N.next_at <= now),
        sa.and_(_N.state == State.SENDING.value, _N.lease_until <= now),
    )
    statement = sa.select(notices).where(due).order_by(_N.next_at, _N.made_at, _N.id).limit(1)
    if tx.dialect.name != "sqlite":  # there the transaction holds everything already
        statement = statement.with_for_update(skip_locked=True)
    row = tx.execute(statement).one_or_none()
    if row is None:
        return None
    attempt = row.attempts + 1
    taken = {
        "state": State.SENDING.value,
        "attempts": attempt,
        "lease_until": now + timedelta(seconds=lease_s),
    }
    tx.execute(notices.update().where(_N.id == row.id).values(**taken))
    return Claim(_notice(row, State.SENDING, attempt), row.sealed)


def waiting(tx: Tx, prefix: str) -> list[Notice]:
    """Those whose key begins so and whom nobody is sending at this moment, locked."""
    statement = sa.select(notices).where(_N.state == State.PENDING.value, _N.key.startswith(prefix, autoescape=True))
    return [_notice(row, State.PENDING, row.attempts) for row in tx.execute(locked(tx, statement.order_by(_N.id)))]


def readdress(tx: Tx, notice: Notice, sealed: bytes) -> None:
    tx.execute(notices.update().where(_N.id == notice.id).values(kind=notice.kind, sealed=sealed))


def sent(tx: Tx, notice: Notice, at: datetime, detail: str) -> bool:
    """Whoever has the notice now: what is delivered is not to be sent again. False: its end is recorded already."""
    open_ = _N.state.in_((State.PENDING.value, State.SENDING.value))
    return _end(tx, sa.and_(_N.id == notice.id, open_), State.SENT, at, detail)


def failed(tx: Tx, notice: Notice, at: datetime, detail: str) -> bool:
    """False: the lease ran out meanwhile and somebody else is at it."""
    return _end(tx, _ours(notice), State.FAILED, at, detail)


def later(tx: Tx, notice: Notice, at: datetime, detail: str) -> bool:
    """Once more at `at`. False as for `failed`."""
    values = {"state": State.PENDING.value, "next_at": at, "lease_until": None, "detail": detail[:DETAIL_MOST]}
    return tx.execute(notices.update().where(_ours(notice)).values(**values)).rowcount == 1


def _ours(notice: Notice) -> sa.sql.ColumnElement:
    return sa.and_(_N.id == notice.id, _N.state == State.SENDING.value, _N.attempts == notice.attempts)


def _end(tx: Tx, where: sa.sql.ColumnElement, state: State, at: datetime, detail: str) -> bool:
    values = {
        "state": state.value,
        "sealed": None,
        "lease_until": None,
        "done_at": at,
        "detail": detail[:DETAIL_MOST],
    }
    return tx.execute(notices.update().where(where).values(**values)).rowcount == 1


def _notice(row: sa.engine.Row, state: State, attempts: int) -> Notice:
    return Notice(
        id=row.id,
        key=row.key,
        kind=row.kind,
        template=row.template,
        text=row.text,
        about=row.about,
        state=state,
        attempts=attempts,
        made_at=row.made_at,
        detail=row.detail,
    )
