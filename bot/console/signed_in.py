"""Who asks: the agent behind a request to the desk, and the proof that it is our own page that asks."""

from __future__ import annotations

import asyncio

from sanic import Request

from bot.console.operations import needed
from bot.desk.staff import Session, Staff
from bot.errors import Forbidden, Unauthorized
from bot.http import same_origin
from bot.tickets.recusal import Officer
from bot.wiring import officer_of

COOKIE = "qiantai_desk"


class SignedIn:
    """`session = await signed_in(request)`, in every handler of the desk but the sign-in."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    async def __call__(self, request: Request) -> Session:
        """The session of this request, with the right that it needs; for changes also its CSRF token and origin.

        Raises Unauthorized, Forbidden.
        """
        token = request.cookies.get(COOKIE)
        if not token:
            raise Unauthorized()
        session = await asyncio.to_thread(self._staff.session, token)
        if request.method != "GET":
            if request.headers.get("x-csrf-token") != session.csrf_token or not same_origin(request):
                raise Forbidden("CSRF token or origin is wrong")
            await asyncio.to_thread(self._staff.seen, session.agent.username)  # who acts is there, stream or not
        if not session.agent.may(needed(request)):
            raise Forbidden()
        return session

    async def officer(self, request: Request) -> Officer:
        """The same, as cases know him."""
        return officer_of((await self(request)).agent)
