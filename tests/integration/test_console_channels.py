"""What the console says of the channel: how far the customer can be reached, and what he sent that is no text."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from desk import AtDesk, at_desk
from sanic import Sanic
from server import Server, Visitor
from support import Chat

from bot.assistant.fake import FakeAssistant
from bot.console import api as console
from bot.conversation import store
from bot.conversation.model import CUSTOMER, SYSTEM, Actor, Conversation
from bot.db import Tx
from bot.desk.media import Media
from bot.http import install
from bot.privacy.audit import Action, Entry, entries
from bot.ratelimit import RateLimiter
from bot.wakeups import DESK
from bot.wiring import House

_names = count()
WECHAT = {
    "name": "wechat",
    "subscribed": True,
    "window_until": "2026-11-24T12:00:00+08:00",
    "left": 3,
    "held": 0,
    "deliveries": {"2": "sent"},
}
BRIEF = {field: value for field, value in WECHAT.items() if field != "deliveries"}


class Bridge:
    """A channel that tells of itself what a test has put there."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = dict(WECHAT)

    def __call__(self, tx: Tx, conversation: Conversation) -> dict[str, Any]:
        return self.state


@pytest.fixture
def bridge(server: Server) -> Bridge:
    bridge = Bridge()
    server.house.desk.views.channel_state = bridge
    return bridge


@pytest.fixture
async def anna(server: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(server, "anna") as desk:
        yield desk


@pytest.fixture
async def waiting(server: Server) -> Visitor:
    visitor = await server.visitor()
    await visitor.post({"choice": "human"})
    return visitor


def name(item: dict[str, Any]) -> str:
    return item["channel_state"]["name"]


class TestChannelState:
    async def test_a_channel_that_is_always_there_says_its_name_alone(self, anna: AtDesk, waiting: Visitor) -> None:
        [item] = (await anna.get("/conversations")).json()["conversations"]
        assert item["channel_state"] == {"name": "web"}
        got = (await anna.get(f"/conversations/{waiting.conversation_id}")).json()
        assert got["channel_state"] == {"name": "web"}

    async def test_deliveries_are_for_who_reads_the_conversation_not_for_the_queue(
        self, anna: AtDesk, bridge: Bridge, waiting: Visitor
    ) -> None:
        path = f"/conversations/{waiting.conversation_id}"
        [queued] = (await anna.get("/conversations")).json()["conversations"]
        assert (queued["state"], queued["channel_state"]) == ("QUEUED", BRIEF)
        assert (await anna.get(path)).json()["channel_state"] == WECHAT
        await anna.claims(waiting)
        [mine] = (await anna.get("/conversations")).json()["conversations"]
        assert (mine["state"], mine["channel_state"]) == ("HUMAN", WECHAT)

    async def test_an_offer_says_how_far_the_customer_can_be_reached(
        self, anna: AtDesk, bridge: Bridge, waiting: Visitor
    ) -> None:
        await anna.post("/presence", {"status": "ready"})
        [offer] = (await anna.get("/conversations?state=OFFERED")).json()["conversations"]
        assert offer["channel_state"] == BRIEF


class TestTheStream:
    async def test_tells_what_became_of_a_message_although_nothing_was_said(
        self, server: Server, anna: AtDesk, bridge: Bridge, waiting: Visitor
    ) -> None:
        await anna.claims(waiting)
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["mine"])
            bridge.state = {**WECHAT, "left": 2, "deliveries": {"2": "sent", "3": "held"}}
            server.house.wakeups.notify(DESK)
            update = await stream.next("conversation")
            assert (update["events"], update["channel_state"]) == ([], bridge.state)
            desk = await stream.next("desk")
            assert desk["mine"][0]["channel_state"] == bridge.state

    async def test_finds_a_change_that_nobody_told_it_of(self, anna: AtDesk, bridge: Bridge, waiting: Visitor) -> None:
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["queue"])
            bridge.state = {**WECHAT, "subscribed": False}
            desk = await stream.next("desk")
        assert desk["queue"][0]["channel_state"] == {**BRIEF, "subscribed": False}

    async def test_goes_on_after_the_service_has_ended(
        self, server: Server, anna: AtDesk, bridge: Bridge, waiting: Visitor
    ) -> None:
        await anna.claims(waiting)
        epoch = (await waiting.poll())["epoch"]
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["mine"])
            await anna.post(f"/conversations/{waiting.conversation_id}/close", {"epoch": epoch, "result": "solved"})
            await stream.next("conversation", lambda update: update["state"] == "WRAP_UP")
            bridge.state = {**WECHAT, "deliveries": {"2": "failed"}}
            server.house.wakeups.notify(DESK)
            update = await stream.next("conversation", lambda update: not update["events"])
        assert update["channel_state"]["deliveries"] == {"2": "failed"}

    async def test_sends_an_event_and_a_change_of_the_channel_once(
        self, server: Server, anna: AtDesk, bridge: Bridge, waiting: Visitor
    ) -> None:
        await anna.claims(waiting)
        async with anna.stream() as stream:
            await stream.next("desk", lambda desk: desk["mine"])
            await waiting.post({"text": "第一句"})
            first = await stream.next("conversation")
            bridge.state = {**WECHAT, "left": 5}
            server.house.wakeups.notify(DESK)
            await stream.next("desk", lambda desk: desk["mine"][0]["channel_state"]["left"] == 5)
            await waiting.post({"text": "第二句"})
            second = await stream.next("conversation", lambda update: update["events"])
        texts = [event["text"] for update in (first, second) for event in update["events"]]
        assert texts == ["第一句", "第二句"]


