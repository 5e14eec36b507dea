"""Cases: choices by number, by label and by touch; one conversation after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from wechat.bank import Bank
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.channels.wechat.messages import parse
from bot.conversation.model import State

LIN, WANG = "o_lin", "o_wang"
At = Callable[..., Platform]


@pytest.fixture
def platform(bank: Bank, platform_at: At) -> Platform:
    return platform_at(bank.url)


def chosen(bank: Bank, conversation_id: str | None = None) -> list[str | None]:
    return [e.payload.get("choice") for e in bank.events(conversation_id) if e.actor.kind == "customer"]


@pytest.mark.parametrize("words", ["2", "２", "2.", "②", "二", "第二", "第二个", "挂失补卡", "2 挂失补卡"])
async def test_a_number_or_a_label_is_the_choice_in_the_last_message(
    bank: Bank, platform: Platform, words: str
) -> None:
    welcome = await platform.event(LIN, "subscribe")
    assert welcome.text is not None and "2 挂失补卡" in welcome.text
    await platform.text(LIN, words)
    assert chosen(bank) == [None, "card_loss"]


@pytest.mark.parametrize("words", ["6", "2万", "22", "挂失"])
async def test_what_is_no_choice_is_text(bank: Bank, platform: Platform, words: str) -> None:
    await platform.event(LIN, "subscribe")
    await platform.text(LIN, words)
    assert chosen(bank) == [None, None]


async def test_a_number_means_nothing_after_a_message_without_choices(bank: Bank, platform: Platform) -> None:
    await platform.event(LIN, "subscribe")
    await platform.text(LIN, "谢谢")
    await platform.text(LIN, "2")
    assert chosen(bank) == [None, None, None]
    assert bank.said_by_customer()[-1] == "2"


async def test_a_touched_line_is_its_choice_even_of_an_old_menu_and_nobody_elses(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    await bank.closes(agent, conversation)
    menu = fake_api.accepted(LIN)[-1].body["msgmenu"]
    labels = {option["content"]: option["id"] for option in menu["list"]}
    assert list(labels) == ["非常满意", "一般", "不满意", "跳过"]
    await platform.text(WANG, "一般", menu_id=labels["一般"])
    assert chosen(bank) == [None]  # his own words
    await platform.text(LIN, "谢谢")  # newer messages stand below the menu
    await platform.text(LIN, "一般", menu_id=labels["一般"])
    assert chosen(bank, conversation)[-1] == "rate_2"
    for strange in ("0", "99999999999999999999", "-1", "1x", labels["一般"] + "99"):
        assert (await platform.text(LIN, "嗯", menu_id=strange)).kind in ("reply", "success")


async def test_the_survey_is_answered_by_a_number_after_the_conversation_has_ended(
    bank: Bank, platform: Platform
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    await bank.closes(agent, conversation)
    await bank.passes(300)
    assert bank.state() is State.CLOSED
    outcome = await platform.text(LIN, "1")
    assert outcome.text is not None and outcome.text.startswith("您的问题解决了吗？") and "4 跳过" in outcome.text
    assert (chosen(bank)[-1], len(bank.conversation_ids())) == ("rate_3", 1)


async def test_the_whole_survey_is_answered_by_numbers_and_then_in_words(bank: Bank, platform: Platform) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    await bank.closes(agent, conversation)
    await bank.passes(300)
    for number in ("1", "2", "4", "1"):
        outcome = await platform.text(LIN, number)
    assert outcome.text is not None and outcome.text.startswith("还有什么想对我们说的") and "1 跳过" in outcome.text
    outcome = await platform.text(LIN, "小梅很耐心")
    assert outcome.text == bank.phrase("survey_thanks")
    assert chosen(bank)[-5:] == ["rate_3", "rate_solved_2", "rate_skip_attitude", "rate_efficiency_3", None]
    assert len(bank.conversation_ids()) == 1
    answered = {row["question"]: (row["points"], row["text"]) for row in bank.rows("survey_answers")}
    assert answered == {
        "grade": (100, None),
        "solved": (60, None),
        "attitude": (None, None),
        "efficiency": (100, None),
        "words": (None, "小梅很耐心"),
    }
    await platform.text(LIN, "网点几点开门")  # which is a question again
    assert (bank.conversation().former_id, bank.said_by_customer()) == (conversation, ["网点几点开门"])


@pytest.mark.parametrize("number", ["1", "2"])
async def test_words_that_want_more_say_how_to_go_on_and_the_number_begins_anew(
    bank: Bank, platform: Platform, number: str
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    await bank.closes(agent, conversation)
    await bank.passes(300)
    for _ in range(4):
        await platform.text(LIN, "跳过")
    outcome = await platform.text(LIN, "问题还是没解决")
    assert outcome.text is not None and outcome.text.startswith(bank.phrase("survey_words"))
    assert "1 转人工\n2 我要投诉" in outcome.text
    await platform.text(LIN, number)
    assert bank.conversation().former_id == conversation
    assert chosen(bank) == [{"1": "human", "2": "complaint"}[number]]


async def test_what_is_written_long_after_the_last_question_is_a_question_of_its_own(
    bank: Bank, platform: Platform
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    await bank.closes(agent, conversation)
    for _ in range(4):
        await platform.text(LIN, "跳过")
    await bank.passes(3600)
    await platform.text(LIN, "网点几点开门")
    assert (bank.conversation().former_id, bank.rows("survey_answers")[-1]["text"]) == (conversation, None)


async def test_a_new_message_after_the_end_starts_a_conversation_that_names_the_former(
    bank: Bank, platform: Platform
) -> None:
    await platform.text(LIN, "谢谢")
    first = bank.conversation().id
    await bank.passes(1800)
    assert bank.state(first) is State.CLOSED
    outcome = await platform.text(LIN, "网点几点开门")
    second = bank.conversation()
    assert (second.id != first, second.former_id, second.channel) == (True, first, "wechat")
    assert outcome.text is not None and "我是智能客服" in outcome.text


async def test_the_last_words_of_the_former_conversation_come_first(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 6):
        await bank.says(agent, conversation, f"第{number}条")  # the last one is held
    await bank.closes(agent, conversation)
    await bank.passes(300)
    outcome = await platform.text(LIN, "网点几点开门")
    await bank.settles()
    assert bank.conversation().former_id == conversation
    seen = "\n".join(platform.customers[LIN].texts)
    order = ["第5条", bank.phrase("agent_closed"), "请问这次服务您满意吗？", "我是智能客服"]
    places = [seen.rindex(words) for words in order]
    assert places == sorted(places) and outcome.status == 200


async def test_who_comes_back_after_the_end_by_a_menu_or_a_picture_starts_anew_too(
    bank: Bank, platform: Platform
) -> None:
    await platform.text(LIN, "谢谢")
    for does in (lambda: platform.event(LIN, "CLICK", "branch_hours"), lambda: platform.voice(LIN)):
        await bank.passes(1800)
        former = bank.conversation()
        assert former.state is State.CLOSED
        assert (await does()).kind == "reply"
        assert bank.conversation().former_id == former.id
    await bank.passes(1800)
    assert (await platform.event(LIN, "unsubscribe")).kind == "success"  # which starts nothing
    assert len(bank.conversation_ids()) == 3


async def test_who_writes_in_the_moment_of_the_end_still_gets_the_last_words_first(
    bank: Bank, platform: Platform
) -> None:
    await platform.text(LIN, "谢谢")
    await bank.settles()
    message = platform.message(LIN, "text", {"Content": "谢谢"})
    bank.house.clock.advance(1800)
    bank.house.conversations.tick()  # it ends; nobody has looked yet what there is to send
    bank.bridge.reception.take(parse(message.xml().encode()))
    await bank.until(lambda: len(bank.events()) == 3)
    outcome = await platform.deliver(message)
    assert outcome.text is not None
    assert outcome.text.index(bank.phrase("closed_idle")) < outcome.text.index("我是智能客服")
