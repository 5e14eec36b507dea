"""The web channel: the wire of the design, "On the wire". One signed token a visitor, bound to his conversation."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import constr
from sanic import Blueprint, HTTPResponse, Request

from bot.channels.links import Links
from bot.clock import rfc3339
from bot.conversation.intake import MAX_CHARS
from bot.conversation.recalls import outside
from bot.conversation.service import Conversations
from bot.conversation.snapshot import Snapshot
from bot.errors import InvalidInput, Unauthorized
from bot.http import POLL_S, Body, EventStream, bearer, client_address, idempotency_key, parse, reply, wait_asked
from bot.ratelimit import Rate, RateLimiter
from bot.text.mask import mask
from bot.text.normalise import clean
from bot.wakeups import Wakeups

TOKEN_DAYS = 30
MAX_PAGE = 200  # characters of the page's address
CONVERSATIONS = Rate(burst=20, per_minute=20)  # an address: many customers may share one
MESSAGES = Rate(burst=12, per_minute=30)  # a conversation
MESSAGES_ADDRESS = Rate(burst=120, per_minute=600)


class ChannelContext(Body):
    page: constr(max_length=500) | None = None  # type: ignore[valid-type]
    large_type: bool = False
    former_token: constr(max_length=500) | None = None  # type: ignore[valid-type]


class NewConversation(Body):
    channel_context: ChannelContext = ChannelContext()


class NewMessage(Body):
    text: str | None = None
    choice: constr(max_length=80) | None = None  # type: ignore[valid-type]
    large_type: bool | None = None  # how he reads now; not told: as before


class Bind(Body):
    link: constr(max_length=500)  # type: ignore[valid-type]


class Visitors:
    """Signed tokens that carry their conversation. They stand in a header, never in an address."""

    def __init__(self, secret: bytes) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="visitor")

    def token(self, conversation_id: str) -> str:
        return str(self._serializer.dumps(conversation_id))

    def conversation(self, token: str) -> str:
        """Raises Unauthorized for a forged, cut or expired token."""
        try:
            return str(self._serializer.loads(token, max_age=TOKEN_DAYS * 86400))
        except (BadData, UnicodeError):  # a header may hold any bytes
            raise Unauthorized() from None


def blueprint(
    conversations: Conversations, visitors: Visitors, links: Links, limiter: RateLimiter, wakeups: Wakeups
) -> Blueprint:
    chat = Blueprint("chat", url_prefix="/api/chat")

    @chat.get("/page")
    async def get_page(request: Request) -> HTTPResponse:
        return reply(_page(conversations))

    @chat.post("/conversations")
    async def start(request: Request) -> HTTPResponse:
        limiter.take("conversations", client_address(request), CONVERSATIONS)
        context = parse(request, NewConversation).channel_context
        former = visitors.conversation(context.former_token) if context.former_token else None
        conversation = await asyncio.to_thread(
            conversations.start,
            "web",
            large_type=context.large_type,
            former_id=former,
            context=_came_from(context),
        )
        return reply({"conversation_id": conversation.id, "token": visitors.token(conversation.id)}, 201)

    @chat.post("/messages")
    async def send(request: Request) -> HTTPResponse:
        conversation_id = visitors.conversation(bearer(request))
        key = idempotency_key(request)
        limiter.take("messages", conversation_id, MESSAGES)
        limiter.take("messages-address", client_address(request), MESSAGES_ADDRESS)
        message = parse(request, NewMessage)
        seq = await asyncio.to_thread(
            conversations.receive,
            conversation_id,
            key,
            text=message.text,
            choice=message.choice,
            large_type=message.large_type,
        )
        return reply({"seq": seq}, 202)

    @chat.post("/bind")
    async def bind(request: Request) -> HTTPResponse:
        conversation_id = visitors.conversation(bearer(request))
        limiter.take("messages", conversation_id, MESSAGES)
        customer_id = links.customer(parse(request, Bind).link)
        await asyncio.to_thread(conversations.bind, conversation_id, customer_id)
        return reply({})

    @chat.post("/typing")
    async def typing(request: Request) -> HTTPResponse:
        conversation_id = visitors.conversation(bearer(request))
        limiter.take("typing", conversation_id, MESSAGES)
        wakeups.typing(conversation_id)
        return reply({}, 202)

    @chat.get("/events")
    async def events(request: Request) -> HTTPResponse | None:
        conversation_id = visitors.conversation(bearer(request))
        after = _after(request)
        if "text/event-stream" in request.headers.get("accept", ""):
            await _stream(request, conversation_id, after)
            return None
        return reply(await _poll(conversation_id, after, wait_asked(request)))

    async def _poll(conversation_id: str, after: int, wait_s: float) -> dict[str, Any]:
        until = asyncio.get_running_loop().time() + wait_s
        with wakeups.subscribe(conversation_id) as woken:
            while True:
                snapshot = await asyncio.to_thread(conversations.snapshot, conversation_id, after)
                left = until - asyncio.get_running_loop().time()
                if snapshot.events or left <= 0 or wakeups.closing:
                    return {"events": outside(snapshot.events), **_status(snapshot)}
                await woken.wait(min(POLL_S, left))

    async def _stream(request: Request, conversation_id: str, after: int) -> None:
        status: dict[str, Any] | None = None
        with wakeups.subscribe(conversation_id) as woken:
            snapshot = await asyncio.to_thread(conversations.snapshot, conversation_id, after)
            stream = await EventStream.open(request)
            while True:
                for event in outside(snapshot.events):
                    await stream.event("event", event, event["seq"])
                    after = event["seq"]
                now = _status(snapshot)
                if now != status:
                    await stream.event("status", now)
                    status = now
                if wakeups.closing:
                    return await stream.close()
                await woken.wait(POLL_S)
                await stream.beat()
                snapshot = await asyncio.to_thread(conversations.snapshot, conversation_id, after)

    return chat


def _came_from(context: ChannelContext) -> dict[str, str]:
    """The page on which the customer asked. A query or a fragment may tell who he is, and is never kept."""
    page = re.split(r"[?#]", clean(context.page or ""), maxsplit=1)[0]
    page = mask(re.sub(r"(?<=//)[^/]*@", "", page)).text[:MAX_PAGE]
    return {"page": page} if page else {}


def _status(snapshot: Snapshot) -> dict[str, Any]:
    conversation = snapshot.conversation
    waiting = snapshot.place is not None
    return {
        "state": conversation.state.value,
        "holder": _holder(snapshot),
        "epoch": conversation.epoch,
        "last_seq": conversation.last_seq,
        "queue": {"place": snapshot.place, "eta_s": snapshot.eta_s} if waiting else None,
        "typing": snapshot.typing,
        "agent": snapshot.agent,
    }


def _holder(snapshot: Snapshot) -> str | None:
    """Who speaks, as the customer may know it: an agent's user name stays in the house."""
    return snapshot.agent or snapshot.conversation.holder


def _after(request: Request) -> int:
    raw = request.headers.get("last-event-id") or request.args.get("after") or "0"
    if not raw.isdecimal() or len(raw) > 9:
        raise InvalidInput("after must be a sequence number", field="after")
    return int(raw)


def _page(conversations: Conversations) -> dict[str, Any]:
    """The wording that the widget shows and the bank owns."""
    bank = conversations.knowledge.bank
    return {
        "bank": {
            "name": bank.name,
            "hotline": bank.hotline,
            "sample": bank.sample,
            "sample_notice": bank.sample_notice,
        },
        "assistant": {"name": bank.assistant_name, "banner": bank.banner},
        "privacy": {"title": bank.privacy_title, "text": bank.privacy_text},
        "hours": bank.hours,
        "max_chars": MAX_CHARS,
        "labels": {},
        "now": rfc3339(conversations.clock.now()),
    }
