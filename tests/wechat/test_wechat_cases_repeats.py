"""Cases: deliveries that come again, connections that break, processes that die."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from wechat.bank import Bank, Held, assistant_with, bank_at
from wechat.fake_api import FakeApi, Fault
from wechat.messages import Message
from wechat.simulator import Platform

from bot.channels.wechat.messages import parse
from bot.channels.wechat.store import Answer, Received
from bot.wiring import House, build

LIN, WANG = "o_lin", "o_wang"
SEND = "/cgi-bin/message/custom/send"
At = Callable[..., Platform]


def ways(platform: Platform, openid: str = LIN) -> list[str]:
    return [seen.way for seen in platform.customers[openid].entries]


def text(platform: Platform, content: str, openid: str = LIN, msgid: int | None = None) -> Message:
    return platform.message(openid, "text", {"Content": content}, msgid)


def taken(bank: Bank, message: Message) -> Received:
    """The delivery as far as a process got that died before it answered."""
    return bank.bridge.reception.take(parse(message.xml().encode()))


async def test_copies_that_come_at_once_are_one_message_with_one_answer(
    bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform = platform_at(bank.url)
    outcomes = await platform.at_once(text(platform, "谢谢"), copies=5)
    assert {outcome.kind for outcome in outcomes} == {"reply"}
    assert len({outcome.text for outcome in outcomes}) == 1
    assert bank.said_by_customer() == ["谢谢"]
    await bank.settles()
    assert (len(bank.assistant.turns), fake_api.sends, bank.fates()) == (1, 0, {"sent": 1})


@pytest.mark.parametrize("new_nonce", [True, False], ids=["a new nonce", "the same nonce"])
async def test_a_reply_that_breaks_on_its_way_is_given_again_word_for_word(
    bank: Bank, platform_at: At, fake_api: FakeApi, new_nonce: bool
) -> None:
    platform = platform_at(bank.url, new_nonce_on_retry=new_nonce)
    platform.abort_while_reading = True
    outcome = await platform.text(LIN, "谢谢")
    assert [attempt.end for attempt in outcome.attempts] == ["broken_off", "answered"]
    assert outcome.kind == "reply"
    (received,) = bank.rows("wechat_inbound")
    assert (received["reply"], received["deliveries"]) == (outcome.text, 2)
    await bank.settles()
    assert (len(bank.assistant.turns), bank.said_by_customer(), fake_api.sends) == (1, ["谢谢"], 0)


async def test_a_reply_that_nobody_asked_for_again_is_recorded_as_ambiguous_and_never_sent(
    bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform = platform_at(bank.url)
    received = taken(bank, text(platform, "谢谢"))
    await bank.until(lambda: len(bank.events()) == 3)
    assert bank.bridge.outbox.reply(received.id).state is Answer.REPLY  # stored; the process dies before it is written
    await bank.passes(20)
    assert bank.fates() == {"sent": 1}  # the platform may still come
    await bank.passes(10)
    assert [(out.state.value, out.detail) for out in bank.outbox()] == [("ambiguous", "the connection broke")]
    assert fake_api.sends == 0


async def test_all_that_a_lost_reply_carried_is_ambiguous(bank: Bank, platform_at: At, fake_api: FakeApi) -> None:
    platform = platform_at(bank.url)
    await platform.text(LIN, "谢谢")
    agent = bank.agent()
    await platform.text(LIN, "转人工")
    conversation = await bank.takes(agent)
    await bank.settles()
    fake_api.inject(SEND, [Fault(45015)])
    held = await bank.says(agent, conversation, "请问您的卡号后四位是什么？")
    answered = await bank.says(agent, conversation, "我在。")
    assert bank.fates()["held"] == 2
    received = taken(bank, text(platform, "在吗"))
    assert bank.bridge.outbox.reply(received.id).state is Answer.REPLY
    await bank.passes(30)
    assert bank.fates()["ambiguous"] == 2
    shown = bank.at_desk(agent, conversation)["deliveries"]
    assert (shown[str(held)], shown[str(answered)]) == ("ambiguous", "ambiguous")


async def test_the_same_number_from_two_customers_is_two_messages(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url)
    for openid in (LIN, WANG):
        assert (await platform.deliver(text(platform, "谢谢", openid, msgid=7))).kind == "reply"
    assert len(bank.conversation_ids()) == 2
    assert len(bank.assistant.turns) == 2


async def test_two_different_events_in_one_second_both_count_and_the_same_one_once(bank: Bank, platform_at: At) -> None:
    platform = platform_at(bank.url)
    await platform.event(LIN, "subscribe")
    clicked = [platform.new_event(LIN, "CLICK", key) for key in ("branch_hours", "complaint", "branch_hours")]
    await asyncio.gather(*map(platform.deliver, clicked))
    choices = sorted(event.payload["choice"] for event in bank.events() if event.payload.get("choice"))
    assert choices == ["branch_hours", "complaint"]


# processes that die


async def test_a_message_whose_process_died_before_it_reached_the_log_is_taken_when_it_comes_again(
    bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    """Also where the delivery loop has given up the reply in the meantime."""
    platform = platform_at(bank.url)
    message = text(platform, "谢谢")
    await fake_api.customer_did(LIN, "message")
    bank.bridge.reception._enter(parse(message.xml().encode()))  # committed; then the process dies
    await bank.passes(10)
    assert bank.said_by_customer() == []
    assert (await platform.deliver(message)).kind == "success"
    seen = await platform.seen(LIN, at_least=2)
    assert [entry.way for entry in seen] == ["api", "api"]
    assert (bank.said_by_customer(), seen[-1].text) == (["谢谢"], bank.phrase("thanks"))


async def test_a_number_that_was_passed_on_before_the_process_died_keeps_its_meaning(
    bank: Bank, platform_at: At
) -> None:
    platform = platform_at(bank.url)
    await platform.event(LIN, "subscribe")
    message = text(platform, "3")
    received, meant = bank.bridge.reception._enter(parse(message.xml().encode()))
    assert meant.choice == "loan_rate"
    bank.bridge.reception._say(received, meant)  # in the log; then the process dies, and the choices change
    await bank.until(lambda: len(bank.events()) == 4)
    await platform.text(LIN, "谢谢")
    assert (await platform.deliver(message)).status == 200
    assert [e.payload.get("choice") for e in bank.events() if e.actor.kind == "customer"] == [None, "loan_rate", None]


async def test_a_turn_whose_process_hangs_is_taken_up_by_another_and_answered_once(
    house: House, tmp_path: Path, platform_at: At, fake_api: FakeApi
) -> None:
    turn = Held()
    async with bank_at(house, assistant_with(谢谢=turn), tmp_path, fake_api, reply_within_s=0.2) as dead:
        assert (await platform_at(dead.url).text(LIN, "谢谢")).kind == "success"
        await turn.begun.wait()
        house.clock.advance(60)  # the dead one's hold on its turn has ended
        async with bank_at(another(house), assistant_with(), tmp_path, fake_api) as bank:
            await bank.until(lambda: fake_api.accepted(LIN))
            turn.go.set()
            await dead.settles()
            await bank.settles()
            (sent,) = fake_api.accepted(LIN)
            assert bank.phrase("thanks") in sent.text
            assert [event.actor.kind for event in bank.events()] == ["bot", "customer", "bot"]


async def test_a_restart_between_the_stored_reply_and_its_writing_gives_the_retry_the_stored_reply(
    house: House, tmp_path: Path, platform_at: At, fake_api: FakeApi
) -> None:
    async with bank_at(house, assistant_with(), tmp_path, fake_api) as bank:
        message = text(platform_at(bank.url), "谢谢")
        received = taken(bank, message)
        await bank.until(lambda: len(bank.events()) == 3)
        stored = bank.bridge.outbox.reply(received.id)
    async with bank_at(another(house), assistant_with(), tmp_path, fake_api) as bank:
        outcome = await platform_at(bank.url).deliver(message)
        assert (outcome.kind, outcome.text) == ("reply", stored.reply)
        await bank.passes(60)
        assert (bank.fates(), fake_api.sends) == ({"sent": 1}, 0)


async def test_what_was_on_its_way_when_the_process_died_is_ambiguous_and_never_sent_again(
    house: House, tmp_path: Path, platform_at: At, fake_api: FakeApi
) -> None:
    fake_api.inject(SEND, [Fault.hang()])
    turn = Held()
    async with bank_at(house, assistant_with(谢谢=turn), tmp_path, fake_api, reply_within_s=0.2) as bank:
        assert (await platform_at(bank.url).text(LIN, "谢谢")).kind == "success"
        turn.go.set()
        await fake_api.called(SEND)
        assert bank.fates() == {"sending": 1}
        dies(bank)
    house.clock.advance(31)
    async with bank_at(another(house), assistant_with(), tmp_path, fake_api) as bank:
        await bank.until(lambda: bank.fates() == {"ambiguous": 1})
        await bank.passes(600)
        assert fake_api.sends == 1
        # and the next message is answered as ever
        outcome = await platform_at(bank.url).text(LIN, "谢谢")
        assert outcome.text == bank.phrase("thanks")


def dies(bank: Bank) -> None:
    """What it was sending is not ended: it stops where it is."""
    for task in [*bank.bridge.delivery._running]:
        task.cancel()


def another(house: House) -> House:
    """The house of another process on the same database."""
    return build(house.settings, house.clock, house.knowledge)
