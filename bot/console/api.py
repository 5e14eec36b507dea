"""The agents' API: sign-in, live desk, replies. Cookie plus CSRF token, same origin only."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.console.attachment import shown
from bot.console.bodies import Close, Decline, Epoch, Message, Presence, SignIn, TakeOver, Transfer
from bot.console.signed_in import COOKIE, SignedIn
from bot.console.stream import follow, poll
from bot.desk.media import CustomerMedia, MediaPort
from bot.desk.rights import rights
from bot.desk.service import Desk
from bot.desk.staff import Agent, Session, Staff
from bot.errors import Forbidden
from bot.http import client_address, idempotency_key, number, parse, reply, same_origin
from bot.ratelimit import Rate, RateLimiter
from bot.wakeups import DESK, Wakeups

SIGN_IN = Rate(burst=5, per_minute=5)  # a name
SIGN_IN_ADDRESS = Rate(burst=20, per_minute=20)


def blueprint(
    desk: Desk,
    staff: Staff,
    limiter: RateLimiter,
    wakeups: Wakeups,
    secure_cookie: bool,
    media: MediaPort | None = None,
) -> Blueprint:
    """`media` fetches what customers sent that is no text; without it there is nothing to fetch."""
    api = Blueprint("desk", url_prefix="/api/desk")

    signed_in = SignedIn(staff)
    customer_media = CustomerMedia(desk, media)

    @api.post("/session")
    async def sign_in(request: Request) -> HTTPResponse:
        if not same_origin(request):
            raise Forbidden("sign in from our own page only")
        body = parse(request, SignIn)
        limiter.take("sign-in", body.username, SIGN_IN)
        limiter.take("sign-in-address", client_address(request), SIGN_IN_ADDRESS)
        browser = str(request.headers.get("user-agent", ""))
        session = await asyncio.to_thread(staff.sign_in, body.username, body.password, browser)
        response = reply(_session(session))
        response.cookies[COOKIE] = session.token
        response.cookies[COOKIE].update({"httponly": True, "samesite": "Strict", "path": "/api/desk"})
        if secure_cookie:
            response.cookies[COOKIE]["secure"] = True
        return response

    @api.get("/session")
    async def who(request: Request) -> HTTPResponse:
        return reply(_session(await signed_in(request)))

    @api.delete("/session")
    async def sign_out(request: Request) -> HTTPResponse:
        await asyncio.to_thread(staff.sign_out, await signed_in(request))
        wakeups.notify(DESK)
        response = reply({})
        del response.cookies[COOKIE]
        return response

    @api.post("/presence")
    async def presence(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        await asyncio.to_thread(staff.set_presence, session.agent.username, parse(request, Presence).status)
        await asyncio.to_thread(desk.tick)  # the queue is drained at every presence change
        wakeups.notify(DESK)
        return reply({})

    @api.get("/page")
    async def page(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        categories = [{"id": i.id, "label": i.words} for i in desk.knowledge.intents.values() if i.kind == "question"]
        names = await asyncio.to_thread(desk.transfers, session.agent)
        stops = [stop.wire() for stop in await asyncio.to_thread(desk.stops)]
        bank, rules = desk.knowledge.bank.name, desk.knowledge.escalation
        known = {"bank": bank, "categories": categories, "transfer_queues": names, "incidents": stops}
        return reply({**known, "recall_s": rules.recall_s, "quiet_s": rules.quiet_s})

    @api.get("/events")
    async def events(request: Request) -> HTTPResponse | None:
        session = await signed_in(request)
        if "application/json" in request.headers.get("accept", ""):
            return await poll(request, session, desk, staff, wakeups)
        await follow(request, session, desk, staff, wakeups)
        return None

    @api.get("/conversations")
    async def conversations(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        wanted = {name: request.args.get(name) for name in ("state", "queue", "after")}
        limit = number(request, "limit", 50, 200)
        return reply(await asyncio.to_thread(desk.listed, session.agent, **wanted, limit=limit))

    @api.get("/conversations/<conversation_id:str>")
    async def conversation(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        return reply(await asyncio.to_thread(desk.conversation, session.agent, conversation_id))

    @api.get("/conversations/<conversation_id:str>/history/<other:str>")
    async def earlier(request: Request, conversation_id: str, other: str) -> HTTPResponse:
        session = await signed_in(request)
        return reply(await asyncio.to_thread(desk.views.earlier, session.agent, conversation_id, other))

    @api.get("/conversations/<conversation_id:str>/media/<seq:int>")
    async def sent_media(request: Request, conversation_id: str, seq: int) -> HTTPResponse:
        session = await signed_in(request)
        return shown(await customer_media.open(session.agent, conversation_id, seq))

    @api.post("/conversations/<conversation_id:str>/claim")
    async def claim(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        epoch = parse(request, Epoch).epoch
        return reply({"epoch": await asyncio.to_thread(desk.claim, session.agent, conversation_id, epoch)})

    @api.post("/conversations/<conversation_id:str>/decline")
    async def decline(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        body = parse(request, Decline)
        await asyncio.to_thread(desk.decline, session.agent, conversation_id, body.epoch, body.reason)
        return reply({})

    @api.post("/conversations/<conversation_id:str>/messages")
    async def send(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        key = idempotency_key(request, 60)
        body = parse(request, Message)
        why = body.override.reason if body.override else None
        seq = await asyncio.to_thread(
            desk.send, session.agent, conversation_id, body.epoch, key, body.text, why, body.confirmed
        )
        return reply({"seq": seq}, 202)

    @api.post("/conversations/<conversation_id:str>/return")
    async def give_back(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        epoch = parse(request, Epoch).epoch
        return reply({"epoch": await asyncio.to_thread(desk.return_to_bot, session.agent, conversation_id, epoch)})

    @api.post("/conversations/<conversation_id:str>/transfer")
    async def transfer(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        body = parse(request, Transfer)
        epoch = await asyncio.to_thread(
            desk.transfer, session.agent, conversation_id, body.epoch, body.to, body.note, body.anyway
        )
        return reply({"epoch": epoch})

    @api.post("/conversations/<conversation_id:str>/takeover")
    async def take_over(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        body = parse(request, TakeOver)
        epoch = await asyncio.to_thread(desk.take_over, session.agent, conversation_id, body.epoch, body.reason)
        return reply({"epoch": epoch})

    @api.post("/conversations/<conversation_id:str>/close")
    async def close(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        body = parse(request, Close)
        epoch = await asyncio.to_thread(
            desk.close, session.agent, conversation_id, body.epoch, body.result, body.category, body.note
        )
        return reply({"epoch": epoch})

    return api


def _session(session: Session) -> dict[str, Any]:
    agent: Agent = session.agent
    user = {"username": agent.username, "name": agent.name, "rights": rights(agent.roles)}
    return {"csrf_token": session.csrf_token, "user": user}
