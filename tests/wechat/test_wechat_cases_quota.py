"""Cases: how much may be sent, what is held, how the customer is told another way, how long texts are cut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from wechat.bank import Bank, Held
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.assistant.fake import understood
from bot.clock import FrozenClock
from bot.conversation.model import Line, State

LIN = "o_lin_whom_nobody_may_name"
At = Callable[..., Platform]


@pytest.fixture
def platform(bank: Bank, platform_at: At) -> Platform:
    return platform_at(bank.url)


@pytest.fixture(autouse=True)
def never_refused_for_the_count(fake_api: FakeApi) -> object:
    """Our own count is never more generous than the platform's."""
    yield
    assert not {"45015", "45047"} & {call.outcome for call in fake_api.calls.items}


@pytest.fixture
def no_port(bank: Bank) -> None:
    """A bank that has not set up any other way to reach its customers."""
    bank.house.notices._port = None


def notices(home: Path) -> list[dict[str, str]]:
    file = home / "notices" / "notices.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def by_interface(platform: Platform) -> list[str]:
    return [entry.text for entry in platform.customers[LIN].entries if entry.way == "api"]


async def test_an_agents_sixth_message_waits_and_he_sees_it(bank: Bank, platform: Platform) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)  # that a person has come was the first of five
    sent = [await bank.says(agent, conversation, f"第{number}条") for number in range(1, 7)]
    assert [text[-3:] for text in by_interface(platform)[1:]] == ["第1条", "第2条", "第3条", "第4条"]
    state = bank.at_desk(agent, conversation)
    assert [state["deliveries"][str(seq)] for seq in sent] == ["sent"] * 4 + ["held"] * 2
    assert (state["left"], state["held"], state["subscribed"]) == (0, 2, True)


async def test_held_messages_come_in_order_with_the_customers_next_one(bank: Bank, platform: Platform) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 8):
        await bank.says(agent, conversation, f"第{number}条")
    outcome = await platform.text(LIN, "好的")
    assert outcome.kind == "reply" and outcome.text == "【小梅】第5条\n\n【小梅】第6条\n\n【小梅】第7条"
    state = bank.at_desk(agent, conversation)
    assert (state["left"], state["held"]) == (5, 0)
    await bank.says(agent, conversation, "第8条")
    assert by_interface(platform)[-1] == "【小梅】第8条"


async def test_what_is_held_waits_for_the_reply_even_while_the_turn_lasts(bank: Bank, platform: Platform) -> None:
    """A passive reply costs nothing of the quota."""
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 6):
        await bank.says(agent, conversation, f"第{number}条")
    epoch = bank.conversation().epoch
    await asyncio.to_thread(bank.house.desk.return_to_bot, agent, conversation, epoch)
    bank.assistant.script["网点几点开门"] = turn = Held()
    sent = len(by_interface(platform))
    delivered = asyncio.create_task(platform.text(LIN, "网点几点开门"))
    await turn.begun.wait()
    await bank.settles()
    turn.go.set()
    outcome = await delivered
    assert outcome.text is not None and outcome.text.startswith("【小梅】第5条")
    assert len(by_interface(platform)) == sent


async def test_he_is_told_exactly_once_by_the_other_way_that_something_waits(
    bank: Bank, platform: Platform, tmp_path: Path
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 7):
        await bank.says(agent, conversation, f"第{number}条")
        await bank.passes(20)
    for _ in range(5):
        await bank.passes(600)
    (notice,) = notices(tmp_path)
    assert (notice["kind"], notice["to"], notice["text"]) == ("wechat", LIN, bank.phrase("notice_reply_waiting"))
    # when he has come, and something waits again, he is told again
    await platform.text(LIN, "好的")
    for number in range(1, 8):
        await bank.says(agent, conversation, f"又第{number}条")
    await bank.passes(1)
    await bank.passes(1)
    assert len(notices(tmp_path)) == 2


async def test_without_another_way_an_agent_is_to_call_once_the_person_has_gone(
    bank: Bank, platform: Platform, no_port: None
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 7):
        await bank.says(agent, conversation, f"第{number}条")
    await bank.passes(5)
    assert bank.rows("cases") == []  # he sees it himself
    await bank.closes(agent, conversation)
    await bank.passes(300)
    assert bank.state() is State.CLOSED
    await bank.passes(1)
    assert [(case["kind"], case["reason"]) for case in bank.rows("cases")] == [("CALLBACK", "undelivered")]
    await bank.passes(600)
    assert len(bank.rows("cases")) == 1


