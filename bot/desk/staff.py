"""Agents, their sign-in and their presence as the server sees it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.clock import Clock, rfc3339
from bot.conversation import counts
from bot.conversation.model import Conversation
from bot.conversation.queueing import Room
from bot.db import Database, Tx, locked
from bot.desk import skills
from bot.desk.passwords import Passwords
from bot.desk.rights import SENIOR, SUPERVISOR, Act, may
from bot.desk.store import agents, sessions
from bot.errors import InvalidInput, NotFound, Unauthorized
from bot.knowledge import Knowledge
from bot.privacy.audit import Action, audit

PRESENCES = ("ready", "busy", "away", "offline")
SESSION_HOURS = 12
BROWSER_CHARS = 120
USED_EVERY = timedelta(minutes=1)  # a session's use is written down no more often
FAILURES, LOCK_MINUTES = 10, 15


@dataclass(frozen=True)
class Agent:
    username: str
    name: str
    roles: tuple[str, ...]
    limit: int
    presence: str
    seen_at: datetime | None
    idle_since: datetime | None
    skills: tuple[str, ...] = ()  # ids of queues and lines in escalation.yml; none: he takes whatever comes

    @property
    def senior(self) -> bool:
        """Experienced: complex matters are his first (004-87)."""
        return SENIOR in self.roles or self.supervisor

    @property
    def supervisor(self) -> bool:
        return SUPERVISOR in self.roles

    def may(self, act: Act) -> bool:
        return may(self.roles, act)


NOBODY = Agent("", "", (), 0, "offline", None, None)


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
        self.passwords = Passwords()

    def put(self, username: str, name: str, password: str, roles: tuple[str, ...] = ()) -> None:
        """Create the agent, or give an existing one a new name, password and roles.

        Another password ends the sessions that the old one opened. For demonstrations: `People` asks for more.
        """
        with self.db.transaction() as tx:
            row = row_of(tx, username, lock=True)
            if row is None:
                self.insert(tx, username, name, password, roles)
                return
            tx.execute(agents.update().where(agents.c.username == username).values(name=name, roles=list(roles)))
            if not self.passwords.fits(row.password_hash, password):
                self.set_password(tx, username, password)

    def insert(self, tx: Tx, username: str, name: str, password: str, roles: tuple[str, ...] = ()) -> None:
        values: dict[str, Any] = {
            "username": username,
            "name": name,
            "password_hash": self.passwords.hashed(password),
            "password_at": self.clock.now(),
            "roles": list(roles),
            "limit": self.knowledge.escalation.agent_limit,
            "presence": "offline",
        }
        tx.execute(agents.insert().values(**values))

    def set_password(self, tx: Tx, username: str, password: str, but: str = "") -> int:
        """Ends the sessions that the old one opened, `but` the one of this token, and every lock. Gives how many."""
        new = {"password_hash": self.passwords.hashed(password), "password_at": self.clock.now()}
        tx.execute(agents.update().where(agents.c.username == username).values(**new, failed=0, locked_until=None))
        return self.end_sessions(tx, username, sessions.c.token_hash != _digest(but))

    def sign_in(self, username: str, password: str, browser: str = "") -> Session:
        """Raises Unauthorized: a wrong name, a wrong password, one who is locked or disabled. Which of them, nobody is
        told, neither in words nor by the time it takes."""
        with self.db.transaction() as tx:
            row = row_of(tx, username)
        fits = self.passwords.fits(row.password_hash if row else None, password)
        now = self.clock.now()
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), _agent(row) if row else NOBODY)
        with self.db.transaction() as tx:
            row = row_of(tx, username, lock=True)
            if row is not None and not self.is_locked(row):
                self.tried(tx, row, fits)
            let_in = fits and row is not None and row.disabled_at is None and not self.is_locked(row)
            if let_in:
                tx.execute(sessions.delete().where(sessions.c.expires_at <= now))
                tx.execute(
                    sessions.insert().values(
                        token_hash=_digest(session.token),
                        id=secrets.token_hex(6),
                        username=username,
                        csrf_token=session.csrf_token,
                        created_at=now,
                        seen_at=now,
                        expires_at=now + timedelta(hours=SESSION_HOURS),
                        agent="".join(filter(str.isprintable, browser))[:BROWSER_CHARS] or None,
                    )
                )
        if not let_in:
            raise Unauthorized(phrase="problem_sign_in")
        return session

    def is_locked(self, row: Any) -> bool:
        return row.locked_until is not None and self.clock.now() < row.locked_until

    def tried(self, tx: Tx, row: Any, fits: bool) -> None:
        """Count a wrong password; the last one of too many locks the account for a while. A right one starts anew."""
        failed = 0 if fits else row.failed + 1
        locks = failed >= FAILURES
        until = self.clock.now() + timedelta(minutes=LOCK_MINUTES) if locks else None
        kept = {"failed": 0 if locks else failed, "locked_until": until}
        tx.execute(agents.update().where(agents.c.username == row.username).values(**kept))
        if until is not None:
            detail = {"failures": failed, "until": rfc3339(until)}
            audit(tx, self.clock.now(), "system", Action.ACCOUNT_LOCKED, f"agent:{row.username}", detail)

    def session(self, token: str) -> Session:
        """The session behind a cookie. Raises Unauthorized."""
        now = self.clock.now()
        mine = sessions.c.token_hash == _digest(token)
        with self.db.transaction() as tx:
            row = tx.execute(
                sa.select(sessions.c.csrf_token, sessions.c.seen_at.label("used_at"), agents)
                .join(agents, agents.c.username == sessions.c.username)
                .where(mine, sessions.c.expires_at > now, agents.c.disabled_at.is_(None))
            ).one_or_none()
            if row is not None and now - row.used_at >= USED_EVERY:
                tx.execute(sessions.update().where(mine).values(seen_at=now))
        if row is None:
            raise Unauthorized()
        return Session(token, row.csrf_token, _agent(row))

    def sign_out(self, session: Session) -> None:
        with self.db.transaction() as tx:
            self.end_sessions(tx, session.agent.username, sessions.c.token_hash == _digest(session.token))

    def is_of(self, row: Any, token: str) -> bool:
        """Is this row the session of that token?"""
        return bool(row.token_hash == _digest(token))

    def end_sessions(self, tx: Tx, username: str, *which: sa.sql.ColumnElement) -> int:
        """How many. Whose last one ends is not at the desk any more: his customers need not wait for his lease."""
        ended = tx.execute(sessions.delete().where(sessions.c.username == username, *which)).rowcount
        left = sa.select(sa.func.count()).where(
            sessions.c.username == username, sessions.c.expires_at > self.clock.now()
        )
        if ended and tx.execute(left).scalar_one() == 0:
            gone = {"presence": "offline", "seen_at": None}
            tx.execute(agents.update().where(agents.c.username == username).values(**gone))
        return int(ended)

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
        row = row_of(tx, username, lock)
        if row is None:
            raise NotFound("no such agent")
        return _agent(row)

    def names(self) -> list[dict[str, str]]:
        """Who works here now."""
        with self.db.transaction() as tx:
            return [{"id": username, "label": name} for username, name in self.names_in(tx, working=True).items()]

    def names_in(self, tx: Tx, working: bool = False) -> dict[str, str]:
        """Username to the name that customers see; `working`: without those whose accounts are disabled."""
        statement = sa.select(agents.c.username, agents.c.name).order_by(agents.c.username)
        rows = tx.execute(statement.where(agents.c.disabled_at.is_(None)) if working else statement)
        return {row.username: row.name for row in rows}

    def in_role(self, tx: Tx, roles: Collection[str]) -> list[str]:
        """Usernames of those who work in one of these roles."""
        rows = tx.execute(sa.select(agents.c.username, agents.c.roles).where(agents.c.disabled_at.is_(None)))
        return sorted(row.username for row in rows if not set(roles).isdisjoint(row.roles))

    def colleagues(self, but: str) -> list[dict[str, str]]:
        """Who else is there now, by name: {"id", "label", "presence"}. A closed laptop is not there."""
        with self.db.transaction() as tx:
            rows = tx.execute(sa.select(agents).where(agents.c.username != but).order_by(agents.c.name))
            there = [agent for agent in map(_agent, rows) if self.present(agent, self.clock.now())]
        found = [{"id": one.username, "label": one.name, "presence": one.presence} for one in there]
        return [one for one in found if one["presence"] != "offline"]

    def present(self, agent: Agent, at: datetime) -> bool:
        """There for customers, as the server sees it: a closed laptop is not, whatever its switch says, nor is who may
        not serve them any more."""
        lease = timedelta(seconds=self.knowledge.escalation.lease_s)
        return agent.may(Act.SERVE) and agent.seen_at is not None and at - agent.seen_at <= lease

    def working(self, tx: Tx) -> list[Agent]:
        """Everybody whose account is not disabled, with the presence that the server sees."""
        now, rows = self.clock.now(), tx.execute(sa.select(agents).where(agents.c.disabled_at.is_(None)))
        return [one if self.present(one, now) else replace(one, presence="offline") for one in map(_agent, rows)]

    def there(self, tx: Tx, at: datetime) -> list[Agent]:
        """Who is present, whatever his switch says; longest idle first."""
        rows = tx.execute(sa.select(agents).where(agents.c.seen_at.is_not(None)).order_by(agents.c.idle_since))
        return [agent for agent in map(_agent, rows) if self.present(agent, at)]

    def ready_agents(self, tx: Tx, at: datetime) -> list[Agent]:
        return [agent for agent in self.there(tx, at) if agent.presence == "ready"]

    # what `conversation` asks of the desk

    def ready(self, tx: Tx, at: datetime) -> list[str]:
        return [agent.username for agent in self.ready_agents(tx, at)]

    def room(self, tx: Tx, conversation: Conversation, at: datetime) -> Room:
        return skills.room(self.ready_agents(tx, at), counts.loads(tx), conversation, self.knowledge)

    def name(self, tx: Tx, agent: str) -> str:
        return self.get(tx, agent).name


def row_of(tx: Tx, username: str, lock: bool = False) -> Any:
    """The whole row, or None."""
    if not username.isprintable():  # nobody's, and PostgreSQL takes no NUL
        return None
    statement = sa.select(agents).where(agents.c.username == username)
    return tx.execute(locked(tx, statement) if lock else statement).one_or_none()


def _agent(row: Any) -> Agent:
    return Agent(
        row.username, row.name, tuple(row.roles), row.limit, row.presence, row.seen_at, row.idle_since,
        tuple(row.skills),
    )  # fmt: skip


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()  # a cookie may hold any bytes
