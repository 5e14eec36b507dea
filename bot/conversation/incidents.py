"""What is stopped now: one script, one topic or the whole assistant, by whom and why. Rows are ended, never deleted.

The table is read in the transaction of each turn, so a stop is in force in every process with the next message.
Functions work inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.clock import rfc3339
from bot.db import Moment, Tx, metadata
from bot.errors import Conflict, NotFound
from bot.knowledge.model import Script

SCRIPT, TOPIC, BOT = "script", "topic", "bot"

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(8), nullable=False),  # script | topic | bot
    sa.Column("subject", sa.String(64), nullable=False),  # the script's or topic's id; empty for the assistant
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("started_by", sa.String(64), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("until", Moment),
    sa.Column("ended_by", sa.String(64)),
    sa.Column("ended_at", Moment),
)
_I = incidents.c


@dataclass(frozen=True)
class Incident:
    """A stop. Without `until` it is in force until somebody ends it."""

    id: int
    kind: str
    subject: str
    why: str
    started_by: str
    started_at: datetime
    until: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        """ "script loan_rate", "topic wealth", "bot"."""
        return f"{self.kind} {self.subject}".rstrip()

    def in_force(self, at: datetime) -> bool:
        return self.ended_at is None and (self.until is None or at < self.until)

    def holds(self, script: Script) -> bool:
        """Is this script stopped by it?"""
        return (self.kind == SCRIPT and self.subject == script.id) or (
            self.kind == TOPIC and self.subject in script.topics
        )

    def mark(self) -> dict[str, Any]:
        """As it stands in the record of a message."""
        return {"id": self.id, "kind": self.kind, "subject": self.subject}

    def wire(self) -> dict[str, Any]:
        """As people at the desk see it: without the name of who stopped it."""
        shown = {key: value for key, value in asdict(self).items() if key in ("id", "kind", "subject", "why")}
        until = rfc3339(self.until) if self.until else None
        return {**shown, "since": rfc3339(self.started_at), "until": until}


def stop(
    tx: Tx, kind: str, subject: str, *, why: str, by: str, at: datetime, until: datetime | None = None
) -> Incident:
    """Raises Conflict where the same is stopped already."""
    known = [one for one in in_force(tx, at) if (one.kind, one.subject) == (kind, subject)]
    if known:
        raise Conflict(f"{known[0].name} is stopped already, since {rfc3339(known[0].started_at)}: {known[0].why}")
    values = {"kind": kind, "subject": subject, "why": why, "started_by": by, "started_at": at, "until": until}
    made = tx.execute(incidents.insert().values(**values)).inserted_primary_key
    return Incident(id=made[0], **values)  # type: ignore[arg-type]


def resume(tx: Tx, kind: str, subject: str, *, by: str, at: datetime) -> list[Incident]:
    """End what is in force; gives what it ended. Raises NotFound where nothing is."""
    known = [one for one in in_force(tx, at) if (one.kind, one.subject) == (kind, subject)]
    if not known:
        raise NotFound(f"{kind} {subject}".rstrip() + " is not stopped")
    for one in known:
        tx.execute(incidents.update().where(_I.id == one.id).values(ended_by=by, ended_at=at))
    return known


def in_force(tx: Tx, at: datetime) -> list[Incident]:
    """Oldest first."""
    rows = tx.execute(sa.select(incidents).where(_I.ended_at.is_(None)).order_by(_I.id))
    return [found for row in rows if (found := Incident(**row._mapping)).in_force(at)]


def all_of(tx: Tx, most: int = 50) -> list[Incident]:
    """The last ones, newest first."""
    rows = tx.execute(sa.select(incidents).order_by(_I.id.desc()).limit(most))
    return [Incident(**row._mapping) for row in rows]


def bot_stop(tx: Tx, at: datetime) -> Incident | None:
    return next((one for one in in_force(tx, at) if one.kind == BOT), None)


def stop_of(stops: Iterable[Incident], script: Script | None) -> Incident | None:
    return next((one for one in stops if script is not None and one.holds(script)), None)
