"""Every version of what the bank says that was in force here, kept for ever: what was said once stays provable.

Files change and are deleted; a message's event names versions and digests, and here stand the texts that they name.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.clock import midnight
from bot.db import Json, Moment, Tx, insert_new, metadata
from bot.knowledge.digests import content, digest_of_content
from bot.knowledge.snapshot import Knowledge

log = logging.getLogger(__name__)

versions = sa.Table(
    "knowledge_versions",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),  # script | disclosure | figure | guard | phrase | survey
    sa.Column("id", sa.String(60), primary_key=True),
    sa.Column("digest", sa.String(32), primary_key=True),
    sa.Column("version", sa.Integer),  # figures, phrases and the guard's words have none
    sa.Column("content", Json, nullable=False),
    sa.Column("first_seen_at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Version:
    """One row: `content` as knowledge/ had it, what stood at its default left out."""

    kind: str
    id: str
    digest: str
    version: int | None
    content: Mapping[str, Any]
    first_seen_at: datetime

    @property
    def unaltered(self) -> bool:
        """Is the content still what the digest was taken of?"""
        return digest_of_content(self.content) == self.digest


@dataclass(frozen=True, order=True)
class Changed:
    """The same id and version with more than one content: which of them was said, only a digest tells."""

    kind: str
    id: str
    version: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id} version {self.version} was changed without a new version"


def keep(tx: Tx, knowledge: Knowledge, at: datetime) -> list[Changed]:
    """Keep what is new; call it whenever knowledge has been loaded. What was changed under its old version is logged.

    Gives what `changed` gives.
    """
    columns = (versions.c.kind, versions.c.id, versions.c.digest)
    known = {tuple(row) for row in tx.execute(sa.select(*columns))}
    for kind, id_, item in knowledge.all_editions():
        digest = digest_of_content(content(item))
        if (kind, id_, digest) not in known:
            insert_new(
                tx,
                versions,
                kind=kind,
                id=id_,
                digest=digest,
                version=getattr(item, "version", None),
                content=content(item),
                first_seen_at=at,
            )
    found = changed(tx, knowledge)
    for one in found:
        log.error("knowledge: %s; raise the version, so that it can be proved later what was said", one)
    return found


def changed(tx: Tx, knowledge: Knowledge) -> list[Changed]:
    """Of what is in force now: the versions that stood here with another content too."""
    twice = (
        sa.select(versions.c.kind, versions.c.id, versions.c.version)
        .where(versions.c.version.is_not(None))
        .group_by(versions.c.kind, versions.c.id, versions.c.version)
        .having(sa.func.count() > 1)
    )
    now = {(kind, id_, getattr(item, "version", None)) for kind, id_, item in knowledge.all_editions()}
    return sorted(Changed(*row) for row in tx.execute(twice) if tuple(row) in now)


def first_seen_on(tx: Tx, day: date, kinds: Collection[str]) -> list[Version]:
    """What came on this day in Beijing, oldest first. What the archive began with came on no day."""
    start = midnight(day)
    seen = versions.c.first_seen_at
    began = sa.select(sa.func.min(seen)).scalar_subquery()
    statement = sa.select(versions).where(
        versions.c.kind.in_(kinds), seen >= start, seen < start + timedelta(days=1), seen > began
    )
    rows = tx.execute(statement.order_by(seen, versions.c.kind, versions.c.id, versions.c.digest))
    return [Version(**row._mapping) for row in rows]


def find(tx: Tx, kind: str, id_: str, version: int | None = None) -> Sequence[Version]:
    """All contents kept under this id, of one version where it is given; oldest first."""
    statement = sa.select(versions).where(versions.c.kind == kind, versions.c.id == id_)
    if version is not None:
        statement = statement.where(versions.c.version == version)
    rows = tx.execute(statement.order_by(versions.c.first_seen_at, versions.c.version, versions.c.digest))
    return [Version(**row._mapping) for row in rows]
