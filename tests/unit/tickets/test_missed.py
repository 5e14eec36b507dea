"""What was missed is apologised for: once for one date, and where only a chat knows of it too (002-50)."""

from __future__ import annotations

import pytest
from tickets_support import Desk, at

from bot.tickets.entering import Entry

MAJOR = "媒体要来采访，城南支行的柜员乱来"  # resolution and cap end together


def breached(desk: Desk, number: str) -> list[str]:
    return [e.detail["clock"] for e in desk.tickets.history(number) if e.action == "breached"]


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    number = desk.complain(conversation, MAJOR)
    for act in ("take", "quality"):
        desk.act(number, act)
    desk.act(number, "respond", analysis="正在核实")
    return number


@pytest.mark.parametrize("seen_by", ["worker", "withdrawn"])
def test_resolution_and_cap_on_one_date_are_one_apology(
    desk: Desk, number: str, conversation: str, seen_by: str
) -> None:
    desk.at("2026-12-09T00:00:01")
    if seen_by == "worker":
        desk.tick()
        assert [task.detail["clock"] for task in desk.tasks(number, "apology")] == ["resolution"]
    else:
        desk.act(number, "withdraw", reason="不等了")
    assert breached(desk, number) == ["resolution", "cap"]  # both are on record
    assert desk.read(conversation).count("case_late") == 1


def test_a_date_that_was_extended_was_promised_anew(desk: Desk, conversation: str) -> None:
    number = desk.complain(conversation)
    desk.act(number, "take", desk.officer("carl", "complaints"))
    for act, values in (("quality", {}), ("respond", {"analysis": "正在核实"})):
        desk.act(number, act, **values)
    desk.tick("2026-12-03T09:00")  # the resolution is missed
    desk.act(number, "extend", days=30, reason="要调取分行的记录")
    desk.tick("2026-12-24T00:00:01")  # and the later date too
    assert [task.detail["clock"] for task in desk.tasks(number, "apology")] == ["resolution", "cap"]
    assert desk.read(conversation).count("case_late") == 2


def test_a_receipt_that_came_too_late_is_on_record(desk: Desk) -> None:
    """A letter of Monday, entered on Wednesday."""
    desk.at("2026-11-25T10:00")
    entry = Entry("柜台让我等了两个小时", "letter", received_at=at("2026-11-23T10:00"))
    case = desk.entering.enter(entry, "k", desk.officer("super", "supervisor", "head")).case
    assert "receipt" in breached(desk, case.number)
    (text,) = [row.text for row in desk.given(case.number, "breach") if "受理回执" in row.text]
    assert case.number in text


@pytest.mark.parametrize("ended", [False, True])
def test_a_promise_of_a_chat_that_was_broken_is_apologised_for(desk: Desk, conversation: str, ended: bool) -> None:
    anna = desk.officer("anna")
    with desk.db.transaction() as tx:
        desk.casework.said(tx, anna, conversation, 9, "明天下午三点给您回电")
    if ended:
        desk.ends(conversation)
    desk.tick("2026-11-24T15:00:01")
    assert desk.read(conversation) == ([] if ended else ["promise_late"])
    (task,) = [task for task in desk.open_tasks() if task.kind == "apology"]
    assert (task.conversation_id, task.person) == (conversation, None)
