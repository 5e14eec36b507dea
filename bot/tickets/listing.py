"""Lists of cases and tasks as officers ask for them. What somebody may not see is not in his lists."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from bot.clock import BEIJING, day_of
from bot.conversation.tables import conversations
from bot.db import Tx
from bot.tickets import recusal
from bot.tickets.deadlines import OPEN, PROGRESS
from bot.tickets.model import ENDED, Case, Kind
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from
from bot.tickets.store import case_of
from bot.tickets.tables import cases, deadlines

MOST = 200  # a page
_C, _D = cases.c, deadlines.c


@dataclass(frozen=True)
class Filter:
    """Empty fields ask for everything. `after`: the number with which the former page ended."""

    state: str = "open"  # open | ended | all
    kind: str = ""
    severity: str = ""
    owner: str = ""  # me | none | a username
    due: str = ""  # overdue | today | week
    channel: str = ""
    q: str = ""
    after: str = ""
    limit: int = 50


def search(tx: Tx, officer: Officer, asked: Filter, now: datetime) -> tuple[list[Case], str | None]:
    """A page, and the number to go on after; None at the end. Open: what is due first; else the newest first."""
    limit = max(1, min(asked.limit, MOST))
    statement = sa.select(cases, conversations.c.holder.label("holder")).join(
        conversations, conversations.c.id == _C.conversation_id
    )
    for condition in _conditions(officer, asked, now):
        statement = statement.where(condition)
    first = _C.due_at if asked.state == "open" else _C.opened_at
    if asked.after:
        statement = statement.where(_behind(asked, first))
    order = (first, _C.number) if asked.state == "open" else (first.desc(), _C.number.desc())
    helped, kept = _helped(tx, officer), kept_from(tx, officer.username)
    found: list[Case] = []
    for row in tx.execute(statement.order_by(*order)):
        case = case_of({name: value for name, value in row._mapping.items() if name != "holder"})
        helps = [officer.username] if case.number in helped else []
        if recusal.may_see(officer, case, kept, row.holder, helps):
            found.append(case)
        if len(found) > limit:
            return found[:limit], found[limit - 1].number
    return found, None


def tasks_of(officer: Officer, kinds: Collection[str], mine: bool) -> list[sa.sql.ColumnElement]:
    """Which tasks he may see, but for those that are kept from him: his own, what nobody has yet of the `kinds` for
    him; unless only `mine` are asked for, those of cases that he may see, too."""
    his = sa.or_(_D.person == officer.username, sa.and_(_D.person.is_(None), _D.kind.in_(kinds)))
    if mine:
        return [his]
    if officer.heads:
        return []
    held = sa.select(conversations.c.id).where(conversations.c.holder == officer.username)
    seen = [_C.kind == Kind.CALLBACK.name, _C.owner_user == officer.username, _C.conversation_id.in_(held)]
    if officer.has(recusal.HANDLER):
        seen.append(_C.owner_user.is_(None))
    return [sa.or_(his, _D.number.in_(sa.select(_C.number).where(sa.or_(*seen))))]


def _conditions(officer: Officer, asked: Filter, now: datetime) -> list[sa.sql.ColumnElement]:
    ended = [state.value for state in ENDED]
    where: list[sa.sql.ColumnElement] = []
    if asked.state != "all":
        where.append(_C.state.in_(ended) if asked.state == "ended" else _C.state.notin_(ended))
    if asked.kind:
        where.append(_C.kind == (Kind.CALLBACK if asked.kind == "callback" else Kind.COMPLAINT).name)
    for column, value in ((_C.severity, asked.severity), (_C.channel, asked.channel)):
        if value:
            where.append(column == value)
    if asked.owner:
        none = _C.owner_user.is_(None)
        who = officer.username if asked.owner == "me" else asked.owner
        where.append(none if asked.owner == "none" else _C.owner_user == who)
    if asked.due:
        until = {"overdue": now, "today": _end_of(now, 0), "week": _end_of(now, 7)}[asked.due]
        waits = sa.and_(_D.next_at.is_(None), _D.breached_at.is_(None))  # for the customer: not late
        running = (_D.state == OPEN, _D.number.isnot(None), _D.kind != PROGRESS)
        late = sa.select(_D.number).where(*running, _D.due_at <= until, ~waits)
        where.append(_C.number.in_(late))
    if asked.q:
        words = asked.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{words}%"
        where.append(sa.or_(_C.number.ilike(like, escape="\\"), _C.facts.ilike(like, escape="\\")))
    return where


def _behind(asked: Filter, first: sa.Column) -> sa.sql.ColumnElement:
    """What stands behind the case with which the former page ended, also where that has left the list since."""
    place = sa.select(first).where(_C.number == asked.after).scalar_subquery()
    same = first == place
    if asked.state == "open":
        return sa.or_(first > place, sa.and_(same, _C.number > asked.after))
    return sa.or_(first < place, sa.and_(same, _C.number < asked.after))


def _end_of(now: datetime, days: int) -> datetime:
    return datetime.combine(day_of(now) + timedelta(days=days), time(23, 59, 59), BEIJING)


def _helped(tx: Tx, officer: Officer) -> set[str]:
    rows = tx.execute(sa.select(_D.number).where(_D.state == OPEN, _D.person == officer.username))
    return {row.number for row in rows if row.number}