class Sent:
    """What customers sent, by conversation and number; it counts how often it was asked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], Media] = {}
        self.asked = 0

    async def __call__(self, conversation_id: str, seq: int) -> Media | None:
        self.asked += 1
        return self.kept.get((conversation_id, seq))


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest_asyncio.fixture
async def room(house: House, sent: Sent, request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """A server with the console alone, whose channel gives what was sent; `indirect` False: it has no such channel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Sanic(f"console-{next(_names)}", configure_logging=False)
    install(app, house.knowledge)
    media = sent if getattr(request, "param", True) else None
    app.blueprint(
        console.blueprint(house.desk, house.staff, RateLimiter(house.clock), house.wakeups, False, media=media)
    )
    running = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    await running.startup()
    await running.start_serving()
    yield Server(house, FakeAssistant(), f"http://127.0.0.1:{port}")
    running.close()
    Sanic._app_registry.clear()


@pytest.fixture
async def bert(room: Server) -> AsyncIterator[AtDesk]:
    async with at_desk(room, "bert") as desk:
        yield desk


@pytest.fixture
def chat(room: Server) -> Chat:
    """A customer in the queue."""
    chat = Chat(room.house, FakeAssistant())
    chat.sends(choice="human")
    return chat


def sends(chat: Chat, sent: Sent, media: Media | None, kind: str = "image", actor: Actor = CUSTOMER) -> str:
    """The customer sends it; gives the address under which the desk finds it."""
    house = chat.house
    with house.db.transaction() as tx:
        conversation = store.get(tx, chat.id, lock=True)
        payload = {"text": "[图片]", "media": {"kind": kind}}
        _, event = store.append(
            tx, conversation, kind="message", actor=actor, payload=payload, at=house.clock.now(), key=None
        )
    if media is not None:
        sent.kept[chat.id, event.seq] = media
    return f"/conversations/{chat.id}/media/{event.seq}"


def readings(chat: Chat) -> list[Entry]:
    with chat.house.db.transaction() as tx:
        return [entry for entry in entries(tx, f"conversation:{chat.id}") if entry.action == Action.MEDIA_READ]


PICTURE = Media("image/png", b"\x89PNG\r\n", "photo.png")


