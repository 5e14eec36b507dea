"""Where the demonstration is played: the product, the platform and its interface in one process, on free ports."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from desk import PASSWORD, AtDesk
from server import Server, served
from wechat.account import TEST_ACCOUNT
from wechat.customers import Seen
from wechat.fake_api import FakeApi
from wechat.outcomes import Outcome
from wechat.simulator import Platform

from bot.conversation import store as log_store
from bot.conversation.model import Event, TurnInput, TurnOutput
from bot.migrate import upgrade
from bot.settings import ROOT, WechatSettings, from_env
from bot.wiring import House, build

OPENID = "o_demo_customer"
AGENT = "agent1"
PATIENCE_S = 5.0
WAIT_S, LOOK_EVERY_S = 15.0, 0.05  # for what the desk shows
WAYS = {"reply": "被动回复", "api": "客服接口", "banner": "平台的故障提示"}
ANSWERS = {"reply": "当场回复", "success": "先应 success", "empty": "空", "fault": "故障"}
_SPEAKER = re.compile(r"【(.+?)】")


class Assistant(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...

    def alive(self) -> bool: ...

    async def handle(self, turn: TurnInput, deadline_s: float = 10.0) -> TurnOutput: ...


class Slowly:
    """The assistant as it is, which can be told to hesitate before its next turn."""

    def __init__(self, inner: Assistant) -> None:
        self.inner = inner
        self.hesitates_s = 0.0
        self.start, self.stop, self.alive = inner.start, inner.stop, inner.alive

    async def handle(self, turn: TurnInput, deadline_s: float = 10.0) -> TurnOutput:
        wait_s, self.hesitates_s = self.hesitates_s, 0.0
        await asyncio.sleep(wait_s)
        return await self.inner.handle(turn, deadline_s)


@dataclass(frozen=True)
class Pace:
    """In seconds. The platform's patience is five; a test has less."""

    reply_within_s: float = 4.0
    slow_turn_s: float = 6.0
    hesitation_s: float = 1.0  # of the turn during which the line breaks
    line_breaks_after_s: float = 0.4


class Unmet(Exception):
    """Something was otherwise than the play says."""


@dataclass
class Stage:
    server: Server
    house: House
    assistant: Slowly
    platform: Platform
    api: FakeApi
    pace: Pace
    say: Callable[[str], None]
    spoken_at: float = 0.0
    read: int = 0  # how much of what the customer saw was looked at
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform.customers[OPENID].watch(self._tell_seen)

    # the customer

    async def writes(self, text: str) -> Outcome:
        return await self._does(text, self.platform.text(OPENID, text))

    async def follows(self) -> Outcome:
        return await self._does("（关注公众号）", self.platform.event(OPENID, "subscribe"))

    async def sees(self, way: str, *parts: str, within_s: float = WAIT_S) -> Seen:
        """The next message on his phone; it must come this way and hold these parts."""
        (*_, seen) = (await self.platform.seen(OPENID, self.read + 1, within_s))[: self.read + 1]
        self.read += 1
        expect(seen.way == way, f"应走{WAYS[way]}，却走了{WAYS[seen.way]}")
        for part in parts:
            expect(part in seen.text, f"客户看到的话里没有：{part}")
        return seen

    def has_seen_all(self) -> None:
        expect(len(self.platform.customers[OPENID].entries) == self.read, "客户多看到了消息")

    async def _does(self, what: str, doing: Any) -> Outcome:
        self.say(f"客户     {what}")
        self.spoken_at = perf_counter()
        outcome: Outcome = await doing
        self.outcomes.append(outcome)
        attempts = len(outcome.attempts)
        again = f"，投递了{attempts}次" if attempts > 1 else ""
        self.say(f"  平台   {ANSWERS[outcome.kind]}，{outcome.attempts[-1].seconds:.2f} 秒{again}")
        return outcome

    def _tell_seen(self, seen: Seen) -> None:
        speaker = _SPEAKER.match(seen.text)
        who = "坐席  " if speaker else "机器人"
        self.say(f"{who}   （{WAYS[seen.way]}，客户发话后 {perf_counter() - self.spoken_at:.2f} 秒）")
        for line in seen.text.splitlines():
            self.say(f"         {line}")
        for id in self.warnings(seen.text):
            self.say(f"         ⚠ 风险提示 {id}：完整")

    def warnings(self, text: str) -> list[str]:
        """The mandatory texts that stand whole in it."""
        return [id for id, known in self.house.knowledge.disclosures.items() if known.text in text]

    # the record

    def events(self) -> list[Event]:
        with self.house.db.transaction() as tx:
            return log_store.read(tx, log_store.all_ids(tx)[-1])

    # the agent

    @asynccontextmanager
    async def agent(self) -> AsyncIterator[AgentAtWork]:
        """Signed in at the console and ready."""
        async with self.server.client() as client:
            signed = await client.post("/api/desk/session", json={"username": AGENT, "password": PASSWORD})
            desk = AtDesk(client, signed.json()["csrf_token"])
            await desk.post("/presence", {"status": "ready"})
            yield AgentAtWork(self, desk)


