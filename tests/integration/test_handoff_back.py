"""What an agent gets, and how a customer leaves him: the package, return, transfer, close and survey."""

from __future__ import annotations

from functools import partial

import pytest
from desk import agent, complaining, offered
from support import Chat

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import Answer, Clarify, Earlier, EndThread, Line, State
from bot.desk.staff import Agent
from bot.errors import Conflict, Forbidden, InvalidInput, NotFound
from bot.wiring import House

RATE = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
ASKED = ("房贷利率是多少", "房贷的利率多少", "房贷利率多少啊", "请问房贷利率是多少")
STORY = "昨天下午在城东支行，柜员把我的存款办错了，还不肯更正，要求道歉并更正"


@pytest.fixture
def assistant(house: House) -> FakeAssistant:
    return FakeAssistant(
        {
            **dict.fromkeys(ASKED, RATE),
            "呃这个那个": understood("nlu_fallback", Clarify(("loan_rate", "loan_apply")), confidence=0.2),
            "谢谢": understood("thanks", Line("thanks"), EndThread()),
        },
        otherwise=partial(complaining, house),
    )


@pytest.fixture
def chat(house: House, assistant: FakeAssistant) -> Chat:
    return Chat(house, assistant)


@pytest.fixture
def anna(house: House) -> Agent:
    return agent(house, "anna", "busy")


def serve(chat: Chat, by: Agent) -> int:
    """The customer asks for a person and this agent takes him; gives the epoch."""
    chat.presses("human")
    return chat.house.desk.claim(by, chat.id, chat.conversation.epoch)


class TestPackage:
    """P12: the whole story in one look."""

    def test_reason_topic_attempts_entities_warnings_and_misunderstandings(
        self, house: House, chat: Chat, anna: Agent
    ) -> None:
        chat.says("呃这个那个")
        answer = chat.says("房贷利率是多少")
        serve(chat, anna)
        got = house.desk.conversation(anna, chat.id)["package"]
        assert got["reason"] == {"code": "asked", "text": house.knowledge.escalation.reasons["asked"].text}
        assert house.knowledge.products["mortgage"].name in got["topic"]
        assert [attempt["asked"] for attempt in got["attempts"]] == ["呃这个那个", "房贷利率是多少"]
        assert got["attempts"][1]["answered"] == answer.payload["text"]
        assert got["misunderstandings"] == 1
        assert got["entities"] == [{"entity": "product", "value": house.knowledge.products["mortgage"].name}]
        assert "loan_cost" in [warning["id"] for warning in got["warnings"]]
        assert (got["channel"], got["large_type"]) == ("web", False)

    def test_the_complaint_stands_in_it_with_its_dates(self, house: House, chat: Chat, anna: Agent) -> None:
        chat.says("我要投诉")
        chat.says(STORY)
        chat.says("13800138000")
        receipt = chat.presses("confirm").payload["case"]
        serve(chat, anna)
        [case] = house.desk.conversation(anna, chat.id)["package"]["cases"]
        assert case["number"] == receipt["number"]
        assert {"severity", "owner", "due", "state"} <= set(case)

    def test_the_transcript_is_whole_and_personal_data_are_tokens(self, house: House, chat: Chat, anna: Agent) -> None:
        chat.says("房贷利率是多少")
        chat.presses("human")
        chat.sends("我的手机号是13800138000")
        house.desk.claim(anna, chat.id, chat.conversation.epoch)
        shown = house.desk.conversation(anna, chat.id)
        assert [event["seq"] for event in shown["events"]] == [event.seq for event in chat.events]
        assert "13800138000" not in str(shown)
        assert any("尾号8000" in event["text"] for event in shown["events"])
        assert all("internal" not in event for event in shown["events"])

    def test_the_conversation_before_is_named(self, house: House, assistant: FakeAssistant, anna: Agent) -> None:
        former = Chat(house, assistant)
        chat = Chat(house, assistant, former=former.id, large_type=True)
        serve(chat, anna)
        got = house.desk.conversation(anna, chat.id)["package"]
        assert ([one["id"] for one in got["history"]], got["large_type"]) == ([former.id], True)


