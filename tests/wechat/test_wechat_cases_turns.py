"""Cases: how long a turn takes, and by which way its answer comes."""

from __future__ import annotations

from collections.abc import Callable

from wechat.bank import Bank
from wechat.fake_api import FakeApi
from wechat.platform import Platform

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
