"""Cases: many customers at once, with the real clock; and the central cases on both databases."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from support import make_house
from wechat.account import TEST_ACCOUNT
from wechat.bank import Bank, Held, assistant_with, bank_at
from wechat.endpoints import SEND
from wechat.fake_api import FakeApi, Fault
from wechat.outcomes import Outcome
from wechat.simulator import Platform

from bot.assistant.fake import understood
from bot.clock import SystemClock
from bot.conversation.model import Answer, TurnInput, TurnOutput
from bot.knowledge import Knowledge
from bot.wiring import House

LIN = "o_lin"
CUSTOMERS, MINUTE_S, EVERY_S = 50, 60, 3.0
TURN_S = 0.4  # what the model takes on two cores, about
At = Callable[..., Platform]


@pytest.mark.slow
async def test_fifty_customers_for_a_minute_all_get_their_answers_in_time(
    tmp_path: Path, said: Knowledge, migrated: Path
) -> None:
    house = make_house(tmp_path, said, SystemClock(), migrated=migrated)
    account, dice = TEST_ACCOUNT, random.Random(7)

    async def answers(turn: TurnInput) -> TurnOutput:
        await asyncio.sleep(dice.uniform(0.5, 1.5) * TURN_S)
        return understood("branch_hours", Answer("branch_hours"))

    assistant = assistant_with()
    assistant.otherwise = answers
    async with FakeApi(account.appid, account.secret) as api, bank_at(house, assistant, tmp_path, api) as bank:
        async with Platform(bank.url, account.appid, account.token, account.aes_key, account.name, api=api) as platform:
            ends = asyncio.get_running_loop().time() + MINUTE_S
            told = await asyncio.gather(*(_talks(platform, f"o_customer_{n:02}", ends, dice) for n in range(CUSTOMERS)))
            await bank.until(lambda: not bank.house.conversations.open_turns(), 30)
            await bank.settles()
        outcomes = [outcome for customers in told for outcome in customers]
        _print_table(outcomes, bank)
        assert {outcome.kind for outcome in outcomes} <= {"reply", "success"}
        assert {len(outcome.attempts) for outcome in outcomes} == {1}
        assert not {"45015", "45047"} & {call.outcome for call in api.calls.items}
        assert len(bank.conversation_ids()) == CUSTOMERS
        assert len(assistant.turns) == len(outcomes)
        assert set(bank.fates()) == {"sent"}


async def _talks(platform: Platform, openid: str, ends: float, dice: random.Random) -> list[Outcome]:
    """One customer: a message every few seconds until the minute is over."""
    outcomes = []
    for number in range(int(MINUTE_S / EVERY_S)):
        await asyncio.sleep(dice.uniform(0.5, 1.5) * EVERY_S)
        if asyncio.get_running_loop().time() >= ends:
            break
        outcomes.append(await platform.text(openid, f"网点几点开门，第{number}次问"))
    return outcomes


def _print_table(outcomes: list[Outcome], bank: Bank) -> None:
    took = sorted(outcome.seconds for outcome in outcomes)
    print(f"\n{len(took)} messages of {CUSTOMERS} customers: {dict(Counter(o.kind for o in outcomes))}")
    print("seconds to the answer of a delivery")
    for name, share in (("median", 0.5), ("90 %", 0.9), ("99 %", 0.99), ("longest", 1.0)):
        print(f"  {name:>8}  {took[min(len(took) - 1, int(share * len(took)))]:6.2f}")
    print(f"messages to customers: {dict(Counter((out.way, out.state.value) for out in bank.outbox()))}")


# the central cases on SQLite and PostgreSQL


@pytest_asyncio.fixture
async def any_bank(any_house: House, tmp_path: Path, fake_api: FakeApi) -> AsyncIterator[Bank]:
    async with bank_at(any_house, assistant_with(), tmp_path, fake_api, reply_within_s=1.0) as opened:
        yield opened


async def test_on_any_database_copies_are_one_message_and_a_slow_turn_one_message_by_the_interface(
    any_bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform, turn = platform_at(any_bank.url), Held()
    outcomes = await platform.at_once(platform.message(LIN, "text", {"Content": "谢谢"}), copies=4)
    assert [outcome.kind for outcome in outcomes] == ["reply"] * 4
    any_bank.assistant.script["慢"] = turn
    assert (await platform.text(LIN, "慢")).kind == "success"
    turn.go.set()
    await fake_api.called(SEND)
    await any_bank.settles()
    assert (len(any_bank.assistant.turns), any_bank.fates(), fake_api.sends) == (2, {"sent": 2}, 1)


async def test_on_any_database_the_quota_holds_and_the_next_message_brings_what_waits(
    any_bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform = platform_at(any_bank.url)
    agent, conversation = await any_bank.handed_over(platform, LIN)
    for number in range(1, 7):
        await any_bank.says(agent, conversation, f"第{number}条")
    assert any_bank.fates()["held"] == 2
    assert any_bank.at_desk(agent, conversation)["held"] == 2
    outcome = await platform.text(LIN, "好的")
    assert outcome.text == "【小梅】第5条\n\n【小梅】第6条"
    await any_bank.passes(1)
    assert not any_bank.fates()["held"]


async def test_on_any_database_trouble_with_the_interface_is_recorded(
    any_bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    agent, conversation = await any_bank.handed_over(platform_at(any_bank.url), LIN)
    fake_api.inject(SEND, [Fault.answer_lost(), Fault(-1), Fault(45002), Fault(43004)])
    await any_bank.says(agent, conversation, "第一")
    await any_bank.says(agent, conversation, "第二句话。" * 60)
    await any_bank.passes(1)
    fates = any_bank.fates()
    assert (fates["ambiguous"], fates["split"], fates["dropped"] >= 1, fates["pending"]) == (1, 1, True, 0)


async def test_on_any_database_a_rush_of_customers_is_answered(any_bank: Bank, platform_at: At) -> None:
    platform = platform_at(any_bank.url)
    outcomes = await asyncio.gather(*(platform.text(f"o_{n}", "谢谢") for n in range(30)))
    assert {outcome.kind for outcome in outcomes} <= {"reply", "success"}
    await any_bank.until(lambda: any_bank.fates() == {"sent": 30})
    assert all(len(customer.texts) == 1 for customer in platform.customers.values())
