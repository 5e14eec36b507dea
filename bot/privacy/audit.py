"""Who did what to which sensitive thing, written in the same transaction as the deed (000-58, 004-98).

Entries are added and read, never changed or removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from bot.db import Tx
from bot.privacy.store import audit_log


class Action(str, Enum):
    """Everything that goes on record, source:subject:action."""

    REVEALED = "privacy:value:reveal"
    DESTROYED = "privacy:value:destroy"
    EVIDENCE_READ = "evidence:message:read"
    MEDIA_READ = "desk:media:read"
    CONVERSATION_READ = "desk:conversation:read"  # by who neither holds it nor might take it
    HISTORY_READ = "desk:history:read"  # an earlier conversation of the same customer
    WATCHED = "desk:conversation:watch"
    TAKEN_OVER = "desk:conversation:takeover"
    REFUSED = "desk:message:refuse"
    OVERRIDDEN = "desk:message:override"
    FLAGGED = "compliance:conversation:flag"  # which flag, and by what: its detail
    STOPPED = "incident:answer:stop"
    RESUMED = "incident:answer:resume"
    ACCOUNT_CREATED = "desk:account:create"
    ACCOUNT_CHANGED = "desk:account:change"  # name, skills, limit
    ROLES_CHANGED = "desk:account:role"
    PASSWORD_SET = "desk:account:password"
    ACCOUNT_LOCKED = "desk:account:lock"
    ACCOUNT_UNLOCKED = "desk:account:unlock"
    ACCOUNT_DISABLED = "desk:account:disable"
    ACCOUNT_ENABLED = "desk:account:enable"
    SESSION_ENDED = "desk:session:end"


@dataclass(frozen=True)
class Entry:
    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def audit(
    tx: Tx, at: datetime, actor: str, action: Action | str, subject: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Append one entry. `detail` never holds the value itself. Raises ValueError for an act that has no name here."""
    name = Action(action).value
    tx.execute(audit_log.insert().values(at=at, actor=actor, action=name, subject=subject, detail=dict(detail or {})))


def entries(tx: Tx, subject: str | None = None) -> list[Entry]:
    """Oldest first."""
    statement = sa.select(audit_log).order_by(audit_log.c.id)
    if subject is not None:
        statement = statement.where(audit_log.c.subject == subject)
    return [Entry(**row._mapping) for row in tx.execute(statement)]


def page(
    tx: Tx, limit: int, after: int | None = None, *, actor: str = "", subject: str = "", action: str = ""
) -> tuple[list[Entry], int | None]:
    """A page, newest first, and the id to go on after; None at the end. Empty filters ask for everything."""
    statement = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(audit_log.c.id < after)
    for column, wanted in (
        (audit_log.c.actor, actor),
        (audit_log.c.subject, subject),
        (audit_log.c.action, action),
    ):
        if wanted:
            statement = statement.where(column == wanted)
    found = [Entry(**row._mapping) for row in tx.execute(statement)]
    return found[:limit], found[limit - 1].id if len(found) > limit else None