@dataclass
class AgentAtWork:
    """An agent's console over HTTP, in one conversation."""

    stage: Stage
    desk: AtDesk
    conversation_id: str = ""
    epoch: int = 0
    sent: int = 0

    async def takes_over(self) -> None:
        """Whom the desk offers to him."""
        offered: list[dict[str, Any]] = []
        deadline = perf_counter() + WAIT_S
        while not offered:
            expect(perf_counter() < deadline, "没有客户分配过来")
            await asyncio.sleep(LOOK_EVERY_S)
            offered = (await self.desk.get("/conversations?state=OFFERED")).json()["conversations"]
        self.conversation_id = offered[0]["conversation_id"]
        claimed = await self.desk.post(f"/conversations/{self.conversation_id}/claim", {"epoch": offered[0]["epoch"]})
        expect(claimed.status_code == 200, f"接入不成：{claimed.text}")
        self.epoch = claimed.json()["epoch"]
        self.stage.say("坐席     （接入）")

    async def writes(self, text: str) -> Any:
        """The console's answer: 202, or 422 with what the guard wants."""
        self.sent += 1
        lines = text.splitlines()
        self.stage.say(f"坐席     想发：{lines[0]}" + "".join(f"\n         {line}" for line in lines[1:]))
        return await self.desk.post(
            f"/conversations/{self.conversation_id}/messages",
            {"epoch": self.epoch, "text": text},
            **{"Idempotency-Key": f"demo-message-{self.sent:04}"},
        )

    async def channel(self) -> dict[str, Any]:
        """What the console shows of the channel."""
        return (await self.desk.get(f"/conversations/{self.conversation_id}")).json()["channel_state"]

    async def waits_until_held(self, messages: int) -> dict[str, Any]:
        deadline = perf_counter() + WAIT_S
        while (shown := await self.channel())["held"] != messages:
            expect(perf_counter() < deadline, f"等待客户的消息应有{messages}条，却是{shown['held']}条")
            await asyncio.sleep(LOOK_EVERY_S)
        return shown


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Unmet(otherwise)


@asynccontextmanager
async def staged(
    home: Path, assistant: Callable[[House], Assistant], pace: Pace, say: Callable[[str], None]
) -> AsyncIterator[Stage]:
    """Everything started, in the empty folder `home`."""
    with house_in(home) as house:
        async with AsyncExitStack() as open_:
            account = TEST_ACCOUNT
            api = await open_.enter_async_context(FakeApi(account.appid, account.secret))
            wechat = WechatSettings(
                account.appid,
                account.secret,
                account.token,
                account.aes_key,
                api.url,
                False,
                reply_within_s=pace.reply_within_s,
            )
            slowly = Slowly(assistant(house))
            open_.callback(slowly.stop)
            server = await open_.enter_async_context(served(house, slowly, home, wechat=wechat, pages=pages(home)))
            platform = await open_.enter_async_context(
                Platform(
                    server.url + "/channels/wechat/", account.appid, account.token, account.aes_key, account.name,
                    patience_s=PATIENCE_S, api=api,
                )
            )  # fmt: skip
            house.staff.put(AGENT, house.knowledge.phrase("demo_agent_name")[0] + "001", PASSWORD)
            yield Stage(server, server.house, slowly, platform, api, pace, say)


@contextmanager
def house_in(home: Path) -> Iterator[House]:
    house = build(from_env({"QIANTAI_HOME": str(home), "QIANTAI_EMBEDDING": "none"}))
    upgrade(house.db)
    try:
        yield house
    finally:
        house.db.dispose()


def pages(home: Path) -> Path:
    """Those that `make pages` has built; else the stand-ins that `served` makes."""
    built = ROOT / "web" / "dist"
    return built if (built / "desk" / "index.html").exists() else home / "pages"
