"""When the assistant brings a person: the design's ten rules one by one, under a frozen clock, and across a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import NIGHT, Chat, make_house

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation.model import (
    Answer,
    Clarify,
    EndThread,
    Flow,
    Handover,
    Line,
    State,
    TurnInput,
    TurnOutput,
    Understanding,
)
from bot.errors import InvalidInput
from bot.knowledge import Knowledge
from bot.wiring import House

RATE = understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")
ASKED = ("房贷利率是多少", "房贷的利率多少", "房贷利率多少啊", "请问房贷利率是多少")


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(
        {
            **dict.fromkeys(ASKED, RATE),
            "消费贷利率是多少": understood("loan_rate", Answer("loan_rate_consumer_loan"), product="consumer_loan"),
            "你好": understood("greet", Line("greet")),
            "转人工": understood("human_agent", Handover("asked")),
            "我被骗了": understood("fraud_emergency", Answer("fraud_emergency"), Handover("urgent")),
            "谢谢": understood("thanks", Line("thanks"), EndThread()),
            "没用": understood("dissatisfied", Line("dissatisfied")),
            "是的": understood("affirm", Line("affirm_idle")),
            "不用": understood("deny", Line("deny_idle")),
            "呃这个那个": understood("nlu_fallback", Clarify(("loan_rate", "loan_apply")), confidence=0.2),
            "那个啥": understood("nlu_fallback", Clarify(("loan_rate", "loan_apply")), confidence=0.2),
            "出错": RuntimeError("broken"),
            "我要投诉": understood("complaint", Line("complaint_facts"), Flow("complaint:facts")),
            "柜员态度很差": understood("complaint", Line("complaint_contact"), Flow("complaint:contact")),
        }
    )


@pytest.fixture
def chat(house: House, assistant: FakeAssistant) -> Chat:
    return Chat(house, assistant)


class TestAtOnce:
    def test_who_asks_is_queued_in_one_step_with_place_and_time(self, chat: Chat) -> None:
        said = chat.says("转人工")
        assert chat.state is State.QUEUED
        assert chat.conversation.reason == "asked"
        assert "1" in said.payload["text"]

    def test_the_button_does_the_same_without_the_assistant(self, chat: Chat) -> None:
        chat.presses("human")
        assert chat.state is State.QUEUED
        assert chat.assistant.turns == []

    def test_fraud_gets_its_script_first_and_then_a_person(self, chat: Chat) -> None:
        chat.says("我被骗了")
        script = chat.said("fraud_emergency")[0]
        assert "110" in script.payload["text"] and "96110" in script.payload["text"]
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "urgent")

    def test_a_turn_that_fails_is_owned_up_to_and_goes_to_a_person(self, chat: Chat) -> None:
        chat.says("出错")
        assert "turn_failed" in chat.phrases()
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "failed")

    def test_two_misunderstandings_in_a_row(self, chat: Chat) -> None:
        chat.says("呃这个那个")
        assert chat.state is State.BOT
        assert 2 <= len(chat.choices()) <= 4
        chat.says("那个啥")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "misunderstood")

    def test_a_misunderstanding_after_an_answer_starts_anew(self, chat: Chat) -> None:
        chat.says("呃这个那个")
        chat.says(ASKED[0])
        chat.says("那个啥")
        assert chat.state is State.BOT

    def test_large_type_and_hesitation(self, house: House, assistant: FakeAssistant) -> None:
        chat = Chat(house, assistant, large_type=True)
        chat.says("呃这个那个")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "care")


class TestRule1Threads:
    def test_another_topic_ends_the_thread(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        chat.says("消费贷利率是多少")
        chat.says(ASKED[1])
        assert len(chat.said("loan_rate_mortgage")) == 2
        assert "propose_human" not in chat.phrases()

    def test_thanks_ends_the_thread(self, chat: Chat) -> None:
        for text in (*ASKED[:2], "谢谢", ASKED[0], ASKED[1]):
            chat.says(text)
        assert chat.state is State.BOT
        assert "propose_human" not in chat.phrases()


class TestRule2WhatCounts:
    def test_greetings_do_not(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        for _ in range(5):
            chat.says("你好")
        assert chat.state is State.BOT

    def test_a_message_sent_again_does_not(self, chat: Chat) -> None:
        first = chat.sends(ASKED[0], key="one-key-only")
        chat.answer()
        for _ in range(5):
            assert chat.sends(ASKED[0], key="one-key-only") == first
            chat.answer()
        assert len(chat.said("loan_rate_mortgage")) == 1

    def test_choices_do_not(self, chat: Chat) -> None:
        chat.assistant.script["loan_rate_mortgage"] = RATE
        for _ in range(4):
            chat.presses("loan_rate_mortgage")
        assert chat.state is State.BOT
        assert "propose_human" not in chat.phrases()

    def test_texts_sent_before_the_answer_came_do_not(self, chat: Chat) -> None:
        for text in ASKED:
            chat.sends(text)
        chat.answer()
        assert chat.state is State.BOT
        assert "propose_human" not in chat.phrases()

    def test_answers_in_a_form_do_not(self, chat: Chat) -> None:
        chat.says("我要投诉")
        for _ in range(4):
            chat.says("柜员态度很差")
        assert chat.state is State.BOT


class TestRules3And4Repeats:
    def test_first_repeat_is_another_wording_with_a_person_beside_it(self, chat: Chat) -> None:
        one = chat.says(ASKED[0])
        two = chat.says(ASKED[1])
        assert two.payload["script"] == one.payload["script"]
        assert two.payload["text"] != one.payload["text"]
        assert "human" in chat.choices(two)

    def test_second_repeat_answers_and_proposes_and_the_third_hands_over(self, chat: Chat) -> None:
        for text in ASKED[:3]:
            chat.says(text)
        assert chat.phrases()[-1] == "propose_human"
        assert len(chat.said("loan_rate_mortgage")) == 3
        assert chat.state is State.BOT
        chat.says(ASKED[3])
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "repeat")

    def test_never_the_identical_text_twice_in_a_row(self, chat: Chat) -> None:
        texts = [chat.says(text).payload["text"] for text in ASKED[:2]]
        assert texts[0] != texts[1]

    def test_yes_to_the_proposal(self, chat: Chat) -> None:
        for text in (*ASKED[:3], "是的"):
            chat.says(text)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "repeat")
        assert "affirm_idle" not in chat.phrases()

    def test_no_to_the_proposal_stays(self, chat: Chat) -> None:
        for text in (*ASKED[:3], "不用"):
            chat.says(text)
        assert chat.state is State.BOT
        assert chat.phrases()[-1] == "stay_ok"

    def test_a_weak_yes_confirms_nothing(self, chat: Chat) -> None:
        chat.assistant.script["嗯嗯嗯"] = understood("affirm", Line("affirm_idle"), confidence=0.34)
        for text in (*ASKED[:3], "嗯嗯嗯"):
            chat.says(text)
        assert chat.state is State.BOT

    def test_that_it_did_not_help_is_a_repeat(self, chat: Chat) -> None:
        one = chat.says(ASKED[0])
        two = chat.says("没用")
        assert two.payload["script"]["id"] == "loan_rate_mortgage"
        assert two.payload["text"] != one.payload["text"]

    def test_another_entity_is_no_repeat(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        chat.assistant.script["20年的房贷利率是多少"] = understood("loan_rate", Answer("loan_rate_mortgage"))
        chat.says("20年的房贷利率是多少")
        chat.says("消费贷利率是多少")
        assert "propose_human" not in chat.phrases()


class TestRules5And6FiveMinutes:
    def test_the_thread_brings_a_person_by_itself_at_300_seconds(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        for _ in range(2):  # two silences of 100 s, each ended by small talk that changes nothing
            chat.waits(100)
            chat.says("你好")
        chat.waits(99)
        assert chat.state is State.BOT
        chat.waits(1)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "five_minutes")
        assert "stay" in chat.choices()

    def test_a_silence_counts_at_most_120_seconds(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        chat.waits(700)
        assert chat.state is State.BOT

    def test_for_a_silent_customer_only_with_the_next_turn_in_the_thread(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        for _ in range(2):
            chat.waits(130)
            chat.says("你好")
        chat.waits(30)
        assert chat.state is State.BOT
        chat.waits(30)
        assert chat.state is State.QUEUED

    def test_the_next_turn_after_a_long_silence_is_answered_and_handed_over(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        for _ in range(3):
            chat.house.clock.advance(150)
            chat.says(ASKED[1] if _ == 2 else "你好")
        assert len(chat.said("loan_rate_mortgage")) == 2
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "five_minutes")

    def test_it_ends_with_the_thread(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        chat.says("谢谢")
        chat.waits(120)
        chat.waits(400)
        assert chat.state is State.BOT

    def test_it_stands_while_the_complaint_form_is_open(self, chat: Chat) -> None:
        chat.says(ASKED[0])
        chat.waits(100)
        chat.says("我要投诉")
        for _ in range(6):
            chat.waits(100)
            chat.says("柜员态度很差")
        assert chat.state is State.BOT

    def test_it_fires_once(self, chat: Chat) -> None:
        self.test_the_thread_brings_a_person_by_itself_at_300_seconds(chat)
        epoch = chat.conversation.epoch
        for _ in range(3):
            chat.house.conversations.tick()
        assert chat.conversation.epoch == epoch
        assert chat.phrases().count("handover_five_minutes") == 1

    def test_it_fires_after_a_restart(self, chat: Chat, tmp_path: Path, said: Knowledge, clock: FrozenClock) -> None:
        chat.says(ASKED[0])
        for _ in range(2):
            chat.waits(110)
            chat.says("你好")
        chat.house.db.dispose()
        again = make_house(tmp_path, said, clock)
        clock.advance(90)
        assert again.conversations.tick() == 1
        assert again.conversations.tick() == 0
        assert again.conversations.snapshot(chat.id).conversation.reason == "five_minutes"


class TestRule7Stay:
    def test_stay_keeps_the_thread_until_two_more_repeats(self, chat: Chat) -> None:
        for text in ASKED[:4]:
            chat.says(text)
        assert chat.state is State.QUEUED
        chat.presses("stay")
        assert chat.state is State.BOT
        chat.says(ASKED[0])
        assert chat.state is State.BOT
        chat.says(ASKED[1])
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "repeat")

    def test_who_stays_before_anybody_comes_is_told_and_nobody_changes_places(self, chat: Chat) -> None:
        for text in ASKED[:3]:
            chat.says(text)
        said = chat.presses("stay")
        assert (chat.state, said.kind, said.actor.kind) == (State.BOT, "message", "bot")

    def test_stay_until_600_seconds(self, chat: Chat) -> None:
        TestRules5And6FiveMinutes().test_the_thread_brings_a_person_by_itself_at_300_seconds(chat)
        chat.presses("stay")
        for _ in range(2):
            chat.waits(110)
            chat.says("你好")
        assert chat.state is State.BOT
        chat.waits(79)
        assert chat.state is State.BOT
        chat.waits(1)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "five_minutes")

    def test_who_stays_even_then_begins_anew(self, chat: Chat) -> None:
        self.test_stay_until_600_seconds(chat)
        chat.presses("stay")
        chat.waits(60)
        assert chat.state is State.BOT
        chat.says(ASKED[0])
        assert chat.state is State.BOT

    @pytest.mark.parametrize("text", ["转人工", "我被骗了"])
    def test_asking_and_danger_always_win(self, chat: Chat, text: str) -> None:
        for said in ASKED[:3]:
            chat.says(said)
        chat.presses("stay")
        chat.says(text)
        assert chat.state is State.QUEUED


class TestRule8OutsideHours:
    def test_it_says_so_opens_a_callback_case_and_goes_on_answering(
        self, chat: Chat, clock: FrozenClock, house: House
    ) -> None:
        clock.set(NIGHT)
        said = chat.says("转人工")
        assert chat.state is State.MESSAGE_LEFT
        assert "11月23日 08:00" in said.payload["text"]
        case = said.payload["case"]
        assert case["due"].startswith("2026-11-23T10:00")
        assert case["number"] in said.payload["text"]
        assert chat.says(ASKED[0]).payload["script"]["id"] == "loan_rate_mortgage"

    def test_asking_again_opens_no_second_case(self, chat: Chat, clock: FrozenClock, house: House) -> None:
        clock.set(NIGHT)
        chat.says("转人工")
        chat.says("转人工")
        with house.db.transaction() as tx:
            assert len(house.tickets.cases_of(tx, chat.id)) == 1

    def test_fraud_at_night_names_the_lines_in_the_first_reply(self, chat: Chat, clock: FrozenClock) -> None:
        clock.set(NIGHT)
        chat.says("我被骗了")
        first = chat.said("fraud_emergency")[0].payload["text"]
        assert all(line in first for line in ("110", "96110", chat.house.knowledge.bank.loss_line))

    def test_who_waits_when_the_desk_closes_leaves_a_message(self, chat: Chat, clock: FrozenClock) -> None:
        clock.set(NIGHT.replace(hour=21, minute=58))
        chat.says("转人工")
        assert chat.state is State.QUEUED
        chat.waits(180)
        assert chat.state is State.MESSAGE_LEFT

    def test_who_is_there_after_hours_is_not_passed_over(self, chat: Chat, clock: FrozenClock, house: House) -> None:
        clock.set(NIGHT)
        house.staff.put("late", "007", "a long password")
        house.staff.set_presence("late", "ready")
        chat.says("转人工")
        assert chat.state is State.QUEUED
        house.desk.tick()
        assert chat.conversation.offered_to == "late"
        chat.waits(21)  # the offer runs out, and nobody else is there
        chat.waits(16)
        assert chat.state is State.MESSAGE_LEFT


class TestRule9Queue:
    def test_only_queue_notices_while_queued(self, chat: Chat) -> None:
        chat.says("转人工")
        turns = len(chat.assistant.turns)
        chat.says(ASKED[0])
        assert chat.phrases()[-1] == "queue_notice"
        assert len(chat.assistant.turns) == turns

    def test_cancelling_returns_to_the_bot_with_counters_at_zero(self, chat: Chat) -> None:
        for text in ASKED:
            chat.says(text)
        chat.presses("cancel")
        assert chat.state is State.BOT
        for text in ASKED[:2]:
            chat.says(text)
        assert chat.state is State.BOT

    def test_the_first_reason_wins_and_there_is_one_handover_an_epoch(self, chat: Chat) -> None:
        chat.assistant.script["骗子客服转人工"] = understood("human_agent", Handover("asked"), Handover("no_answer"))
        chat.says("骗子客服转人工")
        assert chat.conversation.reason == "asked"
        assert sum(event.kind == "state" for event in chat.events) == 1


class TestRule10Alarms:
    def test_ten_minutes_of_waiting_alarm_the_supervisor_and_tell_the_customer(self, chat: Chat) -> None:
        chat.says("转人工")
        for _ in range(10):
            chat.waits(61)
        assert chat.state is State.QUEUED
        assert chat.phrases().count("waiting_long") == 1

    def test_the_numbers_are_data(self, said: Knowledge) -> None:
        assert (said.escalation.thread_limit_s, said.escalation.stay_limit_s) == (300, 600)


def test_an_unknown_choice_is_refused(chat: Chat) -> None:
    with pytest.raises(InvalidInput):
        chat.sends(choice="no_such_choice")


def test_a_complaint_that_quotes_a_promise_can_be_handed_in(house: House) -> None:
    """The customer's own words in the summary are no promise of ours."""
    chat = Chat(house, FakeAssistant(otherwise=lambda turn: _complains(house, turn)))
    chat.says("我要投诉，你们经理承诺这个理财保本保息，结果亏了两万块")
    summary = chat.says("13800138000")
    assert "承诺这个理财保本保息" in summary.payload["text"]
    assert "confirm" in chat.choices(summary)
    assert chat.presses("confirm").payload["case"]["number"].startswith("TS")


def _complains(house: House, turn: TurnInput) -> TurnOutput:
    made = Understanding(turn.text, "complaint", 0.9)
    return TurnOutput(
        made, tuple(house.tickets.advance_draft(turn.conversation_id, turn.seq, turn.text, made, turn.choice))
    )
