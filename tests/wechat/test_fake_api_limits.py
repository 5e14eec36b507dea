from __future__ import annotations

import pytest
import pytest_asyncio
from wechat.account import TEST_ACCOUNT
from wechat.caller import Caller
from wechat.fake_api import FakeApi

from bot.clock import FrozenClock

LIN = "o_lin"


@pytest_asyncio.fixture
async def bank(fake_api: FakeApi) -> Caller:
    bank = Caller(fake_api)
    await bank.asks_token()
    return bank


# tokens


async def test_every_caller_gets_the_same_token_until_its_last_five_minutes(bank: Caller, clock: FrozenClock) -> None:
    first = bank.token
    assert len(first) == 512
    clock.advance(7200 - 300)
    assert await bank.asks_token() == {"access_token": first, "expires_in": 300}
    clock.advance(1)
    renewed = await bank.asks_token()
    assert renewed["access_token"] != first
    assert renewed["expires_in"] == 7200


async def test_old_and_new_token_are_both_good_until_the_old_one_ends(
    bank: Caller, fake_api: FakeApi, clock: FrozenClock
) -> None:
    await fake_api.customer_did(LIN, "message")
    old = bank.token
    clock.advance(7200 - 299)
    await bank.asks_token()
    clock.advance(298)
    assert [await bank.sends(LIN, token=old), await bank.sends(LIN)] == [0, 0]
    clock.advance(1)
    assert [await bank.sends(LIN, token=old), await bank.sends(LIN)] == [42001, 0]
    assert fake_api.tokens_issued == 2


async def test_a_forced_refresh_leaves_the_old_token_five_minutes(
    bank: Caller, fake_api: FakeApi, clock: FrozenClock
) -> None:
    await fake_api.customer_did(LIN, "message")
    old = bank.token
    assert (await bank.asks_token(force_refresh=True))["access_token"] != old
    clock.advance(299)
    assert await bank.sends(LIN, token=old) == 0
    clock.advance(1)
    assert [await bank.sends(LIN, token=old), await bank.sends(LIN)] == [40001, 0]


async def test_two_forced_refreshes_shut_out_a_token_that_leaked(
    bank: Caller, fake_api: FakeApi, clock: FrozenClock
) -> None:
    await fake_api.customer_did(LIN, "message")
    leaked = bank.token
    await bank.asks_token(force_refresh=True)
    clock.advance(30)
    await bank.asks_token(force_refresh=True)
    assert await bank.sends(LIN, token=leaked) == 40001


async def test_forced_refreshes_must_be_thirty_seconds_apart(bank: Caller, clock: FrozenClock) -> None:
    await bank.asks_token(force_refresh=True)
    clock.advance(29)
    assert (await bank.asks_token(force_refresh=True))["errcode"] == 45011
    clock.advance(1)
    assert "access_token" in await bank.asks_token(force_refresh=True)


async def test_a_forced_refresh_too_early_may_also_give_the_same_token(clock: FrozenClock) -> None:
    now = clock.now().timestamp
    async with FakeApi(TEST_ACCOUNT.appid, TEST_ACCOUNT.secret, now, refresh_too_early="same_token") as api:
        bank = Caller(api)
        first = await bank.asks_token(force_refresh=True)
        assert await bank.asks_token(force_refresh=True) == first


async def test_twenty_forced_refreshes_a_day_by_beijing_time(bank: Caller, clock: FrozenClock) -> None:
    for _ in range(20):
        clock.advance(30)
        assert "access_token" in await bank.asks_token(force_refresh=True)
    clock.advance(30)
    assert (await bank.asks_token(force_refresh=True))["errcode"] == 45009
    assert "access_token" in await bank.asks_token()
    seconds_to_midnight = 86400 - (clock.now().timestamp() + 8 * 3600) % 86400
    clock.advance(seconds_to_midnight - 1)
    assert (await bank.asks_token(force_refresh=True))["errcode"] == 45009
    clock.advance(1)
    assert "access_token" in await bank.asks_token(force_refresh=True)


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [({"secret": "another"}, 40125), ({"appid": "wx-another"}, 40013), ({"grant_type": "password"}, 40002)],
)
async def test_a_token_is_given_to_the_account_only(fake_api: FakeApi, changed: dict[str, str], errcode: int) -> None:
    assert (await Caller(fake_api).asks_token(**changed))["errcode"] == errcode
    assert fake_api.tokens_issued == 0


