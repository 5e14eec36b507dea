"""The console's event stream: what changes at one agent's desk, as long as his page is open and he is signed in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sanic import HTTPResponse, Request

from bot.desk.channels import Seen
from bot.desk.rights import Act
from bot.desk.service import Desk
from bot.desk.staff import Agent, Session, Staff
from bot.errors import Unauthorized
from bot.http import HEARTBEAT_S, POLL_S, EventStream, reply, wait_asked
from bot.wakeups import DESK, Wakeups

Frame = tuple[str, dict[str, Any]]  # name and data of one event


class Shown:
    """What one page has been shown, so that each look gives only what is new."""

    def __init__(self, desk: Desk, agent: Agent, watched: str | None = None) -> None:
        self._desk = desk
        self._agent = agent
        self._watched = watched
        self._seen: dict[str, Seen] | None = None
        self._view: dict[str, Any] = {}

    def of(self, agent: Agent) -> None:
        """As he is now: rights may have been taken from him while the page is open."""
        self._agent = agent
        if self._watched is not None and not agent.may(Act.TAKE_OVER):
            self._watched = None

    def look(self) -> list[Frame]:
        """What has come in the conversations that he holds, then the desk as it was just before."""
        view = self._desk.view(self._agent)
        return [*self._conversations(view), *self._whole(view)]

    def _conversations(self, view: dict[str, Any]) -> Iterator[Frame]:
        """One frame for each in which something is new; the page fetches what there was before it opened."""
        if self._seen is None:
            self._seen = {i["conversation_id"]: Seen(i["last_seq"], i["channel_state"]) for i in view["mine"]}
        for update in self._desk.updates(self._agent, self._seen, self._watched):
            if update["gone"]:
                del self._seen[update["conversation_id"]]
            else:
                self._seen[update["conversation_id"]] = Seen(update["last_seq"], update["channel_state"])
            yield "conversation", update

    def _whole(self, view: dict[str, Any]) -> Iterator[Frame]:
        """The lists, when anything in them is another than before."""
        timeless = {**view, "now": ""}
        if timeless != self._view:
            self._view = timeless
            yield "desk", view


async def follow(request: Request, session: Session, desk: Desk, staff: Staff, wakeups: Wakeups) -> None:
    """Until the page goes, the session ends or the server stops. An open stream is the agent's sign of life.

    `watch` in the address: a supervisor also sees what comes in this conversation, and all that was said before.
    """
    username = session.agent.username
    loop = asyncio.get_running_loop()
    alive_at = loop.time()
    watched = request.args.get("watch")
    if watched is not None:
        await asyncio.to_thread(desk.watch, session.agent, watched)
    shown = Shown(desk, session.agent, watched)
    with wakeups.subscribe(DESK) as woken:
        await asyncio.to_thread(staff.seen, username)
        frames = await asyncio.to_thread(shown.look)
        stream = await EventStream.open(request)
        while True:
            for name, data in frames:
                await stream.event(name, data)
            if wakeups.closing:
                return await stream.close()
            await woken.wait(POLL_S)
            if await stream.beat() or loop.time() - alive_at >= HEARTBEAT_S:
                await asyncio.to_thread(staff.seen, username)
                alive_at = loop.time()
            try:
                shown.of((await asyncio.to_thread(staff.session, session.token)).agent)
            except Unauthorized:
                await stream.event("closed", {})
                return await stream.close()
            frames = await asyncio.to_thread(shown.look)


async def poll(request: Request, session: Session, desk: Desk, staff: Staff, wakeups: Wakeups) -> HTTPResponse:
    """{"view", "mark"}: the lists, for a page that no stream gets through to.

    At once when they are not those of the mark `since`, else when they change, at the latest after `wait` seconds (at
    most 25). Asking is the agent's sign of life. Raises InvalidInput.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_asked(request)
    await asyncio.to_thread(staff.seen, session.agent.username)
    with wakeups.subscribe(DESK) as woken:
        while True:
            view = await asyncio.to_thread(desk.view, session.agent)
            mark, left = _mark(view), until - loop.time()
            if mark != request.args.get("since") or left <= 0 or wakeups.closing:
                return reply({"view": view, "mark": mark})
            await woken.wait(min(left, POLL_S))


def _mark(view: dict[str, Any]) -> str:
    """The same for the same lists, whatever the time."""
    return sha256(json.dumps({**view, "now": ""}, sort_keys=True).encode()).hexdigest()[:16]
