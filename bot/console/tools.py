"""The agents' API for what they have in hand all day: taking a message back, and what helps them to answer."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from bot.console.bodies import Epoch
from bot.console.case_bodies import PromiseMade
from bot.console.signed_in import SignedIn
from bot.console.tasks import Tasks
from bot.console.tool_bodies import Draft, Mark, Seen, WrapUp
from bot.desk.checking import checked
from bot.desk.marks import Marks
from bot.desk.news import Newspaper
from bot.desk.scripts import Scripts
from bot.desk.service import Desk
from bot.desk.staff import Staff
from bot.desk.wrapup import wrap_up
from bot.http import parse, reply
from bot.ratelimit import Rate, RateLimiter
from bot.wiring import officer_of

MAX_QUERY = 100
CHECKS = Rate(burst=30, per_minute=120)  # an agent: one for each pause in his typing


def blueprint(desk: Desk, staff: Staff, limiter: RateLimiter, tasks: Tasks) -> Blueprint:
    """`tasks` takes what is promised to a customer at the end."""
    api = Blueprint("desk-tools", url_prefix="/api/desk")
    signed_in = SignedIn(staff)
    known = Scripts(desk)
    newspaper, marks = Newspaper(desk), Marks(desk)

    @api.post("/conversations/<conversation_id:str>/messages/<seq:int>/recall")
    async def recall(request: Request, conversation_id: str, seq: int) -> HTTPResponse:
        session = await signed_in(request)
        epoch = parse(request, Epoch).epoch
        recalls = desk.recalls
        return reply({"seq": await asyncio.to_thread(recalls.recall, session.agent, conversation_id, epoch, seq)})

    @api.get("/scripts")
    async def scripts(request: Request) -> HTTPResponse:
        """By `q`, a word; or for a `conversation`, by what its customer wrote last."""
        session = await signed_in(request)
        conversation_id = request.args.get("conversation")
        if conversation_id is not None:
            return reply({"scripts": await asyncio.to_thread(known.suggested, session.agent, conversation_id)})
        query = (request.args.get("q") or "")[:MAX_QUERY]
        return reply({"scripts": await asyncio.to_thread(known.found, query)})

    @api.get("/news")
    async def news(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        return reply({"news": await asyncio.to_thread(newspaper.of_today, session.agent)})

    @api.post("/news/seen")
    async def seen(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        await asyncio.to_thread(newspaper.seen, session.agent, parse(request, Seen).keys)
        return reply({})

    @api.get("/conversations/<conversation_id:str>/marks")
    async def marked(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        return reply(await asyncio.to_thread(marks.of, session.agent, conversation_id))

    @api.post("/conversations/<conversation_id:str>/marks")
    async def mark(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        body = parse(request, Mark)
        return reply(await asyncio.to_thread(marks.add, session.agent, conversation_id, body.kind, body.text))

    @api.post("/conversations/<conversation_id:str>/check")
    async def check(request: Request, conversation_id: str) -> HTTPResponse:
        session = await signed_in(request)
        limiter.take("check", session.agent.username, CHECKS)
        text = parse(request, Draft).text
        return reply(await asyncio.to_thread(checked, desk, session.agent, conversation_id, text))

    @api.post("/conversations/<conversation_id:str>/wrapup")
    async def end(request: Request, conversation_id: str) -> HTTPResponse:
        """The promise first: where its date is wrong nothing has happened. Said again, it is the same task."""
        session = await signed_in(request)
        body = parse(request, WrapUp)
        if body.follow_up is not None:
            promise = PromiseMade(conversation_id=conversation_id, **body.follow_up.dict())
            await asyncio.to_thread(tasks.promise, officer_of(session.agent), promise)
        form = (body.epoch, body.result, body.category, body.note)
        return reply({"epoch": await asyncio.to_thread(wrap_up, desk, session.agent, conversation_id, *form)})

    @api.get("/colleagues")
    async def colleagues(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        return reply({"colleagues": await asyncio.to_thread(staff.colleagues, session.agent.username)})

    @api.get("/replies")
    async def replies(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        return reply({"replies": await asyncio.to_thread(known.replies, session.agent)})

    return api
