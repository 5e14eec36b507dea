"""Pictures, voices, videos and files that customers sent, for who may read the conversation or serves its customer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation import store
from bot.db import Tx
from bot.desk.refusals import subject
from bot.desk.service import Desk
from bot.desk.staff import Agent
from bot.errors import NotFound
from bot.privacy.audit import Action, audit

FETCHED = frozenset({"image", "voice", "video", "file"})


@dataclass(frozen=True)
class Media:
    """`content_type` and `name` are what the channel says of it; both come from outside."""

    content_type: str
    body: bytes
    name: str


MediaPort = Callable[[str, int], Awaitable[Media | None]]
"""Conversation and sequence number -> what the customer sent there; None when it is gone or has expired."""


class CustomerMedia:
    """Every reading goes on record before anything leaves (000-58). Without a port there is never anything."""

    def __init__(self, desk: Desk, port: MediaPort | None) -> None:
        self._desk = desk
        self._port = port

    async def open(self, agent: Agent, conversation_id: str, seq: int) -> Media:
        """Raises Forbidden, NotFound."""
        await asyncio.to_thread(self._look, agent, conversation_id, seq)
        media = await self._port(conversation_id, seq) if self._port is not None else None
        if media is None:
            raise NotFound("the media is not there any more")
        await asyncio.to_thread(self._record, agent, conversation_id, seq)
        return media

    def _look(self, agent: Agent, conversation_id: str, seq: int) -> None:
        with self._desk.db.transaction() as tx:
            self._kind(tx, agent, conversation_id, seq)

    def _record(self, agent: Agent, conversation_id: str, seq: int) -> None:
        """Looks again: the conversation may have gone to somebody else while the channel was asked."""
        with self._desk.db.transaction() as tx:
            detail = {"seq": seq, "kind": self._kind(tx, agent, conversation_id, seq)}
            audit(tx, self._desk.clock.now(), agent.username, Action.MEDIA_READ, subject(conversation_id), detail)

    def _kind(self, tx: Tx, agent: Agent, conversation_id: str, seq: int) -> str:
        conversation = self._desk.views.served(tx, agent, conversation_id)
        if not 0 < seq <= conversation.last_seq:
            raise NotFound("no such event")
        event = store.event_at(tx, conversation_id, seq)
        kind = (event.payload.get("media") or {}).get("kind")
        if event.actor.kind != "customer" or kind not in FETCHED:
            raise NotFound("the customer sent no media there")
        return str(kind)