async def test_after_48_hours_nothing_is_sent_and_the_answer_waits(
    bank: Bank, platform: Platform, clock: FrozenClock
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    until = datetime.fromisoformat(bank.at_desk(agent, conversation)["window_until"])
    assert (until - clock.now()).total_seconds() == 48 * 3600
    await bank.passes(48 * 3600)
    await bank.says(agent, conversation, "您好")
    assert (bank.outbox()[-1].state.value, by_interface(platform)[1:]) == ("held", [])


async def test_a_click_gives_three_messages_in_a_minute_and_no_more(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    agent = bank.agent()
    await platform.event(LIN, "CLICK", "human")
    conversation = await bank.takes(agent)
    await bank.settles()  # that a person has come is the first of three
    for number in range(1, 4):
        await bank.says(agent, conversation, f"第{number}条")
    assert [text[-3:] for text in by_interface(platform)[1:]] == ["第1条", "第2条"]
    assert bank.fates()["held"] == 1
    await bank.passes(3600)
    assert (bank.fates()["held"], fake_api.allowances.left(LIN)) == (1, 0)


async def test_a_minute_after_a_click_nothing_is_sent(bank: Bank, platform: Platform) -> None:
    agent = bank.agent()
    await platform.event(LIN, "CLICK", "human")
    conversation = await bank.takes(agent)
    await bank.settles()
    await bank.passes(60)
    await bank.says(agent, conversation, "您好")
    assert bank.outbox()[-1].state.value == "held"


async def test_a_touched_menu_line_counts_as_a_click_and_both_windows_do_not_add_up(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 4):
        await bank.says(agent, conversation, f"第{number}条")
    assert bank.at_desk(agent, conversation)["left"] == 1
    await platform.text(LIN, "好", menu_id="999")
    assert bank.at_desk(agent, conversation)["left"] == fake_api.allowances.left(LIN) == 3
    for number in range(4, 8):
        await bank.says(agent, conversation, f"第{number}条")
    assert (bank.fates()["held"], fake_api.allowances.left(LIN)) == (1, 0)


# long texts


async def test_a_long_answer_with_a_warning_is_split_and_the_warning_stands_whole_in_its_parts(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    warning = bank.house.knowledge.disclosures["wealth_risk"].text
    words = "".join(f"第{number}点，请您仔细看一看产品说明书里的这一段。" for number in range(1, 45))[
        : 990 - len(warning)
    ]
    for name in ("上", "下"):
        await bank.says(agent, conversation, f"{name}：{words}关于理财产品。{warning}")
    sent = by_interface(platform)[1:]
    assert len(sent) == 4
    assert all(len(text.encode()) <= 2000 and text.startswith("【小梅】") and warning in text for text in sent)
    said = "".join(text.removeprefix("【小梅】").replace(warning, "").replace("\n", "") for text in sent)
    assert said == f"上：{words}关于理财产品。下：{words}关于理财产品。"


@pytest.mark.parametrize("shift", range(0, 12, 3))
async def test_joined_emoji_and_the_end_of_a_cdata_arrive_whole_at_the_border(
    bank: Bank, platform: Platform, shift: int
) -> None:
    family, end = "👩\u200d👩\u200d👧\u200d👦", "]]>"
    facts = "字" * 550 + "x" * shift + f"{family}{end}" * 12
    values = {"facts": facts, "contact": "", "severity": "", "read": ""}
    bank.assistant.script["长"] = understood("chitchat", Line("complaint_confirm", values, quoted=("facts",)))
    await platform.text(LIN, "长")
    await bank.settles()
    seen = platform.customers[LIN].texts
    assert "".join(seen).count(family) == 12 and "".join(seen).count(end) == 12


async def test_what_is_too_much_for_one_reply_goes_by_the_interface_and_nothing_is_said_twice(
    bank: Bank, platform: Platform
) -> None:
    values = {"facts": "事" * 900, "contact": "", "severity": "", "read": ""}
    bank.assistant.script["长"] = understood("chitchat", Line("complaint_confirm", values, quoted=("facts",)))
    assert (await platform.text(LIN, "长")).kind == "success"
    await bank.settles()
    seen = platform.customers[LIN].entries
    assert [entry.way for entry in seen] == ["api", "api"]
    assert "".join(entry.text for entry in seen).count("事" * 100) == 9
