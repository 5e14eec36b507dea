"""Cases: how long a turn takes, and by which way its answer comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from wechat.bank import Bank, Held, assistant_with, bank_at
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.assistant.fake import understood
from bot.conversation.model import Line, State
from bot.wiring import House

LIN, WANG = "o_lin", "o_wang"
At = Callable[..., Platform]


def ways(platform: Platform, openid: str = LIN) -> list[str]:
    return [seen.way for seen in platform.customers[openid].entries]


async def test_a_quick_turn_gets_one_passive_reply_with_the_welcome_before_it(
    bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform = platform_at(bank.url)
    outcome = await platform.text(LIN, "网点几点开门")
    assert (outcome.kind, len(outcome.attempts)) == ("reply", 1)
    welcome, hours = [event.payload["text"] for event in bank.events() if event.actor.kind != "customer"]
    assert outcome.text is not None
    assert outcome.text.startswith(welcome) and hours in outcome.text
    await bank.settles()
    assert (len(bank.assistant.turns), ways(platform), fake_api.sends) == (1, ["reply"], 0)
    assert [(out.state.value, out.way) for out in bank.outbox()] == [("sent", "reply")]


async def test_a_slow_turn_gets_success_and_one_message_by_the_interface(
    hasty: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform, turn = platform_at(hasty.url), Held()
    hasty.assistant.script["网点几点开门"] = turn
    outcome = await platform.text(LIN, "网点几点开门")
    assert outcome.kind == "success"  # on a busy machine it may take the platform more than one try
    assert ways(platform) == []
    turn.go.set()
    (seen,) = await platform.seen(LIN)
    welcome, hours = [event.payload["text"] for event in hasty.events() if event.actor.kind != "customer"]
    assert seen.way == "api" and seen.text.startswith(welcome) and hours in seen.text
    await hasty.settles()
    assert (len(hasty.assistant.turns), ways(platform), fake_api.sends) == (1, ["api"], 1)


async def test_while_a_slow_turn_lasts_the_customer_sees_that_somebody_types(
    bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform, turn = platform_at(bank.url), Held()
    bank.assistant.script["网点几点开门"] = turn
    delivered = asyncio.create_task(platform.text(LIN, "网点几点开门"))
    (call,) = await fake_api.called("/cgi-bin/message/custom/typing")
    assert (call.outcome, call.body) == ("ok", {"touser": LIN, "command": "Typing"})
    turn.go.set()
    assert (await delivered).kind == "reply"
    assert len(fake_api.calls_to("/cgi-bin/message/custom/typing")) == 1


async def test_a_turn_that_misses_its_deadline_gets_the_honest_line_and_a_person(
    house: House, tmp_path: Path, platform_at: At, fake_api: FakeApi
) -> None:
    patience = {"reply_within_s": 0.2, "turn_deadline_s": 0.4}
    async with bank_at(house, assistant_with(网点几点开门=Held()), tmp_path, fake_api, **patience) as bank:
        platform = platform_at(bank.url)
        assert (await platform.text(LIN, "网点几点开门")).kind == "success"
        (seen,) = await platform.seen(LIN)
        assert bank.phrase("turn_failed") in seen.text
        assert bank.state() is State.QUEUED
        await bank.settles()
        assert len(platform.customers[LIN].entries) == 1


async def test_when_the_platform_hangs_up_before_the_answer_a_retry_gets_it(
    bank: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform, turn = platform_at(bank.url), Held()
    bank.assistant.script["网点几点开门"] = turn
    platform.break_connection_after_s = 0.3
    delivered = asyncio.create_task(platform.text(LIN, "网点几点开门"))
    await bank.until(lambda: [row["deliveries"] for row in bank.rows("wechat_inbound")] == [2])
    turn.go.set()
    outcome = await delivered
    assert [attempt.end for attempt in outcome.attempts] == ["broken_off", "answered"]
    assert outcome.kind == "reply"
    await bank.settles()
    assert (len(bank.assistant.turns), ways(platform), fake_api.sends) == (1, ["reply"], 0)


async def test_when_the_platform_hangs_up_and_does_not_come_again_the_interface_brings_the_answer(
    bank: Bank, platform_at: At
) -> None:
    platform, turn = platform_at(bank.url, tries=1), Held()
    bank.assistant.script["网点几点开门"] = turn
    platform.break_connection_after_s = 0.3
    outcome = await platform.text(LIN, "网点几点开门")
    assert outcome.kind == "fault"
    await bank.until(lambda: not bank.is_answering())
    turn.go.set()
    await bank.until(lambda: len(bank.events()) == 3)
    await bank.settles()
    assert ways(platform) == ["banner"]  # the delivery might still be answered
    await bank.passes(5)
    assert ways(platform) == ["banner", "api"]
    await bank.passes(60)
    assert (len(bank.assistant.turns), ways(platform)) == (1, ["banner", "api"])


async def test_a_retry_after_the_interface_has_begun_gets_success(hasty: Bank, platform_at: At) -> None:
    platform, turn = platform_at(hasty.url), Held()
    hasty.assistant.script["网点几点开门"] = turn
    message = platform.message(LIN, "text", {"Content": "网点几点开门"})
    assert (await platform.deliver(message)).kind == "success"
    turn.go.set()
    await platform.seen(LIN)
    assert (await platform.deliver(message)).kind == "success"
    await hasty.settles()
    assert (len(hasty.assistant.turns), ways(platform)) == (1, ["api"])


async def test_three_quick_messages_behind_a_slow_first_turn_are_answered_in_their_order(
    hasty: Bank, platform_at: At, fake_api: FakeApi
) -> None:
    platform, first = platform_at(hasty.url), Held(understood("thanks", Line("thanks")))
    hasty.assistant.script["第一句"] = first
    hasty.assistant.script["第二句"] = understood("greet", Line("greet"))
    hasty.assistant.script["第三句"] = understood("goodbye", Line("goodbye"))
    outcomes = [await platform.text(LIN, text) for text in ("第一句", "第二句", "第三句")]
    assert [outcome.kind for outcome in outcomes] == ["success"] * 3
    first.go.set()
    await hasty.until(lambda: hasty.phrases() == ["welcome", "thanks", "greet", "goodbye"])
    await hasty.until(lambda: hasty.fates()["sent"] and not hasty.fates()["pending"])
    await hasty.settles()
    seen = "\n".join(platform.customers[LIN].texts)
    places = [seen.index(hasty.phrase(phrase)) for phrase in ("thanks", "greet", "goodbye")]
    assert places == sorted(places)
    assert [turn.text for turn in hasty.assistant.turns] == ["第一句", "第二句", "第三句"]
    assert "45047" not in {call.outcome for call in fake_api.calls.items}


async def test_one_customers_slow_turn_does_not_hold_up_another(bank: Bank, platform_at: At) -> None:
    platform, turn = platform_at(bank.url), Held()
    bank.assistant.script["慢"] = turn
    slow = asyncio.create_task(platform.text(LIN, "慢"))
    await turn.begun.wait()
    assert (await platform.text(WANG, "谢谢")).kind == "reply"
    turn.go.set()
    assert (await slow).kind == "reply"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seconds", "kind", "way"), [(1, "reply", "reply"), (4.9, "success", "api"), (6, "success", "api")]
)
async def test_with_the_real_patience_each_turn_has_one_answer(
    bank: Bank, platform_at: At, seconds: float, kind: str, way: str
) -> None:
    platform, turn = platform_at(bank.url), Held()
    bank.assistant.script["网点几点开门"] = turn
    asyncio.get_running_loop().call_later(seconds, turn.go.set)
    outcome = await platform.text(LIN, "网点几点开门")
    assert (outcome.kind, len(outcome.attempts)) == (kind, 1)
    assert outcome.seconds < 4.7
    await platform.seen(LIN)
    await bank.settles()
    assert (len(bank.assistant.turns), ways(platform)) == (1, [way])


@pytest.mark.slow
async def test_with_the_real_deadline_twenty_seconds_are_too_long(bank: Bank, platform_at: At) -> None:
    platform, turn = platform_at(bank.url), Held()
    bank.assistant.script["网点几点开门"] = turn
    asyncio.get_running_loop().call_later(20, turn.go.set)
    assert (await platform.text(LIN, "网点几点开门")).kind == "success"
    (seen,) = await platform.seen(LIN, timeout_s=15)
    assert bank.phrase("turn_failed") in seen.text
    await turn.go.wait()
    await bank.settles()
    assert (ways(platform), bank.state()) == (["api"], State.QUEUED)
