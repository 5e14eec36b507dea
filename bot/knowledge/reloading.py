"""`qiantai knowledge reload`: a wish in a table, which every process looks for and answers with what came of it.

A folder that is broken, or that this server may not serve, changes nothing: the last good state stays in force, and
says so in the log, in /readyz and to who asked. Nothing is reloaded by itself.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from bot.clock import Clock
from bot.db import Database, Json, Moment, Tx, metadata
from bot.errors import QiantaiError, StoreUnavailable
from bot.knowledge.current import Current
from bot.knowledge.loading import load
from bot.knowledge.snapshot import Knowledge

log = logging.getLogger(__name__)

BEAT = timedelta(seconds=5)
ALIVE = timedelta(seconds=20)  # so long after its last sign of life a process is expected to answer
GONE = timedelta(days=1)
SKEW = timedelta(minutes=5)  # of two machines' clocks: a wish so shortly before the start is answered once more

reloads = sa.Table(
    "knowledge_reloads",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("asked_by", sa.String(64), nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
)
states = sa.Table(
    "knowledge_states",
    metadata,
    sa.Column("process", sa.String(80), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),  # in force there
    sa.Column("loaded_at", Moment, nullable=False),
    sa.Column("reload_id", sa.Integer, nullable=False),  # the last wish that it has answered
    sa.Column("problems", Json, nullable=False),  # why it did not follow that wish; empty: it did
    sa.Column("seen_at", Moment, nullable=False),
)


@dataclass(frozen=True)
class State:
    """One process: what is in force there, and what came of the last wish."""

    process: str
    digest: str
    loaded_at: datetime
    reload_id: int
    problems: tuple[str, ...]
    seen_at: datetime


class Reloads:
    """Of one process. `accept` makes a loaded snapshot ready to serve, or raises what stands against it."""

    def __init__(
        self, db: Database, clock: Clock, current: Current, path: Path, accept: Callable[[Knowledge], None]
    ) -> None:
        self.db = db
        self.clock = clock
        self.current = current
        self.path = path
        self.accept = accept
        self.process = f"{socket.gethostname()[:50]}:{os.getpid()}:{uuid4().hex[:6]}"
        self.problems: tuple[str, ...] = ()
        self.loaded_at = clock.now()
        self._answered: int | None = None
        self._beaten: datetime | None = None

    def tick(self) -> bool:
        """Look for a wish; True when one was answered."""
        now = self.clock.now()
        with self.db.transaction() as tx:
            wish = newest(tx)
            if self._answered is None:
                fresh = wish is not None and wish.asked_at > self.loaded_at - SKEW
                self._answered = 0 if wish is None else wish.id - 1 if fresh else wish.id
            if wish is None or wish.id <= self._answered:
                self._beat(tx, now)
                return False
        self._follow()
        self._answered = wish.id
        self._beaten = None
        with self.db.transaction() as tx:
            self._beat(tx, self.clock.now())
        return True

    def leave(self) -> None:
        """This process ends: nobody waits for its answer."""
        with self.db.transaction() as tx:
            tx.execute(states.delete().where(states.c.process == self.process))

    def _follow(self) -> None:
        before = self.current.now().digest
        try:
            loaded = load(self.path)
            self.accept(loaded)
        except StoreUnavailable:
            raise  # no fault of the folder; the next look tries again
        except QiantaiError as error:
            found = error.extra.get("problems") or error.message.splitlines()
            self.problems = tuple(str(problem) for problem in found)
        except Exception as error:
            log.exception("knowledge: the reload failed")
            self.problems = (f"{type(error).__name__}: {error}",)
        else:
            self.current.exchange(loaded)
            self.problems, self.loaded_at = (), self.clock.now()
            log.warning("knowledge: %s is in force, before it was %s", loaded.digest[:12], before[:12])
            return
        log.error(
            "knowledge: the reload was REFUSED, %s stays in force; %d problems:\n%s",
            before[:12], len(self.problems), "\n".join(self.problems),
        )  # fmt: skip

    def _beat(self, tx: Tx, now: datetime) -> None:
        if self._beaten is not None and now - self._beaten < BEAT:
            return
        tx.execute(states.delete().where(sa.or_(states.c.process == self.process, states.c.seen_at < now - GONE)))
        tx.execute(
            states.insert().values(
                process=self.process,
                digest=self.current.now().digest,
                loaded_at=self.loaded_at,
                reload_id=self._answered,
                problems=list(self.problems),
                seen_at=now,
            )
        )
        self._beaten = now


def newest(tx: Tx) -> sa.engine.Row | None:
    return tx.execute(sa.select(reloads).order_by(reloads.c.id.desc()).limit(1)).one_or_none()


def ask(tx: Tx, by: str, at: datetime) -> int:
    """Put the wish; gives its number."""
    return int(tx.execute(reloads.insert().values(asked_by=by, asked_at=at)).inserted_primary_key[0])


def living(tx: Tx, at: datetime) -> Iterator[State]:
    """The processes that have shown a sign of life lately."""
    rows = tx.execute(sa.select(states).where(states.c.seen_at > at - ALIVE).order_by(states.c.process))
    for row in rows:
        yield State(**{**row._mapping, "problems": tuple(row.problems)})
