"""One access token for everybody: fetched once, kept to five minutes before its end, shared by all processes."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from api_platform import DATA_KEY, OPENID, Platform, api, wechat_settings

from bot.channels.wechat.client import Fate, WechatApi
from bot.channels.wechat.tokens import RENEW_BEFORE, Tokens
from bot.clock import FrozenClock
from bot.db import Database

TWO_HOURS_S = 7200
LIFE_S = TWO_HOURS_S - RENEW_BEFORE.total_seconds()


async def sends(wechat: WechatApi, count: int) -> set[Fate]:
    return {sent.fate for sent in await asyncio.gather(*(wechat.send_text(OPENID, str(n)) for n in range(count)))}


class TestOneToken:
    async def test_serves_every_message_of_its_life(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        await wechat.send_text(OPENID, "一")
        clock.advance(LIFE_S - 1)
        await wechat.send_text(OPENID, "二")
        assert platform.fetches == [False]
        clock.advance(1)
        await wechat.send_text(OPENID, "三")
        assert platform.fetches == [False, False]
        assert [asked.token[-1] for asked in platform.asked] == ["1", "1", "2"]

    async def test_is_fetched_once_for_all_who_wait_for_the_first(self, wechat: WechatApi, platform: Platform) -> None:
        assert await sends(wechat, 20) == {Fate.SENT}
        assert platform.fetches == [False]

    async def test_is_fetched_once_for_all_who_wait_at_its_end(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        await wechat.token()
        clock.advance(LIFE_S)
        assert await sends(wechat, 20) == {Fate.SENT}
        assert platform.fetches == [False, False]

    async def test_outlives_a_restart(self, wechat: WechatApi, platform: Platform, token_db: Database) -> None:
        first = await wechat.token()
        again = Tokens(token_db, DATA_KEY, wechat_settings().appid, platform.clock)
        restarted = api(platform, again)
        assert await restarted.token() == first
        assert platform.fetches == [False]
        await restarted.close()

    async def test_is_fetched_anew_under_another_master_key(
        self, wechat: WechatApi, platform: Platform, token_db: Database
    ) -> None:
        await wechat.token()
        other = api(platform, Tokens(token_db, bytes(32), wechat_settings().appid, platform.clock))
        assert (await other.send_text(OPENID, "您好")).fate is Fate.SENT
        assert platform.fetches == [False, False]
        await other.close()

    async def test_may_be_a_thousand_characters_long(
        self, wechat: WechatApi, platform: Platform, tokens: Tokens
    ) -> None:
        platform.token_tail = "-" + "x" * (1000 - len("ACCESS-TOKEN-1-"))
        assert (await wechat.send_text(OPENID, "您好")).fate is Fate.SENT
        assert len(platform.asked[0].token) == 1000
        stored = await asyncio.to_thread(tokens.load)
        assert stored is not None
        assert stored.value == platform.current

    async def test_lasts_no_longer_than_the_platform_can_mean(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock, tokens: Tokens
    ) -> None:
        platform.grant = {"access_token": "x", "expires_in": 10**15}
        await wechat.token()
        stored = tokens.load()
        assert stored is not None
        assert (stored.expires_at - clock.now()).total_seconds() == TWO_HOURS_S

    async def test_that_is_near_its_end_already_is_not_fetched_for_every_message(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        platform.grant = {"access_token": platform.renew(), "expires_in": 290}
        for _ in range(3):
            clock.advance(10)
            assert (await wechat.send_text(OPENID, "您好")).fate is Fate.SENT
        assert platform.fetches == [False]


class TestWhenThePlatformGivesNone:
    async def test_the_old_one_is_used_to_its_end_and_asked_for_every_half_minute(
        self, wechat: WechatApi, platform: Platform, clock: FrozenClock
    ) -> None:
        await wechat.token()
        platform.fetches.clear()
        platform.grant = httpx.Response(503)
        clock.advance(LIFE_S)
        assert await sends(wechat, 5) == {Fate.SENT}
        assert len(platform.fetches) == 1
        clock.advance(30)
        assert await sends(wechat, 5) == {Fate.SENT}
        assert len(platform.fetches) == 2
        clock.advance(RENEW_BEFORE.total_seconds())
        assert await sends(wechat, 5) == {Fate.LATER}
        platform.grant = None
        assert await sends(wechat, 5) == {Fate.SENT}

    async def test_all_who_waited_share_one_failure(self, wechat: WechatApi, platform: Platform) -> None:
        """Each waiting for a time-out of his own would wait for all before him."""
        platform.grant = httpx.ReadTimeout("slow")
        assert await sends(wechat, 20) == {Fate.LATER}
        assert platform.fetches == [False]
        assert await sends(wechat, 1) == {Fate.LATER}
        assert platform.fetches == [False, False]

    async def test_one_who_gives_up_waiting_holds_nobody_else(self, wechat: WechatApi, platform: Platform) -> None:
        first = asyncio.create_task(wechat.token())
        second = asyncio.create_task(wechat.token())
        await asyncio.sleep(0)
        first.cancel()
        assert await second == platform.current
        with pytest.raises(asyncio.CancelledError):
            await first
