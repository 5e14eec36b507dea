"""Who did what to which sensitive thing, written in the same transaction as the deed (000-58, 004-98)."""

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
    """What the vault itself writes: source:subject:action."""

    REVEALED = "privacy:value:reveal"
    DESTROYED = "privacy:value:destroy"


@dataclass(frozen=True)
class Entry:
    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def audit(tx: Tx, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
    """Append one entry. `detail` never holds the value itself."""
    tx.execute(
        audit_log.insert().values(at=at, actor=actor, action=str(action), subject=subject, detail=dict(detail or {}))
    )


def entries(tx: Tx, subject: str | None = None) -> list[Entry]:
    """Oldest first."""
    statement = sa.select(audit_log).order_by(audit_log.c.id)
    if subject is not None:
        statement = statement.where(audit_log.c.subject == subject)
    return [Entry(**row._mapping) for row in tx.execute(statement)]
