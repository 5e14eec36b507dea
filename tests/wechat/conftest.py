from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest_asyncio
from wechat.account import TEST_ACCOUNT
from wechat.bank import Bank, assistant_with, bank_at
from wechat.fake_api import FakeApi
from wechat.outcomes import Mode
from wechat.simulator import Platform

from bot.clock import FrozenClock
from bot.wiring import House

HASTE_S = 0.25


@pytest_asyncio.fixture
async def fake_api(clock: FrozenClock) -> AsyncIterator[FakeApi]:
    """The platform's interface for TEST_ACCOUNT, by the frozen clock."""
    async with FakeApi(TEST_ACCOUNT.appid, TEST_ACCOUNT.secret, lambda: clock.now().timestamp()) as api:
        yield api


@pytest_asyncio.fixture
async def platform_at(fake_api: FakeApi, clock: FrozenClock) -> AsyncIterator[Callable[..., Platform]]:
    """Makes the platform of TEST_ACCOUNT whose account's server is at a URL, joined with `fake_api`."""
    async with AsyncExitStack() as opened:

        def make(url: str, mode: Mode = "aes", **how: object) -> Platform:
            account = TEST_ACCOUNT
            platform = Platform(
                url, account.appid, account.token, account.aes_key, account.name, mode,
                lambda: clock.now().timestamp(), api=fake_api, **how,
            )  # fmt: skip
            opened.push_async_callback(platform.close)
            return platform

        yield make


@pytest_asyncio.fixture
async def bank(house: House, tmp_path: Path, fake_api: FakeApi) -> AsyncIterator[Bank]:
    """The bank with its real patience: a turn that ends at once is answered by the passive reply."""
    async with bank_at(house, assistant_with(), tmp_path, fake_api) as opened:
        yield opened


@pytest_asyncio.fixture
async def hasty(house: House, tmp_path: Path, fake_api: FakeApi) -> AsyncIterator[Bank]:
    """A bank that waits only a moment for the turn before it answers `success`, and for the interface not long."""
    settings = {"reply_within_s": HASTE_S, "answer_within_s": 0.3}
    async with bank_at(house, assistant_with(), tmp_path, fake_api, **settings) as opened:
        yield opened
