"""A customer goes on from WeChat on the web page: the link that he got there joins his conversations, over HTTP."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from desk import at_desk, complaining
from server import Visitor
from wechat.account import TEST_ACCOUNT
from wechat.bank import Bank, bank_at
from wechat.fake_api import FakeApi
from wechat.simulator import Platform

from actions import decide
from actions.turn import Turn
from bot.assistant.fake import FakeAssistant, understood
from bot.channels.links import HOURS, Links
from bot.clock import FrozenClock
from bot.conversation.model import Handover, TurnInput, TurnOutput, Understanding
from bot.wiring import House

PAGE = "https://bank.example/service"
LIN, MEI = "o_lin", "o_mei"
STORY = "我要投诉，昨天在城南支行柜员让我等了两个小时"
HOW_IS_IT = "我的投诉怎么样了"


def asks_how_it_stands(house: House, turn: TurnInput) -> TurnOutput:
    """What the real action does, without the model."""
    meaning = Understanding(turn.text, "complaint_status", 0.9)
    told = Turn(turn.conversation_id, turn.seq, turn.text, turn.choice, None, meaning, None)
    return TurnOutput(meaning, tuple(decide.complaint_status(told, house)))


@pytest_asyncio.fixture
async def api(clock: FrozenClock) -> AsyncIterator[FakeApi]:
    async with FakeApi(TEST_ACCOUNT.appid, TEST_ACCOUNT.secret, lambda: clock.now().timestamp()) as running:
        yield running


@pytest_asyncio.fixture
async def bank(house: House, api: FakeApi, tmp_path: Path) -> AsyncIterator[Bank]:
    assistant = FakeAssistant(
        {
            HOW_IS_IT: lambda turn: asks_how_it_stands(house, turn),
            "转人工": understood("human_agent", Handover("asked")),
        },
        otherwise=lambda turn: complaining(house, turn),
    )
    house = replace(house, settings=replace(house.settings, web_chat=PAGE))
    async with bank_at(house, assistant, tmp_path, api) as running:
        yield running


@pytest_asyncio.fixture
async def wechat(bank: Bank, api: FakeApi, clock: FrozenClock) -> AsyncIterator[Platform]:
    account = TEST_ACCOUNT
    async with Platform(
        bank.url, account.appid, account.token, account.aes_key, clock=lambda: clock.now().timestamp(), api=api
    ) as platform:
        yield platform


@pytest_asyncio.fixture
async def visitor(bank: Bank) -> Visitor:
    return await bank.server.visitor()


async def bind(visitor: Visitor, link: object) -> httpx.Response:
    async with visitor.client() as client:
        return await client.post("/api/chat/bind", json={"link": link})


async def link(wechat: Platform, openid: str) -> str:
    """The token in the link that the menu gives."""
    text = await hears(wechat, openid, PAGE, wechat.event(openid, "CLICK", "web"))
    return text.partition("#customer=")[2].split()[0]


async def hears(wechat: Platform, openid: str, words: str, deed: object) -> str:
    """What the customer sees with these words in it, once he has done something."""
    known = len(wechat.customers[openid].texts)
    await deed
    while True:
        seen = await wechat.seen(openid, known + 1)
        for entry in seen[known:]:
            if words in entry.text:
                return entry.text
        known = len(seen)


async def notices(visitor: Visitor) -> list[str]:
    return [event["text"] for event in (await visitor.poll())["events"] if event["kind"] == "notice"]


async def complains_on_the_web(visitor: Visitor) -> str:
    """Gives the number of the case."""
    await visitor.asks(STORY)
    await visitor.asks("13800138000")
    seq = (await visitor.post({"choice": "confirm"})).json()["seq"]
    while True:
        for event in (await visitor.poll(after=seq, wait=10))["events"]:
            if event.get("case"):
                return str(event["case"]["number"])


class TestTheLinkFromWechat:
    async def test_binds_the_web_conversation_to_the_customer(
        self, bank: Bank, wechat: Platform, visitor: Visitor
    ) -> None:
        bound = await bind(visitor, await link(wechat, LIN))
        assert (bound.status_code, bound.json()) == (200, {})
        assert await notices(visitor) == [bank.house.knowledge.phrase("customer_bound")[0]]
        (in_wechat,) = set(bank.conversation_ids()) - {visitor.conversation_id}
        customers = [
            bank.house.conversations.snapshot(id).conversation.customer_id
            for id in (in_wechat, visitor.conversation_id)
        ]
        assert customers[0] == customers[1] is not None

    async def test_binds_once_however_often_it_is_sent(self, wechat: Platform, visitor: Visitor) -> None:
        token = await link(wechat, LIN)
        assert [(await bind(visitor, token)).status_code for _ in range(3)] == [200, 200, 200]
        assert len(await notices(visitor)) == 1

    async def test_another_link_of_the_same_customer_is_no_other_customer(
        self, wechat: Platform, visitor: Visitor
    ) -> None:
        first, second = await link(wechat, LIN), await link(wechat, LIN)
        assert [(await bind(visitor, token)).status_code for token in (first, second)] == [200, 200]

    async def test_of_another_customer_is_a_conflict_and_changes_nothing(
        self, bank: Bank, wechat: Platform, visitor: Visitor
    ) -> None:
        await bind(visitor, await link(wechat, LIN))
        before = bank.house.conversations.snapshot(visitor.conversation_id)
        refused = await bind(visitor, await link(wechat, MEI))
        assert_problem(refused, 409, "conflict")
        assert bank.house.conversations.snapshot(visitor.conversation_id) == before

    async def test_after_the_end_is_another_conflict(self, bank: Bank, wechat: Platform, visitor: Visitor) -> None:
        token = await link(wechat, LIN)
        bank.house.clock.advance(31 * 60)
        bank.house.conversations.tick()
        assert_problem(await bind(visitor, token), 409, "conversation-closed")


class TestWhatIsNoLink:
    @pytest.mark.parametrize("spoil", ["", "x", "." * 3, "你好", "\0"])
    async def test_made_up(self, visitor: Visitor, spoil: str) -> None:
        assert_problem(await bind(visitor, spoil), 401, "unauthorized")

    async def test_forged_cut_old_or_for_another_purpose(self, bank: Bank, visitor: Visitor) -> None:
        secret = bank.house.settings.secret_key
        good = Links(secret, PAGE).token("1" * 32)
        forged = Links(b"x" * 32, PAGE).token("1" * 32)
        with pytest.MonkeyPatch.context() as then:
            made = time.time() - HOURS * 3600 - 60
            then.setattr(time, "time", lambda: made)
            old = Links(secret, PAGE).token("1" * 32)
        for spoilt in (forged, old, good[:-5], good + "x", good.split("~", 1)[1], visitor.token):
            assert_problem(await bind(visitor, spoilt), 401, "unauthorized")
        assert await notices(visitor) == []
        assert (await bind(visitor, good)).status_code == 200

    @pytest.mark.parametrize("body", [{}, {"link": None}, {"link": "x" * 501}, {"link": "x", "more": 1}, []])
    async def test_no_body_that_the_wire_knows(self, visitor: Visitor, body: object) -> None:
        async with visitor.client() as client:
            refused = await client.post("/api/chat/bind", json=body)
        assert_problem(refused, 422, "invalid-input")

    async def test_without_a_conversation(self, bank: Bank, wechat: Platform) -> None:
        token = await link(wechat, LIN)
        async with bank.server.client() as client:
            assert_problem(await client.post("/api/chat/bind", json={"link": token}), 401, "unauthorized")

    async def test_no_end_of_guesses(self, visitor: Visitor) -> None:
        answers = [await bind(visitor, "guess") for _ in range(20)]
        assert_problem(answers[-1], 429, "too-many-requests")
        assert int(answers[-1].headers["retry-after"]) > 0


class TestOneStory:
    async def test_the_agent_who_takes_the_wechat_conversation_sees_the_webs_case(
        self, bank: Bank, wechat: Platform, visitor: Visitor
    ) -> None:
        await bind(visitor, await link(wechat, LIN))
        number = await complains_on_the_web(visitor)
        await wechat.text(LIN, "转人工")
        async with at_desk(bank.server, "anna") as desk:
            view = (await desk.get("/conversations")).json()["conversations"]
            (waiting,) = [item for item in view if item["state"] == "QUEUED"]
            path = f"/conversations/{waiting['conversation_id']}"
            assert (await desk.post(path + "/claim", {"epoch": waiting["epoch"]})).status_code == 200
            package = (await desk.get(path)).json()["package"]
        assert package["channel"] == "wechat"
        assert [case["number"] for case in package["cases"]] == [number]

    async def test_the_webs_complaint_is_found_when_asked_for_in_wechat(
        self, wechat: Platform, visitor: Visitor
    ) -> None:
        await bind(visitor, await link(wechat, LIN))
        number = await complains_on_the_web(visitor)
        assert number in await hears(wechat, LIN, number, wechat.text(LIN, HOW_IS_IT))

    async def test_what_was_opened_before_the_binding_is_found_after_it(
        self, wechat: Platform, visitor: Visitor
    ) -> None:
        number = await complains_on_the_web(visitor)
        await bind(visitor, await link(wechat, LIN))
        assert number in await hears(wechat, LIN, number, wechat.text(LIN, HOW_IS_IT))

    async def test_a_complaint_made_in_wechat_is_found_on_the_web(
        self, bank: Bank, wechat: Platform, visitor: Visitor
    ) -> None:
        await bind(visitor, await link(wechat, LIN))
        for text in (STORY, "13800138000"):
            await wechat.text(LIN, text)
        told = await hears(wechat, LIN, "TS", wechat.text(LIN, "确认"))
        found = await visitor.asks(HOW_IS_IT)
        assert found["case"]["number"] in told

    async def test_a_stranger_is_told_of_nothing(self, bank: Bank, wechat: Platform, visitor: Visitor) -> None:
        await bind(visitor, await link(wechat, LIN))
        number = await complains_on_the_web(visitor)
        none = bank.house.knowledge.phrase("complaint_status_none")[0]
        stranger = await bank.server.visitor()
        await bind(stranger, await link(wechat, MEI))
        assert (await stranger.asks(HOW_IS_IT))["text"] == none
        assert number not in " ".join(wechat.customers[MEI].texts)


def assert_problem(answer: httpx.Response, status: int, name: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json; charset=utf-8")
    assert answer.json()["type"] == f"urn:qiantai:problem:{name}"
    assert answer.json()["status"] == status
