"""Agents at the desk, and the complaint form without a model: what the desk's tests share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from server import Server, Visitor
from support import Chat

from actions import decide
from actions.turn import Turn
from bot.conversation import store
from bot.conversation.model import TurnInput, TurnOutput, Understanding
from bot.desk.staff import Agent
from bot.desk.store import agents
from bot.tickets.opening import Told
from bot.wiring import House

PASSWORD = "a long password"


def agent(
    house: House, username: str, presence: str = "ready", *roles: str, skills: Sequence[str] = (), limit: int = 3
) -> Agent:
    """An agent who is at the desk, with this presence."""
    house.staff.put(username, f"坐席{username}", PASSWORD, roles)
    house.staff.set_presence(username, presence)
    with house.db.transaction() as tx:
        tx.execute(agents.update().where(agents.c.username == username).values(skills=list(skills), limit=limit))
        return house.staff.get(tx, username)


def offered(chat: Chat) -> str | None:
    """Who is offered the customer when the desk has looked."""
    chat.house.desk.tick()
    return chat.conversation.offered_to


def complaining(house: House, turn: TurnInput) -> TurnOutput:
    """A turn of the complaint form: what the real action does, without the model."""
    meaning = Understanding(turn.text, "complaint", 0.9)
    told = Turn(turn.conversation_id, turn.seq, turn.text, turn.choice, None, meaning, None)
    return TurnOutput(meaning, tuple(decide.complaint(told, house)))


def talking(house: House, turn: TurnInput) -> TurnOutput:
    """A turn about complaints: what the real actions do, without the model."""
    status = turn.choice in decide.BUTTONS or "进度" in turn.text or "结果" in turn.text
    asked = status and not house.asking.proofs.open(turn.conversation_id)
    meaning = Understanding(turn.text, "complaint_status" if asked else "complaint", 0.9)
    told = Turn(turn.conversation_id, turn.seq, turn.text, turn.choice, None, meaning, None)
    act = decide.complaint_status if asked else decide.complaint
    return TurnOutput(meaning, tuple(act(told, house)))


def complain(house: House, chat: Chat, about: str) -> str:
    """The customer files a complaint about this agent; gives its number."""
    with house.db.transaction() as tx:
        conversation = store.get(tx, chat.id, lock=True)
        told = Told(f"坐席{about}态度恶劣，还骂人", None)
        opened = house.tickets.opening.open(tx, conversation, conversation.last_seq + 1, told, house.clock.now())
    return opened.case.number


@dataclass
class AtDesk:
    """An agent's console over HTTP: signed in, with the cookie and the token that changes need."""

    client: httpx.AsyncClient
    token: str

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        given = {"X-CSRF-Token": self.token, **headers}
        return await self.client.post(f"/api/desk{path}", json=body or {}, headers=given)

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"/api/desk{path}")

    async def says(self, visitor: Visitor, text: str, key: str = "a-reply-key", **more: object) -> httpx.Response:
        body = {"epoch": (await visitor.poll())["epoch"], "text": text, **more}
        return await self.post(f"/conversations/{visitor.conversation_id}/messages", body, **{"Idempotency-Key": key})

    async def claims(self, visitor: Visitor) -> httpx.Response:
        epoch = (await visitor.poll())["epoch"]
        return await self.post(f"/conversations/{visitor.conversation_id}/claim", {"epoch": epoch})

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[Stream]:
        async with self.client.stream("GET", "/api/desk/events", timeout=15) as response:
            assert response.status_code == 200
            yield Stream(response.aiter_lines())


@dataclass
class Stream:
    """The console's event stream, read as it comes."""

    lines: AsyncIterator[str]

    async def next(self, name: str, such: Callable[[dict], bool] = lambda _: True) -> dict[str, Any]:
        """The next event of this name that is such. Fails when none has come after ten seconds."""
        return await asyncio.wait_for(self._next(name, such), 10)

    async def _next(self, name: str, such: Callable[[dict], bool]) -> dict[str, Any]:
        event = ""
        async for line in self.lines:
            field, _, value = line.partition(": ")
            if field == "event":
                event = value
            elif field == "data" and event == name and such(data := json.loads(value)):
                return data
        raise AssertionError(f"the stream ended without {name}")

    async def ends(self) -> None:
        async for line in self.lines:
            assert not line.startswith("data"), line


@asynccontextmanager
async def at_desk(server: Server, username: str, presence: str = "busy", *roles: str) -> AsyncIterator[AtDesk]:
    """Signed in, and there: "busy" may take customers but is not offered any."""
    server.house.staff.put(username, f"坐席{username}", PASSWORD, roles)
    async with server.client() as client:
        signed = await client.post("/api/desk/session", json={"username": username, "password": PASSWORD})
        assert signed.status_code == 200, signed.text
        desk = AtDesk(client, signed.json()["csrf_token"])
        assert (await desk.post("/presence", {"status": presence})).status_code == 200
        yield desk
