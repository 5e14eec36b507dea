"""The platform's door: verification by GET, deliveries by POST. Answered within its five seconds, whatever happens."""

from __future__ import annotations

import asyncio
import logging

from prometheus_client import CollectorRegistry, Counter, Histogram
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw, text

from bot.channels.wechat.bridge import Bridge
from bot.channels.wechat.errors import WechatRefused
from bot.channels.wechat.messages import Inbound, parse, text_reply
from bot.channels.wechat.store import Answer, Received
from bot.http import POLL_S

log = logging.getLogger(__name__)

TYPING_AFTER_S = 0.8  # a quick answer needs no "is typing"
AUTHENTIC = frozenset({"xml", "missing", "too_large"})  # may come from the platform itself: it need not try again
SUCCESS = b"success"


class Figures:
    """How deliveries were answered, for /metrics."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.refused = Counter("qiantai_wechat_refused", "Deliveries refused", ["why"], registry=registry)
        self.answered = Counter("qiantai_wechat_answered", "Deliveries by how answered", ["how"], registry=registry)
        self.seconds = Histogram(
            "qiantai_wechat_answer_seconds",
            "From a delivery to its answer",
            buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 3, 4, 4.5, 5),
            registry=registry,
        )


def blueprint(bridge: Bridge, registry: CollectorRegistry) -> Blueprint:
    wechat = Blueprint("wechat", url_prefix="/channels/wechat")
    figures = Figures(registry)
    registry.register(bridge)

    @wechat.get("/")
    async def verify(request: Request) -> HTTPResponse:
        try:
            return text(bridge.crypto.echo(_query(request), bridge.clock.now()))
        except WechatRefused as error:
            return refused(error)

    @wechat.post("/")
    async def deliver(request: Request) -> HTTPResponse | None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        query = _query(request)
        try:
            inbound = parse(bridge.crypto.open(query, request.body, bridge.clock.now(), bridge.plain_allowed))
        except WechatRefused as error:
            return refused(error)
        received = await asyncio.to_thread(bridge.reception.take, inbound)
        bridge.wakeups.notify(str(received.conversation_id))
        received = await _settled(received, inbound, started + bridge.reply_within.total_seconds())
        figures.answered.labels(received.state.value).inc()
        figures.seconds.observe(loop.time() - started)
        if received.state is not Answer.REPLY or received.reply is None:
            bridge.wakeups.notify(bridge.topic)
            return raw(SUCCESS, content_type="text/plain")
        await _write(request, received, _sealed(inbound, received.reply, query.get("encrypt_type") == "aes"))
        return None

    def refused(error: WechatRefused) -> HTTPResponse:
        figures.refused.labels(error.why).inc()
        log.warning("a delivery was refused: %s", error.why)
        if error.why in AUTHENTIC:
            return raw(SUCCESS, content_type="text/plain")
        return raw(b"", error.status, content_type="text/plain")

    async def _settled(received: Received, inbound: Inbound, until: float) -> Received:
        """Wait for what there is to say, as long as the platform's patience allows."""
        loop = asyncio.get_running_loop()
        typing_at = loop.time() + TYPING_AFTER_S
        with bridge.wakeups.subscribe(str(received.conversation_id)) as woken:
            while True:
                received = await asyncio.to_thread(bridge.outbox.reply, received.id)
                if received.state is not Answer.OPEN:
                    return received
                left = until - loop.time()
                if left <= 0:
                    return await asyncio.to_thread(bridge.outbox.give_up_reply, received.id)
                if loop.time() >= typing_at:
                    typing_at = until + 1
                    bridge.type_to(inbound.openid)
                await woken.wait(max(0.05, min(POLL_S, left, abs(typing_at - loop.time()))))

    def _sealed(inbound: Inbound, reply: str, encrypted: bool) -> bytes:
        now = bridge.clock.now()
        xml = text_reply(inbound.account, inbound.openid, reply, now)
        return bridge.crypto.seal(xml, now) if encrypted else xml.encode()

    async def _write(request: Request, received: Received, body: bytes) -> None:
        """A reply counts as given when it has left this machine; else the platform asks again, or nobody knows."""
        response = await request.respond(raw(body, content_type="application/xml; charset=utf-8"))
        await response.eof()
        bridge.wrote(received.id)

    return wechat


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items()}
