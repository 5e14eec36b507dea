"""Cases: people at the desk, complaints, floods, a slow database, and what may be known of a customer where."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import complaining
from wechat.bank import Bank, with_form
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from bot.assistant.fake import understood
from bot.conversation.model import State, TurnInput, TurnOutput
from bot.errors import RefusedByGuard
from bot.tickets.recusal import Officer

LIN = "o_lin_whom_nobody_may_name"
PHONE = "13800138000"
STORY = "昨天下午在城东支行，柜员把我的存款办错了，还不肯更正，要求道歉并更正"
At = Callable[..., Platform]


@pytest.fixture
def platform(bank: Bank, platform_at: At) -> Platform:
    return platform_at(bank.url)


def seen(platform: Platform) -> str:
    return "\n".join(platform.customers[LIN].texts)


async def test_the_customer_is_told_when_a_person_comes_speaks_and_leaves(bank: Bank, platform: Platform) -> None:
    agent = bank.agent()
    outcome = await platform.text(LIN, "转人工")
    assert outcome.text is not None and "您排在第1位" in outcome.text
    conversation = await bank.takes(agent)
    await bank.says(agent, conversation, "您好，我是小梅。")
    assert bank.phrase("agent_joined", agent="小梅") in seen(platform)
    assert "【小梅】您好，我是小梅。" in seen(platform)
    assert (await platform.text(LIN, "卡丢了怎么办")).kind == "success"
    assert bank.assistant.turns[1:] == []  # while a person holds, the assistant is silent
    epoch = bank.conversation().epoch
    await asyncio.to_thread(bank.house.desk.return_to_bot, agent, conversation, epoch)
    await bank.settles()
    assert bank.phrase("agent_left_bot") in seen(platform)
    assert (await platform.text(LIN, "谢谢")).text == bank.phrase("thanks")


async def test_who_waits_is_told_his_place_and_may_cancel_by_number(bank: Bank, platform: Platform) -> None:
    bank.agent()
    first = await platform.text(LIN, "转人工")
    assert first.text is not None and first.text.endswith("1 取消排队\n2 留言等回电")
    waiting = await platform.text(LIN, "还要多久")
    assert waiting.text is not None and "第1位" in waiting.text
    cancelled = await platform.text(LIN, "1")
    assert cancelled.text is not None and bank.phrase("queue_cancelled") in cancelled.text
    assert bank.state() is State.BOT


async def test_an_agents_text_without_its_warning_is_refused_as_in_the_web(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    agent, conversation = await bank.handed_over(platform, LIN)
    before = len(bank.outbox())
    with pytest.raises(RefusedByGuard) as refused:
        await bank.says(agent, conversation, "这款理财产品收益率是3.5%，保本。")
    assert refused.value.extra["reasons"] and "completed_text" in refused.value.extra
    await bank.settles()
    assert len(bank.outbox()) == before


async def test_an_agent_who_is_away_loses_the_customer_who_is_told_so(bank: Bank, platform: Platform) -> None:
    await bank.handed_over(platform, LIN)
    bank._agents.clear()  # the console is closed
    await bank.passes(61)
    assert bank.phrase("agent_left_queue")[:10] in seen(platform)
    assert bank.state() in (State.QUEUED, State.OFFERED)


async def test_a_complaint_from_its_beginning_to_its_number_and_date(
    bank: Bank, platform: Platform, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    bank.assistant.otherwise = with_form(bank.house)
    await platform.text(LIN, "我要投诉")
    await platform.text(LIN, STORY)
    summary = await platform.text(LIN, PHONE)
    assert summary.text is not None and "请核对" in summary.text and "1 确认提交" in summary.text
    receipt = await platform.text(LIN, "1")
    await bank.settles()
    (case,) = bank.rows("cases")
    assert receipt.text is not None and f"投诉编号：{case['number']}" in receipt.text
    assert "办结并告诉您结果：最晚" in receipt.text
    for outgoing in bank.outbox():
        assert PHONE not in outgoing.text
    assert all(PHONE not in text for text in bank.said_by_customer())
    assert PHONE not in caplog.text
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and PHONE.encode() in file.read_bytes()]


async def test_a_proposal_arrives_by_itself_and_a_number_answers_it(
    bank: Bank, platform: Platform, fake_api: FakeApi
) -> None:
    def answered(turn: TurnInput) -> TurnOutput:
        if turn.choice in ("agree", "disagree", "appeal"):
            acts = bank.house.asking.answer(turn.conversation_id, turn.seq, turn.text, turn.choice)
            return understood("complaint_status", *acts)
        return complaining(bank.house, turn)

    def act(name: str, **values: Any) -> None:
        officer = Officer("mei", "小梅", ("agent", "supervisor"))
        bank.house.casework.act(officer, bank.rows("cases")[0]["number"], name, None, values)

    bank.agent()
    bank.assistant.otherwise = answered
    await platform.text(LIN, STORY)
    await platform.text(LIN, PHONE)
    await platform.text(LIN, "1")
    for step in ("take", "investigate"):
        await asyncio.to_thread(act, step)
    await asyncio.to_thread(act, "propose", text="更正存款，并当面道歉", confirmed=True)
    await bank.settles()
    assert "更正存款，并当面道歉" in seen(platform) and "同意\n不同意" in seen(platform)
    agreed = await platform.text(LIN, "1")
    assert agreed.text is not None and "已记下您同意投诉" in agreed.text
    values = {"basics": "存款办错", "handling": "已更正，已道歉", "reasons": "录像属实"}
    await asyncio.to_thread(act, "resolve", **values, confirmed=True)
    await bank.settles()
    await platform.text(LIN, "1")
    await bank.settles()
    assert bank.rows("cases")[0]["state"] == "REOPENED"
    assert "已重新受理" in seen(platform)


async def test_a_flood_is_never_answered_with_a_fault_and_told_of_once(bank: Bank, platform: Platform) -> None:
    outcomes = await asyncio.gather(*(platform.text(LIN, f"第{number}句") for number in range(60)))
    await bank.until(lambda: not bank.house.conversations.open_turns() and not bank.is_answering())
    await bank.settles()
    assert {outcome.kind for outcome in outcomes} <= {"reply", "success"}
    assert {len(outcome.attempts) for outcome in outcomes} == {1}
    assert bank.phrases().count("too_fast") == 1
    assert len(bank.said_by_customer()) == 13  # twelve, and that there were more
    await bank.passes(60)
    assert (await platform.text(LIN, "谢谢")).kind == "reply"


async def test_a_database_that_is_locked_for_two_seconds_loses_nothing(bank: Bank, platform: Platform) -> None:
    await platform.text(LIN, "谢谢")
    other = sqlite3.connect(bank.house.settings.home / "qiantai.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(2, other.execute, "ROLLBACK")
    outcome = await platform.text(LIN, "网点几点开门")
    assert (outcome.kind, len(outcome.attempts)) == ("reply", 1)
    assert outcome.seconds >= 1.9
    other.close()
    assert bank.said_by_customer() == ["谢谢", "网点几点开门"]


async def test_the_openid_stands_in_one_table_and_in_no_log(
    bank: Bank, platform: Platform, caplog: pytest.LogCaptureFixture, fake_api: FakeApi
) -> None:
    caplog.set_level(logging.DEBUG)
    agent, conversation = await bank.handed_over(platform, LIN)
    for number in range(1, 7):
        await bank.says(agent, conversation, f"第{number}条")
    await bank.passes(5)
    await platform.image(LIN)
    await platform.event(LIN, "CLICK", "web")
    await bank.closes(agent, conversation)
    await platform.event(LIN, "unsubscribe")
    await bank.settles()
    with bank.house.db.transaction() as tx:
        tables = [row[0] for row in tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")]
    told = [table for table in tables if any(LIN in map(str, row.values()) for row in bank.rows(table))]
    contained = [
        table for table in tables if any(LIN in str(value) for row in bank.rows(table) for value in row.values())
    ]
    assert told == contained == ["wechat_customers"]
    token = fake_api.tokens.issued[-1].value
    for record in caplog.records:
        if not record.name.startswith(("aiohttp", "asyncio", "aiosqlite")):
            assert LIN not in record.getMessage() and token not in record.getMessage(), record
