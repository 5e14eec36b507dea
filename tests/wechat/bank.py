"""The product as the platform sees it: the real server with the bridge, a fake assistant, agents who answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from server import Server, served
from wechat.account import TEST_ACCOUNT
from wechat.fake_api import FakeApi

from bot.assistant.fake import FakeAssistant, understood
from bot.channels.wechat import store
from bot.channels.wechat.store import Out
from bot.conversation import store as log_store
from bot.conversation.model import Answer, Event, Handover, Line, TurnInput, TurnOutput
from bot.desk.staff import Agent
from bot.settings import WechatSettings
from bot.wiring import House

PATH = "/channels/wechat/"


@dataclass
class Bank:
    server: Server
    house: House
    assistant: FakeAssistant

    @property
    def url(self) -> str:
        return self.server.url + PATH

    def outbox(self) -> list[Out]:
        """Everything that was ever to go out, in order."""
        with self.house.db.transaction() as tx:
            ids = [row.id for row in tx.execute(sa.select(store.outbox.c.id).order_by(store.outbox.c.id))]
            return [store.out(tx, id) for id in ids]

    def conversation_ids(self) -> list[str]:
        with self.house.db.transaction() as tx:
            return log_store.all_ids(tx)

    def events(self, conversation_id: str | None = None) -> list[Event]:
        """The log of the conversation, or of the newest one."""
        with self.house.db.transaction() as tx:
            return log_store.read(tx, conversation_id or log_store.all_ids(tx)[-1])

    def agent(self, username: str = "mei") -> Agent:
        """Somebody who is there and takes conversations."""
        self.house.staff.put(username, "小梅", "a-long-password", ())
        self.house.staff.set_presence(username, "ready")
        self.house.staff.seen(username)
        with self.house.db.transaction() as tx:
            return self.house.staff.get(tx, username)

    async def takes(self, agent: Agent) -> str:
        """The agent takes who waits first; gives the conversation."""
        while True:
            await asyncio.to_thread(self.house.desk.tick)
            view = await asyncio.to_thread(self.house.desk.view, agent)
            for item in [*view["offers"], *view["queue"]]:
                self.house.desk.claim(agent, item["conversation_id"], item["epoch"])
                return str(item["conversation_id"])
            await asyncio.sleep(0)


def assistant_with(**texts: TurnOutput | Callable[[TurnInput], TurnOutput | Awaitable[TurnOutput]]) -> FakeAssistant:
    known = {
        "房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage"),
        "转人工": understood("human_agent", Handover("asked")),
        "谢谢": understood("thanks", Line("thanks")),
    }
    return FakeAssistant({**known, **texts}, otherwise=understood("branch_hours", Answer("branch_hours")))


@asynccontextmanager
async def bank_at(house: House, assistant: FakeAssistant, home: Path, api: FakeApi) -> AsyncIterator[Bank]:
    account = TEST_ACCOUNT
    wechat = WechatSettings(account.appid, account.secret, account.token, account.aes_key, api.url, False)
    house = replace(house, settings=replace(house.settings, wechat=wechat))
    async with served(house, assistant, home) as server:
        yield Bank(server, server.house, assistant)
