"""What stands beside a conversation at the desk: colleagues' notes, who he is, what was before, what was noticed."""

from __future__ import annotations

from functools import partial

import pytest
from desk import agent, at_desk, complaining, talking
from server import Server
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Answer
from bot.desk.staff import Agent
from bot.errors import Forbidden, NotFound
from bot.privacy.audit import entries
from bot.wiring import House

STORY = "昨天下午在城东支行，柜员把我的存款办错了，还不肯更正，要求道歉并更正"
PHONE = "13800138000"
RATE = {"房贷利率是多少": understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")}


@pytest.fixture
def chat(any_house: House) -> Chat:
    return Chat(any_house, FakeAssistant(RATE, otherwise=partial(talking, any_house)))


@pytest.fixture
def anna(any_house: House) -> Agent:
    return agent(any_house, "anna", "busy")


@pytest.fixture
def bert(any_house: House) -> Agent:
    return agent(any_house, "bert", "busy")


def serve(chat: Chat, by: Agent) -> int:
    if chat.conversation.holder == "bot":
        chat.presses("human")
    return chat.house.desk.claim(by, chat.id, chat.conversation.epoch)


def packed(chat: Chat, who: Agent) -> dict:
    return chat.house.desk.conversation(who, chat.id)["package"]


class TestNotes:
    """What a colleague wrote reaches who comes after him, and nobody else."""

    def test_of_a_transfer_a_declined_offer_and_a_lost_agent(
        self, any_house: House, chat: Chat, anna: Agent, bert: Agent, clock: FrozenClock
    ) -> None:
        epoch = serve(chat, anna)
        any_house.desk.transfer(anna, chat.id, epoch, "", f"客户要查贷款，电话{PHONE}")
        any_house.staff.set_presence("bert", "ready")
        any_house.desk.tick()
        any_house.desk.decline(bert, chat.id, chat.conversation.epoch, f"不熟悉贷款，电话{PHONE}")
        carl = agent(any_house, "carl", "busy")
        any_house.desk.claim(carl, chat.id, chat.conversation.epoch)
        clock.advance(61)
        any_house.desk.tick()
        dora = agent(any_house, "dora", "busy")
        notes = packed(chat, dora)["notes"]
        assert [(note["kind"], note["by"]["username"]) for note in notes] == [
            ("transfer", "anna"), ("decline", "bert"), ("lost", "carl"),
        ]  # fmt: skip
        assert notes[0]["text"].startswith("客户要查贷款") and notes[0]["by"]["name"] == "坐席anna"
        assert notes[1]["text"].startswith("不熟悉贷款")
        assert PHONE not in str(notes)

    def test_an_offer_that_nobody_answered_is_no_note(self, any_house: House, chat: Chat, anna: Agent) -> None:
        agent(any_house, "bert")
        chat.presses("human")
        any_house.desk.tick()
        chat.waits(20)
        assert packed(chat, anna)["notes"] == []

    def test_of_the_close_before_he_wrote_again(self, any_house: House, chat: Chat, anna: Agent) -> None:
        epoch = serve(chat, anna)
        any_house.desk.close(anna, chat.id, epoch, "follow_up", "贷款", "等他补材料")
        chat.sends("材料带来了")
        [note] = packed(chat, anna)["notes"]
        assert (note["kind"], note["result"], note["category"], note["text"]) == (
            "close", "follow_up", "贷款", "等他补材料",
        )  # fmt: skip


class TestIdentity:
    def test_of_somebody_unknown(self, chat: Chat, anna: Agent) -> None:
        chat.presses("human")
        assert packed(chat, anna)["identity"] == {"level": "none", "contact": None, "case": None}

    def test_of_who_has_left_a_number(self, chat: Chat, anna: Agent) -> None:
        chat.presses("human")
        chat.sends(f"我的电话{PHONE}")
        assert packed(chat, anna)["identity"] == {"level": "contact", "contact": "〔手机·尾号8000〕", "case": None}

    def test_of_who_has_proven_the_contact_of_his_case(self, any_house: House, chat: Chat, anna: Agent) -> None:
        for text in ("我要投诉", STORY, PHONE):
            chat.says(text)
        number = chat.presses("confirm").payload["case"]["number"]
        other = Chat(any_house, chat.assistant)
        other.says(f"{number}的进度")
        assert other.phrases()[-1] == "status_proof"
        other.says("13900139000")
        other.presses("human")
        assert packed(other, anna)["identity"]["level"] == "contact"
        other.presses("cancel")
        other.says(PHONE)
        other.presses("human")
        assert packed(other, anna)["identity"] == {"level": "proven", "contact": "〔手机·尾号8000〕", "case": number}

    def test_of_whom_the_bank_has_bound(self, any_house: House, chat: Chat, anna: Agent) -> None:
        any_house.conversations.bind(chat.id, "c0ffee")
        chat.presses("human")
        assert packed(chat, anna)["identity"]["level"] == "bound"


class TestEarlier:
    """004-47."""

    @pytest.fixture
    def again(self, any_house: House, chat: Chat, anna: Agent, clock: FrozenClock) -> Chat:
        """A customer who was served by anna an hour ago and waits again."""
        chat.says("房贷利率是多少")
        any_house.desk.close(anna, chat.id, serve(chat, anna), "solved", "贷款", "")
        clock.advance(3600)
        any_house.conversations.tick()
        made = Chat(any_house, chat.assistant, former=chat.id)
        made.presses("human")
        return made

    def test_stands_in_a_list_with_what_came_of_it(
        self, any_house: House, chat: Chat, again: Chat, bert: Agent
    ) -> None:
        [one] = packed(again, bert)["history"]
        said = any_house.knowledge
        assert (one["id"], one["channel"], one["state"]) == (chat.id, "web", "CLOSED")
        assert one["topic"] == said.intents["loan_rate"].words
        assert (one["reason"], one["result"], one["category"]) == (
            said.escalation.reasons["asked"].text,
            "solved",
            "贷款",
        )

    def test_of_who_comes_for_the_first_time_there_is_none(self, chat: Chat, anna: Agent) -> None:
        chat.presses("human")
        assert packed(chat, anna)["history"] == []

    def test_spans_the_channels_of_a_bound_customer(self, any_house: House, chat: Chat, anna: Agent) -> None:
        any_house.conversations.ensure("wx1", "wechat")
        any_house.conversations.bind("wx1", "c0ffee")
        any_house.conversations.bind(chat.id, "c0ffee")
        chat.presses("human")
        assert [(one["id"], one["channel"]) for one in packed(chat, anna)["history"]] == [("wx1", "wechat")]

    def test_is_read_by_who_may_read_this_one_and_the_reading_is_audited(
        self, any_house: House, chat: Chat, again: Chat, bert: Agent
    ) -> None:
        read = any_house.desk.views.earlier(bert, again.id, chat.id)
        assert [event["seq"] for event in read["events"]] == [event.seq for event in chat.events]
        assert [note["kind"] for note in read["notes"]] == ["close"]
        with any_house.db.transaction() as tx:
            found = [e for e in entries(tx, f"conversation:{chat.id}") if e.action == "desk:history:read"]
        assert [(e.actor, e.detail["from"]) for e in found] == [("bert", again.id)]

    def test_and_by_nobody_else(self, any_house: House, chat: Chat, again: Chat, anna: Agent, bert: Agent) -> None:
        stranger = Chat(any_house, chat.assistant)
        stranger.presses("human")
        earlier = any_house.desk.views.earlier
        for id_, other in ((again.id, stranger.id), (again.id, again.id), (again.id, "nobody"), (stranger.id, chat.id)):
            with pytest.raises(NotFound):
                earlier(bert, id_, other)
        serve(again, anna)
        with pytest.raises(Forbidden):
            earlier(bert, again.id, chat.id)
        with pytest.raises(Forbidden):
            any_house.desk.conversation(bert, chat.id)

    def test_not_by_the_one_it_complains_about(self, any_house: House, chat: Chat, bert: Agent) -> None:
        assistant = FakeAssistant(otherwise=partial(complaining, any_house))
        former = Chat(any_house, assistant)
        for text in ("我要投诉坐席bert", f"坐席bert骂人。{STORY}", PHONE):
            former.says(text)
        former.presses("confirm")
        made = Chat(any_house, assistant, former=former.id)
        made.presses("human")
        with pytest.raises(NotFound):
            any_house.desk.views.earlier(bert, made.id, former.id)

    async def test_over_http(self, server: Server) -> None:
        first = await server.visitor()
        await first.asks("转人工")
        path = f"/conversations/{first.conversation_id}/history"
        async with at_desk(server, "anna") as desk, server.client() as stranger:
            assert (await desk.get(f"{path}/nobody")).status_code == 404
            assert (await stranger.get(f"/api/desk{path}/nobody")).status_code == 401


class TestWhatWasNoticed:
    def test_mood_and_care_for_all_and_suspicion_for_leads_alone(
        self, any_house: House, chat: Chat, anna: Agent
    ) -> None:
        chat.presses("human")
        chat.sends("我今年七十三岁，气死我了，钱怎么分几笔转不被查到")
        assert packed(chat, anna)["signals"] == {"mood": "strong", "careful": True}
        assert packed(chat, anna)["context"] == {}
        for role in ("supervisor", "quality"):
            lead = agent(any_house, f"lead-{role}", "busy", role)
            [flag] = packed(chat, lead)["signals"]["flags"]
            assert flag["id"] == "laundering" and flag["text"]
