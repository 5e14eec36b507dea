"""A complaint that runs without a clock of progress gets one: it was opened before there were any, or before the bank
wrote an interval for its level (003-13)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.db import Database
from bot.tickets import deadlines, store
from bot.tickets.acts import LIVING
from bot.tickets.clockwork import Clockwork
from bot.tickets.model import Kind
from bot.tickets.tables import cases
from bot.tickets.tables import deadlines as due


class Informing:
    def __init__(self, db: Database, clockwork: Clockwork) -> None:
        self.db = db
        self.clockwork = clockwork

    def look(self, now: datetime) -> int:
        """Each case in a transaction of its own; gives how many got one. A second worker doubles nothing."""
        levels = [one.severity for one in self.clockwork.rules.slas if one.progress_notice_wd or one.progress_notice_h]
        if not levels:
            return 0
        has = sa.exists().where(
            due.c.number == cases.c.number, due.c.kind == deadlines.PROGRESS, due.c.round == cases.c.round
        )
        living = cases.c.state.in_([state.value for state in LIVING])
        complaint = sa.and_(cases.c.kind == Kind.COMPLAINT.name, cases.c.severity.in_(levels))
        with self.db.transaction() as tx:
            numbers = list(tx.execute(sa.select(cases.c.number).where(living, complaint, ~has)).scalars())
        return sum(self._begin(number, now) for number in numbers)

    def _begin(self, number: str, now: datetime) -> bool:
        with self.db.transaction() as tx:
            case = store.for_act(tx, number)
            return case.state in LIVING and self.clockwork.inform(tx, case, now)
