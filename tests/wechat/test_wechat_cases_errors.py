"""Cases: the platform's interface refuses, stumbles, hangs or loses an answer. An agent writes to a customer."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from wechat.account import TEST_ACCOUNT
from wechat.bank import Bank, assistant_with, bank_at
from wechat.endpoints import SEND
from wechat.fake_api import FakeApi, Fault
from wechat.simulator import Platform

from bot.channels.wechat.outgoing import Out
from bot.clock import FrozenClock
from bot.desk.staff import Agent
from bot.wiring import House

LIN, WANG = "o_lin", "o_wang"
ANSWER = "您的卡已经挂失，补卡请带身份证到网点。"
At = Callable[..., Platform]


class Desk:
    """An agent who has a customer. `sends` and `seen` count from here: how his coming was told varies in a hurry."""

    def __init__(self, bank: Bank, platform: Platform, api: FakeApi, agent: Agent, conversation_id: str) -> None:
        self.bank, self.platform, self.api = bank, platform, api
        self.agent, self.conversation_id = agent, conversation_id
        self._before, self._seen = api.sends, len(self._shown())

    async def says(self, text: str = ANSWER) -> Out:
        """Gives what became of it."""
        await self.bank.says(self.agent, self.conversation_id, text)
        return self.last

    @property
    def last(self) -> Out:
        return self.bank.outbox()[-1]

    @property
    def sends(self) -> int:
        return self.api.sends - self._before

    @property
    def seen(self) -> list[str]:
        """What the customer saw of it by the interface since then."""
        return self._shown()[self._seen :]

    def _shown(self) -> list[str]:
        entries = self.platform.customers[LIN].entries
        return [entry.text.removeprefix("【小梅】") for entry in entries if entry.way == "api"]


@pytest_asyncio.fixture
async def desk(hasty: Bank, platform_at: At, fake_api: FakeApi) -> AsyncIterator[Desk]:
    platform = platform_at(hasty.url)
    agent, conversation_id = await hasty.handed_over(platform, LIN)
    yield Desk(hasty, platform, fake_api, agent, conversation_id)


async def test_without_trouble_it_is_sent_at_once(desk: Desk) -> None:
    assert (await desk.says()).state.value == "sent"
    assert (desk.sends, desk.seen) == (1, [ANSWER])


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_token_that_is_refused_once_is_renewed_and_the_message_sent(desk: Desk, errcode: int) -> None:
    tokens = desk.api.tokens_issued
    desk.api.inject(SEND, [Fault(errcode)])
    assert (await desk.says()).state.value == "sent"
    assert (desk.sends, desk.seen, desk.api.tokens_issued - tokens) == (2, [ANSWER], 1)


async def test_a_token_that_is_refused_for_ever_costs_two_sends_and_the_message_is_kept(desk: Desk) -> None:
    tokens = desk.api.tokens_issued
    desk.api.inject(SEND, [Fault(40001)], persistent=True)
    assert (await desk.says()).state.value == "pending"
    assert desk.sends == 2 and desk.api.tokens_issued - tokens <= 2
    await desk.bank.passes(30)
    assert desk.sends == 2
    desk.api.heal()
    await desk.bank.passes(31)
    assert (desk.last.state.value, desk.seen) == ("sent", [ANSWER])


@pytest.mark.parametrize("errcode", [45015, 45047])
async def test_what_the_platform_holds_goes_with_the_reply_to_the_customers_next_message(
    desk: Desk, errcode: int
) -> None:
    desk.api.inject(SEND, [Fault(errcode)])
    assert (await desk.says()).state.value == "held"
    await desk.bank.passes(3600)
    assert desk.sends == 1
    outcome = await desk.platform.text(LIN, "在吗")
    assert outcome.kind == "reply" and outcome.text is not None and ANSWER in outcome.text
    await desk.bank.settles()
    assert (desk.sends, desk.last.state.value, desk.last.way) == (1, "sent", "reply")


async def test_a_busy_platform_is_asked_again_after_growing_waits(desk: Desk) -> None:
    desk.api.inject(SEND, [Fault(-1)] * 4)
    assert (await desk.says()).state.value == "pending"
    sends = []
    for wait in (0.9, 0.2, 3.5, 0.6, 14.0, 1.1, 58.0, 2.1):
        await desk.bank.passes(wait)
        sends.append(desk.sends)
    assert sends == [1, 2, 2, 3, 3, 4, 4, 5]
    assert (desk.last.state.value, desk.seen) == ("sent", [ANSWER])


async def test_a_platform_that_stays_busy_ends_as_failed_and_a_person_learns_of_it(desk: Desk) -> None:
    desk.api.inject(SEND, [Fault(-1)], persistent=True)
    await desk.says()
    for wait in (1, 4, 15, 60, 300):
        await desk.bank.passes(wait)
    assert (desk.sends, desk.last.state.value) == (6, "failed")
    assert desk.bank.at_desk(desk.agent, desk.conversation_id)["deliveries"][str(desk.last.seq)] == "failed"
    await desk.bank.passes(3600)
    assert desk.sends == 6


async def test_order_is_kept_while_the_first_waits_to_be_tried_again(desk: Desk) -> None:
    desk.api.inject(SEND, [Fault(-1)])
    await desk.says("第一")
    await desk.says("第二")
    assert desk.sends == 1
    await desk.bank.passes(1)
    assert desk.seen == ["第一", "第二"]


@pytest.mark.parametrize("errcode", [45009, 48001, 40164])
async def test_what_concerns_the_whole_account_stops_everything_for_a_minute_and_loses_nothing(
    desk: Desk, errcode: int, caplog: pytest.LogCaptureFixture
) -> None:
    other, others = await desk.bank.handed_over(desk.platform, WANG, "lan")
    desk._before = desk.api.sends
    desk.api.inject(SEND, [Fault(errcode)])
    await desk.says()
    await desk.bank.says(other, others, "王先生您好")
    await desk.bank.passes(59)
    assert desk.sends == 1
    assert [
        record for record in caplog.records if record.levelno == logging.ERROR and str(errcode) in record.getMessage()
    ]
    await desk.bank.passes(1)
    assert (desk.sends, desk.seen) == (3, [ANSWER])
    assert [message.text for message in desk.api.accepted(WANG)][-1].endswith("王先生您好")


async def test_a_refusal_that_nobody_knows_holds_up_this_message_only(desk: Desk) -> None:
    other, others = await desk.bank.handed_over(desk.platform, WANG, "lan")
    desk.api.inject(SEND, [Fault(87014)])
    assert (await desk.says()).state.value == "pending"
    await desk.bank.says(other, others, "王先生您好")
    assert desk.last.state.value == "sent"
    await desk.bank.passes(1)
    assert desk.seen == [ANSWER]


@pytest.mark.parametrize("refusals", [1, 2, 3])
async def test_what_is_too_long_for_the_platform_is_split_until_it_fits_and_stays_in_order(
    desk: Desk, refusals: int
) -> None:
    said = "".join(f"第{number}句话说的是第{number}件事情。" for number in range(30))
    await desk.platform.text(LIN, "请说")  # five messages from here
    desk.api.inject(SEND, [Fault(45002)] * refusals)
    await desk.says(said)
    await desk.says("完")
    assert "".join(desk.seen).replace("\n", "") == said + "完"
    assert len(desk.seen) == refusals + 2
    assert desk.bank.fates()["split"] == refusals


@pytest.mark.parametrize("errcode", [40003, 43004])
async def test_who_cannot_be_reached_any_more_is_sent_nothing_and_it_is_on_record(desk: Desk, errcode: int) -> None:
    desk.api.inject(SEND, [Fault(errcode)])
    dropped = await desk.says()
    assert (dropped.state.value, dropped.errcode) == ("dropped", errcode)
    assert (await desk.says("还在吗？")).state.value == "dropped"
    state = desk.bank.at_desk(desk.agent, desk.conversation_id)
    assert (state["subscribed"], state["deliveries"][str(dropped.seq)], desk.sends) == (False, "dropped", 1)
    await desk.platform.text(LIN, "我在")  # he is there after all
    assert (await desk.says("您好")).state.value == "sent"


async def test_an_account_that_may_not_send_menus_sends_numbered_lines(desk: Desk) -> None:
    desk.api.inject(SEND, [Fault(40200)])
    await desk.bank.closes(desk.agent, desk.conversation_id)
    assert desk.sends == 2
    survey = desk.api.accepted(LIN)[-1]
    assert survey.body["msgtype"] == "text" and "1 非常满意\n2 一般\n3 不满意" in survey.text
    await desk.platform.text(LIN, "2")
    assert [event.payload.get("choice") for event in desk.bank.events() if event.actor.kind == "customer"][
        -1
    ] == "rate_2"


TROUBLE = {
    "http 500": Fault.http(500),
    "http 502": Fault.http(502),
    "hangs": Fault.hang(),
    "resets": Fault.reset(),
    "loses the answer": Fault.answer_lost(),
}


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_what_may_have_been_sent_is_ambiguous_and_never_sent_twice(desk: Desk, trouble: str) -> None:
    desk.api.inject(SEND, [TROUBLE[trouble]])
    ambiguous = await desk.says()
    assert ambiguous.state.value == "ambiguous"
    await desk.says("下一句")
    await desk.bank.passes(600)
    assert desk.sends == 2
    assert desk.seen.count(ANSWER) == (1 if trouble == "loses the answer" else 0) and desk.seen[-1] == "下一句"
    assert desk.bank.at_desk(desk.agent, desk.conversation_id)["deliveries"][str(ambiguous.seq)] == "ambiguous"


async def test_where_nobody_listens_it_is_sent_later(
    house: House, tmp_path: Path, platform_at: At, fake_api: FakeApi, clock: FrozenClock, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with bank_at(house, assistant_with(), tmp_path, fake_api, api_url=url) as bank:
        agent, conversation_id = await bank.handed_over(platform_at(bank.url), LIN)
        await bank.says(agent, conversation_id, ANSWER)
        assert (bank.fates()["pending"], bank.fates()["ambiguous"]) == (2, 0)
        account = TEST_ACCOUNT
        async with FakeApi(account.appid, account.secret, lambda: clock.now().timestamp(), unused_tcp_port) as api:
            await api.customer_did(LIN, "message")
            await bank.passes(1)
            await bank.passes(4)
            assert [message.text for message in api.accepted(LIN)][-1].endswith(ANSWER)
            assert bank.fates()["pending"] == 0
