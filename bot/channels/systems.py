"""Complaints from other systems of the bank (001-09): one POST opens a case, or joins it to the one that is there.

Each system has a token of its own, and stands in the record under its name. Errors are problem details as everywhere.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.clock import rfc3339
from bot.console.case_bodies import Entered, entry_of
from bot.db import Tx
from bot.errors import InvalidInput, NotFound, Unauthorized
from bot.http import bearer, idempotency_key, parse, reply
from bot.ratelimit import Rate, RateLimiter
from bot.tickets import store
from bot.tickets.entering import Entering
from bot.tickets.model import API, Case

ENTERING = Rate(burst=30, per_minute=120)


def blueprint(entering: Entering, tokens: Mapping[str, str], limiter: RateLimiter) -> Blueprint:
    api = Blueprint("systems", url_prefix="/api/tickets")

    def system(request: Request) -> str:
        """Raises Unauthorized. All tokens are compared, in the same time."""
        given = bearer(request).encode(errors="surrogatepass")
        found = [name for name, token in tokens.items() if hmac.compare_digest(token.encode(), given)]
        if not found:
            raise Unauthorized()
        return found[0]

    @api.post("/")
    async def enter(request: Request) -> HTTPResponse:
        name = system(request)
        limiter.take("systems", name, ENTERING)
        key, body = idempotency_key(request), parse(request, Entered)
        if body.conversation_id is not None:
            raise InvalidInput("a chat is the desk's to enter from", field="conversation_id")
        opened = await asyncio.to_thread(entering.enter, entry_of(body, API), key, name)
        return reply({**_told(opened.case), "joined": opened.joined, "why": opened.why}, 201)

    @api.get("/<number:str>")
    async def status(request: Request, number: str) -> HTTPResponse:
        name = system(request)
        limiter.take("systems", name, ENTERING)

        def read() -> dict[str, Any]:
            with entering.db.transaction() as tx:
                return _told(_own(tx, number, name))

        return reply(await asyncio.to_thread(read))

    return api


def _own(tx: Tx, number: str, system: str) -> Case:
    """A system reads what it has entered or added to, and nothing else. Raises NotFound."""
    case = store.case(tx, number)
    if system not in {event.actor for event in store.events_of(tx, number) if event.action in ("opened", "joined")}:
        raise NotFound("no such case")
    return case


def _told(case: Case) -> dict[str, Any]:
    return {
        **case.shown(),
        "state": case.state.value,
        "first_response_due": rfc3339(case.respond_by),
        "provisional": case.provisional,
    }
