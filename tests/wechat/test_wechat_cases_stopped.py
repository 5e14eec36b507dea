"""Cases: the incident switch over the bridge itself: one notice, people still reached, back with the next message."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from wechat.bank import Bank
from wechat.simulator import Platform

from bot.conversation import commands
from bot.conversation.model import State

LIN = "o_lin_whom_nobody_may_name"
OTHER = "o_other_customer"
At = Callable[..., Platform]


@pytest.fixture
def platform(bank: Bank, platform_at: At) -> Platform:
    return platform_at(bank.url)


async def test_a_stopped_bot_answers_each_customer_with_one_notice_and_lets_him_through_to_a_person(
    bank: Bank, platform: Platform
) -> None:
    house = bank.house
    commands.stop(house.db, house.clock, "bot", "", "模型异常", None, "li")
    first = await platform.text(LIN, "卡丢了怎么办")
    assert first.text is not None and bank.phrase("incident_bot") in first.text
    assert bank.phrase("incident_bot_again") not in first.text
    await bank.passes(20)
    again = await platform.text(LIN, "在吗")
    assert again.text is not None and bank.phrase("incident_bot_again") in again.text
    assert (await platform.text(LIN, "怎么没人")).kind == "success"  # kept, without a third notice
    other = await platform.text(OTHER, "几点开门")
    assert other.text is not None and bank.phrase("incident_bot") in other.text
    assert bank.assistant.turns == []
    bank.agent()
    waiting = await platform.text(LIN, "转人工")
    assert waiting.text is not None and "第1位" in waiting.text
    commands.resume(house.db, house.clock, "bot", "", "li")
    answered = await platform.text(OTHER, "卡丢了怎么办")
    assert answered.text is not None and bank.phrase("incident_bot_again") not in answered.text
    assert len(bank.assistant.turns) == 1


async def test_a_stopped_script_is_a_notice_with_a_person_by_number_and_back_when_it_is_resumed(
    bank: Bank, platform: Platform
) -> None:
    house = bank.house
    usual = await platform.text(LIN, "卡丢了怎么办")
    script = next(e for e in reversed(bank.events()) if e.payload.get("script")).payload["script"]["id"]
    commands.stop(house.db, house.clock, "script", script, "电话写错了", None, "li")
    notice = await platform.text(LIN, "卡丢了怎么办")
    assert notice.text is not None and bank.phrase("incident_script") in notice.text
    assert notice.text.endswith("1 转人工") and "电话写错了" not in notice.text
    assert bank.state() is State.BOT
    commands.resume(house.db, house.clock, "script", script, "li")
    again = await platform.text(LIN, "卡丢了怎么办")
    assert usual.text is not None and again.text is not None and bank.phrase("incident_script") not in again.text
