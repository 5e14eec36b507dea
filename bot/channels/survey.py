"""The page of a survey that a link opens: one question, one answer. The token stands in a header, as a visitor's.

Whatever is wrong with a token, the answer is the same.
"""

from __future__ import annotations

import asyncio

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from bot.conversation.intake import MAX_CHARS
from bot.http import Body, bearer, client_address, parse, reply
from bot.ratelimit import Rate, RateLimiter
from bot.tickets.surveying import Surveying

LINK = Rate(burst=20, per_minute=30)
ADDRESS = Rate(burst=120, per_minute=600)  # many customers may share one


class NewAnswer(Body):
    """A button or words, to the question that the page showed."""

    question: str = Field(..., max_length=40)
    choice: str | None = Field(None, max_length=80)
    text: str | None = None


def blueprint(surveying: Surveying, limiter: RateLimiter) -> Blueprint:
    api = Blueprint("survey", url_prefix="/api/survey")

    def token(request: Request) -> str:
        """Raises LinkGone, TooManyRequests. Buckets are made for true links only."""
        limiter.take("survey-address", client_address(request), ADDRESS)
        given = bearer(request)
        limiter.take("survey-link", surveying.links.conversation(given), LINK)
        return given

    @api.get("/")
    async def page(request: Request) -> HTTPResponse:
        shown = await asyncio.to_thread(surveying.page, token(request))
        return reply({**shown, "max_chars": MAX_CHARS})

    @api.post("/answers")
    async def answer(request: Request) -> HTTPResponse:
        link, given = token(request), parse(request, NewAnswer)
        shown = await asyncio.to_thread(surveying.answer, link, given.question, given.choice, given.text)
        return reply({**shown, "max_chars": MAX_CHARS})

    return api
