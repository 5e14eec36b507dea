"""What the acts of a turn come to: words, a person, a form, an honest line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk import agent
from support import Chat, make_house

from bot.assistant.fake import FakeAssistant, understood
from bot.clock import FrozenClock
from bot.conversation import escalation
from bot.conversation.escalation import STOPPED
from bot.conversation.model import Act, Answer, Clarify, EndThread, Flow, Handover, Line, State, TurnOutput
from bot.knowledge import Knowledge
from bot.knowledge.places import Asked, told
from bot.wiring import House

PROMISE = "这款理财保本保收益，您放心买，绝不会亏。"


def chatting(house: House, *acts: Act, intent: str = "loan_rate", **more: object) -> Chat:
    """A customer whose every text is understood as `intent` and answered by `acts`."""
    return Chat(house, FakeAssistant(otherwise=understood(intent, *acts, **more)))


def thread_of(chat: Chat) -> escalation.Thread:
    return escalation.from_json(chat.conversation.thread)


def altered(said: Knowledge, script_id: str, **values: object) -> Knowledge:
    """The demonstration bank with one script changed."""
    script = said.scripts[script_id].copy(update=values)
    return replace(said, digest="altered", scripts={**said.scripts, script_id: script})


class TestAnAnswer:
    def test_stands_in_the_record_with_what_was_understood(self, house: House) -> None:
        event = chatting(house, Answer("loan_rate_mortgage"), product="mortgage").says("房贷利率是多少")
        internal = event.payload["internal"]
        assert (internal["replying_to"], internal["step"], internal["wording"]) == (2, "answer", 0)
        assert internal["understanding"] == {
            "intent": "loan_rate",
            "confidence": 0.9,
            "candidates": [["loan_rate", 0.9]],
            "entities": [{"entity": "product", "value": "mortgage"}],
            "product": "mortgage",
            "model": "fake",
        }

    def test_several_acts_are_said_in_their_order(self, house: House) -> None:
        chat = chatting(house, Line("greet"), Answer("branch_hours"), Line("goodbye"))
        chat.says("在吗")
        assert [event.payload.get("script", {}).get("id") for event in chat.events[-3:]] == [None, "branch_hours", None]

    @pytest.mark.parametrize("script", ["loan_rate_mortgage", "no_such_script"])
    def test_that_has_expired_or_is_unknown_is_never_served_and_a_person_comes(
        self, house: House, clock: FrozenClock, said: Knowledge, script: str
    ) -> None:
        last_day = max(s.valid_to for s in said.scripts.values())
        clock.set(clock.now().replace(year=last_day.year + 1))
        chat = chatting(house, Answer(script))
        chat.says("房贷利率是多少")
        assert "no_script" in chat.phrases()
        assert chat.said(script) == []
        assert chat.conversation.reason == "no_answer"

    def test_that_the_guard_refuses_becomes_the_safe_line_and_the_person_it_promises(
        self, said: Knowledge, clock: FrozenClock, tmp_path: Path, migrated: Path
    ) -> None:
        bad = altered(said, "branch_hours", texts=(PROMISE, PROMISE), topics=("wealth",))
        house = make_house(tmp_path, bad, clock, migrated=migrated)
        chat = chatting(house, Answer("branch_hours"), intent="branch_hours")
        chat.says("几点开门")
        assert not any(PROMISE in event.payload["text"] for event in chat.events)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "refused")
        house.db.dispose()


class TestAskingBack:
    def test_offers_at_most_three_in_the_customers_words_and_a_person(self, house: House, said: Knowledge) -> None:
        labels = ("loan_rate", "loan_apply", "card_loss", "branch_hours")
        chat = chatting(house, Clarify(labels), intent="nlu_fallback", confidence=0.2)
        event = chat.says("那个啥")
        choices = event.payload["choices"]
        assert len(choices) == 4 and choices[-1]["id"] == "human"
        assert choices[0]["label"] == said.intents["loan_rate"].words[:20]
        assert all(choice["id"] in {*said.scripts, "human"} for choice in choices)

    def test_a_complaint_and_a_person_are_offered_by_their_reserved_choices(self, house: House) -> None:
        chat = chatting(house, Clarify(("complaint", "human_agent")), intent="nlu_fallback", confidence=0.2)
        chat.says("那个啥")
        assert chat.choices()[:2] == ["complaint", "human"]

    def test_no_choice_is_offered_twice(self, house: House) -> None:
        labels = ("human_agent", "loan_rate", "loan_rate")
        chat = chatting(house, Clarify(labels), intent="nlu_fallback", confidence=0.2)
        chat.says("那个啥")
        assert chat.choices() == ["human", "loan_rate"]

    def test_with_nothing_to_offer_it_says_that_it_did_not_understand(self, house: House) -> None:
        chat = chatting(house, Clarify(("no_such_label",)), intent="nlu_fallback", confidence=0.2)
        chat.says("那个啥")
        assert chat.phrases()[-1] == "not_understood"


class TestALineInThePlaceOfAScript:
    TOLD = Line("branches_none", {"place": "浦东新区"}, answers="branch_location")

    def test_offers_what_the_script_offers(self, house: House, said: Knowledge) -> None:
        chat = chatting(house, self.TOLD, intent="branch_location")
        chat.says("浦东哪里有网点")
        assert chat.phrases()[-1] == "branches_none"
        assert chat.choices() == [choice.id for choice in said.scripts["branch_location"].choices]

    def test_counts_as_an_answer_and_asked_again_the_script_itself_stands_beside_it(self, house: House) -> None:
        chat = chatting(house, self.TOLD, intent="branch_location")
        first = chat.says("浦东哪里有网点")
        assert (thread_of(chat).answered_seq, thread_of(chat).script) == (first.seq, "branch_location")
        chat.says("浦东哪里有网点")
        assert chat.phrases()[-2] == "branches_none" and len(chat.said("branch_location")) == 1
        chat.says("浦东哪里有网点")
        assert chat.phrases()[-1] == "propose_human"
        chat.says("浦东哪里有网点")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "repeat")

    def test_that_did_not_help_is_followed_by_the_script(self, house: House) -> None:
        chat = chatting(house, self.TOLD, intent="branch_location")
        chat.says("浦东哪里有网点")
        chat.assistant.otherwise = understood("dissatisfied", Line("dissatisfied"))
        chat.says("没用")
        assert len(chat.said("branch_location")) == 1

    def test_is_not_said_when_the_script_has_expired(self, house: House, clock: FrozenClock, said: Knowledge) -> None:
        last_day = max(s.valid_to for s in said.scripts.values())
        clock.set(clock.now().replace(year=last_day.year + 1))
        chat = chatting(house, self.TOLD, intent="branch_location")
        chat.says("浦东哪里有网点")
        assert "branches_none" not in chat.phrases() and "no_script" in chat.phrases()

    def test_a_phone_in_it_makes_no_other_question(self, house: House) -> None:
        chat = chatting(house, self.TOLD, intent="branch_location")
        chat.says("浦东哪里有网点")
        named = ({"entity": "phone", "value": "8000", "start": 0, "end": 1},)
        again = understood("branch_location", self.TOLD)
        again = replace(again, understanding=replace(again.understanding, entities=named))
        chat.assistant.otherwise = again
        chat.says("浦东哪里有网点 13800138000")
        assert thread_of(chat).repeats == 1

    def test_of_every_branch_passes_the_guard_as_it_is(self, house: House, said: Knowledge) -> None:
        for branch in said.branches.values():
            phrase, values = told(Asked((branch,)), said)
            chat = chatting(house, Line(phrase, values, answers="branch_hours"), intent="branch_hours")
            event = chat.says("几点开门")
            assert event.payload["text"] == said.phrase(phrase, **values)[0]
            assert event.payload["internal"]["record"]["verdict"] == "allow"


class TestAPerson:
    def test_danger_outweighs_every_other_reason(self, house: House) -> None:
        chat = chatting(house, Handover("no_answer"), Handover("urgent"), intent="fraud_emergency")
        chat.says("我被骗了")
        assert (chat.conversation.reason, chat.conversation.ahead_s) == ("urgent", 86_400)

    def test_is_not_announced_twice_to_who_has_left_a_message(self, house: House, clock: FrozenClock) -> None:
        clock.set(clock.now().replace(hour=15, minute=30))  # 23:30 in Beijing
        chat = chatting(house, Line("no_script"), Handover("no_answer"))
        chat.says("转人工")
        assert chat.state is State.MESSAGE_LEFT
        events = len(chat.events)
        chat.says("还有一个问题")
        assert len(chat.events) == events + 2  # the question and its answer

    def test_a_failed_turn_is_owned_up_to(self, house: House) -> None:
        agent(house, "anna")
        chat = Chat(house, FakeAssistant(otherwise=RuntimeError("broken")))
        chat.says("房贷利率是多少")
        assert chat.phrases()[-2:] == ["turn_failed", "handover_failed"]
        assert chat.conversation.reason == "failed"


class TestAForm:
    def test_stops_the_clock_and_its_end_sets_it_going_again(self, house: House, clock: FrozenClock) -> None:
        chat = chatting(house, Answer("loan_rate_mortgage"))
        chat.says("房贷利率是多少")
        chat.assistant.otherwise = understood("complaint", Line("complaint_facts"), Flow("complaint:facts"))
        clock.advance(30)
        chat.says("我要投诉")
        assert (chat.conversation.flow, thread_of(chat).clock) == ("complaint:facts", STOPPED)
        counted = thread_of(chat).counted_s
        chat.assistant.otherwise = understood("complaint", Line("complaint_cancelled"), Flow(None))
        clock.advance(100)
        chat.says("不投诉了")
        assert chat.conversation.flow is None
        assert (thread_of(chat).counted_s, thread_of(chat).clock) == (counted, escalation.SILENT)

    def test_its_answers_are_no_questions_however_alike(self, house: House) -> None:
        chat = chatting(house, Line("complaint_facts"), Flow("complaint:facts"), intent="complaint")
        chat.says("我要投诉")
        for _ in range(4):
            chat.says("柜员态度很差")
        assert chat.state is State.BOT
        assert "propose_human" not in chat.phrases()


class TestTheEndOfAThread:
    def test_thanks_forget_the_repeats_but_not_the_wordings(self, house: House) -> None:
        chat = chatting(house, Answer("loan_rate_mortgage"))
        one = chat.says("房贷利率是多少")
        chat.assistant.otherwise = understood("thanks", Line("thanks"), EndThread())
        chat.says("谢谢")
        assert thread_of(chat).topic is None
        chat.assistant.otherwise = understood("loan_rate", Answer("loan_rate_mortgage"))
        two = chat.says("房贷利率是多少")
        assert thread_of(chat).repeats == 0
        assert one.payload["text"] != two.payload["text"]


class TestOutputThatComesTooLate:
    @pytest.fixture
    def output(self) -> TurnOutput:
        return understood("loan_rate", Answer("loan_rate_mortgage"))

    def test_of_an_older_attempt_is_dropped(self, house: House, clock: FrozenClock, output: TurnOutput) -> None:
        chat = chatting(house)
        chat.sends("房贷利率是多少")
        first, _ = house.conversations.claim_turn(chat.id, 10)
        clock.advance(11)
        second, _ = house.conversations.claim_turn(chat.id, 10)
        assert second.attempt == 2
        assert house.conversations.finish_turn(first, output) is False
        assert house.conversations.finish_turn(second, output) is True
        assert len(chat.said("loan_rate_mortgage")) == 1

    def test_is_dropped_when_it_is_handed_in_twice(self, house: House, output: TurnOutput) -> None:
        chat = chatting(house)
        chat.sends("房贷利率是多少")
        turn, _ = house.conversations.claim_turn(chat.id, 10)
        assert [house.conversations.finish_turn(turn, output) for _ in range(2)] == [True, False]

    def test_is_dropped_when_a_person_has_taken_over(self, house: House, output: TurnOutput) -> None:
        chat = chatting(house)
        chat.sends("房贷利率是多少")
        turn, _ = house.conversations.claim_turn(chat.id, 10)
        chat.sends(choice="human")
        assert house.conversations.finish_turn(turn, output) is False
        assert chat.said("loan_rate_mortgage") == []

    def test_a_turn_that_somebody_works_on_is_not_claimed_again(self, house: House, clock: FrozenClock) -> None:
        chat = chatting(house)
        chat.sends("房贷利率是多少")
        assert house.conversations.claim_turn(chat.id, 10) is not None
        assert house.conversations.claim_turn(chat.id, 10) is None
        assert house.conversations.open_turns() == []
        clock.advance(timedelta(seconds=10).total_seconds())
        assert house.conversations.open_turns() == [chat.id]