class TestWhoMaySee:
    def test_everybody_sees_who_waits_and_nobody_what_others_hold(self, house: House, chat: Chat, anna: Agent) -> None:
        bert = agent(house, "bert", "busy")
        chat.presses("human")
        assert house.desk.conversation(bert, chat.id)["state"] == "QUEUED"
        house.desk.claim(anna, chat.id, chat.conversation.epoch)
        with pytest.raises(Forbidden):
            house.desk.conversation(bert, chat.id)
        assert house.desk.conversation(agent(house, "sue", "busy", "supervisor"), chat.id)["holder"] == "anna"

    def test_nobody_reads_along_with_the_assistant(self, house: House, chat: Chat, anna: Agent) -> None:
        chat.says("房贷利率是多少")
        with pytest.raises(Forbidden):
            house.desk.conversation(anna, chat.id)

    def test_nobody_acts_for_another(self, house: House, chat: Chat, anna: Agent) -> None:
        epoch = serve(chat, anna)
        bert = agent(house, "bert", "busy", "supervisor")
        for act in (
            lambda: house.desk.send(bert, chat.id, epoch, "key-000001", "您好"),
            lambda: house.desk.return_to_bot(bert, chat.id, epoch),
            lambda: house.desk.close(bert, chat.id, epoch, "solved", "", ""),
            lambda: house.desk.transfer(bert, chat.id, epoch, "", ""),
        ):
            with pytest.raises(Conflict):
                act()
        assert (chat.state, chat.conversation.holder) == (State.HUMAN, "anna")


class TestReturnToTheAssistant:
    def test_it_answers_again_and_the_counters_are_at_zero(self, house: House, chat: Chat, anna: Agent) -> None:
        for text in ASKED:
            chat.says(text)
        assert chat.conversation.reason == "repeat"
        epoch = house.desk.claim(anna, chat.id, chat.conversation.epoch)
        house.desk.return_to_bot(anna, chat.id, epoch)
        assert (chat.state, chat.conversation.holder, chat.conversation.reason) == (State.BOT, "bot", None)
        for text in ASKED[:2]:
            assert chat.says(text).payload["script"]["id"] == "loan_rate_mortgage"
        assert chat.state is State.BOT

    def test_a_short_question_after_it_still_means_the_matter(
        self, house: House, chat: Chat, anna: Agent, clock: FrozenClock
    ) -> None:
        chat.says(ASKED[0])
        epoch = serve(chat, anna)
        clock.advance(1000)  # a long talk
        house.desk.return_to_bot(anna, chat.id, epoch)
        chat.says("谢谢")
        assert chat.assistant.turns[-1].earlier == Earlier("loan_rate", "mortgage")
        clock.advance(house.knowledge.escalation.context_s + 1)
        chat.says("谢谢")
        assert chat.assistant.turns[-1].earlier is None

    def test_nor_does_it_outlive_the_next_matter(self, house: House, chat: Chat, anna: Agent) -> None:
        chat.says(ASKED[0])
        house.desk.return_to_bot(anna, chat.id, serve(chat, anna))
        chat.says("呃这个那个")
        chat.says("谢谢")
        assert chat.assistant.turns[-1].earlier is None

    def test_what_was_never_asked_is_not_meant(self, house: House, chat: Chat, anna: Agent) -> None:
        house.desk.return_to_bot(anna, chat.id, serve(chat, anna))
        chat.says("谢谢")
        assert chat.assistant.turns[-1].earlier is None

    def test_a_complaint_goes_on_where_it_stood(self, house: House, chat: Chat, anna: Agent) -> None:
        chat.says("我要投诉")
        chat.says(STORY)
        assert chat.conversation.flow == "complaint:contact"
        epoch = serve(chat, anna)
        house.desk.return_to_bot(anna, chat.id, epoch)
        chat.says("13800138000")
        assert chat.assistant.turns[-1].flow == "complaint:contact"
        assert chat.presses("confirm").payload["case"]["number"]

    def test_everything_said_stays(self, house: House, chat: Chat, anna: Agent) -> None:
        chat.says("房贷利率是多少")
        epoch = serve(chat, anna)
        house.desk.send(anna, chat.id, epoch, "key-000001", "您好，请稍等")
        before = [event.hash for event in chat.events]
        house.desk.return_to_bot(anna, chat.id, epoch)
        assert [event.hash for event in chat.events][: len(before)] == before

    def test_what_is_asked_while_a_person_holds_is_never_answered_by_the_assistant(
        self, house: House, chat: Chat, anna: Agent
    ) -> None:
        epoch = serve(chat, anna)
        chat.says("房贷利率是多少")
        house.desk.return_to_bot(anna, chat.id, epoch)
        chat.answer()
        assert chat.said("loan_rate_mortgage") == []


