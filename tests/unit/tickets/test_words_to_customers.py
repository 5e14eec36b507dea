"""What the customer reads fits the way it goes, and what is known by then: receipt, status, news, an apology."""

from __future__ import annotations

import re

import pytest
from tickets_support import STORY, Desk, number

from bot.conversation import store as log
from bot.conversation.model import Line
from bot.knowledge import Knowledge
from bot.tickets.entering import Entry

REMEDIES = "12378"
HERE = "在这里输入“投诉进度”"


def entered(desk: Desk, conversation: str | None = None) -> str:
    entry = Entry(STORY, "" if conversation else "letter", conversation)
    return desk.entering.enter(entry, "k", desk.officer("super", "supervisor", "head")).case.number


def said(desk: Desk, conversation: str) -> dict[str, str]:
    """Texts of the chat, by the phrases that they are made of."""
    with desk.db.transaction() as tx:
        events = log.read(tx, conversation)
    return {(e.payload.get("internal") or {}).get("phrase"): str(e.payload.get("text")) for e in events}


class TestTheReceipt:
    def test_outside_a_chat_names_ways_that_are_there(self, desk: Desk) -> None:
        number = entered(desk)
        (task,) = desk.tasks(number, "tell")
        assert HERE not in task.text
        for way in ("网页客服或公众号", f"投诉编号{number}", desk.house.knowledge.bank.hotline, REMEDIES):
            assert way in task.text

    def test_in_a_chat_names_the_chat(self, desk: Desk, conversation: str) -> None:
        entered(desk, conversation)
        assert HERE in said(desk, conversation)["complaint_opened"]

    def test_in_the_form_too(self, desk: Desk, conversation: str) -> None:
        receipt = desk.complain_again(conversation, phone="不想留")[0]
        assert isinstance(receipt, Line)
        assert HERE in desk.house.knowledge.phrase(receipt.phrase, **receipt.values)[0]

    def test_says_what_the_status_says_next_and_only_a_person_accepts(self, desk: Desk, conversation: str) -> None:
        acts = desk.complain_again(conversation, phone="不想留")
        receipt, (status,) = acts[0], desk.status(conversation, "投诉进度")
        assert isinstance(receipt, Line) and isinstance(status, Line)
        text, _ = desk.house.knowledge.phrase(receipt.phrase, **receipt.values)
        assert "已登记" in text and "已登记" in status.values["state"] and "已受理" not in text
        desk.act(number(acts), "accept")
        assert "已受理" in said(desk, conversation)["case_accepted"]


def test_a_missed_date_is_named_as_it_was_promised(desk: Desk, conversation: str) -> None:
    number = desk.complain(conversation)
    for act, values in (("take", {}), ("respond", {"analysis": "正在核实"}), ("pause", {"reason": "请补材料"})):
        desk.act(number, act, **values)
    desk.tick("2026-12-09T00:00:01")  # all stands still but the regulator's cap
    text = said(desk, conversation)["case_late"]
    assert "前答复您处理结果，没有做到" in text and "法规" not in text


@pytest.mark.parametrize("family", ["complaint_", "case_", "callback_opened"])
def test_no_date_is_bounded_twice(said: Knowledge, family: str) -> None:
    phrases = [one for id_, one in said.phrases.items() if id_.startswith(family)]
    assert phrases
    assert [one.id for one in phrases if re.search(r"最晚\{\w+\}前", one.text)] == []
