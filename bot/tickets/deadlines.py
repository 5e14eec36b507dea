"""Due times as rows: the clocks of a case, the tasks of its aftercare, promises. All in the caller's transaction.

What was missed stays missed: `breached_at` is written once and by nothing taken back (002-50).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa

from bot.conversation import store as log
from bot.db import Tx, insert_new, locked
from bot.errors import Conflict, NotFound
from bot.tickets import store
from bot.tickets.model import Case
from bot.tickets.tables import cases, deadlines

OPEN, DONE, VOID = "open", "done", "void"
TASKS = frozenset(
    {"tell", "report", "visit", "final", "points", "feedback", "apology", "promise", "subtask", "improvement"}
)  # what a person finishes on the list of tasks; the other clocks end with an act on the case
PROGRESS = "progress"  # the one clock that the house keeps itself: nobody is late for it
PAGE = 200
_D = deadlines.c


@dataclass(frozen=True)
class Deadline:
    """One row. `nominal_at` is where it would end without pauses and without the regulator's cap."""

    key: str
    kind: str
    starts_at: datetime
    due_at: datetime
    nominal_at: datetime
    opens_at: datetime
    number: str | None = None
    conversation_id: str | None = None
    round: int = 1
    elapsed: bool = False
    provisional: bool = False
    state: str = OPEN
    level: int = 0
    next_at: datetime | None = None
    breached_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    person: str | None = None
    text: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0

    @property
    def open(self) -> bool:
        return self.state == OPEN

    @property
    def task(self) -> bool:
        return self.kind in TASKS

    @property
    def still(self) -> bool:
        """It waits for the customer."""
        return self.open and self.next_at is None and self.breached_at is None

    def missed(self, at: datetime) -> bool:
        """The due moment is the first that is too late: what is due by 17:30 is done before it."""
        open_ = self.open and not self.still and self.kind != PROGRESS
        return self.breached_at is not None or (open_ and self.due_at <= at)


def add(tx: Tx, deadline: Deadline) -> bool:
    """False: there is one for this key already, perhaps made at this very moment by somebody else."""
    values = {name: value for name, value in vars(deadline).items() if name != "id"}
    return insert_new(tx, deadlines, **{**values, "detail": dict(deadline.detail)})


def get(tx: Tx, id_: int, lock: bool = False) -> Deadline:
    """Raises NotFound."""
    statement = sa.select(deadlines).where(_D.id == id_)
    row = tx.execute(locked(tx, statement) if lock else statement).one_or_none()
    if row is None:
        raise NotFound("no such task")
    return _deadline(row)


def for_act(tx: Tx, id_: int) -> tuple[Deadline, Case | None]:
    """As it is now, and locked: the customer's conversation, the case, then the row. Raises NotFound."""
    found = get(tx, id_)
    case = store.for_act(tx, found.number) if found.number else None
    if case is None and found.conversation_id:
        log.get(tx, found.conversation_id, lock=True)
    return get(tx, id_, lock=True), case


def by_key(tx: Tx, key: str) -> Deadline:
    return _deadline(tx.execute(sa.select(deadlines).where(_D.key == key)).one())


def of_case(tx: Tx, number: str) -> list[Deadline]:
    """Everything that ever ran for it, in the order in which it began."""
    return ever_of_cases(tx, [number])


def of_cases(tx: Tx, numbers: Collection[str]) -> list[Deadline]:
    """What runs now in these cases, what ends first standing first."""
    return _all(tx, sa.select(deadlines).where(_D.number.in_(numbers), _D.state == OPEN).order_by(_D.due_at, _D.id))


def ever_of_cases(tx: Tx, numbers: Collection[str]) -> list[Deadline]:
    """Everything that ever ran for these cases, in the order in which it began."""
    return _all(tx, sa.select(deadlines).where(_D.number.in_(numbers)).order_by(_D.starts_at, _D.id))


def running(tx: Tx, number: str, *kinds: str) -> list[Deadline]:
    statement = sa.select(deadlines).where(_D.number == number, _D.state == OPEN)
    return _all(tx, (statement.where(_D.kind.in_(kinds)) if kinds else statement).order_by(_D.due_at, _D.id))


