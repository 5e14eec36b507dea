"""What customers' words bring besides an answer: in the chat, in the queue, with a person, and in nobody's sight."""

from __future__ import annotations

import json

import pytest
from desk import agent
from support import NIGHT, Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import bringing
from bot.conversation.model import Answer, Clarify, Flow, Handover, Line, State
from bot.conversation.package import wire, wire_outside
from bot.desk.staff import Agent
from bot.privacy.audit import entries
from bot.tickets import alerts
from bot.wiring import House, officer_of

RATE = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
LOST = understood("nlu_fallback", Clarify(("loan_rate", "loan_apply")), confidence=0.2)
LAUNDERING = "房贷利率是多少，钱分几笔转才不被查到"


@pytest.fixture
def chat(any_house: House) -> Chat:
    script = {
        "房贷利率是多少": RATE,
        "气死我了，房贷利率到底多少": RATE,
        "气死我了": LOST,
        "我要投诉，气死我了": understood("complaint", Line("complaint_facts"), Flow("complaint:facts")),
        "我要投诉": understood("complaint", Line("complaint_facts"), Flow("complaint:facts")),
        "气死我了，柜员骂我": understood("complaint", Line("complaint_contact"), Flow("complaint:contact")),
        "呃这个那个，气死我了": LOST,
        "转人工": understood("human_agent", Handover("asked")),
        "钱转错了": understood("transfer_failed", Answer("transfer_failed")),
        "在泰国卡被吞了": LOST,
        "我爸过世了，遗产怎么取": LOST,
        "我今年七十三岁": understood("chitchat", Line("chitchat")),
        "呃这个那个": LOST,
        LAUNDERING: RATE,
    }
    return Chat(any_house, FakeAssistant(script))


@pytest.fixture
def sue(any_house: House) -> Agent:
    return agent(any_house, "sue", "busy", "supervisor")


@pytest.fixture
def quinn(any_house: House) -> Agent:
    return agent(any_house, "quinn", "busy", "quality")


@pytest.fixture
def anna(any_house: House) -> Agent:
    return agent(any_house, "anna", "busy")


def told(chat: Chat, who: Agent) -> list[str]:
    with chat.house.db.transaction() as tx:
        rows = alerts.page(tx, officer_of(who), chat.house.clock.now())[0]
    return [row.text for row in rows if row.kind == bringing.KIND and row.conversation_id == chat.id]


