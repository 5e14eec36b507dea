"""Accounts: who makes, changes, locks and ends what, each deed and its entry in the audit log in one transaction.

`by` is the username of who does it; from the command line, the operator's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from bot.clock import rfc3339
from bot.db import Tx
from bot.desk.passwords import check
from bot.desk.rights import ROLES
from bot.desk.service import Desk
from bot.desk.staff import Session, row_of
from bot.desk.store import agents, sessions
from bot.errors import Conflict, InvalidInput, NotFound
from bot.knowledge.escalation import Escalation
from bot.privacy.audit import Action, audit
from bot.text.normalise import clean
from bot.wakeups import DESK

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
NAME_CHARS = 64


class People:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.staff = desk.staff
        self.db, self.clock = desk.db, desk.clock

    @property
    def rules(self) -> Escalation:
        return self.desk.knowledge.escalation

    def listed(self) -> list[dict[str, Any]]:
        with self.db.transaction() as tx:
            return [self._shown(row) for row in tx.execute(sa.select(agents).order_by(agents.c.username))]

    def one(self, username: str) -> dict[str, Any]:
        """Raises NotFound."""
        with self.db.transaction() as tx:
            return self._shown(self._row(tx, username))

    def offered(self) -> dict[str, Any]:
        """What the forms offer: roles, skills with their names, the greatest limit."""
        skills = [{"id": id_, "label": label} for id_, label in self.rules.skills.items()]
        return {"roles": list(ROLES), "skills": skills, "limit": self.rules.agent_limit}

    def make(self, by: str, username: str, name: str, password: str, roles: Sequence[str] = ()) -> None:
        """Raises InvalidInput, Conflict (there is one of that name)."""
        if not USERNAME.fullmatch(username):
            why = "2 to 64 letters, digits, dots, lines; the first a letter or digit"
            raise InvalidInput(f"username: {why}", phrase="problem_people_username", field="username")
        values = self._checked({"name": name, "roles": roles})
        check(password, username, name)
        with self.db.transaction() as tx:
            if row_of(tx, username) is not None:
                raise Conflict("there is an account of that name", phrase="problem_people_taken")
            self.staff.insert(tx, username, values["name"], password, tuple(values["roles"]))
            self._record(tx, by, Action.ACCOUNT_CREATED, username, values)

    def change(self, by: str, username: str, values: Mapping[str, Any]) -> None:
        """`values`: any of name, roles, skills, limit. Raises InvalidInput, NotFound."""
        values = self._checked(values)
        with self._changed(username) as (tx, row):
            self._change(tx, by, row, values)

    def replace(self, by: str, username: str, name: str, password: str, roles: Sequence[str]) -> None:
        """Make the account, or give one that is there this name, this password and these roles."""
        with self.db.transaction() as tx:
            known = row_of(tx, username)
        if known is None:
            return self.make(by, username, name, password, roles)
        self._check_new(known, password, name)
        with self._changed(username) as (tx, row):
            self._change(tx, by, row, self._checked({"name": name, "roles": roles}))
            self._set(tx, by, username, password)

    def set_password(self, by: str, username: str, password: str) -> None:
        """Ends his sessions. Raises InvalidInput, NotFound."""
        with self.db.transaction() as tx:
            self._check_new(self._row(tx, username), password)
        with self._changed(username) as (tx, _):
            self._set(tx, by, username, password)

    def own_password(self, session: Session, old: str, new: str) -> None:
        """Ends his other sessions. Wrong old ones count as at the sign-in. Raises InvalidInput."""
        username = session.agent.username
        with self.db.transaction() as tx:
            row = self._row(tx, username, lock=True)
            fits = not self.staff.is_locked(row) and self.staff.passwords.fits(row.password_hash, old)
            if not self.staff.is_locked(row):
                self.staff.tried(tx, row, fits)
        if not fits:
            raise InvalidInput("not the old password", phrase="problem_password_old", field="old")
        self._check_new(row, new)
        with self.db.transaction() as tx:
            self._set(tx, username, username, new, session.token)

    def disable(self, by: str, username: str) -> None:
        """Nobody signs in under that name any more; his sessions end, his customers go back to the queue."""
        with self._changed(username) as (tx, row):
            if row.disabled_at is None:
                tx.execute(_of(username).values(disabled_at=self.clock.now(), presence="offline", seen_at=None))
                ended = self.staff.end_sessions(tx, username)
                self._record(tx, by, Action.ACCOUNT_DISABLED, username, {"sessions": ended})

    def enable(self, by: str, username: str) -> None:
        with self._changed(username) as (tx, row):
            if row.disabled_at is not None:
                tx.execute(_of(username).values(disabled_at=None))
                self._record(tx, by, Action.ACCOUNT_ENABLED, username)

    def unlock(self, by: str, username: str) -> None:
        """Too many wrong passwords are forgiven."""
        with self._changed(username) as (tx, row):
            if self.staff.is_locked(row) or row.failed:
                tx.execute(_of(username).values(failed=0, locked_until=None))
                self._record(tx, by, Action.ACCOUNT_UNLOCKED, username)

    def sessions(self, username: str, token: str = "") -> list[dict[str, Any]]:
        """Newest first; `token`: of the session that asks. Raises NotFound."""
        of_his = (sessions.c.username == username, sessions.c.expires_at > self.clock.now())
        with self.db.transaction() as tx:
            self._row(tx, username)
            rows = tx.execute(sa.select(sessions).where(*of_his).order_by(sessions.c.created_at.desc())).all()
        return [
            {
                "id": row.id,
                "created_at": rfc3339(row.created_at),
                "seen_at": rfc3339(row.seen_at),
                "browser": row.agent,
                "current": self.staff.is_of(row, token),
            }
            for row in rows
        ]

    def end(self, by: str, username: str, id_: str) -> None:
        """End one session. Raises NotFound."""
        with self._changed(username) as (tx, _):
            if not (id_.isprintable() and self.staff.end_sessions(tx, username, sessions.c.id == id_)):
                raise NotFound("no such session")
            self._record(tx, by, Action.SESSION_ENDED, username, {"session": id_})

    # inside

    def _shown(self, row: Any) -> dict[str, Any]:
        here = row.seen_at is not None and (self.clock.now() - row.seen_at).total_seconds() <= self.rules.lease_s
        return {
            "username": row.username,
            "name": row.name,
            "roles": list(row.roles),
            "skills": list(row.skills),
            "limit": row.limit,
            "presence": row.presence if here else "offline",
            "disabled": row.disabled_at is not None,
            "locked_until": rfc3339(row.locked_until) if self.staff.is_locked(row) else None,
            "password_at": rfc3339(row.password_at) if row.password_at else None,
        }

    def _checked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Raises InvalidInput that names the field."""
        found = dict(values)
        if "name" in found:
            found["name"] = " ".join(clean(found["name"]).split())
            if not 1 <= len(found["name"]) <= NAME_CHARS:
                raise InvalidInput(f"name: 1 to {NAME_CHARS} characters", field="name")
        for field, known in (("roles", ROLES), ("skills", tuple(self.rules.skills))):
            if field in found:
                found[field] = list(dict.fromkeys(found[field]))
                if not set(found[field]) <= set(known):
                    raise InvalidInput(f"{field}: any of {', '.join(known)}", field=field)
        if not 0 <= found.get("limit", 0) <= self.rules.agent_limit:
            raise InvalidInput(f"limit: 0 to {self.rules.agent_limit}", field="limit")
        return found

    def _check_new(self, row: Any, password: str, name: str | None = None) -> None:
        check(password, row.username, name or row.name)
        if self.staff.passwords.fits(row.password_hash, password):
            why = "the password is the one that he has"
            raise InvalidInput(why, phrase="problem_password_same", field="password")

    def _change(self, tx: Tx, by: str, row: Any, values: Mapping[str, Any]) -> None:
        had = {field: getattr(row, field) for field in values}
        new = {field: value for field, value in values.items() if had[field] != value}
        if new:
            tx.execute(_of(row.username).values(**new))
            action = Action.ROLES_CHANGED if "roles" in new else Action.ACCOUNT_CHANGED
            self._record(tx, by, action, row.username, {field: [had[field], new[field]] for field in new})

    def _set(self, tx: Tx, by: str, username: str, password: str, but: str = "") -> None:
        ended = self.staff.set_password(tx, username, password, but)
        self._record(tx, by, Action.PASSWORD_SET, username, {"sessions": ended})

    def _row(self, tx: Tx, username: str, lock: bool = False) -> Any:
        row = row_of(tx, username, lock)
        if row is None:
            raise NotFound("no such account")
        return row

    @contextmanager
    def _changed(self, username: str) -> Iterator[tuple[Tx, Any]]:
        """His row, locked. Afterwards the desk looks: who is gone keeps no customer, who has more room gets one."""
        with self.db.transaction() as tx:
            yield tx, self._row(tx, username, lock=True)
        self.desk.tick()
        self.desk.wakeups.notify(DESK)

    def _record(self, tx: Tx, by: str, action: Action, username: str, detail: Mapping[str, Any] | None = None) -> None:
        audit(tx, self.clock.now(), by, action, f"agent:{username}", detail)


def _of(username: str) -> Any:
    return agents.update().where(agents.c.username == username)
