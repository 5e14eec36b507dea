"""What waits for a person to tell it is told no more once something came after it (001-18). On both stores."""

from __future__ import annotations

import pytest
from tickets_support import RESULT, Desk

from bot.tickets import deadlines


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    """No number was left, and the chat is over: all that he is told waits for a person."""
    number = desk.complain_again(conversation, phone="不想留")[0].values["number"]
    desk.ends(conversation)
    for act in ("take", "investigate"):
        desk.act(number, act)
    return number


def waits(desk: Desk, number: str) -> list[str]:
    return [task.detail["what"] for task in desk.tasks(number, "tell")]


def resolves(desk: Desk, number: str) -> None:
    desk.act(number, "propose", text="向您道歉，并安排优先办理")
    desk.act(number, "resolve", **RESULT)


def reads(desk: Desk, conversation: str) -> list[str]:
    """What he finds when he comes back and writes."""
    again = desk.conversation(former_id=conversation)
    desk.house.conversations.receive(again, "m1", text="在吗")
    return [one for one in desk.read(again) if one.startswith("case_")]


def test_the_next_notice_by_the_one_after_it(desk: Desk, number: str) -> None:
    assert waits(desk, number) == ["case_investigating"]
    ended = [d.detail["void"] for d in desk.clocks(number) if d.kind == "tell" and d.state == deadlines.VOID]
    assert ended == ["overtaken", "overtaken"]
    desk.act(number, "propose", text="向您道歉")
    assert waits(desk, number) == ["case_proposal"]


def test_the_first_response_waits_beside_it(desk: Desk, number: str) -> None:
    desk.act(number, "respond", analysis="正在核实当天的排队记录")
    assert sorted(waits(desk, number)) == ["case_first_response", "case_investigating"]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_proposal_by_its_answer(desk: Desk, number: str, agreed: bool) -> None:
    desk.act(number, "propose", text="向您道歉")
    desk.act(number, "agreed", agreed=agreed)
    assert waits(desk, number) == []


def test_the_wish_for_papers_by_the_case_going_on(desk: Desk, number: str) -> None:
    desk.act(number, "pause", reason="请补充回单")
    assert "case_paused" in waits(desk, number)
    desk.act(number, "resume")
    assert "case_paused" not in waits(desk, number)


def test_all_by_the_result_but_the_apologies(desk: Desk, conversation: str, number: str) -> None:
    for moment in ("2026-11-25T10:00", "2026-12-02T17:30", "2026-12-07T17:30"):
        desk.tick(moment)
    resolves(desk, number)
    left = ["case_late", "case_late", "case_result"]
    assert waits(desk, number) == left
    assert reads(desk, conversation) == left


def test_what_is_told_by_phone_leaves_nothing_behind(desk: Desk, conversation: str, number: str) -> None:
    resolves(desk, number)
    desk.act(number, "told", how="phone")
    desk.act(number, "close")
    assert reads(desk, conversation) == ["case_closed"]


def test_missed_it_stays_missed(desk: Desk, number: str) -> None:
    desk.at("2026-11-30T10:00")
    desk.act(number, "propose", text="向您道歉")  # no worker has looked
    (late,) = [d for d in desk.clocks(number) if d.detail.get("what") == "case_investigating"]
    assert (late.state, late.breached_at) == (deadlines.VOID, late.due_at)
    assert [row.text for row in desk.given(number, "breach") if "通知客户" in row.text]


@pytest.mark.parametrize("what", ["case_progress", "case_proposal"])
def test_what_stood_there_before_this_rule_is_not_told_either(
    desk: Desk, conversation: str, number: str, what: str
) -> None:
    resolves(desk, number)
    case = desk.tickets.case(number)
    with desk.db.transaction() as tx:
        desk.casework.telling.person_tells(tx, case, f"您的投诉（编号{number}）", what, "old", desk.clock.now())
    assert reads(desk, conversation) == ["case_result"]
    assert waits(desk, number) == []