def tasks(tx: Tx, state: str, at: datetime, *where: sa.sql.ColumnElement) -> Iterator[Deadline]:
    """Open: what may be begun now, what is due first standing first. Ended: newest first.

    Read page by page, for as long as more are asked for: who may not see all of them finds his own behind them.
    """
    statement = sa.select(deadlines).where(_D.kind.in_(TASKS), _D.state == state, *where)
    if state == OPEN:
        statement = statement.where(_D.opens_at <= at).order_by(_D.due_at, _D.id)
    else:
        statement = statement.order_by(_D.done_at.desc(), _D.id.desc())
    for start in count(0, PAGE):
        page = _all(tx, statement.limit(PAGE).offset(start))
        yield from page
        if len(page) < PAGE:
            return


def behind(tx: Tx, id_: int, state: str) -> sa.sql.ColumnElement:
    """What stands behind that task in `tasks`. Raises NotFound."""
    last = get(tx, id_)
    if state == OPEN:
        return sa.or_(_D.due_at > last.due_at, sa.and_(_D.due_at == last.due_at, _D.id > id_))
    return sa.or_(_D.done_at < last.done_at, sa.and_(_D.done_at == last.done_at, _D.id < id_))


def provisional(tx: Tx) -> list[tuple[str, int]]:
    """Number and version of the cases that wait for a year's calendar."""
    waits = sa.select(_D.number).where(_D.state == OPEN, _D.provisional.is_(True))
    statement = sa.select(cases.c.number, cases.c.version).where(cases.c.number.in_(waits)).order_by(cases.c.number)
    return [(row.number, row.version) for row in tx.execute(statement)]


def due(tx: Tx, at: datetime, limit: int = 100) -> list[int]:
    """Ids of what the worker must look at."""
    statement = sa.select(_D.id).where(_D.state == OPEN, _D.next_at <= at).order_by(_D.next_at, _D.id).limit(limit)
    return [row.id for row in tx.execute(statement)]


def meet(tx: Tx, deadline: Deadline, at: datetime, by: str, **detail: Any) -> bool:
    """It is done. True where it was too late, which is then on record. Raises Conflict: somebody was faster."""
    late = deadline.due_at <= at
    values: dict[str, Any] = {
        "state": DONE,
        "done_at": at,
        "done_by": by,
        "next_at": None,
        "detail": {**deadline.detail, **detail},
    }
    if late and deadline.breached_at is None:
        values["breached_at"] = deadline.due_at
    _change(tx, deadline, values)
    return late and deadline.breached_at is None


def reopen(tx: Tx, deadline: Deadline, next_at: datetime | None) -> None:
    """It was not done after all."""
    values = {"state": OPEN, "done_at": None, "done_by": None, "next_at": next_at}
    tx.execute(deadlines.update().where(_D.id == deadline.id, _D.state == DONE).values(**values))


def void(tx: Tx, deadline: Deadline, at: datetime, why: str) -> bool:
    """It is not to be done any more. True where it was missed before, and nobody knew: it stays missed."""
    values: dict[str, Any] = {"state": VOID, "done_at": at, "next_at": None, "detail": {**deadline.detail, "void": why}}
    late = deadline.missed(at) and deadline.breached_at is None
    if late:
        values["breached_at"] = deadline.due_at
    _change(tx, deadline, values)
    return late


def reached(tx: Tx, deadline: Deadline, level: int, next_at: datetime | None, breached_at: datetime | None) -> bool:
    """The worker has warned of `level` percent. False: another worker has."""
    values = {"level": level, "next_at": next_at, "breached_at": deadline.breached_at or breached_at}
    where = sa.and_(_D.id == deadline.id, _D.state == OPEN, _D.level == deadline.level)
    return bool(tx.execute(deadlines.update().where(where).values(**values)).rowcount == 1)


def reschedule(tx: Tx, deadline: Deadline, **values: Any) -> Deadline:
    """Another due time, another person. Raises Conflict."""
    _change(tx, deadline, values)
    return replace(deadline, **values)


def _change(tx: Tx, deadline: Deadline, values: Mapping[str, Any]) -> None:
    where = sa.and_(_D.id == deadline.id, _D.state == OPEN)
    if tx.execute(deadlines.update().where(where).values(**values)).rowcount != 1:
        raise Conflict(phrase="problem_task_done")


def _all(tx: Tx, statement: sa.sql.Select) -> list[Deadline]:
    return [_deadline(row) for row in tx.execute(statement)]


def _deadline(row: sa.engine.Row) -> Deadline:
    return Deadline(**row._mapping)


def last_of(found: Sequence[Deadline], kind: str) -> Deadline | None:
    """The last one of its kind."""
    return next((one for one in reversed(found) if one.kind == kind), None)