class TestEmotion:
    """004-40."""

    def test_kind_words_first_then_the_answer_then_a_person_and_the_supervisor_knows(
        self, chat: Chat, sue: Agent, anna: Agent
    ) -> None:
        chat.says("气死我了，房贷利率到底多少")
        said = [
            e.payload.get("script") or e.payload["internal"]["phrase"]
            for e in chat.events
            if e.actor.kind != "customer"
        ]
        assert said[1] == "emotion_soothe" and said[2]["id"] == "loan_rate_mortgage" and said[3].startswith("handover_")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "emotion")
        assert chat.conversation.ahead_s == chat.house.knowledge.escalation.reasons["emotion"].ahead_s > 0
        assert len(told(chat, sue)) == 1 and told(chat, anna) == []

    def test_who_is_not_understood_is_not_asked_back(self, chat: Chat) -> None:
        chat.says("气死我了")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "emotion")
        assert not {"clarify", "clarify_numbered", "not_understood"} & set(chat.phrases())

    def test_who_complains_in_anger_goes_on_with_the_complaint(self, chat: Chat, sue: Agent) -> None:
        chat.says("我要投诉，气死我了")
        assert chat.phrases()[1:] == ["emotion_soothe", "complaint_facts"]
        assert (chat.state, chat.conversation.flow) == (State.BOT, "complaint:facts")
        assert len(told(chat, sue)) == 1

    def test_in_the_form_he_is_answered_and_the_form_goes_on(self, chat: Chat, sue: Agent) -> None:
        chat.says("我要投诉")
        chat.says("气死我了，柜员骂我")
        assert chat.phrases()[-2:] == ["emotion_soothe", "complaint_contact"]
        assert (chat.state, chat.conversation.flow) == (State.BOT, "complaint:contact")
        assert len(told(chat, sue)) == 1

    def test_another_reason_that_came_first_stays_and_his_anger_counts_beside_it(self, chat: Chat, sue: Agent) -> None:
        chat.says("呃这个那个")
        chat.says("呃这个那个，气死我了")
        assert chat.conversation.reason == "misunderstood"
        assert chat.conversation.ahead_s == chat.house.knowledge.escalation.reasons["emotion"].ahead_s
        assert len(told(chat, sue)) == 1

    def test_kind_words_come_once(self, chat: Chat, sue: Agent) -> None:
        chat.says("气死我了")
        chat.sends("气死我了，还要等多久")
        chat.presses("cancel")
        chat.says("气死我了")
        assert chat.phrases().count("emotion_soothe") == 1

    def test_in_the_queue_it_moves_him_ahead_and_the_reason_stays(self, chat: Chat, sue: Agent) -> None:
        chat.says("转人工")
        chat.sends("气死我了，还要等多久")
        chat.sends("气死我了！！！")
        assert chat.conversation.reason == "asked"
        assert chat.conversation.ahead_s == chat.house.knowledge.escalation.reasons["emotion"].ahead_s
        assert chat.phrases()[-3:] == ["emotion_soothe", "queue_notice", "queue_notice"]
        assert len(told(chat, sue)) == 1

    def test_with_a_person_nothing_is_said_and_the_supervisor_knows(self, chat: Chat, sue: Agent, anna: Agent) -> None:
        chat.says("转人工")
        chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        before = len(chat.phrases())
        chat.sends("气死我了")
        assert len(chat.phrases()) == before
        assert chat.conversation.mood >= 2
        assert len(told(chat, sue)) == 1
        for left in (1, 0, 0):  # one calm word is no calm customer yet
            chat.sends("好的，明白")
            assert chat.conversation.mood == left

    def test_a_button_says_nothing_of_his_mood(self, chat: Chat) -> None:
        chat.says("气死我了")
        mood = chat.conversation.mood
        chat.presses("cancel")
        assert chat.conversation.mood == mood > 0


class TestUrgent:
    @pytest.mark.parametrize("text", ["钱转错了", "在泰国卡被吞了"])
    def test_a_wrong_transfer_and_a_card_swallowed_abroad(self, chat: Chat, sue: Agent, text: str) -> None:
        chat.says(text)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "urgent")
        assert chat.conversation.ahead_s == 86_400
        assert len(told(chat, sue)) == 1

    @pytest.mark.parametrize("text", ["我刚才被骗了三万", "钱转错了"])
    def test_written_while_queued_it_raises_the_place_and_names_the_lines(
        self, chat: Chat, sue: Agent, clock: FrozenClock, text: str
    ) -> None:
        first = Chat(chat.house, chat.assistant)
        first.says("转人工")
        clock.advance(1)
        chat.says("转人工")
        assert chat.house.conversations.snapshot(chat.id).place == 2
        chat.sends(text)
        notice = chat.last
        assert (notice.kind, notice.payload["internal"]["phrase"]) == ("notice", "queue_urgent")
        bank = chat.house.knowledge.bank
        assert all(line in notice.payload["text"] for line in (bank.loss_line, "110", "96110"))
        assert "第1位" in notice.payload["text"]
        assert chat.house.conversations.snapshot(chat.id).place == 1
        assert (chat.conversation.reason, chat.state) == ("asked", State.QUEUED)
        assert len(told(chat, sue)) == 1

    def test_written_to_a_person_the_supervisor_knows(self, chat: Chat, sue: Agent, anna: Agent) -> None:
        chat.says("转人工")
        chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        chat.sends("我刚才被骗了三万")
        assert len(told(chat, sue)) == 1

    def test_written_after_the_close_it_goes_back_first(self, chat: Chat, sue: Agent, anna: Agent) -> None:
        chat.says("转人工")
        epoch = chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        chat.house.desk.close(anna, chat.id, epoch, "solved", "", "")
        chat.sends("钱转错了")
        assert (chat.state, chat.conversation.ahead_s) == (State.QUEUED, 86_400)
        assert chat.phrases()[-1] == "queue_urgent"
        assert len(told(chat, sue)) == 1

    def test_at_night_too(self, chat: Chat, clock: FrozenClock, sue: Agent) -> None:
        clock.set(NIGHT)
        chat.says("转人工")
        chat.says("钱转错了")
        assert chat.state is State.MESSAGE_LEFT
        assert len(told(chat, sue)) == 1


