"""What somebody holds of what is kept from him goes back: cases to the queue, tasks to the owner or the queue (L1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from bot.db import Database, Tx
from bot.knowledge import Knowledge
from bot.tickets import alerts, deadlines, store
from bot.tickets.alerts import Alert
from bot.tickets.customers import conversations_of
from bot.tickets.model import ENDED, Case, CaseEvent, CaseState, Kind
from bot.tickets.recused import accused_now, cases_about, kept_from
from bot.tickets.tables import cases
from bot.tickets.tables import deadlines as due

GIVEN_BACK = "given_back"  # what the history calls it
_NUMBERS = sa.select(due.c.number).where(due.c.state == deadlines.OPEN)  # of cases in which something runs


def hand_on(tx: Tx, case: Case, usernames: Collection[str]) -> bool:
    """What they had to do in it, and be warned of, is the owner's, or nobody's yet. True where there was something."""
    tasks = [task for task in deadlines.running(tx, case.number) if task.person in usernames]
    for task in tasks:
        deadlines.reschedule(tx, task, person=case.owner_user)
    alerts.hand_on(tx, usernames, case.owner_user, number=case.number)
    return bool(tasks)


def give_back(
    tx: Tx, knowledge: Knowledge, case: Case, actor: str, at: datetime, phrase: str = "alert_recused"
) -> Case:
    """Its owner has it no more, and nobody yet instead of him."""
    owner = str(case.owner_user)
    taken = case.kind is Kind.CALLBACK and case.state is CaseState.ASSIGNED
    after = replace(case, owner_user=None, state=CaseState.NEW if taken else case.state)
    case = store.change_case(tx, case, after, CaseEvent(at, actor, GIVEN_BACK, {"owner": owner}))
    warn(tx, knowledge, case, at, phrase)
    hand_on(tx, case, [owner])
    return case


def warn(tx: Tx, knowledge: Knowledge, case: Case, at: datetime, phrase: str = "alert_recused") -> None:
    """Supervisors: somebody else must take it."""
    text = knowledge.phrase(phrase, number=case.number)[0]
    alerts.give(tx, Alert(f"recused/{case.number}/{case.version}", "recused", "supervisor", text, case.number), at)


class GivingBack:
    """What the worker does about it, whenever it was found to be kept from him. A second worker doubles nothing."""

    def __init__(self, db: Database, knowledge: Knowledge) -> None:
        self.db = db
        self.knowledge = knowledge

    def look(self, now: datetime) -> int:
        """Each case, and each task without one, in a transaction of its own; gives how many went back."""
        with self.db.transaction() as tx:
            held = [(user, *_held(tx, user)) for user in accused_now(tx)]
        given = sum(self._case(user, number, now) for user, numbers, _ in held for number in numbers)
        return given + sum(self._task(user, id_, now) for user, _, ids in held for id_ in ids)

    def _case(self, user: str, number: str, now: datetime) -> bool:
        with self.db.transaction() as tx:
            case = store.for_act(tx, number)
            if case.conversation_id not in kept_from(tx, user):
                return False
            if case.owner_user == user:
                give_back(tx, self.knowledge, case, "system", now)
            elif hand_on(tx, case, [user]):
                store.add_event(tx, number, CaseEvent(now, "system", GIVEN_BACK, {"owner": user}))
            else:
                return False
            return True

    def _task(self, user: str, id_: int, now: datetime) -> bool:
        """Of no case, such as a promise in a chat: the history of the complaints about him says that it went back."""
        with self.db.transaction() as tx:
            task, _ = deadlines.for_act(tx, id_)
            if not task.open or task.person != user or task.conversation_id not in kept_from(tx, user):
                return False
            chat = str(task.conversation_id)
            deadlines.reschedule(tx, task, person=None)
            alerts.hand_on(tx, [user], None, conversation_id=chat)
            text = self.knowledge.phrase("alert_recused", number=task.text[:40])[0]
            alerts.give(tx, Alert(f"recused/{task.key}", "recused", "supervisor", text, conversation_id=chat), now)
            same = conversations_of(tx, {chat})
            for number in [row.number for row in cases_about(tx, user) if row.conversation_id in same]:
                detail = {"owner": user, "text": task.text}
                store.add_event(tx, number, CaseEvent(now, "system", GIVEN_BACK, detail))
            return True


def _held(tx: Tx, user: str) -> tuple[list[str], list[int]]:
    """Numbers of cases that are his, or in which he has something to do; ids of tasks without a case."""
    his = due.c.person == user
    going_on = sa.or_(cases.c.state.notin_([state.value for state in ENDED]), cases.c.number.in_(_NUMBERS))
    mine = sa.or_(sa.and_(cases.c.owner_user == user, going_on), cases.c.number.in_(_NUMBERS.where(his)))
    found = tx.execute(sa.select(cases.c.number, cases.c.conversation_id).where(mine).order_by(cases.c.number)).all()
    chats = tx.execute(
        sa.select(due.c.id, due.c.conversation_id).where(his, due.c.state == deadlines.OPEN, due.c.number.is_(None))
    ).all()
    kept = kept_from(tx, user) if found or chats else set()
    return [r.number for r in found if r.conversation_id in kept], [r.id for r in chats if r.conversation_id in kept]
