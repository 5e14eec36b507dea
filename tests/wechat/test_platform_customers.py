from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from wechat.account import TEST_ACCOUNT
from wechat.caller import Caller
from wechat.customers import Seen
from wechat.fake_api import FakeApi
from wechat.outcomes import Outcome
from wechat.prompt import converse
from wechat.reference import Reference
from wechat.remote import RemoteApi
from wechat.simulator import Platform

from bot.clock import FrozenClock

LIN = "o_lin"
ROOT = Path(__file__).resolve().parents[2]


@pytest_asyncio.fixture
async def reference() -> AsyncIterator[Reference]:
    async with Reference() as server:
        yield server


@pytest.fixture
def platform(reference: Reference, platform_at: Callable[..., Platform]) -> Platform:
    return platform_at(reference.url)


async def test_replies_and_later_messages_are_seen_in_order(
    platform: Platform, fake_api: FakeApi, clock: FrozenClock
) -> None:
    await platform.text(LIN, "你好")
    waiting = asyncio.create_task(platform.seen(LIN, at_least=2))
    clock.advance(3)
    bank = Caller(fake_api)
    await bank.asks_token()
    await bank.sends(LIN, "还有别的事吗")
    seen = await waiting
    assert [(entry.way, entry.text) for entry in seen] == [("reply", "您好"), ("api", "还有别的事吗")]
    assert seen[1].at - seen[0].at == 3
    assert platform.customers["o_wang"].entries == []


async def test_waiting_for_what_never_comes_tells_what_came(platform: Platform) -> None:
    await platform.text(LIN, "你好")
    with pytest.raises(asyncio.TimeoutError, match="您好"):
        await platform.seen(LIN, at_least=2, timeout_s=0.05)


async def test_watchers_see_what_the_customer_sees(platform: Platform) -> None:
    watched: list[Seen] = []
    platform.customers[LIN].watch(watched.append)
    await platform.text(LIN, "你好")
    assert watched == platform.customers[LIN].entries


@pytest.mark.parametrize(
    ("send", "allowed"),
    [
        (lambda p: p.text(LIN, "hi"), 5),
        (lambda p: p.image(LIN), 5),
        (lambda p: p.text(LIN, "hi", menu_id="1"), 3),
        (lambda p: p.event(LIN, "CLICK", "HELP"), 3),
        (lambda p: p.event(LIN, "subscribe"), 3),
        (lambda p: p.event(LIN, "SCAN", "7"), 3),
        (lambda p: p.event(LIN, "VIEW", "http://x"), 0),
        (lambda p: p.event(LIN, "LOCATION"), 0),
    ],
)
async def test_the_interface_hears_what_gives_a_right_to_send(
    platform: Platform, fake_api: FakeApi, send: Callable[[Platform], Awaitable[Outcome]], allowed: int
) -> None:
    await send(platform)
    assert fake_api.allowances.left(LIN) == allowed


async def test_delivering_the_same_message_again_gives_no_new_right(platform: Platform, fake_api: FakeApi) -> None:
    bank = Caller(fake_api)
    await bank.asks_token()
    message = platform.message(LIN, "text", {"Content": "你好"})
    await platform.deliver(message)
    await bank.sends(LIN)
    await platform.at_once(message, copies=2)
    assert fake_api.allowances.left(LIN) == 4


# two programs, by hand


@pytest.mark.parametrize("start", [["tests/wechat/simulator.py"], ["-m", "tests.wechat.fake_api"]])
def test_the_programs_start(start: list[str]) -> None:
    told = subprocess.run([sys.executable, *start, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("usage:")


async def test_two_programs_report_to_each_other(reference: Reference, fake_api: FakeApi) -> None:
    account, bank = TEST_ACCOUNT, Caller(fake_api)
    await bank.asks_token()
    async with RemoteApi(fake_api.url) as api, Platform(
        reference.url, account.appid, account.token, account.aes_key, api=api
    ) as platform:  # fmt: skip
        await platform.text(LIN, "你好")
        assert await bank.sends(LIN, "还有别的事吗") == 0
        assert await bank.sends(LIN, "再见") == 0
        seen = await platform.seen(LIN, at_least=3)
    assert [(entry.way, entry.text) for entry in seen] == [("reply", "您好"), ("api", "还有别的事吗"), ("api", "再见")]


async def _lines(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def test_every_command_of_the_prompt_does_what_it_says(reference: Reference, platform: Platform) -> None:
    said: list[str] = []
    lines = _lines(
        "你好", "/subscribe 9", "/scan 9", "/click HELP", "/view http://x", "/option 101 转人工", "/voice 余额",
        "/image", "/video", "/file a.pdf", "/location 31.2 121.4 人民广场", "/link http://x t", "/unsubscribe", "",
        "/quit", "never said",
    )  # fmt: skip
    await converse(platform, LIN, lines, said.append)
    heard = [heard.message for heard in reference.heard]
    assert [message.get("Event", message["MsgType"]) for message in heard] == [
        "text", "subscribe", "SCAN", "CLICK", "VIEW", "text", "voice", "image", "video", "file", "location", "link",
        "unsubscribe",
    ]  # fmt: skip
    assert [message.get("EventKey") for message in heard[1:5]] == ["qrscene_9", "9", "HELP", "http://x"]
    assert (heard[5]["bizmsgmenuid"], heard[6]["Recognition"], heard[10]["Label"]) == ("101", "余额", "人民广场")
    assert "  <- (reply) 您好" in said


async def test_again_repeats_the_same_message(reference: Reference, platform: Platform) -> None:
    await converse(platform, LIN, _lines("你好", "/again 2"), lambda _: None)
    assert len({heard.message["MsgId"] for heard in reference.heard}) == 1
    assert len(reference.heard) == 3


@pytest.mark.parametrize("line", ["/fly", "/click", "/location here", "/again", "/option 101"])
async def test_a_line_that_says_nothing_is_answered_and_not_sent(
    reference: Reference, platform: Platform, line: str
) -> None:
    said: list[str] = []
    await converse(platform, LIN, _lines(line), said.append)
    assert reference.heard == []
    assert line.split()[0] in said[-1]


async def test_the_prompt_binds_the_server_and_helps(platform: Platform) -> None:
    said: list[str] = []
    await converse(platform, LIN, _lines("/verify", "/help"), said.append)
    assert said[1].startswith("  echoed ")
    assert "/subscribe" in said[2]
