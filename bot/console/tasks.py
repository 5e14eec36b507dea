"""The agents' API for what is to be done by a date, and for what they must know: tasks and alerts."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.clock import rfc3339
from bot.console.case_bodies import Nothing, PromiseMade, TaskDone
from bot.console.cases import Cases, hidden
from bot.console.signed_in import SignedIn
from bot.conversation import store as log
from bot.db import Tx
from bot.desk.staff import Staff
from bot.errors import InvalidInput, NotFound
from bot.http import page_asked, parse, reply
from bot.tickets import alerts, deadlines, recusal, store
from bot.tickets.deadlines import Deadline
from bot.tickets.listing import MOST, tasks_of
from bot.tickets.recusal import Officer
from bot.tickets.recused import kept_from
from bot.wakeups import DESK


class Tasks:
    def __init__(self, cases: Cases) -> None:
        self._cases = cases
        self._casework = cases.casework
        self._entering = cases.entering
        self._views = cases.views
        self._aftercare = cases.casework.aftercare
        self._clock = cases.casework.clock

    def listed(self, officer: Officer, state: str, mine: bool, limit: int, after: int | None) -> dict[str, Any]:
        with self._casework.db.transaction() as tx:
            kinds = [kind for kind in deadlines.TASKS if self._aftercare.kind_is_for(kind, officer)]
            where = [*tasks_of(officer, kinds, mine), *([] if after is None else [deadlines.behind(tx, after, state)])]
            kept = kept_from(tx, officer.username)
            found = deadlines.tasks(tx, state, self._clock.now(), *where)
            seen = list(islice((task for task in found if self._may_see(tx, officer, task, kept)), limit + 1))
            more = seen[limit - 1].id if len(seen) > limit else None
            return {"tasks": self._views.tasks(tx, seen[:limit]), "next": more}

    def take(self, officer: Officer, id_: int) -> None:
        with self._casework.db.transaction() as tx:
            self._aftercare.take(tx, self._task(tx, officer, id_), officer, self._clock.now())
        self._casework.conversations.wakeups.notify(DESK)

    def done(self, officer: Officer, id_: int, body: TaskDone) -> None:
        answers = {
            name: hidden(value) if isinstance(value, str) else value for name, value in (body.answers or {}).items()
        }
        note = hidden(body.note)
        said: dict[str, Any] = {"override": None, "confirmed": body.confirmed}
        with self._casework.db.transaction() as tx:
            task = self._task(tx, officer, id_)
            chat = store.case(tx, task.number).conversation_id if task.number else None
        spoken = task.kind == "feedback" and chat is not None  # its note goes to the customer
        about = f"{task.number} {task.kind}"
        guarded = self._cases.spoken(officer, str(chat), about, {"note": note}, said) if spoken else nullcontext()
        with guarded, self._casework.db.transaction() as tx:
            task = self._task(tx, officer, id_)
            self._aftercare.done(tx, task, officer, self._clock.now(), note, answers if body.answers else None, **said)
        self._casework.conversations.wakeups.notify(DESK)

    def promise(self, officer: Officer, body: PromiseMade) -> int:
        """The same promise to the same customer makes one task, however often it is sent."""
        if body.due_at.tzinfo is None:
            raise InvalidInput("a moment needs its offset", field="due_at")
        with self._casework.db.transaction() as tx:
            self._entering.check_talks(tx, officer, body.conversation_id)
            text = hidden(body.text)
            said = "\0".join((officer.username, body.conversation_id, text, body.due_at.isoformat()))
            made = hashlib.sha256(said.encode()).hexdigest()[:32]
            now: datetime = self._clock.now()
            self._aftercare.promise(tx, officer, now, text, body.due_at, key=made, conversation_id=body.conversation_id)
            return deadlines.by_key(tx, f"promise/{made}").id

    def alerts(self, officer: Officer, limit: int, after: int | None) -> dict[str, Any]:
        with self._casework.db.transaction() as tx:
            found, more = alerts.page(tx, officer, self._clock.now(), limit, after)
            shown = [
                {
                    "id": row.id,
                    "at": rfc3339(row.at),
                    "number": row.number,
                    "conversation_id": row.conversation_id,
                    "kind": row.kind,
                    "level": row.level,
                    "text": row.text,
                }
                for row in found
            ]
            return {"alerts": shown, "next": more}

    def see(self, officer: Officer, id_: int) -> None:
        with self._casework.db.transaction() as tx:
            alerts.see(tx, officer, id_, self._clock.now())

    def _task(self, tx: Tx, officer: Officer, id_: int) -> Deadline:
        task = deadlines.get(tx, id_)
        if not task.task or not self._may_see(tx, officer, task, kept_from(tx, officer.username)):
            raise NotFound("no such task")
        return task

    def _may_see(self, tx: Tx, officer: Officer, task: Deadline, kept: Collection[str]) -> bool:
        """His own; what his role is for; and, for those above, all; but nothing that is kept from him."""
        if task.number is None:
            return task.conversation_id not in kept and (officer.heads or self._is_his(officer, task))
        case = store.case(tx, task.number)
        holder = log.get(tx, case.conversation_id).holder
        if case.conversation_id in kept:
            return False
        if task.person is None and self._aftercare.kind_is_for(task.kind, officer):
            return True
        return recusal.may_see(officer, case, kept, holder, [task.person] if task.person else ())

    def _is_his(self, officer: Officer, task: Deadline) -> bool:
        free = task.person is None
        return self._aftercare.kind_is_for(task.kind, officer) if free else task.person == officer.username


def blueprint(tasks: Tasks, staff: Staff) -> Blueprint:
    api = Blueprint("desk-tasks", url_prefix="/api/desk")
    officer = SignedIn(staff).officer

    @api.get("/tasks")
    async def listed(request: Request) -> HTTPResponse:
        who = await officer(request)
        state, owner = request.args.get("state", "open"), request.args.get("owner", "me")
        if state not in (deadlines.OPEN, deadlines.DONE) or owner not in ("me", "all"):
            raise InvalidInput("state is open or done, owner me or all", field="state")
        return reply(await asyncio.to_thread(tasks.listed, who, state, owner == "me", *page_asked(request, MOST)))

    @api.post("/tasks")
    async def promise(request: Request) -> HTTPResponse:
        who = await officer(request)
        return reply({"id": await asyncio.to_thread(tasks.promise, who, parse(request, PromiseMade))}, 201)

    @api.post("/tasks/<id_:int>/take")
    async def take(request: Request, id_: int) -> HTTPResponse:
        who = await officer(request)
        parse(request, Nothing)
        await asyncio.to_thread(tasks.take, who, id_)
        return reply({})

    @api.post("/tasks/<id_:int>/done")
    async def done(request: Request, id_: int) -> HTTPResponse:
        who = await officer(request)
        await asyncio.to_thread(tasks.done, who, id_, parse(request, TaskDone))
        return reply({})

    @api.get("/alerts")
    async def warned(request: Request) -> HTTPResponse:
        who = await officer(request)
        return reply(await asyncio.to_thread(tasks.alerts, who, *page_asked(request, alerts.SHOWN)))

    @api.post("/alerts/<id_:int>/seen")
    async def seen(request: Request, id_: int) -> HTTPResponse:
        who = await officer(request)
        parse(request, Nothing)
        await asyncio.to_thread(tasks.see, who, id_)
        return reply({})

    return api
