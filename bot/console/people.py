"""The agents' API for accounts and sessions, and for the audit log, which is only ever read."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

from sanic import Blueprint, HTTPResponse, Request

from bot.clock import rfc3339
from bot.console.bodies import Account, AccountChange, NewPassword, OwnPassword
from bot.console.case_bodies import Nothing
from bot.console.signed_in import SignedIn
from bot.desk.people import People
from bot.desk.rights import Act
from bot.desk.staff import Session
from bot.errors import Conflict, Forbidden, InvalidInput
from bot.http import page_asked, parse, reply
from bot.privacy.audit import Entry, page
from bot.ratelimit import Rate, RateLimiter

OWN_PASSWORD = Rate(burst=5, per_minute=5)
SKILLS = {"skills", "limit"}
WITHHELD = {"text"}  # an agent's words to a customer are not for who keeps the accounts


def blueprint(people: People, limiter: RateLimiter) -> Blueprint:
    api = Blueprint("desk-people", url_prefix="/api/desk")
    signed_in = SignedIn(people.staff)

    @api.get("/people")
    async def listed(request: Request) -> HTTPResponse:
        await signed_in(request)
        return reply({"people": await asyncio.to_thread(people.listed), "offered": people.offered()})

    @api.post("/people")
    async def make(request: Request) -> HTTPResponse:
        by = (await signed_in(request)).agent.username
        new = parse(request, Account)
        await asyncio.to_thread(people.make, by, new.username, new.name, new.password, new.roles)
        return reply(await asyncio.to_thread(people.one, new.username), 201)

    @api.get("/people/<username:str>")
    async def one(request: Request, username: str) -> HTTPResponse:
        await signed_in(request)
        return reply(await asyncio.to_thread(people.one, unquote(username)))

    @api.patch("/people/<username:str>")
    async def change(request: Request, username: str) -> HTTPResponse:
        session, username = await signed_in(request), unquote(username)
        values = parse(request, AccountChange).dict(exclude_none=True)
        if not (session.agent.may(Act.PEOPLE) or set(values) <= SKILLS):
            raise Forbidden()
        if "roles" in values:
            _another(session, username)
        await asyncio.to_thread(people.change, session.agent.username, username, values)
        return reply(await asyncio.to_thread(people.one, username))

    @api.post("/people/<username:str>/password")
    async def password(request: Request, username: str) -> HTTPResponse:
        session, username = await signed_in(request), unquote(username)
        new = parse(request, NewPassword).password
        _another(session, username)
        await asyncio.to_thread(people.set_password, session.agent.username, username, new)
        return reply({})

    async def done(request: Request, username: str, name: str) -> HTTPResponse:
        session, username = await signed_in(request), unquote(username)
        parse(request, Nothing)
        _another(session, username)
        await asyncio.to_thread(getattr(people, name), session.agent.username, username)
        return reply(await asyncio.to_thread(people.one, username))

    @api.post("/people/<username:str>/disable")
    async def disable(request: Request, username: str) -> HTTPResponse:
        return await done(request, username, "disable")

    @api.post("/people/<username:str>/enable")
    async def enable(request: Request, username: str) -> HTTPResponse:
        return await done(request, username, "enable")

    @api.post("/people/<username:str>/unlock")
    async def unlock(request: Request, username: str) -> HTTPResponse:
        return await done(request, username, "unlock")

    @api.get("/people/<username:str>/sessions")
    async def his_sessions(request: Request, username: str) -> HTTPResponse:
        session = await signed_in(request)
        return reply({"sessions": await asyncio.to_thread(people.sessions, unquote(username), session.token)})

    @api.delete("/people/<username:str>/sessions/<session_id:str>")
    async def end_his(request: Request, username: str, session_id: str) -> HTTPResponse:
        by = (await signed_in(request)).agent.username
        await asyncio.to_thread(people.end, by, unquote(username), unquote(session_id))
        return reply({})

    @api.get("/sessions")
    async def own_sessions(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        return reply({"sessions": await asyncio.to_thread(people.sessions, session.agent.username, session.token)})

    @api.delete("/sessions/<session_id:str>")
    async def end_own(request: Request, session_id: str) -> HTTPResponse:
        own = (await signed_in(request)).agent.username
        await asyncio.to_thread(people.end, own, own, unquote(session_id))
        return reply({})

    @api.post("/session/password")
    async def own_password(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        limiter.take("sign-in", session.agent.username, OWN_PASSWORD)
        body = parse(request, OwnPassword)
        await asyncio.to_thread(people.own_password, session, body.old, body.password)
        return reply({})

    @api.get("/audit")
    async def audited(request: Request) -> HTTPResponse:
        await signed_in(request)
        return reply(await asyncio.to_thread(_page, people, _asked(request), *page_asked(request, 50)))

    return api


def _another(session: Session, username: str) -> None:
    """Nobody gives himself roles, locks himself out, or opens his own lock."""
    if session.agent.username == username:
        raise Conflict("that is for another admin to do", phrase="problem_people_self")


def _asked(request: Request) -> dict[str, str]:
    """Raises InvalidInput that names the field."""
    wanted = {name: request.args.get(name, "") for name in ("actor", "subject", "action")}
    for name, value in wanted.items():
        if len(value) > 128 or not value.isprintable():
            raise InvalidInput("too long, or not to be read", field=name)
    return wanted


def _page(people: People, wanted: dict[str, str], limit: int, after: int | None) -> dict[str, Any]:
    with people.db.transaction() as tx:
        found, more = page(tx, limit, after, **wanted)
    return {"entries": [_shown(entry) for entry in found], "next": more}


def _shown(entry: Entry) -> dict[str, Any]:
    detail = {name: value for name, value in entry.detail.items() if name not in WITHHELD}
    return {
        "id": entry.id,
        "at": rfc3339(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": detail,
    }
