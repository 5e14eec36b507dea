"""The agents' API for open cases: what is to be done by when, who does it, and how the customer is reached."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import constr
from sanic import Blueprint, HTTPResponse, Request

from bot.clock import rfc3339
from bot.console.signed_in import SignedIn
from bot.conversation import store as log
from bot.conversation.model import Conversation
from bot.conversation.service import Conversations
from bot.db import Tx
from bot.desk.staff import Agent, Staff
from bot.errors import Forbidden, InvalidInput
from bot.http import Body, parse, reply
from bot.text.mask import mask
from bot.text.normalise import clean
from bot.tickets import Case, Kind, Tickets
from bot.tickets import store as tickets_store
from bot.tickets.work import overdue, told
from bot.wakeups import DESK


class Nothing(Body):
    pass


class Done(Body):
    note: constr(strip_whitespace=True, min_length=1, max_length=1000)  # type: ignore[valid-type]


def may_work(agent: Agent, kind: Kind, holder: str | None) -> bool:
    """Callbacks are everybody's. A complaint is for who talks with that customer now, and for supervisors (000-58)."""
    return kind is Kind.CALLBACK or agent.supervisor or holder == agent.username


class Cases:
    """What an agent does with open cases. Each deed and the check that he may stand in one transaction."""

    def __init__(self, tickets: Tickets, conversations: Conversations, staff: Staff) -> None:
        self._tickets = tickets
        self._conversations = conversations
        self._staff = staff

    def open(self, agent: Agent) -> list[dict[str, Any]]:
        with self._tickets.db.transaction() as tx:
            cases = self._tickets.open_cases(tx)
            takers = tickets_store.taken_by(tx, [case.number for case in cases])
            return [self._shown(tx, agent, case, takers.get(case.number)) for case in cases]

    def contact(self, agent: Agent, number: str) -> str | None:
        with self._work(agent, number) as (tx, _):
            return self._tickets.reveal_contact(tx, number, agent.username, self._tickets.clock.now())

    def take(self, agent: Agent, number: str) -> None:
        with self._work(agent, number) as (tx, _):
            self._tickets.take(tx, number, agent.username)

    def done(self, agent: Agent, number: str, note: str) -> None:
        with self._work(agent, number) as (tx, conversation):
            self._tickets.called_back(tx, number, agent.username, mask(clean(note)).text)
            left = tickets_store.cases_in(tx, [conversation.id])
            if not any(case.kind is Kind.CALLBACK and not case.ended for case in left):
                self._conversations.called_back(tx, conversation.id)

    @contextmanager
    def _work(self, agent: Agent, number: str) -> Iterator[tuple[Tx, Conversation]]:
        """The customer's conversation, locked. Raises NotFound, Forbidden. Who watches is woken after the commit."""
        with self._tickets.db.transaction() as tx:
            case = tickets_store.case(tx, number)
            conversation = log.get(tx, case.conversation_id, lock=True)
            if not may_work(agent, case.kind, conversation.holder):
                raise Forbidden(phrase="problem_case_role")
            yield tx, conversation
        self._conversations.wakeups.notify(conversation.id, DESK)

    def _shown(self, tx: Tx, agent: Agent, case: Case, taker: str | None) -> dict[str, Any]:
        callback = case.kind is Kind.CALLBACK
        return {
            "number": case.number,
            "kind": case.kind.name.lower(),
            "severity": case.severity.value,
            "repeat": case.repeat,
            "state": case.state.value,
            "owner": case.owner_queue,
            "due": rfc3339(case.due_at),
            "first_response_due": rfc3339(case.respond_by),
            "provisional": case.provisional,
            "conversation_id": case.conversation_id,
            "overdue": overdue(case, self._tickets.clock.now()),
            "facts": told(log.read(tx, case.conversation_id)) if callback else case.facts,
            "reason": self._conversations.handoff.rules.reasons[case.reason] if case.reason else None,
            "taken_by": self._staff.name(tx, taker) if taker else None,
            "mine": taker == agent.username,
            "may_work": may_work(agent, case.kind, log.get(tx, case.conversation_id).holder),
        }


def blueprint(cases: Cases, staff: Staff) -> Blueprint:
    api = Blueprint("desk-cases", url_prefix="/api/desk/tickets")
    signed_in = SignedIn(staff)

    @api.get("/")
    async def listed(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        if request.args.get("state", "open") != "open":
            raise InvalidInput("only state=open is listed here", field="state")
        return reply({"tickets": await asyncio.to_thread(cases.open, session.agent)})

    @api.post("/<number:str>/contact")
    async def contact(request: Request, number: str) -> HTTPResponse:
        session = await signed_in(request)
        parse(request, Nothing)
        return reply({"contact": await asyncio.to_thread(cases.contact, session.agent, number)})

    @api.post("/<number:str>/take")
    async def take(request: Request, number: str) -> HTTPResponse:
        session = await signed_in(request)
        parse(request, Nothing)
        await asyncio.to_thread(cases.take, session.agent, number)
        return reply({})

    @api.post("/<number:str>/done")
    async def done(request: Request, number: str) -> HTTPResponse:
        session = await signed_in(request)
        note = parse(request, Done).note
        await asyncio.to_thread(cases.done, session.agent, number, note)
        return reply({})

    return api
