"""The customer of a case writes again: what waits for a person is told him there (001-18, C3)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tickets_support import RESULT, Desk, lines

from bot.conversation import store as log
from bot.conversation.model import Event, Line, State
from bot.tickets import deadlines, store
from bot.tickets.model import CaseState
from bot.tickets.recused import kept_from

NODES = ["case_investigating"]  # of those that came one after the other only the last one waits
REMEDIES = "12378"


def writes(desk: Desk, conversation: str, text: str = "在吗", key: str = "m1") -> int:
    return desk.house.conversations.receive(conversation, key, text=text)


def told(desk: Desk, conversation: str) -> list[Event]:
    with desk.db.transaction() as tx:
        return [event for event in log.read(tx, conversation) if event.kind == "notice"]


def case_notices(desk: Desk, conversation: str) -> list[str]:
    return [event.payload["internal"]["phrase"] for event in told(desk, conversation)]


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    """No number was left, the chat is over, and a notice waits."""
    number = desk.complain_again(conversation, phone="不想留")[0].values["number"]
    desk.ends(conversation)
    for act in ("take", "investigate"):
        desk.act(number, act)
    return number


@pytest.fixture
def again(desk: Desk, conversation: str) -> str:
    """The customer comes back."""
    return desk.conversation(former_id=conversation)


def proposes(desk: Desk, number: str) -> None:
    desk.act(number, "propose", text="向您道歉，并安排优先办理")


def resolves(desk: Desk, number: str, **values: object) -> None:
    proposes(desk, number)
    desk.act(number, "agreed", agreed=True)
    desk.act(number, "resolve", **{**RESULT, **values})


def test_he_reads_what_waits_and_it_waits_no_more(desk: Desk, number: str, again: str) -> None:
    desk.act(number, "respond", analysis="正在核实当天的排队记录")
    resolves(desk, number)
    waited = [task.text for task in desk.tasks(number, "tell")]
    assert desk.clock_of(number, "result_notice").state == deadlines.OPEN
    writes(desk, again)
    assert case_notices(desk, again) == ["case_result"]
    assert sorted(event.payload["text"] for event in told(desk, again)) == sorted(waited)  # as they were judged
    assert desk.tasks(number, "tell") == []
    assert {desk.clock_of(number, kind).state for kind in ("result_notice", "cap")} == {deadlines.DONE}
    last = desk.tickets.history(number)[-1]
    assert (last.action, last.detail["what"], last.detail["way"]) == ("told", "case_result", "chat")
    assert last.detail["message"] == f"{again}:{told(desk, again)[-1].seq}"
    desk.act(number, "close")  # he knows the result


def test_a_first_response_is_given_when_he_reads_it(desk: Desk, number: str, again: str) -> None:
    desk.act(number, "respond", analysis="正在核实当天的排队记录")
    assert desk.clock_of(number, "first_response").state == deadlines.OPEN
    writes(desk, again)
    assert desk.clock_of(number, "first_response").state == deadlines.DONE


def test_it_is_said_once(desk: Desk, number: str, again: str) -> None:
    writes(desk, again)
    writes(desk, again, "好的", "m2")
    assert case_notices(desk, again) == NODES


def test_the_last_one_has_its_buttons(desk: Desk, number: str, again: str) -> None:
    resolves(desk, number)
    desk.act(number, "report")
    writes(desk, again)
    buttons = [[one["id"] for one in event.payload.get("choices") or ()] for event in told(desk, again)]
    assert buttons == [[], ["appeal"]]


def test_figures_that_an_officer_has_confirmed_are_not_judged_again(desk: Desk, number: str, again: str) -> None:
    resolves(desk, number, handling="已退还您多扣的手续费128.50元", confirmed=True)
    writes(desk, again)
    text = told(desk, again)[-1].payload["text"]
    assert "128.50元" in text and text.count(REMEDIES) == 1


def test_nobody_else_reads_it(desk: Desk, number: str) -> None:
    stranger = desk.conversation()
    writes(desk, stranger)
    assert told(desk, stranger) == [] and len(desk.tasks(number, "tell")) == len(NODES)


def test_not_where_he_talks_with_the_one_whom_it_was_about(desk: Desk, number: str, again: str) -> None:
    desk.officer("anna")
    desk.act(number, "accused", usernames=["anna"], reason="客户说的是她")
    desk.act(number, "withdraw", reason="不投诉了")
    with desk.db.transaction() as tx:
        log.save(tx, replace(log.get(tx, again), state=State.HUMAN, holder="anna"))
    writes(desk, again)
    assert told(desk, again) == [] and [task.detail["what"] for task in desk.tasks(number)] == ["case_withdrawn"]


def test_a_bare_yes_is_none_to_a_proposal_that_comes_after_it(desk: Desk, number: str, again: str) -> None:
    proposes(desk, number)
    seq = writes(desk, again, "同意")
    assert "agree" in [one["id"] for one in told(desk, again)[-1].payload["choices"]]
    assert lines(desk.asking.answer(again, seq, "同意", None)) == ["case_agree_ask"]
    seq = writes(desk, again, "同意", "m2")  # now he has read it
    assert lines(desk.asking.answer(again, seq, "同意", None)) == ["case_agreed_noted"]


class TestHisResult:
    def asked(self, desk: Desk, conversation: str) -> Line:
        (line,) = desk.status(conversation, "投诉进度")
        assert isinstance(line, Line)
        return line

    def test_stands_in_the_status_of_his_own_case(self, desk: Desk, number: str, again: str) -> None:
        resolves(desk, number)
        for state in ("已处理，正在答复您", "已办结，结果已告诉您"):
            line = self.asked(desk, again)
            assert (line.phrase, line.values["state"]) == ("complaint_status_settled", state)
            assert {name: line.values[name] for name in line.quoted} == {
                name: RESULT[name] for name in ("basics", "handling", "reasons")
            }
            writes(desk, again)
            if state == "已处理，正在答复您":  # he has just read it, and reads it no second time
                assert self.asked(desk, again).phrase == "complaint_status_read"
            writes(desk, again, "好的", "m2")
        desk.act(number, "close")
        assert self.asked(desk, again).values["handling"] == RESULT["handling"]

    def test_not_in_that_of_one_who_took_it_back(self, desk: Desk, number: str, again: str) -> None:
        resolves(desk, number)
        desk.act(number, "withdraw", reason="不用了")
        assert self.asked(desk, again).phrase == "complaint_status_over"

    def test_keeps_that_chat_from_whom_it_is_about_for_ever(self, desk: Desk, number: str, again: str) -> None:
        desk.officer("anna")
        desk.act(number, "accused", usernames=["anna"], reason="客户说的是她")
        resolves(desk, number)
        desk.act(number, "told", how="phone", what="case_result")
        desk.act(number, "close")
        assert desk.tickets.case(number).state is CaseState.CLOSED
        with desk.db.transaction() as tx:
            assert again not in kept_from(tx, "anna")
        self.asked(desk, again)
        with desk.db.transaction() as tx:
            assert again in kept_from(tx, "anna")
            assert [row.why for row in store.links_of(tx, number)] == [store.RETURNED]