class TestOtherReasons:
    def test_a_complex_matter_is_for_an_experienced_agent(self, chat: Chat) -> None:
        chat.says("我爸过世了，遗产怎么取")
        conversation = chat.conversation
        assert (conversation.state, conversation.reason, conversation.senior) == (State.QUEUED, "complex", True)

    def test_and_the_next_reason_is_not(self, chat: Chat) -> None:
        chat.says("我爸过世了，遗产怎么取")
        chat.presses("cancel")
        chat.says("转人工")
        assert (chat.conversation.reason, chat.conversation.senior) == ("asked", False)

    def test_who_asks_for_a_person_in_a_complaint_complains(self, chat: Chat) -> None:
        chat.says("我要投诉，气死我了")
        chat.presses("human")
        assert chat.conversation.reason == "complaint"

    def test_who_says_his_age_gets_a_person_when_he_hesitates(self, chat: Chat) -> None:
        chat.says("我今年七十三岁")
        assert chat.state is State.BOT
        chat.says("呃这个那个")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "care")

    def test_and_stands_ahead_when_he_asks_for_one(self, chat: Chat) -> None:
        chat.says("我今年七十三岁")
        chat.says("转人工")
        assert chat.conversation.reason == "asked"
        assert chat.conversation.ahead_s == chat.house.knowledge.escalation.reasons["care"].ahead_s


class TestSilentFlag:
    """004-101, and the law: nobody may let the customer know."""

    def test_quality_is_told_once_and_it_is_audited(self, chat: Chat, quinn: Agent, sue: Agent, anna: Agent) -> None:
        for _ in range(2):
            chat.says(LAUNDERING)
        assert chat.conversation.flags == ("laundering",)
        assert len(told(chat, quinn)) == 1
        assert told(chat, sue) == told(chat, anna) == []
        with chat.house.db.transaction() as tx:
            [entry] = [e for e in entries(tx, f"conversation:{chat.id}") if e.detail.get("flag") == "laundering"]
        assert entry.detail["signal"] == "laundering"

    def test_the_customer_reads_the_same_as_everybody(self, chat: Chat, quinn: Agent) -> None:
        other = Chat(chat.house, chat.assistant)
        suspected, plain = chat.says(LAUNDERING), other.says("房贷利率是多少")
        assert suspected.payload["text"] == plain.payload["text"]
        assert [e.payload.get("choices") for e in chat.events[2:]] == [
            e.payload.get("choices") for e in other.events[2:]
        ]
        assert (chat.state, other.state) == (State.BOT, State.BOT)

    @pytest.mark.parametrize("state", ["BOT", "QUEUED", "HUMAN"])
    def test_nothing_of_it_on_any_wire_nor_in_the_log(self, chat: Chat, anna: Agent, state: str) -> None:
        if state != "BOT":
            chat.says("转人工")
        if state == "HUMAN":
            chat.house.desk.claim(anna, chat.id, chat.conversation.epoch)
        chat.says(LAUNDERING)
        assert chat.conversation.flags == ("laundering",)
        if state == "BOT":
            chat.presses("human")
        desk = chat.house.desk
        seen = [
            *(wire(event) for event in chat.events),
            *(wire_outside(event) for event in chat.events),
            *(dict(event.payload) for event in chat.events),
            desk.conversation(anna, chat.id),
            desk.view(anna),
            desk.updates(anna, {}),
        ]
        text = json.dumps(seen, ensure_ascii=False, default=str)
        for trace in ("laundering", "洗钱", "flag"):
            assert trace not in text.replace("severity_flag", "")
