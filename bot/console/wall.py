"""The supervisor's wall over HTTP: how the desk stands, a day in figures, and the visits behind a figure."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import get_args

from sanic import Blueprint, HTTPResponse, Request

from bot.console.signed_in import SignedIn
from bot.conversation.signals import Mood
from bot.desk.staff import Staff
from bot.desk.wall import Asked, Wall
from bot.errors import InvalidInput
from bot.http import number, reply

MAX_WORD = 64
YEARS = range(2000, 2200)


def blueprint(wall: Wall, staff: Staff) -> Blueprint:
    api = Blueprint("desk-wall", url_prefix="/api/desk/wall")
    signed_in = SignedIn(staff)

    @api.get("")
    async def now(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        return reply(await asyncio.to_thread(wall.now, session.agent))

    @api.get("/day")
    async def day(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        return reply(await asyncio.to_thread(wall.day, session.agent, _day(request)))

    @api.get("/entries")
    async def entries(request: Request) -> HTTPResponse:
        session = await signed_in(request)
        asked, limit, after = _asked(request), number(request, "limit", 50, 200), request.args.get("after")
        return reply(await asyncio.to_thread(wall.entries, session.agent, _day(request), asked, limit, after))

    return api


def _day(request: Request) -> date | None:
    """Raises InvalidInput."""
    given = request.args.get("day")
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise InvalidInput("day is a date such as 2026-11-29", field="day") from None
    if day.year not in YEARS:
        raise InvalidInput("nobody was served in that year", field="day")
    return day


def _asked(request: Request) -> Asked:
    """Raises InvalidInput that names the field."""
    hour, mood = request.args.get("hour"), request.args.get("mood")
    if hour is not None and not (hour.isascii() and hour.isdecimal() and len(hour) <= 2 and int(hour) < 24):
        raise InvalidInput("hour is 0 to 23", field="hour")
    if mood not in (None, *get_args(Mood)):
        raise InvalidInput(f"mood is one of {', '.join(get_args(Mood))}", field="mood")
    words = {name: request.args.get(name) for name in ("reason", "agent")}
    for name, word in words.items():
        if word is not None and len(word) > MAX_WORD:
            raise InvalidInput("too long", field=name)
    breached = request.args.get("breached")
    if breached not in (None, "1"):
        raise InvalidInput("breached is 1, or left out", field="breached")
    return Asked(None if hour is None else int(hour), mood=mood, breached=breached is not None, **words)
