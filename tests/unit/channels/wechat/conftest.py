"""A client of the platform's interface, against the platform of api_platform.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from api_platform import APPID, DATA_KEY, Platform, api

from bot.channels.wechat.client import WechatApi
from bot.channels.wechat.tokens import Tokens, wechat_tokens
from bot.clock import FrozenClock
from bot.db import Database


@pytest.fixture
def token_db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'tokens.db'}", busy_timeout_s=0.05)
    wechat_tokens.create(made.engine)
    yield made
    made.dispose()


@pytest.fixture
def tokens(token_db: Database, clock: FrozenClock) -> Tokens:
    return Tokens(token_db, DATA_KEY, APPID, clock)


@pytest.fixture
def platform(clock: FrozenClock) -> Platform:
    return Platform(clock)


@pytest.fixture
async def wechat(platform: Platform, tokens: Tokens) -> AsyncIterator[WechatApi]:
    made = api(platform, tokens)
    yield made
    await made.close()
