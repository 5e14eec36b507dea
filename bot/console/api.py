"""The agents' API: sign-in, live desk, replies. Cookie plus CSRF token, same origin only."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pydantic import constr
from sanic import Blueprint, HTTPResponse, Request

from bot.clock import day_of
from bot.console.attachment import shown
from bot.console.signed_in import COOKIE, SignedIn
from bot.conversation.incidents import stop_of
from bot.desk.channels import Seen
from bot.desk.media import CustomerMedia, MediaPort
from bot.desk.service import Desk
from bot.desk.staff import Agent, Session, Staff
from bot.errors import Forbidden, Unauthorized
from bot.http import HEARTBEAT_S, POLL_S, Body, EventStream, client_address, idempotency_key, parse, reply, same_origin
from bot.ratelimit import Rate, RateLimiter
from bot.wakeups import DESK, Wakeups

SIGN_IN = Rate(burst=5, per_minute=5)  # a name
SIGN_IN_ADDRESS = Rate(burst=20, per_minute=20)


class SignIn(Body):
    username: constr(max_length=64)  # type: ignore[valid-type]
    password: constr(max_length=200)  # type: ignore[valid-type]


class Presence(Body):
    status: Literal["ready", "busy", "away", "offline"]


class Epoch(Body):
    epoch: int


class Decline(Epoch):
    reason: constr(max_length=200) = ""  # type: ignore[valid-type]


class Override(Body):
    reason: constr(min_length=2, max_length=500)  # type: ignore[valid-type]


class Message(Epoch):
    text: str
    override: Override | None = None
    confirmed: bool = False


class Transfer(Epoch):
    to: constr(max_length=64) = ""  # type: ignore[valid-type]
    note: constr(max_length=1000) = ""  # type: ignore[valid-type]


class Close(Epoch):
    result: str
    category: constr(max_length=60) = ""  # type: ignore[valid-type]
    note: constr(max_length=1000) = ""  # type: ignore[valid-type]


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
        session = await asyncio.to_thread(staff.sign_in, body.username, body.password)
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
        await signed_in(request)
        categories = [{"id": i.id, "label": i.words} for i in desk.knowledge.intents.values() if i.kind == "question"]
        names = await asyncio.to_thread(staff.names)
        stops = [stop.wire() for stop in await asyncio.to_thread(desk.stops)]
        bank = desk.knowledge.bank.name
        return reply({"bank": bank, "categories": categories, "transfer_queues": names, "incidents": stops})

    @api.get("/scripts")
    async def scripts(request: Request) -> HTTPResponse:
        await signed_in(request)
        return reply({"scripts": await asyncio.to_thread(_scripts, desk, (request.args.get("q") or "")[:100])})

    @api.get("/events")
    async def events(request: Request) -> None:
        session = await signed_in(request)
        await _stream(request, session)

    @api.get("/conversations")
    async def conversations(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        view = await asyncio.to_thread(desk.view, session.agent)
        state = request.args.get("state")
        items = [*view["queue"], *view["offers"], *view["mine"]]
        return reply({"conversations": [i for i in items if state is None or i["state"] == state]})

    @api.get("/conversations/<conversation_id:str>")
    async def conversation(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        return reply(await asyncio.to_thread(desk.conversation, session.agent, conversation_id))

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
        epoch = await asyncio.to_thread(desk.transfer, session.agent, conversation_id, body.epoch, body.to, body.note)
        return reply({"epoch": epoch})

    @api.post("/conversations/<conversation_id:str>/close")
    async def close(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        body = parse(request, Close)
        epoch = await asyncio.to_thread(
            desk.close, session.agent, conversation_id, body.epoch, body.result, body.category, body.note
        )
        return reply({"epoch": epoch})

    async def _stream(request: Request, session: Session) -> None:
        agent = session.agent
        loop = asyncio.get_running_loop()
        alive_at = loop.time()
        shown: dict[str, Any] = {}
        with wakeups.subscribe(DESK) as woken:
            await asyncio.to_thread(staff.seen, agent.username)
            view = await asyncio.to_thread(desk.view, agent)
            seen = {i["conversation_id"]: Seen(i["last_seq"], i["channel_state"]) for i in view["mine"]}
            stream = await EventStream.open(request)
            while True:
                for update in await asyncio.to_thread(desk.updates, agent, seen):
                    seen[update["conversation_id"]] = Seen(update["last_seq"], update["channel_state"])
                    await stream.event("conversation", update)
                if {**view, "now": ""} != shown:
                    await stream.event("desk", view)
                    shown = {**view, "now": ""}
                if wakeups.closing:
                    return await stream.close()
                await woken.wait(POLL_S)
                if await stream.beat() or loop.time() - alive_at >= HEARTBEAT_S:
                    await asyncio.to_thread(staff.seen, agent.username)
                    alive_at = loop.time()
                try:
                    await asyncio.to_thread(staff.session, session.token)
                except Unauthorized:
                    await stream.event("closed", {})
                    return await stream.close()
                view = await asyncio.to_thread(desk.view, agent)

    return api


def _session(session: Session) -> dict[str, Any]:
    agent: Agent = session.agent
    user = {"username": agent.username, "name": agent.name, "roles": list(agent.roles)}
    return {"csrf_token": session.csrf_token, "user": user}


def _scripts(desk: Desk, query: str) -> list[dict[str, Any]]:
    """Approved scripts with their warnings already in the text, ready to be inserted; none that is stopped."""
    now = desk.clock.now()
    stops = desk.stops()
    found = []
    for script in desk.knowledge.search(query, day_of(now), 12):
        if stop_of(stops, script) is not None:
            continue
        utterance = desk.handoff.speech.script(script.id, 0, now)
        verdict = desk.handoff.speech.preview(utterance, now)
        found.append(
            {
                "id": script.id,
                "version": script.version,
                "title": script.title,
                "text": verdict.text,
                "disclosures": desk.handoff.speech.titled(verdict),
            }
        )
    return found
