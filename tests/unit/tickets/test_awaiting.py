"""While the bank waits for the customer: his message is heard, what is awaited is named, the new date is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tickets_support import PHONE, Desk, lines

from bot.conversation import store as log
from bot.conversation.model import Flow, Heard, Line, State
from bot.tickets.model import CaseState
from bot.tickets.proving import PROVING
from bot.tickets.recusal import Officer

WAIT = "请提供当天的叫号单"
HEARD = "正在等客户补充"


@pytest.fixture
def anna(desk: Desk) -> Officer:
    return desk.officer("anna", "complaints")


@pytest.fixture
def number(desk: Desk, conversation: str, anna: Officer) -> str:
    """Her case waits for the customer; the chat is open."""
    number = desk.complain(conversation)
    for act in ("take", "investigate"):
        desk.act(number, act, anna)
    desk.act(number, "pause", anna, reason=WAIT)
    return number


def writes(desk: Desk, conversation: str, text: str, key: str = "m1") -> int:
    return desk.house.conversations.receive(conversation, key, text=text)


def wrote(desk: Desk, number: str) -> int:
    return [action for _, action in desk.history(number)].count("wrote")


class TestHeIsHeard:
    def test_the_owner_is_warned_once_an_hour(self, desk: Desk, conversation: str, number: str, anna: Officer) -> None:
        writes(desk, conversation, "我找一下")
        writes(desk, conversation, "还在找", "m2")
        (text,) = desk.alerts(anna, "answered")
        assert number in text and HEARD in text
        desk.clock.advance(3600)
        writes(desk, conversation, "找到了", "m3")
        assert (len(desk.alerts(anna, "answered")), wrote(desk, number)) == (2, 2)
        assert desk.alerts(desk.officer("bert", "complaints"), "answered") == []

    def test_in_a_chat_after_it_too(self, desk: Desk, conversation: str, number: str, anna: Officer) -> None:
        desk.ends(conversation)
        again = desk.conversation(former_id=conversation)
        seq = writes(desk, again, "叫号单是A36")
        assert len(desk.alerts(anna, "answered")) == 1
        (event,) = [one for one in desk.tickets.history(number) if one.action == "wrote"]
        assert (event.actor, event.detail) == ("customer", {"message": f"{again}:{seq}"})

    def test_by_a_picture_too_but_not_by_what_his_app_does(
        self, desk: Desk, conversation: str, number: str, anna: Officer
    ) -> None:
        hear = desk.house.conversations.hear
        hear(conversation, "k1", Heard("heard_unsubscribe"))
        assert desk.alerts(anna, "answered") == []
        hear(conversation, "k2", Heard("heard_picture", media={"kind": "image", "ref": "x"}))
        assert len(desk.alerts(anna, "answered")) == 1

    def test_not_where_nothing_is_awaited_or_the_owner_talks_with_him(
        self, desk: Desk, conversation: str, number: str, anna: Officer
    ) -> None:
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, conversation), state=State.HUMAN, holder="anna"))
        writes(desk, conversation, "叫号单是A36")
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, conversation), state=State.BOT, holder=None))
        desk.act(number, "resume", anna)
        writes(desk, conversation, "还有一件事", "m2")
        assert (desk.alerts(anna, "answered"), wrote(desk, number)) == ([], 0)

    def test_whose_case_it_is_not_warns_nobody(self, desk: Desk, number: str, anna: Officer) -> None:
        writes(desk, desk.conversation(), "叫号单是A36")
        assert desk.alerts(anna, "answered") == []


class TestTheStatus:
    def test_names_what_is_awaited_and_no_date_that_will_move(self, desk: Desk, conversation: str, number: str) -> None:
        (line,) = desk.status(conversation, "投诉进度")
        assert isinstance(line, Line)
        assert (line.phrase, line.values["reason"], line.quoted) == ("complaint_status_paused", WAIT, ("reason",))
        text, _ = desk.house.knowledge.phrase(line.phrase, **line.values)
        assert WAIT in text and "最晚" not in text

    def test_beside_a_proposal(self, desk: Desk, conversation: str, number: str) -> None:
        desk.act(number, "propose", text="向您道歉")
        assert lines(desk.status(conversation, "投诉进度")) == ["complaint_status_proposed", "complaint_status_paused"]

    def test_who_only_has_number_and_contact_is_sent_to_a_person(self, desk: Desk, number: str) -> None:
        stranger = desk.conversation()
        with desk.db.transaction() as tx:
            log.save(tx, replace(log.get(tx, stranger), flow=f"{PROVING}{number}"))
        seq, masked = desk.hear(stranger, PHONE)
        told = desk.asking.proofs.proof(stranger, seq, masked, None) or []
        assert (lines(told), told[-1]) == (["complaint_status_awaits"], Flow(None))
        assert WAIT not in str(told)


class TestGoingOn:
    @pytest.mark.parametrize(("until", "told"), [("2026-11-25T12:00", True), ("2026-11-23T10:00", False)])
    def test_a_date_that_moves_is_told(
        self, desk: Desk, conversation: str, number: str, anna: Officer, until: str, told: bool
    ) -> None:
        before = desk.tickets.case(number).due_at
        desk.at(until)
        after = desk.act(number, "resume", anna).due_at
        assert (after > before) is told
        assert ("case_resumed" in desk.read(conversation)) is told

    def test_the_new_date_stands_in_it(self, desk: Desk, conversation: str, number: str, anna: Officer) -> None:
        desk.at("2026-11-25T10:00")
        desk.act(number, "resume", anna)
        with desk.db.transaction() as tx:
            text = log.read(tx, conversation)[-1].payload["text"]
        assert "最晚2026年12月4日 17:30告诉您结果" in text

    def test_a_result_needs_no_such_word(self, desk: Desk, conversation: str, number: str) -> None:
        desk.act(number, "propose", text="向您道歉")
        desk.at("2026-11-25T10:00")
        desk.act(number, "resolve", basics="排队", handling="道歉", reasons="属实", no_agreement="三次联系不上")
        assert desk.tickets.case(number).state is CaseState.RESOLVED
        assert "case_resumed" not in desk.read(conversation)
