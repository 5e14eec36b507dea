"""The incident switch over HTTP, in a running server: stopped by the command's own functions in a database of their
own, as from another process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk import at_desk
from server import Server

from bot.clock import FrozenClock
from bot.conversation import commands
from bot.db import Database


@pytest.fixture
def elsewhere(server: Server) -> Iterator[Database]:
    """The same database, as another process opens it."""
    made = Database(server.house.db.url)
    yield made
    made.dispose()


async def test_a_stopped_script_is_off_with_the_next_question_and_on_again_when_it_is_resumed(
    server: Server, elsewhere: Database, clock: FrozenClock
) -> None:
    visitor = await server.visitor()
    assert (await visitor.asks("房贷利率是多少"))["script"]["id"] == "loan_rate_mortgage"
    commands.stop(elsewhere, clock, "script", "loan_rate_mortgage", "利率写错了", None, "li")
    notice = await visitor.asks("房贷利率是多少")
    assert notice["text"] == server.house.knowledge.phrase("incident_script")[0]
    assert [choice["id"] for choice in notice["choices"]] == ["human"] and "script" not in notice
    assert "利率写错了" not in str(notice)
    commands.resume(elsewhere, clock, "script", "loan_rate_mortgage", "li")
    assert (await visitor.asks("房贷利率是多少"))["script"]["id"] == "loan_rate_mortgage"


async def test_a_stopped_bot_says_so_once_keeps_every_message_and_lets_the_person_through(
    server: Server, elsewhere: Database, clock: FrozenClock
) -> None:
    visitor = await server.visitor()
    commands.stop(elsewhere, clock, "bot", "", "模型异常", "18:00", "li")
    assert (await visitor.asks("几点开门"))["text"] == server.house.knowledge.phrase("incident_bot")[0]
    clock.advance(20)
    assert (await visitor.asks("在吗"))["text"] == server.house.knowledge.phrase("incident_bot_again")[0]
    for text in ("怎么没人", "在不在"):
        assert (await visitor.post({"text": text})).status_code == 202
    told = await visitor.poll()
    assert [e["text"] for e in told["events"] if e["actor"]["kind"] == "customer"] == [
        "几点开门", "在吗", "怎么没人", "在不在",
    ]  # fmt: skip
    assert (told["state"], told["events"][-1]["actor"]["kind"]) == ("BOT", "customer")
    await visitor.post({"text": "转人工"})
    assert (await visitor.poll())["state"] == "QUEUED"
    clock.advance(hours=6)  # 18:00: the stop has ended by itself
    other = await server.visitor()
    assert (await other.asks("几点开门"))["script"]["id"] == "branch_hours"


async def test_readyz_and_the_desk_say_what_is_stopped(server: Server, elsewhere: Database, clock: FrozenClock) -> None:
    commands.stop(elsewhere, clock, "topic", "wealth", "风险提示在改", None, "li")
    async with server.client() as client:
        ready = await client.get("/readyz")
    assert ready.status_code == 200
    (warning,) = [line for line in ready.json()["warnings"] if line.startswith("stopped")]
    assert warning == "stopped: topic wealth since 2026-11-22T12:00:00.000+08:00 by li: 风险提示在改"
    shown = {
        "id": 1, "kind": "topic", "subject": "wealth", "why": "风险提示在改",
        "since": "2026-11-22T12:00:00.000+08:00", "until": None,
    }  # fmt: skip
    async with at_desk(server, "mei") as desk, desk.stream() as stream:
        assert (await desk.get("/page")).json()["incidents"] == [shown]
        assert (await stream.next("desk"))["incidents"] == [shown]
        commands.resume(elsewhere, clock, "topic", "wealth", "li")
        await stream.next("desk", lambda view: view["incidents"] == [])


async def test_an_agents_text_on_a_stopped_topic_comes_back_with_the_reason(
    server: Server, elsewhere: Database, clock: FrozenClock
) -> None:
    visitor = await server.visitor()
    async with at_desk(server, "mei") as desk:
        await visitor.post({"choice": "human"})
        assert (await desk.claims(visitor)).status_code == 200
        commands.stop(elsewhere, clock, "topic", "wealth", "风险提示在改", None, "li")
        refused = await desk.says(visitor, "这款理财产品您可以看看")
        assert refused.status_code == 422
        assert "incident:wealth" in refused.json()["rules"] and "风险提示在改" in refused.json()["reasons"][0]
        assert refused.json()["completed_text"] is None
