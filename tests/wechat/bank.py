"""The product as the platform sees it: the real server with the bridge, a fake assistant, agents who answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from desk import complaining
from server import Server, served
from wechat.account import TEST_ACCOUNT
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.assistant.fake import FakeAssistant, Given, understood
from bot.channels.wechat import outgoing, store
from bot.channels.wechat.bridge import Bridge
from bot.channels.wechat.delivery import WECHAT
from bot.channels.wechat.outbox import REPLY_LOST
from bot.channels.wechat.outgoing import Out
from bot.clock import FrozenClock
from bot.conversation import store as log_store
from bot.conversation.model import Answer, Conversation, Event, Handover, Line, State, TurnInput, TurnOutput
from bot.desk.staff import Agent
from bot.settings import WechatSettings
from bot.wakeups import DESK, TURNS
from bot.wiring import House

PATH = "/channels/wechat/"
T = TypeVar("T")


@dataclass
class Bank:
    server: Server
    house: House
    assistant: FakeAssistant

    def __post_init__(self) -> None:
        self._replies = count(1)
        self._agents: set[str] = set()

    @property
    def url(self) -> str:
        return self.server.url + PATH

    @property
    def bridge(self) -> Bridge:
        return self.house.desk.views.channel_state.__self__

    def phrase(self, id: str, **values: str) -> str:
        return self.house.knowledge.phrase(id, **values)[0]

    # what is kept

    def outbox(self) -> list[Out]:
        """Everything that was ever to go out, in order."""
        with self.house.db.transaction() as tx:
            ids = [row.id for row in tx.execute(sa.select(outgoing.outbox.c.id).order_by(outgoing.outbox.c.id))]
            return [outgoing.get(tx, id) for id in ids]

    def fates(self) -> Counter[str]:
        """How many messages ended how."""
        return Counter(out.state.value for out in self.outbox())

    def conversation_ids(self) -> list[str]:
        with self.house.db.transaction() as tx:
            return log_store.all_ids(tx)

    def conversation(self, id: str | None = None) -> Conversation:
        """This one, or the newest."""
        return self.house.conversations.snapshot(id or self.conversation_ids()[-1]).conversation

    def events(self, conversation_id: str | None = None) -> list[Event]:
        """The log of the conversation, or of the newest one; its chain holds."""
        with self.house.db.transaction() as tx:
            id = conversation_id or log_store.all_ids(tx)[-1]
            assert log_store.broken_at(tx, id) is None
            return log_store.read(tx, id)

    def said_by_customer(self) -> list[str]:
        return [event.payload["text"] for event in self.events() if event.actor.kind == "customer"]

    def phrases(self) -> list[str]:
        """The phrases that were said in the newest conversation."""
        found = [(event.payload.get("internal") or {}).get("phrase") for event in self.events()]
        return [phrase for phrase in found if phrase]

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        with self.house.db.transaction() as tx:
            return [dict(row._mapping) for row in tx.execute(sa.text(f"SELECT * FROM {table}"))]

    # what happens

    async def until(self, true: Callable[[], T], timeout_s: float = 10) -> T:
        """What `true` gives, as soon as that is something."""
        return await asyncio.wait_for(self._until(true), timeout_s)

    async def _until(self, true: Callable[[], T]) -> T:
        with self.house.wakeups.subscribe(WECHAT, DESK, TURNS) as woken:
            while not (found := await asyncio.to_thread(true)):
                await woken.wait(0.05)
        return found

    def is_answering(self) -> bool:
        """Does a delivery of the newest conversation wait for its answer, on a connection that stands?"""
        return self.conversation_ids()[-1] in self.house.wakeups._waiting

    async def settles(self) -> None:
        """Everything that is due has been sent, or put aside."""
        await asyncio.wait_for(self._settle(), 10)
        await self.bridge.delivery.idle()
        await asyncio.gather(*self.bridge._beside)

    async def _settle(self) -> None:
        with self.house.wakeups.subscribe(DESK) as woken:
            while not await asyncio.to_thread(self._is_settled):
                self.house.wakeups.notify(WECHAT)
                await woken.wait(0.05)

    def _is_settled(self) -> bool:
        now = self.house.clock.now()
        with self.house.db.transaction() as tx:
            if store.overdue(tx, now) or store.unwritten(tx, now - REPLY_LOST) or outgoing.lost(tx, now):
                return False
            until = self.bridge.delivery.stopped_until
            stopped = until is not None and now < until
            sending = sa.select(outgoing.outbox.c.id).where(outgoing.outbox.c.state == "sending")
            return not tx.execute(sending).first() and (
                stopped or not (store.unheard(tx) or outgoing.sendable(tx, now, 1))
            )

    async def passes(self, seconds: float) -> None:
        """Time passes, every part looks what is due, and agents stay at their desks."""
        await asyncio.gather(*self.bridge._beside)
        clock = self.house.clock
        assert isinstance(clock, FrozenClock)
        clock.advance(seconds)
        for username in self._agents:
            self.house.staff.seen(username)
        self.house.wakeups.notify(WECHAT, DESK, TURNS)
        for duty in (self.house.conversations.tick, self.house.desk.tick):
            await asyncio.to_thread(duty)
        await self.settles()
        for duty in (self.bridge.fallback.tick, self.house.notices.tick):
            await asyncio.to_thread(duty)

    # agents

    def agent(self, username: str = "mei") -> Agent:
        """Somebody who is there and takes conversations."""
        self._agents.add(username)
        self.house.staff.put(username, "小梅", "a-long-password", ())
        self.house.staff.set_presence(username, "ready")
        self.house.staff.seen(username)
        with self.house.db.transaction() as tx:
            return self.house.staff.get(tx, username)

    async def takes(self, agent: Agent) -> str:
        """The agent takes who waits first; gives the conversation."""
        return await self.until(lambda: self._take(agent))

    def _take(self, agent: Agent) -> str | None:
        self.house.desk.tick()
        view = self.house.desk.view(agent)
        for item in [*view["offers"], *view["queue"]]:
            self.house.desk.claim(agent, item["conversation_id"], item["epoch"])
            return str(item["conversation_id"])
        return None

    async def handed_over(self, platform: Platform, openid: str, username: str = "mei") -> tuple[Agent, str]:
        """The customer has asked for a person and has him; gives the agent and the conversation."""
        agent = self.agent(username)
        await platform.text(openid, "转人工")
        conversation_id = await self.takes(agent)
        await self.settles()
        return agent, conversation_id

    async def says(self, agent: Agent, conversation_id: str, text: str) -> int:
        """The agent says something; gives its sequence number. It has been sent, or put aside, when this returns."""
        epoch = self.conversation(conversation_id).epoch
        key = f"reply-{next(self._replies):06}"
        seq = await asyncio.to_thread(self.house.desk.send, agent, conversation_id, epoch, key, text)
        await self.settles()
        return seq

    def at_desk(self, agent: Agent, conversation_id: str) -> Mapping[str, Any]:
        """What the agent sees of the channel."""
        return self.house.desk.conversation(agent, conversation_id)["channel_state"]

    async def closes(self, agent: Agent, conversation_id: str) -> None:
        epoch = self.conversation(conversation_id).epoch
        await asyncio.to_thread(self.house.desk.close, agent, conversation_id, epoch, "solved", "other", "")
        await self.settles()

    def state(self, conversation_id: str | None = None) -> State:
        return self.conversation(conversation_id).state


class Held:
    """A turn that waits until the test lets it go."""

    def __init__(self, output: TurnOutput | None = None) -> None:
        self.output = output or understood("branch_hours", Answer("branch_hours"))
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, turn: TurnInput) -> TurnOutput:
        self.begun.set()
        await self.go.wait()
        return self.output


def assistant_with(**texts: Given) -> FakeAssistant:
    known: dict[str, Given] = {
        "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
        "转人工": understood("human_agent", Handover("asked")),
        "谢谢": understood("thanks", Line("thanks")),
    }
    return FakeAssistant({**known, **texts}, otherwise=understood("branch_hours", Answer("branch_hours")))


def with_form(house: House) -> Callable[[TurnInput], TurnOutput]:
    """The complaint form, and nothing else."""
    return lambda turn: complaining(house, turn)


@asynccontextmanager
async def bank_at(
    house: House,
    assistant: FakeAssistant,
    home: Path,
    api: FakeApi,
    api_url: str = "",
    reply_within_s: float = 4.0,
    answer_within_s: float = 5.0,
    **changed: Any,
) -> AsyncIterator[Bank]:
    """`changed` settings of the house."""
    account = TEST_ACCOUNT
    wechat = WechatSettings(
        account.appid, account.secret, account.token, account.aes_key, api_url or api.url, False,
        reply_within_s, answer_within_s,
    )  # fmt: skip
    house = replace(house, settings=replace(house.settings, wechat=wechat))
    async with served(house, assistant, home, **changed) as server:
        yield Bank(server, server.house, assistant)