# how much may be sent


@pytest.mark.parametrize(
    ("action", "count", "seconds"),
    [("message", 5, 48 * 3600), ("CLICK", 3, 60), ("subscribe", 3, 60), ("SCAN", 3, 60)],
)
async def test_an_action_allows_so_many_messages(
    bank: Caller, fake_api: FakeApi, action: str, count: int, seconds: int
) -> None:
    await fake_api.customer_did(LIN, action)
    assert [await bank.sends(LIN) for _ in range(count + 1)] == [0] * count + [45047]
    await fake_api.customer_did(LIN, action)
    assert await bank.sends(LIN) == 0


@pytest.mark.parametrize(("action", "seconds"), [("message", 48 * 3600), ("CLICK", 60)])
async def test_a_window_closes(bank: Caller, fake_api: FakeApi, clock: FrozenClock, action: str, seconds: int) -> None:
    await fake_api.customer_did(LIN, action)
    clock.advance(seconds - 1)
    await bank.asks_token()
    assert await bank.sends(LIN) == 0
    clock.advance(1)
    assert await bank.sends(LIN) == 45015


async def test_a_click_opens_what_was_used_up_and_does_not_add_to_what_is_left(
    bank: Caller, fake_api: FakeApi, clock: FrozenClock
) -> None:
    await fake_api.customer_did(LIN, "message")
    await fake_api.customer_did(LIN, "CLICK")
    assert [await bank.sends(LIN) for _ in range(6)] == [0] * 5 + [45047]
    await fake_api.customer_did(LIN, "CLICK")
    assert fake_api.allowances.left(LIN) == 3
    clock.advance(60)
    assert await bank.sends(LIN) == 45047  # the two days still run, but there is nothing left in them


async def test_looking_at_a_page_allows_nothing(bank: Caller, fake_api: FakeApi) -> None:
    await fake_api.customer_did(LIN, "other")
    assert await bank.sends(LIN) == 45015


async def test_who_left_gets_nothing_until_he_follows_again(bank: Caller, fake_api: FakeApi) -> None:
    await fake_api.customer_did(LIN, "message")
    await fake_api.customer_did(LIN, "unsubscribe")
    assert [await bank.sends(LIN), await bank.types(LIN)] == [43004, 43004]
    await fake_api.customer_did(LIN, "subscribe")
    assert fake_api.allowances.left(LIN) == 3  # nothing is left of the time before
    assert await bank.sends(LIN) == 0


# the sign that someone is typing


async def test_typing_is_shown_once_until_it_ends(bank: Caller, fake_api: FakeApi, clock: FrozenClock) -> None:
    await fake_api.customer_did(LIN, "message")
    assert [await bank.types(LIN), await bank.types(LIN)] == [0, 45081]
    assert [await bank.types(LIN, "CancelTyping"), await bank.types(LIN)] == [0, 0]
    assert [await bank.sends(LIN), await bank.types(LIN)] == [0, 0]  # a message ends the sign
    clock.advance(15)
    assert await bank.types(LIN) == 0


async def test_typing_needs_a_customer_who_was_here_half_a_minute_ago(
    bank: Caller, fake_api: FakeApi, clock: FrozenClock
) -> None:
    assert await bank.types(LIN) == 40003
    await fake_api.customer_did(LIN, "message")
    clock.advance(31)
    assert await bank.types(LIN) == 45080
    assert await bank.types(LIN, "Dancing") == 45072