class TestTransfer:
    def test_the_first_waiting_time_is_kept_and_the_note_is_for_the_desk(
        self, house: House, chat: Chat, anna: Agent, clock: FrozenClock
    ) -> None:
        chat.presses("human")
        since = chat.conversation.waiting_since
        clock.advance(30)
        epoch = house.desk.claim(anna, chat.id, chat.conversation.epoch)
        house.desk.transfer(anna, chat.id, epoch, "", "客户手机号13800138000，问房贷")
        assert (chat.state, chat.conversation.waiting_since) == (State.QUEUED, since)
        note = chat.last.payload["internal"]["note"]
        assert "问房贷" in note and "13800138000" not in note
        assert "问房贷" not in chat.last.payload["text"]

    def test_it_goes_to_the_named_agent_first(self, house: House, chat: Chat, anna: Agent) -> None:
        agent(house, "bert")
        agent(house, "cleo")
        epoch = serve(chat, anna)
        house.desk.transfer(anna, chat.id, epoch, "agent:cleo", "")
        assert offered(chat) == "cleo"

    def test_to_nobody_known_it_does_not_go(self, house: House, chat: Chat, anna: Agent) -> None:
        epoch = serve(chat, anna)
        with pytest.raises(NotFound):
            house.desk.transfer(anna, chat.id, epoch, "agent:nobody", "")
        assert chat.conversation.holder == "anna"


class TestClose:
    @pytest.fixture
    def closed(self, house: House, chat: Chat, anna: Agent) -> Chat:
        epoch = serve(chat, anna)
        house.desk.close(anna, chat.id, epoch, "solved", "loan_rate", "已说明")
        return chat

    def test_the_customer_sees_the_end_and_is_asked_how_it_was(self, closed: Chat) -> None:
        assert (closed.state, closed.conversation.holder) == (State.WRAP_UP, "anna")
        assert "agent_closed" in closed.phrases()
        assert closed.last.kind == "survey"
        assert closed.choices() == ["rate_3", "rate_2", "rate_1", "rate_skip_grade"]

    def test_the_form_stands_in_the_record_and_not_on_the_wire(self, house: House, closed: Chat) -> None:
        told = next(event for event in closed.events if event.payload.get("state") == "WRAP_UP")
        assert told.payload["internal"]["result"] == "solved"
        assert told.payload["internal"]["note"] == "已说明"
        assert "已说明" not in str([event.payload.get("text") for event in closed.events])

    def test_an_answer_to_the_survey_brings_its_next_step_and_opens_nothing(self, closed: Chat) -> None:
        closed.presses("rate_3")
        assert closed.choices() == ["rate_solved_3", "rate_solved_2", "rate_solved_1", "rate_skip_solved"]
        assert closed.state is State.WRAP_UP

    def test_five_minutes_later_it_is_over(self, closed: Chat) -> None:
        closed.waits(299)
        assert closed.state is State.WRAP_UP
        closed.waits(1)
        assert (closed.state, closed.conversation.holder) == (State.CLOSED, None)

    def test_a_new_message_goes_to_the_same_agent_first(self, house: House, closed: Chat) -> None:
        agent(house, "bert")
        house.staff.set_presence("anna", "ready")
        closed.sends("还有一个问题")
        assert closed.state is State.QUEUED
        assert offered(closed) == "anna"

    def test_and_to_another_when_he_is_gone(self, house: House, closed: Chat) -> None:
        agent(house, "bert")
        house.staff.set_presence("anna", "offline")
        closed.sends("还有一个问题")
        assert offered(closed) == "bert"

    def test_the_survey_comes_once_only(self, house: House, closed: Chat, anna: Agent) -> None:
        closed.sends("还有一个问题")
        epoch = house.desk.claim(anna, closed.id, closed.conversation.epoch)
        house.desk.close(anna, closed.id, epoch, "solved", "", "")
        assert sum(event.kind == "survey" for event in closed.events) == 1

    def test_an_unknown_result_is_refused(self, house: House, chat: Chat, anna: Agent) -> None:
        epoch = serve(chat, anna)
        with pytest.raises(InvalidInput):
            house.desk.close(anna, chat.id, epoch, "whatever", "", "")
        assert chat.state is State.HUMAN


class TestClocksOfTheAgent:
    """004-82, 004-86: alarms, not handovers."""

    def test_first_answer_within_30_seconds_and_handling_within_five_minutes(
        self, house: House, chat: Chat, anna: Agent, clock: FrozenClock
    ) -> None:
        epoch = serve(chat, anna)

        def clocks() -> dict[str, bool]:
            shown = house.desk.conversation(anna, chat.id)["clocks"]
            return {one["name"]: one["breached"] for one in shown}

        assert clocks() == {"first_answer": False, "handling": False}
        clock.advance(31)
        assert clocks() == {"first_answer": True, "handling": False}
        house.desk.send(anna, chat.id, epoch, "key-000001", "您好，请稍等")
        assert clocks() == {"handling": False}
        clock.advance(270)
        assert clocks() == {"handling": True}
        house.conversations.tick()
        assert chat.state is State.HUMAN
