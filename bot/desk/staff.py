"""Agents, their sign-in and their presence as the server sees it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.clock import Clock
from bot.db import Database, Tx, locked
from bot.desk.store import agents, sessions
from bot.errors import InvalidInput, NotFound, Unauthorized
from bot.knowledge import Knowledge

PRESENCES = ("ready", "busy", "away", "offline")
SUPERVISOR = "supervisor"
SESSION_HOURS = 12


@dataclass(frozen=True)
class Agent:
    username: str
    name: str
    roles: tuple[str, ...]
    limit: int
    presence: str
    seen_at: datetime | None
    idle_since: datetime | None

    @property
    def supervisor(self) -> bool:
        return SUPERVISOR in self.roles


@dataclass(frozen=True)
class Session:
    token: str
    csrf_token: str
    agent: Agent


class Staff:
    """Who works at the desk. How long an agent counts as there, and how many he takes, stands in `knowledge`."""

    def __init__(self, db: Database, clock: Clock, knowledge: Knowledge) -> None:
        self.db = db
        self.clock = clock
        self.knowledge = knowledge
        self._hasher = PasswordHasher()
        self._decoy: str | None = None

    def put(self, username: str, name: str, password: str, roles: tuple[str, ...] = ()) -> None:
        """Create the agent, or give an existing one a new name, password and roles.

        Another password ends the sessions that the old one opened.
        """
        row = self._row(username)
        same = row is not None and self._fits(row.password_hash, password)
        values: dict[str, Any] = {
            "name": name,
            "password_hash": row.password_hash if row is not None and same else self._hasher.hash(password),
            "roles": list(roles),
            "limit": self.knowledge.escalation.agent_limit,
        }
        with self.db.transaction() as tx:
            if not same:
                tx.execute(sessions.delete().where(sessions.c.username == username))
            changed = tx.execute(agents.update().where(agents.c.username == username).values(**values))
            if changed.rowcount == 0:
                tx.execute(agents.insert().values(username=username, presence="offline", **values))

    def sign_in(self, username: str, password: str) -> Session:
        """Raises Unauthorized, in the same time whether the name or the password is wrong."""
        row = self._row(username)
        if self._decoy is None:
            self._decoy = self._hasher.hash(secrets.token_hex(16))
        # an unknown name takes as long as a wrong password
        if not self._fits(row.password_hash if row else self._decoy, password) or row is None:
            raise Unauthorized(phrase="problem_sign_in")
        now = self.clock.now()
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), _agent(row))
        with self.db.transaction() as tx:
            tx.execute(sessions.delete().where(sessions.c.expires_at <= now))
            tx.execute(
                sessions.insert().values(
                    token_hash=_digest(session.token),
                    username=username,
                    csrf_token=session.csrf_token,
                    expires_at=now + timedelta(hours=SESSION_HOURS),
                )
            )
        return session

    def session(self, token: str) -> Session:
        """The session behind a cookie. Raises Unauthorized."""
        with self.db.transaction() as tx:
            row = tx.execute(
                sa.select(sessions.c.csrf_token, agents)
                .join(agents, agents.c.username == sessions.c.username)
                .where(sessions.c.token_hash == _digest(token), sessions.c.expires_at > self.clock.now())
            ).one_or_none()
        if row is None:
            raise Unauthorized()
        return Session(token, row.csrf_token, _agent(row))

    def sign_out(self, session: Session) -> None:
        with self.db.transaction() as tx:
            tx.execute(sessions.delete().where(sessions.c.token_hash == _digest(session.token)))
        self.set_presence(session.agent.username, "offline")

    def set_presence(self, username: str, presence: str) -> None:
        if presence not in PRESENCES:
            raise InvalidInput(f"presence is one of {', '.join(PRESENCES)}", field="status")
        now = self.clock.now()
        with self.db.transaction() as tx:
            tx.execute(
                agents.update()
                .where(agents.c.username == username)
                .values(presence=presence, seen_at=now, idle_since=now)
            )

    def seen(self, username: str) -> None:
        """A sign of life: the agent's console is connected."""
        with self.db.transaction() as tx:
            tx.execute(agents.update().where(agents.c.username == username).values(seen_at=self.clock.now()))

    def idle_again(self, tx: Tx, username: str) -> None:
        """The agent is done with a customer: behind those who have waited longer for one."""
        tx.execute(agents.update().where(agents.c.username == username).values(idle_since=self.clock.now()))

    def get(self, tx: Tx, username: str, lock: bool = False) -> Agent:
        statement = sa.select(agents).where(agents.c.username == username)
        row = tx.execute(locked(tx, statement) if lock else statement).one_or_none() if username.isprintable() else None
        if row is None:
            raise NotFound("no such agent")
        return _agent(row)

    def names(self) -> list[dict[str, str]]:
        with self.db.transaction() as tx:
            rows = tx.execute(sa.select(agents.c.username, agents.c.name).order_by(agents.c.username))
            return [{"id": row.username, "label": row.name} for row in rows]

    def present(self, agent: Agent, at: datetime) -> bool:
        """Presence as the server sees it: a closed laptop is not there, whatever its switch says."""
        return agent.seen_at is not None and at - agent.seen_at <= timedelta(seconds=self.knowledge.escalation.lease_s)

    def ready_agents(self, tx: Tx, at: datetime) -> list[Agent]:
        rows = tx.execute(sa.select(agents).where(agents.c.presence == "ready").order_by(agents.c.idle_since))
        return [agent for agent in map(_agent, rows) if self.present(agent, at)]

    def _row(self, username: str) -> Any:
        if not username.isprintable():  # nobody's, and PostgreSQL takes no NUL
            return None
        with self.db.transaction() as tx:
            return tx.execute(sa.select(agents).where(agents.c.username == username)).one_or_none()

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    # what `conversation` asks of the desk

    def ready(self, tx: Tx, at: datetime) -> list[str]:
        return [agent.username for agent in self.ready_agents(tx, at)]

    def name(self, tx: Tx, agent: str) -> str:
        return self.get(tx, agent).name


def _agent(row: Any) -> Agent:
    return Agent(row.username, row.name, tuple(row.roles), row.limit, row.presence, row.seen_at, row.idle_since)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()  # a cookie may hold any bytes
