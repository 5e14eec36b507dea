"""The incident switch: what customers and agents read while a script, a topic or the whole assistant is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from desk import agent
from support import NIGHT, SUNDAY_NOON, Chat

from bot.assistant.errors import TurnFailed
from bot.assistant.fake import FakeAssistant, understood
from bot.conversation import incidents
from bot.conversation.incidents import BOT, SCRIPT, TOPIC, Incident
from bot.conversation.model import Answer, Event, Handover, Heard, Line, State
from bot.desk.staff import Agent
from bot.errors import Conflict, NotFound, RefusedByGuard
from bot.wiring import House


def stop(house: House, kind: str, subject: str = "", **values: Any) -> Incident:
    with house.db.transaction() as tx:
        given = {"why": "数字有误", "by": "li", "at": house.clock.now(), **values}
        return incidents.stop(tx, kind, subject, **given)


def resume(house: House, kind: str, subject: str = "") -> None:
    with house.db.transaction() as tx:
        incidents.resume(tx, kind, subject, by="wang", at=house.clock.now())


def mark_of(event: Event) -> Any:
    return (event.payload.get("internal") or {}).get("incident")


@pytest.fixture
def chat(house: House) -> Chat:
    script = {
        "几点开门": understood("branch_hours", Answer("branch_hours")),
        "我被骗了": understood("fraud_emergency", Answer("fraud_emergency"), Handover("urgent")),
        "谢谢": understood("thanks", Line("thanks")),
    }
    return Chat(house, FakeAssistant(script, understood("loan_rate", Answer("loan_rate_mortgage"), product="mortgage")))


class TestTheRecord:
    def test_says_who_why_from_and_until(self, any_house: House) -> None:
        made = stop(any_house, SCRIPT, "loan_rate_mortgage", until=SUNDAY_NOON + timedelta(hours=1))
        with any_house.db.transaction() as tx:
            assert incidents.all_of(tx) == incidents.in_force(tx, any_house.clock.now()) == [made]
        assert (made.started_by, made.why, made.started_at) == ("li", "数字有误", SUNDAY_NOON)

    def test_a_stop_ends_by_itself_when_its_time_has_come(self, any_house: House) -> None:
        stop(any_house, BOT, until=SUNDAY_NOON + timedelta(hours=1))
        with any_house.db.transaction() as tx:
            assert incidents.bot_stop(tx, SUNDAY_NOON + timedelta(minutes=59))
            assert incidents.bot_stop(tx, SUNDAY_NOON + timedelta(hours=1)) is None

    def test_keeps_what_was_resumed_with_who_ended_it(self, any_house: House) -> None:
        stop(any_house, TOPIC, "wealth")
        resume(any_house, TOPIC, "wealth")
        with any_house.db.transaction() as tx:
            assert incidents.in_force(tx, any_house.clock.now()) == []
            (ended,) = incidents.all_of(tx)
        assert (ended.ended_by, ended.ended_at) == ("wang", SUNDAY_NOON)

    def test_the_same_is_not_stopped_twice_nor_resumed_where_it_is_not(self, any_house: House) -> None:
        stop(any_house, BOT)
        with pytest.raises(Conflict, match="数字有误"):
            stop(any_house, BOT)
        stop(any_house, TOPIC, "loan")
        with pytest.raises(NotFound):
            resume(any_house, TOPIC, "wealth")


class TestAStoppedScript:
    @pytest.fixture(autouse=True, params=[(SCRIPT, "loan_rate_mortgage"), (TOPIC, "loan")], ids=["script", "topic"])
    def stopped(self, request: pytest.FixtureRequest, house: House) -> Iterator[Incident]:
        yield stop(house, *request.param)

    def test_a_line_in_its_place_is_stopped_with_it(self, chat: Chat, stopped: Incident) -> None:
        line = Line("branches_none", {"place": "浦东新区"}, answers="loan_rate_mortgage")
        chat.assistant.otherwise = understood("loan_rate", line)
        event = chat.says("浦东哪里有网点")
        assert event.payload["internal"]["phrase"] == "incident_script"
        assert "branches_none" not in chat.phrases()

    def test_is_never_served_the_notice_offers_a_person_and_says_which_stop(
        self, chat: Chat, stopped: Incident
    ) -> None:
        event = chat.says("房贷利率是多少")
        assert event.payload["internal"]["phrase"] == "incident_script"
        assert mark_of(event) == {"id": stopped.id, "kind": stopped.kind, "subject": stopped.subject}
        assert chat.choices() == ["human"] and not chat.said("loan_rate_mortgage")

    def test_asked_for_again_and_again_brings_nobody_and_counts_as_no_repeat(self, chat: Chat) -> None:
        for _ in range(5):
            assert chat.says("房贷利率是多少").payload["internal"]["phrase"] == "incident_script"
        chat.waits(301)
        assert chat.state is State.BOT

    def test_is_not_served_by_its_button_either(self, chat: Chat) -> None:
        chat.assistant.script["loan_rate_mortgage"] = understood("loan_rate", Answer("loan_rate_mortgage"))
        assert chat.presses("loan_rate_mortgage").payload["internal"]["phrase"] == "incident_script"

    def test_leaves_all_others_as_they_are(self, chat: Chat) -> None:
        assert chat.says("几点开门").payload["script"]["id"] == "branch_hours"

    def test_brings_a_person_who_is_asked_for(self, chat: Chat) -> None:
        chat.says("房贷利率是多少")
        chat.presses("human")
        assert chat.state is State.QUEUED

    def test_is_served_again_when_it_is_resumed(self, chat: Chat, stopped: Incident) -> None:
        chat.says("房贷利率是多少")
        resume(chat.house, stopped.kind, stopped.subject)
        assert chat.says("房贷利率是多少").payload["script"]["id"] == "loan_rate_mortgage"
        assert mark_of(chat.last) is None


def test_a_stopped_emergency_script_still_brings_a_person_and_its_notice_names_the_lines(chat: Chat) -> None:
    stop(chat.house, SCRIPT, "fraud_emergency")
    chat.says("我被骗了")
    notice = next(e for e in chat.events if (e.payload.get("internal") or {}).get("phrase") == "incident_script")
    assert chat.house.knowledge.bank.loss_line in notice.payload["text"] and "110" in notice.payload["text"]
    assert (chat.state, chat.conversation.reason) == (State.QUEUED, "urgent")


class TestAgentsOnAStoppedTopic:
    TEXT = "这款理财产品您可以看看"

    @pytest.fixture
    def mei(self, house: House) -> Agent:
        return agent(house, "mei")

    def send(self, chat: Chat, who: Agent, text: str, override: str | None = None) -> None:
        chat.sends(choice="human")
        desk = chat.house.desk
        epoch = desk.claim(who, chat.id, chat.conversation.epoch)
        desk.send(who, chat.id, epoch, "a-key-of-mine", text, override)

    def test_are_refused_with_the_reason_and_no_completed_text(self, chat: Chat, mei: Agent) -> None:
        stop(chat.house, TOPIC, "wealth")
        with pytest.raises(RefusedByGuard) as refused:
            self.send(chat, mei, self.TEXT)
        assert "incident:wealth" in refused.value.extra["rules"]
        assert any("数字有误" in reason for reason in refused.value.extra["reasons"])
        assert refused.value.extra["completed_text"] is None

    def test_may_write_of_other_things(self, chat: Chat, mei: Agent) -> None:
        stop(chat.house, TOPIC, "wealth")
        self.send(chat, mei, "好的，请稍等")
        assert chat.last.payload["text"] == "好的，请稍等"

    def test_are_let_through_by_a_supervisor_whose_reason_stands_in_the_record(self, chat: Chat, house: House) -> None:
        stop(chat.house, TOPIC, "wealth")
        self.send(chat, agent(house, "boss", "ready", "supervisor"), self.TEXT, "客户问的是停用前买的产品")
        internal = chat.last.payload["internal"]
        assert internal["override"]["reason"] and internal["findings"][0]["rule"] == "incident:wealth"

    def test_a_stopped_script_is_not_offered_to_insert(self, house: House) -> None:
        from bot.desk.scripts import Scripts

        assert "loan_rate_mortgage" in {one["id"] for one in Scripts(house.desk).found("房贷利率")}
        stop(house, SCRIPT, "loan_rate_mortgage")
        assert "loan_rate_mortgage" not in {one["id"] for one in Scripts(house.desk).found("房贷利率")}


class TestTheStoppedAssistant:
    @pytest.fixture
    def stopped(self, chat: Chat) -> Incident:
        return stop(chat.house, BOT)

    def test_says_one_notice_then_the_short_line_at_most_every_five_minutes(
        self, chat: Chat, stopped: Incident
    ) -> None:
        said = []
        for text in ("几点开门", "在吗", "有人吗", "怎么没人"):
            before = chat.phrases()
            chat.says(text)
            said.append(chat.phrases()[len(before) :])
            chat.house.clock.advance(5)
        assert said == [["incident_bot"], ["incident_bot_again"], [], []]
        chat.house.clock.advance(299 - 15)
        chat.says("还在吗")
        assert chat.phrases().count("incident_bot_again") == 1
        chat.house.clock.advance(1)
        chat.says("还在吗")
        assert (chat.phrases().count("incident_bot"), chat.phrases().count("incident_bot_again")) == (1, 2)
        assert (chat.state, chat.assistant.turns) == (State.BOT, [])

    def test_loses_no_message_and_marks_every_one_with_the_stop(self, chat: Chat, stopped: Incident) -> None:
        for text in ("几点开门", "在吗", "有人吗"):
            chat.says(text)
        kept = [event for event in chat.events if event.seq > 1]
        assert [e.payload["text"] for e in kept if e.actor.kind == "customer"] == ["几点开门", "在吗", "有人吗"]
        assert {mark_of(event)["id"] for event in kept} == {stopped.id}

    def test_notice_names_what_works(self, chat: Chat, stopped: Incident) -> None:
        text = chat.says("几点开门").payload["text"]
        bank = chat.house.knowledge.bank
        assert all(word in text for word in (bank.hotline, bank.loss_line, "110", "96110", "转人工"))
        assert chat.choices() == ["human"] and "refused" not in chat.last.payload["internal"]

    @pytest.mark.parametrize("words", ["人工", "转人工", "我要人工客服"])
    def test_brings_a_person_to_who_asks_in_plain_words(self, chat: Chat, stopped: Incident, words: str) -> None:
        chat.says("几点开门")
        chat.says(words)
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "asked")

    def test_brings_a_person_by_the_button(self, chat: Chat, stopped: Incident) -> None:
        chat.presses("human")
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "asked")

    @pytest.mark.parametrize("words", ["我被骗了", "卡被盗刷了怎么办", "不想活了，想自杀"])
    def test_in_danger_says_the_notice_again_and_brings_a_person(
        self, chat: Chat, stopped: Incident, words: str
    ) -> None:
        chat.says("几点开门")
        chat.says(words)
        assert chat.phrases().count("incident_bot") == 2
        assert (chat.state, chat.conversation.reason) == (State.QUEUED, "urgent")

    def test_in_danger_at_night_too(self, chat: Chat) -> None:
        chat.house.clock.set(NIGHT)
        stop(chat.house, BOT)
        chat.says("我被骗了")
        assert "incident_bot" in chat.phrases() and chat.state is State.MESSAGE_LEFT

    def test_tells_who_comes_new_at_once(self, chat: Chat, stopped: Incident) -> None:
        new = Chat(chat.house, chat.assistant)
        assert new.phrases() == ["welcome", "incident_bot"]
        new.says("几点开门")  # in the same breath: he has not read the notice yet, and reads it with his message kept
        assert new.phrases()[2:] == []
        chat.house.clock.advance(5)
        new.says("几点开门")
        assert new.phrases()[2:] == ["incident_bot_again"]

    def test_what_it_was_just_at_is_answered_by_the_notice(self, chat: Chat) -> None:
        chat.sends("几点开门")
        stop(chat.house, BOT)
        chat.answer()
        assert chat.phrases() == ["welcome", "incident_bot"] and not chat.said("branch_hours")

    def test_a_turn_that_fails_meanwhile_is_no_handover(self, chat: Chat) -> None:
        chat.assistant.script["几点开门"] = TurnFailed()
        chat.sends("几点开门")
        stop(chat.house, BOT)
        chat.answer()
        assert (chat.state, chat.phrases()) == (State.BOT, ["welcome", "incident_bot"])

    def test_five_minutes_of_a_topic_begun_before_are_no_handover(self, chat: Chat) -> None:
        for question in ("房贷利率是多少", "首套和二套一样吗", "公积金能一起用吗"):
            chat.house.clock.advance(119)
            chat.says(question)
        stop(chat.house, BOT)
        chat.waits(119)
        assert (chat.state, chat.phrases()[-1]) == (State.BOT, "incident_bot")

    def test_a_picture_is_kept_and_brings_nobody(self, chat: Chat, stopped: Incident) -> None:
        heard = Heard("heard_picture", answer="media_received", reason="media", media={"kind": "image", "ref": "x"})
        chat.house.conversations.hear(chat.id, "a-picture-key", heard)
        assert (chat.state, chat.phrases()) == (State.BOT, ["welcome", "incident_bot"])
        assert [mark_of(e)["id"] for e in chat.events[1:]] == [stopped.id] * 2

    def test_a_new_stop_has_a_notice_of_its_own(self, chat: Chat, stopped: Incident) -> None:
        chat.says("几点开门")
        resume(chat.house, BOT)
        assert chat.says("几点开门").payload["script"]["id"] == "branch_hours"
        stop(chat.house, BOT)
        assert chat.says("几点开门").payload["internal"]["phrase"] == "incident_bot"

    def test_people_go_on_talking(self, chat: Chat, stopped: Incident) -> None:
        mei = agent(chat.house, "mei")
        chat.presses("human")
        epoch = chat.house.desk.claim(mei, chat.id, chat.conversation.epoch)
        chat.says("几点开门")
        chat.house.desk.send(mei, chat.id, epoch, "a-key-of-mine", "您好，请稍等")
        assert chat.last.payload["text"] == "您好，请稍等" and mark_of(chat.last) is None