class TestMedia:
    @pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/gif", "image/webp", "IMAGE/JPEG; q=1"])
    async def test_a_picture_is_shown(self, bert: AtDesk, chat: Chat, sent: Sent, kind: str) -> None:
        reply = await bert.get(sends(chat, sent, Media(kind, b"bytes", "photo.jpg")))
        assert (reply.status_code, reply.content) == (200, b"bytes")
        assert reply.headers["content-type"] == kind.partition(";")[0].lower()
        assert reply.headers["content-disposition"].startswith('inline; filename="photo.jpg"')

    @pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "audio/amr", "video/mp4", ""])
    async def test_anything_else_is_only_saved(self, bert: AtDesk, chat: Chat, sent: Sent, kind: str) -> None:
        reply = await bert.get(sends(chat, sent, Media(kind, b"<script>", "page.html"), "file"))
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "application/octet-stream"
        assert reply.headers["content-disposition"].startswith("attachment;")

    async def test_nothing_guesses_runs_frames_or_keeps_it(self, bert: AtDesk, chat: Chat, sent: Sent) -> None:
        headers = (await bert.get(sends(chat, sent, PICTURE))).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "private, no-store"
        policy = headers["content-security-policy"]
        assert "sandbox" in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "allow" not in policy

    async def test_each_reading_is_on_record_with_who_and_which(self, bert: AtDesk, chat: Chat, sent: Sent) -> None:
        path = sends(chat, sent, PICTURE)
        await bert.get(path)
        await bert.get(path)
        first, second = readings(chat)
        assert (first.actor, first.detail) == ("bert", {"seq": int(path.rpartition("/")[2]), "kind": "image"})
        assert first.at == chat.house.clock.now() and second.actor == "bert"

    async def test_what_has_expired_is_not_found_and_not_read(self, bert: AtDesk, chat: Chat, sent: Sent) -> None:
        reply = await bert.get(sends(chat, sent, None))
        assert reply.status_code == 404
        assert reply.headers["content-type"].startswith("application/problem+json")
        assert reply.json()["detail"] == chat.house.knowledge.phrase("problem_not_found")[0]
        assert (sent.asked, readings(chat)) == (1, [])

    @pytest.mark.parametrize("room", [False], indirect=True)
    async def test_without_such_a_channel_nothing_is_found(self, bert: AtDesk, chat: Chat, sent: Sent) -> None:
        assert (await bert.get(sends(chat, sent, PICTURE))).status_code == 404
        assert readings(chat) == []

    @pytest.mark.parametrize("seq", ["0", "-1", "1", "999", str(2**70), "x", "1.5", ""])
    async def test_where_nothing_was_sent_the_channel_is_not_asked(
        self, bert: AtDesk, chat: Chat, sent: Sent, seq: str
    ) -> None:
        reply = await bert.get(f"/conversations/{chat.id}/media/{seq}")
        assert (reply.status_code, sent.asked) == (404, 0)

    @pytest.mark.parametrize(("kind", "actor"), [("location", CUSTOMER), ("image", SYSTEM), ("image", Actor("agent"))])
    async def test_places_and_what_we_said_are_no_media_of_the_customer(
        self, bert: AtDesk, chat: Chat, sent: Sent, kind: str, actor: Actor
    ) -> None:
        assert (await bert.get(sends(chat, sent, PICTURE, kind, actor))).status_code == 404
        assert sent.asked == 0

    async def test_is_for_who_may_read_the_conversation(
        self, room: Server, bert: AtDesk, chat: Chat, sent: Sent
    ) -> None:
        path = sends(chat, sent, PICTURE)
        async with at_desk(room, "carl") as carl, at_desk(room, "dora", "busy", "supervisor") as dora:
            await carl.post(f"/conversations/{chat.id}/claim", {"epoch": chat.conversation.epoch})
            assert [(await one.get(path)).status_code for one in (carl, bert, dora)] == [200, 403, 200]
        async with room.client() as stranger:
            assert (await stranger.get(f"/api/desk{path}")).status_code == 401
        assert [entry.actor for entry in readings(chat)] == ["carl", "dora"]

    async def test_of_an_earlier_conversation_it_is_for_who_serves_the_customer_now(
        self, room: Server, bert: AtDesk, chat: Chat, sent: Sent
    ) -> None:
        path = sends(chat, sent, PICTURE)
        chat.sends(choice="cancel")
        now = Chat(room.house, FakeAssistant(), former=chat.id)
        now.sends(choice="human")
        assert (await bert.get(path)).status_code == 403
        await bert.post(f"/conversations/{now.id}/claim", {"epoch": now.conversation.epoch})
        assert (await bert.get(path)).status_code == 200
        assert [entry.actor for entry in readings(chat)] == ["bert"]

    async def test_who_lost_the_conversation_while_it_was_fetched_gets_nothing(
        self, room: Server, bert: AtDesk, chat: Chat, sent: Sent
    ) -> None:
        path = sends(chat, sent, PICTURE)

        class Slow(Sent):
            async def __call__(self, conversation_id: str, seq: int) -> Media | None:
                with room.house.db.transaction() as tx:
                    carl = room.house.staff.get(tx, "carl")
                room.house.desk.claim(carl, chat.id, chat.conversation.epoch)
                return PICTURE

        sent.__class__ = Slow
        async with at_desk(room, "carl"):
            assert (await bert.get(path)).status_code == 403
        assert readings(chat) == []
