"""Cases: an agent takes a message back before the platform has been given it, or tries to when it is too late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from wechat.bank import Bank
from wechat.simulator import Platform

from bot.channels.wechat import outgoing
from bot.channels.wechat.outgoing import Delivery
from bot.desk.staff import Agent
from bot.errors import Conflict

LIN = "o_lin_whom_nobody_may_name"
At = Callable[..., Platform]


@pytest.fixture
def platform(bank: Bank, platform_at: At) -> Platform:
    return platform_at(bank.url)


async def recalls(bank: Bank, agent: Agent, conversation: str, seq: int) -> int:
    epoch = bank.conversation(conversation).epoch
    seq = await asyncio.to_thread(bank.house.desk.recalls.recall, agent, conversation, epoch, seq)
    await bank.settles()
    return seq


async def used_up(bank: Bank, platform: Platform) -> tuple[Agent, str]:
    """A customer whom no more can be sent until he writes."""
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 5):
        await bank.says(agent, conversation, f"第{number}条")
    return agent, conversation


async def test_what_has_arrived_cannot_be_taken_back(bank: Bank, platform: Platform) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    seq = await bank.says(agent, conversation, "您好")
    before = len(bank.events())
    with pytest.raises(Conflict) as refused:
        await recalls(bank, agent, conversation, seq)
    assert refused.value.phrase == "problem_recall_delivered"
    assert len(bank.events()) == before


async def test_what_is_held_is_never_sent(bank: Bank, platform: Platform) -> None:
    agent, conversation = await used_up(bank, platform)
    held = [await bank.says(agent, conversation, words) for words in ("说错的话", "说对的话")]
    await recalls(bank, agent, conversation, held[0])
    outcome = await platform.text(LIN, "好的")
    assert outcome.text == "【小梅】说对的话"
    assert "说错的话" not in "\n".join(platform.customers[LIN].texts)
    out = next(out for out in bank.outbox() if out.text.endswith("说错的话"))
    assert (out.state, out.detail) == (Delivery.DROPPED, "recalled")
    assert bank.at_desk(agent, conversation)["deliveries"][str(held[0])] == "dropped"


async def test_what_is_not_in_the_outbox_yet_never_comes_into_it(bank: Bank, platform: Platform) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    epoch = bank.conversation().epoch
    outbox, before = bank.bridge.outbox, len(bank.outbox())
    collect, outbox.collect = outbox.collect, lambda tx, customer: None
    seq = await asyncio.to_thread(bank.house.desk.send, agent, conversation, epoch, "reply-x", "说错的话")
    await asyncio.to_thread(bank.house.desk.recalls.recall, agent, conversation, epoch, seq)
    outbox.collect = collect
    await bank.settles()
    assert len(bank.outbox()) == before
    await bank.says(agent, conversation, "说对的话")
    assert "说错的话" not in "\n".join(platform.customers[LIN].texts)


async def test_of_what_waits_in_one_message_only_that_is_left_out(bank: Bank, platform: Platform) -> None:
    agent, conversation = await used_up(bank, platform)
    epoch = bank.conversation().epoch
    outbox = bank.bridge.outbox
    collect, outbox.collect = outbox.collect, lambda tx, customer: None
    said = [
        await asyncio.to_thread(bank.house.desk.send, agent, conversation, epoch, f"reply-{n}", words)
        for n, words in enumerate(("第一句", "第二句", "第三句"))
    ]
    outbox.collect = collect
    await bank.settles()
    assert bank.outbox()[-1].text == "【小梅】第一句\n\n【小梅】第二句\n\n【小梅】第三句"
    await recalls(bank, agent, conversation, said[1])
    assert bank.outbox()[-1].text == "【小梅】第一句\n\n【小梅】第三句"
    await recalls(bank, agent, conversation, said[0])
    outcome = await platform.text(LIN, "好的")
    assert outcome.text == "【小梅】第三句"


async def test_while_it_is_being_sent_it_counts_as_sent(bank: Bank, platform: Platform) -> None:
    agent, conversation = await used_up(bank, platform)
    seq = await bank.says(agent, conversation, "说错的话")
    last = bank.outbox()[-1]
    with bank.house.db.transaction() as tx:
        outgoing.change(tx, last.id, state=Delivery.SENDING.value)
    epoch = bank.conversation().epoch
    with pytest.raises(Conflict):
        await asyncio.to_thread(bank.house.desk.recalls.recall, agent, conversation, epoch, seq)
    assert bank.outbox()[-1].text == last.text
